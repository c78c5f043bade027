"""Scopes with their drafts, and the assumptions of the locked ones."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, delete, func, insert, select, update

from bot.domain.bets import ENDED
from bot.domain.portfolio import KindStat
from bot.domain.scope_state import ScopeState, state_of
from bot.domain.scoping import (
    DRAFT,
    FALSE,
    HOLDS,
    LOCKED,
    REVIEW,
    UNTESTED,
    Assumption,
    AssumptionText,
    Document,
    Scope,
    from_plain,
    to_plain,
)
from bot.store.db import inserted_id, listed
from bot.store.prepared import find
from bot.store.scope_tables import assumptions, scope_drafts, scopes
from bot.store.tables import bet_owners, bets

# Built once, since every card, list and reminder asks for them.
_ORDERED = select(scopes).order_by(scopes.c.bet_id, scopes.c.version)
_REVIEWS = _ORDERED.join(bets, bets.c.id == scopes.c.bet_id).where(
    scopes.c.version > 0,
    scopes.c.status == REVIEW,
    bets.c.team_id == bindparam("team"),
    *(bets.c.status != ended for ended in ENDED),
)
_OF_BET = _ORDERED.where(scopes.c.bet_id == bindparam("wanted"), scopes.c.version > 0)
_ASSUMPTIONS = select(assumptions).order_by(assumptions.c.bet_id, assumptions.c.position, assumptions.c.id)
_STANDING = _ASSUMPTIONS.where(assumptions.c.bet_id.in_(listed()), assumptions.c.gone_version.is_(None))
_STATES = (
    select(scopes.c.bet_id, scopes.c.version, scopes.c.status, scopes.c.doc["reviewer"].as_string())
    .where(scopes.c.bet_id.in_(listed()), scopes.c.version > 0)
    .order_by(scopes.c.version)
)
_live = select(bets.c.id).where(bets.c.team_id == bindparam("team"), bets.c.status == "live")
_LIVE_OWNERS = select(bet_owners.c.bet_id, bet_owners.c.user).where(bet_owners.c.bet_id.in_(_live))
_LOCKS = (
    select(scopes.c.bet_id, func.count())
    .where(scopes.c.bet_id.in_(listed()), scopes.c.status == LOCKED)
    .group_by(scopes.c.bet_id)
)


def list_scopes(tx: Connection, *where: Any) -> list[Scope]:
    """Scopes that meet the conditions, a bet's first version first; not the changes that were dropped."""
    return _list(tx, scopes.c.version > 0, *where)


def _list(tx: Connection, *where: Any) -> list[Scope]:
    return [_as_scope(row) for row in tx.execute(_ORDERED.where(*where))]


def _as_scope(row: Row[Any]) -> Scope:
    return Scope(**dict(row._mapping) | {"doc": from_plain(row.doc)})


def get_scope_or_none(tx: Connection, scope_id: Any) -> Scope | None:
    """The scope of an id that came from outside, if there is one; also a change that was dropped."""
    return next(iter(_list(tx, scopes.c.id == scope_id)), None) if isinstance(scope_id, int) else None


def get_scope(tx: Connection, bet_id: int) -> Scope | None:
    """The bet's newest version, locked or not."""
    rows = find(tx, _OF_BET, wanted=bet_id)
    return _as_scope(rows[-1]) if rows else None


def get_locked(tx: Connection, bet_id: int) -> Scope | None:
    """The version that holds: the bet's newest locked one."""
    locked = [row for row in find(tx, _OF_BET, wanted=bet_id) if row.status == LOCKED]
    return _as_scope(locked[-1]) if locked else None


def list_locks(tx: Connection, bet_ids: Iterable[int]) -> dict[int, int]:
    """How many locked versions each of the bets has that has any: one more than its scope drifted."""
    return {row[0]: row[1] for row in find(tx, _LOCKS, wanted=list(bet_ids))}


def list_locked_by(tx: Connection, bet_ids: Iterable[int], at: datetime) -> set[int]:
    """Those of the bets that had a locked scope at `at`; of an imported lock without its hour that is always so."""
    then = scopes.c.locked_at.is_(None) | (scopes.c.locked_at <= at)
    query = select(scopes.c.bet_id).where(scopes.c.bet_id.in_(list(bet_ids)), scopes.c.status == LOCKED, then)
    return set(tx.execute(query).scalars())


