"""`/bets history`: everything that happened to a bet, and no number of a week before it may be shown."""

from typing import Any

import pytest

from bot.domain.bets import UNDOABLE
from bot.store.history import insert_bet_history
from tests.conftest import ANA, Office, lived_once
from tests.scenarios.rounds import FRIDAY, MONDAY, THURSDAY, TUESDAY, place, thread_of, told
from tests.talk import Person


@pytest.fixture
@lived_once
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


def test_whoever_writes_a_note_is_named_though_they_never_used_the_bot(asked: Office, ana: Person, lee: Person) -> None:
    lee.say("update: sales asked for it twice", thread_of(asked, asked.bet))
    assert "Lee: note: “sales asked for it twice”" in history(ana)
    looked_up = len(asked.world.calls("users.info"))
    lee.say("update: and once more", thread_of(asked, asked.bet))
    assert len(asked.world.calls("users.info")) == looked_up, "who is known is not looked up again"


def test_a_note_is_kept_when_its_writer_cannot_be_looked_up_and_is_named_once_they_are(
    asked: Office, ana: Person, lee: Person
) -> None:
    asked.world.fail("users.info", 1, "refuse:fatal_error")
    asked.expects_refusals = True
    lee.say("update: sales asked for it twice", thread_of(asked, asked.bet))
    assert "U0LEE: note: “sales asked for it twice”" in history(ana)
    lee.say("and support too", thread_of(asked, asked.bet))
    assert "Lee: note: “sales asked for it twice”" in history(ana)


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


# What each kind of change keeps, and the words in which it is told.
TOLD = {
    "placed": ({"title": "Rank tickets", "owners": [ANA]}, "placed it"),
    "edited": ({"owners": [ANA], "tags": [], "kill_criteria": [{"text": "No gain", "due": "2026-12-11"}]}, "changed"),
    "kill": ({"reason": "Nobody asks", "learning": "Ask", "outcome": "no"}, "killed it; reason “Nobody asks”"),
    "ship": ({"reason": "It works", "learning": "Ask", "outcome": "yes"}, "met its success statement: yes"),
    "double": ({"weeks": 8, "rails": ["Doubling is rare"]}, "doubled down on it for 8 weeks; across a guard rail"),
    "keep": ({"until": "2026-12-18", "criterion": "No gain"}, "kept it until Fri 18 Dec 2026; criterion “No gain”"),
    "rebet": ({"weeks": 1}, "bet on it again for 1 week"),
    "reopen": ({"weeks": 4, "reason": "Labels"}, "reopened it for 4 weeks; reason “Labels”"),
    "undo": ({"of": 1, "undone": "kill"}, "undid the kill"),
    "pause": ({"until": "2026-12-18"}, "paused it until Fri 18 Dec 2026"),
    "resume": ({}, "resumed it"),
    "withdraw": ({}, "withdrew it"),
    "lapse": ({}, "it lapsed"),
    "start": ({}, "started it"),
    "imported": ({}, "imported it"),
    "criterion": (
        {"criterion": 1, "text": "No gain", "state": "passed"},
        "kill criterion “No gain”: it did not happen",
    ),
    "assumption": ({"assumption": 1, "text": "Labels", "state": "holds"}, "assumption “Labels”: verified"),
    "hindsight": ({"decision": 1, "verdict": "right"}, "looking back eight weeks later: It was right"),
    "snoozed": ({"nudge": 1, "until": "2026-12-18"}, "put its nudge off until Fri 18 Dec 2026"),
    "scope_begun": ({"version": 2, "reason": "Labels"}, "began a change of its scope; reason “Labels”"),
    "scope_review": ({"version": 1, "reviewer": ANA}, "asked for sign-off of its scope"),
    "scope_locked": ({"version": 1}, "signed off its scope"),
    "scope_changed": ({"version": 2, "reason": "Labels", "diff": [{}]}, "signed off a changed scope; reason “Labels”"),
    "scope_dropped": ({"version": 2, "reason": "Labels"}, "dropped a change of its scope; reason “Labels”"),
    "scope_conflict": ({"problem": "Lost words"}, "typed into its scope while somebody else did"),
}


def keep(office: Office, kind: str, after: dict[str, Any]) -> None:
    with office.bot.transaction() as tx:
        insert_bet_history(tx, office.bot.now(), office.bet, kind, ANA, before={}, after=after)


@pytest.mark.parametrize("kind", TOLD)
def test_every_kind_of_change_is_told_in_plain_words(asked: Office, ana: Person, kind: str) -> None:
    after, said = TOLD[kind]
    keep(asked, kind, after)
    assert f"Ana: {said}" in history(ana) or (kind == "ship" and said in history(ana))


def test_every_decision_that_can_be_undone_is_named_when_it_is(asked: Office, ana: Person) -> None:
    for kind in UNDOABLE:
        keep(asked, "undo", {"of": 1, "undone": kind})
        assert "undid a decision" not in history(ana)


@pytest.mark.parametrize("odd", [None, 7, True, [], [7, None, {"due": 1}], {"text": 3}, "2026-99-99"])
def test_no_value_of_an_import_stops_the_story(asked: Office, ana: Person, odd: Any) -> None:
    names = {name for after, _ in TOLD.values() for name in after}
    for kind in (*TOLD, "of another version"):
        keep(asked, kind, dict.fromkeys(names, odd))
        assert "History of B-1" in history(ana) and "went wrong" not in history(ana), kind


def test_an_answered_kill_criterion_is_told(team: Office, ana: Person) -> None:
    ana.command("new Rank tickets")
    ana.fill_in({"Problem, and whose it is": "Support", "Kill criteria": "No gain by 3 Dec"}).submit()
    team.at(MONDAY)
    thread = next(m["ts"] for m in team.messages() if m["text"].startswith("*B-1") or m["text"].startswith("B-1"))
    ana.press("It did not happen", thread=thread)
    assert "kill criterion “No gain by 3 Dec”: it did not happen" in history(ana)


def test_a_guest_reads_the_story_of_every_bet_of_the_channel(team: Office, ana: Person, guest: Person) -> None:
    place(team, "Rank tickets", ana)
    assert history(guest) == history(ana)
