"""Kills the bot at every step of its work, and lets a new one finish: what `test_kills` and the bench run.

Three prompts are due and one kill decision comes in. Verdict is read from the simulated Slack and the database file,
never from what the bot says of itself.
"""

import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from shutil import copy
from typing import Any

from slack_bolt import BoltRequest
from sqlalchemy import event

from bot.demo.fake_slack import DirectDelivery, FakeSlack
from bot.runtime import Bot
from bot.work import tick
from tests.conftest import ANA, LEAD, RAJ, Office
from tests.scenarios.rounds import MONDAY, place
from tests.work.children import fork, new_bot
from tests.work.ledger import all_messages, message_key

MOMENTS = ("before", "applied", "answered")
STEPS = [timedelta(seconds=seconds) for seconds in (0, 52, 60, 60, 60, 60)]


@dataclass(frozen=True)
class Kill:
    """Where the process dies: at its n-th `request` or `commit`, or after a share of its `time`."""

    what: str
    nth: float
    moment: str = ""


@dataclass
class Result:
    """What came of some kills; `failures` says what was wrong after which."""

    kills: int = 0
    died: int = 0
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)


def run_kills(slack: FakeSlack, home: Path, count: int, seed: int) -> Result:
    """Kills `count` times: at each point in a random order, and at random instants once all points had their turn."""
    stage, result, began = Stage(slack, home), Result(), time.monotonic()
    kills, chance = stage.list_kills(), random.Random(seed)
    chance.shuffle(kills)
    kills += [Kill("time", chance.random()) for _ in range(count - len(kills))]
    for kill in kills[:count]:
        result.kills += 1
        died, wrong = stage.play(kill)
        result.died += died
        result.failures += [f"seed {seed}, {kill}: {problem}" for problem in wrong]
    stage.close()
    result.seconds = time.monotonic() - began
    return result


