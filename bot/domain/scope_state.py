"""How a bet's scope stands, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.records import Bet
from bot.domain.scoping import FALSE, LOCKED, REVIEW, UNTESTED


@dataclass(frozen=True)
class ScopeState:
    """The number of the newest locked version, 0 without one; of the open one its number, whether its sign-off is
    requested, and its technical reviewer's id."""

    locked: int = 0
    open: int = 0
    in_review: bool = False
    reviewer: str = ""

    @property
    def drift(self) -> int:
        """How often it was changed after its first lock."""
        return max(0, self.locked - 1)


def state_of(versions: Iterable[tuple[int, str, str]]) -> ScopeState:
    """The state of a scope with these versions: (number, status, reviewer) each, the first one first."""
    state = ScopeState()
    for number, status, reviewer in versions:
        if status == LOCKED:
            state = ScopeState(locked=number)
        else:
            state = ScopeState(state.locked, number, status == REVIEW, reviewer)
    return state


def agreement_words(state: ScopeState, assumptions: Sequence[str]) -> str:
    """What is to be known of it before a decision: `v2 locked, changed once, 1 assumption false, 2 assumptions open`;
    `assumptions` are the states of those that the bet rests on."""
    open_words = ("in review" if state.in_review else "a draft") if state.open else "none"
    found = [f"v{state.locked} locked" if state.locked else open_words]
    if state.drift:
        found.append("changed once" if state.drift == 1 else f"changed {state.drift} times")
    for answer, word in ((FALSE, "false"), (UNTESTED, "open")):
        if count := list(assumptions).count(answer):
            found.append(f"{count} {'assumption' if count == 1 else 'assumptions'} {word}")
    return ", ".join(found)


def weeks_running(bet: Bet, now: datetime) -> int:
    """Whole weeks since the bet was started first; 0 before that, also where the export it came with was ahead."""
    return max(0, (now - bet.started_at).days // 7) if bet.started_at else 0


def scope_words(state: ScopeState, bet: Bet, now: datetime, reviewer: str) -> str:
    """`unscoped for 5 weeks`, `scope v2 locked`, `scope in review by Lee`; `reviewer` is the reviewer's name. Nothing
    of a bet that has begun and does not run now: it is not missed there."""
    step = f"in review by {reviewer}" if state.in_review else "a draft"
    if state.locked:
        return f"scope v{state.locked} locked" + (f", v{state.open} {step}" if state.open else "")
    if bet.status != "live":
        return f"scope {step}" if state.open else "" if bet.started_at else "no scope yet"
    weeks = weeks_running(bet, now)
    age = f" for {weeks} {'week' if weeks == 1 else 'weeks'}" if weeks else ""
    return f"unscoped{age}" + (f", its scope {step}" if state.open else "")
