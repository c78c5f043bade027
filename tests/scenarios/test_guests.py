"""Guests of the workspace read, and answer for bets they own: help shows them that, and the rest is refused."""

import pytest

from handlers.commands import WORDS
from tests.conftest import Office, lived_once
from tests.scenarios.rounds import MONDAY, place
from tests.talk import Person, words

SAID = {
    "list": "list", "graveyard": "graveyard", "summary": "summary", "new": "new Mine", "scope": "scope Mine",
    "away": "away until Friday", "update": "update B-2 70% it works", "config": "config",
}  # fmt: skip


@pytest.fixture
@lived_once
def asked(team: Office, ana: Person, guest: Person) -> Office:
    """Monday: B-1 is Ana's, B-2 the guest's."""
    place(team, "Rank tickets", ana)
    place(team, "Draft replies", guest, author=ana)
    team.at(MONDAY)
    return team


def help_of(person: Person) -> str:
    person.command("help")
    return person.saw()


def test_help_shows_a_guest_what_they_may_and_a_member_everything(asked: Office, guest: Person, raj: Person) -> None:
    shown = help_of(guest)
    for name, word in WORDS.items():
        assert f"`/bets {word.usage}`" in help_of(raj)
        guest.command(SAID.get(name, f"{name} B-1"))
        told = guest.saw() if guest.modal is None else words(guest.modal)
        refused = "Guests of this workspace" in told or "Only a lead" in told
        assert refused is (f"`/bets {word.usage}`" not in shown), (name, told)
    assert "New bet" in help_of(raj) and "New bet" not in shown


def test_help_by_a_mention_and_of_a_guest_who_was_never_seen_is_the_same(team: Office, guest: Person) -> None:
    shown = help_of(guest)
    guest.say(f"<@{team.world.bot_user_id}> help", raw=True)
    assert "/bets list" in shown and "/bets kill" not in shown and guest.saw() == shown


def test_what_only_a_lead_may_do_a_guest_is_told_to_ask_a_lead_for(asked: Office, guest: Person, lead: Person) -> None:
    lead.command("kill B-1 because nobody used it")
    lead.fill_in({"What did we learn?": "Ask first", "Did it meet its success statement?": "no"}).submit()
    asked.settle()
    thread = next(m["ts"] for m in asked.messages() if words(m).startswith("B-1 "))
    guest.press("Undo", thread=thread)
    assert "read, and answer for bets they own: ask a lead to do it." in guest.saw(thread)


def test_a_bet_that_a_guest_is_shown_has_no_button_that_would_refuse_them(asked: Office, guest: Person) -> None:
    def buttons(key: str) -> list[str]:
        guest.command(f"show {key}")
        return [one["text"]["text"] for block in guest.last()["blocks"] for one in block.get("elements", ())
                if one["type"] == "button"]  # fmt: skip

    assert buttons("B-1") == [] and buttons("B-2") == ["Answer"]
