"""Made-up teams and bets, with all that would be said of each bet week by week: the world of `portfolios`.

It is built from the habits that policy.md names: pay-offs with a heavy tail, people who are too sure and get surer as
they spend, updates that are missing, few votes, teams of different sizes.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.ledger import logistic, logit

GIVES_UP = 2.0  # a team left alone stops a bet at twice its appetite
WORTH = {"S": 0.6, "M": 1.0, "L": 1.7, "XL": 3.0}


@dataclass(frozen=True)
class Team:
    """One kind of team: its habits, and how good its bets are."""

    name: str
    people: int = 6
    slots: int = 4
    maturity: str = "mixed"
    base: float = 0.25
    optimism: float = 0.6
    sunk_cost: float = 0.6
    missing: float = 0.2
    voters: int = 5
    rounds: bool = True
    criteria: int = 2
    listens: float = 0.8


TEAMS = (
    Team("ordinary"),
    Team("small and hopeful", people=3, slots=2, maturity="young", optimism=1.2, voters=2),
    Team("large and sober", people=14, slots=8, maturity="mature", base=0.35, optimism=0.1, voters=8),
    Team("in love with its bets", sunk_cost=1.8, optimism=1.0, listens=0.5),
    Team("silent", missing=0.65, voters=3),
    Team("nobody looks", rounds=False, criteria=1),
)


@dataclass
class Bet:
    """A bet with all that would be said of it, week by week, were it to live so long."""

    name: str
    works: bool
    upside: str
    payoff: float
    appetite: float
    heads: int
    need: float
    weeks: list[dict] = field(default_factory=list)
    spent: float = 0.0
    week: int = 0
    factor: float = 1.0
    nudges: list[dict] = field(default_factory=list)
    decisions: list[dict] = field(default_factory=list)

    @property
    def limit(self) -> float:
        return self.appetite * self.factor


def make_bet(team: Team, seed: int, number: int) -> Bet:
    chance = random.Random(f"{team.name} {seed} {number}")
    works = chance.random() < team.base
    upside = chance.choices(list(WORTH), (2, 5, 2, 1))[0]
    heads = chance.choice((1, 2, 2, 3))
    appetite = float(heads * chance.randint(4, 10))
    payoff = 4 * appetite * WORTH[upside] * chance.paretovariate(1.6) if works else 0.0
    need = appetite * math.exp(chance.gauss(-0.1, 0.3))
    bet = Bet(f"b{number}", works, upside, min(payoff, 2000.0), appetite, heads, need)
    last = math.ceil((GIVES_UP + 0.5) * appetite / bet.heads) + 1
    due = [chance.uniform(0.35, 0.9) for _ in range(team.criteria)]
    answered = [week_of(bet, share) if chance.random() < 0.75 else None for share in due]
    passed = [chance.random() < (0.85 if works else 0.4) for _ in due]
    false_at = week_of(bet, chance.uniform(0.1, 0.6)) if chance.random() < (0.03 if works else 0.3) else None
    tested_at = week_of(bet, chance.uniform(0.1, 0.8))
    mood = chance.gauss(0, 0.4)
    for week in range(1, last + 1):
        share = week * bet.heads / appetite
        said = {"updates": _updates(team, bet, week, share, mood, chance), "votes": [], "ab": []}
        if team.rounds and week % 2 == 0 and share > 0.3:
            said["votes"] = [_round(team, bet, week, chance)]
        if team.rounds and week == week_of(bet, 0.7):
            said["ab"] = [_comparison(bet, week, chance)]
        said["kill"] = [
            _criterion(number, week_of(bet, share), at, fine, week)
            for number, (share, at, fine) in enumerate(zip(due, answered, passed, strict=True))
        ]
        said["assumption"] = _assumption(false_at, tested_at, week)
        bet.weeks.append(said)
    return bet


def week_of(bet: Bet, share: float) -> int:
    """The week in which that share of the appetite is spent."""
    return max(1, math.ceil(share * bet.appetite / bet.heads))


def _updates(team: Team, bet: Bet, week: int, share: float, mood: float, chance: random.Random) -> list[dict]:
    """People see the truth dimly and late, and are surer than they should be, more so with what they have spent."""
    seen = (1.4 if bet.works else -1.4) * min(share, 1.2) ** 0.7
    found = []
    for head in range(bet.heads):
        felt = logit(0.65) + seen + mood + team.optimism + team.sunk_cost * share + chance.gauss(0, 0.5)
        if chance.random() >= team.missing:
            blocked = chance.random() < (0.12 if bet.works else 0.25)
            conf = None if chance.random() < 0.1 else 5 * round(20 * logistic(felt))
            found.append({"at": 7 * week, "by": f"p{head}", "conf": conf, "blocked": blocked})
    return found


def _round(team: Team, bet: Bet, week: int, chance: random.Random) -> dict:
    """Voters are not independent: a round has a mood of its own."""
    rate = logistic(logit(0.65 if bet.works else 0.42) + chance.gauss(0, 0.5))
    votes = max(1, round(chance.gauss(team.voters, 1)))
    up = sum(chance.random() < rate for _ in range(votes))
    return {"at": 7 * week, "up": up, "down": votes - up}


def _comparison(bet: Bet, week: int, chance: random.Random) -> dict:
    rate = 0.65 if bet.works else 0.45
    wins = sum(chance.random() < rate for _ in range(8))
    return {"at": 7 * week, "for": wins, "against": 8 - wins, "tie": chance.choice((0, 0, 2))}


def _criterion(number: int, due: int, answered: int | None, passed: bool, week: int) -> dict:
    known = answered is not None and answered <= week
    state = ("passed" if passed else "failed") if known else "open"
    return {"id": f"k{number}", "by": 7 * due, "state": state, "at": 7 * answered if known and answered else None}


def _assumption(false_at: int | None, tested_at: int, week: int) -> dict:
    at = tested_at if false_at is None else false_at
    state = "untested" if at > week else "holds" if false_at is None else "false"
    return {"id": "a0", "critical": True, "state": state, "at": 7 * at if at <= week else None}


# --- the line that `bets advise` reads


def line_of(team: Team, bet: Bet, others: Sequence[Bet], resolved: Sequence[dict]) -> dict[str, Any]:
    """The whole known history of a bet up to this week, as in policy.md section 6."""
    known, now = bet.weeks[: bet.week], bet.weeks[bet.week - 1]
    return {
        "v": 1,
        "id": bet.name,
        "today": 7 * bet.week,
        "team": {"people": team.people, "maturity": team.maturity, "resolved": list(resolved[-40:])},
        "bet": {
            "bet": bet.name,
            "area": "any",
            "people": [f"p{head}" for head in range(bet.heads)],
            "upside": bet.upside,
            "appetite_pw": bet.limit,
            "spent_pw": bet.spent,
            "deadline": 7 * week_of(bet, bet.factor),
            "scope": {"status": "locked", "assumptions": [now["assumption"]]},
            "kill": now["kill"],
            "updates": [one for week in known for one in week["updates"]],
            "asked": [{"at": 7 * week, "to": f"p{h}"} for week in range(1, bet.week + 1) for h in range(bet.heads)],
            "votes": [one for week in known for one in week["votes"]],
            "ab": [one for week in known for one in week["ab"]],
            "nudges": bet.nudges,
            "decisions": bet.decisions,
        },
        "portfolio": [_other(one) for one in others],
    }


def _other(bet: Bet) -> dict[str, Any]:
    left = max(0.0, bet.limit - bet.spent)
    return {"bet": bet.name, "area": "any", "people": bet.heads, "spent_pw": bet.spent, "left_pw": left,
            "upside": bet.upside, "doubled": bet.factor > 1, "age": 7 * bet.week}  # fmt: skip
