"""When to say something about a bet: kill, double down, ask, or leave it alone (policy.md section 2).

A pure function of the case: no clock, no chance, no state; the same history gives the same advice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from bot.domain import rails
from bot.domain.cases import Case, Shown
from bot.domain.evidence import gather, index_line
from bot.domain.ledger import Line, base_rate, count, index_of, line, logistic, logit
from bot.domain.proofs import OUTSIDE, Proof, find_proof
from bot.domain.rails import Rail

KEEP, ASK, KILL, DOUBLE = "keep", "ask", "kill", "double_down"
OLD_ENOUGH = 14
REST_DAYS = {KILL: 14, DOUBLE: 14, ASK: 21}
SNOOZE_DAYS, ASKED_DAYS = 14, 21
PACKETS, SUMMARY_REST_DAYS = 2, 28
MOST_REASONS, LEAST_POINTS = 3, 0.05
# What each rule advises; 0 and 8 are silence.
ADVICE_OF = {0: KEEP, 1: KILL, 2: KILL, 3: KILL, 4: KILL, 5: ASK, 6: DOUBLE, 7: ASK, 8: KEEP}
SHIP_IT = 3


@dataclass(frozen=True)
class Advice:
    """What to say about a bet, and all that saying it needs.

    `p` and `base` are chances (0 to 1) of paying off, of this bet and of a fresh one; `index` what the next people-week
    is worth (1: as much as on a fresh bet). `rule` is the one that fired (0-8), `wanted` what it advises, which is
    `advice` unless `held_by` names what kept it back: `snooze`, `cooldown`, `last_bet` or `no_reason`.
    `number` counts the nudges of this kind, this one included; `placement` is `packet` or `summary`, empty for keep.
    `rail` is the guard rail that stopped a doubling or a kill, if one did.
    """

    advice: str
    wanted: str
    rule: int
    p: float
    base: float
    index: float
    reasons: tuple[Line, ...] = ()
    headline: str = ""
    lines: tuple[Line, ...] = ()
    hard: tuple[Line, ...] = ()
    new_hard: bool = False
    proof: Proof | None = None
    number: int = 0
    placement: str = ""
    names_lead: bool = False
    freed_pw: float = 0.0
    rail: Rail | None = None
    held_by: str = ""


@dataclass(frozen=True)
class Seen:
    """A case with everything the rules look at. `sober` is the index without the line of silence, which never kills."""

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


def advise(case: Case) -> Advice:
    """The advice on a bet in this week: the first rule that fits, unless something holds it back."""
    seen = _look(case)
    rule, wanted = _first_rule(seen)
    reasons = _reasons(seen, rule)
    held_by = _held_by(seen, rule, wanted, reasons)
    advice = KEEP if held_by else wanted
    number = 0 if advice == KEEP else 1 + len(_shown(case, advice))
    stopped = rails.last_bet(len(case.others), case.waiting or 0) if held_by == "last_bet" else seen.rail
    return Advice(
        advice=advice,
        wanted=wanted,
        rule=rule,
        p=seen.p,
        base=base_rate(case.finished),
        index=seen.index,
        reasons=() if advice == KEEP else reasons,
        headline="" if advice == KEEP else _headline(seen, rule),
        lines=seen.lines,
        hard=seen.hard,
        new_hard=seen.new_hard,
        proof=seen.proof,
        number=number,
        placement=_placement(advice, number),
        names_lead=advice == KILL and number == PACKETS,
        freed_pw=max(case.appetite_pw - case.spent_pw, 0.0),
        rail=stopped,
        held_by=held_by,
    )


def _look(case: Case) -> Seen:
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
    """Whether a hard fact is younger than everything shown so far, so that it can break a rest once and only once."""
    last = max((one.at for one in case.nudges if one.advice != KEEP), default=-1)
    return any((one.at or 0) > last for one in hard)


def _first_rule(seen: Seen) -> tuple[int, str]:
    fits = (
        (0, _is_snoozed(seen)),
        *((rule, fit and _is_old_enough(seen)) for rule, fit in _weak_rules(seen)),
        (6, _is_strong(seen) and seen.rail is None),
        (7, _is_unanswered(seen)),
    )
    rule = next((rule for rule, fit in fits if fit), 8)
    return rule, ADVICE_OF[rule]


def _weak_rules(seen: Seen) -> tuple[tuple[int, bool], ...]:
    spent = seen.case.share_spent
    return (
        (1, bool(seen.hard) and seen.sober < 1),
        (2, spent >= 1 and (seen.proof is None or seen.sober < 1.5)),
        (3, spent > 0.8 and _since_proof(seen) > 1.5 * seen.case.appetite_pw),
        (4, seen.sober < 0.7 and (_was_looked_at(seen) or spent > 0.6 or seen.sober < 0.2)),
        (5, seen.index < 0.7),
    )


def _is_old_enough(seen: Seen) -> bool:
    """A bet of two weeks or less has had no time to show anything, unless a hard fact is new.

    The table says so of kills. The ask of rule 5 is their milder form, and such early asks are most of what would be
    too many nudges, so it waits as long; an overdue criterion is asked about at any age.
    """
    return seen.case.day > OLD_ENOUGH or seen.new_hard


def _was_looked_at(seen: Seen) -> bool:
    asked = any(one.advice == ASK and seen.case.day - one.at <= ASKED_DAYS for one in seen.case.nudges)
    return asked or seen.has(*OUTSIDE)


def _since_proof(seen: Seen) -> float:
    """People-weeks since the proof, as if the effort had been spread evenly over the bet's days; 0 without one."""
    if seen.proof is None:
        return 0.0
    return seen.case.spent_pw * (seen.case.day - seen.proof.since) / max(seen.case.day, 1)


