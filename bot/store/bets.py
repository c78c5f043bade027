"""Bets with their owners and kill criteria, and the decisions about them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select, update

from bot.domain.records import Bet, Decision, KillCriterion
from bot.store.checkins import update_asked
from bot.store.db import inserted_id, listed, record
from bot.store.prepared import find, find_one, find_tuples
from bot.store.tables import bet_owners, bets, decisions, kill_criteria, updates

_COLUMNS = [column for column in bets.c if column.name in Bet.__dataclass_fields__]

_NAMES = [column.name for column in _COLUMNS]

# Built once, since almost every request asks for bets.
_WANTED = listed()
_BETS = select(*_COLUMNS).order_by(bets.c.number)
_OF_IDS = _BETS.where(bets.c.id.in_(_WANTED))
_OF_TEAM = _BETS.where(bets.c.team_id == bindparam("team"), bets.c.status.in_(_WANTED))
_OF_NUMBER = _BETS.where(bets.c.number == bindparam("number"))
# The bet first in each row.
_OWNERS = (
    select(bet_owners.c.bet_id, bet_owners.c.user)
    .where(bet_owners.c.bet_id.in_(_WANTED))
    .order_by(bet_owners.c.position)
)
_CRITERIA = (
    select(kill_criteria.c.bet_id, *(kill_criteria.c[name] for name in KillCriterion.__dataclass_fields__))
    .where(kill_criteria.c.bet_id.in_(_WANTED))
    .order_by(kill_criteria.c.position)
)
_PAUSE_ENDED = (
    select(bets.c.id)
    .where(bets.c.team_id == bindparam("team"), bets.c.status == "paused", bets.c.paused_until < bindparam("today"))
    .limit(1)
)
# Decisions that an undo took back.
UNDONE = select(decisions.c.of).where(decisions.c.kind == "undo", decisions.c.of.is_not(None))
_NEWEST_DECISIONS = (
    select(decisions)
    .where(
        decisions.c.id.in_(
            select(func.max(decisions.c.id)).where(decisions.c.bet_id.in_(_WANTED)).group_by(decisions.c.bet_id)
        )
    )
    .order_by(decisions.c.id)
)

_STANDING_DECISIONS = select(decisions).where(
    decisions.c.id.in_(
        select(func.max(decisions.c.id))
        .where(decisions.c.bet_id.in_(_WANTED), decisions.c.kind != "undo", decisions.c.id.not_in(UNDONE))
        .group_by(decisions.c.bet_id)
    )
)


def list_bets(tx: Connection, *where: Any) -> list[Bet]:
    """Bets that meet the conditions, in the order of their keys, with owners and kill criteria: three queries."""
    return _whole(tx, tx.execute(_BETS.where(*where)).all())


def _whole(tx: Connection, rows: Sequence[Any]) -> list[Bet]:
    ids = [row[0] for row in rows]
    if not ids:
        return []
    owners, criteria = _grouped(tx, _OWNERS, ids), _grouped(tx, _CRITERIA, ids)
    return [_as_bet(row, owners.get(row[0], ()), criteria.get(row[0], ())) for row in rows]


def _grouped(tx: Connection, query: Select[Any], ids: list[int]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = {}
    for row in find_tuples(tx, query, wanted=ids):
        groups.setdefault(row[0], []).append(row)
    return groups


def _as_bet(row: Sequence[Any], owners: Sequence[Any], criteria: Sequence[Any]) -> Bet:
    values = dict(zip(_NAMES, row))
    values["owners"] = tuple([user for _, user in owners])
    values["kill_criteria"] = tuple([KillCriterion(*criterion[1:]) for criterion in criteria]) if criteria else ()
    return record(Bet, values)


def get_bet(tx: Connection, bet_id: int) -> Bet:
    """The bet of that id; it must exist."""
    return _whole(tx, find_tuples(tx, _OF_IDS, wanted=[bet_id]))[0]


def get_bet_or_none(tx: Connection, bet_id: int) -> Bet | None:
    """The bet of an id that came from outside, if there is one."""
    return next(iter(_whole(tx, find_tuples(tx, _OF_IDS, wanted=[bet_id]))), None)


def get_bet_by_number(tx: Connection, number: int) -> Bet | None:
    """The bet B-`number`."""
    return next(iter(_whole(tx, find_tuples(tx, _OF_NUMBER, number=number))), None)


def get_bet_by_card(tx: Connection, card_id: int) -> Bet | None:
    """The bet whose card is row `card_id` of the outbox."""
    return next(iter(list_bets(tx, bets.c.card_id == card_id)), None)


def list_bets_by_id(tx: Connection, bet_ids: Iterable[int]) -> list[Bet]:
    """The bets of these ids, in the order of their keys."""
    return _whole(tx, find_tuples(tx, _OF_IDS, wanted=list(bet_ids)))


def list_team_bets(tx: Connection, team_id: int, statuses: Iterable[str]) -> list[Bet]:
    """A team's bets in any of these statuses."""
    return _whole(tx, find_tuples(tx, _OF_TEAM, team=team_id, wanted=list(statuses)))


