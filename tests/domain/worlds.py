"""Made-up teams and bets, with all that would be said of each bet week by week: the world of `portfolios`.

It is built from the habits that policy.md names: pay-offs with a heavy tail, people who are too sure and get surer as
they spend, updates that are missing, few votes, teams of different sizes. How much outside evidence says is read off
the points that the ledger gives it, since those are natural log-odds: -1.2 for a criterion that was met is how seldom
that befalls a bet that works (0.15) over how often another (0.50), +0.5 is 0.85 over 0.50, and so on. What the bet's
own people say tells more here than the ledger takes from it, which discounts it on purpose.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.ledger import logistic, logit

PASSES = {True: 0.85, False: 0.5}
TURNS_FALSE = {True: 0.03, False: 0.22}
THUMB_UP = {True: 0.65, False: 0.42}
PREFERRED = {True: 0.65, False: 0.45}
SAMPLES = 5
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
    fates: dict[str, str] = field(default_factory=dict)
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
    looked = _looked_at(chance)
    # One without a date of its own is due at the end of the appetite (contract.md section 5).
    due = [chance.choice((1.0, chance.uniform(0.35, 1.0))) for _ in range(team.criteria)]
    answered = [week_of(bet, max(share, looked)) for share in due]
    bet.fates = {f"k{i}": "passed" if chance.random() < PASSES[works] else "failed" for i in range(len(due))}
    false_at = week_of(bet, chance.uniform(0.1, 0.6)) if chance.random() < TURNS_FALSE[works] else None
    tested_at = week_of(bet, chance.uniform(0.1, 0.8))
    mood = chance.gauss(0, 0.4)
    for week in range(1, last + 1):
        share = week * bet.heads / appetite
        said = {"updates": _updates(team, bet, week, share, mood, chance), "votes": [], "ab": []}
        if team.rounds and week % 2 == 0 and share > looked:
            said["votes"] = [_round(bet, week, max(1, round(chance.gauss(team.voters, 1))), chance)]
        if team.rounds and week == week_of(bet, looked + 0.3):
            said["ab"] = [_comparison(bet, week, chance)]
        said["kill"] = [
            _criterion(name, week_of(bet, share), at, bet.fates[name], week)
            for name, share, at in zip(bet.fates, due, answered, strict=True)
        ]
        said["assumption"] = _assumption(false_at, tested_at, week)
        bet.weeks.append(said)
    return bet


def _looked_at(chance: random.Random) -> float:
    """From which share of the appetite on anybody off the bet looks at it.

    So that of the bets that work as many have shown a proof by a share f as the line "no proof" says: 0.6 (f - 0.35),
    which is 2 in 10 at three quarters of the appetite.
    """
    return 0.35 + chance.random() / 0.6


def bring_evidence(bet: Bet, chance: random.Random) -> None:
    """What follows from a request for evidence: by next week the overdue criteria are answered, else samples shown."""
    day, coming = 7 * (bet.week + 1), bet.weeks[bet.week :]
    overdue = {one["id"] for one in bet.weeks[bet.week - 1]["kill"] if one["state"] == "open" and one["by"] < day - 7}
    for week in coming:
        for one in week["kill"]:
            if one["id"] in overdue:
                one.update(state=bet.fates[one["id"]], at=day)
    if coming and not overdue:
        coming[0]["votes"].append(_round(bet, bet.week + 1, SAMPLES, chance))


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


def _round(bet: Bet, week: int, votes: int, chance: random.Random) -> dict:
    """Voters are not independent: a round has a mood of its own."""
    rate = logistic(logit(THUMB_UP[bet.works]) + chance.gauss(0, 0.5))
    up = sum(chance.random() < rate for _ in range(votes))
    return {"at": 7 * week, "up": up, "down": votes - up}


def _comparison(bet: Bet, week: int, chance: random.Random) -> dict:
    wins = sum(chance.random() < PREFERRED[bet.works] for _ in range(8))
    return {"at": 7 * week, "for": wins, "against": 8 - wins, "tie": chance.choice((0, 0, 2))}


def _criterion(name: str, due: int, answered: int, fate: str, week: int) -> dict:
    known = answered <= week
    return {"id": name, "by": 7 * due, "state": fate if known else "open", "at": 7 * answered if known else None}


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
