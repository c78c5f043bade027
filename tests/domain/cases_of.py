"""An ordinary bet in the middle of its life that nobody need be told about, and how to change it."""

from dataclasses import replace
from typing import Any

from bot.domain.cases import Asked, Assumption, Blind, Case, Criterion, Finished, Other, Said, Shown, Votes
from bot.domain.ledger import Line

DAY = 28
# Three other bets of eight people-weeks each: room to double one of eight.
OTHERS = (Other("b1", "ner", 2, 4, 4), Other("b2", "ocr", 2, 4, 4), Other("b3", "asr", 2, 4, 4))


def case(**changes: Any) -> Case:
    """A bet on day 28 that has spent 4 of 8 people-weeks, of a team that has finished nothing yet."""
    ordinary = Case(
        day=DAY, head_count=6, bet="b7", people=("ana", "raj"), appetite_pw=8.0, spent_pw=4.0, others=OTHERS
    )
    return replace(ordinary, **changes)


def said(*confs: float | None, by: str = "ana", until: int = DAY, **more: Any) -> tuple[Said, ...]:
    """Weekly updates of one person, the newest on day `until`."""
    first = until - 7 * (len(confs) - 1)
    return tuple(Said(first + 7 * week, by, conf, **more) for week, conf in enumerate(confs))


def asked(*answered: bool, to: str = "ana", until: int = DAY - 7) -> dict[str, Any]:
    """Weekly prompts to one person, the newest on day `until`, and an update for each that was answered."""
    days = [until - 7 * back for back in reversed(range(len(answered)))]
    updates = tuple(Said(day + 1, to) for day, answer in zip(days, answered, strict=True) if answer)
    return {"asked": tuple(Asked(day, to) for day in days), "said": updates}


def thumbs(up: int, down: int, at: int = DAY) -> Votes:
    return Votes(at, up, down)


def finished(worked: int, of: int, conf: float | None = None) -> tuple[Finished, ...]:
    return tuple(Finished(conf, number < worked) for number in range(of))


def only(found: list[Line]) -> Line:
    """The one line there is."""
    assert len(found) == 1, found
    return found[0]


MET = Criterion("k1", 21, "failed", 21)
PASSED = Criterion("k1", 21, "passed", 21)
OVERDUE = Criterion("k1", DAY - 12)
FALSE = Assumption("labels exist", True, "false", 9)
WON = Blind(DAY, 9, 2)


def nudged(days_ago: int, advice: str = "kill", answer: str = "declined", **more: Any) -> Shown:
    return Shown(DAY - days_ago, advice, answer, **more)
