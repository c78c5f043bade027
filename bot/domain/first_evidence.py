"""First evidence: how soon a bet shows people something, and when it is time to ask for it."""

from collections.abc import Sequence
from datetime import datetime
from statistics import median

from bot.domain.records import Nudge
from bot.domain.zones import local_date

# The line of evidence under which a request for samples is kept.
NO_SAMPLES = "no_samples"
QUIET_DAYS = 21


def is_packet(nudge: Nudge) -> bool:
    """Whether it is advice with buttons to decide, and no request for samples in the bet's thread."""
    return all(one.get("code") != NO_SAMPLES for one in nudge.evidence)


def third_of(day: int, total: int) -> int:
    """How many thirds of an appetite of `total` days are reached on that day of it, 0 to 2: with the last one the bet
    has to be decided about, samples or not."""
    return min(2, 3 * day // total)


def days_to_first(started: datetime, first: datetime, zone: str) -> int:
    """Whole days from a bet's start to its first posted sample, on the team's calendar; 0 for one that came before."""
    return max(0, (local_date(first, zone) - local_date(started, zone)).days)


def may_ask(third: int, asks: Sequence[Nudge], since: datetime, now: datetime) -> bool:
    """Whether a bet without samples is asked for some in that third of the appetite that began at `since`: once a
    third, and never within three weeks of another ask."""
    asked = [int(one.get("third", 0)) for ask in asks if ask.created_at >= since for one in ask.evidence]
    rested = all((now - ask.created_at).days >= QUIET_DAYS for ask in asks)
    return third > max(asked, default=0) and rested


def first_evidence_note(days: Sequence[int], none_yet: int) -> str:
    """How soon the team's bets showed their first sample, and how many live ones have shown none."""
    if not days:
        return ""
    took = round(median(days))
    bets = "1 bet" if len(days) == 1 else f"{len(days)} bets"
    waiting = f"; {none_yet} live {'bet has' if none_yet == 1 else 'bets have'} shown none yet" if none_yet else ""
    return f"Median time to first evidence: {took} {'day' if took == 1 else 'days'} ({bets}){waiting}"
