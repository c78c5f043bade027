"""Votes on *Would we start it today?*, kept as lines of history: the newest of each person counts."""

from collections.abc import Collection

from sqlalchemy import Connection

from bot.store.history import list_history
from bot.store.tables import history

KIND = "start_vote"


def list_votes(tx: Connection, bet_id: int, nudge_ids: Collection[int]) -> dict[str, str]:
    """How each person voted on the question that came with these nudges, the newest vote of each."""
    rows = list_history(tx, history.c.kind == KIND, history.c.bet_id == bet_id)
    return {row.by: row.after["value"] for row in rows if row.after["nudge"] in nudge_ids}
