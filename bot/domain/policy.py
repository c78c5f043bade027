"""When to say something about a bet: kill, double down, ask, or leave it alone (policy.md section 2).

A pure function of the case: no clock, no chance, no state; the same history gives the same advice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain import rails
from bot.domain.cases import Case, Shown
from bot.domain.evidence import index_line
from bot.domain.ledger import LEAST_FREED, Line, base_rate, line, people_weeks, spent_words
from bot.domain.proofs import Proof
from bot.domain.rails import Rail
from bot.domain.rules import (
    ADVICE_OF,
    ASK,
    DOUBLE,
    KEEP,
    KILL,
    SHIP_IT,
    SNOOZED,
    Seen,
    first_rule,
    is_strong,
    look,
)

REST_DAYS = {KILL: 14, DOUBLE: 14, ASK: 21}
PACKETS, SUMMARY_REST_DAYS = 2, 28
YOUNG_DAYS = 14
MOST_REASONS = 3
LAST_BET = "last_bet"
# How the headline begins of advice that a hard fact brought.
HARD_FACT = "A hard fact stands against it"


@dataclass(frozen=True)
class Advice:
    """What to say about a bet, and all that saying it needs.

    `p` and `base` are chances (0 to 1) of paying off, of this bet and of a fresh one; `index` what the next people-week
    is worth (1: as much as on a fresh bet). `rule` is the one that fired (0-8), `wanted` what it advises, which is
    `advice` unless `held_by` names what kept it back: `snooze`, `too_young`, `cooldown`, `last_bet` or `no_reason`.
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


def advise(case: Case) -> Advice:
    """The advice on a bet in this week: the first rule that fits, unless something holds it back."""
    seen = look(case)
    rule = first_rule(seen)
    wanted = ADVICE_OF[rule]
    reasons = _reasons(seen, rule)
    held_by = _held_by(seen, rule, wanted, reasons)
    advice = KEEP if held_by else wanted
    number = 0 if advice == KEEP else 1 + len(_unheeded(case, advice))
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
        names_lead=advice == KILL and number == PACKETS and _was_declined(case),
        freed_pw=case.left_pw,
        rail=_rail(seen, rule, held_by),
        held_by=held_by,
    )


def _rail(seen: Seen, rule: int, held_by: str) -> Rail | None:
    """The rail that stopped a kill or a doubling which the rules would have advised otherwise."""
    if held_by == LAST_BET:
        return rails.last_bet(len(seen.case.others), seen.case.waiting or 0)
    return seen.rail if rule > 6 and is_strong(seen) else None


def _held_by(seen: Seen, rule: int, wanted: str, reasons: Sequence[Line]) -> str:
    """What keeps the advice back, if anything does: it is then silence, never another kind of nudge instead."""
    if wanted == KEEP:
        return "snooze" if rule == SNOOZED else ""
    # Only a caller who knows which scopes wait can know that this is the last bet: a line without others may be cut.
    if wanted == KILL and seen.case.waiting is not None and rails.last_bet(len(seen.case.others), seen.case.waiting):
        return LAST_BET
    # Two weeks are no time to show anything in.
    if wanted == KILL and seen.case.day <= YOUNG_DAYS and not seen.new_hard:
        return "too_young"
    if not seen.new_hard and _rests(seen.case, wanted):
        return "cooldown"
    return "" if len(reasons) > 1 else "no_reason"


def _rests(case: Case, advice: str) -> bool:
    """Whether the same kind was shown a short while ago: 14 days, an ask 21, a third kill and later ones 28.

    However it was answered: an ask that brought evidence is not repeated the week after.
    """
    days = SUMMARY_REST_DAYS if advice == KILL and len(_unheeded(case, advice)) >= PACKETS else REST_DAYS[advice]
    return any(one.advice == advice and case.day - one.at < days for one in case.nudges)


def _unheeded(case: Case, advice: str) -> list[Shown]:
    """Earlier nudges of this kind that left the bet as it was; one that was followed (a reopened bet) is over."""
    return [one for one in case.nudges if one.advice == advice and one.answer != "done"]


def _was_declined(case: Case) -> bool:
    """Whether people said no to a kill at least two weeks ago: only then a lead is asked."""
    kills = _unheeded(case, KILL)
    rested = all(case.day - one.at >= REST_DAYS[KILL] for one in kills)
    return rested and any(one.answer == "declined" for one in kills)


def _placement(advice: str, number: int) -> str:
    if advice == KEEP:
        return ""
    return "summary" if advice == KILL and number > PACKETS else "packet"


def _reasons(seen: Seen, rule: int) -> tuple[Line, ...]:
    """The three largest lines in the direction of the advice, largest first, then what a people-week here is worth."""
    sign = 1 if ADVICE_OF[rule] == DOUBLE or rule == SHIP_IT else -1
    # What is nothing but the rounding of floating point has no direction.
    towards = (one for one in seen.lines if round(sign * one.points, 9) > 0)
    chosen = sorted(towards, key=lambda one: -sign * one.points)[:MOST_REASONS]
    weighed = index_line(seen.case, seen.p, seen.index)
    if rule == SHIP_IT:
        weighed = line("index", 0.0, f"It works: ship it and free the people. {weighed.text}")
    return (*chosen, weighed)


def _headline(seen: Seen, rule: int) -> str:
    """What is advised in one sentence, addressed to the bet and never to a person."""
    case = seen.case
    spent = f"{spent_words(case)} are spent"
    frees = f" and free {people_weeks(case.left_pw)}" if case.left_pw >= LEAST_FREED else ""
    return {
        1: f"{HARD_FACT}: stop it{frees}.",
        2: f"{spent}: bet again or stop.",
        3: f"It works: ship it and free the people. {spent}.",
        4: f"The evidence is against it: stop it{frees}.",
        5: "Weak, but it rests on the bet's own people: show 5 samples or answer a criterion.",
        6: "Stronger than a fresh bet, and not only its own people say so: double down.",
        7: "A kill criterion is overdue: did it happen or not?"
        if seen.has("criterion_overdue")
        else "Nobody says how it goes: what is known?",
    }[rule]
