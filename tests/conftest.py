"""A workspace with a team, a bot that is reached through its wire protocol alone, and people who talk to it."""

import atexit
import gc
import itertools
import json
import logging
import os
import pickle
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, wraps
from itertools import product
from pathlib import Path
from shutil import copy, disk_usage, rmtree
from tempfile import mkdtemp
from typing import Any, TypeVar

import pytest
from hypothesis import settings as hypothesis_settings
from slack_bolt import BoltRequest
from sqlalchemy import Dialect, Engine

import bot.app
from bot.app import build
from bot.config import Settings
from bot.demo.fake_slack import Clock as SlackClock
from bot.demo.fake_slack import DirectDelivery, FakeSlack, World
from bot.runtime import Bot
from bot.store import migrate
from bot.store.db import open_engine, reading
from bot.transport.manifest import manifest
from bot.work import tick
from handlers.context import who
from tests.talk import Person

# What is imported stays: the collector would look through it again and again until all tests are collected.
gc.disable()

# Examples of a property, where hypothesis alone would try a hundred: few while one works, many in the long runs.
LONG = bool(os.environ.get("BETS_FULL"))
EXAMPLES = 500 if LONG else 12
# How fast an example runs depends on how busy the machine is: that is no property of ours.
hypothesis_settings.register_profile("bets", deadline=None, max_examples=EXAMPLES)
hypothesis_settings.load_profile("bets")

# A Monday, nine o'clock in Berlin: an hour before the first check-in.
T0 = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
CHANNEL = "C0TEAM"
ANA, RAJ, LEE, GUEST, STRANGER = "U0ANA", "U0RAJ", "U0LEE", "U0GUEST", "U0STRANGER"
LEAD = "U0LEAD"
_COMPILED: dict[Any, Any] = {}
Given = TypeVar("Given")
# A file system in memory, as Linux offers it, and far more bytes than the tests need there at once.
MEMORY, ENOUGH = Path("/dev/shm"), 2**30


