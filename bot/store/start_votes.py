"""Votes on *Would we start it today?*, kept as lines of history: the newest of each person counts."""

from sqlalchemy import Connection

from bot.store.history import list_history
from bot.store.tables import history

KIND = "start_vote"


def list_votes(tx: Connection, bet_id: int, nudge_id: int) -> dict[str, str]:
    """How each person voted on the question that came with this nudge."""
    rows = list_history(tx, history.c.kind == KIND, history.c.bet_id == bet_id)
    return {row.by: row.after["value"] for row in rows if row.after["nudge"] == nudge_id}
