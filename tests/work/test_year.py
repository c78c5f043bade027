"""A year of check-ins over every change of the clocks (S15), jumping from due instant to due instant."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, select

from bot.actions.people import do_know
from bot.actions.placing import BetForm, do_place_bet
from bot.actions.teams import do_add_team
from bot.clock import Clock
from bot.domain.calendar import Week
from bot.domain.records import Person
from bot.domain.teams import default_settings, read_settings
from bot.holidays import find_country
from bot.runtime import Bot
from bot.slack import Slack
from bot.store import migrate
from bot.store.db import open_engine
from bot.store.tables import checkins, occurrences, teams
from bot.work import planner
from tests.conftest import Inline

MINUTE = timedelta(minutes=1)
FIRST, WEEKS = date(2025, 12, 29), 53  # 2026 is a year of 53 weeks
# For each zone an hour that its clocks skip when they change, and in the long run another one, doubled or usual.
TEAMS = {
    "Europe/Berlin": ("sunday 02:30", "monday 10:00"),
    "America/New_York": ("sunday 02:30", "sunday 01:30"),
    "Australia/Lord_Howe": ("sunday 02:15", "sunday 01:45"),
    "America/Santiago": ("sunday 00:15", "saturday 23:30"),
    "Asia/Beirut": ("sunday 00:15", "saturday 23:45"),
    "Asia/Kolkata": ("monday 10:00",),
    "Pacific/Apia": ("monday 10:00",),
    "UTC": ("monday 10:00",),
}
LABELS = [f"2026-W{number:02}" for number in range(1, WEEKS + 1)]
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def wall_instant(day: date, at: time, zone: str) -> datetime:
    """When the clock on the wall first shows at least that hour on that day; found by counting minutes."""
    place = ZoneInfo(zone)
    instant = datetime.combine(day, at, place).astimezone(UTC)
    while (instant - MINUTE).astimezone(place).replace(tzinfo=None) >= datetime.combine(day, at):
        instant -= MINUTE
    return instant


def expected(zone: str, when: str) -> list[datetime]:
    """The instants of a year's check-ins."""
    day, _, at = when.partition(" ")
    days = [FIRST + timedelta(weeks=week, days=DAYS.index(day)) for week in range(WEEKS)]
    return [wall_instant(each, time.fromisoformat(at), zone) for each in days]


def moments(due: list[datetime]) -> list[datetime]:
    """The due instants, and around every change of the clocks the minutes right before them too."""
    changes = {at for pair in pairwise(due) if pair[1] - pair[0] != timedelta(weeks=1) for at in pair}
    return [*due, *(at - MINUTE for at in {due[0], *changes})]


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """A bot that plans, and sends nothing."""
    database = f"sqlite:///{tmp_path_factory.mktemp('year') / 'bets.db'}"
    migrate.upgrade(database)
    engine = open_engine(database)
    yield Bot(engine, Clock(), Slack("", "http://127.0.0.1:9/api/"), Inline(), loopback=False)
    engine.dispose()


def add_team(tx: Connection, now: datetime, zone: str, when: str) -> int:
    """A team that is asked at that day and hour, with no other line in its week; on Mondays about a live bet."""
    day, _, at = when.partition(" ")
    off = dict.fromkeys(("samples_day", "decisions_day", "close_day", "reminder_time"), "off")
    typed = {"zone": zone, "checkin_day": day, "checkin_time": at, **off}
    settings = read_settings(typed, default_settings(zone, ["U0ANA"]), find_country)
    team = do_add_team(tx, now, f"C{zone}{when}", settings, None)
    if day != "monday":
        return team.id
    actor = do_know(tx, now, Person("U0ANA", "Ana", zone, False, False, False, False), "U0ANA", {team.id: True})
    do_place_bet(tx, now, actor, team, BetForm(title="Rank tickets", problem="Too many", owners=("U0ANA",)))
    return team.id


full = pytest.mark.skipif(not os.environ.get("BETS_FULL"), reason="a long run: set BETS_FULL=1")
others = [(zone, when) for zone, times in TEAMS.items() for when in times[1:]]


@pytest.mark.parametrize(
    ("zone", "when"),
    [(zone, times[0]) for zone, times in TEAMS.items()]
    + [pytest.param(*other, marks=[full, pytest.mark.full]) for other in others],
)
def test_every_week_of_the_year_is_asked_once_at_its_hour(bot: Bot, zone: str, when: str) -> None:
    start = datetime.combine(FIRST, time(), UTC) - timedelta(hours=12)
    with bot.transaction() as tx:
        # The teams before this one are done: they would only cost time.
        tx.execute(teams.update().values(paused_at=start))
        team, due = add_team(tx, start, zone, when), expected(zone, when)
    for instant in sorted(moments(due)):
        bot.clock = Clock(lambda at=instant: at)
        planner.once(bot)
    with bot.reading() as tx:
        where = (occurrences.c.team_id == team, occurrences.c.kind == "checkin")
        rows = tx.execute(select(occurrences).where(*where).order_by(occurrences.c.id)).all()
        asked = tx.execute(select(checkins).where(checkins.c.team_id == team).order_by(checkins.c.week)).all()
    assert [row.at for row in rows] == [row.due_at for row in rows] == due
    assert [Week.of(row.local_date).label for row in rows] == LABELS
    if asked:
        assert [row.prompted_at for row in asked] == due
        assert [row.week for row in asked] == LABELS


def test_the_hours_looked_at_fall_into_changes_of_the_clocks() -> None:
    lengths = {
        (zone, when): {later - earlier for earlier, later in pairwise(due)}
        for zone, times in TEAMS.items()
        for when in times
        for due in [expected(zone, when)]
    }
    moving = {zone for (zone, _), steps in lengths.items() if len(steps) > 1}
    assert moving == set(TEAMS) - {"Asia/Kolkata", "Pacific/Apia", "UTC"}
    gaps = [
        (zone, when) for zone, times in TEAMS.items() for when in times for at in expected(zone, when)
        if at.astimezone(ZoneInfo(zone)).strftime("%H:%M") != when.partition(" ")[2]
    ]  # fmt: skip
    assert {zone for zone, _ in gaps} == moving
