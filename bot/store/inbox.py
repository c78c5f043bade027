"""What Slack delivered: events to be handled, and receipts of the commands, clicks and submissions already taken."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, String, bindparam, cast, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.store.db import Instant
from bot.store.prepared import change, find, find_value
from bot.store.tables import inbox, receipts

# Built once: every event and each tick asks for them, and they take longer to put together than to run.
_EVENT = upsert(inbox).on_conflict_do_nothing(index_elements=["event_id"])
_STATE = select(inbox.c.state).where(inbox.c.id == bindparam("wanted"))
_HANDLED = update(inbox).where(inbox.c.id == bindparam("wanted")).values(state="done")
_OLD = delete(inbox).where(inbox.c.state != "new", inbox.c.received_at < bindparam("before", type_=Instant))
_OLD_RECEIPTS = delete(receipts).where(receipts.c.at < bindparam("before", type_=Instant))
_RECEIPT = upsert(receipts).on_conflict_do_nothing(index_elements=["key"])
_DUE = or_(inbox.c.not_before.is_(None), inbox.c.not_before <= bindparam("now", type_=Instant))
_NEW = select(inbox).where(inbox.c.state == "new", _DUE).order_by(inbox.c.id).limit(bindparam("most"))
MAX_TRIES = 5
KEEP_EVENTS = timedelta(days=7)


def insert_event(tx: Connection, now: datetime, event_id: str, payload: dict[str, Any]) -> bool:
    """Keeps an event to be handled; False when it is known already (Slack delivers at least once)."""
    return change(tx, _EVENT, event_id=event_id, payload=payload, received_at=now) == 1


def insert_receipt(tx: Connection, now: datetime, key: str) -> bool:
    """Marks a command, click or submission as taken; False when it was taken before."""
    return change(tx, _RECEIPT, key=key, at=now) == 1


def list_new(tx: Connection, now: datetime, limit: int = 50) -> list[Row[Any]]:
    """Events that wait to be handled now, in the order in which people acted."""
    return find(tx, _NEW, now=now, most=limit)


def is_new(tx: Connection, row_id: int) -> bool:
    """Whether nobody else has handled it since it was listed."""
    return find_value(tx, _STATE, wanted=row_id) == "new"


def update_done(tx: Connection, row_id: int) -> None:
    """Marks an event as handled, in the transaction of its effect."""
    change(tx, _HANDLED, wanted=row_id)


def update_failed(tx: Connection, now: datetime, row_id: int, error: str) -> bool:
    """Steps a poisonous event aside: later and later, at most five times, then for good, which it returns."""
    tries = tx.execute(select(inbox.c.tries).where(inbox.c.id == row_id)).scalar_one() + 1
    state = "failed" if tries >= MAX_TRIES else "new"
    wait = now + timedelta(seconds=2**tries)
    tx.execute(update(inbox).where(inbox.c.id == row_id).values(tries=tries, state=state, error=error, not_before=wait))
    return state == "failed"


def get_counts(tx: Connection) -> dict[str, int]:
    """How many events are in each state."""
    counts = dict.fromkeys(("new", "done", "failed"), 0)
    for state, count in tx.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state)):
        counts[state] = count
    return counts


def delete_old(tx: Connection, now: datetime) -> None:
    """Forgets the payloads and receipts of more than a week ago: long after Slack's last retry."""
    for old in (_OLD, _OLD_RECEIPTS):
        change(tx, old, before=now - KEEP_EVENTS)


def update_text_forgotten(tx: Connection, channel: str, ts: str) -> None:
    """Takes out of kept events what was said in a message that is deleted now; that it was said stays known."""
    rows = tx.execute(select(inbox.c.id, inbox.c.payload).where(cast(inbox.c.payload, String).contains(f'"{ts}"')))
    for row in rows.all():
        event = (row.payload or {}).get("event") or {}
        if event.get("channel") == channel:
            payload = row.payload | {"event": _without_words(event)}
            tx.execute(update(inbox).where(inbox.c.id == row.id).values(payload=payload))


def _without_words(node: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in node.items() if key not in ("blocks", "attachments", "files")}
    if "text" in kept:
        kept["text"] = ""
    return kept | {key: _without_words(kept[key]) for key in ("message", "previous_message") if kept.get(key)}
