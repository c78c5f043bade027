"""One instant for every wall time, in every zone."""

import itertools
import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.domain.errors import Refusal
from bot.domain.zones import describe_date, describe_instant, find_zone, local_date, local_instant

ZONES = sorted(available_timezones() - {"Factory", "localtime", "posixrules"})
DRAWS = 36
APIA_SKIPPED = date(2011, 12, 30)


def wall(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def offset(instant: datetime, zone: str) -> timedelta:
    return wall(instant, zone) - instant.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("Europe/Berlin", (2026, 11, 30), "10:00", "2026-11-30T09:00"),
        ("Europe/Berlin", (2026, 3, 29), "02:30", "2026-03-29T01:00"),  # skipped: 03:00 is the first there is
        ("Europe/Berlin", (2026, 10, 25), "02:30", "2026-10-25T00:30"),  # shown twice: the first pass
        ("Australia/Lord_Howe", (2026, 10, 4), "02:15", "2026-10-03T15:30"),  # a gap of half an hour
        ("Australia/Lord_Howe", (2026, 4, 5), "01:45", "2026-04-04T14:45"),
        ("Antarctica/Troll", (2026, 3, 29), "02:30", "2026-03-29T01:00"),  # a gap of two hours
        ("America/Santiago", (2026, 9, 6), "00:00", "2026-09-06T04:00"),  # midnight is skipped
        ("Asia/Beirut", (2026, 3, 29), "00:00", "2026-03-28T22:00"),
        ("Africa/Cairo", (2026, 4, 24), "00:30", "2026-04-23T22:00"),
        ("Africa/Casablanca", (2026, 3, 22), "02:30", "2026-03-22T02:00"),  # Ramadan is over
        ("Pacific/Apia", (2011, 12, 30), "10:00", "2011-12-30T10:00"),  # the day is skipped: 31 Dec, 00:00
        ("Pacific/Fakaofo", (2011, 12, 30), "23:59", "2011-12-30T11:00"),
        ("UTC", (2026, 1, 1), "00:00", "2026-01-01T00:00"),
    ],
)
def test_a_wall_time_becomes_its_one_instant(zone: str, day: tuple, at: str, expected: str) -> None:
    assert local_instant(date(*day), time.fromisoformat(at), zone) == datetime.fromisoformat(expected + "+00:00")


def test_every_zone_fires_once_a_week_and_never_early() -> None:
    """C9: every zone x 2010-2037 x a drawn weekday and hour, more than 20,000 weeks."""
    chance = random.Random(9)
    for zone in ZONES:
        for _ in range(DRAWS):
            day = date(2010, 1, 1) + timedelta(days=chance.randrange(28 * 365))
            at = time(chance.randrange(24), chance.choice((0, 15, 30, 45, chance.randrange(60))))
            check_one_fire(zone, day, at)


def test_every_zone_fires_once_on_the_days_its_clocks_change() -> None:
    """C9, where it hurts: the draws above seldom meet a change, these always do."""
    chance = random.Random(10)
    for zone in ZONES:
        place = ZoneInfo(zone)
        year = chance.randrange(2010, 2038)
        days = [datetime(year, 1, 1, 12, tzinfo=place) + timedelta(days=n) for n in range(365)]
        for noon, next_noon in itertools.pairwise(days):
            if noon.utcoffset() != next_noon.utcoffset():
                for day in (noon.date(), next_noon.date()):
                    check_one_fire(zone, day, time(chance.randrange(4), chance.randrange(60)))


def check_one_fire(zone: str, day: date, at: time) -> None:
    nominal = datetime.combine(day, at)
    fire = local_instant(day, at, zone)
    shown = wall(fire, zone)
    about = f"{zone} {nominal} -> {fire}"
    assert shown >= nominal, about
    assert wall(fire - timedelta(seconds=1), zone) < nominal, about
    if shown != nominal:
        assert offset(fire, zone) - offset(fire - timedelta(seconds=1), zone) > shown - nominal, f"{about}: no gap"
    else:
        assert wall(fire - timedelta(minutes=30), zone) != nominal, about
        assert wall(fire - timedelta(hours=1), zone) != nominal, about
    hours = (local_instant(day + timedelta(days=7), at, zone) - fire) / timedelta(hours=1)
    lost_a_day = zone in ("Pacific/Apia", "Pacific/Fakaofo") and abs(day - APIA_SKIPPED) <= timedelta(days=7)
    assert 166 <= hours <= 170 or lost_a_day, about


def test_the_week_of_the_skipped_day_still_has_one_fire_each() -> None:
    fridays = [local_instant(APIA_SKIPPED + timedelta(days=7 * n), time(10), "Pacific/Apia") for n in (-1, 0, 1)]
    assert sorted(set(fridays)) == fridays
    assert [wall(at, "Pacific/Apia").date() for at in fridays] == [
        date(2011, 12, 23),
        date(2011, 12, 31),
        date(2012, 1, 6),
    ]


@pytest.mark.parametrize("typed", ["Europe/Berlin", "europe/berlin", " EUROPE/BERLIN ", "Europe/berlin"])
def test_a_zone_is_found_in_any_case(typed: str) -> None:
    assert find_zone(typed) == "Europe/Berlin"


def test_a_zone_may_be_typed_with_spaces() -> None:
    assert find_zone("america/new york") == "America/New_York"


@pytest.mark.parametrize("zone", ZONES[::7])
def test_every_canonical_name_is_itself(zone: str) -> None:
    assert find_zone(zone) == zone
    assert find_zone(zone.lower().replace("_", " ")) == zone


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("Berln", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("Europe/Berln", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("Asia/Calcuta", "Asia/Calcutta"),
        ("utcc", "UTC"),
    ],
)
def test_an_unknown_zone_is_refused_with_the_nearest(typed: str, nearest: str) -> None:
    with pytest.raises(Refusal) as refused:
        find_zone(typed)
    assert f"There is no time zone '{typed}': did you mean " in refused.value.message
    assert nearest in refused.value.message
    assert list(refused.value.fields) == ["zone"]


@pytest.mark.parametrize("typed", ["", "  ", "qqqqq", "../../etc/passwd", "x" * 5000, "Factory", "localtime"])
def test_what_is_no_zone_at_all_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refusal, match="Europe/") as refused:
        find_zone(typed)
    assert len(refused.value.message) < 200


def test_the_same_instant_has_its_date_where_one_is() -> None:
    now = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert local_date(now, "Europe/Berlin") == date(2026, 11, 24)
    assert local_date(now, "America/New_York") == date(2026, 11, 23)


def test_times_show_their_zone() -> None:
    at = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    assert describe_instant(at, "Europe/Berlin") == "Mon 30 Nov 2026, 10:00 Europe/Berlin"
    assert describe_date(date(2026, 12, 11)) == "Fri 11 Dec 2026"
    assert describe_date(date(2026, 3, 1)) == "Sun 1 Mar 2026"
