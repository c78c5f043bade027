"""`bets demo`: the simulated workspace, the very same bot over the very same wire, and a page to play in."""

import json
import os
import shutil
import signal
import sys
import threading
from concurrent.futures import Executor, Future
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import click
from slack_bolt import BoltRequest
from sqlalchemy import Connection, select

from bot import logs
from bot.actions.teams import get_next_lines, get_schedule
from bot.app import build
from bot.clock import Clock
from bot.config import Settings
from bot.demo import keep
from bot.demo.fake_slack import Clock as SlackClock
from bot.demo.fake_slack import DirectDelivery, FakeSlack, World
from bot.demo.page import create_page
from bot.demo.seed import ARRIVAL, seed
from bot.demo.story import CHANNEL, PEOPLE, ZONE
from bot.domain.calendar import reminder_instant, week_lines, week_of
from bot.domain.errors import Refusal
from bot.domain.records import Team
from bot.runtime import Bot
from bot.store import migrate, occurrences, people
from bot.store.comparisons import list_comparisons
from bot.store.samples import list_rounds
from bot.store.tables import comparisons, sample_rounds
from bot.store.tables import occurrences as occurrence_table
from bot.store.teams import get_team_of_channel
from bot.transport.manifest import manifest
from bot.transport.socket import Socket
from bot.work import tick
from bot.work.ticker import Ticker
from handlers.commands import told_words

PACE = 0.1
SAVE_SECONDS = 5.0
# The lines of the week, as the clock's button names them.
SHOWN = {
    "checkin": "check-in",
    "reminder": "reminder",
    "samples": "sample predictions",
    "decisions": "decisions",
    "close": "close and digest",
}


class Inline(Executor):
    """While the story is told, what the bot does after its acknowledgement is done at once."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class Controls:
    """The clock bar's way to the workspace and the bot."""

    zone = ZONE

    def __init__(self, world: World, bot: Bot) -> None:
        self._world, self._bot = world, bot
        self.people = [{"id": user, "name": name, "role": role} for user, name, _, role, _ in PEOPLE]
        self.commands = [_shown(usage, hint) for usage, hint in (*told_words(), ("help", "what I know"))]

    def now(self) -> datetime:
        """The workspace's time."""
        return self._world.clock.utcnow()

    def next_event(self) -> tuple[str, datetime] | None:
        """What the bot does next by itself."""
        found = [(at, SHOWN[line]) for line, at in self._lines().items() if at is not None and line in SHOWN]
        found += [(at, "reminder") for at in self._personal()] + self._closing()
        at, label = min(found, default=(None, ""))
        return (label, at) if at else None

    def advance(self, to: datetime) -> None:
        """Lets time pass until `to`, stopping wherever something is due, as it would pass by itself."""
        while (following := self.next_event()) and following[1] <= to:
            self._arrive(following[1])
        self._arrive(to)

    def _arrive(self, at: datetime) -> None:
        if at > self.now():
            self._world.clock.move_to(at)
        tick.once(self._bot)
        while self._world.pending_events() or tick.settle(self._bot):
            self._world.deliver()

    def _team(self, tx: Connection) -> Team | None:
        """The team while it is at work; of one that pauses nothing is due."""
        team = get_team_of_channel(tx, CHANNEL)
        return team if team and not team.paused_at else None

    def _lines(self) -> dict[str, datetime | None]:
        with self._bot.reading() as tx:
            team = self._team(tx)
            if team is None:
                return {}
            lines = get_next_lines(tx, team, self.now())
        return lines | {"reminder": None}

    def _closing(self) -> list[tuple[datetime, str]]:
        """When what people judge now closes."""
        now = self.now()
        with self._bot.reading() as tx:
            team = self._team(tx)
            rounds = list_rounds(tx, sample_rounds.c.closed_at.is_(None)) if team else []
            compared = list_comparisons(tx, comparisons.c.closed_at.is_(None)) if team else []
        found = [(one.closes_at, "result of samples") for one in rounds]
        found += [(one.closes_at, "result of a comparison") for one in compared]
        return [(at, label) for at, label in found if at > now]

    def _personal(self) -> list[datetime]:
        """Reminders, which come at each person's own hour, and what somebody snoozed."""
        now = self.now()
        with self._bot.reading() as tx:
            team = self._team(tx)
            if team is None:
                return []
            week, schedule = week_of(now, team.zone), get_schedule(team, now)
            due = week_lines(schedule, week).get("reminder")
            asked = occurrences.list_asked(tx, team.id, week.label)
            zones = {user: person.zone or team.zone for user, person in people.list_people(tx, asked).items()}
            snoozed = select(occurrence_table.c.due_at).where(occurrence_table.c.state == "pending")
            found = list(tx.execute(snoozed).scalars())
        if due and due.day and schedule.reminder_time:
            found += [reminder_instant(due.day, schedule.reminder_time, zones.get(user, team.zone)) for user in asked]
        return [at for at in found if at > now]


