"""What people thought of samples: approval over the random rows alone, how often it was weird, where they differ."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.domain.drawing import RANDOM
from bot.domain.votes import wilson

GOOD, BAD, WEIRD = "good", "bad", "weird"
VALUES = (GOOD, BAD, WEIRD)
# Fewer votes than this leave the true share open between almost nothing and almost everything.
FEWEST_VOTES = 5
# Two people agree on a row or two by chance alone.
AGREEING_PEOPLE, AGREEING_ROWS = 2, 3
Z_95 = 1.96


@dataclass(frozen=True)
class Judged:
    """One sample with everybody's vote on it. `number` is printed in the message; None: it stood in *Judge more*."""

    number: int | None
    why: str
    votes: Mapping[str, str]

    def count(self, value: str) -> int:
        return sum(vote == value for vote in self.votes.values())


@dataclass(frozen=True)
class Approval:
    """How a bet's samples were judged. The counts are votes on random rows, the shares are 0 to 1; `agreement` is None
    where too few people judged the same rows, `disputed` the number of the sample on which they differ most."""

    judges: int
    good: int
    bad: int
    weird: int
    agreement: float | None = None
    disputed: int | None = None

    @property
    def votes(self) -> int:
        return self.good + self.bad + self.weird

    @property
    def enough(self) -> bool:
        return self.votes >= FEWEST_VOTES

    @property
    def share(self) -> float:
        """Votes for good among all of them."""
        return self.good / self.votes if self.votes else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Between which shares the true one lies, in 19 cases of 20."""
        return wilson(self.good, self.bad + self.weird, Z_95)


def sum_up(samples: Sequence[Judged]) -> Approval:
    """How it went; pinned rows are in the dispute and in nothing else, since they were chosen for being bad."""
    drawn = [sample for sample in samples if sample.why == RANDOM]
    good, bad, weird = (sum(sample.count(value) for sample in drawn) for value in VALUES)
    judges = len({user for sample in samples for user in sample.votes})
    return Approval(judges, good, bad, weird, _agreement(drawn), _disputed(samples))


def _agreement(samples: Iterable[Judged]) -> float | None:
    """How often two people who judged the same row both said good, or both did not; each row counts the same."""
    rows = [[vote == GOOD for vote in sample.votes.values()] for sample in samples]
    rows = [votes for votes in rows if len(votes) >= AGREEING_PEOPLE]
    if len(rows) < AGREEING_ROWS:
        return None
    return sum(_alike(votes) for votes in rows) / len(rows)


def _alike(votes: Sequence[bool]) -> float:
    pairs = [one == other for one, other in combinations(votes, 2)]
    return sum(pairs) / len(pairs)


def _disputed(samples: Iterable[Judged]) -> int | None:
    """The printed sample with the most votes against the majority; the first of several."""
    found = [(min(one.count(GOOD), len(one.votes) - one.count(GOOD)), one.number) for one in samples if one.number]
    most = max((against for against, _ in found), default=0)
    return next((number for against, number in found if against == most), None) if most else None
