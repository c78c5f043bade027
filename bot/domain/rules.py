"""The rules of the nudge policy: what they look at, and which is the first that fits (policy.md section 2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from bot.domain import rails
from bot.domain.cases import Case
from bot.domain.evidence import gather
from bot.domain.ledger import Line, base_rate, index_of, logistic, logit
from bot.domain.proofs import OUTSIDE, Proof, find_proof
from bot.domain.rails import Rail

KEEP, ASK, KILL, DOUBLE = "keep", "ask", "kill", "double_down"
# What each rule advises; 0 and 8 are silence.
ADVICE_OF = {0: KEEP, 1: KILL, 2: KILL, 3: KILL, 4: KILL, 5: ASK, 6: DOUBLE, 7: ASK, 8: KEEP}
SNOOZED, SHIP_IT = 0, 3
SNOOZE_DAYS, ASKED_DAYS = 14, 21


@dataclass(frozen=True)
class Seen:
    """A case with everything the rules look at.

    `sober` is the index without the line of silence, which kills go by: silence never kills (product.md, A bet's life).
    """

    case: Case
    lines: tuple[Line, ...]
    p: float
    index: float
    sober: float
    hard: tuple[Line, ...]
    new_hard: bool
    proof: Proof | None
    rail: Rail | None

    @property
    def outside(self) -> float:
        """Points of what others than the bet's own people say."""
        return fsum(one.points for one in self.lines if one.code in OUTSIDE)

    def has(self, *codes: str) -> bool:
        return any(one.code in codes for one in self.lines)


def look(case: Case) -> Seen:
    """Everything the rules look at, gathered once."""
    lines = gather(case)
    start = logit(base_rate(case.finished))
    p = logistic(start + fsum(one.points for one in lines))
    sober = logistic(start + fsum(one.points for one in lines if one.code != "silence"))
    hard = tuple(one for one in lines if one.hard)
    return Seen(
        case=case,
        lines=lines,
        p=p,
        index=index_of(case, p),
        sober=index_of(case, sober),
        hard=hard,
        new_hard=_is_new(case, hard),
        proof=find_proof(case),
        rail=_rail_of_doubling(case),
    )


def _is_new(case: Case, hard: Sequence[Line]) -> bool:
    """Whether a hard fact came after everything shown so far, so that it can break a rest once and only once.

    The bot knows which facts stood at each nudge; where only days are known, one of a later day than all nudges is new.
    """
    shown = [one for one in case.nudges if one.advice != KEEP]
    if shown and all(one.hard is not None for one in shown):
        told = [fact for one in shown for fact in one.hard or ()]
        # What was told with its day is the same fact.
        return any(not any(fact.startswith(one.fact) for fact in told) for one in hard)
    last = max((one.at for one in shown), default=-1)
    return any((one.at or 0) > last for one in hard)


def first_rule(seen: Seen) -> int:
    """The number of the first rule that fits, 0 to 8."""
    fits = (
        (0, _is_snoozed(seen)),
        *_weak_rules(seen),
        (6, is_strong(seen) and seen.rail is None),
        (7, _is_unanswered(seen)),
    )
    return next((rule for rule, fit in fits if fit), 8)


def _weak_rules(seen: Seen) -> tuple[tuple[int, bool], ...]:
    spent = seen.case.share_spent
    return (
        (1, bool(seen.hard) and seen.sober < 1),
        (2, spent >= 1 and (seen.proof is None or seen.sober < 1.5)),
        (3, spent > 0.8 and _since_proof(seen) > 1.5 * seen.case.appetite_pw),
        (4, seen.sober < 0.7 and (_was_looked_at(seen) or spent > 0.6 or seen.sober < 0.2)),
        (5, seen.index < 0.7),
    )


def _was_looked_at(seen: Seen) -> bool:
    asked = any(one.advice == ASK and seen.case.day - one.at <= ASKED_DAYS for one in seen.case.nudges)
    return asked or seen.has(*OUTSIDE)


def _since_proof(seen: Seen) -> float:
    """People-weeks since the proof, as if the effort had been spread evenly over the bet's days; 0 without one."""
    if seen.proof is None:
        return 0.0
    return seen.case.spent_pw * (seen.case.day - seen.proof.since) / max(seen.case.day, 1)


def is_strong(seen: Seen) -> bool:
    """Whether a bet deserves doubling, room for it or not."""
    strong = seen.index >= 2 and seen.p >= 0.45 and seen.outside > 0.5
    return strong and not seen.hard and not seen.case.doubled()


def _is_unanswered(seen: Seen) -> bool:
    """A criterion is overdue, or not one prompt of the last three weeks was answered.

    The table says "silence under -0.5 points", which its formula never is: -0.5 itself, complete silence, is meant.
    """
    return any(one.code == "criterion_overdue" or (one.code == "silence" and one.points <= -0.5) for one in seen.lines)


def _rail_of_doubling(case: Case) -> Rail | None:
    others = [one.planned_pw for one in case.others]
    doubled = sum(one.doubled for one in case.others)
    return rails.room_to_double(case.appetite_pw, others, doubled, case.maturity)


def _is_snoozed(seen: Seen) -> bool:
    """A snooze runs from the day it was pressed; where only the nudge's day is known, from that."""
    snoozed = (one for one in seen.case.nudges if one.answer == "snoozed")
    days = (seen.case.day - (one.at if one.answered_at is None else one.answered_at) for one in snoozed)
    return not seen.new_hard and any(one < SNOOZE_DAYS for one in days)
