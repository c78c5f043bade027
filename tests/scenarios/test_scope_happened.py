"""A kill criterion that happened stays what it was, however the scope behind it is changed."""

from datetime import date, timedelta

import pytest

from bot.store.history import list_history
from bot.store.tables import history
from tests.conftest import Office, lived_once
from tests.scenarios.rounds import NEXT_MONDAY
from tests.scenarios.test_bets import place
from tests.scenarios.test_criteria import criteria
from tests.scenarios.test_nudges import packets
from tests.scenarios.test_scope_forms import (
    add,
    card,
    close_all,
    doc,
    document,
    drafted,
    files,
    go_on,
    lock,
    locked,
    thread,
    thread_text,
)
from tests.talk import Person, words

__all__ = ["drafted", "locked"]
OLD = "F1 below 60 % by 2026-12-18"
NEW = "F1 below 50 % by 2026-12-24"


@pytest.fixture
@lived_once
def happened(locked: Office, ana: Person, raj: Person) -> Office:
    """B-1 runs under its locked scope, its kill criterion happened, and the channel was told."""
    ana.press("Start", document(locked))
    place(raj, "Another")
    locked.at(NEXT_MONDAY + timedelta(weeks=1))
    ana.press("It happened: stop", thread=thread(locked))
    assert "you agreed to stop" in words(packets(locked)[-1])
    return locked


def change(office: Office, person: Person, fields: dict[str, object]) -> None:
    """Change scope, up to its third step, where the kill criterion has these fields from now on."""
    person.press("Change scope", document(office))
    go_on(person, Reason="Half is enough")
    go_on(person)
    go_on(person)
    add(person, "Change", fields)


@pytest.mark.parametrize(
    ("fields", "now"),
    [
        ({"Kill criterion": "F1 below 50 %", "Date": "2026-12-24"}, NEW),
        ({"Date": "2026-12-24"}, "F1 below 60 % by 2026-12-24"),
    ],
)
def test_what_happened_stays_beside_its_new_words(
    happened: Office, ana: Person, lee: Person, fields: dict[str, object], now: str
) -> None:
    change(happened, ana, fields)
    assert "happened, so it stays: add the new one beside it" in words(ana.modal) and doc(happened).criteria == (
        OLD,
        now,
    )
    close_all(ana)
    lock(happened, ana, lee, 2)
    assert [(one.text, one.state) for one in criteria(happened)] == [(OLD, "failed"), (now, "open")]
    assert f"• {OLD} (happened)" in words(card(happened)) and f"• {now}" in words(card(happened))
    assert f"“{OLD}” *happened*, so it stays as it was." in thread_text(happened)
    assert f"- {OLD}" in files(happened)["B-1-scope-v2.md"] and f"- {now}" in files(happened)["B-1-scope-v2.md"]
    text = words(packets(happened)[-1])
    assert "corrected since" not in text.casefold() and f"“{OLD}”: *happened*" in text
    with happened.bot.reading() as tx:
        [row] = list_history(tx, history.c.kind == "scope_changed")
    assert [(one["text"], one["state"]) for one in row.after["kill_criteria"]] == [(OLD, "failed"), (now, "open")]


def test_what_happened_cannot_be_taken_out(happened: Office, ana: Person) -> None:
    change(happened, ana, {"Remove": ["yes"]})
    assert doc(happened).criteria == (OLD,) and "happened, so it stays" in words(ana.modal)


def test_what_happens_while_another_version_is_written_stays_too(locked: Office, ana: Person, lee: Person) -> None:
    ana.press("Start", document(locked))
    locked.at(NEXT_MONDAY + timedelta(weeks=1))
    change(locked, ana, {"Kill criterion": "F1 below 50 %", "Date": "2026-12-24"})
    close_all(ana)
    ana.press("It happened: stop", thread=thread(locked))
    lock(locked, ana, lee, 2)
    found = [(one.text, one.state, one.due) for one in criteria(locked)]
    assert found == [(OLD, "failed", date(2026, 12, 18)), (NEW, "open", date(2026, 12, 24))]


def test_an_edit_of_a_bet_without_a_scope_keeps_it_too(team: Office, ana: Person) -> None:
    place(ana, **{"Kill criteria": "too slow by 2026-12-04"})
    team.at(NEXT_MONDAY - timedelta(weeks=1))
    ana.press("It happened: stop", thread=thread(team))
    ana.press("More", card(team))
    ana.press("Edit")
    ana.fill_in({"Kill criteria": "much too slow by 2026-12-18"}).submit()
    assert [(one.text, one.state) for one in criteria(team)] == [
        ("too slow by 2026-12-04", "failed"), ("much too slow by 2026-12-18", "open"),
    ]  # fmt: skip
