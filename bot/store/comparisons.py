"""Blind comparisons: their pairs, who said what, and which sets may not be named while they run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.domain.blind import Comparison, DrawnPair, Looked, Pair, Tally, count
from bot.store.db import Instant, inserted_id
from bot.store.prepared import find
from bot.store.tables import bets, comparison_pairs, comparison_votes, comparisons, predictions

# Built once, since each tick asks for it.
_OPEN = select(comparisons).where(comparisons.c.closed_at.is_(None)).order_by(comparisons.c.id)
_DUE = _OPEN.join(bets, bets.c.id == comparisons.c.bet_id).where(
    bets.c.team_id == bindparam("team"), comparisons.c.closes_at <= bindparam("now", type_=Instant)
)


def list_comparisons(tx: Connection, *where: Any) -> list[Comparison]:
    """Comparisons that meet the conditions, oldest first."""
    rows = tx.execute(select(comparisons).where(*where).order_by(comparisons.c.id))
    return [Comparison(**row._mapping) for row in rows]


def list_due(tx: Connection, now: datetime, team_id: int) -> list[Comparison]:
    """The team's comparisons that are open and whose hour has come."""
    return [Comparison(**row._mapping) for row in find(tx, _DUE, team=team_id, now=now)]


def get_running(tx: Connection, bet_id: int) -> Comparison | None:
    """The comparison that is open on a bet: there is one at most."""
    found = list_comparisons(tx, comparisons.c.bet_id == bet_id, comparisons.c.closed_at.is_(None))
    return found[0] if found else None


def list_hidden(tx: Connection, bet_id: int) -> frozenset[int]:
    """The sets of a bet whose label, file, model and metric nothing new may name now."""
    running = get_running(tx, bet_id)
    return frozenset((running.old_id, running.new_id)) if running else frozenset()


def has_compared(tx: Connection, set_id: int) -> bool:
    """Whether a set was ever in a comparison."""
    return bool(list_comparisons(tx, (comparisons.c.old_id == set_id) | (comparisons.c.new_id == set_id)))


def list_between(tx: Connection, old_id: int, new_id: int) -> list[Comparison]:
    """The comparisons of these two, oldest first."""
    return list_comparisons(tx, comparisons.c.old_id == old_id, comparisons.c.new_id == new_id)


@dataclass(frozen=True)
class Shared:
    """The ids for which two sets show different things, in the order of the first, and how many they share."""

    differing: list[str]
    count: int


def get_shared(tx: Connection, old_id: int, new_id: int) -> Shared:
    """What two sets have in common. An image that one alone has stands for both, so it makes no difference."""
    old, new = predictions.alias(), predictions.alias()
    images = old.c.image.istartswith("data:") & new.c.image.istartswith("data:") & (old.c.image != new.c.image)
    differs = old.c.prediction.is_distinct_from(new.c.prediction) | images
    shared = (
        select(old.c.row, differs.label("differs"))
        .join(new, (new.c.row == old.c.row) & (new.c.set_id == new_id))
        .where(old.c.set_id == old_id)
        .order_by(old.c.position)
    )
    rows = tx.execute(shared).all()
    return Shared([row.row for row in rows if row.differs], len(rows))


def insert_comparison(tx: Connection, pairs: Sequence[DrawnPair], **values: Any) -> Comparison:
    """A new open comparison with its pairs, numbered from 1."""
    new = inserted_id(tx.execute(insert(comparisons).values(**values)))
    sides = {True: values["new_id"], False: values["old_id"]}
    rows = [
        {"comparison_id": new, "number": number, "row": pair.row, "left_id": sides[pair.new_left]}
        for number, pair in enumerate(pairs, 1)
    ]
    tx.execute(insert(comparison_pairs), rows)
    return list_comparisons(tx, comparisons.c.id == new)[0]


def list_pairs(tx: Connection, *where: Any) -> list[Pair]:
    """Pairs that meet the conditions, in their order."""
    query = select(comparison_pairs).where(*where)
    rows = tx.execute(query.order_by(comparison_pairs.c.comparison_id, comparison_pairs.c.number))
    return [Pair(**row._mapping) for row in rows]


def update_vote(tx: Connection, now: datetime, pair_id: int, user: str, value: str) -> None:
    """One person's vote on one pair, in the place of an earlier one."""
    given = {"value": value, "at": now}
    statement = upsert(comparison_votes).values(pair_id=pair_id, user=user, **given)
    tx.execute(statement.on_conflict_do_update(index_elements=["pair_id", "user"], set_=given))


def list_votes(tx: Connection, pair_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Everybody's vote on these pairs, by the pair's id."""
    ids = list(pair_ids)
    found: dict[int, dict[str, str]] = {pair_id: {} for pair_id in ids}
    query = select(comparison_votes).where(comparison_votes.c.pair_id.in_(ids))
    for row in tx.execute(query.order_by(comparison_votes.c.at, comparison_votes.c.user)):
        found[row.pair_id][row.user] = row.value
    return found


def count_people(tx: Connection, comparison_id: int) -> int:
    """How many people have voted on any of its pairs."""
    of_it = comparison_pairs.c.comparison_id == comparison_id
    query = select(func.count(comparison_votes.c.user.distinct())).join(
        comparison_pairs, comparison_pairs.c.id == comparison_votes.c.pair_id
    )
    return tx.execute(query.where(of_it)).scalar_one()


def update_closed(tx: Connection, now: datetime, comparison_id: int) -> bool:
    """Closes a comparison; False: somebody was faster."""
    where = (comparisons.c.id == comparison_id, comparisons.c.closed_at.is_(None))
    return tx.execute(update(comparisons).where(*where).values(closed_at=now)).rowcount == 1


def list_looked(tx: Connection, one: Comparison) -> list[Looked]:
    """A comparison's pairs with everybody's votes."""
    pairs = list_pairs(tx, comparison_pairs.c.comparison_id == one.id)
    votes = list_votes(tx, [pair.id for pair in pairs])
    return [Looked(pair.number, pair.left_id == one.new_id, votes[pair.id]) for pair in pairs]


@dataclass(frozen=True)
class Blinded:
    """How a comparison of a bet's versions went that closed at that instant."""

    bet_id: int
    at: datetime
    tally: Tally


def list_blinded(tx: Connection, *where: Any) -> list[Blinded]:
    """The results of the closed comparisons that meet the conditions, oldest first; those on which nobody voted are
    left out. One query for any number of them, since the nudge policy reads a whole team's."""
    query = (
        select(comparisons.c.bet_id, comparisons.c.closed_at, comparisons.c.new_id, comparison_pairs, comparison_votes)
        .join(comparison_pairs, comparison_pairs.c.comparison_id == comparisons.c.id)
        .join(comparison_votes, comparison_votes.c.pair_id == comparison_pairs.c.id)
        .where(comparisons.c.closed_at.is_not(None), *where)
        .order_by(comparisons.c.closed_at, comparisons.c.id, comparison_pairs.c.number, comparison_votes.c.user)
    )
    found: dict[tuple[int, datetime], dict[int, Looked]] = {}
    for row in tx.execute(query):
        looked = found.setdefault((row.bet_id, row.closed_at), {})
        pair = looked.setdefault(row.number, Looked(row.number, row.left_id == row.new_id, {}))
        looked[row.number] = replace(pair, votes={**pair.votes, row.user: row.value})
    return [Blinded(bet_id, at, count(looked.values())) for (bet_id, at), looked in found.items()]
