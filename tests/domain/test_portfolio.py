"""The portfolio in numbers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.portfolio import effective_number, lone_workers, portfolio_sentence
from tests.domain.test_bets import BET

weights = st.lists(st.floats(0.01, 1000), min_size=1, max_size=30)


def owned_by(*owners: str):
    return replace(BET, owners=owners)


@pytest.mark.parametrize(
    ("spent", "number"),
    [
        ([], 0),
        ([0, 0], 0),
        ([3], 1),
        ([2, 2, 2, 2], 4),
        ([9, 1], 1.22),
        ([5, 3, 2], 2.63),
        ([5, 3, 2, 0, -1], 2.63),
    ],
)
def test_effort_spreads_over_as_many_bets_as_it_really_does(spent: list[float], number: float) -> None:
    assert effective_number(spent) == pytest.approx(number, abs=0.005)


@given(weights)
def test_it_is_never_below_one_nor_above_the_number_of_bets(spent: list[float]) -> None:
    assert 1 - 1e-9 <= effective_number(spent) <= len(spent) + 1e-9


@given(weights, st.floats(0.1, 10))
def test_the_unit_of_effort_does_not_matter(spent: list[float], unit: float) -> None:
    assert effective_number(weight * unit for weight in spent) == pytest.approx(effective_number(spent))


@given(weights)
def test_sharing_evenly_only_spreads_more(spent: list[float]) -> None:
    assert effective_number([sum(spent) / len(spent)] * len(spent)) >= effective_number(spent) - 1e-9


@pytest.mark.parametrize(
    ("owners", "alone"),
    [
        ([], []),
        ([("U1",)], ["U1"]),
        ([("U1", "U2")], []),
        ([("U1",), ("U1", "U2")], []),
        ([("U3",), ("U1",), ("U3",)], ["U3", "U1"]),
    ],
)
def test_who_shares_no_bet_works_alone(owners: list[tuple[str, ...]], alone: list[str]) -> None:
    assert lone_workers([owned_by(*people) for people in owners]) == alone


@pytest.mark.parametrize(
    ("live", "sentence"),
    [
        ([], ""),
        ([(owned_by("U1"), 3.0)], "1 live bet; 1 person works alone."),
        ([(owned_by("U1", "U2"), 0.0), (owned_by("U1", "U3"), 0.0)], "2 live bets."),
        (
            [(owned_by("U1"), 9.0), (owned_by("U2"), 1.0)],
            "2 live bets, and the effort spreads as over 1.2 equal bets; 2 people work alone.",
        ),
    ],
)
def test_the_portfolio_reads_as_a_sentence(live: list, sentence: str) -> None:
    assert portfolio_sentence(live) == sentence
