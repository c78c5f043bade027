"""What the world outside the bet's own people says of it: votes, comparisons, criteria, assumptions, or nothing yet."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.cases import Assumption, Case, Criterion, Votes
from bot.domain.ledger import Line, clamp, count, line, named, percent, spent_words
from bot.domain.votes import wilson

WHOLE = 10_000
OUTSIDE = ("votes", "ab", "criterion_met", "criterion_passed", "assumption_false")
# How often a thumb goes up for a bet that works, and for one that does not; the same for blind comparisons.
THUMB_UP, THUMB_DOWN = math.log(0.65 / 0.42), math.log(0.35 / 0.58)
BLIND_FOR, BLIND_AGAINST = math.log(0.65 / 0.45), math.log(0.35 / 0.55)


@dataclass(frozen=True)
class Proof:
    """That the bet works, said by something else than its own people: the code of its line, and the day since when."""

    code: str
    since: int


def votes(case: Case) -> list[Line]:
    """Thumbs over all rounds, older ones for less, at 0.4 of their weight since voters are not independent."""
    if not case.votes:
        return []
    up, down = _weighed(case)
    points = clamp(0.4 * (up * THUMB_UP + down * THUMB_DOWN), -2.0, 2.0)
    newest = [one for one in case.votes if one.at == case.votes[-1].at]
    ups, downs = sum(one.up for one in newest), sum(one.down for one in newest)
    low, high = wilson(ups, downs)
    text = f"{count(ups)} of {count(ups + downs)} thumbs up on the newest samples (could be {100 * low:.0f} to "
    text += f"{percent(high)})"
    if len(newest) < len(case.votes):
        all_up, all_down = sum(one.up for one in case.votes), sum(one.down for one in case.votes)
        text += f"; {count(all_up)} of {count(all_up + all_down)} over all rounds"
    return [line("votes", points, text)]


def blind(case: Case) -> list[Line]:
    """Blind comparisons with the baseline; a tie counts half to each side."""
    if not case.blind:
        return []
    won, lost = _sides(case)
    wins, ties = sum(one.wins for one in case.blind), sum(one.ties for one in case.blind)
    points = clamp(0.6 * (won * BLIND_FOR + lost * BLIND_AGAINST), -2.0, 2.0)
    text = f"Blind comparison: preferred to the baseline {_times(wins)} of {count(won + lost)}"
    tied = "1 tie" if ties == 1 else f"{count(ties)} ties"
    return [line("ab", points, text + (f", {tied}" if ties else ""))]


def criteria(case: Case) -> list[Line]:
    """One line for each kill criterion that was met, was passed, or is overdue."""
    return [found for one in case.criteria if (found := _criterion(case, one))]


def assumptions(case: Case) -> list[Line]:
    """One line for each assumption that is false, and for each critical one untested past 40 % of the appetite."""
    return [found for one in case.assumptions if (found := _assumption(case, one))]


def no_proof(case: Case) -> list[Line]:
    """What it says that nothing outside speaks for the bet though so much is spent; half if nobody has looked yet."""
    share = min(0.75, 0.6 * max(0.0, case.share_spent - 0.35))
    if share <= 0 or find_proof(case):
        return []
    looked = bool(case.votes or case.blind or any(one.state != "open" for one in case.criteria))
    points = math.log(1 - share) * (1.0 if looked else 0.5)
    shown = f"about {10 * share:.0f} in 10 bets that pay off have shown one by now"
    if share < 0.1:
        shown = "fewer than 1 in 10 bets that pay off have shown one this early"
    yet = "no outside proof yet" if looked else "nobody outside has looked yet"
    return [line("no_proof", points, f"{spent_words(case)} spent and {yet}: {shown}")]


def find_proof(case: Case) -> Proof | None:
    """The first outside proof of the bet that still holds: a criterion passed, or votes or comparisons clearly for it.

    Clearly: the lower Wilson end (z = 1) is over one half (policy.md section 2).
    """
    found = [Proof("criterion_passed", _since(case, one)) for one in case.criteria if one.state == "passed"]
    if wilson(*_weighed(case), z=1)[0] > 0.5:
        found.append(Proof("votes", _reached([(one.at, one.up, one.down) for one in case.votes])))
    if wilson(*_sides(case), z=1)[0] > 0.5:
        sides = [(one.at, one.wins + one.ties / 2, one.losses + one.ties / 2) for one in case.blind]
        found.append(Proof("ab", _reached(sides)))
    return min(found, key=lambda one: (one.since, one.code), default=None)


def _criterion(case: Case, one: Criterion) -> Line | None:
    when = case.when(one.at)
    if one.state == "failed":
        text = f"{named(one.id, 'Kill criterion')} was met {when}: you agreed to stop"
        fact = f"{named(one.id, 'Kill criterion', WHOLE)} was met"
        return line("criterion_met", -1.2, text, hard=True, at=one.at, fact=fact)
    if one.state == "passed":
        return line("criterion_passed", 0.5, f"{named(one.id, 'Kill criterion')} did not happen {when}", at=one.at)
    if one.by is None or one.by >= case.day:
        return None
    late = case.day - one.by
    text = f"{named(one.id, 'Kill criterion')} was due {_ago(late)} and nobody has answered it"
    return line("criterion_overdue", max(-0.2 - 0.1 * late / 7, -0.8), text, at=one.by)


def _assumption(case: Case, one: Assumption) -> Line | None:
    if one.state == "false":
        kind = "Critical assumption" if one.critical else "Assumption"
        points = -2.0 if one.critical else -0.6
        text = f"{named(one.id, kind)} was found false {case.when(one.at)}"
        fact = f"{named(one.id, kind, WHOLE)} was found false"
        return line("assumption_false", points, text, hard=one.critical, at=one.at, fact=fact)
    if one.state == "untested" and one.critical and case.share_spent > 0.4:
        spent = f"{percent(case.share_spent)} of {case.appetite_words}"
        text = f"{named(one.id, 'Critical assumption')} is still untested at {spent}"
        return line("assumption_untested", -0.3, text)
    return None


def _weighed(case: Case) -> tuple[float, float]:
    """Thumbs up and down; those older than 28 days count half, older than 56 a quarter."""
    weights = [_weight(case.day, one) for one in case.votes]
    up = sum(weight * one.up for weight, one in zip(weights, case.votes, strict=True))
    return up, sum(weight * one.down for weight, one in zip(weights, case.votes, strict=True))


def _weight(day: int, one: Votes) -> float:
    age = day - one.at
    return 0.25 if age > 56 else 0.5 if age > 28 else 1.0


def _sides(case: Case) -> tuple[float, float]:
    ties = sum(one.ties for one in case.blind) / 2
    return sum(one.wins for one in case.blind) + ties, sum(one.losses for one in case.blind) + ties


def _since(case: Case, one: Criterion) -> int:
    """The day of a criterion's answer; today where nobody knows, so that nothing follows from how long ago it was."""
    return case.day if one.at is None else one.at


def _reached(rounds: Sequence[tuple[int, float, float]]) -> int:
    """The day of the first round after which all so far spoke clearly for the bet, else of the newest."""
    up = down = 0.0
    for at, more_up, more_down in rounds:
        up, down = up + more_up, down + more_down
        if wilson(up, down, z=1)[0] > 0.5:
            return at
    return rounds[-1][0]


def _times(number: float) -> str:
    return "once" if number == 1 else f"{count(number)} times"


def _ago(days: int) -> str:
    return "1 day ago" if days == 1 else f"{days} days ago"