def list_states(tx: Connection, bet_ids: Iterable[int]) -> dict[int, ScopeState]:
    """How the scope of each of the bets stands that has one."""
    found: dict[int, list[tuple[int, str, str]]] = {}
    for bet_id, version, status, reviewer in find(tx, _STATES, wanted=list(bet_ids)):
        found.setdefault(bet_id, []).append((version, status, reviewer or ""))
    return {bet_id: state_of(versions) for bet_id, versions in found.items()}


def insert_scope(
    tx: Connection, now: datetime, bet_id: int, version: int, author: str, doc: Document, reason: str = ""
) -> Scope:
    """A new version as a draft."""
    values: dict[str, Any] = {"bet_id": bet_id, "version": version, "status": DRAFT, "doc": to_plain(doc)}
    values |= {"revision": 1, "author": author, "reason": reason, "created_at": now, "updated_at": now}
    scope_id = inserted_id(tx.execute(insert(scopes).values(**values)))
    tx.execute(insert(scope_drafts).values(scope_id=scope_id, revision=1, doc=values["doc"]))
    return list_scopes(tx, scopes.c.id == scope_id)[0]


def update_draft(tx: Connection, now: datetime, scope: Scope, doc: Document, **values: Any) -> bool:
    """The next revision of an open scope; False when somebody saved since this one was read, or it is locked."""
    where = (scopes.c.id == scope.id, scopes.c.revision == scope.revision, scopes.c.status != LOCKED)
    given: dict[str, Any] = {"doc": to_plain(doc), "revision": scope.revision + 1, "updated_at": now}
    if tx.execute(update(scopes).where(*where).values(**given, **values)).rowcount != 1:
        return False
    tx.execute(insert(scope_drafts).values(scope_id=scope.id, revision=scope.revision + 1, doc=given["doc"]))
    return True


def get_draft(tx: Connection, scope_id: int, revision: Any) -> Document | None:
    """What an open scope said at that revision: what a form that was opened then has shown."""
    if not isinstance(revision, int):
        return None
    where = (scope_drafts.c.scope_id == scope_id, scope_drafts.c.revision == revision)
    found = tx.execute(select(scope_drafts.c.doc).where(*where)).scalar_one_or_none()
    return None if found is None else from_plain(found)


def update_scope(tx: Connection, now: datetime, scope: Scope, status: str, **values: Any) -> bool:
    """Moves an open scope to `status` unless somebody was faster; locked, it cannot be changed any more."""
    where = (scopes.c.id == scope.id, scopes.c.revision == scope.revision, scopes.c.status == scope.status)
    moved = update(scopes).where(*where, scopes.c.status != LOCKED)
    if tx.execute(moved.values(status=status, updated_at=now, **values)).rowcount != 1:
        return False
    if status == LOCKED:
        tx.execute(delete(scope_drafts).where(scope_drafts.c.scope_id == scope.id))
    return True


def update_dropped(tx: Connection, now: datetime, scope: Scope) -> bool:
    """A change that was begun counts no more, unless somebody was faster. Its row stays, below zero, so that no open
    form or button of it can ever mean another one."""
    where = (scopes.c.id == scope.id, scopes.c.revision == scope.revision, scopes.c.status == scope.status)
    gone = {"version": -scope.id, "status": DRAFT, "updated_at": now}
    return tx.execute(update(scopes).where(*where, scopes.c.status != LOCKED).values(**gone)).rowcount == 1


def list_assumptions(tx: Connection, *where: Any) -> list[Assumption]:
    """Assumptions that meet the conditions, gone ones included, in the order of their scopes."""
    return [Assumption(**row._mapping) for row in tx.execute(_ASSUMPTIONS.where(*where))]


