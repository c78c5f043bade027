"""What is left of prediction sets that are forgotten, and of the messages that showed them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, or_, select, update

from bot.domain.predictions import PredictionSet
from bot.domain.records import Team
from bot.store.db import Instant
from bot.store.predictions import DELETED, OFFERED, READY, as_set, list_sets
from bot.store.prepared import find
from bot.store.tables import (
    bets,
    comparison_pairs,
    comparisons,
    outbox,
    prediction_sets,
    predictions,
    sample_draws,
    sample_rounds,
)

_COMPARED = select(comparisons.c.id).where(
    comparisons.c.closed_at.is_(None),
    or_(comparisons.c.old_id == prediction_sets.c.id, comparisons.c.new_id == prediction_sets.c.id),
)
_JUDGED = (
    select(sample_draws.c.id)
    .join(sample_rounds, sample_rounds.c.id == sample_draws.c.round_id)
    .where(sample_draws.c.set_id == prediction_sets.c.id, sample_rounds.c.closed_at.is_(None))
)
# Built once, since each tick asks for it.
_EXPIRED = (
    select(prediction_sets)
    .join(bets, bets.c.id == prediction_sets.c.bet_id)
    .where(
        bets.c.team_id == bindparam("team"),
        prediction_sets.c.created_at < bindparam("before", type_=Instant),
        or_(prediction_sets.c.state == OFFERED, prediction_sets.c.state == READY),
        ~_COMPARED.exists(),
        ~_JUDGED.exists(),
    )
    .order_by(prediction_sets.c.id)
)


def is_compared(tx: Connection, set_id: int) -> bool:
    """Whether a set is in a blind comparison that is open."""
    return bool(list_sets(tx, prediction_sets.c.id == set_id, _COMPARED.exists()))


def list_expired(tx: Connection, now: datetime, team: Team) -> list[PredictionSet]:
    """The team's sets with rows that it has kept for as long as it wants to, and that nobody judges now."""
    before = now - timedelta(days=team.samples_kept_days)
    return [as_set(row) for row in find(tx, _EXPIRED, team=team.id, before=before)]


def list_pairs(tx: Connection, set_id: int) -> dict[int, list[int]]:
    """The pairs in which the set was compared, by the comparison's id."""
    query = (
        select(comparison_pairs.c.comparison_id, comparison_pairs.c.id)
        .join(comparisons, comparisons.c.id == comparison_pairs.c.comparison_id)
        .where(or_(comparisons.c.old_id == set_id, comparisons.c.new_id == set_id))
    )
    found: dict[int, list[int]] = {}
    for row in tx.execute(query):
        found.setdefault(row.comparison_id, []).append(row.id)
    return found


def update_forgotten(tx: Connection, now: datetime, set_id: int) -> None:
    """The set's rows are gone; its line stays."""
    tx.execute(delete(predictions).where(predictions.c.set_id == set_id))
    gone = {"state": DELETED, "deleted_at": now, "link": None}
    tx.execute(update(prediction_sets).where(prediction_sets.c.id == set_id).values(**gone))


def delete_set(tx: Connection, set_id: int) -> None:
    """The set is gone with its rows, line and all."""
    tx.execute(delete(prediction_sets).where(prediction_sets.c.id == set_id))


def update_payloads(tx: Connection, post_id: int, payload: dict[str, Any]) -> None:
    """How the message of row `post_id` read before is nowhere any more, neither in it nor in its newest edit."""
    rows = or_(outbox.c.id == post_id, outbox.c.key == f"edit:{post_id}")
    tx.execute(update(outbox).where(rows).values(payload=payload))
