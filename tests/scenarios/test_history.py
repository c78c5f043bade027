"""`/bets history`: everything that happened to a bet, and no number of a week before it may be shown."""

import pytest

from tests.conftest import Office
from tests.scenarios.rounds import FRIDAY, MONDAY, THURSDAY, TUESDAY, place, thread_of, told
from tests.talk import Person


@pytest.fixture
def asked(team: Office, ana: Person, raj: Person) -> Office:
    """Monday, ten o'clock: Ana and Raj are asked about B-1."""
    team.bet = place(team, "Rank tickets", ana, raj)
    team.at(MONDAY)
    return team


def history(person: Person) -> str:
    person.command("history B-1")
    return told(person)[-1]


def test_a_taken_back_answer_leaves_its_week_and_an_edited_one_its_version(
    asked: Office, ana: Person, raj: Person
) -> None:
    ana.command("update B-1 70% fine")
    ana.command("update B-1 80% better")
    ts = raj.say("a slip of the pen", thread_of(asked, asked.bet))
    asked.world.remove(raj.user, raj.channel, ts)
    asked.settle()
    said = history(ana)
    assert "Ana: update for the week of 30 Nov 80% (edited, version 2): “better”" in said
    assert "Raj: update for the week of 30 Nov: taken back" in said and "slip" not in said


def test_a_note_is_shown_without_its_prefix_and_times_name_their_zone_once(asked: Office, ana: Person) -> None:
    ana.say("update: the labels have arrived", thread_of(asked, asked.bet))
    said = history(ana)
    assert "note: “the labels have arrived”" in said
    assert said.count("Europe/Berlin") == 1 and "Mon 30 Nov, 10:00" in said


def test_words_that_state_a_number_wait_for_the_decisions_hour_like_the_number(
    asked: Office, ana: Person, raj: Person
) -> None:
    raj.say("35% it overfits", thread_of(asked, asked.bet))
    ana.command("update B-1 the labels are in, conf 60")
    for person, own, others in ((ana, "conf 60", "overfits"), (raj, "overfits", "conf 60")):
        said = history(person)
        assert own in said and others not in said
        assert "its words state a number, and that week's are shown from Thu 3 Dec 2026, 10:00" in said
    asked.at(THURSDAY)
    assert "35% it overfits" in history(ana) and "conf 60" in history(raj)


def test_the_digest_names_what_happened_in_the_week(
    asked: Office, lead: Person, ana: Person, raj: Person, lee: Person
) -> None:
    place(asked, "Find duplicates", raj)
    place(asked, "A mistake", lee)
    place(asked, "Too dear", ana)
    asked.at(TUESDAY)
    lee.command("withdraw B-3")
    raj.command("pause B-2")
    ana.command("kill B-4 because it is")
    ana.fill_in({"What did we learn?": "Ask first", "Did it meet its success statement?": "no"}).submit()
    asked.at(FRIDAY)
    digest = next(m for m in asked.messages() if "in short" in m["text"])
    line = next(b["text"]["text"] for b in digest["blocks"] if "Placed" in str(b))
    assert line == (
        "Placed: *B-1* Rank tickets, *B-2* Find duplicates, *B-4* Too dear · Killed: *B-4* Too dear"
        " · Paused: *B-2* Find duplicates"
    )
