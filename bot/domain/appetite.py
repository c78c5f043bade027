"""Appetites follow one another: what came of those before is summed up, and the count begins anew."""

import math
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.bets import LONGEST_APPETITE, appetite_people_weeks, day_of, days_total
from bot.domain.errors import Refusal
from bot.domain.records import Bet
from bot.domain.zones import describe_date, local_date

KEEP_WEEKS = 3


def weeks_run(bet: Bet, now: datetime, zone: str) -> float:
    """How many weeks the present appetite has run, the day that has begun included, pauses not counted."""
    return day_of(bet, now, zone) / 7


def weeks_run_ever(bet: Bet, now: datetime, zone: str) -> float:
    """The same since the first start, over all appetites."""
    return bet.earlier_weeks + weeks_run(bet, now, zone)


def deadline_of(bet: Bet, zone: str) -> date | None:
    """The last day of the present appetite, moved by its pauses; None for a bet that never started."""
    if bet.appetite_started_at is None:
        return None
    days = days_total(bet, zone) - 1 + bet.paused_days
    return local_date(bet.appetite_started_at, zone) + timedelta(days=days)


def agreed_people_weeks(bet: Bet) -> float:
    """People-weeks agreed on over all appetites, of replaced ones as much as ran: sunk cost is not forgotten."""
    return bet.earlier_people_weeks + bet.appetite_people_weeks


def people_weeks_left(bet: Bet, spent: float) -> float:
    """People-weeks of the present appetite that stopping frees; `spent` are those spent in it. Never below 0."""
    return max(bet.appetite_people_weeks - spent, 0.0)


def people_weeks_used(bet: Bet, now: datetime, zone: str) -> float:
    """What the present appetite came to in people-weeks: all of it once it has run out, else as much as has run.

    A promise that was replaced before it ran out was never spent: to count it whole would make all spending after it
    look small.
    """
    return bet.appetite_people_weeks * min(1.0, day_of(bet, now, zone) / days_total(bet, zone))


def new_appetite(bet: Bet, now: datetime, zone: str, weeks: int) -> dict[str, Any]:
    """A bet's columns when an appetite of so many weeks begins `now`; those before it are summed up, not forgotten."""
    return {
        "earlier_weeks": weeks_run_ever(bet, now, zone),
        "earlier_people_weeks": bet.earlier_people_weeks + people_weeks_used(bet, now, zone),
        "appetite_weeks": weeks,
        "appetite_people_weeks": appetite_people_weeks(weeks, len(bet.owners)),
        "appetite_started_at": now,
        "appetite_until": None,
        "paused_days": 0,
        "warned_75_at": None,
        "warned_100_at": None,
        "ended_at": None,
    }


def appetite_until(bet: Bet, now: datetime, zone: str, until: date) -> dict[str, Any]:
    """A bet's columns when an appetite begins `now` that ends on `until`, that day included."""
    days = (until - local_date(now, zone)).days + 1
    values = new_appetite(bet, now, zone, math.ceil(days / 7))
    return values | {"appetite_until": until, "appetite_people_weeks": round(days / 7 * len(bet.owners), 2)}


def larger_appetite(bet: Bet) -> int:
    """The weeks that a doubling proposes: twice the present appetite, as far as one may go."""
    return min(LONGEST_APPETITE, 2 * bet.appetite_weeks)


def proposed_weeks(kind: str, bet: Bet) -> int:
    """The weeks that the form of a new appetite proposes: a larger one to double down, the same to bet again."""
    return larger_appetite(bet) if kind == "double" else bet.appetite_weeks


def refuse_smaller(bet: Bet, weeks: int) -> int:
    """`weeks`, if that is more than now; else a Refusal for the field `appetite_weeks`."""
    if weeks <= bet.appetite_weeks < LONGEST_APPETITE:
        raise Refusal(
            f"Doubling down needs more than the {bet.appetite_weeks} weeks it has now: say more, or keep it instead.",
            "appetite_weeks",
        )
    return weeks


def refuse_until(until: date, today: date) -> date:
    """`until`, if that is later than today and within the longest appetite; else a Refusal for the field `until`."""
    last = today + timedelta(weeks=LONGEST_APPETITE)
    if until <= today:
        raise Refusal("Choose a day after today: by then the criterion is looked at.", "until")
    if until > last:
        raise Refusal(f"That is more than half a year away: choose {describe_date(last)} or earlier.", "until")
    return until
