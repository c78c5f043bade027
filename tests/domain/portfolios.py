"""A small world of teams and bets to try the nudge policy in: `python -m tests.domain.portfolios` prints a table.

It is a world of our own, built from the habits that policy.md names: pay-offs with a heavy tail, people who are too
sure and get surer as they spend, updates that are missing, few votes, teams of different sizes. Every seed gives each
way of stopping the same queue of bets with the same evidence; what differs is when each bet ends. A team has a fixed
budget of people-weeks, so that whatever is freed goes to the next bets of its queue.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from bot.domain.case_lines import read_case
from bot.domain.ledger import logistic, logit
from bot.domain.policy import Advice, advise

GIVES_UP = 2.0  # a team left alone stops a bet at twice its appetite
BUDGET_WEEKS = 60
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


@dataclass
class Tally:
    """What one way of stopping did with one team and seed."""

    value: float = 0.0
    bet_weeks: int = 0
    nudges: int = 0
    kills: int = 0
    kills_right: int = 0
    doubles: int = 0
    doubles_right: int = 0
    losers: int = 0
    losers_early: int = 0
    big: int = 0
    big_ended: int = 0
    chances: list[tuple[float, bool]] = field(default_factory=list)


Stop = Callable[[Team, Bet, list[Bet], Sequence[dict], random.Random, Tally], bool]


# --- a bet and what is said of it


def make_bet(team: Team, seed: int, number: int) -> Bet:
    chance = random.Random(f"{team.name} {seed} {number}")
    works = chance.random() < team.base
    upside = chance.choices(list(WORTH), (2, 5, 2, 1))[0]
    heads = chance.choice((1, 2, 2, 3))
    appetite = float(heads * chance.randint(4, 10))
    payoff = 4 * appetite * WORTH[upside] * chance.paretovariate(1.6) if works else 0.0
    need = appetite * math.exp(chance.gauss(-0.1, 0.3))
    bet = Bet(f"b{number}", works, upside, min(payoff, 2000.0), appetite, heads, need)
    last = math.ceil(GIVES_UP * 2 * appetite / bet.heads) + 1
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


# --- ways of stopping


def stop_never(team: Team, bet: Bet, others: list[Bet], resolved: Sequence[dict], chance: random.Random, tally: Tally) -> bool:  # fmt: skip # noqa: E501
    return False


def stop_at(share: float) -> Stop:
    """Stop once that share of the appetite is spent."""
    return lambda team, bet, others, resolved, chance, tally: bet.spent >= share * bet.appetite


def stop_below(percent: float) -> Stop:
    """Stop when the median of the newest confidences is below the threshold, after two weeks."""
    return lambda team, bet, others, resolved, chance, tally: bet.week > 2 and _newest(bet) < percent


def _newest(bet: Bet) -> float:
    newest: dict[str, float] = {}
    for week in bet.weeks[: bet.week]:
        newest.update({one["by"]: one["conf"] for one in week["updates"] if one["conf"] is not None})
    ranked = sorted(newest.values())
    return ranked[len(ranked) // 2] if ranked else 100.0


def _usual(bet: Bet) -> float | None:
    """The median of all that was said of the bet."""
    said = (one["conf"] for week in bet.weeks[: bet.week] for one in week["updates"])
    ranked = sorted(conf for conf in said if conf is not None)
    return ranked[len(ranked) // 2] if ranked else None


def stop_by(policy: Callable[[dict], Advice]) -> Stop:
    """Show the policy's advice; the team follows as often as it listens, and else declines."""

    def stop(team: Team, bet: Bet, others: list[Bet], resolved: Sequence[dict], chance: random.Random, tally: Tally) -> bool:  # fmt: skip # noqa: E501
        found = policy(line_of(team, bet, others, resolved))
        tally.chances.append((found.p, bet.works))
        if found.advice == "keep":
            return False
        tally.nudges += 1
        follows = chance.random() < team.listens
        answer = "done" if follows else chance.choice(("declined", "none", "snoozed"))
        bet.nudges.append({"at": 7 * bet.week, "advice": found.advice, "answer": answer})
        if found.advice == "kill":
            tally.kills += 1
            tally.kills_right += not bet.works
        if found.advice == "double_down":
            tally.doubles += 1
            tally.doubles_right += bet.works
            if follows:
                _double(bet)
        return found.advice == "kill" and follows

    return stop


def _double(bet: Bet) -> None:
    """Twice the appetite, for something half as large again that takes a quarter more."""
    bet.decisions.append({"at": 7 * bet.week, "what": "double_down"})
    bet.factor, bet.payoff, bet.need = 2.0, 1.5 * bet.payoff, 1.25 * bet.need


# --- a team's year


def live(team: Team, seed: int, stop: Stop) -> Tally:
    """Runs the team until its people-weeks are spent; what pays off counts, whatever is unfinished does not."""
    chance, tally, resolved = random.Random(f"{team.name} {seed} acts"), Tally(), []
    queue = iter(range(10_000))
    active = [make_bet(team, seed, next(queue)) for _ in range(team.slots)]
    budget = 2.0 * team.slots * BUDGET_WEEKS
    while budget > 0:
        for slot, bet in enumerate(active):
            effort = bet.heads * (2 if bet.factor > 1 else 1)
            budget -= effort
            bet.spent, bet.week, tally.bet_weeks = bet.spent + effort, bet.week + 1, tally.bet_weeks + 1
            done = bet.works and bet.spent >= bet.need
            gives_up = bet.spent >= GIVES_UP * bet.limit or bet.week >= len(bet.weeks)
            others = active[:slot] + active[slot + 1 :]
            stopped = not done and (stop(team, bet, others, resolved, chance, tally) or gives_up)
            if done or stopped:
                _close(bet, done, gives_up, tally)
                resolved.append({"conf": _usual(bet), "worked": int(done)})
                active[slot] = make_bet(team, seed, next(queue))
    return tally


