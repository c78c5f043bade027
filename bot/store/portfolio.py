"""The effort on many bets at once, from their updates and their history."""

from collections.abc import Iterable

from sqlalchemy import Connection, func, literal, or_, select

from bot.domain.asof import Change
from bot.domain.spending import Effort
from bot.store.tables import bets, history, updates


def list_efforts(tx: Connection, bet_ids: Iterable[int], ever: bool = False) -> dict[int, Effort]:
    """The effort on each of the bets in its present appetite, or `ever`."""
    ids = list(bet_ids)
    reported = (
        select(updates.c.bet_id, updates.c.week, func.sum(updates.c.days).label("days"))
        .join(bets, bets.c.id == updates.c.bet_id)
        .where(or_(literal(ever), bets.c.earlier_weeks == 0, updates.c.created_at >= bets.c.appetite_started_at))
        .where(updates.c.bet_id.in_(ids), updates.c.deleted.is_(False), updates.c.second_opinion.is_(False))
        .where(updates.c.days.is_not(None))
        .group_by(updates.c.bet_id, updates.c.week)
    )
    changed = (
        select(history.c.bet_id, history.c.kind, history.c.at, history.c.before)
        .where(history.c.bet_id.in_(ids))
        .order_by(history.c.id)
    )
    days: dict[int, dict[str, float]] = {bet_id: {} for bet_id in ids}
    changes: dict[int, list[Change]] = {bet_id: [] for bet_id in ids}
    for bet_id, week, sum_of_days in tx.execute(reported):
        days[bet_id][week] = float(sum_of_days)
    for bet_id, kind, at, before in tx.execute(changed):
        if before:
            changes[bet_id].append(Change(kind, at, before))
    return {bet_id: Effort(days[bet_id], changes[bet_id]) for bet_id in ids}