def _is_strong(seen: Seen) -> bool:
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


def _held_by(seen: Seen, rule: int, wanted: str, reasons: Sequence[Line]) -> str:
    """What keeps the advice back, if anything does: it is then silence, never another kind of nudge instead."""
    if wanted == KEEP:
        return "snooze" if rule == 0 else ""
    # Only a caller who knows which scopes wait can know that this is the last bet: a line without others may be cut.
    if wanted == KILL and seen.case.waiting is not None and rails.last_bet(len(seen.case.others), seen.case.waiting):
        return "last_bet"
    if not seen.new_hard and _rests(seen.case, wanted):
        return "cooldown"
    return "" if len(reasons) > 1 else "no_reason"


def _rests(case: Case, advice: str) -> bool:
    """Whether the same kind was shown a short while ago: 14 days, an ask 21, a third kill and later ones 28."""
    shown = _shown(case, advice)
    days = SUMMARY_REST_DAYS if advice == KILL and len(shown) >= PACKETS else REST_DAYS[advice]
    return any(case.day - one.at < days for one in shown)


def _shown(case: Case, advice: str) -> list[Shown]:
    """Earlier nudges of this kind that left the bet as it was; one that was followed (a reopened bet) is over."""
    return [one for one in case.nudges if one.advice == advice and one.answer != "done"]


def _placement(advice: str, number: int) -> str:
    if advice == KEEP:
        return ""
    return "summary" if advice == KILL and number > PACKETS else "packet"


def _reasons(seen: Seen, rule: int) -> tuple[Line, ...]:
    """The three largest lines in the direction of the advice, largest first, then what the next people-week is worth.

    The line without which the rule would not have fired is always among them.
    """
    sign = 1 if ADVICE_OF[rule] == DOUBLE or rule == SHIP_IT else -1
    ranked = sorted(
        (one for one in seen.lines if sign * one.points >= LEAST_POINTS), key=lambda one: -sign * one.points
    )
    chosen = ranked[:MOST_REASONS]
    cause = next((one for one in ranked if _is_cause(one, rule)), None)
    if cause is not None and cause not in chosen:
        chosen[-1] = cause
    weighed = index_line(seen.case, seen.p, seen.index)
    if rule == SHIP_IT:
        weighed = line("index", 0.0, f"It works: ship it and free the people. {weighed.text}")
    return (*chosen, weighed)


def _is_cause(one: Line, rule: int) -> bool:
    if rule == 7:
        return one.code in ("criterion_overdue", "silence")
    return one.hard if rule == 1 else False


def _headline(seen: Seen, rule: int) -> str:
    """What is advised in one sentence, addressed to the bet and never to a person."""
    case = seen.case
    spent = f"{count(case.spent_pw)} of {count(case.appetite_pw)} people-weeks are spent"
    overdue = any(one.code == "criterion_overdue" for one in seen.lines)
    return {
        1: "Something that you agreed to stop for has happened: stop it.",
        2: f"{spent}: bet again or stop.",
        3: f"It works: ship it and free the people. {spent}.",
        4: "The evidence is against it: stop it.",
        5: "Weak, but it rests on the bet's own people: show 5 samples or answer a criterion.",
        6: "Stronger than a fresh bet, and not only its own people say so: double down.",
        7: "A kill criterion is overdue: did it happen or not?"
        if overdue
        else "Nobody says how it goes: what is known?",
    }[rule]