def _close(bet: Bet, done: bool, gave_up: bool, tally: Tally) -> None:
    tally.value += bet.payoff if done else 0.0
    tally.losers += not bet.works
    tally.losers_early += not bet.works and bet.spent < bet.limit and not gave_up
    is_big = bet.works and bet.payoff >= 12 * bet.appetite
    tally.big += is_big
    tally.big_ended += is_big and not done


@cache
def tallies(name: str, seeds: int) -> dict[tuple[str, int], Tally]:
    """The tally of each (kind of team, seed) under one of `WAYS`."""
    return {(team.name, seed): live(team, seed, WAYS[name]) for team in TEAMS for seed in range(seeds)}


THRESHOLDS = (30, 40, 50, 60, 70, 80)
WAYS: dict[str, Stop] = {
    "ledger": stop_by(lambda line: advise(read_case(line))),
    "deadline": stop_at(1.0),
    "late committee": stop_at(1.5),
    "no advice": stop_never,
    **{f"confidence under {percent}%": stop_below(percent) for percent in THRESHOLDS},
}


# --- what is measured


def ratio(way: str, other: str, seeds: int, kinds: Sequence[str] = tuple(team.name for team in TEAMS)) -> tuple[float, float]:  # fmt: skip # noqa: E501
    """Value of one way over another's, and its lower 5 % when the seeds are drawn again a thousand times."""
    ours, theirs = tallies(way, seeds), tallies(other, seeds)
    pairs = [
        (sum(ours[kind, seed].value for kind in kinds), sum(theirs[kind, seed].value for kind in kinds))
        for seed in range(seeds)
    ]
    chance = random.Random(5)
    drawn = sorted(_over(chance.choices(pairs, k=seeds)) for _ in range(1000))
    return _over(pairs), drawn[50]


def _over(pairs: Sequence[tuple[float, float]]) -> float:
    return sum(one for one, _ in pairs) / max(sum(two for _, two in pairs), 1e-9)


def calibration_error(chances: Sequence[tuple[float, bool]]) -> float:
    """How far p is from what came true, on average over ten bins of p, weighted by their size."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for p, came in chances:
        bins.setdefault(min(int(10 * p), 9), []).append((p, came))
    gaps = (abs(sum(p for p, _ in one) - sum(came for _, came in one)) for one in bins.values())
    return sum(gaps) / len(chances)


def brier(chances: Sequence[tuple[float, bool]]) -> float:
    return sum((p - came) ** 2 for p, came in chances) / len(chances)


def measure(seeds: int) -> dict[str, float]:
    """The bars of policy.md section 5, in this world."""
    found = tallies("ledger", seeds)
    every = list(found.values())
    best = max((f"confidence under {percent}%" for percent in THRESHOLDS), key=lambda way: _value(way, seeds))
    chances = [one for tally in every for one in tally.chances]
    came = sum(one for _, one in chances) / len(chances)
    month = 30 / 7
    return {
        "value x deadline": ratio("ledger", "deadline", seeds)[0],
        "value x deadline, lower 5 %": ratio("ledger", "deadline", seeds)[1],
        "value x late committee, lower 5 %": ratio("ledger", "late committee", seeds)[1],
        "value x confidence under 50 %, lower 5 %": ratio("ledger", "confidence under 50%", seeds)[1],
        f"value x best threshold ({best})": ratio("ledger", best, seeds)[0],
        "value x no advice": ratio("ledger", "no advice", seeds)[0],
        "worst kind of team x deadline": min(ratio("ledger", "deadline", seeds, [t.name])[0] for t in TEAMS),
        "kills that were right": _share(every, "kills_right", "kills"),
        "losers killed before the appetite is spent": _share(every, "losers_early", "losers"),
        "big winners ended": _share(every, "big_ended", "big"),
        "double-downs that were right": _share(every, "doubles_right", "doubles"),
        "nudges per bet and month": month * _share(every, "nudges", "bet_weeks"),
        "nudges per bet and month, worst kind": max(
            month * _share([found[team.name, seed] for seed in range(seeds)], "nudges", "bet_weeks") for team in TEAMS
        ),
        "calibration error of p": calibration_error(chances),
        "Brier score of p": brier(chances),
        "Brier score of the base rate by hindsight": came * (1 - came),
    }


def _value(way: str, seeds: int) -> float:
    return sum(one.value for one in tallies(way, seeds).values())


def _share(every: Sequence[Tally], part: str, whole: str) -> float:
    return sum(getattr(one, part) for one in every) / max(sum(getattr(one, whole) for one in every), 1)


def main(seeds: int = 40) -> None:
    """Prints the table, and what each kind of team keeps."""
    for name, value in measure(seeds).items():
        print(f"{name:<58}{value:6.2f}")  # noqa: T201
    for team in TEAMS:
        print(f"  {team.name:<26}x deadline {ratio('ledger', 'deadline', seeds, [team.name])[0]:.2f}")  # noqa: T201


if __name__ == "__main__":
    main()
