"""When a bet without samples is asked for some, and how a team's first evidence reads."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.first_evidence import (
    days_to_first,
    first_evidence_note,
    may_ask,
    third_of,
)
from bot.domain.records import Nudge

T0 = datetime(2026, 11, 30, 9, tzinfo=UTC)


def ask(day: int, code: str = "no_samples", **more: int) -> Nudge:
    return Nudge(day, 1, "ask", ({"code": code, "points": 0.0, "text": "x"} | more,), (), T0 + timedelta(days=day))


@pytest.mark.parametrize(
    ("day", "total", "third"), [(1, 28, 0), (9, 28, 0), (10, 28, 1), (19, 28, 2), (28, 28, 2), (90, 28, 2), (1, 1, 2)]
)
def test_a_third_is_reached_on_its_last_day(day: int, total: int, third: int) -> None:
    assert third_of(day, total) == third


@pytest.mark.parametrize(
    ("third", "asks", "day", "may"),
    [
        (0, [], 5, False),
        (1, [], 10, True),
        (1, [ask(10, third=1)], 40, False),
        (2, [ask(10, third=1)], 30, False),
        (2, [ask(10, third=1)], 31, True),
        (1, [ask(-30, third=2)], 10, True),  # of an appetite before this one
        (1, [ask(5, "silence")], 10, False),
        (1, [ask(5, "silence")], 26, True),
    ],
)
def test_once_a_third_and_not_within_three_weeks_of_another_ask(
    third: int, asks: list[Nudge], day: int, may: bool
) -> None:
    assert may_ask(third, asks, T0, T0 + timedelta(days=day)) is may


def test_days_count_on_the_teams_calendar_and_samples_before_the_start_are_there_at_once() -> None:
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)  # Tuesday in Berlin
    assert days_to_first(T0, late, "Europe/Berlin") == 1 and days_to_first(T0, late, "UTC") == 0
    assert days_to_first(late, T0, "UTC") == 0


def test_the_median_says_of_how_many_bets_it_is_and_who_waits() -> None:
    assert first_evidence_note([], 3) == ""
    assert first_evidence_note([1], 0) == "Median time to first evidence: 1 day (1 bet)"
    assert first_evidence_note([2, 9, 30], 2) == (
        "Median time to first evidence: 9 days (3 bets); 2 live bets have shown none yet"
    )
