"""People as last looked up in Slack, who is in which team's channel, and who is away."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, select, union, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.domain.records import Absence, Actor, Person, Team
from bot.domain.zones import local_date
from bot.store.db import inserted_id, listed
from bot.store.prepared import change, find, find_one, find_tuples, find_value
from bot.store.tables import absences, members, people

FRESH = timedelta(hours=24)

# Built once, since every request asks who acts.
_DESCRIBED = [people.c[name] for name in Person.__dataclass_fields__]
_PERSON = select(*_DESCRIBED).where(people.c.user == bindparam("wanted"))
_PEOPLE = select(*_DESCRIBED).where(people.c.user.in_(listed()))
_NAMES = select(people.c.user, people.c.name).where(people.c.user.in_(listed()))
_MEMBERS = (
    select(members.c.user).where(members.c.team_id == bindparam("team"), members.c.present).order_by(members.c.user)
)
_ABSENCES = (
    select(absences)
    .where(
        absences.c.team_id == bindparam("team"),
        absences.c.first <= bindparam("to_day"),
        absences.c.last >= bindparam("from_day"),
    )
    .order_by(absences.c.id)
)
_LEFT = union(
    select(members.c.user).where(members.c.team_id == bindparam("team"), ~members.c.present),
    select(people.c.user).where(people.c.deleted),
)
_PRESENT = select(members.c.present).where(
    members.c.team_id == bindparam("team"), members.c.user == bindparam("wanted")
)
_new = upsert(members)
_NOW = {name: _new.excluded[name] for name in ("present", "looked_up_at")}
_MEMBER = _new.on_conflict_do_update(index_elements=["team_id", "user"], set_=_NOW)
# What Slack says of a person.
_SAID = [name for name in Person.__dataclass_fields__ if name != "dm_channel"]
_person = upsert(people)
_DESCRIBE = _person.on_conflict_do_update(
    index_elements=["user"], set_={name: _person.excluded[name] for name in _SAID}
)
_FRESH_MEMBER = (members.c.user == people.c.user) & (members.c.looked_up_at >= bindparam("since"))
# The person as often as it is known of a team whether they are in it, and once if it is of none.
_STANDING = (
    select(*_DESCRIBED, members.c.team_id, members.c.present)
    .join(members, _FRESH_MEMBER, isouter=True)
    .where(people.c.user == bindparam("wanted"))
)


def get_person(tx: Connection, user: str) -> Person | None:
    """A person, however long ago they were looked up."""
    row = find_one(tx, _PERSON, wanted=user)
    return Person(*row) if row else None


def list_people(tx: Connection, users: Iterable[str]) -> dict[str, Person]:
    """The people of these ids that are known."""
    return {row.user: Person(*row) for row in find(tx, _PEOPLE, wanted=list(users))}


def list_names(tx: Connection, users: Iterable[str]) -> dict[str, str]:
    """What the people of these ids are called, not escaped, of those that are known."""
    return dict(find_tuples(tx, _NAMES, wanted=list(users)))


def get_name(tx: Connection, user: str) -> str:
    """What a person is called, not escaped; the id of somebody nobody looked up."""
    return list_names(tx, [user]).get(user, user)


def update_person(tx: Connection, person: Person) -> None:
    """Stores a person as Slack now describes them; what is known of their DM stays."""
    change(tx, _DESCRIBE, **{name: getattr(person, name) for name in _SAID})


def update_dm_channel(tx: Connection, user: str, channel: str) -> None:
    """Remembers the DM with a person."""
    statement = upsert(people).values(user=user, name=user, dm_channel=channel)
    tx.execute(statement.on_conflict_do_update(index_elements=["user"], set_={"dm_channel": channel}))


def get_actor(tx: Connection, user: str, now: datetime) -> Actor | None:
    """The person with the teams they are known to be in; None when nobody looked them up in the last day."""
    return get_standing(tx, user, now)[0]


def get_standing(tx: Connection, user: str, now: datetime) -> tuple[Actor | None, frozenset[int]]:
    """The same, and the teams of which it is known whether they are in the channel."""
    rows = find(tx, _STANDING, wanted=user, since=now - FRESH)
    if not rows:
        return None, frozenset()
    *described, _, _ = rows[0]
    person = Person(*described)
    known = frozenset(row.team_id for row in rows if row.team_id is not None)
    if person.looked_up_at is None or person.looked_up_at < now - FRESH:
        return None, known
    return Actor(person, frozenset(row.team_id for row in rows if row.present)), known


def update_membership(tx: Connection, now: datetime, team_id: int, user: str, present: bool) -> None:
    """Stores that a person is, or is not, in a team's channel."""
    change(tx, _MEMBER, team_id=team_id, user=user, present=present, looked_up_at=now)


def is_present(tx: Connection, team_id: int, user: str) -> bool | None:
    """Whether a person was in the team's channel when last heard of; None for whom nothing is known."""
    present: bool | None = find_value(tx, _PRESENT, team=team_id, wanted=user)
    return present


def list_left(tx: Connection, team_id: int) -> set[str]:
    """Whoever is known to be in the team's channel no more, or in the workspace: nobody can ask them there."""
    return {row[0] for row in find(tx, _LEFT, team=team_id)}


def list_team_ids(tx: Connection, user: str) -> set[int]:
    """The teams this person was in when last seen; good enough to show them what is theirs, not to grant a right."""
    return set(tx.execute(select(members.c.team_id).where(members.c.user == user, members.c.present)).scalars())


def list_members(tx: Connection, team_id: int) -> list[str]:
    """The people known to be in the team's channel."""
    return [row[0] for row in find(tx, _MEMBERS, team=team_id)]


def insert_absence(tx: Connection, now: datetime, team_id: int, user: str, first: date, last: date, by: str) -> int:
    """Days away, both ends included."""
    values = {"team_id": team_id, "user": user, "first": first, "last": last, "by": by, "created_at": now}
    return inserted_id(tx.execute(insert(absences).values(**values)))


def update_absences_ended(tx: Connection, now: datetime, team_id: int, user: str, today: date) -> list[Absence]:
    """The person is back: ends every absence of theirs that is not over, planned ones too; returns them."""
    mine = [absence for absence in list_absences(tx, team_id, today, date.max) if absence.user == user]
    tx.execute(update(absences).where(absences.c.id.in_([one.id for one in mine])).values(ended_at=now))
    return mine


def list_absences(tx: Connection, team_id: int, first: date, last: date) -> list[Absence]:
    """Absences of a team that touch the days from `first` to `last`, without those that were ended."""
    rows = find(tx, _ABSENCES, team=team_id, from_day=first, to_day=last)
    return [Absence(row.id, row.team_id, row.user, row.first, row.last) for row in rows if row.ended_at is None]


def count_heads(tx: Connection, team_id: int) -> int:
    """How many people of the workspace are in the team's channel: no bots, guests or people who left.

    Whoever nobody has looked up yet counts.
    """
    members = list_members(tx, team_id)
    known = list_people(tx, members).values()
    return len(members) - sum(one.bot or one.limited or one.deleted for one in known)


def list_away(tx: Connection, team: Team, day: date) -> set[str]:
    """Who is away on `day`, or was: who came back later was away all the same."""
    rows = find(tx, _ABSENCES, team=team.id, from_day=day, to_day=day)
    return {row.user for row in rows if row.ended_at is None or local_date(row.ended_at, team.zone) > day}
