"""How many votes are enough, by the tables of policy.md section 4."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.votes import claim, e_value, wilson

VOTES = (5, 6, 7, 8, 10, 12, 15, 20, 30)


@pytest.mark.parametrize(("votes", "wins"), list(zip(VOTES, (5, 6, 7, 8, 9, 11, 13, 16, 22), strict=True)))
def test_so_many_wins_are_leaning_and_one_less_is_not(votes: int, wins: int) -> None:
    assert claim(wins, votes - wins) in ("leaning", "preferred")
    assert claim(wins - 1, votes - wins + 1) == ""


@pytest.mark.parametrize(("votes", "wins"), list(zip(VOTES[2:], (7, 8, 10, 11, 13, 16, 23), strict=True)))
def test_so_many_wins_are_preferred_and_one_less_is_not(votes: int, wins: int) -> None:
    assert claim(wins, votes - wins) == "preferred"
    assert claim(wins - 1, votes - wins + 1) != "preferred"


@pytest.mark.parametrize("votes", range(7))
def test_fewer_than_seven_votes_never_say_preferred(votes: int) -> None:
    assert all(claim(wins, votes - wins) != "preferred" for wins in range(votes + 1))


@pytest.mark.parametrize(("rate", "share"), [(0.5, 0.02), (0.6, 0.13), (0.7, 0.45), (0.8, 0.84), (0.9, 0.99)])
def test_looking_after_every_vote_claims_as_often_as_the_table_says(rate: float, share: float) -> None:
    assert claims_within(30, rate) == pytest.approx(share, abs=0.02)


def claims_within(votes: int, rate: float) -> float:
    """How often "preferred" is said at some time within so many votes, summed over all ways the votes can fall."""
    open_, claimed = {0: 1.0}, 0.0
    for n in range(1, votes + 1):
        after: dict[int, float] = {}
        for wins, chance in open_.items():
            after[wins + 1] = after.get(wins + 1, 0.0) + chance * rate
            after[wins] = after.get(wins, 0.0) + chance * (1 - rate)
        claimed += sum(chance for wins, chance in after.items() if claim(wins, n - wins) == "preferred")
        open_ = {wins: chance for wins, chance in after.items() if claim(wins, n - wins) != "preferred"}
    return claimed


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_e_value_is_what_its_integral_says(wins: int, losses: int) -> None:
    steps = 4000
    rates = (0.5 + 0.5 * (step + 0.5) / steps for step in range(steps))
    flat_mix = sum((2 * rate) ** wins * (2 * (1 - rate)) ** losses for rate in rates) / steps
    assert e_value(wins, losses) == pytest.approx(flat_mix, rel=2e-3)


def test_without_a_vote_there_is_nothing_to_say() -> None:
    assert (e_value(0, 0), claim(0, 0), wilson(0, 0)) == (1.0, "", (0.0, 1.0))


def test_a_thousand_votes_are_no_trouble() -> None:
    assert claim(100_000, 1) == "preferred" and claim(1, 100_000) == ""


def test_one_thumb_of_six_could_be_4_to_50_percent() -> None:
    low, high = wilson(1, 5)
    assert (round(100 * low), round(100 * high)) == (4, 50)


@given(st.integers(0, 200), st.integers(0, 200), st.floats(0.5, 3))
def test_an_interval_holds_the_share_it_is_about(up: int, down: int, z: float) -> None:
    low, high = wilson(up, down, z)
    share = up / (up + down) if up + down else 0.5
    assert 0 <= low <= share + 1e-9 and share - 1e-9 <= high <= 1


def test_more_votes_narrow_the_interval() -> None:
    chance = random.Random(1)
    for _ in range(50):
        up, down = chance.randint(1, 20), chance.randint(1, 20)
        few, many = wilson(up, down), wilson(3 * up, 3 * down)
        assert many[1] - many[0] < few[1] - few[0]
