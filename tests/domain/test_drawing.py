"""Rows are drawn fairly, by a seed that anybody can use again, and none comes back before all were shown."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.drawing import DISLIKED, LOWEST, RANDOM, Pinned, classes_of, draw, draw_random, order, seed_of

classes = st.lists(st.sampled_from(["cat", "dog", "owl"]), min_size=1, max_size=60)
seeds = st.integers(0, 999_999)
pins = st.lists(st.integers(0, 59), max_size=5)


@given(classes, seeds)
def test_the_same_rows_and_seed_give_the_same_order_of_every_row(names: list[str], seed: int) -> None:
    assert order(names, seed) == order(list(names), seed)
    assert sorted(order(names, seed)) == list(range(len(names)))


def test_the_order_of_a_seed_is_this_one_for_ever() -> None:
    assert order(["a", "b"] * 4, 42) == [2, 5, 6, 1, 3, 4, 7, 0]


@given(classes, seeds, st.integers(1, 60))
def test_every_beginning_has_each_class_about_as_often_as_the_set(names: list[str], seed: int, size: int) -> None:
    size = min(size, len(names))
    found = Counter(names[position] for position in order(names, seed)[:size])
    for name, count in Counter(names).items():
        assert abs(found[name] - size * count / len(names)) < len(set(names))


def test_each_row_comes_first_or_second_about_as_often_as_any_other() -> None:
    drawn = [order(["a"] * 3 + ["b"] * 7, seed)[:2] for seed in range(5_000)]
    for place in (0, 1):
        found = Counter(positions[place] for positions in drawn)
        assert all(420 < found[position] < 580 for position in range(10)), found


@given(classes, seeds, st.lists(st.integers(1, 5), max_size=40))
def test_no_row_comes_back_before_all_were_shown(names: list[str], seed: int, sizes: list[int]) -> None:
    shown: Counter[int] = Counter()
    for size in sizes:
        drawn = draw_random(names, seed, shown, size)
        assert len(drawn) == len(set(drawn)) == min(size, len(names))
        shown.update(drawn)
        counts = [shown[position] for position in range(len(names))]
        assert max(counts) - min(counts) <= 1


@given(classes, seeds, st.integers(1, 4), pins, pins)
def test_a_draw_has_distinct_rows_and_at_least_two_random_ones(
    names: list[str], seed: int, count: int, disliked: list[int], lowest: list[int]
) -> None:
    pinned = Pinned([at for at in disliked if at < len(names)], [at for at in lowest if at < len(names)])
    drawn = draw(names, seed, {}, pinned, count)
    positions = [one.position for one in (*drawn.shown, *drawn.rest)]
    assert len(positions) == len(set(positions)) and len(drawn.shown) == min(count, len(names))
    assert len(drawn.rest) == min(10, len(names) - len(drawn.shown))
    whys = Counter(one.why for one in drawn.shown)
    assert whys[RANDOM] >= min(2, len(drawn.shown)) and all(one.why == RANDOM for one in drawn.rest)
    assert whys[DISLIKED] + whys[LOWEST] <= max(0, count - 2) and max(whys[DISLIKED], whys[LOWEST]) <= 1


def test_of_four_one_was_disliked_and_one_has_the_lowest_score_of_three_one_was_disliked() -> None:
    pinned = Pinned(disliked=[7], lowest=[7, 9])
    rows = [""] * 40
    assert [one.why for one in draw(rows, 1, {}, pinned, 4).shown] == [RANDOM, RANDOM, DISLIKED, LOWEST]
    assert [one.why for one in draw(rows, 1, {}, pinned, 3).shown] == [RANDOM, RANDOM, DISLIKED]
    assert [one.why for one in draw(rows, 1, {}, Pinned(lowest=[9]), 3).shown] == [RANDOM, RANDOM, LOWEST]
    assert [one.why for one in draw(rows, 1, {}, Pinned(), 4).shown] == [RANDOM] * 4
    assert [one.position for one in draw(rows, 1, {}, pinned, 4).shown[2:]] == [7, 9]


def test_predictions_of_more_than_twenty_kinds_have_no_classes() -> None:
    assert classes_of([1, "1", {"a": 1, "b": 2}, {"b": 2, "a": 1}]) == [
        "1",
        '"1"',
        '{"a": 1, "b": 2}',
        '{"a": 1, "b": 2}',
    ]
    assert classes_of(list(range(21))) == [""] * 21


def test_a_file_has_one_seed() -> None:
    assert seed_of("ff" * 32) == seed_of("ff" * 32) < 1_000_000
