"""How often a token may be used: some pushes at once, then one now and then, and in the long run never more."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tokens import AT_ONCE, EVERY, admit, hash_of

T0 = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def admitted(seconds: list[float]) -> int:
    booked, count = None, 0
    for at in sorted(seconds):
        booked, wait = admit(booked, T0 + timedelta(seconds=at))
        count += not wait
    return count


def test_ten_come_at_once_and_the_next_is_told_how_long_to_wait() -> None:
    booked = None
    for _ in range(AT_ONCE):
        booked, wait = admit(booked, T0)
        assert not wait
    assert admit(booked, T0)[1] == EVERY
    assert admit(booked, T0 + EVERY)[1] == timedelta(0)


def test_a_push_that_must_wait_books_nothing() -> None:
    booked = None
    for _ in range(100):
        booked, _ = admit(booked, T0)
    assert booked == T0 + AT_ONCE * EVERY


@given(st.lists(st.floats(0, 600), max_size=400))
def test_never_more_than_the_burst_and_the_rate_allow(seconds: list[float]) -> None:
    assert admitted(seconds) <= AT_ONCE + 600 / EVERY.total_seconds()


def test_one_every_six_seconds_is_never_told_to_wait() -> None:
    assert admitted([n * EVERY.total_seconds() for n in range(200)]) == 200


def test_what_is_kept_of_a_token_is_no_token() -> None:
    assert len(hash_of("bets-x")) == 64 and hash_of("bets-x") != hash_of("bets-y") and hash_of("\ud800")
