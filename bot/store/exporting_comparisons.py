"""Blind comparisons to be written out: which sets, what stood on which side, who said what; part of `exporting.py`."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from bot.domain.blind import Comparison, Pair, count
from bot.store import tables as t
from bot.store.comparisons import list_comparisons, list_looked, list_pairs

Row = dict[str, Any]
_KEPT = ("seed", "by", "posted_at", "closes_at", "closed_at")


def export_comparisons(tx: Connection, ids: list[int]) -> Iterator[Row]:
    """One row a comparison: the baseline is the first of its `sets`, votes name their pair by its number, and the
    result is there once it is closed."""
    query = select(t.bets.c.id, t.bets.c.number, t.teams.c.channel).join(t.teams, t.teams.c.id == t.bets.c.team_id)
    bets = {row.id: row for row in tx.execute(query.where(t.bets.c.team_id.in_(ids)))}
    for one in list_comparisons(tx, t.comparisons.c.bet_id.in_(bets)):
        bet, pairs = bets[one.bet_id], list_pairs(tx, t.comparison_pairs.c.comparison_id == one.id)
        yield (
            {"id": one.id, "team": bet.channel, "bet": f"B-{bet.number}", "sets": [one.old_id, one.new_id]}
            | {name: getattr(one, name) for name in _KEPT}
            | {"pairs": [{"id": pair.id, "row": pair.row, "left": pair.left_id} for pair in pairs]}
            | {"votes": _votes(tx, pairs), "result": _result(tx, one)}
        )


def _votes(tx: Connection, pairs: list[Pair]) -> list[Row]:
    numbers, votes = {pair.id: pair.number for pair in pairs}, t.comparison_votes
    found = tx.execute(select(votes).where(votes.c.pair_id.in_(numbers)).order_by(votes.c.pair_id, votes.c.user))
    return [{"pair": numbers[row.pair_id], "user": row.user, "value": row.value, "at": row.at} for row in found]


def _result(tx: Connection, one: Comparison) -> Row | None:
    """Counted from the votes each time: `for`, `against` and `tie` as the policy reads them, and what is claimed of the
    version that is ahead."""
    if one.closed_at is None:
        return None
    tally = count(list_looked(tx, one))
    counts = {"people": tally.people, "for": tally.wins, "against": tally.losses, "tie": tally.ties}
    return counts | {"claim": tally.claim, "e_value": float(f"{tally.e_value:.4g}")}
