"""What the nudge policy is worth against other ways of stopping; `python -m tests.domain.portfolios` prints the table.

Every seed gives each way of stopping the same queue of bets with the same evidence; what differs is when each bet ends.
A team has a fixed budget of people-weeks, so that whatever is freed goes to the next bets of its queue.
`python -m tests.domain.portfolios lines` prints 1,000 lines for `bets advise` instead.
"""

import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count, islice

from bot.domain.case_lines import read_case
from bot.domain.policy import Advice, advise
from tests.domain.worlds import GIVES_UP, TEAMS, Bet, Team, bring_evidence, line_of, make_bet

BUDGET_WEEKS = 60


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


@dataclass
class Week:
    """One bet in one week of its team's life, and all that a way of stopping may look at or write down."""

    team: Team
    bet: Bet
    others: list[Bet]
    resolved: list[dict]
    chance: random.Random
    tally: Tally


Stop = Callable[[Week], bool]


# --- ways of stopping


def stop_never(week: Week) -> bool:
    return False


def stop_at(share: float) -> Stop:
    """Stop once that share of the appetite is spent."""
    return lambda week: week.bet.spent >= share * week.bet.appetite


def stop_below(percent: float) -> Stop:
    """Stop when the median of the newest confidences is below the threshold, after two weeks."""
    return lambda week: week.bet.week > 2 and _newest(week.bet) < percent


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

    def stop(week: Week) -> bool:
        bet, tally = week.bet, week.tally
        found = policy(line_of(week.team, bet, week.others, week.resolved))
        tally.chances.append((found.p, bet.works))
        if found.advice == "keep":
            return False
        tally.nudges += 1
        follows = week.chance.random() < week.team.listens
        answer = "done" if follows else week.chance.choice(("declined", "none", "snoozed"))
        bet.nudges.append({"at": 7 * bet.week, "advice": found.advice, "answer": answer})
        if found.advice == "ask" and follows:
            bring_evidence(bet, week.chance)
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
    queue = count()
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
            stopped = not done and (stop(Week(team, bet, others, resolved, chance, tally)) or gives_up)
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


KINDS = tuple(team.name for team in TEAMS)
THRESHOLDS = (30, 40, 50, 60, 70, 80)
WAYS: dict[str, Stop] = {
    "ledger": stop_by(lambda line: advise(read_case(line))),
    "deadline": stop_at(1.0),
    "late committee": stop_at(1.5),
    "no advice": stop_never,
    **{f"confidence under {percent}%": stop_below(percent) for percent in THRESHOLDS},
}


# --- what is measured


def ratio(way: str, other: str, seeds: int, kinds: Sequence[str] = KINDS) -> tuple[float, float]:
    """Value of one way over another's, and its lower 5% when the seeds are drawn again a thousand times."""
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
        "value x deadline, lower 5%": ratio("ledger", "deadline", seeds)[1],
        "value x late committee, lower 5%": ratio("ledger", "late committee", seeds)[1],
        "value x confidence under 50%, lower 5%": ratio("ledger", "confidence under 50%", seeds)[1],
        f"value x best threshold ({best})": ratio("ledger", best, seeds)[0],
        "value x no advice": ratio("ledger", "no advice", seeds)[0],
        "worst kind of team x deadline": min(ratio("ledger", "deadline", seeds, [t.name])[0] for t in TEAMS),
        "kills that were right": share(every, "kills_right", "kills"),
        "losers killed before the appetite is spent": share(every, "losers_early", "losers"),
        "big winners ended": share(every, "big_ended", "big"),
        "double-downs that were right": share(every, "doubles_right", "doubles"),
        "nudges per bet and month": month * share(every, "nudges", "bet_weeks"),
        "nudges per bet and month, worst kind": max(
            month * share([found[team.name, seed] for seed in range(seeds)], "nudges", "bet_weeks") for team in TEAMS
        ),
        "calibration error of p": calibration_error(chances),
        "Brier score of p": brier(chances),
        "Brier score of the base rate by hindsight": came * (1 - came),
    }


def _value(way: str, seeds: int) -> float:
    return sum(one.value for one in tallies(way, seeds).values())


def share(every: Sequence[Tally], part: str, whole: str) -> float:
    return sum(getattr(one, part) for one in every) / max(sum(getattr(one, whole) for one in every), 1)


def lines() -> Iterator[dict]:
    """Lines for `bets advise`: fifty bets in a week of their lives, of one kind of team after another."""
    for seed in count():
        for team in TEAMS:
            found: list[dict] = []

            def noted(line: dict, found: list[dict] = found) -> Advice:
                found.append(json.loads(json.dumps(line)))
                return advise(read_case(line))

            live(team, seed, stop_by(noted))
            yield from random.Random(seed).sample(found, 50)


@cache
def sample_lines(every: int, number: int) -> list[dict]:
    """So many of `lines`, taking one of `every`."""
    return list(islice(lines(), 0, every * number, every))


def main(seeds: int = 40) -> None:
    """Prints the table, and what each kind of team keeps; or 1,000 lines."""
    if sys.argv[1:] == ["lines"]:
        print("\n".join(json.dumps(line) for line in islice(lines(), 1000)))  # noqa: T201
        return
    for name, value in measure(seeds).items():
        print(f"{name:<58}{value:6.2f}")  # noqa: T201
    for team in TEAMS:
        print(f"  {team.name:<26}x deadline {ratio('ledger', 'deadline', seeds, [team.name])[0]:.2f}")  # noqa: T201


if __name__ == "__main__":
    main()
