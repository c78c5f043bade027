"""Numbers against people: a metric that went one way from one version to the next, and people who went the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.approval import Approval
from bot.domain.blind import Tally
from bot.domain.predictions import Metric
from bot.domain.votes import wilson

# As `policy.md` says "clearly": by one standard deviation to each side.
Z_CLEARLY = 1.0


@dataclass(frozen=True)
class People:
    """What people said of two versions: in a blind comparison of them, or else of the samples of each."""

    tally: Tally | None = None
    before: Approval | None = None
    after: Approval | None = None

    @property
    def step(self) -> int:
        """1: they clearly find the second better; -1: worse; 0: they do not, or too few of them said."""
        if self.tally is not None and self.tally.claim:
            return self.tally.ahead
        if not (self.before and self.after and self.before.enough and self.after.enough):
            return 0
        (low, high), (next_low, next_high) = _range(self.before), _range(self.after)
        return (next_low > high) - (next_high < low)


def _range(approval: Approval) -> tuple[float, float]:
    return wilson(approval.good, approval.votes - approval.good, Z_CLEARLY)


def metric_step(before: Metric | None, after: Metric | None) -> int:
    """1: the metric got better; -1: worse; 0: it is another one, or the same in the three digits that count."""
    if before is None or after is None or before.name.casefold() != after.name.casefold():
        return 0
    if f"{before.value:.3g}" == f"{after.value:.3g}":
        return 0
    return 1 if (after.value > before.value) != after.lower_is_better else -1


def same_way(metrics: Sequence[Metric | None]) -> int:
    """With how many versions before the last of `metrics` (oldest first) it is compared: the one right before, and all
    from which on the metric went one way. What people like a little less with each version adds up over them."""
    steps = [metric_step(before, after) for before, after in pairwise(metrics)][::-1]
    run = next((place for place, step in enumerate(steps) if not step or step != steps[0]), len(steps))
    return max(run, min(len(steps), 1))


def disagree(before: Metric | None, after: Metric | None, people: People) -> bool:
    """Whether the metric and the people went opposite ways."""
    return metric_step(before, after) * people.step < 0
