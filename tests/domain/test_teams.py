"""A team's settings as people type them: read back as shown, and every wrong one named by its key."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refusal
from bot.domain.records import TeamSettings
from bot.domain.teams import (
    DECIDERS,
    KEYS,
    MATURITIES,
    WEEKDAYS,
    default_settings,
    is_turned_on,
    read_settings,
    show_settings,
    week_words,
)

DEFAULT = default_settings("Europe/Berlin", ["U0ANA"])


def find_country(text: str) -> str:
    if text.upper() not in ("", "DE", "FR"):
        raise Refusal("no such country", "country")
    return text.upper()


def read(settings: TeamSettings = DEFAULT, **typed: str | list[str]) -> TeamSettings:
    return read_settings(typed, settings, find_country)


def test_the_default_week_is_the_handbooks() -> None:
    assert week_words(DEFAULT) == [
        ("Check-in", "Monday 10:00"),
        ("Reminder", "next working day, 10:00 at each person's own hour"),
        ("Samples", "Wednesday 11:00"),
        ("Decisions", "Thursday 10:00"),
        ("Close and digest", "Friday 15:00"),
    ]


def test_a_lead_that_slacks_own_field_names_is_never_refused() -> None:
    assert read(leads=["U1", "W2", "u_odd-1"]).leads == ("U1", "W2", "u_odd-1")


@pytest.mark.parametrize("user", ["U1", "W2", "U0_ANA", "UAnna7", "USLACKBOT"])
def test_an_id_of_any_shape_may_be_typed(user: str) -> None:
    assert read(leads=f"U0ANA,{user}").leads == ("U0ANA", user)


days = st.sampled_from([*WEEKDAYS, "off"])
times = st.times().map(lambda at: f"{at:%H:%M}")
anything = st.fixed_dictionaries(
    {
        "zone": st.sampled_from(["UTC", "Asia/Kathmandu", "America/New_York"]),
        **{f"{line}_day": days for line in ("checkin", "samples", "decisions", "close")},
        **{f"{line}_time": times for line in ("checkin", "samples", "decisions", "close")},
        "reminder_time": st.one_of(times, st.just("off")),
        "country": st.sampled_from(["", "DE", "FR"]),
        "leads": st.lists(st.from_regex(r"[UW][A-Z0-9]{2,10}", fullmatch=True), min_size=1, max_size=4, unique=True),
        "deciders": st.sampled_from(DECIDERS),
        "maturity": st.sampled_from(MATURITIES),
        "lead_dm": st.sampled_from(["on", "off"]),
        "samples_kept_days": st.integers(1, 3_650).map(str),
        "samples_link_only": st.sampled_from(["on", "off"]),
    }
)


@given(anything)
def test_what_is_shown_is_what_was_typed_or_the_week_is_refused_for_its_order(typed: dict) -> None:
    assert set(typed) == set(KEYS)
    try:
        settings = read(**typed)
    except Refusal as refusal:
        assert set(refusal.fields) <= {"decisions_day", "close_day"}
        return
    assert show_settings(settings) == typed
    assert read(**show_settings(settings)) == settings


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ({"zone": "Europe/Berln"}, ["zone"]),
        ({"checkin_day": "2"}, ["checkin_day"]),
        ({"checkin_time": "ten"}, ["checkin_time"]),
        ({"reminder_day": "monday"}, ["reminder_day"]),
        ({"leads": []}, ["leads"]),
        ({"leads": "ana, raj"}, ["leads"]),
        ({"country": "XX", "maturity": "ripe", "deciders": ""}, ["country", "deciders", "maturity"]),
        ({"close_day": "monday", "close_time": "10:00"}, ["close_day"]),
        ({"checkin_day": "sunday"}, ["close_day", "decisions_day"]),
        ({"chekin_day": "monday"}, ["chekin_day"]),
    ],
)
def test_every_wrong_setting_is_named_by_its_key(typed: dict, keys: list[str]) -> None:
    with pytest.raises(Refusal) as refused:
        read(**typed)
    assert set(refused.value.fields) <= set(keys)
    assert refused.value.fields.keys() & set(keys)


def test_an_unknown_key_names_the_nearest() -> None:
    with pytest.raises(Refusal, match="did you mean checkin_day"):
        read(chekin_day="monday")


@pytest.mark.parametrize("typed", ["off", "Off", ""])
def test_the_reminder_can_be_off_and_keeps_its_hour_for_later(typed: str) -> None:
    off = read(reminder_time=typed)
    assert (off.days["reminder"], off.times["reminder"]) == (None, time(10))
    assert read(off, reminder_time="9:30").days["reminder"] is not None


@pytest.mark.parametrize(
    ("before", "after", "on"),
    [
        ("off", "monday", True),
        ("monday", "tuesday", False),
        ("monday", "off", False),
        ("off", "off", False),
    ],
)
def test_only_a_line_that_was_off_counts_as_turned_on(before: str, after: str, on: bool) -> None:
    assert is_turned_on(read(checkin_day=before), read(checkin_day=after)) is on
    assert is_turned_on(read(samples_day=before), read(samples_day=after)) is on
