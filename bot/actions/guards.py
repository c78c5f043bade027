"""What must still hold when a message goes out; asked in the transaction that claims it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.actions.reminders import list_owed
from bot.actions.waiting import get_waiting, list_sign_offs
from bot.domain.calendar import Week
from bot.store.checkins import get_checkin
from bot.store.comparisons import list_hidden
from bot.store.people import list_left
from bot.store.tables import (
    assumptions,
    bets,
    checkins,
    comparisons,
    kill_criteria,
    nudges,
    sample_rounds,
    teams,
)

Guard = dict[str, Any]


def holds(tx: Connection, now: datetime, guard: Guard) -> bool:
    """Whether the message is still true and wanted."""
    return _GUARDS[guard["if"]](tx, now, guard)


def _bet_is(tx: Connection, now: datetime, guard: Guard) -> bool:
    status = tx.execute(select(bets.c.status).where(bets.c.id == guard["bet"])).scalar_one_or_none()
    return status in guard["statuses"]


def _checkin_open(tx: Connection, now: datetime, guard: Guard) -> bool:
    query = select(checkins.c.id).where(checkins.c.id == guard["checkin"], checkins.c.closed_at.is_(None))
    return tx.execute(query).first() is not None


def _unanswered(tx: Connection, now: datetime, guard: Guard) -> bool:
    """The person still owes an answer, or a confidence, on a live bet of that open check-in, or something else waits
    for them in its team."""
    checkin = get_checkin(tx, guard["checkin"])
    if checkin is None or checkin.closed_at or guard["user"] in list_left(tx, checkin.team_id):
        return False
    if get_waiting(tx, checkin.team_id, guard["user"], Week.parse(checkin.week)):
        return True
    return any(list_owed(tx, checkin, guard["user"]))


def _sign_off_waits(tx: Connection, now: datetime, guard: Guard) -> bool:
    user, team_id = guard["user"], guard["team"]
    return user in list_sign_offs(tx, team_id) and user not in list_left(tx, team_id)


def _team_works(tx: Connection, now: datetime, guard: Guard) -> bool:
    query = select(teams.c.paused_at).where(teams.c.id == guard["team"])
    return tx.execute(query).scalar_one_or_none() is None


def _not_set_up(tx: Connection, now: datetime, guard: Guard) -> bool:
    query = select(teams.c.id).where(teams.c.channel == guard["channel"])
    return tx.execute(query).first() is None


def _assumption_false(tx: Connection, now: datetime, guard: Guard) -> bool:
    false = (assumptions.c.id == guard["assumption"], assumptions.c.state == "false")
    return tx.execute(select(assumptions.c.id).where(*false)).first() is not None


def _nudge_open(tx: Connection, now: datetime, guard: Guard) -> bool:
    """One of the nudges is not answered and its bet still live; `anyway`: the message says something else too.

    With `criterion` or `assumption`, the answer that made it a hard fact must still stand.
    """
    if guard.get("anyway"):
        return True
    if "criterion" in guard:
        failed = (kill_criteria.c.id == guard["criterion"], kill_criteria.c.state == "failed")
        if tx.execute(select(kill_criteria.c.id).where(*failed)).first() is None:
            return False
    if "assumption" in guard and not _assumption_false(tx, now, guard):
        return False
    waits = (nudges.c.id.in_(guard["nudges"]), nudges.c.answer == "none", bets.c.status == "live")
    query = select(nudges.c.id).join(bets, bets.c.id == nudges.c.bet_id).where(*waits)
    return tx.execute(query).first() is not None


def _round_open(tx: Connection, now: datetime, guard: Guard) -> bool:
    still = (sample_rounds.c.id == guard["round"], sample_rounds.c.closed_at.is_(None))
    return tx.execute(select(sample_rounds.c.id).where(*still)).first() is not None


def _comparison_open(tx: Connection, now: datetime, guard: Guard) -> bool:
    still = (comparisons.c.id == guard["comparison"], comparisons.c.closed_at.is_(None))
    return tx.execute(select(comparisons.c.id).where(*still)).first() is not None


def _not_compared(tx: Connection, now: datetime, guard: Guard) -> bool:
    """None of the sets that it names is in a blind comparison."""
    return not list_hidden(tx, guard["bet"]) & set(guard["sets"])


_GUARDS: dict[str, Callable[[Connection, datetime, Guard], bool]] = {
    "bet_is": _bet_is,
    "checkin_open": _checkin_open,
    "unanswered": _unanswered,
    "sign_off_waits": _sign_off_waits,
    "team_works": _team_works,
    "not_set_up": _not_set_up,
    "assumption_false": _assumption_false,
    "nudge_open": _nudge_open,
    "round_open": _round_open,
    "comparison_open": _comparison_open,
    "not_compared": _not_compared,
}
