"""Instants, local dates and time zones: one instant for every wall time, in every zone and year."""

import difflib
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.errors import Refusal

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# In the tz database for machines, not for people: no place, or whatever the machine is set to.
_NOT_A_PLACE = {"Factory", "localtime", "posixrules"}
# So many names are proposed in the place of one that there is not.
_NEAREST = 3


def local_instant(day: date, at: time, zone: str) -> datetime:
    """The one UTC instant at which `zone` first shows `at` on `day`.

    A wall time that clocks skip gives the first instant after the gap, also where the whole day is missing
    (Apia, 2011-12-30); one that they show twice gives the first pass. Never earlier than the wall time.
    """
    place = ZoneInfo(zone)
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    first = wall.replace(tzinfo=place).astimezone(UTC)
    if _wall(first, place) == wall:
        return first
    return _end_of_gap(wall, place)


def _wall(instant: datetime, place: ZoneInfo) -> datetime:
    return instant.astimezone(place).replace(tzinfo=None, fold=0)


def _end_of_gap(wall: datetime, place: ZoneInfo) -> datetime:
    """The first instant that shows a time after a skipped `wall`, by halving: clocks change on whole seconds."""
    # In a gap PEP 495 puts fold 1 before the change and fold 0 after it.
    low = wall.replace(tzinfo=place, fold=1).astimezone(UTC).replace(microsecond=0)
    high = wall.replace(tzinfo=place, fold=0).astimezone(UTC).replace(microsecond=0)
    before, after = 0, int((high - low).total_seconds())
    while after - before > 1:
        middle = (before + after) // 2
        if _wall(low + timedelta(seconds=middle), place) < wall:
            before = middle
        else:
            after = middle
    return low + timedelta(seconds=after)


@lru_cache(maxsize=1000)  # a list of bets asks for the same day once for each of them
def local_date(now: datetime, zone: str) -> date:
    """The date that a calendar on the wall in `zone` shows at `now`."""
    return now.astimezone(ZoneInfo(zone)).date()


def local_time(now: datetime, zone: str) -> time:
    """The time that a clock on the wall in `zone` shows at `now`, to the minute."""
    return now.astimezone(ZoneInfo(zone)).time().replace(second=0, microsecond=0)


def describe_date(day: date) -> str:
    """A date as people read it: `Fri 11 Dec 2026`."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def describe_instant(at: datetime, zone: str) -> str:
    """An instant on the clocks of `zone`, which is named: `Mon 30 Nov 2026, 10:00 Europe/Berlin`."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{describe_date(local.date())}, {local:%H:%M} {zone}"


@cache
def all_zones() -> frozenset[str]:
    """Every name of the tz database, which is read once: that is a look into hundreds of files."""
    return frozenset(available_timezones())


@cache
def _zone_names() -> dict[str, str]:
    return {name.lower(): name for name in sorted(all_zones() - _NOT_A_PLACE)}


def find_zone(text: str) -> str:
    """The zone's canonical name, whatever its case and with spaces for underscores; else a Refusal with the nearest."""
    typed = " ".join(text.split())
    name = _zone_names().get(typed.lower().replace(" ", "_"))
    if name:
        return name
    if not typed:
        raise Refusal("Name a time zone, such as Europe/Berlin, America/New_York or UTC.", "zone")
    near = nearest_zones(typed)
    advice = f"did you mean {_either(near)}?" if near else "write one like Europe/Berlin, America/New_York or UTC."
    raise Refusal(f"There is no time zone '{typed[:40]}': {advice}", "zone")


def nearest_zones(text: str) -> list[str]:
    """At most three names that look like `text`, compared with whole names and with the cities in them."""
    wanted = text.lower().replace(" ", "_")[:60]
    names = _zone_names()
    cities: dict[str, list[str]] = {}
    for lower, name in names.items():
        # Names with a region come first, so that "Jamaica" is America/Jamaica before the old alias.
        cities.setdefault(lower.rsplit("/", 1)[-1], []).insert(0 if name.startswith(_REGIONS) else 99, name)
    if wanted in cities:
        return cities[wanted][:1]
    whole = difflib.get_close_matches(wanted, names, n=_NEAREST, cutoff=0.75)
    part = difflib.get_close_matches(wanted.rsplit("/", 1)[-1], cities, n=_NEAREST, cutoff=0.75)
    found = [names[lower] for lower in whole] + [cities[city][0] for city in part]
    return list(dict.fromkeys(found))[:_NEAREST]


_REGIONS = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


def _either(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