class Stage:
    """A team on Monday at ten with three bets to be asked about and a form that kills a fourth; as often as wanted."""

    def __init__(self, slack: FakeSlack, home: Path) -> None:
        self.office = Office(slack, home)
        self.world, self.home = self.office.world, home
        self.database = home / "bets.db"
        self.form = self._set_up()
        self.office.bot.engine.dispose()
        self.template = Path(copy(self.database, home / "template.db"))
        self.shown = deepcopy((self.world.messages_by_channel, self.world.threads))
        self.length, self.requests, self.commits = 0.0, 0, 0
        self.wanted = self._rehearse()

    def _set_up(self) -> dict[str, Any]:
        office = self.office
        lead, ana, raj = (office.person(user) for user in (LEAD, ANA, RAJ))
        lead.command("config")
        lead.press("Set up this team")
        lead.submit()
        for title in ("Rank tickets", "Read invoices", "Hear accents", "Guess churn"):
            place(office, title, ana, raj)
        office.at(MONDAY - timedelta(minutes=1))
        office.clock.move_to(MONDAY)
        lead.command("kill B-4")
        lead.fill_in({"Reason": "Nobody would use it", "What did we learn?": "To ask first"})
        lead.fill_in({"Did it meet its success statement?": "no"})
        caught: list[dict[str, Any]] = []

        def catch(kind: str, body: dict[str, Any]) -> tuple[int, Any, dict[str, Any]]:
            caught.append(body)
            return 200, None, {}

        self.world.delivery = DirectDelivery(catch)
        self.world.submit(LEAD, lead.modal["id"] if lead.modal else "", lead.typed)
        self.world.forget_events()
        return caught[0]

    def work(self, bot: Bot) -> None:
        """What every process does: takes the form as Slack delivers it, then does what is due."""
        self.send_form(bot)
        tick.once(bot)

    def send_form(self, bot: Bot) -> None:
        """The lead sends the form that kills a bet."""
        assert bot.bolt is not None
        bot.bolt.dispatch(BoltRequest(body=self.form, mode="socket_mode"))

    def list_kills(self) -> list[Kill]:
        """Every point at which a process can die: each request three times, each commit twice."""
        requests = [Kill("request", nth + 1, moment) for nth in range(self.requests) for moment in MOMENTS]
        return requests + [Kill("commit", nth + 1, when) for nth in range(self.commits) for when in ("before", "after")]

    def play(self, kill: Kill) -> tuple[bool, list[str]]:
        """One process dies at `kill` and another finishes; whether it died, and what is wrong afterwards."""
        self._reset()
        died, complaint = self._run_child(kill)
        self._recover()
        return died, ([complaint] if complaint else []) + list(self._problems())

    def close(self) -> None:
        self.office.bot.engine.dispose()

    def _reset(self) -> None:
        for name in ("bets.db", "bets.db-wal", "bets.db-shm"):
            (self.home / name).unlink(missing_ok=True)
        copy(self.template, self.database)
        with self.world.lock:
            self.world.clear_faults()
            self.world.messages_by_channel, self.world.threads = deepcopy(self.shown)
            self.world.recorded.clear()
            self.office.clock.move_to(MONDAY)

    def _run_child(self, kill: Kill) -> tuple[bool, str]:
        def work() -> None:
            bot = new_bot(self.office)
            if kill.what == "commit":
                die_at_commit(bot, int(kill.nth), kill.moment)
            self.work(bot)

        child = fork(work, self.home / "child.log")
        if kill.what == "request":
            self.world.fail("*", int(kill.nth), f"kill@{kill.moment}", pid=child.pid)
        child.go()
        if kill.what == "time":
            time.sleep(kill.nth * self.length)
            os.kill(child.pid, signal.SIGKILL)
        ended = child.ended()
        self.world.clear_faults()
        return ended

    def _recover(self) -> None:
        """A new process, in which people press again what had no answer; at most five minutes pass."""
        self.send_form(self.office.bot)
        for step in STEPS:
            self.office.clock.advance(step.total_seconds())
            if not tick.once(self.office.bot)["waiting"]:
                break
        self.office.bot.engine.dispose()

    def _problems(self) -> Iterator[str]:
        shown = [message_key(message) for message in all_messages(self.world)]
        for key in sorted({*shown, *self.wanted} - {""}):
            if shown.count(key) != 1:
                yield f"{key} stands there {shown.count(key)} times"
        texts = self._shown()
        yield from (f"{key} reads otherwise" for key in texts if texts[key] != self.wanted.get(key, texts[key]))
        with sqlite3.connect(self.database) as file:
            decisions = file.execute("SELECT count(*) FROM decisions").fetchone()[0]
            notices = file.execute("SELECT count(*) FROM outbox WHERE key LIKE 'notice:%'").fetchone()[0]
            whole = file.execute("PRAGMA integrity_check").fetchone()[0]
        file.close()
        if (decisions, notices, whole) != (1, 1, "ok"):
            yield f"{decisions} decisions, {notices} notices, integrity {whole}"

    def _shown(self) -> dict[str, Any]:
        found = {message_key(message): message for message in all_messages(self.world)}
        return {key: (found[key].text, _words(found[key].blocks)) for key in found if key}

    def _rehearse(self) -> dict[str, Any]:
        """Runs once without a kill: what has to stand there in the end, and how many steps there are."""
        for _ in range(2):  # the first time warms up
            self._reset()
            bot, began = self.office.bot, time.monotonic()
            with counted_commits(bot) as steps:
                self.work(bot)
            self.length, self.requests = time.monotonic() - began, len(self.world.calls())
            bot.engine.dispose()
        self.commits = next(steps) - 1
        return self._shown()


def _words(node: Any) -> Any:
    """Blocks without the ids that Slack gave them."""
    if isinstance(node, dict):
        return {name: _words(value) for name, value in node.items() if name != "block_id"}
    return [_words(item) for item in node] if isinstance(node, list) else node


@contextmanager
def counted_commits(bot: Bot) -> "Iterator[count[int]]":
    """A counter that goes up with each transaction that writes."""
    seen = count(1)

    def on_commit(connection: Any) -> None:
        if not connection.get_execution_options().get("reading"):
            next(seen)

    event.listen(bot.engine, "commit", on_commit)
    yield seen
    event.remove(bot.engine, "commit", on_commit)


def die_at_commit(bot: Bot, nth: int, when: str) -> None:
    """This process ends right before or right after its n-th commit, as by `kill -9`."""
    seen, commit, armed = count(1), bot.engine.dialect.do_commit, []

    def on_commit(connection: Any) -> None:
        if not connection.get_execution_options().get("reading") and next(seen) == nth:
            armed.append(nth)

    def do_commit(dbapi: Any) -> None:
        if armed and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        commit(dbapi)
        if armed:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(bot.engine, "commit", on_commit)
    bot.engine.dialect.do_commit = do_commit  # type: ignore[method-assign]
