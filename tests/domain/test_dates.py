"""Dates as people say them."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import Week, is_working_day
from bot.domain.dates import (
    check_away,
    parse_away,
    parse_date,
    parse_line_day,
    parse_time,
    parse_weekday,
)
from bot.domain.errors import Refusal
from bot.domain.zones import describe_date

MONDAY = date(2026, 11, 23)
dates = st.dates(date(2012, 1, 1), date(2037, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2026-12-11", "2026-12-11"),
        (" 2026-12-11 ", "2026-12-11"),
        ("2024-02-29", "2024-02-29"),
        ("today", "2026-11-23"),
        ("Tomorrow", "2026-11-24"),
        ("monday", "2026-11-23"),
        ("tue", "2026-11-24"),
        ("Thurs", "2026-11-26"),
        ("SUNDAY", "2026-11-29"),
        ("this friday", "2026-11-27"),
        ("next monday", "2026-11-30"),
        ("next fri", "2026-12-04"),
        ("next week", "2026-11-30"),
        ("3 Dec", "2026-12-03"),
        ("3. december", "2026-12-03"),
        ("Dec 3", "2026-12-03"),
        ("dec 3rd", "2026-12-03"),
        ("Dec 3, 2027", "2027-12-03"),
        ("3 dec 2027", "2027-12-03"),
        ("Thu 3 Dec 2026", "2026-12-03"),
        ("Thursday, December 3", "2026-12-03"),
        ("23 Nov", "2026-11-23"),
        ("22 Nov", "2027-11-22"),
        ("29 Feb", "2028-02-29"),
        ("sept 1", "2027-09-01"),
        ("in 1 day", "2026-11-24"),
        ("in 2 weeks", "2026-12-07"),
        ("in a week", "2026-11-30"),
        ("in 5 working days", "2026-11-30"),
        ("in 0 days", "2026-11-23"),
        ("in 3 months", "2027-02-23"),
        ("end of week", "2026-11-29"),
        ("end of the week", "2026-11-29"),
        ("end of month", "2026-11-30"),
        ("end of quarter", "2026-12-31"),
        ("the end of this year", "2026-12-31"),
    ],
)
def test_a_date_is_read_from_a_monday(said: str, expected: str) -> None:
    assert parse_date(said, MONDAY) == day(expected)


@pytest.mark.parametrize(
    ("said", "today", "expected"),
    [
        ("friday", "2026-11-27", "2026-11-27"),  # said on a Friday it is today
        ("next friday", "2026-11-27", "2026-12-04"),
        ("next monday", "2026-11-29", "2026-11-30"),
        ("end of week", "2026-11-29", "2026-11-29"),
        ("end of quarter", "2026-02-10", "2026-03-31"),
        ("end of month", "2028-02-01", "2028-02-29"),
        ("in 1 month", "2027-01-31", "2027-02-28"),
        ("in 2 months", "2026-12-31", "2027-02-28"),
        ("29 feb", "2096-03-01", "2104-02-29"),
    ],
)
def test_a_date_is_read_from_other_days(said: str, today: str, expected: str) -> None:
    assert parse_date(said, day(today)) == day(expected)


def test_working_days_skip_the_holidays() -> None:
    assert parse_date("in 2 working days", MONDAY, frozenset({day("2026-11-24")})) == day("2026-11-26")


@pytest.mark.parametrize(
    "said",
    [
        *("", "  ", "03/04", "3/4/2026", "03.04.2026", "2026-2-3", "2026-02-30", "2026-13-01", "31 Feb", "0 Dec"),
        *("soon", "asap", "q1 2027", "ma", "mo", "ju 3", "mar", "december", "3", "2026", "fri 3 Dec", "Dec 32"),
        *("in weeks", "in -2 weeks", "in 2.5 weeks", "in 9999 weeks", "in 99999 days", "end of time", "next year"),
        *("9999-12-31", "0001-01-01", "2036-12-31", "friday?", "２０２６-12-11", "end", "x" * 50_000, "in " * 10_000),
    ],
)
def test_what_is_unclear_is_refused_with_examples(said: str) -> None:
    with pytest.raises(Refusal, match="2026-12-11, 3 Dec, friday") as refused:
        parse_date(said, MONDAY)
    assert len(refused.value.message) < 200


@pytest.mark.parametrize("said", ["2036-12-31", "9999-12-31", "1 Jan 1999", "in 9999 weeks"])
def test_a_day_that_is_read_and_too_far_away_is_not_called_unreadable(said: str) -> None:
    with pytest.raises(Refusal, match=f"'{said}' is more than ten years away: give a nearer day"):
        parse_date(said, MONDAY)


@given(dates, dates)
def test_a_described_date_is_read_back(today: date, meant: date) -> None:
    if abs(meant - today) <= timedelta(days=3660):
        assert parse_date(describe_date(meant), today) == parse_date(meant.isoformat(), today) == meant


@given(
    dates, st.sampled_from(["monday", "friday", "3 Dec", "end of week", "end of month", "end of quarter", "in a week"])
)
def test_what_is_said_of_the_future_is_never_past(today: date, said: str) -> None:
    assert today <= parse_date(said, today) <= today + timedelta(days=366)


@given(dates, st.integers(1, 60), st.sets(st.integers(0, 90)))
def test_a_working_day_is_one(today: date, count: int, off: set[int]) -> None:
    holidays = frozenset(today + timedelta(days=n) for n in off)
    assert is_working_day(parse_date(f"in {count} working days", today, holidays), holidays)


@given(st.text(max_size=30), dates)
def test_any_text_is_a_date_or_a_refusal(said: str, today: date) -> None:
    try:
        assert isinstance(parse_date(said, today), date)
    except Refusal as refused:
        assert refused.message


class TestAway:
    @pytest.mark.parametrize(
        ("said", "first", "last"),
        [
            ("", "2026-11-25", "2026-11-29"),
            ("until friday", "2026-11-25", "2026-11-27"),
            ("Until  today", "2026-11-25", "2026-11-25"),
            ("till 3 Dec", "2026-11-25", "2026-12-03"),
            ("until in 2 weeks", "2026-11-25", "2026-12-09"),
            ("from monday", "2026-11-30", "2026-12-06"),
            ("from friday to tuesday", "2026-11-27", "2026-12-01"),
            ("from monday to friday", "2026-11-30", "2026-12-04"),
            ("from next monday to next friday", "2026-11-30", "2026-12-04"),
            ("from 20 Dec to 3 Jan", "2026-12-20", "2027-01-03"),
            ("from monday until end of week", "2026-11-30", "2026-12-06"),
            ("from tomorrow to tomorrow", "2026-11-26", "2026-11-26"),
            ("from 2026-11-23 to 2026-11-24", "2026-11-23", "2026-11-24"),
            ("Tomorrow", "2026-11-26", "2026-11-26"),
            ("on friday", "2026-11-27", "2026-11-27"),
            ("on 3 Dec", "2026-12-03", "2026-12-03"),
            ("next week", "2026-11-30", "2026-12-06"),
        ],
    )
    def test_an_absence_is_read_on_a_wednesday(self, said: str, first: str, last: str) -> None:
        assert parse_away(said, day("2026-11-25")) == (day(first), day(last))

    def test_back_ends_it(self) -> None:
        assert parse_away(" Back ", MONDAY) == "back"

    @pytest.mark.parametrize("said", ["until 2020-01-01", "from 2026-12-11 to 2026-12-10", "from monday to today"])
    def test_an_end_before_the_beginning_is_refused(self, said: str) -> None:
        with pytest.raises(Refusal, match="cannot end before it begins"):
            parse_away(said, day("2026-11-25"))

    @pytest.mark.parametrize(
        "said",
        ["friday", "3 dec", "on", "until", "from", "until soon", "from soon to later", "for 2 weeks", "back later"],
    )
    def test_what_is_unclear_is_refused_with_examples(self, said: str) -> None:
        with pytest.raises(Refusal, match="write"):
            parse_away(said, MONDAY)

    @given(dates, dates)
    def test_every_pair_of_dates_is_read_or_refused(self, first: date, last: date) -> None:
        if last < first:
            with pytest.raises(Refusal):
                check_away(first, last)
        else:
            assert check_away(first, last) == (first, last)
        assert check_away(first, None) == (first, Week.of(first).day(6))


@pytest.mark.parametrize(("typed", "weekday"), [("Monday", 0), ("mon", 0), ("Tues", 1), ("sunday.", 6), (" Sat ", 5)])
def test_a_weekday_is_read(typed: str, weekday: int) -> None:
    assert parse_weekday(typed) == parse_line_day(typed) == weekday


@pytest.mark.parametrize("typed", ["", "m", "mo", "s", "someday", "0", "mondayy"])
def test_what_is_no_weekday_is_refused_at_its_field(typed: str) -> None:
    for parse in (parse_weekday, parse_line_day):
        with pytest.raises(Refusal, match="is no weekday") as refused:
            parse(typed, "close_day")
        assert list(refused.value.fields) == ["close_day"]


def test_a_line_can_be_off() -> None:
    assert parse_line_day("Off") is None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        *(("9", "09:00"), ("9:30", "09:30"), ("09:00", "09:00"), ("9.30", "09:30"), ("14h30", "14:30"), ("0", "00:00")),
        *(("9am", "09:00"), ("9 PM", "21:00"), ("12am", "00:00"), ("12pm", "12:00"), ("2:15 pm", "14:15")),
        *(("23:59", "23:59"), ("10:00:00", "10:00")),
    ],
)
def test_a_time_is_read(typed: str, expected: str) -> None:
    assert parse_time(typed) == time.fromisoformat(expected)


@pytest.mark.parametrize("typed", ["", "24:00", "9:60", "13pm", "0am", "noon", "9:3", "-1", "9:30:15", "٩"])
def test_what_is_no_time_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(Refusal, match="is no time of day") as refused:
        parse_time(typed, "checkin_time")
    assert list(refused.value.fields) == ["checkin_time"]


@given(st.times())
def test_every_minute_is_read_back(at: time) -> None:
    assert parse_time(f"{at:%H:%M}") == at.replace(second=0, microsecond=0)
