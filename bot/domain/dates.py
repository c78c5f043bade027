"""Dates as people say them: a small grammar that refuses rather than guesses.

Everything is relative to `today`, a date in the speaker's zone. Whoever answers repeats the date with its weekday.

    2026-12-11              that day
    3 Dec, Dec 3 [2027]     that day; without a year the next one, today counts
    today, tomorrow
    friday, fri             the next one, today counts: said on a Friday it is today
    next friday             the Friday of next week (weeks run from Monday to Sunday)
    next week               Monday of next week
    in 3 days, in a week, in 2 working days, in 2 months
    end of week|month|quarter|year   the last day: a week ends on Sunday
"""

import re
from calendar import monthrange
from collections.abc import Callable
from contextlib import suppress
from datetime import date, time, timedelta
from typing import Literal

from bot.domain.calendar import Week, add_working_days
from bot.domain.errors import Refusal
from bot.domain.zones import describe_date

EXAMPLES = "2026-12-11, 3 Dec, friday, tomorrow, in 2 weeks or end of month"
FARTHEST = timedelta(days=3660)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NAME = r"(?P<weekday>[a-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?"
_MONTH = r"(?P<month>[a-z]{3,9})\.?"
_YEAR = r"(?:,? (?P<year>\d{4}))?"
_UNIT = r"(?P<unit>day|working day|week|month)s?"

_Parts = dict[str, str]
_Rule = Callable[[_Parts, date, frozenset[date]], date | None]


def parse_date(text: str, today: date, holidays: frozenset[date] = frozenset(), farthest: timedelta = FARTHEST) -> date:
    """The date that `text` names, seen from `today`; a Refusal with examples for everything unclear (`03/04`).

    Dates more than ten years away (`farthest`) are taken for a slip. `holidays` only matters to `in 2 working days`.
    """
    said = re.sub(r"\s+", " ", text.strip().lower())
    for pattern, rule in _RULES:
        found = re.fullmatch(pattern, said, re.ASCII)
        day = _apply(rule, found.groupdict(), today, holidays) if found else None
        if day is not None and abs(day - today) > farthest:
            raise Refusal(f"'{text.strip()[:40]}' is more than ten years away: give a nearer day, like {EXAMPLES}.")
        if day is not None:
            return day
    if not said:
        raise Refusal(f"Say which day, for example {EXAMPLES}.")
    raise Refusal(f"I cannot read '{text.strip()[:40]}' as a date: write it like {EXAMPLES}.")


def _apply(rule: _Rule, parts: _Parts, today: date, holidays: frozenset[date]) -> date | None:
    """What a rule makes of the words; no date if there is no such day."""
    with suppress(ValueError, OverflowError):
        return rule(parts, today, holidays)
    return None


def _iso(parts: _Parts, today: date, holidays: frozenset[date]) -> date:
    return date(int(parts["year"]), int(parts["month"]), int(parts["day"]))


def _today(parts: _Parts, today: date, holidays: frozenset[date]) -> date:
    return today


def _tomorrow(parts: _Parts, today: date, holidays: frozenset[date]) -> date:
    return today + timedelta(days=1)


def _weekday(parts: _Parts, today: date, holidays: frozenset[date]) -> date | None:
    weekday = _index(parts["weekday"], WEEKDAYS)
    return None if weekday is None else today + timedelta(days=(weekday - today.weekday()) % 7)


def _next_weekday(parts: _Parts, today: date, holidays: frozenset[date]) -> date | None:
    weekday = _index(parts["weekday"], WEEKDAYS)
    return None if weekday is None else Week.of(today).next.day(weekday)


def _next_week(parts: _Parts, today: date, holidays: frozenset[date]) -> date:
    return Week.of(today).next.monday


def _day_and_month(parts: _Parts, today: date, holidays: frozenset[date]) -> date | None:
    """A day of a month; without a year the next there is (29 Feb can be eight years away); a wrong weekday is none."""
    month = _index(parts["month"], _MONTHS)
    if month is None:
        return None
    years = [int(parts["year"])] if parts["year"] else range(today.year, today.year + 9)
    days = (date(year, month + 1, int(parts["day"])) for year in years if _exists(year, month + 1, int(parts["day"])))
    day = next((day for day in days if parts["year"] or day >= today), None)
    weekday = parts.get("weekday")
    return None if day is None or (weekday and _index(weekday, WEEKDAYS) != day.weekday()) else day


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= day <= monthrange(year, month)[1]


def _in_a_while(parts: _Parts, today: date, holidays: frozenset[date]) -> date:
    count = 1 if parts["count"] in ("a", "one") else int(parts["count"])
    match parts["unit"]:
        case "day":
            return today + timedelta(days=count)
        case "working day":
            return add_working_days(today, count, holidays)
        case "week":
            return today + timedelta(weeks=count)
        case _:
            year, month = divmod(today.year * 12 + today.month - 1 + count, 12)
            return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _end(parts: _Parts, today: date, holidays: frozenset[date]) -> date:
    if parts["unit"] == "week":
        return Week.of(today).sunday
    months = {"month": 1, "quarter": 3, "year": 12}[parts["unit"]]
    month = (today.month - 1) // months * months + months
    return date(today.year, month, monthrange(today.year, month)[1])


