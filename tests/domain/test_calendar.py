"""The team's week: which line is due when, over holidays, clock changes and changed settings."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.calendar import (
    LINES,
    Schedule,
    Week,
    add_working_days,
    due_between,
    is_working_day,
    next_due,
    next_working_day,
    refuse_disorder,
    reminder_day,
    reminder_instant,
    schedule_of,
    skipped_before,
    week_lines,
    week_of,
)
from bot.domain.errors import Refusal
from bot.domain.records import Team
from bot.domain.zones import local_date, local_instant
from tests.conftest import examples

MONDAY = date(2026, 11, 23)
WEEK = Week(2026, 48)
BERLIN = Schedule(zone="Europe/Berlin")

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Beirut")
dates = st.dates(date(2012, 1, 1), date(2037, 12, 1))
weekdays = st.integers(0, 6)
hours = st.times().map(lambda at: at.replace(second=0, microsecond=0))
schedules = st.builds(
    Schedule,
    zone=st.sampled_from(ZONES),
    checkin_day=st.none() | weekdays,
    checkin_time=hours,
    reminder_time=st.none() | hours,
    samples_day=st.none() | weekdays,
    samples_time=hours,
    decisions_day=st.none() | weekdays,
    decisions_time=hours,
    close_day=st.none() | weekdays,
    close_time=hours,
)


def with_holidays(schedule: Schedule, *days: date) -> Schedule:
    return replace(schedule, holidays=frozenset(days))


def days_off(*weekdays: int) -> tuple[date, ...]:
    return tuple(WEEK.day(weekday) for weekday in weekdays)


def shown(schedule: Schedule, week: Week = WEEK) -> dict[str, str]:
    lines = week_lines(schedule, week).items()
    return {line: "skipped" if due.day is None else f"{due.day:%a}" + " moved" * due.moved for line, due in lines}


class TestWeek:
    @pytest.mark.parametrize(
        ("day", "label"),
        [
            ((2026, 11, 23), "2026-W48"),
            ((2026, 11, 29), "2026-W48"),
            ((2026, 12, 31), "2026-W53"),
            ((2027, 1, 3), "2026-W53"),
            ((2027, 1, 4), "2027-W01"),
            ((2024, 12, 30), "2025-W01"),
        ],
    )
    def test_a_day_belongs_to_its_iso_week(self, day: tuple, label: str) -> None:
        assert Week.of(date(*day)).label == label

    @given(dates)
    def test_labels_order_and_neighbours_agree_with_the_calendar(self, day: date) -> None:
        week = Week.of(day)
        assert Week.parse(week.label) == Week.parse(f" {week.label.lower()} ") == week
        assert week.monday <= day <= week.day(6)
        assert week.next.monday - week.monday == week.monday - week.previous.monday == timedelta(days=7)
        assert week.previous < week < week.next
        assert week.previous.label < week.label < week.next.label

    @pytest.mark.parametrize("typed", ["", "2026-48", "2026-W54", "2026-W00", "W48", "2026-W4", "0000-W01", "²026-W48"])
    def test_what_is_no_week_is_refused(self, typed: str) -> None:
        with pytest.raises(Refusal, match="2026-W48"):
            Week.parse(typed)

    def test_the_week_is_the_one_of_the_place(self) -> None:
        sunday_evening = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)
        assert week_of(sunday_evening, "UTC").label == "2026-W48"
        assert week_of(sunday_evening, "Europe/Berlin").label == "2026-W49"


class TestWorkingDays:
    def test_weekends_and_holidays_are_no_working_days(self) -> None:
        assert [is_working_day(WEEK.day(n), frozenset({WEEK.day(1)})) for n in range(7)] == [
            *(True, False, True, True, True, False, False)
        ]

    @pytest.mark.parametrize(
        ("start", "count", "holidays", "expected"),
        [
            (MONDAY, 0, (), MONDAY),
            (MONDAY, 1, (), date(2026, 11, 24)),
            (MONDAY, 5, (), date(2026, 11, 30)),
            (date(2026, 11, 27), 1, (), date(2026, 11, 30)),
            (date(2026, 11, 28), 1, (), date(2026, 11, 30)),
            (date(2026, 12, 24), 1, (date(2026, 12, 25), date(2026, 12, 28)), date(2026, 12, 29)),
        ],
    )
    def test_working_days_are_added_over_weekends_and_holidays(
        self, start: date, count: int, holidays: tuple, expected: date
    ) -> None:
        assert add_working_days(start, count, frozenset(holidays)) == expected

    @given(dates, st.integers(0, 40), st.sets(dates, max_size=3))
    def test_adding_is_stepping(self, day: date, count: int, off: set[date]) -> None:
        holidays = frozenset(off | {day + timedelta(days=2)})
        stepped = day
        for _ in range(count):
            stepped = next_working_day(stepped, holidays)
            assert is_working_day(stepped, holidays)
        assert add_working_days(day, count, holidays) == stepped


class TestWeekLines:
    def test_the_default_week(self) -> None:
        lines = week_lines(BERLIN, WEEK)
        assert {line: f"{due.at:%a %H:%M}" for line, due in lines.items() if due.at} == {
            "checkin": "Mon 09:00",
            "reminder": "Tue 09:00",
            "samples": "Wed 10:00",
            "decisions": "Thu 09:00",
            "close": "Fri 14:00",
        }
        assert tuple(lines) == LINES

    @pytest.mark.parametrize(
        ("off", "expected"),
        [
            ((0,), "Tue moved, Wed moved, Wed, Thu, Fri"),
            ((1,), "Mon, Wed moved, Wed, Thu, Fri"),
            ((0, 1), "Wed moved, Thu moved, Wed, Thu, Fri"),
            ((2, 3), "Mon, Tue, Fri moved, Fri moved, Fri"),
            ((4,), "Mon, Tue, Wed, Thu, skipped"),
            ((0, 1, 2, 3), "Fri moved, skipped, Fri moved, Fri moved, Fri"),
            ((0, 1, 2, 3, 4), "skipped, skipped, skipped, skipped, skipped"),
            ((5, 6), "Mon, Tue, Wed, Thu, Fri"),
        ],
    )
    def test_a_holiday_moves_a_line_to_the_next_working_day_of_that_week(self, off: tuple, expected: str) -> None:
        assert ", ".join(shown(with_holidays(BERLIN, *days_off(*off))).values()) == expected

    def test_a_line_on_a_weekend_makes_that_day_a_working_day(self) -> None:
        saturday = replace(BERLIN, close_day=5)
        assert shown(saturday)["close"] == "Sat"
        assert shown(with_holidays(saturday, *days_off(3, 4)))["decisions"] == "Sat moved"
        assert shown(with_holidays(saturday, *days_off(5)))["close"] == "skipped"

    def test_the_weeks_right_before_in_which_no_day_was_left_are_counted_from_the_teams_beginning_on(self) -> None:
        two_before = WEEK.previous.previous
        fridays = [week.day(4) for week in (two_before.previous.previous, two_before, WEEK.previous)]
        schedule, begun = with_holidays(BERLIN, *fridays), datetime(2026, 10, 1, tzinfo=UTC)
        at = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
        found = [(two_before, at - timedelta(days=7)), (WEEK.previous, at)]
        assert skipped_before(schedule, WEEK, "close", begun) == found
        assert skipped_before(schedule, WEEK, "close", at - timedelta(days=7)) == found[1:]
        assert skipped_before(schedule, WEEK, "checkin", begun) == []
        assert skipped_before(replace(schedule, close_day=None), WEEK, "close", begun) == []

    def test_a_moved_line_keeps_the_day_it_was_meant_for(self) -> None:
        due = week_lines(with_holidays(BERLIN, MONDAY), WEEK)["checkin"]
        assert (due.nominal, due.day) == (MONDAY, date(2026, 11, 24))

    def test_lines_that_are_off_are_left_out(self) -> None:
        assert shown(replace(BERLIN, samples_day=None, reminder_time=None)) == {
            "checkin": "Mon",
            "decisions": "Thu",
            "close": "Fri",
        }
        assert "reminder" not in shown(replace(BERLIN, checkin_day=None))

    def test_a_check_in_on_the_last_working_day_leaves_no_day_for_a_reminder(self) -> None:
        assert shown(replace(BERLIN, checkin_day=4))["reminder"] == "skipped"

    def test_the_reminder_comes_on_the_working_day_after_the_check_in_was_held(self) -> None:
        held, moved = datetime(2026, 11, 24, 15, tzinfo=UTC), replace(BERLIN, checkin_day=3)
        assert reminder_day(BERLIN, WEEK, None) == date(2026, 11, 24)
        assert reminder_day(BERLIN, WEEK, held) == reminder_day(moved, WEEK, held) == date(2026, 11, 25)
        assert reminder_day(BERLIN, WEEK, datetime(2026, 11, 27, 9, tzinfo=UTC)) is None
        assert reminder_day(replace(BERLIN, reminder_time=None), WEEK, held) is None

    def test_each_person_is_reminded_at_their_own_hour(self) -> None:
        tuesday = date(2026, 11, 24)
        assert reminder_instant(tuesday, time(10), "America/New_York") == datetime(2026, 11, 24, 15, tzinfo=UTC)
        assert reminder_instant(tuesday, time(10), "Asia/Kolkata") == datetime(2026, 11, 24, 4, 30, tzinfo=UTC)

    @given(schedules, dates, st.sets(st.integers(0, 6)))
    def test_every_line_has_one_instant_on_a_working_day_of_its_week_or_none(
        self, schedule: Schedule, day: date, off: set[int]
    ) -> None:
        week = Week.of(day)
        schedule = with_holidays(schedule, *(week.day(weekday) for weekday in off))
        for line, due in week_lines(schedule, week).items():
            assert due.skipped == (due.day is None) == (due.at is None)
            assert not (due.skipped and due.moved)
            if due.day is not None and due.at is not None:
                assert Week.of(due.day) == week
                assert due.day >= due.nominal
                assert due.moved == (due.day != due.nominal)
                assert due.day not in schedule.holidays
                assert local_date(due.at, schedule.zone) == due.day
            elif line != "reminder":
                later = [week.day(n) for n in range(due.nominal.weekday(), 5)]
                assert set(later) <= schedule.holidays


class TestDue:
    def test_what_is_due_comes_in_order_and_not_twice(self) -> None:
        monday_to_monday = datetime(2026, 11, 23, 9, tzinfo=UTC), datetime(2026, 11, 30, 9, tzinfo=UTC)
        due = due_between(BERLIN, *monday_to_monday)
        assert [(line, week.label) for line, week, _ in due] == [
            ("reminder", "2026-W48"),
            ("samples", "2026-W48"),
            ("decisions", "2026-W48"),
            ("close", "2026-W48"),
            ("checkin", "2026-W49"),
        ]

    @given(schedules, dates, st.lists(st.integers(1, 90), min_size=1, max_size=12))
    @settings(max_examples=examples(50))
    def test_cutting_time_into_pieces_changes_nothing(self, schedule: Schedule, day: date, cuts: list[int]) -> None:
        start = local_instant(day, time(0), "UTC")
        pieces, at = [], start
        for cut in cuts:
            pieces += due_between(schedule, at, at + timedelta(hours=cut))
            at += timedelta(hours=cut)
        assert pieces == due_between(schedule, start, at)

    @given(schedules, dates, st.sets(st.integers(0, 90)))
    @settings(max_examples=examples(50))
    def test_next_due_is_the_first_that_is_due_later(self, schedule: Schedule, day: date, off: set[int]) -> None:
        schedule = with_holidays(schedule, *(day + timedelta(days=n) for n in off))
        now = local_instant(day, time(12), "UTC")
        until = now + timedelta(weeks=20)
        coming = due_between(schedule, now, until)
        for line, at in next_due(schedule, now).items():
            later = [due.at for due_line, _, due in coming if due_line == line]
            assert at == later[0] if later else at is None or at > until

    def test_next_due_looks_through_a_year_of_holidays(self) -> None:
        year_off = with_holidays(BERLIN, *(MONDAY + timedelta(days=n) for n in range(365)))
        assert next_due(year_off, datetime(2026, 11, 23, tzinfo=UTC))["checkin"] == datetime(
            2027, 11, 23, 9, tzinfo=UTC
        )
        forever = with_holidays(BERLIN, *(MONDAY + timedelta(days=n) for n in range(500)))
        assert set(next_due(forever, datetime(2026, 11, 23, tzinfo=UTC)).values()) == {None}

    def test_a_line_that_is_done_this_week_is_due_the_week_after_wherever_it_was_moved(self) -> None:
        now = local_instant(MONDAY, time(12), "Europe/Berlin")
        moved = replace(BERLIN, checkin_day=2, decisions_day=3)
        assert next_due(moved, now)["checkin"] == local_instant(MONDAY + timedelta(days=2), time(10), "Europe/Berlin")
        due = next_due(moved, now, {"checkin": MONDAY})
        assert due["checkin"] == local_instant(MONDAY + timedelta(days=9), time(10), "Europe/Berlin")
        assert due["decisions"] == local_instant(MONDAY + timedelta(days=3), time(10), "Europe/Berlin")

    def test_a_line_that_is_off_is_never_due(self) -> None:
        assert next_due(replace(BERLIN, samples_day=None), datetime(2026, 11, 23, tzinfo=UTC))["samples"] is None


SETTINGS = st.tuples(weekdays, hours, st.sampled_from(ZONES))


@given(dates, st.lists(st.tuples(st.integers(0, 400), SETTINGS), min_size=1, max_size=3))
@settings(max_examples=examples(40))
def test_changing_zone_day_or_hour_neither_doubles_nor_skips_a_week(day: date, changes: list) -> None:
    """C12: whoever looks back eight days and never goes back to an older week asks in every week, once."""
    first = Week.of(day)
    set_up = local_instant(first.monday, time(12), "UTC")
    schedule, fired = Schedule(checkin_day=0), [first.previous]
    for hour in range(0, 24 * 21 + 12, 11):
        now = set_up + timedelta(hours=hour)
        for _, (weekday, at, zone) in sorted(change for change in changes if hour - 11 < change[0] <= hour):
            schedule = replace(schedule, checkin_day=weekday, checkin_time=at, zone=zone)
        for line, week, _ in due_between(schedule, max(set_up, now - timedelta(days=8)), now):
            if line == "checkin" and week > fired[-1]:
                fired.append(week)
    asked = [first, first.next, first.next.next, first.next.next.next]
    assert fired[1:] in (asked, asked[:3], asked[1:], asked[1:3])


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Pacific/Apia"])
def test_a_year_has_one_check_in_for_every_week_at_the_hour_on_the_wall(zone: str) -> None:
    schedule = Schedule(zone=zone)
    year = due_between(schedule, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    weeks = [week for line, week, _ in year if line == "checkin"]
    assert weeks == sorted(set(weeks))
    assert len(weeks) == 52
    assert all(due.at == local_instant(due.day, time(10), zone) for line, _, due in year if line == "checkin")


def test_a_schedule_is_read_from_the_settings_of_a_team() -> None:
    team = Team(
        id=1,
        channel="C1",
        zone="Europe/Berlin",
        days={"checkin": 1, "reminder": 1, "samples": None, "decisions": 3, "close": 4},
        times={"checkin": time(9), "reminder": time(8), "decisions": time(10), "close": time(16)},
        country="DE",
        leads=("U1",),
        deciders="owners",
        maturity="mixed",
        set_up_by="U1",
        set_up_at=datetime(2026, 11, 23, tzinfo=UTC),
        active_since=datetime(2026, 11, 23, tzinfo=UTC),
    )
    schedule = schedule_of(team, frozenset({MONDAY}))
    assert schedule == Schedule(
        zone="Europe/Berlin",
        checkin_day=1,
        checkin_time=time(9),
        reminder_time=time(8),
        samples_day=None,
        close_time=time(16),
        holidays=frozenset({MONDAY}),
    )
    silent = replace(team, days=team.days | {"reminder": None})
    assert schedule_of(silent).reminder_time is None


def test_a_week_that_closes_before_it_asks_is_refused() -> None:
    refuse_disorder(BERLIN)
    refuse_disorder(replace(BERLIN, close_day=None, checkin_day=6, decisions_day=None))
    with pytest.raises(Refusal, match="The close must come after") as refused:
        refuse_disorder(replace(BERLIN, checkin_day=3, decisions_day=None, close_day=2))
    assert list(refused.value.fields) == ["close_day"]
