"""The database: an engine set up on purpose, and the two ways to open a transaction.

Every instant is stored as UTC text by `Instant`, so that it comes back aware and sorts as it reads.
"""

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    Connection,
    CursorResult,
    Engine,
    Select,
    bindparam,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.engine.processors import str_to_datetime
from sqlalchemy.types import String, Text, TypeDecorator

from bot.store.prepared import say

BUSY_TIMEOUT_MS = 10_000
# One for each thread that may want one: any above it would be opened and set up anew for every transaction.
CONNECTIONS = 20
# Those of one process that want to write take turns here: SQLite has them look again after ever longer sleeps, and
# however short each of them writes, one of eight would wait for a quarter of a second.
_TURN = threading.Lock()

T = TypeVar("T")


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant with microseconds, as ISO text: portable, sortable, never naive."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must say its zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[str | None], datetime | None]:
        # Not `process_result_value`, which is called through another function for each of the thousands of instants.
        return str_to_datetime


class Texts(TypeDecorator[tuple[str, ...]]):
    """A few short texts, such as ids of people, as a tuple; what stands in many rows is read once."""

    impl = JSON
    cache_ok = True

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[str], tuple[str, ...]]:
        return _read_texts


@lru_cache(maxsize=10_000)
def _read_texts(stored: str) -> tuple[str, ...]:
    return tuple(json.loads(stored))


class Exact(TypeDecorator[Any]):
    """Any JSON value as it is, None as NULL. SQLite takes a column called JSON for one of numbers, and would turn a
    number that stands there alone into one of its own: `1.0` into `1`, a large one into a rounded one."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        return exact(value)

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        return None if value is None else json.loads(value)


def exact(value: Any) -> str | None:
    """What stands in a column of type `Exact`."""
    return None if value is None else json.dumps(value)


def open_engine(url: str) -> Engine:
    """An engine whose transactions are what they seem.

    The driver by itself opens no transaction before a SELECT, so two read-then-write transactions would lose updates
    without an error; and a deferred BEGIN that turns into a write fails at once in spite of the busy timeout. So the
    driver's own transactions are off, writes begin IMMEDIATE, and the journal mode is read back, because a file system
    that cannot do WAL answers with another one instead of an error.
    """
    parsed = make_url(url)
    if parsed.database and parsed.database != ":memory:":
        _create_private(Path(parsed.database))
    # An error quotes its statement, never the values: they are what people wrote.
    wait = {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}
    engine = create_engine(url, hide_parameters=True, pool_size=CONNECTIONS, pool_use_lifo=True, connect_args=wait)
    event.listen(engine, "connect", _on_connect)
    return engine


def _create_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _on_connect(dbapi: Any, _record: Any) -> None:
    dbapi.isolation_level = None
    cursor = dbapi.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    mode = cursor.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise RuntimeError(f"the database's file system cannot keep a write-ahead log (journal mode {mode})")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the write lock from its start; commits at the end, rolls back on any error."""
    mine = _TURN.acquire(timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        with engine.begin() as tx:
            begin(tx)
            yield tx
    finally:
        if mine:
            _TURN.release()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A snapshot to read from; takes no lock and writes nothing."""
    with engine.connect() as tx:
        say(tx, "BEGIN")
        yield tx


def begin(tx: Connection) -> None:
    """Takes the write lock. Said here and not by a listener of the engine, which would slow each of its statements."""
    say(tx, "BEGIN IMMEDIATE")


def truncate_log(engine: Engine) -> None:
    """What was deleted is in no file of the database any more: its pages are wiped (`secure_delete`), and the
    write-ahead log, which still has them, is emptied. Where somebody reads just now, the next one does it."""
    with closing(engine.raw_connection()) as dbapi:
        dbapi.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def listed(name: str = "wanted") -> Select[Any]:
    """The values of the parameter `name`, a list, to look for a column in: one statement for a list of any length. A
    parameter for each value would be put together anew every time, and SQLite takes only so many of them."""
    return select(func.json_each(bindparam(name, type_=JSON)).table_valued("value").c.value)


def record(kind: type[T], values: dict[str, Any]) -> T:
    """A frozen dataclass of all its values, for what is read by the hundred: its own constructor sets each field
    through a call, which takes longer than the query."""
    made = object.__new__(kind)
    object.__setattr__(made, "__dict__", values)
    return made


def inserted_id(result: CursorResult[Any]) -> int:
    """The id that an INSERT of one row was given."""
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])
