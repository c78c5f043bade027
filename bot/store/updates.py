"""Updates and what each of their versions brought."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, tuple_, update

from bot.domain.answers import Version
from bot.domain.records import Update
from bot.store.db import inserted_id, listed, record
from bot.store.prepared import change, find, find_one
from bot.store.tables import bets, update_versions, updates

_COLUMNS = [column for column in updates.c if column.name in Update.__dataclass_fields__]
_NAMES = [column.name for column in _COLUMNS]
_VERSION_COLUMNS = [update_versions.c[name] for name in Version.__dataclass_fields__]

# Built once, since every answer asks for its week.
_IN_ORDER = select(*_COLUMNS).order_by(updates.c.week, updates.c.id)
_OF_ID = _IN_ORDER.where(updates.c.id == bindparam("wanted"))
_PLACED = _OF_ID.join(bets, bets.c.id == updates.c.bet_id).add_columns(bets.c.team_id, bets.c.number)
_WEEK = _IN_ORDER.where(
    updates.c.bet_id.in_(listed()),
    updates.c.week == bindparam("of_week"),
    updates.c.deleted.is_(False),
)
_VERSIONS = (
    select(*_VERSION_COLUMNS)
    .where(update_versions.c.update_id == bindparam("wanted"))
    .order_by(update_versions.c.version)
)
# As `Version.alive`.
_ALIVE = or_(*(update_versions.c[name].is_not(None) for name in ("text", "confidence", "days", "blocked_by")))
_FORGET_VERSIONS = delete(update_versions).where(update_versions.c.update_id == bindparam("wanted"))
_NEW_VERSION = insert(update_versions)
_CHANGE = update(updates).where(updates.c.id == bindparam("wanted"))


def list_updates(tx: Connection, *where: Any) -> list[Update]:
    """Updates that meet the conditions, taken-back ones among them, in the order of their weeks."""
    return [_as_update(row) for row in tx.execute(_IN_ORDER.where(*where))]


def _as_update(row: Row[Any]) -> Update:
    return record(Update, dict(zip(_NAMES, row)))


def get_update(tx: Connection, bet_id: int, user: str, week: str, *, second_opinion: bool = False) -> Update | None:
    """A person's answer on a bet for a week, taken back or not."""
    where = (updates.c.bet_id == bet_id, updates.c.user == user, updates.c.week == week)
    return next(iter(list_updates(tx, *where, updates.c.second_opinion.is_(second_opinion))), None)


def get_update_by_id(tx: Connection, update_id: int) -> Update | None:
    """The update of that id."""
    row = find_one(tx, _OF_ID, wanted=update_id)
    return _as_update(row) if row else None


def get_placed_update(tx: Connection, update_id: int) -> tuple[Update, int, str] | None:
    """The same with the team and the key of its bet."""
    row = find_one(tx, _PLACED, wanted=update_id)
    return (_as_update(row), row.team_id, f"B-{row.number}") if row else None


def list_week(tx: Connection, bet_ids: Iterable[int], week: str) -> list[Update]:
    """Every answer and second opinion of a week on these bets that was not taken back."""
    return [_as_update(row) for row in find(tx, _WEEK, wanted=list(bet_ids), of_week=week)]


def list_latest(tx: Connection, user: str, bet_ids: Iterable[int]) -> dict[int, Update]:
    """The person's own newest answer on each of these bets that was not taken back."""
    mine = (updates.c.user == user, updates.c.deleted.is_(False), updates.c.second_opinion.is_(False))
    newest = select(updates.c.bet_id, func.max(updates.c.week)).where(*mine, updates.c.bet_id.in_(list(bet_ids)))
    where = tuple_(updates.c.bet_id, updates.c.week).in_(newest.group_by(updates.c.bet_id))
    return {found.bet_id: found for found in list_updates(tx, *mine, where)}


def insert_update(tx: Connection, now: datetime, bet_id: int, user: str, week: str, **values: Any) -> int:
    """A new update without any version yet; returns its id. There is one for each bet, person and week."""
    values = {"source": "modal", "created_at": now} | values
    statement = insert(updates).values(bet_id=bet_id, user=user, week=week, **values)
    return inserted_id(tx.execute(statement))


def update_update(tx: Connection, update_id: int, **values: Any) -> None:
    """Changes an update."""
    change(tx, _CHANGE, wanted=update_id, **values)


def list_versions(tx: Connection, update_id: int) -> list[Version]:
    """What each version brought, oldest first."""
    return [Version(*row) for row in find(tx, _VERSIONS, wanted=update_id)]


def list_newest_sources(tx: Connection, team_ids: Iterable[int]) -> dict[int, str]:
    """How the newest version of each update of these teams came in, by the update's id; what was taken back, and an
    update without any other version, is left out."""
    here = select(updates.c.id).join(bets, bets.c.id == updates.c.bet_id).where(bets.c.team_id.in_(list(team_ids)))
    found = select(update_versions.c.update_id, update_versions.c.source).where(_ALIVE)
    rows = tx.execute(found.where(update_versions.c.update_id.in_(here)).order_by(update_versions.c.version))
    return {row.update_id: row.source for row in rows}


def update_sources(tx: Connection, update_ids: Iterable[int]) -> None:
    """Gives these updates the source of their words, which a version that brought only numbers does not change."""
    words = select(update_versions.c.source).where(
        update_versions.c.update_id == updates.c.id, update_versions.c.text.is_not(None)
    )
    newest = words.order_by(update_versions.c.version.desc()).limit(1).scalar_subquery()
    where = (updates.c.id.in_(listed("ids")), newest.is_not(None))
    tx.execute(update(updates).where(*where).values(source=newest), {"ids": list(update_ids)})


def update_versions_to(tx: Connection, update_id: int, versions: Sequence[Version], stored: int) -> None:
    """Makes these the versions of the update, numbered from 1; the first `stored` of them stand already."""
    if not stored:
        change(tx, _FORGET_VERSIONS, wanted=update_id)
    names = Version.__dataclass_fields__
    for number, version in enumerate(versions[stored:], stored + 1):
        values = {name: getattr(version, name) for name in names}
        change(tx, _NEW_VERSION, update_id=update_id, version=number, **values)