def list_standing(tx: Connection, bet_ids: Iterable[int]) -> dict[int, list[Assumption]]:
    """What each of these bets rests on by its newest locked scope."""
    found: dict[int, list[Assumption]] = {}
    for row in find(tx, _STANDING, wanted=list(bet_ids)):
        found.setdefault(row.bet_id, []).append(Assumption(**row._mapping))
    return found


def list_due_assumptions(tx: Connection, bet_ids: Iterable[int], day: date) -> dict[int, list[Assumption]]:
    """Those of these bets that nobody has verified and whose check date has come by that day, the first due first."""
    due: dict[int, list[Assumption]] = {}
    for bet_id, found in list_standing(tx, bet_ids).items():
        open_ones = [one for one in found if one.state == UNTESTED and one.check_at and one.check_at <= day]
        if open_ones:
            due[bet_id] = sorted(open_ones, key=lambda one: (str(one.check_at), not one.critical, one.position))
    return due


def list_reviews(tx: Connection, team_id: int) -> list[Scope]:
    """The team's scopes that wait for their sign-off, in the order of their bets; those of ended bets wait no more."""
    return [_as_scope(row) for row in find(tx, _REVIEWS, team=team_id)]


def list_due_in_team(tx: Connection, team_id: int, day: date) -> list[tuple[str, Assumption]]:
    """(who looks, which) of the due assumptions of the team's live bets: its own owner, else each of the bet's."""
    owners: dict[int, list[str]] = {}
    for row in find(tx, _LIVE_OWNERS, team=team_id):
        owners.setdefault(row.bet_id, []).append(row.user)
    due = [one for found in list_due_assumptions(tx, owners, day).values() for one in found]
    return [(user, one) for one in due for user in ([one.owner] if one.owner else owners[one.bet_id])]


def get_oldest_untested(tx: Connection, bet_ids: Iterable[int]) -> tuple[Assumption, datetime] | None:
    """Of these bets' critical assumptions the one that has waited longest to be verified, and since when."""
    waiting = [
        one for found in list_standing(tx, bet_ids).values() for one in found if one.critical and one.state == UNTESTED
    ]
    if not waiting:
        return None
    query = select(scopes.c.bet_id, scopes.c.version, scopes.c.locked_at)
    of_those = scopes.c.bet_id.in_({one.bet_id for one in waiting})
    locked = {(row.bet_id, row.version): row.locked_at for row in tx.execute(query.where(of_those)) if row.locked_at}
    since = [(one, locked[(one.bet_id, one.since_version)]) for one in waiting]
    return min(since, key=lambda found: (found[1], found[0].id))


def list_kind_stats(tx: Connection, team_id: int) -> list[KindStat]:
    """What became of the team's assumptions by kind, those of earlier versions included, of withdrawn bets not."""
    holds, false = (func.sum(case((assumptions.c.state == state, 1), else_=0)) for state in (HOLDS, FALSE))
    query = (
        select(assumptions.c.kind, func.count(), holds, false)
        .join(bets, bets.c.id == assumptions.c.bet_id)
        .where(bets.c.team_id == team_id, bets.c.status != "withdrawn")
        .group_by(assumptions.c.kind)
        .order_by(assumptions.c.kind)
    )
    return [KindStat(*row) for row in tx.execute(query)]


def get_assumption(tx: Connection, bet_id: int, assumption_id: Any) -> Assumption | None:
    """The bet's assumption of an id that came from outside, if its scope still has it."""
    if not isinstance(assumption_id, int):
        return None
    return next((one for one in list_standing(tx, [bet_id]).get(bet_id, ()) if one.id == assumption_id), None)


def insert_assumption(tx: Connection, bet_id: int, version: int, position: int, given: AssumptionText) -> int:
    """One assumption of a scope that is being locked; returns its id."""
    values = {name: getattr(given, name) for name in ("text", "kind", "critical", "how", "owner", "check_at")}
    values |= {"bet_id": bet_id, "ref": given.id, "since_version": version, "position": position, "state": UNTESTED}
    return inserted_id(tx.execute(insert(assumptions).values(**values)))


def update_assumption(tx: Connection, assumption_id: int, **values: Any) -> None:
    """Changes an assumption."""
    tx.execute(update(assumptions).where(assumptions.c.id == assumption_id).values(**values))
