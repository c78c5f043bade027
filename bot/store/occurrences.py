"""What was due and what became of it; whoever inserts the row acts, in the same transaction."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.store.db import Instant
from bot.store.prepared import change, find, find_value
from bot.store.tables import checkins, occurrences, prompts

# Built once: each tick asks for them, and they take longer to put together than to run.
_ONCE = upsert(occurrences).on_conflict_do_nothing(index_elements=["team_id", "kind", "subject", "local_date"])
_OF_TEAM = select(occurrences).where(occurrences.c.team_id == bindparam("team"))
_SINCE = _OF_TEAM.where(occurrences.c.local_date >= bindparam("since"))
_DUE = (occurrences.c.state == "pending", occurrences.c.due_at <= bindparam("now", type_=Instant))
_PENDING = _OF_TEAM.where(*_DUE).order_by(occurrences.c.id)
_OF_WEEK = (checkins.c.team_id == bindparam("team"), checkins.c.week == bindparam("week"))
_PROMPTED = select(checkins.c.prompted_at).where(*_OF_WEEK)
_ASKED = (
    select(prompts.c.owners)
    .join(checkins, checkins.c.id == prompts.c.checkin_id)
    .where(*_OF_WEEK, checkins.c.closed_at.is_(None))
    .order_by(prompts.c.id)
)


def insert_occurrence(
    tx: Connection,
    now: datetime,
    team_id: int,
    kind: str,
    subject: str,
    day: date,
    due_at: datetime,
    state: str = "done",
) -> bool:
    """Marks what was due as being done now (or as `pending` for later); False when somebody did it already."""
    what: dict[str, Any] = {"team_id": team_id, "kind": kind, "subject": subject, "local_date": day}
    return change(tx, _ONCE, **what, due_at=due_at, state=state, at=now) == 1


def list_done(tx: Connection, team_id: int, since: date) -> dict[tuple[str, str, date], str]:
    """The states of what became of a team's lines since that day, by (kind, subject, day)."""
    rows = find(tx, _SINCE, team=team_id, since=since)
    return {(row.kind, row.subject, row.local_date): row.state for row in rows}


def list_pending(tx: Connection, now: datetime, team_id: int) -> list[Row[Any]]:
    """What somebody of the team put off until now."""
    return find(tx, _PENDING, team=team_id, now=now)


def get_put_off(tx: Connection, team_id: int, user: str, since: date) -> tuple[datetime | None, bool]:
    """Until when somebody put off the reminder of the week that begins on `since`, if they did, and whether that is
    still to come."""
    mine = (occurrences.c.team_id == team_id, occurrences.c.kind == "snooze", occurrences.c.subject == user)
    query = select(occurrences.c.due_at, occurrences.c.state).where(*mine, occurrences.c.local_date >= since)
    row = tx.execute(query.order_by(occurrences.c.due_at.desc())).first()
    return (row.due_at, row.state == "pending") if row else (None, False)


def update_state(tx: Connection, now: datetime, row_id: int, state: str) -> bool:
    """Takes a pending row; False when somebody was faster."""
    where = (occurrences.c.id == row_id, occurrences.c.state == "pending")
    return tx.execute(update(occurrences).where(*where).values(state=state, at=now)).rowcount == 1


def list_asked(tx: Connection, team_id: int, week: str) -> list[str]:
    """Everybody who is asked in the team's check-in of that week while it is not closed, each once."""
    rows = find(tx, _ASKED, team=team_id, week=week)
    return list(dict.fromkeys(user for row in rows for user in row.owners))


def get_prompted_at(tx: Connection, team_id: int, week: str) -> datetime | None:
    """When the team's check-in of that week went out."""
    return find_value(tx, _PROMPTED, team=team_id, week=week)
