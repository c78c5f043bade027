"""The team's week: ISO weeks, working days, and when each line of the week is due.

Due is computed from the settings as they are now and never remembered here. Whoever acts on it keeps one row per
(line, week), never goes back to a week older than the last one, and looks back eight days: then a changed hour, day or
zone in the middle of a week neither doubles nor skips it. (Seven days are a little short: a week's last hour can become
its first, and a zone moves by a day.)
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from bot.domain.errors import Refusal
from bot.domain.records import Team, TeamSettings
from bot.domain.zones import MONTHS, local_date, local_instant

LINES = ("checkin", "reminder", "samples", "decisions", "close")
WORKING_WEEK = frozenset(range(5))
LOOK_AHEAD_WEEKS = 60
# What is late by more than that is not made up.
WINDOW = timedelta(days=7)


@dataclass(frozen=True, order=True)
class Week:
    """An ISO week, Monday to Sunday; 2026-W48 begins on Mon 23 Nov 2026."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Week":
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, text: str) -> "Week":
        """The week that a label names; anything but a real one is a Refusal."""
        found = re.fullmatch(r"(\d{4})-W(\d{2})", text.strip().upper(), re.ASCII)
        with suppress(ValueError):
            if found:
                return cls.of(date.fromisocalendar(int(found[1]), int(found[2]), 1))
        raise Refusal(f"'{text.strip()[:40]}' is no week: write it like 2026-W48.", "week")

    @property
    def monday(self) -> date:
        return self.day(0)

    @property
    def sunday(self) -> date:
        return self.day(6)

    @property
    def label(self) -> str:
        return f"{self.year:04}-W{self.number:02}"

    @property
    def next(self) -> "Week":
        return Week.of(self.monday + timedelta(days=7))

    @property
    def previous(self) -> "Week":
        return Week.of(self.monday - timedelta(days=7))

    def day(self, weekday: int) -> date:
        """The date of a weekday of this week, 0 for Monday to 6 for Sunday."""
        return date.fromisocalendar(self.year, self.number, weekday + 1)

    def __str__(self) -> str:
        return self.label


def say_week(label: str, *, begins: bool = False) -> str:
    """A week as people say it: `week of 23 Nov`, with a capital where it `begins` a line; exports have its label."""
    monday = Week.parse(label).monday
    return f"{'Week' if begins else 'week'} of {monday.day} {MONTHS[monday.month - 1]}"


def week_of(now: datetime, zone: str) -> Week:
    """The ISO week that a calendar on the wall in `zone` shows at `now`."""
    return Week.of(local_date(now, zone))


def is_working_day(day: date, holidays: frozenset[date] = frozenset(), weekdays: frozenset[int] = WORKING_WEEK) -> bool:
    """Whether `day` is one of `weekdays` (Monday to Friday) and no holiday."""
    return day.weekday() in weekdays and day not in holidays


def next_working_day(day: date, holidays: frozenset[date] = frozenset()) -> date:
    """The first working day after `day`."""
    return add_working_days(day, 1, holidays)


def add_working_days(day: date, count: int, holidays: frozenset[date] = frozenset()) -> date:
    """The `count`-th working day after `day`, which itself is never counted; 0 gives `day`."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day, holidays)
    return day


@dataclass(frozen=True)
class Schedule:
    """A team's week: days are 0 (Monday) to 6 or None for off; the reminder has an hour only, None for off."""

    zone: str = "UTC"
    checkin_day: int | None = 0
    checkin_time: time = time(10)
    reminder_time: time | None = time(10)
    samples_day: int | None = 2
    samples_time: time = time(11)
    decisions_day: int | None = 3
    decisions_time: time = time(10)
    close_day: int | None = 4
    close_time: time = time(15)
    holidays: frozenset[date] = frozenset()

    @property
    def placed(self) -> dict[str, tuple[int, time]]:
        """Weekday and hour of the lines that have a weekday of their own, without those that are off."""
        lines = {
            "checkin": (self.checkin_day, self.checkin_time),
            "samples": (self.samples_day, self.samples_time),
            "decisions": (self.decisions_day, self.decisions_time),
            "close": (self.close_day, self.close_time),
        }
        return {line: (day, at) for line, (day, at) in lines.items() if day is not None}

    @property
    def weekdays(self) -> frozenset[int]:
        """The weekdays this team works: Monday to Friday and whatever else it put a line on."""
        return WORKING_WEEK | {day for day, _ in self.placed.values()}

    def working_days(self, week: Week, first: date) -> list[date]:
        """What is left of `week` to work in, from `first` on."""
        days, weekdays = (week.day(weekday) for weekday in range(7)), self.weekdays
        return [day for day in days if day >= first and is_working_day(day, self.holidays, weekdays)]


def schedule_of(team: Team | TeamSettings, holidays: frozenset[date] = frozenset()) -> Schedule:
    """The schedule that a team's settings describe; a line without a day is off.

    The reminder has no weekday of its own: any day in the settings means on.
    """
    usual = Schedule()
    return Schedule(
        zone=team.zone,
        checkin_day=team.days.get("checkin"),
        checkin_time=team.times.get("checkin", usual.checkin_time),
        reminder_time=team.times.get("reminder") if team.days.get("reminder") is not None else None,
        samples_day=team.days.get("samples"),
        samples_time=team.times.get("samples", usual.samples_time),
        decisions_day=team.days.get("decisions"),
        decisions_time=team.times.get("decisions", usual.decisions_time),
        close_day=team.days.get("close"),
        close_time=team.times.get("close", usual.close_time),
        holidays=holidays,
    )


