"""Decisions that somebody is to look back on, and what they said then."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, String, bindparam, cast, select

from bot.domain.records import Decision
from bot.store.bets import UNDONE
from bot.store.db import Instant, listed
from bot.store.history import list_history
from bot.store.prepared import find
from bot.store.tables import bets, decisions, history, occurrences

KIND = "hindsight"
# Who decides when nobody does: an appetite that is over, a pause that ends.
CLOCK = "clock"

_asked = select(occurrences.c.subject).where(occurrences.c.team_id == bindparam("team"), occurrences.c.kind == KIND)
# Built once, since each tick asks for it.
_UNASKED = (
    select(decisions)
    .join(bets, bets.c.id == decisions.c.bet_id)
    .where(
        bets.c.team_id == bindparam("team"),
        bets.c.status != "withdrawn",
        decisions.c.created_at > bindparam("after", type_=Instant),
        decisions.c.created_at <= bindparam("until", type_=Instant),
        decisions.c.kind.in_(listed("kinds")),
        decisions.c.by != CLOCK,
        decisions.c.id.not_in(UNDONE),
        cast(decisions.c.id, String).not_in(_asked),
    )
    .order_by(decisions.c.id)
)


def list_unasked(
    tx: Connection, team_id: int, kinds: Iterable[str], after: datetime, until: datetime
) -> list[Decision]:
    """A team's decisions of that time and kind that stand, that people took, and that nobody was asked about yet."""
    found = find(tx, _UNASKED, team=team_id, kinds=list(kinds), after=after, until=until)
    return [Decision(**row._mapping) for row in found]


def is_judged(tx: Connection, decision: Decision) -> bool:
    """Whether somebody has said already how that decision turned out."""
    told = list_history(tx, history.c.bet_id == decision.bet_id, history.c.kind == KIND)
    return any((row.after or {}).get("decision") == decision.id for row in told)
