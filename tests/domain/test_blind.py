"""Blind pairs are fair, and what is claimed of them is hardly ever false."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.blind import BOTH_BAD, LEFT, RIGHT, SAME, SHOWN, Looked, Tally, count, draw_pairs, seed_between
from bot.domain.drawing import REST

ROWS = [f"row-{number}" for number in range(200)]


@given(st.integers(0, 60), st.integers(0, 999_999))
def test_each_version_is_on_the_left_as_often_as_on_the_right(rows: int, seed: int) -> None:
    drawn = draw_pairs(ROWS[:rows], seed)
    for part in (drawn, drawn[:SHOWN]):
        left = sum(pair.new_left for pair in part)
        assert abs(2 * left - len(part)) <= 1
    assert len(drawn) == min(rows, SHOWN + REST) == len({pair.row for pair in drawn})


def test_the_same_seed_draws_the_same_pairs_and_another_one_others() -> None:
    assert draw_pairs(ROWS, 7) == draw_pairs(ROWS, 7) != draw_pairs(ROWS, 8)
    assert seed_between("a", "b", 0) == seed_between("a", "b", 0) != seed_between("a", "b", 1)


def test_neither_side_nor_row_is_likelier_than_another() -> None:
    drawn = [draw_pairs(ROWS[:20], seed)[0] for seed in range(2_000)]
    assert 900 < sum(pair.new_left for pair in drawn) < 1_100
    assert all(60 < sum(pair.row == row for pair in drawn) < 140 for row in ROWS[:20])


@given(st.integers(7, 15), st.integers(0, 9_999))
def test_an_odd_pair_is_left_to_the_seed(rows: int, seed: int) -> None:
    sides = {sum(pair.new_left for pair in draw_pairs(ROWS[:5], seed + step)) for step in range(2)}
    assert sides == {2, 3}


def test_each_vote_counts_for_the_version_behind_its_side() -> None:
    looked = [
        Looked(1, True, {"ana": LEFT, "raj": RIGHT, "lee": SAME}),
        Looked(2, False, {"ana": RIGHT, "raj": BOTH_BAD}),
        Looked(3, False, {}),
    ]
    assert [one.count() for one in looked] == [(1, 1, 1), (1, 0, 1), (0, 0, 0)]
    assert count(looked) == Tally(3, wins=2, losses=1, ties=2, rows_won=1, rows_lost=0)


@pytest.mark.parametrize(
    ("tally", "said", "ahead"),
    [
        (Tally(0, 0, 0, 0, 0, 0), "", 0),
        (Tally(1, 4, 0, 2, 4, 0), "", 1),
        (Tally(1, 6, 0, 0, 6, 0), "leaning", 1),
        (Tally(2, 7, 0, 0, 6, 0), "preferred", 1),
        (Tally(2, 0, 7, 3, 0, 6), "preferred", -1),
        # Seven people on one row, or on five of them, tell of those rows alone.
        (Tally(7, 7, 0, 0, 1, 0), "leaning", 1),
        (Tally(7, 35, 0, 0, 5, 0), "leaning", 1),
        # One row against all others makes no preference.
        (Tally(12, 12, 2, 0, 1, 2), "", 1),
        (Tally(4, 6, 6, 12, 3, 3), "", 0),
    ],
)
def test_a_claim_needs_votes_and_rows(tally: Tally, said: str, ahead: int) -> None:
    assert (tally.claim, tally.ahead) == (said, ahead)


def vote_freely(chance: random.Random, people: int) -> dict[str, str]:
    """Everybody tosses a coin of their own."""
    return {f"U{person}": chance.choice((LEFT, RIGHT, LEFT, RIGHT, SAME)) for person in range(people)}


def vote_together(chance: random.Random, people: int) -> dict[str, str]:
    """The row decides for all of them: one version happens to fail on it."""
    return dict.fromkeys(vote_freely(chance, people), chance.choice((LEFT, RIGHT)))


def vote_alike(chance: random.Random, people: int) -> dict[str, str]:
    """The row decides for most."""
    usual = chance.choice((LEFT, RIGHT))
    return {user: usual if chance.random() < 0.7 else value for user, value in vote_freely(chance, people).items()}


@pytest.mark.parametrize("vote", [vote_freely, vote_together, vote_alike])
def test_of_2000_comparisons_without_preference_at_most_5_in_100_claim_one(
    vote: Callable[[random.Random, int], dict[str, str]],
) -> None:
    chance, claims = random.Random(5), 0
    for seed in range(2_000):
        pairs = draw_pairs(ROWS[: chance.randint(3, 16)], seed)
        people = chance.randint(1, 9)
        looked = [Looked(place, pair.new_left, vote(chance, people)) for place, pair in enumerate(pairs)]
        claims += count(looked).claim == "preferred"
    assert claims <= 100


def test_a_clear_preference_of_a_small_team_is_mostly_claimed() -> None:
    chance, claims = random.Random(6), 0
    for seed in range(500):
        looked = []
        for place, pair in enumerate(draw_pairs(ROWS, seed)):
            new = LEFT if pair.new_left else RIGHT
            old = RIGHT if pair.new_left else LEFT
            looked.append(Looked(place, pair.new_left, {f"U{n}": chance.choice((new,) * 9 + (old,)) for n in range(4)}))
        claims += count(looked).claim == "preferred" and count(looked).ahead == 1
    assert claims > 450