def list_owned_bets(tx: Connection, user: str, statuses: Iterable[str]) -> list[Bet]:
    """A person's bets in any of these statuses, in all teams."""
    owned = select(bet_owners.c.bet_id).where(bet_owners.c.user == user)
    return list_bets(tx, bets.c.id.in_(owned), bets.c.status.in_(list(statuses)))


def insert_bet(
    tx: Connection, owners: Iterable[str], criteria: Iterable[KillCriterion], number: int | None = None, **values: Any
) -> int:
    """A new bet under the next free key (or `number`); returns its id."""
    if number is None:
        number = (tx.execute(select(func.max(bets.c.number))).scalar() or 0) + 1
    bet_id = inserted_id(tx.execute(insert(bets).values(number=number, **values)))
    update_owners(tx, bet_id, owners)
    update_criteria(tx, bet_id, criteria)
    return bet_id


def update_bet(tx: Connection, bet_id: int, version: int | None = None, **values: Any) -> bool:
    """Changes a bet; with `version` only if nobody changed it since that version was read. False: somebody did."""
    where = [bets.c.id == bet_id] + ([bets.c.version == version] if version is not None else [])
    changed = update(bets).where(*where).values(**values, version=bets.c.version + 1)
    return tx.execute(changed).rowcount == 1


def update_card(tx: Connection, bet_id: int, card_id: int) -> None:
    """Remembers the bet's card; no change of the bet itself, so what somebody edits meanwhile stays valid."""
    tx.execute(update(bets).where(bets.c.id == bet_id).values(card_id=card_id))


def update_warned(tx: Connection, bet_id: int, said: dict[str, datetime]) -> None:
    """Remembers which warnings were said; no change of the bet itself, so what somebody edits meanwhile stays valid."""
    tx.execute(update(bets).where(bets.c.id == bet_id).values(**said))


def update_criterion(tx: Connection, criterion_id: int, state: str, by: str, at: datetime) -> None:
    """Remembers an answer to a kill criterion, also one that leaves it open."""
    answered = {"state": state, "answered_by": by, "answered_at": at}
    tx.execute(update(kill_criteria).where(kill_criteria.c.id == criterion_id).values(**answered))


def update_status(tx: Connection, bet_id: int, before: str, after: str, **values: Any) -> bool:
    """Moves a bet from status `before` to `after`; False when it is no longer `before`: somebody was faster."""
    moved = update(bets).where(bets.c.id == bet_id, bets.c.status == before)
    return tx.execute(moved.values(status=after, **values, version=bets.c.version + 1)).rowcount == 1


def update_owners(tx: Connection, bet_id: int, owners: Iterable[str]) -> None:
    """Replaces the bet's owners; who is new among them owes an answer to the check-in that is open, as the others."""
    before, wanted = {row.user for row in find(tx, _OWNERS, wanted=[bet_id])}, list(dict.fromkeys(owners))
    tx.execute(delete(bet_owners).where(bet_owners.c.bet_id == bet_id))
    for position, user in enumerate(wanted):
        tx.execute(insert(bet_owners).values(bet_id=bet_id, user=user, position=position))
    update_asked(tx, bet_id, [user for user in wanted if user not in before])


def update_criteria(tx: Connection, bet_id: int, criteria: Iterable[KillCriterion]) -> None:
    """Replaces the bet's kill criteria; those that have an id are kept, with what was answered about them."""
    wanted = list(criteria)
    kept = [criterion.id for criterion in wanted if criterion.id is not None]
    tx.execute(delete(kill_criteria).where(kill_criteria.c.bet_id == bet_id, kill_criteria.c.id.not_in(kept)))
    for position, criterion in enumerate(wanted):
        values = {"position": position, "text": criterion.text, "due": criterion.due, "state": criterion.state}
        if criterion.id is None:
            tx.execute(insert(kill_criteria).values(bet_id=bet_id, **values))
        else:
            tx.execute(update(kill_criteria).where(kill_criteria.c.id == criterion.id).values(**values))


