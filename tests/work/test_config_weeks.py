"""Changing a team's zone, day or hour in the middle of a week neither doubles nor skips that week (C12)."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.actions.teams import do_add_team, do_change
from bot.clock import Clock
from bot.domain.calendar import WORKING_WEEK, Week
from bot.domain.teams import default_settings
from bot.runtime import Bot
from bot.slack import Slack
from bot.store import migrate
from bot.store.db import open_engine
from bot.store.tables import occurrences
from bot.store.teams import get_team
from bot.work import planner
from tests.conftest import examples

# A Sunday noon: the first week is a whole one in every zone that is drawn.
START = datetime(2026, 10, 18, 12, 0, tzinfo=UTC)
WEEKS = 3
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
# Two of them change their clocks within the weeks looked at.
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Auckland", "UTC")

changes = st.lists(
    st.tuples(
        st.integers(1, WEEKS * 7 * 24 - 1),
        st.one_of(
            st.fixed_dictionaries({"zone": st.sampled_from(ZONES)}),
            st.fixed_dictionaries({"checkin_time": st.integers(0, 22).map(lambda hour: f"{hour}:00")}),
            st.fixed_dictionaries({"checkin_day": st.sampled_from(DAYS)}),
        ),
    ),
    max_size=6,
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weeks") / "bets.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@contextmanager
def fresh_bot(template: Path) -> Iterator[tuple[Bot, int]]:
    """A bot over a database of its own with one new team."""
    with TemporaryDirectory(dir=template.parent) as folder, ThreadPoolExecutor(1) as pool:
        engine = open_engine(f"sqlite:///{copy(template, folder)}")
        bot = Bot(engine, Clock(lambda: START), Slack("", "http://127.0.0.1:9/api/"), pool, loopback=False)
        with bot.transaction() as tx:
            team = do_add_team(tx, START, "C0TEAM", default_settings("Europe/Berlin", ["U0ANA"]), None)
        yield bot, team.id
        engine.dispose()


@settings(max_examples=examples(12))
@given(changes=changes)
def test_every_week_has_exactly_one_checkin_however_the_settings_move(
    template: Path, changes: list[tuple[int, dict[str, str]]]
) -> None:
    with fresh_bot(template) as (bot, team_id):
        for hour in sorted({*range(0, WEEKS * 7 * 24 + 24, 12), *(hour for hour, _ in changes)}):
            bot.clock = Clock(lambda at=START + timedelta(hours=hour): at)
            for when, typed in changes:
                if when == hour:
                    change(bot, team_id, typed)
            planner.once(bot)
        found = checkins(bot, team_id)
    weeks = [Week.of(START.date() + timedelta(days=1 + 7 * number)) for number in range(WEEKS)]
    assert [found[week] for week in weeks] == [1] * WEEKS
    assert not [week for week in found if week < weeks[0]]


def change(bot: Bot, team_id: int, typed: dict[str, str]) -> None:
    with bot.transaction() as tx:
        # The close stays out of the way: it would have to move with the check-in.
        off = {"close_day": "off", "decisions_day": "off"}
        do_change(tx, bot.now(), None, get_team(tx, team_id), None, {**off, **typed})


def checkins(bot: Bot, team_id: int) -> Counter[Week]:
    """The weeks whose check-in came up; without bets nobody is asked, so it is `skipped`."""
    where = (occurrences.c.team_id == team_id, occurrences.c.kind == "checkin", occurrences.c.state == "skipped")
    with bot.reading() as tx:
        return Counter(Week.of(day) for day in tx.execute(select(occurrences.c.local_date).where(*where)).scalars())


def test_the_working_week_is_what_the_property_draws_from() -> None:
    assert len(DAYS) == len(WORKING_WEEK)
