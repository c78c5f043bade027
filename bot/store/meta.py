"""Facts about this database: how far its clock runs ahead, what it has worked through, and the workspace's breaker."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.store.prepared import change, find_value
from bot.store.tables import meta

OFFSET, DONE_UNTIL, LAST_CONTACT, BOT = "clock_offset", "done_until", "last_contact", "bot"
# The workspace's breaker: Slack's code for why the token is refused, and when it was last tried.
BREAKER, PROBED = "breaker", "probed"

# Built once: putting a statement together costs more than SQLite takes to answer it.
_VALUE = select(meta.c.value).where(meta.c.key == bindparam("wanted"))
_new = upsert(meta)
_STORE = _new.on_conflict_do_update(index_elements=["key"], set_={"value": _new.excluded.value})


def get_meta(tx: Connection, key: str) -> str | None:
    """The value stored under `key`."""
    return find_value(tx, _VALUE, wanted=key)


def update_meta(tx: Connection, key: str, value: str | None) -> None:
    """Stores `value` under `key`; None forgets it."""
    if value is None:
        tx.execute(delete(meta).where(meta.c.key == key))
        return
    change(tx, _STORE, key=key, value=value)


def get_offset(tx: Connection) -> timedelta:
    """How far the bot's clock runs ahead of the system's; every transaction under a simulated Slack asks for it."""
    value = get_meta(tx, OFFSET)
    return timedelta(seconds=float(value)) if value else timedelta(0)


def update_offset(tx: Connection, offset: timedelta) -> None:
    """Lets the bot's clock run `offset` ahead of the system's from now on."""
    update_meta(tx, OFFSET, repr(offset.total_seconds()))


def get_instant(tx: Connection, key: str) -> datetime | None:
    """An instant stored under `key` by `update_instant`."""
    value = get_meta(tx, key)
    return datetime.fromisoformat(value) if value else None


def update_instant(tx: Connection, key: str, at: datetime) -> None:
    """Stores an instant under `key`."""
    update_meta(tx, key, at.isoformat())
