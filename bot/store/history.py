"""The append-only history: one row for each change, with who and when."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from bot.store.db import listed
from bot.store.prepared import change, find
from bot.store.tables import history

# Built once, since every act is noted, and every card and list asks for what was.
_NEW = insert(history)
_CHANGES = (
    select(history.c.bet_id, history.c.before, history.c.after)
    .where(history.c.bet_id.in_(listed()), history.c.kind.in_(listed("kinds")))
    .order_by(history.c.id)
)


def insert_history(
    tx: Connection,
    now: datetime,
    *,
    team_id: int,
    kind: str,
    subject: str,
    by: str,
    bet_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """One change. `subject` is what changed (a bet's key, a team's channel, a person)."""
    values: dict[str, Any] = {"team_id": team_id, "bet_id": bet_id, "kind": kind, "subject": subject, "by": by}
    change(tx, _NEW, **values, at=now, before=before, after=after)


def list_history(tx: Connection, *where: Any) -> list[Row[Any]]:
    """History rows that meet the conditions, oldest first."""
    return list(tx.execute(select(history).where(*where).order_by(history.c.id)))


def list_changes(
    tx: Connection, bet_ids: Iterable[int], kinds: Iterable[str]
) -> list[tuple[int, dict[str, Any], dict[str, Any]]]:
    """(bet, before, after) of what happened to these bets in any of these kinds, oldest first."""
    rows = find(tx, _CHANGES, wanted=list(bet_ids), kinds=list(kinds))
    return [(bet_id, before or {}, after or {}) for bet_id, before, after in rows]
