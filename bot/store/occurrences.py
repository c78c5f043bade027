"""What was due and what became of it; whoever inserts the row acts, in the same transaction."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.store.tables import checkins, occurrences, prompts


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
    values: dict[str, Any] = {"team_id": team_id, "kind": kind, "subject": subject, "local_date": day}
    statement = upsert(occurrences).values(**values, due_at=due_at, state=state, at=now)
    keys = ["team_id", "kind", "subject", "local_date"]
    return tx.execute(statement.on_conflict_do_nothing(index_elements=keys)).rowcount == 1


def list_done(tx: Connection, team_id: int, since: date) -> dict[tuple[str, str, date], str]:
    """The states of what became of a team's lines since that day, by (kind, subject, day)."""
    where = (occurrences.c.team_id == team_id, occurrences.c.local_date >= since)
    rows = tx.execute(select(occurrences).where(*where))
    return {(row.kind, row.subject, row.local_date): row.state for row in rows}


def list_pending(tx: Connection, now: datetime, team_id: int) -> list[Row[Any]]:
    """What somebody of the team put off until now."""
    where = (occurrences.c.team_id == team_id, occurrences.c.state == "pending", occurrences.c.due_at <= now)
    return list(tx.execute(select(occurrences).where(*where).order_by(occurrences.c.id)))


def get_put_off(tx: Connection, team_id: int, user: str, since: date) -> datetime | None:
    """Until when somebody put off the reminder of the week that begins on `since`; None once they got it."""
    mine = (occurrences.c.team_id == team_id, occurrences.c.kind == "snooze", occurrences.c.subject == user)
    where = (*mine, occurrences.c.local_date >= since, occurrences.c.state == "pending")
    return tx.execute(select(occurrences.c.due_at).where(*where)).scalars().first()


def update_state(tx: Connection, now: datetime, row_id: int, state: str) -> bool:
    """Takes a pending row; False when somebody was faster."""
    where = (occurrences.c.id == row_id, occurrences.c.state == "pending")
    return tx.execute(update(occurrences).where(*where).values(state=state, at=now)).rowcount == 1


def list_asked(tx: Connection, team_id: int, week: str) -> list[str]:
    """Everybody who was asked in the team's check-in of that week while it is not closed, each once."""
    query = (
        select(prompts.c.owners)
        .join(checkins, checkins.c.id == prompts.c.checkin_id)
        .where(checkins.c.team_id == team_id, checkins.c.week == week, checkins.c.closed_at.is_(None))
        .order_by(prompts.c.id)
    )
    rows: Iterable[Row[Any]] = tx.execute(query)
    return list(dict.fromkeys(user for row in rows for user in row.owners))


def get_prompted_at(tx: Connection, team_id: int, week: str) -> datetime | None:
    """When the team's check-in of that week went out."""
    where = (checkins.c.team_id == team_id, checkins.c.week == week)
    return tx.execute(select(checkins.c.prompted_at).where(*where)).scalar_one_or_none()
