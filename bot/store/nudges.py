"""Nudges: advice that was given, and what became of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, or_, select, update

from bot.domain.records import Nudge
from bot.store.db import inserted_id
from bot.store.tables import bets, nudges

# Built once, since every refresh asks for some of them.
_IN_ORDER = select(nudges).order_by(nudges.c.id)


def _as_nudge(row: Row[Any]) -> Nudge:
    values = dict(row._mapping)
    return Nudge(**values | {"evidence": tuple(values["evidence"]), "hard": tuple(values["hard"])})


def list_nudges(tx: Connection, *where: Any) -> list[Nudge]:
    """Nudges that meet the conditions, oldest first."""
    return [_as_nudge(row) for row in tx.execute(_IN_ORDER.where(*where))]


def list_team_nudges(tx: Connection, team_id: int, *where: Any) -> list[Nudge]:
    """A team's nudges that meet the conditions, oldest first."""
    query = select(nudges).join(bets, bets.c.id == nudges.c.bet_id).where(bets.c.team_id == team_id, *where)
    return [_as_nudge(row) for row in tx.execute(query.order_by(nudges.c.id))]


def get_nudge_or_none(tx: Connection, nudge_id: Any) -> Nudge | None:
    """The nudge of an id that came from outside, if there is one."""
    return next(iter(list_nudges(tx, nudges.c.id == nudge_id)), None) if isinstance(nudge_id, int) else None


def insert_nudge(
    tx: Connection, now: datetime, bet_id: int, advice: str, evidence: Iterable[dict[str, Any]], hard: Iterable[str]
) -> int:
    """Advice on a bet; returns its id. It is not posted yet."""
    values: dict[str, Any] = {"bet_id": bet_id, "advice": advice, "evidence": list(evidence), "hard": list(hard)}
    return inserted_id(tx.execute(insert(nudges).values(**values, created_at=now)))


def update_nudge(tx: Connection, nudge_id: int, **values: Any) -> None:
    """Changes a nudge."""
    tx.execute(update(nudges).where(nudges.c.id == nudge_id).values(**values))


def list_unsettled_nudges(tx: Connection, bet_id: int) -> list[Nudge]:
    """Nudges on a bet after which nobody has decided, put off or not, oldest first.

    A request that got what it asked for is among them: its packet still takes a decision.
    """
    heard = and_(nudges.c.answer == "done", nudges.c.advice == "ask")
    waiting = or_(nudges.c.answer.in_(("none", "snoozed")), heard)
    return list_nudges(tx, nudges.c.bet_id == bet_id, nudges.c.decision_id.is_(None), waiting)


def update_answer(tx: Connection, now: datetime, nudge_id: int, answer: str, by: str | None, **values: Any) -> bool:
    """Answers a nudge; False when it has an answer already: somebody was faster."""
    where = (nudges.c.id == nudge_id, nudges.c.answer == "none")
    given = {"answer": answer, "answered_by": by, "answered_at": now}
    return tx.execute(update(nudges).where(*where).values(**given, **values)).rowcount == 1
