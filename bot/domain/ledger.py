"""What a ledger is made of: lines with points in log-odds, and the sums around them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.cases import Case, Finished
from bot.domain.words import clip, undirected

TEXT_LIMIT = 200
# A name is quoted whole elsewhere, and may hold what turns the rest of a line around.
NAME_LIMIT = 40
LEAST_SHARE, MOST_SHARE = 0.02, 0.98
USUAL, USUAL_WEIGHT = 0.70, 6
LEAST_LEFT = 0.35
# So few people-weeks are not worth saying that they are freed.
LEAST_FREED = 0.1
UPSIDES = {"S": 0.6, "M": 1.0, "L": 1.7, "XL": 3.0}


@dataclass(frozen=True)
class Line:
    """One line of the ledger: a stable code, signed log-odds (plus speaks for the bet), one sentence with its numbers.

    `hard` facts are those on which people agreed beforehand; `at` is the day since when one holds, if anybody knows,
    and `fact` names it whole, however its sentence is cut and dated: a fact that is answered anew is no new fact.
    """

    code: str
    points: float
    text: str
    hard: bool = False
    at: int | None = None
    fact: str = ""


def line(code: str, points: float, text: str, hard: bool = False, at: int | None = None, fact: str = "") -> Line:
    """A line whose text is at most 200 characters."""
    return Line(code, points, clip(text, TEXT_LIMIT), hard, at, fact)


def logit(share: float) -> float:
    """Log-odds of a share of 1; 0 and 1 themselves are read as 2 and 98 %, since nobody is that sure."""
    sure = clamp(share, LEAST_SHARE, MOST_SHARE)
    return math.log(sure / (1 - sure))


def logistic(points: float) -> float:
    """The share of 1 that has these log-odds."""
    return 1 / (1 + math.exp(-clamp(points, -700.0, 700.0)))


def clamp(value: float, least: float, most: float) -> float:
    """The value, held between `least` and `most`."""
    return min(max(value, least), most)


def base_rate(finished: Iterable[Finished]) -> float:
    """The share of this team's bets that work, 0.03 to 0.60; a new team starts at 0.25."""
    worked = [one.worked for one in finished]
    return clamp((2 + sum(worked)) / (8 + len(worked)), 0.03, 0.60)


def usual_confidence(finished: Iterable[Finished]) -> float:
    """What this team usually says of its bets, as a share of 1; a new team says 0.70.

    Source: the shrunken mean m of policy.md section 2, over the finished bets that were given a confidence.
    """
    given = [logit(one.conf / 100) for one in finished if one.conf is not None]
    return logistic((USUAL_WEIGHT * logit(USUAL) + math.fsum(given)) / (USUAL_WEIGHT + len(given)))


def index_of(case: Case, p: float) -> float:
    """What the next people-week here is worth against one on a fresh ordinary bet of this team.

    I = (p u / left) / (base rate / appetite); an unknown upside is an ordinary one (policy.md section 2).
    """
    left = max(case.appetite_pw - case.spent_pw, LEAST_LEFT * case.appetite_pw)
    return (p * UPSIDES.get(case.upside, 1.0) / left) / (base_rate(case.finished) / case.appetite_pw)


def named(name: str, kind: str, limit: int = NAME_LIMIT) -> str:
    """A criterion's or an assumption's name in a sentence: quoted where it is more than a word."""
    short = clip(undirected(name), limit)
    return f"{kind} '{short}'" if " " in short else f"{kind} {short}".strip()


def count(number: float) -> str:
    """A number without needless digits: 8, 7.5, 0.25 as 0.2."""
    return f"{number:.1f}".removesuffix(".0")


def people_weeks(number: float) -> str:
    """So much effort in words: 1 people-week, 2.5 people-weeks."""
    said = count(number)
    return f"{said} people-week" if said == "1" else f"{said} people-weeks"


def spent_words(case: Case) -> str:
    """What is spent of what was agreed: 6 of 8 people-weeks; for several appetites it says so."""
    said = f"{count(case.spent_pw)} of {count(case.appetite_pw)} people-weeks"
    return f"{said} of {case.appetite_words}" if case.renewed else said


def percent(share: float) -> str:
    """A share of 1 in whole percents."""
    return f"{100 * share:.0f}%"
