"""Prediction sets and their rows."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.domain.predictions import Metric, Prediction, PredictionSet
from bot.store.db import Exact, exact, inserted_id, listed
from bot.store.prepared import find
from bot.store.tables import prediction_sets, predictions

READY, OFFERED, DELETED = "ready", "offered", "deleted"
# So many rows at a time go to the database, which keeps the memory of a large set small.
_BATCH = 1_000
# A row as the table keeps it, but for its set and its position.
Packed = tuple[Any, ...]
# Built once, since every packet and card of samples asks for them.
_IN_ORDER = select(prediction_sets).order_by(prediction_sets.c.id)
_READY = _IN_ORDER.where(prediction_sets.c.bet_id.in_(listed()), prediction_sets.c.state == READY)
_FIELDS = tuple(name for name in PredictionSet.__dataclass_fields__ if name != "metric")
_VALUES = tuple(Prediction.__dataclass_fields__)
_values_of = attrgetter(*_VALUES)
_EXACT = tuple(isinstance(predictions.c[name].type, Exact) for name in _VALUES)


def as_set(row: Row[Any]) -> PredictionSet:
    """A row of `prediction_sets` as a value."""
    metric = None if row.metric is None else Metric(row.metric, row.value, row.lower_is_better)
    return PredictionSet(**{name: row._mapping[name] for name in _FIELDS}, metric=metric)


def list_sets(tx: Connection, *where: Any) -> list[PredictionSet]:
    """Prediction sets that meet the conditions, oldest first."""
    return [as_set(row) for row in tx.execute(_IN_ORDER.where(*where))]


def list_ready(tx: Connection, bet_ids: Iterable[int]) -> dict[int, list[PredictionSet]]:
    """The sets in use of these bets, oldest first, by the bet's id."""
    found: dict[int, list[PredictionSet]] = {}
    for row in find(tx, _READY, wanted=list(bet_ids)):
        found.setdefault(row.bet_id, []).append(as_set(row))
    return found


def get_set_or_none(tx: Connection, set_id: Any) -> PredictionSet | None:
    """The set of an id that came from outside, if there is one."""
    return next(iter(list_sets(tx, prediction_sets.c.id == set_id)), None) if isinstance(set_id, int) else None


def insert_set(
    tx: Connection, now: datetime, bet_id: int, rows: Sequence[Packed], metric: Metric | None, **values: Any
) -> int:
    """A new set with its rows; returns its id."""
    values |= _metric(metric) if metric else {}
    new = insert(prediction_sets).values(bet_id=bet_id, count=len(rows), created_at=now, **values)
    set_id = inserted_id(tx.execute(new))
    insert_rows(tx, set_id, rows)
    return set_id


def pack(rows: Iterable[Prediction]) -> list[Packed]:
    """Rows as the table keeps them: made before the transaction, since that of a large set takes a while, in which
    nobody else could write."""
    return [
        tuple(exact(value) if is_exact else value for value, is_exact in zip(_values_of(row), _EXACT, strict=True))
        for row in rows
    ]


def insert_rows(tx: Connection, set_id: int, rows: Sequence[Packed]) -> None:
    """A set's rows, in their order: handed to the driver as they are, which holds the write lock half as long."""
    names = ("set_id", "position", *_VALUES)
    new = str(insert(predictions).values(dict.fromkeys(names)).compile(tx))
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        tx.exec_driver_sql(new, [(set_id, place, *row) for place, row in enumerate(batch, start)])


def _metric(metric: Metric) -> dict[str, Any]:
    return {"metric": metric.name, "value": metric.value, "lower_is_better": metric.lower_is_better}


def update_metric(tx: Connection, set_id: int, metric: Metric) -> None:
    """A set's metric, which came after it."""
    tx.execute(update(prediction_sets).where(prediction_sets.c.id == set_id).values(**_metric(metric)))


def update_set(tx: Connection, set_id: int, was: str, **values: Any) -> bool:
    """Changes a set if its state is still `was`; False: somebody was faster."""
    where = (prediction_sets.c.id == set_id, prediction_sets.c.state == was)
    return tx.execute(update(prediction_sets).where(*where).values(**values)).rowcount == 1


def update_named(tx: Connection, now: datetime, set_id: int) -> None:
    """A post names the set."""
    tx.execute(update(prediction_sets).where(prediction_sets.c.id == set_id).values(named_at=now))


def list_named(tx: Connection, set_ids: Collection[int]) -> list[datetime]:
    """When these sets were last named in a post, of those that were."""
    named = prediction_sets.c.named_at
    query = select(named).where(prediction_sets.c.id.in_(list(set_ids)), named.is_not(None))
    return list(tx.execute(query).scalars())


def list_predicted(tx: Connection, set_id: int) -> list[Any]:
    """What was predicted in each row, in the file's order."""
    query = select(predictions.c.prediction).where(predictions.c.set_id == set_id).order_by(predictions.c.position)
    return list(tx.execute(query).scalars())


def list_rows(tx: Connection, set_id: int, positions: Collection[int]) -> dict[int, Prediction]:
    """These rows of a set, by position."""
    where = (predictions.c.set_id == set_id, predictions.c.position.in_(list(positions)))
    return {row.position: _as_row(row) for row in tx.execute(select(predictions).where(*where))}


@dataclass(frozen=True)
class Located:
    """A row with where it stands."""

    set_id: int
    position: int
    row: Prediction


def list_of_ids(tx: Connection, set_id: int, ids: Iterable[str]) -> dict[str, Located]:
    """The rows of these ids in a set, of those that it has, by id."""
    where = (predictions.c.set_id == set_id, predictions.c.row.in_(list(ids)))
    found = tx.execute(select(predictions).where(*where))
    return {row.row: Located(set_id, row.position, _as_row(row)) for row in found}


def list_positions(tx: Connection, set_id: int, ids: Iterable[str]) -> dict[str, int]:
    """Where the rows of these ids stand in a set, of those that it has."""
    where = (predictions.c.set_id == set_id, predictions.c.row.in_(list(ids)))
    return {
        row.row: row.position for row in tx.execute(select(predictions.c.row, predictions.c.position).where(*where))
    }


def list_lowest(tx: Connection, set_id: int, most: int) -> list[int]:
    """The positions of the rows with the lowest score, lowest first."""
    where = (predictions.c.set_id == set_id, predictions.c.score.is_not(None))
    query = select(predictions.c.position).where(*where).order_by(predictions.c.score, predictions.c.position)
    return list(tx.execute(query.limit(most)).scalars())


def iter_rows(tx: Connection, set_id: int) -> Iterator[Prediction]:
    """Every row of a set, in order."""
    query = select(predictions).where(predictions.c.set_id == set_id).order_by(predictions.c.position)
    for row in tx.execute(query):
        yield _as_row(row)


def _as_row(row: Row[Any]) -> Prediction:
    return Prediction(**{name: row._mapping[name] for name in _VALUES})