def _shown(usage: str, hint: str) -> dict[str, str]:
    """A word of the command as the page completes it, where nothing is marked up."""
    name, _, more = usage.partition(" ")
    return {"name": name, "usage": more, "hint": hint.replace("`", "")}


def run_demo(port: int, fresh: bool, at: datetime | None) -> None:
    """Stays in the foreground until Ctrl-C; what was done in it is there again the next time, without `fresh`."""
    home = Path(os.environ.get("BETS_HOME") or "data") / "demo"
    if fresh and home.exists():
        shutil.rmtree(home)
    for folder in (home.parent, home):  # parents would be made readable for everybody
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    logs.set_up("ERROR", "text")
    server = FakeSlack(port=port)
    try:
        server.start()
    except OSError:
        raise click.ClickException(f"Port {port} is taken: choose another with --port, or --port 0.") from None
    world = World(clock=SlackClock(running=False), manifest=manifest("socket"), pace=0, name="slack")
    server.add_world(world)
    bot = _prepare(server, world, home, at)
    _play(server, world, bot, home)


def _prepare(server: FakeSlack, world: World, home: Path, at: datetime | None) -> Bot:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        slack_bot_token=world.bot_token,  # type: ignore[arg-type]
        slack_app_token=world.app_token,  # type: ignore[arg-type]
        slack_api_url=world.api_url,
        database_url=f"sqlite:///{home / 'bets.db'}",
        bets_home=home,
        bets_pace=PACE,
        bets_timezone=ZONE,
        bets_leads="",
    )
    then = keep.load(world, home / "slack.json") if at is None and _is_usable(home, settings) else None
    if then is None:
        for old in home.glob("*"):
            old.unlink()
        migrate.upgrade(settings.database)
        _tell_story(world, settings, at, home)
    else:
        world.clock.move_to(datetime.fromtimestamp(then, UTC))
        click.echo("Going on where you left. `bets demo --fresh` starts over.")
    world.clock.running = True
    world.set_pace(PACE / 2)
    return build(settings, clock=Clock(world.clock.utcnow))


def _is_usable(home: Path, settings: Settings) -> bool:
    """Whether there is a database of this version from last time; one of another version is lived through again."""
    if not (home / "bets.db").exists():
        return False
    try:
        migrate.prepare(settings.database)
    except Refusal:
        return False
    return True


def _tell_story(world: World, settings: Settings, at: datetime | None, home: Path) -> None:
    bot = build(settings.model_copy(update={"bets_pace": 0.0}), clock=Clock(world.clock.utcnow), answers=Inline())

    def deliver(_kind: str, body: dict[str, Any]) -> tuple[int, Any, dict[str, Any]]:
        assert bot.bolt is not None
        answer = bot.bolt.dispatch(BoltRequest(body=body, mode="socket_mode"))
        return answer.status, json.loads(answer.body) if answer.body.startswith("{") else None, {}

    world.delivery = DirectDelivery(deliver)
    seed(bot, world, _monday(at), _progress)
    if at is not None and at > world.clock.utcnow():
        Controls(world, bot).advance(at)
    world.delivery = world.sockets
    bot.engine.dispose()
    keep.save(world, home / "slack.json")


def _monday(at: datetime | None) -> date:
    """The Monday on which the newcomer arrives: of this week, or the last one before `at`."""
    local = (at or datetime.now(UTC)).astimezone(ZoneInfo(ZONE))
    monday = local.date() - timedelta(days=local.weekday())
    early = at is not None and local.weekday() == 0 and local.time() < time(ARRIVAL.hour, ARRIVAL.minute)
    return monday - timedelta(weeks=1) if early else monday


def _progress(done: int, of: int) -> None:
    if sys.stdout.isatty():
        bar = "=" * (30 * done // of)
        click.echo(f"\rLiving through twelve weeks of history [{bar:30}]", nl=done == of)
    elif done == 1:
        click.echo("Living through twelve weeks of history ...")


def _play(server: FakeSlack, world: World, bot: Bot, home: Path) -> None:
    stop = threading.Event()

    def leave(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGTERM, leave)
    bot.identify()
    line = Socket(bot, world.app_token, on_gap=lambda: None)
    threading.Thread(target=line.run, args=(stop,), name="socket", daemon=True).start()
    ticker = Ticker(bot)
    ticker.start()
    world.start_delivery()
    server.fallback = create_page(world, Controls(world, bot), "Northwind Robotics")
    click.echo(f"\n  Open {server.url}\n\n  You are one of five people of a team. Ctrl-C stops it.")
    while not stop.wait(SAVE_SECONDS):
        keep.save(world, home / "slack.json")
    click.echo("Stopping.")
    ticker.stop()
    keep.save(world, home / "slack.json")
    server.stop()
    bot.engine.dispose()
