"""What people said in the threads of bets, and the notes among it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.domain.records import Heard
from bot.store.tables import replies


def get_reply(tx: Connection, channel: str, ts: str) -> Heard | None:
    """What is known about the message at `ts`."""
    row = tx.execute(select(replies).where(replies.c.channel == channel, replies.c.ts == ts)).one_or_none()
    return _as_heard(row) if row else None


def _as_heard(row: Row[Any]) -> Heard:
    return Heard(**row._mapping)


def update_reply(tx: Connection, heard: Heard) -> None:
    """Stores what is known about a message, known before or not."""
    values = {name: getattr(heard, name) for name in Heard.__dataclass_fields__}
    statement = upsert(replies).values(**values)
    tx.execute(statement.on_conflict_do_update(index_elements=["channel", "ts"], set_=values))


def list_replies(tx: Connection, bet_id: int, user: str) -> list[Heard]:
    """What a person said in a bet's thread, in the order in which it was said."""
    where = (replies.c.bet_id == bet_id, replies.c.user == user)
    return [_as_heard(row) for row in tx.execute(select(replies).where(*where).order_by(replies.c.ts))]


def list_notes(tx: Connection, bet_ids: Iterable[int]) -> list[Heard]:
    """The messages that people saved to the history of these bets (`update:` or pushpin), oldest first; `user` is
    their author."""
    where = (replies.c.bet_id.in_(list(bet_ids)), replies.c.text.is_not(None), replies.c.deleted.is_(False))
    said = [_as_heard(row) for row in tx.execute(select(replies).where(*where).order_by(replies.c.ts))]
    return [heard for heard in said if heard.role == "note" or heard.pinned]
