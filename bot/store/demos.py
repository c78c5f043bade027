"""Who tried the demos of bets, kept as lines of history: the newest of each person counts."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.demos import Try
from bot.store.history import list_history
from bot.store.tables import history

KIND = "demo_try"


def list_tries(tx: Connection, bet_ids: Iterable[int], until: datetime | None = None) -> dict[int, list[Try]]:
    """Who tried the demo of each of these bets (until then), the newest word first; a bet nobody tried is missing."""
    found: dict[int, dict[str, Try]] = {}
    where = [history.c.kind == KIND, history.c.bet_id.in_(list(bet_ids))]
    for row in list_history(tx, *where, *([history.c.at <= until] if until else [])):
        found.setdefault(row.bet_id, {})[row.by] = Try(row.by, str((row.after or {}).get("said") or ""), row.at)
    return {bet_id: sorted(tries.values(), key=lambda one: one.at, reverse=True) for bet_id, tries in found.items()}


def list_tried_bets(tx: Connection, team_id: int, since: datetime, until: datetime) -> list[int]:
    """The team's bets whose demos somebody tried after `since` and not after `until`, in that order."""
    where = (history.c.kind == KIND, history.c.team_id == team_id, history.c.at > since, history.c.at <= until)
    return list(dict.fromkeys(row.bet_id for row in list_history(tx, *where)))
