"""Decisions that somebody is to look back on, and what they said then."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, String, cast, select

from bot.domain.records import Decision
from bot.store.bets import list_decisions
from bot.store.history import list_history
from bot.store.tables import bets, decisions, history, occurrences

KIND = "hindsight"
# Who decides when nobody does: an appetite that is over, a pause that ends.
CLOCK = "clock"


def list_unasked(
    tx: Connection, team_id: int, kinds: Iterable[str], after: datetime, until: datetime
) -> list[Decision]:
    """A team's decisions of that time and kind that stand, that people took, and that nobody was asked about yet."""
    of_team = select(bets.c.id).where(bets.c.team_id == team_id, bets.c.status != "withdrawn")
    undone = select(decisions.c.of).where(decisions.c.kind == "undo", decisions.c.of.is_not(None))
    asked = select(occurrences.c.subject).where(occurrences.c.team_id == team_id, occurrences.c.kind == KIND)
    return list_decisions(
        tx,
        decisions.c.created_at > after,
        decisions.c.created_at <= until,
        decisions.c.kind.in_(list(kinds)),
        decisions.c.by != CLOCK,
        decisions.c.bet_id.in_(of_team),
        decisions.c.id.not_in(undone),
        cast(decisions.c.id, String).not_in(asked),
    )


def is_judged(tx: Connection, decision: Decision) -> bool:
    """Whether somebody has said already how that decision turned out."""
    told = list_history(tx, history.c.bet_id == decision.bet_id, history.c.kind == KIND)
    return any((row.after or {}).get("decision") == decision.id for row in told)
