"""A team's settings by their keys, as people type them in the form of *Set up this team* and in `bets team set`."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import time
from typing import Any

from bot.domain.calendar import LINES, refuse_disorder, schedule_of
from bot.domain.dates import WEEKDAYS, parse_line_day, parse_time
from bot.domain.errors import Refusal
from bot.domain.records import Team, TeamSettings
from bot.domain.slack_ids import is_user_id
from bot.domain.words import nearest
from bot.domain.zones import find_zone

OFF = "off"
DECIDERS = ("leads", "owners_and_leads", "anyone")
MATURITIES = ("young", "mixed", "mature")
# The reminder has no weekday of its own: any day says that it is on.
REMINDER_ON = 1

KEYS = (
    *("zone", "checkin_day", "checkin_time", "reminder_time", "samples_day", "samples_time"),
    *("decisions_day", "decisions_time", "close_day", "close_time", "country", "leads", "deciders", "maturity"),
    *("lead_dm", "samples_kept_days", "samples_link_only"),
)
# Ten years: whoever wants to keep samples for ever has forgotten why.
LONGEST_KEPT = 3_650

Typed = Mapping[str, str | Sequence[str]]


def default_settings(zone: str, leads: Sequence[str] = ()) -> TeamSettings:
    """The team's week of the handbook, in that zone."""
    return TeamSettings(
        zone=zone,
        days={"checkin": 0, "reminder": REMINDER_ON, "samples": 2, "decisions": 3, "close": 4},
        times={
            "checkin": time(10),
            "reminder": time(10),
            "samples": time(11),
            "decisions": time(10),
            "close": time(15),
        },
        country="",
        leads=tuple(leads),
        deciders="owners_and_leads",
        maturity="mixed",
    )


def settings_of(team: Team) -> TeamSettings:
    """What the team decided, without what happened to it."""
    return TeamSettings(**{name: getattr(team, name) for name in TeamSettings.__dataclass_fields__})


def show_settings(settings: TeamSettings) -> dict[str, Any]:
    """Every setting by its key, in the words that `read_settings` takes."""
    shown: dict[str, Any] = {"zone": settings.zone}
    for line in LINES:
        day, at = settings.days.get(line), settings.times[line].strftime("%H:%M")
        if line == "reminder":
            shown["reminder_time"] = OFF if day is None else at
        else:
            shown |= {f"{line}_day": OFF if day is None else WEEKDAYS[day], f"{line}_time": at}
    shown |= {"country": settings.country, "leads": list(settings.leads)}
    shown |= {"deciders": settings.deciders, "maturity": settings.maturity}
    shown |= {name: "on" if getattr(settings, name) else OFF for name in ("lead_dm", "samples_link_only")}
    return shown | {"samples_kept_days": str(settings.samples_kept_days)}


def read_settings(typed: Typed, settings: TeamSettings, find_country: Callable[[str], str]) -> TeamSettings:
    """`settings` with what was typed under some of the keys; one Refusal names every wrong one, by its key.

    `find_country` says which country a code is, or refuses.
    """
    wrong: dict[str, str] = {}
    for key, value in typed.items():
        try:
            settings = _read(key, value, settings, find_country)
        except Refusal as refusal:
            wrong[key] = refusal.message
    if not wrong:
        try:
            refuse_disorder(schedule_of(settings))
        except Refusal as refusal:
            wrong = refusal.fields
    if wrong:
        raise Refusal(" ".join(wrong.values()), fields=wrong)
    return settings


def _read(
    key: str, value: str | Sequence[str], settings: TeamSettings, find_country: Callable[[str], str]
) -> TeamSettings:
    if key == "leads":
        return replace(settings, leads=read_leads(value))
    text = str(value).strip()
    if key == "reminder_time" and text.lower() in (OFF, ""):
        return replace(settings, days=settings.days | {"reminder": None})
    line, _, part = key.rpartition("_")
    if part == "day" and line in LINES and line != "reminder":
        return replace(settings, days=settings.days | {line: parse_line_day(text)})
    if part == "time" and line in LINES:
        day = REMINDER_ON if line == "reminder" else settings.days[line]
        return replace(settings, days=settings.days | {line: day}, times=settings.times | {line: parse_time(text)})
    others: dict[str, Callable[[], TeamSettings]] = {
        "zone": lambda: replace(settings, zone=find_zone(text)),
        "country": lambda: replace(settings, country=find_country(text)),
        "deciders": lambda: replace(settings, deciders=_choice(text, DECIDERS)),
        "maturity": lambda: replace(settings, maturity=_choice(text, MATURITIES)),
        "lead_dm": lambda: replace(settings, lead_dm=_choice(text, ("on", OFF)) == "on"),
        "samples_kept_days": lambda: replace(settings, samples_kept_days=_kept_days(text)),
        "samples_link_only": lambda: replace(settings, samples_link_only=_choice(text, ("on", OFF)) == "on"),
    }
    if key not in others:
        near = nearest(key, KEYS)
        hint = f"did you mean {near}?" if near else f"the keys are {', '.join(KEYS)}."
        raise Refusal(f"There is no setting '{key[:40]}': {hint}")
    return others[key]()


def _choice(text: str, known: tuple[str, ...]) -> str:
    choice = re.sub(r"[\s-]+", "_", text.lower())
    if choice not in known:
        raise Refusal(f"'{text[:40]}' is not one of {', '.join(known)}: choose one of them.")
    return choice


def _kept_days(text: str) -> int:
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII) or not 1 <= int(text) <= LONGEST_KEPT:
        raise Refusal(f"Samples are kept for 1 to {LONGEST_KEPT:,} days: write a whole number such as 365.")
    return int(text)


def read_leads(value: str | Sequence[str]) -> tuple[str, ...]:
    """Slack user ids, typed with commas between or as Slack's own field lists them; at least one."""
    typed = isinstance(value, str)
    given = re.split(r"[\s,;]+", value) if isinstance(value, str) else value
    leads = tuple(dict.fromkeys(re.sub(r"^<@(\w+)(?:\|[^>]*)?>$", r"\1", user) for user in given if user))
    wrong = next((user for user in leads if typed and not is_user_id(user)), None)
    if wrong:
        raise Refusal(f"'{wrong[:40]}' is no Slack user id: write them like U012AB3CD, with commas between.")
    if not leads:
        raise Refusal("A team needs at least one lead, who can change its settings: choose one.")
    return leads


def is_turned_on(before: TeamSettings, after: TeamSettings) -> bool:
    """Whether a line that was off is on now. What it would have done earlier this week is not made up then."""
    return any(
        before.days.get(line) is None and after.days.get(line) is not None for line in ("checkin", "samples", "close")
    )


def week_words(settings: TeamSettings) -> list[tuple[str, str]]:
    """Each line of the team's week with its day and hour in words."""
    names = {"checkin": "Check-in", "samples": "Samples", "decisions": "Decisions", "close": "Close and digest"}
    words = [(names[line], _when(settings, line)) for line in LINES if line in names]
    at, on = f"{settings.times['reminder']:%H:%M}", settings.days.get("reminder") is not None
    words.insert(1, ("Reminder", f"next working day, {at} at each person's own hour" if on else OFF))
    return words


def _when(settings: TeamSettings, line: str) -> str:
    day = settings.days.get(line)
    return OFF if day is None else f"{WEEKDAYS[day].capitalize()} {settings.times[line]:%H:%M}"
