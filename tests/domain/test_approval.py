"""What people thought of samples is summed up over the random rows alone, and says when that is too little."""

import pytest

from bot.domain.approval import Approval, Judged, sum_up


def judged(number: int | None, *votes: str, why: str = "random") -> Judged:
    return Judged(number, why, {f"U{place}": vote for place, vote in enumerate(votes)})


def test_pinned_rows_count_for_nothing_but_the_dispute_and_the_people() -> None:
    found = sum_up([judged(1, "good", "weird"), judged(2, "bad", "bad", "good", why="disliked"), judged(None, "good")])
    assert (found.good, found.bad, found.weird, found.judges) == (2, 0, 1, 3)
    assert found.disputed == 1


def test_seven_of_nine_good_could_be_45_to_94_percent() -> None:
    low, high = Approval(3, 7, 1, 1).interval
    assert (round(100 * low), round(100 * high)) == (45, 94)


@pytest.mark.parametrize(("good", "enough"), [(0, False), (4, False), (5, True)])
def test_fewer_than_five_votes_are_too_few(good: int, enough: bool) -> None:
    assert Approval(2, good, 0, 0).enough is enough


def test_people_agree_where_they_say_good_or_not_good_alike() -> None:
    rows = [judged(1, "good", "good"), judged(2, "bad", "weird"), judged(3, "good", "bad"), judged(4, "good")]
    assert sum_up(rows).agreement == pytest.approx(2 / 3)
    assert sum_up(rows[:2]).agreement is None


def test_the_most_disputed_sample_has_most_votes_against_its_majority() -> None:
    rows = [judged(1, "good", "bad", "good"), judged(2, "good", "bad", "good", "weird"), judged(None, "bad", "good")]
    assert sum_up(rows).disputed == 2
    assert sum_up([judged(1, "good"), judged(2, "bad", "bad")]).disputed is None


def test_without_a_vote_there_is_nothing_to_say() -> None:
    found = sum_up([])
    assert (found.judges, found.votes, found.share, found.enough, found.interval) == (0, 0, 0.0, False, (0.0, 1.0))
