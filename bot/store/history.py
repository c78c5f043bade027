"""The append-only history: one row for each change, with who and when."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from bot.store.tables import history


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
    tx.execute(insert(history).values(**values, at=now, before=before, after=after))


def list_history(tx: Connection, *where: Any) -> list[Row[Any]]:
    """History rows that meet the conditions, oldest first."""
    return list(tx.execute(select(history).where(*where).order_by(history.c.id)))