def examples(of_hundred: int, *, at_length: int | None = None) -> int:
    """How many examples of a dear property are tried, where a cheap one would have a hundred; the long runs try
    `at_length`, if that is given."""
    return at_length if LONG and at_length else max(5, of_hundred * EXAMPLES // 100)


def at_length(*values: Any) -> list[Any]:
    """Parameters that the long runs alone try, to stand behind those that are tried always."""
    return [pytest.param(*(one if isinstance(one, tuple) else (one,)), marks=pytest.mark.full) for one in values]


def crossed(ones: Sequence[Any], others: Sequence[Any]) -> list[Any]:
    """Each one with each other, for two parameters: always so many that all of both were there, the rest at length."""
    always = [(ones[n % len(ones)], others[n % len(others)]) for n in range(max(len(ones), len(others)))]
    return [*always, *at_length(*(pair for pair in product(ones, others) if pair not in always))]


def pytest_configure() -> None:
    """Tests keep their files in memory if they can: a disk would let them wait for each of ten thousands of commits.

    The bot waits for the disk as ever, and a process that is killed leaves in memory what it would leave on a disk.
    """
    if os.access(MEMORY, os.W_OK) and disk_usage(MEMORY).free > ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.hookimpl(optionalhook=True)  # a run without workers asks nobody
def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors: some tests wait for a browser, another process or time to go by."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file stays with one worker, and so does the folder of the page: only one of them has to start a browser."""
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return "tests/page" if file.startswith("tests/page/") else file

    return ByFile(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(trylast=True)  # after the order was shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The folders whose files take longest come first, so that at the end no worker waits long for another; but those
    whose tests wait themselves are dealt out among them, so that some other worker always has something to do."""
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
    gc.enable()
    folders = ("page", "scenarios", "exports", "render", "reports", "store", "tests")
    items.sort(key=lambda item: (*folders, item.path.parent.name).index(item.path.parent.name))
    files = list(dict.fromkeys(item.path for item in items))
    waiting = [path for path in files if path.parent.name in ("transport", "work")]
    busy = [path for path in files if path not in waiting]
    # Two of the others between two of them, once the folder of the page is under way.
    rank: dict[Path, float] = {path: place for place, path in enumerate(busy)}
    rank |= {path: 6.5 + 2 * place for place, path in enumerate(waiting)}
    items.sort(key=lambda item: rank[item.path])
    # What one demo shows this week is looked at before somebody moves its clock.
    items.sort(key=lambda item: item.get_closest_marker("moves_the_clock") is not None)
    if not LONG:
        for item in items:
            if item.get_closest_marker("full"):
                item.add_marker(pytest.mark.skip(reason="a long run: .ci/run does it"))


class Inline(Executor):
    """Runs at once, in the caller's thread, what the bot would do after its acknowledgement."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:  # type: ignore[override]
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


@cache
def empty_database() -> Path:
    """A database of this version: made once in a test process, since that takes longer than most tests."""
    path = Path(mkdtemp()) / "bets.db"
    atexit.register(rmtree, path.parent)
    migrate.upgrade(f"sqlite:///{path}")
    return path


@cache
def _dialect() -> Dialect:
    engine = open_engine(f"sqlite:///{empty_database()}")
    with reading(engine):  # a dialect is ready once a connection was opened
        pass
    engine.dispose()
    return engine.dialect


def share_compiled(engine: Engine) -> Engine:
    """Lets the engine run what was compiled for the ones before it.

    A process of the bot has one engine and compiles each statement once; a process of tests has hundreds, and would
    spend a fifth of its time on compiling the same statements anew.
    """
    engine.dialect = _dialect()  # statements are kept by their dialect, and each engine comes with its own
    engine.update_execution_options(compiled_cache=_COMPILED)
    return engine


# Of every bot in this process, those of commands among them.
bot.app.open_engine = lambda url: share_compiled(open_engine(url))


# Everything that people and the bot can have left in a simulated workspace; all else of it is as it was made.
WORLD = "users channels_by_id messages_by_channel threads ephemerals views_by_id stacks homes triggers response_urls"
WORLD = (*WORLD.split(), "files_by_id", "recorded", "refused", "late", "buckets", "random", "_last_ts")


@dataclass(frozen=True)
class Saved:
    """An office at rest: the bot's database, what stands in its workspace, and what a test noted on it."""

    now: datetime
    database: bytes
    world: bytes
    counters: dict[str, int]
    noted: bytes


class Office:
    """One test's workspace: the simulated Slack, the bot and the people in it."""

    def __init__(self, slack: FakeSlack, home: Path, **settings: Any) -> None:
        self.clock = SlackClock(T0, running=False)
        self.world = World(clock=self.clock, manifest=manifest("socket"), pace=0)
        slack.add_world(self.world)
        self.home = home
        self.settings = Settings(
            _env_file=None,
            slack_bot_token=self.world.bot_token,
            slack_api_url=self.world.api_url,
            bets_home=home,
            bets_pace=0,
            bets_timezone="Europe/Berlin",
            **settings,
        )
        copy(empty_database(), home / "bets.db")
        self.bot = self.new_bot()
        self.world.delivery = DirectDelivery(self.deliver)
        for user, name in ((LEAD, "Mia Lead"), (ANA, "Ana"), (RAJ, "Raj"), (LEE, "Lee")):
            self.world.add_user(user, name, tz="Europe/Berlin")
        self.world.add_user(GUEST, "Gus Guest", tz="Europe/Berlin", restricted=True)
        self.world.add_user(STRANGER, "Sam Stranger", tz="Europe/Berlin")
        self.world.add_channel(CHANNEL, "nlp-team", members=[LEAD, ANA, RAJ, LEE, GUEST, self.world.bot_user_id])
        self.made = {*vars(self), "made"}

    def new_bot(self) -> Bot:
        """Another process of the same bot, as far as one process can show."""
        bot = build(self.settings, clock=self.bot_clock(), answers=Inline())
        # How busy this machine is, is not what a scenario is about.
        bot.slack.quick.timeout = 10
        return bot

    def save(self) -> Saved:
        """What was lived through so far, for `load` to begin with: in this office or in another."""
        assert not self.world.pending_events(), "what is on its way is not saved"
        self.bot.engine.dispose()
        assert not (self.home / "bets.db-wal").exists(), "somebody else holds the database: it is not in one file"
        noted = {name: value for name, value in vars(self).items() if name not in self.made}
        with self.world.lock:
            world = {name: getattr(self.world, name) for name in WORLD}
            counters = {name: next(count) for name, count in self.world._counters.items()}
        database = (self.home / "bets.db").read_bytes()
        return Saved(self.clock.utcnow(), database, pickle.dumps(world), counters, pickle.dumps(noted))

    def load(self, saved: Saved) -> None:
        """This office has lived through what was saved, and nothing else."""
        self.bot.engine.dispose()
        (self.home / "bets.db").write_bytes(saved.database)
        with self.world.lock:
            vars(self.world).update(pickle.loads(saved.world))
            self.world._counters = {name: itertools.count(value) for name, value in saved.counters.items()}
        vars(self).update(pickle.loads(saved.noted))
        self.clock.move_to(saved.now)

    def bot_clock(self) -> Any:
        from bot.clock import Clock

        return Clock(lambda: datetime.fromtimestamp(self.clock.now(), UTC))

    def deliver(self, kind: str, body: dict[str, Any]) -> tuple[int, Any, dict[str, Any]]:
        """Hands a payload to the bot as the transports do, and Slack the bot's answer."""
        assert self.bot.bolt is not None
        response = self.bot.bolt.dispatch(BoltRequest(body=body, mode="socket_mode"))
        answer = response.body
        if isinstance(answer, str) and answer.startswith("{"):
            answer = json.loads(answer)
        return response.status, answer or None, {}

    def settle(self) -> None:
        """Lets Slack deliver and the bot work until nothing is left to do now."""
        for _ in range(20):
            delivered = self.world.deliver()
            worked = tick.settle(self.bot)
            if not delivered and not worked:
                return
        raise AssertionError("the bot never comes to rest")

    def at(self, instant: datetime) -> None:
        """It is `instant` now: the clock of everybody moves, and the bot does what is due."""
        self.clock.move_to(instant)
        tick.once(self.bot)
        if self.world.deliver():
            self.settle()

    def after(self, **delta: float) -> None:
        """Some time later."""
        self.at(self.bot.now() + timedelta(**delta))

    def person(self, user: str) -> Person:
        """Somebody at their Slack."""
        return Person(self.world, self.settle, user, CHANNEL)

    def messages(self, thread: str | None = None) -> list[dict[str, Any]]:
        """What everybody sees in the team's channel, or in a thread of it."""
        return [m for m in self.world.messages(CHANNEL, thread_ts=thread) if not m.get("ephemeral")]


def lived_once(live: Callable[..., Given]) -> Callable[..., Given]:
    """For a fixture that lives through the beginning of a file's tests: only the first of them waits for that.

    All of them begin with what came of it in the office that the fixture takes, and with what it noted there. It
    returns that office, or a value that nobody changes.
    """
    saved: list[tuple[Saved, Any]] = []

    @wraps(live)
    def begin(**given: Any) -> Any:
        office = next(one for one in given.values() if isinstance(one, Office))
        if not saved:
            came = live(**given)
            saved.append((office.save(), came))
        beginning, came = saved[0]
        office.load(beginning)
        for person in given.values():
            if isinstance(person, Person):
                person.typed, person.reply = {}, None
        return office if isinstance(came, Office) else came

    return begin


@pytest.fixture(autouse=True)
def log_as_it_was() -> Iterator[None]:
    """A command sets up logging for its whole process, which here is that of all tests."""
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, threading.excepthook
    yield
    root.handlers[:], threading.excepthook = handlers, hook
    root.setLevel(level)


@pytest.fixture(scope="session")
def slack() -> Iterator[FakeSlack]:
    """One server for all tests; each has a world of its own in it."""
    server = FakeSlack().start()
    yield server
    server.stop()


@pytest.fixture
def office(slack: FakeSlack, tmp_path: Path) -> Iterator[Office]:
    """A workspace with a channel and people, in which the bot is not set up yet."""
    office = Office(slack, tmp_path)
    yield office
    refusals = office.world.refusals()
    assert not refusals or getattr(office, "expects_refusals", False), refusals
    office.bot.engine.dispose()


@pytest.fixture
def lead(office: Office) -> Person:
    return office.person(LEAD)


@pytest.fixture
def ana(office: Office) -> Person:
    return office.person(ANA)


@pytest.fixture
def raj(office: Office) -> Person:
    return office.person(RAJ)


@pytest.fixture
def lee(office: Office) -> Person:
    return office.person(LEE)


@pytest.fixture
def guest(office: Office) -> Person:
    return office.person(GUEST)


@pytest.fixture(scope="session")
def set_up(slack: FakeSlack, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """A team set up by its lead, of whose members the bot has looked up Ana and Raj today: most tests begin with it.

    Once in a test process, since both were a fifth of their time.
    """
    office = Office(slack, tmp_path_factory.mktemp("team"))
    lead = office.person(LEAD)
    lead.command("config")
    lead.press("Set up this team")
    lead.submit()
    assert not lead.reply.errors, lead.reply.errors
    for member in (ANA, RAJ):
        who(office.bot, member, CHANNEL)
    return office.save()


@pytest.fixture
def team(office: Office, set_up: Saved) -> Office:
    """The same workspace with the team set up by its lead, with the defaults, on Monday at nine."""
    office.load(set_up)
    return office
