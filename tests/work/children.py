"""Processes of the bot, forked from the one that imported everything, so that hundreds of them cost little.

The simulated Slack stays in the parent: its thread does not live in a child, which talks to it over HTTP alone.
"""

import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.app import build
from bot.clock import Clock
from bot.runtime import Bot
from tests.conftest import Inline, Office


@dataclass
class Child:
    """A process that waits for `go`."""

    pid: int
    gate: int
    log: Path

    def go(self) -> None:
        """Lets it begin."""
        os.write(self.gate, b"1")
        os.close(self.gate)

    def ended(self) -> tuple[bool, str]:
        """Waits for its end: whether it was killed, and what it complained of otherwise."""
        _, status = os.waitpid(self.pid, 0)
        return os.WIFSIGNALED(status), self.log.read_text() if os.WIFEXITED(status) and os.WEXITSTATUS(status) else ""


def fork(work: Callable[[], None], log: Path) -> Child:
    """A child that does `work` as soon as it may; whatever it raises or prints is in `log`."""
    sys.stdout.flush()
    sys.stderr.flush()
    enter, gate = os.pipe()
    pid = os.fork()
    if pid:
        os.close(enter)
        return Child(pid, gate, log)
    code = 1
    try:
        os.close(gate)
        out = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        os.dup2(out, 1)
        os.dup2(out, 2)
        if os.read(enter, 1):
            work()
        code = 0
    except BaseException:  # a child that goes on into the parent's tests would be worse than anything it may raise
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(code)


def new_bot(office: Office) -> Bot:
    """The bot of a new process, at the time that everybody's clock shows now.

    Only the engine is the old one, without its connections: what SQLAlchemy has compiled costs most of a start.
    """
    now = office.clock.now()
    bot = build(office.settings, clock=Clock(lambda: datetime.fromtimestamp(now, UTC)), answers=Inline())
    bot.engine = office.bot.engine
    return bot
