"""What the policy would have said of a bet week by week, and since when the evidence was against it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.actions.asof import View
from bot.actions.cases import advise_bet
from bot.actions.teams import get_schedule
from bot.domain.calendar import due_between
from bot.domain.policy import KILL, Advice
from bot.domain.records import Bet, Team
from bot.domain.scoping import FALSE
from bot.store.evidence import Evidence, get_evidence

_AGAINST = (KILL, "ask")
# So long after a decisions hour a nudge is that hour's: the bot needs a moment.
_OF_THE_HOUR = timedelta(minutes=5)


@dataclass(frozen=True)
class Said:
    """What the policy says of a bet at an instant."""

    at: datetime
    advice: Advice


def list_replay(view: View, bet: Bet) -> Iterator[Said]:
    """What it would have said at each decisions hour between the bet's start and the view's instant, and when a nudge
    was given at another time (on the day of a hard fact), oldest first.

    With what people could see then, the nudges that were really shown, and the policy of today.
    """
    for at in sorted(_list_instants(view, bet)):
        if found := advise_at(replace(view, at=at), bet.id):
            yield Said(at, found)


def _list_instants(view: View, bet: Bet) -> list[datetime]:
    assert bet.started_at is not None
    schedule = get_schedule(view.team, view.at)
    line = next((one for one in ("decisions", "close", "checkin") if one in schedule.placed), "")
    lines = due_between(schedule, bet.started_at, view.at)
    hours = [due.at for name, _, due in lines if name == line and due.at is not None]
    given = [one.created_at for one in view.known.nudges.get(bet.id, ()) if one.created_at <= view.at]
    return hours + [at for at in given if not any(hour <= at < hour + _OF_THE_HOUR for hour in hours)]


def advise_at(view: View, bet_id: int) -> Advice | None:
    """What it says at the view's instant; None where the bet was not live then."""
    bet = next((one for one in view.live if one.id == bet_id), None)
    return advise_bet(view, bet) if bet is not None else None


def get_evidence_against(tx: Connection, now: datetime, team: Team, bet: Bet) -> tuple[datetime | None, float | None]:
    """When the first evidence against a bet was there, and the people-weeks spent on it from then until now.

    The evidence is the earliest of: a kill criterion that happened, a critical assumption found false, a nudge that
    asked or advised to kill, and the first decisions hour at which the policy said kill. Both None when there is none.
    """
    if bet.started_at is None:
        return None, None
    known = get_evidence(tx, team.id)
    # As it is in the caller's hands: the row may be ended already while its history is not written yet. Of the others
    # those that ever ended, which are the team's track record; what runs beside a bet never makes a kill of its advice.
    bets = (bet, *(one for one in known.bets if one.id != bet.id and _has_ended(known, one)))
    view = View(replace(known, bets=bets), team, now, now)
    facts = [one.answered_at for one in bet.kill_criteria if one.state == "failed" and one.answered_at is not None]
    facts += [
        one.answered_at
        for one in known.assumptions.get(bet.id, ())
        if one.critical and one.state == FALSE and one.answered_at is not None and one.gone_version is None
    ]
    facts += [one.created_at for one in known.nudges.get(bet.id, ()) if one.advice in _AGAINST]
    until = min([now, *facts])
    replayed = (one.at for one in list_replay(replace(view, at=until), bet) if one.advice.advice == KILL)
    first = min([*facts, *([found] if (found := next(replayed, None)) else [])], default=None)
    if first is None:
        return None, None
    return first, max(0.0, _spent(view, bet) - _spent(replace(view, at=first), bet))


def _has_ended(known: Evidence, bet: Bet) -> bool:
    """Whether it ended at any time, reopened since or not."""
    return bet.ended_at is not None or any(one.kind in ("kill", "ship") for one in known.decisions.get(bet.id, ()))


def _spent(view: View, bet: Bet) -> float:
    found = view.find(bet.id)
    return view.spent(found) if found is not None else 0.0
