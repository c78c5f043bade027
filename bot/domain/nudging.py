"""Which advice is said first when a team hears at most three at a time."""

from collections.abc import Iterable

from bot.domain.cases import Case
from bot.domain.policy import ASK, DOUBLE, KILL, Advice
from bot.domain.records import Bet

MOST = 3
OPEN_DAYS = 14


def rank(advised: Iterable[tuple[Bet, Advice]]) -> list[tuple[Bet, Advice]]:
    """Hard facts first, then what is to be decided before what is to be asked, the stronger first.

    How strong is the sum of the reasons' points; of equal ones the older bet comes first, so the order never wavers.
    """

    def place(one: tuple[Bet, Advice]) -> tuple[bool, bool, float, int]:
        bet, advice = one
        points = abs(sum(reason.points for reason in advice.reasons))
        return not advice.new_hard, advice.advice == ASK, -round(points, 6), bet.number

    return sorted(advised, key=place)


def adds_nothing(case: Case, advice: Advice) -> bool:
    """Whether a request for evidence comes while people still have a decision about the bet in front of them."""
    asked = (one for one in case.nudges if one.advice in (KILL, DOUBLE) and one.answer == "none")
    return advice.advice == ASK and any(case.day - one.at < OPEN_DAYS for one in asked)
