"""Versions of an update, the first reply, and what a text says of confidence and notes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.answers import (
    Asked,
    Content,
    Said,
    Version,
    add_reply_version,
    drop_reply,
    find_answer,
    find_asked,
    is_note,
    middle,
    read_versions,
    strip_note_prefix,
    take_back_reply,
)
from bot.domain.records import Checkin

T0 = datetime(2026, 11, 30, 9, tzinfo=UTC)


def said(text: str, ts: str = "10") -> list[Version]:
    return add_reply_version([], text, ts, T0)


def by_form(text: str | None = None, confidence: int | None = None, days: float | None = None) -> Version:
    return Version(text, confidence, days, None, "modal", None, T0)


def clicked(confidence: int) -> Version:
    return Version(None, confidence, None, None, "thread", None, T0)


@pytest.mark.parametrize(
    ("versions", "content"),
    [
        ([], Content()),
        (said("70% works"), Content("70% works", 70)),
        ([*said("works"), clicked(50)], Content("works", 50)),
        ([by_form("a", 70, 1.0), by_form(None, None, 2.0)], Content("a", 70, 2.0)),
        ([by_form("a", 70), by_form("b")], Content("b", 70)),
        (add_reply_version(said("70% works"), "works", "20", T0), Content("works", None)),
        (add_reply_version([*said("works"), clicked(50)], "works well", "20", T0), Content("works well", 50)),
        (add_reply_version([*said("works"), clicked(50)], "conf 30 no", "20", T0), Content("conf 30 no", 30)),
        (
            add_reply_version(add_reply_version([*said("works"), clicked(50)], "conf 30 no", "20", T0), "no", "30", T0),
            Content("no", 50),
        ),
        ([*said("70% works"), by_form(None, 60)], Content("70% works", 60)),
    ],
)
def test_an_update_reads_as_its_versions_brought_it(versions: list[Version], content: Content) -> None:
    assert read_versions(versions) == content


@given(st.permutations([("70% one", "10"), ("conf 40 two", "20"), ("three", "30"), ("three", "30")]))
def test_the_versions_of_a_reply_stand_in_the_order_of_its_edits(events: list[tuple[str, str]]) -> None:
    versions: list[Version] = []
    for text, ts in events:
        versions = add_reply_version(versions, text, ts, T0)
    assert [version.edit_ts for version in versions] == ["10", "20", "30"]
    assert read_versions(versions) == Content("three", None)


def test_taking_a_reply_back_leaves_what_a_form_brought() -> None:
    versions = take_back_reply([*said("70% secret"), clicked(50), by_form("public", 60)])
    assert read_versions(versions) == Content("public", 60)
    assert [version.alive for version in versions] == [False, False, True]


def test_a_reply_that_was_discussion_after_all_leaves_no_version() -> None:
    versions = add_reply_version([*said("second", "20"), by_form(None, None, 2.0)], "edited", "25", T0)
    assert read_versions(drop_reply(versions, "20")) == Content(days=2.0)


@pytest.mark.parametrize(
    ("replies", "answer"),
    [
        ([], None),
        ([Said("20", True), Said("10", True)], "10"),
        ([Said("10", False), Said("20", True)], "20"),
        ([Said("10", True, "15"), Said("20", True)], "20"),
        ([Said("10", True, "25"), Said("20", True)], "10"),
        ([Said("10", True, "25"), Said("20", True), Said("30", True), Said("40", True)], "30"),
        ([Said("10", True, "25"), Said("30", False)], "10"),
        ([Said("10", True, "15"), Said("20", True, "35"), Said("30", True), Said("40", True)], "40"),
    ],
)
def test_the_answer_is_the_first_reply_or_the_first_after_one_that_was_taken_back(
    replies: list[Said], answer: str | None
) -> None:
    found = find_answer(replies)
    assert (found.ts if found else None) == answer


def asked(week: str, ts: str | None, question: str | None = "?", tried_at: datetime | None = None) -> Asked:
    return Asked(Checkin(1, 1, week, T0, None, None), question, ts, tried_at)


@pytest.mark.parametrize(
    ("rounds", "week"),
    [
        ([asked("2026-W50", "60"), asked("2026-W49", "40")], "2026-W49"),
        ([asked("2026-W50", "45"), asked("2026-W49", "40")], "2026-W50"),
        ([asked("2026-W50", "45", None), asked("2026-W49", "40")], None),
        ([asked("2026-W49", "60")], None),
        ([asked("2026-W50", None, tried_at=T0 + timedelta(1)), asked("2026-W49", "40")], "2026-W49"),
        ([asked("2026-W50", None, tried_at=T0), asked("2026-W49", "40")], "2026-W50"),
        ([asked("2026-W50", None), asked("2026-W49", "40")], "2026-W49"),
    ],
)
def test_a_reply_belongs_to_the_newest_round_above_it(rounds: list[Asked], week: str | None) -> None:
    found = find_asked(rounds, "50", T0)
    assert (found.checkin.week if found else None) == week


@pytest.mark.parametrize(
    ("text", "note", "words"),
    [
        ("update: we shipped", True, "we shipped"),
        ("  Update : we shipped", True, "we shipped"),
        ("updated: no", False, "updated: no"),
        ("an update: no", False, "an update: no"),
        ("update we shipped", False, "update we shipped"),
    ],
)
def test_a_note_begins_with_update_and_a_colon(text: str, note: bool, words: str) -> None:
    assert is_note(text) is note and strip_note_prefix(text) == words


@pytest.mark.parametrize(("numbers", "value"), [([], None), ([70], 70), ([70, 50], 60), ([10, 90, 80], 80)])
def test_the_middle_is_the_median_as_a_whole_number(numbers: list[int], value: int | None) -> None:
    assert middle(numbers) == value