_RULES: tuple[tuple[str, _Rule], ...] = (
    (r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", _iso),
    (r"today", _today),
    (r"tomorrow", _tomorrow),
    (rf"(?:on |this )?{_NAME}", _weekday),
    (r"next week", _next_week),
    (rf"next {_NAME}", _next_weekday),
    (rf"(?:{_NAME},? )?{_DAY} {_MONTH}{_YEAR}", _day_and_month),
    (rf"(?:{_NAME},? )?{_MONTH} {_DAY}{_YEAR}", _day_and_month),
    (rf"in (?P<count>a|one|\d{{1,4}}) {_UNIT}", _in_a_while),
    (r"(?:the )?end of (?:the |this )?(?P<unit>week|month|quarter|year)", _end),
)


def _index(word: str, names: tuple[str, ...]) -> int | None:
    """Which of the names the word is, or is short for (three letters or more)."""
    hits = [number for number, name in enumerate(names) if name.startswith(word)]
    return hits[0] if len(word) >= 3 and len(hits) == 1 else None


AWAY = "until friday, on friday, from 20 Dec to 3 Jan, or back"
_ALONE = re.compile(r"on (?P<day>.+)|today|tomorrow|next week", re.I)
_FROM_TODAY = re.compile(r"\s*(?:today|tomorrow|in|next)\b", re.I)


def parse_away(text: str, today: date, holidays: frozenset[date] = frozenset()) -> tuple[date, date] | Literal["back"]:
    """An absence, first and last day, from `until DATE` or `from DATE [to DATE]`; `back` ends one.

    Without an end it lasts to the end of that week, and without anything it is this week. In `from monday to friday`
    the end is looked for from the beginning on. An end before the beginning is refused. `on friday`, `tomorrow`
    and `next week` are that day or week; `friday` alone might be meant as an end, and is refused.
    """
    said = re.sub(r"\s+", " ", text.strip())
    if said.lower() == "back":
        return "back"
    found = re.fullmatch(r"(?:from (?P<first>.+?))?(?:(?:^| )(?:until|till|to) (?P<last>.+))?", said, re.I)
    alone = _ALONE.fullmatch(said)
    if alone:
        first = parse_date(alone["day"] or said, today, holidays)
        return first, Week.of(first).sunday if said.lower() == "next week" else first
    if not found:
        raise Refusal(f"I cannot read '{said[:40]}' as an absence: write {AWAY}.")
    first = parse_date(found["first"], today, holidays) if found["first"] else today
    if not found["last"]:
        return first, Week.of(first).sunday
    since = today if _FROM_TODAY.match(found["last"]) else first
    return check_away(first, parse_date(found["last"], since, holidays))


def check_away(first: date, last: date | None, field: str | None = None) -> tuple[date, date]:
    """An absence from two dates, the end of that week if there is no second; an end before the beginning is refused."""
    last = last or Week.of(first).sunday
    if last < first:
        days = f"{describe_date(last)} is before {describe_date(first)}"
        advice = "choose a later day" if field else f"write {AWAY}"
        raise Refusal(f"{days}: an absence cannot end before it begins; {advice}.", field)
    return first, last


def parse_weekday(text: str, field: str | None = None) -> int:
    """0 (Monday) to 6 from a weekday's name, full or cut to three letters or more."""
    weekday = _index(text.strip().lower().rstrip("."), WEEKDAYS)
    if weekday is None:
        raise Refusal(f"'{text.strip()[:40]}' is no weekday: write one like Monday or Fri.", field)
    return weekday


def parse_line_day(text: str, field: str | None = None) -> int | None:
    """The weekday of a line of the week, or None for `off`."""
    if text.strip().lower() in ("off", "never", "none", "no", "-"):
        return None
    try:
        return parse_weekday(text)
    except Refusal:
        raise Refusal(f"'{text.strip()[:40]}' is no weekday: write one like Monday or Fri, or off.", field) from None


def parse_time(text: str, field: str | None = None) -> time:
    """A time of day from `9`, `9:30`, `09:00`, `9.30`, `9am` or `2:15 pm`."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2})(?::00)?)?\s*(am|pm)?", text.strip().lower(), re.ASCII)
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
    if found and found[3]:
        hour = hour % 12 + 12 * (found[3] == "pm") if 1 <= hour <= 12 else 24
    if hour > 23 or minute > 59:
        raise Refusal(f"'{text.strip()[:40]}' is no time of day: write it like 9:30 or 14:00.", field)
    return time(hour, minute)
