"""Which advice is said first when a team hears at most three at a time."""

from collections.abc import Iterable

from bot.domain.policy import ASK, Advice
from bot.domain.records import Bet

MOST = 3


def rank(advised: Iterable[tuple[Bet, Advice]]) -> list[tuple[Bet, Advice]]:
    """Hard facts first, then what is to be decided before what is to be asked, the stronger first.

    How strong is the sum of the reasons' points; of equal ones the older bet comes first, so the order never wavers.
    """

    def place(one: tuple[Bet, Advice]) -> tuple[bool, bool, float, int]:
        bet, advice = one
        points = abs(sum(reason.points for reason in advice.reasons))
        return not advice.new_hard, advice.advice == ASK, -round(points, 6), bet.number

    return sorted(advised, key=place)
