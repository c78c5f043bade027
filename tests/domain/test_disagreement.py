"""Numbers against people: said when both moved, clearly, and opposite ways."""

import pytest

from bot.domain.approval import Approval
from bot.domain.blind import Tally
from bot.domain.disagreement import People, disagree, metric_step, same_way
from bot.domain.predictions import Metric

OLD_PREFERRED, NEW_PREFERRED = Tally(2, 0, 8, 1, 0, 6), Tally(2, 8, 0, 1, 6, 0)
LEANING, EVEN, FEW = Tally(1, 0, 6, 0, 0, 6), Tally(3, 6, 6, 0, 3, 3), Tally(1, 0, 3, 0, 0, 3)
WELL, BADLY, HARDLY_WORSE, TWO = Approval(3, 9, 1, 0), Approval(3, 2, 6, 1), Approval(3, 8, 2, 0), Approval(1, 0, 2, 0)


def accuracy(value: float) -> Metric:
    return Metric("accuracy", value)


def error(value: float) -> Metric:
    return Metric("error", value, lower_is_better=True)


@pytest.mark.parametrize(
    ("before", "after", "step"),
    [
        (accuracy(0.8), accuracy(0.9), 1),
        (accuracy(0.9), accuracy(0.8), -1),
        (error(0.2), error(0.1), 1),
        (error(0.1), error(0.2), -1),
        (accuracy(0.9), accuracy(0.90001), 0),
        (accuracy(0.9), Metric("Accuracy", 0.95), 1),
        (accuracy(0.9), error(0.1), 0),
        (None, accuracy(0.9), 0),
        (accuracy(0.9), None, 0),
    ],
)
def test_a_metric_goes_up_or_down(before: Metric | None, after: Metric | None, step: int) -> None:
    assert metric_step(before, after) == step


@pytest.mark.parametrize(
    ("values", "near"),
    [
        ((), 0),
        ((0.4,), 0),
        ((0.4, 0.4), 1),
        ((0.4, 0.5), 1),
        ((0.4, 0.5, 0.6), 2),
        ((0.6, 0.5, 0.4, 0.3), 3),
        ((0.6, 0.4, 0.5), 1),
        ((0.4, 0.5, 0.5), 1),
        ((0.1, None, 0.5, 0.6), 1),
    ],
)
def test_a_version_is_compared_as_far_back_as_its_metric_went_one_way(
    values: tuple[float | None, ...], near: int
) -> None:
    assert same_way([None if value is None else accuracy(value) for value in values]) == near


@pytest.mark.parametrize(
    ("people", "step"),
    [
        (People(OLD_PREFERRED), -1),
        (People(NEW_PREFERRED), 1),
        (People(LEANING), -1),
        (People(EVEN), 0),
        (People(FEW), 0),
        (People(None, WELL, BADLY), -1),
        (People(None, BADLY, WELL), 1),
        (People(None, WELL, HARDLY_WORSE), 0),
        (People(None, WELL, TWO), 0),
        (People(None, None, BADLY), 0),
        (People(EVEN, WELL, BADLY), -1),
        (People(NEW_PREFERRED, WELL, BADLY), 1),
        (People(), 0),
    ],
)
def test_people_find_it_better_or_worse_or_too_few_say(people: People, step: int) -> None:
    assert people.step == step


@pytest.mark.parametrize(
    ("before", "after", "people", "said"),
    [
        (accuracy(0.8), accuracy(0.9), People(OLD_PREFERRED), True),
        (accuracy(0.9), accuracy(0.8), People(NEW_PREFERRED), True),
        (error(0.2), error(0.1), People(None, WELL, BADLY), True),
        (accuracy(0.8), accuracy(0.9), People(NEW_PREFERRED), False),
        (accuracy(0.8), accuracy(0.9), People(FEW), False),
        (accuracy(0.9), accuracy(0.9), People(OLD_PREFERRED), False),
        (None, accuracy(0.9), People(OLD_PREFERRED), False),
    ],
)
def test_it_is_said_when_they_went_opposite_ways(
    before: Metric | None, after: Metric | None, people: People, said: bool
) -> None:
    assert disagree(before, after, people) is said
