"""When a week's numbers are open, and what they say together."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.domain.numbers import Given, numbers_open, sum_up, value_before
from bot.domain.records import Checkin, Team

NOW = datetime(2026, 12, 3, 8, 59, tzinfo=UTC)  # a minute before Thursday, ten o'clock in Berlin


def team(**days: int | None) -> Team:
    lines: dict[str, int | None] = {"checkin": 0, "reminder": 0, "samples": 2, "decisions": 3, "close": 4} | days
    times = {line: time(15) if line == "close" else time(10) for line in lines}
    return Team(1, "C1", "Europe/Berlin", lines, times, "", (), "anyone", "young", None, NOW, NOW)


def round_of(week: str, opened: datetime | None) -> dict[str, Checkin]:
    return {week: Checkin(1, 1, week, NOW, opened, None)}


def given(week: str, confidence: int | None, **more: Any) -> Given:
    values = {"second_opinion": False, "source": "modal", "late": False, "has_text": True} | more
    values = {"user": "U0LEE" if values["second_opinion"] else "U0ANA"} | values
    return Given(1, week, confidence, **values)


@pytest.mark.parametrize(
    ("week", "rounds", "days", "after", "is_open"),
    [
        ("2026-W49", round_of("2026-W49", None), {}, timedelta(days=30), False),
        ("2026-W49", round_of("2026-W49", NOW), {}, timedelta(0), True),
        ("2026-W49", round_of("2026-W49", NOW + timedelta(1)), {}, timedelta(0), False),
        ("2026-W48", {}, {}, timedelta(0), True),
        ("2026-W50", {}, {}, timedelta(0), False),
        ("2026-W50", round_of("2026-W51", None), {}, timedelta(0), True),
        ("2026-W49", {}, {}, timedelta(0), False),
        ("2026-W49", {}, {}, timedelta(minutes=1), True),
        ("2026-W49", {}, {"decisions": None}, timedelta(days=1), False),
        ("2026-W49", {}, {"decisions": None}, timedelta(days=1, hours=6), True),
        ("2026-W49", {}, {"decisions": None, "close": None}, timedelta(days=3), False),
        ("2026-W49", {}, {"decisions": None, "close": None}, timedelta(days=5), True),
    ],
)
def test_numbers_are_open_from_the_decisions_hour_on(
    week: str, rounds: dict[str, Checkin], days: dict[str, int | None], after: timedelta, is_open: bool
) -> None:
    assert numbers_open(team(**days), week, rounds, NOW + after) is is_open


def test_a_bet_is_summed_up_from_its_open_weeks() -> None:
    answers = [
        given("2026-W45", 40),
        given("2026-W46", 60),
        given("2026-W46", 80),
        given("2026-W46", 20, second_opinion=True),
        given("2026-W48", 50),
        given("2026-W49", 99),
    ]
    is_open = {f"2026-W{number}": number < 49 for number in range(45, 50)}
    found = sum_up(answers, ["2026-W45", "2026-W46", "2026-W47", "2026-W48", "2026-W49"], is_open, "we know more")
    assert (found.value, found.previous, found.opinions, found.last_week) == (50, 70, 20, "2026-W49")
    assert dict(zip(found.weeks, found.spark, strict=True)) == {
        "2026-W45": 40,
        "2026-W46": 70,
        "2026-W47": None,
        "2026-W48": 50,
    }
    assert found.silent_weeks == 0 and found.last_learning == "we know more"


def test_the_value_before_is_compared_with_only_where_the_same_people_gave_it() -> None:
    answers = [given("2026-W45", 40), given("2026-W46", 60), given("2026-W47", 65, user="U0GUS")]
    is_open = {f"2026-W{number}": True for number in range(45, 48)}
    assert sum_up(answers[:2], [], is_open, None).previous == 40
    found = sum_up(answers, [], is_open, None)
    assert (found.value, found.previous) == (65, None)
    assert value_before(found, "2026-W47", ["U0GUS"]) is None and value_before(found, "2026-W47", ["U0ANA"]) == 60
    assert value_before(found, "2026-W48", []) == 65, "nobody answered: it is told what was said before"


def test_silence_counts_the_weeks_past_their_decisions_hour() -> None:
    weeks = ["2026-W46", "2026-W47", "2026-W48", "2026-W49"]
    is_open = dict.fromkeys(weeks, True) | {"2026-W49": False}
    found = sum_up([given("2026-W46", None)], weeks, is_open, None)
    assert (found.value, found.spark, found.silent_weeks) == (None, (), 2)
    assert sum_up([], weeks, is_open, None).silent_weeks == 3
    assert sum_up([], weeks, is_open, None, of_nobody=weeks[1:2]).silent_weeks == 2, "nobody was asked"


@pytest.mark.parametrize(
    ("sources", "run"),
    [
        ([], 0),
        (["modal", "no_change", "no_change"], 2),
        (["no_change", "modal"], 0),
        (["no_change", "no_change", "no_change"], 3),
    ],
)
def test_no_change_in_a_row_is_counted_from_the_newest(sources: list[str], run: int) -> None:
    answers = [given(f"2026-W{40 + number}", 50, source=source) for number, source in enumerate(sources)]
    assert sum_up(answers, [], {one.week: True for one in answers}, None).no_change_run == run


def test_a_week_is_late_when_all_its_answers_were() -> None:
    is_open = {"2026-W48": True}
    late, on_time = given("2026-W48", 50, late=True), given("2026-W48", 60)
    assert sum_up([late], [], is_open, None).late is True
    assert sum_up([late, on_time], [], is_open, None).late is False


def test_the_sparkline_goes_back_twelve_weeks() -> None:
    answers = [given(f"2026-W{number}", number) for number in range(20, 50)]
    found = sum_up(answers, [], {one.week: True for one in answers}, None)
    assert found.spark == tuple(range(38, 50))
