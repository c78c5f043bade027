"""Guard rails of the portfolio: each says nothing, or what is touched in one sentence with its numbers.

Source of all formulas and defaults: policy.md section 3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.portfolio import effective_number
from bot.domain.words import clip

MOST_CONCENTRATED = {"young": 0.55, "mixed": 0.45, "mature": 0.35}
# The table has no limit for a mixed team: the middle of the two.
MOST_IN_ONE_AREA = {"young": 0.80, "mixed": 0.70, "mature": 0.60}
BETS_PER_HEAD = {"young": 0.75, "mixed": 1.0, "mature": 1.0}
DOUBLED_SHARE = 0.34
DOUBLING = 2.0
ALONE_WEEKS = 4
SPLIT_POINTS = 40
NAME_LIMIT = 40


@dataclass(frozen=True)
class Rail:
    """A rail that is touched. `place` says where it is told if not at a decision: `thread` or `summary`."""

    code: str
    text: str
    place: str = ""


def concentration(
    planned: float, others: Sequence[float], maturity: str, factor: float = DOUBLING, deed: str = "Doubling this"
) -> Rail | None:
    """Whether doubling, or another `deed`, would put too much on one bet.

    People-weeks planned for it and for each other active bet.
    """
    weights = [factor * planned, *others]
    like = effective_number(weights)
    most = max(MOST_CONCENTRATED.get(maturity, MOST_CONCENTRATED["mixed"]), 1.35 / len(weights))
    if not like or 1 / like <= most:
        return None
    return Rail("concentration", f"{deed} would leave you with the like of {like:.1f} bets")


def doubling_is_rare(doubled: int, bets: int) -> Rail | None:
    """Whether one more doubled bet would be too many; `doubled` of `bets` active ones are doubled already."""
    if doubled + 1 <= max(1.0, DOUBLED_SHARE * bets):
        return None
    return Rail("doubling_is_rare", f"{doubled} of {bets} bets {_are(doubled)} doubled already")


def last_bet(others: int, waiting: int) -> Rail | None:
    """Whether a kill would leave no active bet while no scope is waiting to start."""
    if others or waiting:
        return None
    return Rail("last_bet", "This kill would leave 0 active bets. Scope a next one first")


def same_area(planned: Sequence[tuple[str, float]], maturity: str) -> Rail | None:
    """Whether one area has too large a share; (area, people-weeks) of each active bet, at least two of them.

    Bets without an area count for the whole, and are no area of their own.
    """
    areas: dict[str, float] = {}
    for area, effort in planned:
        areas[area] = areas.get(area, 0.0) + effort
    total = sum(areas.values())
    area = max((name for name in areas if name), key=lambda name: (areas[name], name), default="")
    most = MOST_IN_ONE_AREA.get(maturity, MOST_IN_ONE_AREA["mixed"])
    if len(planned) < 2 or not area or areas[area] <= most * total:
        return None
    said = f"{areas[area]:.0f} of {total:.0f} people-weeks are in {clip(area, NAME_LIMIT)}"
    return Rail("same_area", said, "summary")


def lone_researcher(name: str, weeks: int, maturity: str, key: str = "") -> Rail | None:
    """Whether somebody has been alone on a bet for long: a word in the thread (young), in the summary (mixed), which
    names the bet by its `key`."""
    place = {"young": "thread", "mixed": "summary"}.get(maturity)
    if weeks < ALONE_WEEKS or place is None:
        return None
    on = "it" if key else "this"
    said = (f"{key}: " if key else "") + f"{clip(name, NAME_LIMIT)} has been alone on {on} for {weeks} weeks"
    pairing = ": who could pair for a day?" if place == "thread" else ""
    return Rail("lone_researcher", said + pairing, place)


def too_scattered(bets: int, people: int, maturity: str) -> Rail | None:
    """Whether there are too many active bets for the heads, so that nobody is asked to scope another."""
    if people <= 0 or bets <= BETS_PER_HEAD.get(maturity, 1.0) * people:
        return None
    return Rail("too_scattered", f"{bets} bets for {people} {'person' if people == 1 else 'people'}")


def split_team(confidences: Mapping[str, float]) -> Rail | None:
    """Whether two people see one bet 40 points apart or more; name to newest confidence, 0 to 100."""
    if len(confidences) < 2:
        return None
    ranked = sorted(confidences.items(), key=lambda one: (-one[1], one[0]))
    (high, most), (low, least) = ranked[0], ranked[-1]
    if most - least < SPLIT_POINTS:
        return None
    return Rail("split_team", f"{clip(high, NAME_LIMIT)} {most:.0f}%, {clip(low, NAME_LIMIT)} {least:.0f}%", "thread")


def room_to_double(planned: float, others: Sequence[float], others_doubled: int, maturity: str) -> Rail | None:
    """The first rail that stands against doubling a bet: too concentrated, or too many doubled; None if there is room.

    People-weeks planned for it and for each other active bet, and how many of the others are doubled.
    """
    rare = doubling_is_rare(others_doubled, len(others) + 1)
    return concentration(planned, others, maturity) or rare


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