def insert_criterion(tx: Connection, bet_id: int, criterion: KillCriterion) -> int:
    """One more kill criterion, behind the others; returns its id."""
    count = tx.execute(select(func.count()).where(kill_criteria.c.bet_id == bet_id)).scalar_one()
    values = {"bet_id": bet_id, "position": count, "text": criterion.text, "due": criterion.due}
    return inserted_id(tx.execute(insert(kill_criteria).values(**values)))


def insert_decision(tx: Connection, now: datetime, bet_id: int, kind: str, by: str, **values: Any) -> int:
    """One decision; returns its id. `values` are further columns, such as `reason`."""
    decided = insert(decisions).values(bet_id=bet_id, kind=kind, by=by, created_at=now, **values)
    return inserted_id(tx.execute(decided))


def list_decisions(tx: Connection, *where: Any) -> list[Decision]:
    """Decisions that meet the conditions, oldest first."""
    return [Decision(**row._mapping) for row in tx.execute(select(decisions).where(*where).order_by(decisions.c.id))]


def list_decided(tx: Connection, team_id: int, since: datetime, until: datetime) -> list[Decision]:
    """What was decided in the team after `since` and not after `until`, but for what was undone."""
    where = (decisions.c.created_at > since, decisions.c.created_at <= until, decisions.c.id.not_in(UNDONE))
    return list_decisions(tx, decisions.c.bet_id.in_(select(bets.c.id).where(bets.c.team_id == team_id)), *where)


def get_decision(tx: Connection, decision_id: int) -> Decision:
    """The decision of that id; it must exist."""
    return list_decisions(tx, decisions.c.id == decision_id)[0]


def list_last_decisions(tx: Connection, bet_ids: Iterable[int]) -> dict[int, Decision]:
    """The newest decision on each of the bets that has any, be it an undo."""
    rows = find(tx, _NEWEST_DECISIONS, wanted=list(bet_ids))
    return {row.bet_id: Decision(**row._mapping) for row in rows}


def list_standing_decisions(tx: Connection, bet_ids: Iterable[int]) -> dict[int, Decision]:
    """The newest decision on each of the bets that stands: no undo, and not undone."""
    rows = find(tx, _STANDING_DECISIONS, wanted=list(bet_ids))
    return {row.bet_id: Decision(**row._mapping) for row in rows}


def list_standing_kills(tx: Connection, bet_ids: Iterable[int]) -> dict[int, Decision]:
    """The newest kill of each of the bets that was killed, undone ones apart."""
    where = (decisions.c.bet_id.in_(list(bet_ids)), decisions.c.kind == "kill", decisions.c.id.not_in(UNDONE))
    return {kill.bet_id: kill for kill in list_decisions(tx, *where)}


def list_kill_days(tx: Connection, team_id: int) -> list[float]:
    """Of the team's killed bets, the days from the first evidence against each to its kill, where there was any."""
    standing = (decisions.c.kind == "kill", decisions.c.id.not_in(UNDONE))
    newest = select(func.max(decisions.c.id)).where(*standing).group_by(decisions.c.bet_id)
    query = (
        select(decisions.c.created_at, decisions.c.against_at)
        .join(bets, bets.c.id == decisions.c.bet_id)
        .where(bets.c.team_id == team_id, bets.c.status == "killed", decisions.c.id.in_(newest))
    )
    return [(row.created_at - row.against_at).total_seconds() / 86_400 for row in tx.execute(query) if row.against_at]


def list_warned(tx: Connection, team_id: int) -> dict[int, datetime]:
    """Since when the team's bets know that their appetite is spent."""
    where = (bets.c.team_id == team_id, bets.c.warned_100_at.is_not(None))
    return {row.id: row.warned_100_at for row in tx.execute(select(bets.c.id, bets.c.warned_100_at).where(*where))}


def list_doubled(tx: Connection, bet_ids: Iterable[int]) -> set[int]:
    """Those of the bets that were doubled down on, undone decisions apart."""
    where = (decisions.c.bet_id.in_(list(bet_ids)), decisions.c.kind == "double", decisions.c.id.not_in(UNDONE))
    return set(tx.execute(select(decisions.c.bet_id).where(*where)).scalars())


def is_answered(tx: Connection, bet_id: int) -> bool:
    """Whether anybody has given an update on the bet that still stands."""
    where = (updates.c.bet_id == bet_id, updates.c.deleted.is_(False))
    return tx.execute(select(updates.c.id).where(*where).limit(1)).first() is not None


def has_ended_pauses(tx: Connection, team_id: int, today: date) -> bool:
    """Whether the last day of a paused bet's pause is over."""
    return find_one(tx, _PAUSE_ENDED, team=team_id, today=today) is not None
