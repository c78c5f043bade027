"""What a running bot is made of: its database, its clock and its way to Slack. Built once, in `app`."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from slack_bolt import App
from sqlalchemy import Connection, Engine

from bot.clock import Clock
from bot.domain.records import Whisper
from bot.slack import Identity, Slack
from bot.store import db, meta

log = logging.getLogger("bets.runtime")


@dataclass
class Bot:
    """Everything that is built once and shared by handlers, work and transport.

    `loopback`: Slack is a simulated one on this machine. `pace`: seconds between messages in one channel. `answers`
    runs what one person sees, after Slack has its acknowledgement. `wake` is set when there may be something to send.
    """

    engine: Engine
    clock: Clock
    slack: Slack
    answers: Executor
    loopback: bool
    pace: float = 1.0
    default_zone: str = "UTC"
    default_leads: tuple[str, ...] = ()
    wake: threading.Event = field(default_factory=threading.Event)
    bolt: App | None = None
    # Hears a message that mentions the bot; set by `app`, since work knows no handlers. It looks the person up at
    # once, and what it returns answers in the event's transaction.
    mention: Callable[[dict[str, Any]], Callable[[Connection], list[Whisper]]] | None = None
    # Makes JSON lines of a Parquet file; set by `app`, since actions and transport know no reports.
    unpack: Callable[[bytes], bytes] | None = None
    _identity: Identity | None = None

    def now(self) -> datetime:
        """The bot's time; inside a transaction it is as the database says."""
        return self.clock.now()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One action's transaction. What it put into the outbox is sent soon after it."""
        with db.writing(self.engine) as tx:
            self._follow_clock(tx)
            yield tx
        self.wake.set()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A snapshot to read from."""
        with db.reading(self.engine) as tx:
            self._follow_clock(tx)
            yield tx

    def forget(self) -> None:
        """What was deleted from the database leaves its files too; outside of any transaction."""
        db.truncate_log(self.engine)

    def later(self, call: Callable[..., Any], *args: Any) -> None:
        """Does `call` after Slack has its acknowledgement; for one-person answers, which are not owed."""
        self.answers.submit(call, *args).add_done_callback(_tell_operator)

    @property
    def identity(self) -> Identity:
        """Who the bot is; asked once in the database's life, NoAnswer when Slack cannot be asked the first time."""
        if self._identity is None:
            with self.reading() as tx:
                stored = meta.get_meta(tx, meta.BOT)
            self._identity = Identity(**json.loads(stored)) if stored else self.identify(quick=True)
        return self._identity

    def identify(self, *, quick: bool = False) -> Identity:
        """Asks Slack who the bot is and remembers it: at each start, since the token may be another workspace's."""
        self._identity = self.slack.identify(quick=quick)
        with self.transaction() as tx:
            meta.update_meta(tx, meta.BOT, json.dumps(asdict(self._identity)))
        return self._identity

    def _follow_clock(self, tx: Connection) -> None:
        # Only a simulated Slack may move the clock, so a real bot saves itself the look.
        if self.loopback:
            self.clock.offset = meta.get_offset(tx)


def _tell_operator(done: Future[Any]) -> None:
    """A bug after the acknowledgement: nobody waits for the call, so without this line nobody would hear of it."""
    if error := done.exception():
        log.error("an answer to one person failed", exc_info=error)
