"""Sums over the updates of many bets at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, distinct, func, literal, or_, select

from bot.store.tables import bets, updates


@dataclass(frozen=True)
class Effort:
    """Days reported on a bet, and the number of weeks they were reported in."""

    days: float = 0.0
    weeks: int = 0


def list_efforts(tx: Connection, bet_ids: Iterable[int], ever: bool = False) -> dict[int, Effort]:
    """What was reported on each of the bets in its present appetite, or `ever`; a bet nobody reported on is
    missing."""
    week_with_days = distinct(updates.c.week).label("weeks")
    query = (
        select(
            updates.c.bet_id,
            func.coalesce(func.sum(updates.c.days), 0.0).label("days"),
            func.count(week_with_days).filter(updates.c.days.is_not(None)).label("weeks"),
        )
        .join(bets, bets.c.id == updates.c.bet_id)
        .where(or_(literal(ever), bets.c.earlier_weeks == 0, updates.c.created_at >= bets.c.appetite_started_at))
        .where(updates.c.bet_id.in_(list(bet_ids)), updates.c.deleted.is_(False), updates.c.second_opinion.is_(False))
        .group_by(updates.c.bet_id)
    )
    return {row.bet_id: Effort(float(row.days), row.weeks) for row in tx.execute(query)}
