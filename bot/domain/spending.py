"""What a bet has cost in people-weeks: the days reported, else owners x weeks, each week with its owners of then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import fmean

from bot.domain.appetite import weeks_run, weeks_run_ever
from bot.domain.asof import Change
from bot.domain.calendar import Week
from bot.domain.records import Bet
from bot.domain.zones import local_date

DAYS_OF_A_PEOPLE_WEEK = 5.0


@dataclass(frozen=True)
class Effort:
    """What is known of the effort on a bet: the days reported in each week (`2026-W48`) that has a report, and the
    bet's changes, oldest first, which tell who owned it when and whether it ran."""

    days: Mapping[str, float] = field(default_factory=dict)
    changes: Sequence[Change] = ()


def spent_now(bet: Bet, effort: Effort, at: datetime, zone: str) -> float:
    """People-weeks spent in the present appetite by `at`; the effort is that of this appetite alone."""
    return _spent(bet, effort, bet.appetite_started_at, at, zone, weeks_run(bet, at, zone))


def spent_ever(bet: Bet, effort: Effort, at: datetime, zone: str) -> float:
    """People-weeks spent since the first start by `at`, over all appetites."""
    return _spent(bet, effort, bet.started_at, at, zone, weeks_run_ever(bet, at, zone))


def people_weeks_spent(days: float, weeks_reported: int, weeks_used: float, owners: float) -> float:
    """People-weeks spent: the days reported (five to a week), and for weeks without a report owners x weeks."""
    return days / DAYS_OF_A_PEOPLE_WEEK + owners * max(0.0, weeks_used - weeks_reported)


def _spent(bet: Bet, effort: Effort, since: datetime | None, at: datetime, zone: str, weeks: float) -> float:
    owners = _mean_owners(bet, effort, since, at, zone) if since else float(len(bet.owners))
    return people_weeks_spent(sum(effort.days.values()), len(effort.days), weeks, owners)


def _mean_owners(bet: Bet, effort: Effort, since: datetime, at: datetime, zone: str) -> float:
    """How many owned the bet, on average over the days since then on which it ran and of whose week nobody reported.

    Walked back from `at`, with the bet as it was then; a day counts as it ended.
    """
    past = [change for change in effort.changes if since < change.at <= at]
    owners, status, day, counted = bet.owners, bet.status, local_date(at, zone), []
    if not any("owners" in change.before for change in past):
        return float(len(owners))
    for change in (*reversed(past), Change("", since)):
        first = local_date(change.at, zone)
        while day >= first:
            if status == "live" and Week.of(day).label not in effort.days:
                counted.append(len(owners))
            day -= timedelta(days=1)
        owners, status = change.before.get("owners", owners), change.before.get("status", status)
    return fmean(counted) if counted else float(len(bet.owners))
