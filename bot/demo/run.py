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

from bot import logs
from bot.app import build
from bot.clock import Clock
from bot.config import Settings
from bot.demo import keep
from bot.demo.controls import Controls
from bot.demo.fake_slack import Clock as SlackClock
from bot.demo.fake_slack import DirectDelivery, FakeSlack, World
from bot.demo.page import create_page
from bot.demo.seed import ARRIVAL, seed
from bot.demo.story import ZONE
from bot.domain.errors import Refusal
from bot.runtime import Bot
from bot.store import migrate
from bot.transport.manifest import manifest
from bot.transport.socket import Socket
from bot.work.ticker import Ticker

PACE = 0.1
SAVE_SECONDS = 5.0


class Inline(Executor):
    """While the story is told, what the bot does after its acknowledgement is done at once."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


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
