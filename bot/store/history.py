"""The append-only history: one row for each change, with who and when."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from bot.domain.records import Bet, Team
from bot.store.db import listed
from bot.store.prepared import change, find
from bot.store.tables import history

Side = dict[str, Any] | None

# Built once, since every act is noted, and every card and list asks for what was.
_NEW = insert(history)
_CHANGES = (
    select(history.c.bet_id, history.c.before, history.c.after)
    .where(history.c.bet_id.in_(listed()), history.c.kind.in_(listed("kinds")))
    .order_by(history.c.id)
)


def insert_bet_history(
    tx: Connection, now: datetime, bet: Bet, kind: str, by: str, *, before: Side = None, after: Side = None
) -> None:
    """One change of a bet, or one thing that happened to it."""
    of_bet: dict[str, Any] = {"team_id": bet.team_id, "bet_id": bet.id, "subject": bet.key}
    change(tx, _NEW, **of_bet, kind=kind, by=by, at=now, before=before, after=after)


def insert_team_history(
    tx: Connection, now: datetime, team: Team, kind: str, by: str, *, before: Side = None, after: Side = None
) -> None:
    """One change of a team, or one thing that happened in it and to no bet."""
    of_team: dict[str, Any] = {"team_id": team.id, "bet_id": None, "subject": team.channel}
    change(tx, _NEW, **of_team, kind=kind, by=by, at=now, before=before, after=after)


def list_history(tx: Connection, *where: Any) -> list[Row[Any]]:
    """History rows that meet the conditions, oldest first."""
    return list(tx.execute(select(history).where(*where).order_by(history.c.id)))


def list_changes(
    tx: Connection, bet_ids: Iterable[int], kinds: Iterable[str]
) -> list[tuple[int, dict[str, Any], dict[str, Any]]]:
    """(bet, before, after) of what happened to these bets in any of these kinds, oldest first."""
    rows = find(tx, _CHANGES, wanted=list(bet_ids), kinds=list(kinds))
    return [(bet_id, before or {}, after or {}) for bet_id, before, after in rows]
