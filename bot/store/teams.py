"""Teams and their week."""

from collections.abc import Iterable
from datetime import time
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.domain.records import Team
from bot.store.db import inserted_id, record
from bot.store.prepared import find
from bot.store.tables import schedule, teams

# Each team as often as its week has lines. Built once, since every request asks for its team.
_LINES = (schedule.c.line, schedule.c.day, schedule.c.at)
_TEAMS = select(teams, *_LINES).join(schedule, schedule.c.team_id == teams.c.id).order_by(teams.c.id)
_OF_ID = _TEAMS.where(teams.c.id == bindparam("wanted"))
_OF_CHANNEL = _TEAMS.where(teams.c.channel == bindparam("wanted"))
_COLUMNS = tuple(column.name for column in teams.c)
_PLACES = select(teams.c.id, teams.c.channel).order_by(teams.c.id)
_PLACE = _PLACES.where(teams.c.channel == bindparam("wanted"))
_REACHABLE = _PLACES.where(teams.c.unreachable.is_(None))


class Place(NamedTuple):
    """Where a team is, for who needs no more of it: every press asks who is there."""

    id: int
    channel: str


def _whole(lines: Iterable[Any]) -> list[Team]:
    weeks: dict[int, list[Any]] = {}
    for row in lines:
        weeks.setdefault(row.id, []).append(row)
    return [_as_team(rows) for rows in weeks.values()]


def _as_team(rows: list[Any]) -> Team:
    values = dict(zip(_COLUMNS, rows[0]))
    days = {row.line: row.day for row in rows}
    times = {row.line: time.fromisoformat(row.at) for row in rows}
    return record(Team, values | {"days": days, "times": times})


def list_teams(tx: Connection, *where: Any) -> list[Team]:
    """Every team (that meets the conditions), in the order in which they were set up."""
    return _whole(tx.execute(_TEAMS.where(*where)) if where else find(tx, _TEAMS))


def get_team(tx: Connection, team_id: int) -> Team:
    """The team of that id; it must exist."""
    return _whole(find(tx, _OF_ID, wanted=team_id))[0]


def get_team_or_none(tx: Connection, team_id: Any) -> Team | None:
    """The team of an id that came from outside, if there is one."""
    return next(iter(_whole(find(tx, _OF_ID, wanted=team_id))), None) if isinstance(team_id, int) else None


def get_team_of_channel(tx: Connection, channel: str) -> Team | None:
    """The team that is set up in that channel."""
    return next(iter(_whole(find(tx, _OF_CHANNEL, wanted=channel))), None)


def list_places(tx: Connection, channel: str | None) -> list[Place]:
    """The team of the channel; without a channel every team whose channel Slack can be asked about."""
    rows = find(tx, _PLACE, wanted=channel) if channel else find(tx, _REACHABLE)
    return [Place(*row) for row in rows]


def insert_team(
    tx: Connection, channel: str, days: dict[str, int | None], times: dict[str, time], **values: Any
) -> int:
    """A new team with its week; returns its id. A channel has at most one."""
    team_id = inserted_id(tx.execute(insert(teams).values(channel=channel, **values)))
    update_schedule(tx, team_id, days, times)
    return team_id


def update_team(tx: Connection, team_id: int, version: int | None = None, **values: Any) -> bool:
    """Changes a team; with `version` only if nobody changed it since that version was read. False: somebody did."""
    where = [teams.c.id == team_id] + ([teams.c.version == version] if version is not None else [])
    changed = update(teams).where(*where).values(**values, version=teams.c.version + 1)
    return tx.execute(changed).rowcount == 1


def update_schedule(tx: Connection, team_id: int, days: dict[str, int | None], times: dict[str, time]) -> None:
    """The team's week: each line's day (None: off) and local time."""
    for line, day in days.items():
        values = {"day": day, "at": times[line].strftime("%H:%M")}
        statement = upsert(schedule).values(team_id=team_id, line=line, **values)
        tx.execute(statement.on_conflict_do_update(index_elements=["team_id", "line"], set_=values))