def refuse_disorder(schedule: Schedule) -> None:
    """Refuse a week whose decisions or close would come before its check-in, since there would be nothing to decide on,
    or whose close would come before its decisions: the digest would show numbers that are not open yet."""
    placed = schedule.placed
    for line, name in (("decisions", "Decisions"), ("close", "The close")):
        if line in placed and "checkin" in placed and placed[line] <= placed["checkin"]:
            sentence = f"{name} must come after the check-in in the same week, which runs from Monday to Sunday."
            raise Refusal(sentence, f"{line}_day")
    if "decisions" in placed and "close" in placed and placed["decisions"] > placed["close"]:
        sentence = (
            "Decisions must not come after the close: until then nobody sees the week's numbers, and the digest at "
            "the close shows them. Move one of the two, or switch it off."
        )
        raise Refusal(sentence, "decisions_day")


@dataclass(frozen=True)
class Due:
    """One line of one week. Skipped: a holiday fell on it and no working day is left; `day` and `at` are None then.

    The reminder's `at` is on the team's clock; each person's own is `reminder_instant(due.day, ...)`.
    """

    day: date | None
    at: datetime | None
    nominal: date
    moved: bool = False
    skipped: bool = False


def week_lines(schedule: Schedule, week: Week) -> dict[str, Due]:
    """When each line of `week` is due; lines that are off are left out.

    A holiday moves a line to the next working day of the same week. The reminder is due on the working day after the
    check-in, wherever that went.
    """
    lines = {line: _due(schedule, week, week.day(day), at) for line, (day, at) in schedule.placed.items()}
    if "checkin" in lines and schedule.reminder_time is not None:
        lines["reminder"] = _reminder(schedule, week, lines["checkin"], schedule.reminder_time)
    return {line: lines[line] for line in LINES if line in lines}


@lru_cache(1_000)  # each tick asks again about every week that may be late
def _due(schedule: Schedule, week: Week, nominal: date, at: time) -> Due:
    left = schedule.working_days(week, nominal)
    if not left:
        return Due(None, None, nominal, skipped=True)
    return Due(left[0], local_instant(left[0], at, schedule.zone), nominal, moved=left[0] != nominal)


def _reminder(schedule: Schedule, week: Week, checkin: Due, at: time) -> Due:
    nominal = checkin.nominal + timedelta(days=1)
    if checkin.day is None:
        return Due(None, None, nominal, skipped=True)
    due = _due(schedule, week, checkin.day + timedelta(days=1), at)
    return Due(due.day, due.at, nominal, moved=due.day not in (None, nominal), skipped=due.skipped)


def reminder_day(schedule: Schedule, week: Week, held: datetime | None) -> date | None:
    """On which day of `week` people are reminded: on the working day after its check-in was `held`, whatever the
    settings became since, or is due. None while reminders are off, or if no day is left."""
    due = week_lines(schedule, week).get("reminder")
    if due is None or held is None:
        return due.day if due else None
    left = schedule.working_days(week, local_date(held, schedule.zone) + timedelta(days=1))
    return left[0] if left else None


def reminder_instant(day: date, at: time, person_zone: str) -> datetime:
    """When a person is reminded: at `at` of their own clock on `day`.

    Far east of the team that can be before the check-in itself (Pago Pago asks, Kiritimati answers): whoever sends
    takes the later of the two.
    """
    return local_instant(day, at, person_zone)


def due_between(schedule: Schedule, after: datetime, until: datetime) -> list[tuple[str, Week, Due]]:
    """Every line due later than `after` and not later than `until`, in order of its instant, then of the week."""
    found = []
    for week in _weeks(week_of(after, schedule.zone).previous, week_of(until, schedule.zone).next):
        for line, due in week_lines(schedule, week).items():
            if due.at is not None and after < due.at <= until:
                found.append((due.at, LINES.index(line), line, week, due))
    return [(line, week, due) for _, _, line, week, due in sorted(found, key=lambda row: row[:2])]


def skipped_before(schedule: Schedule, week: Week, line: str, since: datetime) -> list[tuple[Week, datetime]]:
    """The weeks right before `week` in which holidays left no day for `line`, oldest first, each with the instant at
    which it would have been due; none from before `since`."""
    found: list[tuple[Week, datetime]] = []
    while line in schedule.placed:
        week = week.previous
        due, (_, at) = week_lines(schedule, week)[line], schedule.placed[line]
        instant = local_instant(due.nominal, at, schedule.zone)
        if not due.skipped or instant <= since:
            break
        found.append((week, instant))
    return found[::-1]


def next_due(schedule: Schedule, now: datetime, done: Mapping[str, date] | None = None) -> dict[str, datetime | None]:
    """For every line the next instant later than `now`; None if it is off, or finds no day in the next 60 weeks.

    `done` is the Monday of the newest week in which a line was done: not before the week after it is it due again,
    even when a changed setting has moved it.
    """
    found: dict[str, datetime | None] = dict.fromkeys(LINES)
    first = week_of(now, schedule.zone).previous
    last = Week.of(first.monday + timedelta(weeks=LOOK_AHEAD_WEEKS + 1))
    for week in _weeks(first, last):
        lines = week_lines(schedule, week)
        for line, due in lines.items():
            over = week.monday <= (done or {}).get(line, date.min)
            if found[line] is None and due.at is not None and due.at > now and not over:
                found[line] = due.at
        if all(found[line] for line in lines):
            break
    return found


def _weeks(first: Week, last: Week) -> Iterator[Week]:
    while first <= last:
        yield first
        first = first.next
