"""When bets first showed samples to people, in a round or in a blind comparison."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select, union_all

from bot.store.db import Instant, listed
from bot.store.prepared import find
from bot.store.tables import bets, comparisons, sample_draws, sample_rounds

_SHOWN = union_all(
    select(sample_draws.c.bet_id, sample_rounds.c.posted_at).join(
        sample_rounds, sample_rounds.c.id == sample_draws.c.round_id
    ),
    select(comparisons.c.bet_id, comparisons.c.posted_at),
).subquery()
# Built once, since every card asks for it.
_FIRST = (
    select(_SHOWN.c.bet_id, func.min(_SHOWN.c.posted_at, type_=Instant()).label("first"))
    .where(_SHOWN.c.bet_id.in_(listed()))
    .group_by(_SHOWN.c.bet_id)
)


def list_first_shown(tx: Connection, bet_ids: Iterable[int]) -> dict[int, datetime]:
    """When each of these bets first showed samples, of those that did."""
    return {row.bet_id: row.first for row in find(tx, _FIRST, wanted=list(bet_ids))}


def list_starts(tx: Connection, team_id: int) -> dict[int, datetime]:
    """When each of the team's bets first started, of those that did and were no mistake."""
    where = (bets.c.team_id == team_id, bets.c.started_at.is_not(None), bets.c.status != "withdrawn")
    return {row.id: row.started_at for row in tx.execute(select(bets.c.id, bets.c.started_at).where(*where))}
