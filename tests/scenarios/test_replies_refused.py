"""What owners reply to the week's question on a bet that takes no answers: they are told why, and talk stays talk."""

import pytest

from bot.work import gapfill
from tests.conftest import CHANNEL, Office, lived_once
from tests.scenarios.rounds import (
    FRIDAY,
    MONDAY,
    NEXT_MONDAY,
    checkin_text,
    digest_text,
    end,
    in_thread,
    notes_of,
    place,
    reactions,
    thread_of,
    told,
    updates_of,
)
from tests.scenarios.test_digest import kill
from tests.talk import Person

MARK = ["white_check_mark"]
KEPT = "What you wrote stays here; a pushpin on it saves it to the bet's history."


@pytest.fixture
@lived_once
def asked(team: Office, ana: Person, raj: Person) -> Office:
    """Monday, ten o'clock: Ana and Raj have been asked about their bet B-1."""
    team.bet = place(team, "Rank <!here> tickets", ana, raj)
    team.at(MONDAY)
    team.thread = thread_of(team, team.bet)
    return team


def test_a_reply_on_a_paused_bet_is_told_what_the_command_says(asked: Office, ana: Person, raj: Person) -> None:
    ana.command("pause B-1")
    said = ana.say("66% on a paused bet", asked.thread)
    ana.command("update B-1 66% on a paused bet")
    reason = "is paused: resume it first, then answer."
    (answer,) = told(ana, asked.thread)
    assert reason in told(ana)[-1] and reason in answer and KEPT in answer and "<!here>" not in answer
    assert updates_of(asked, asked.bet) == [] and reactions(asked, asked.thread, said) == []
    assert told(raj, asked.thread) == []


def test_after_the_pause_the_newest_reply_is_the_update_and_no_older_one(asked: Office, ana: Person) -> None:
    ana.command("pause B-1")
    older = ana.say("conf 60 forms", asked.thread)
    ana.command("resume B-1")
    asked.after(hours=1)
    assert updates_of(asked, asked.bet) == []
    newest = ana.say("conf 65 after resume", asked.thread)
    (update,) = updates_of(asked, asked.bet)
    assert (update.text, update.confidence) == ("conf 65 after resume", 65)
    assert reactions(asked, asked.thread, newest) == MARK and reactions(asked, asked.thread, older) == []
    assert "1 of 2" in checkin_text(asked)


def test_the_update_that_becomes_a_note_leaves_none_although_a_reply_was_refused_before(
    asked: Office, ana: Person
) -> None:
    ana.command("pause B-1")
    ana.say("60% while it pauses", asked.thread)
    ana.command("resume B-1")
    said = ana.say("80% secret words", asked.thread)
    asked.world.edit(ana.user, CHANNEL, said, "update: became a note")
    asked.settle()
    (update,) = updates_of(asked, asked.bet)
    assert update.deleted and update.text is None and "0 of 2" in checkin_text(asked)
    ana.say("50% after it", asked.thread)
    (update,) = updates_of(asked, asked.bet)
    assert (update.text, update.confidence) == ("50% after it", 50)


def test_a_refused_reply_that_slack_tells_of_again_or_that_is_edited_in_the_pause_or_deleted_changes_nothing(
    asked: Office, ana: Person
) -> None:
    ana.command("pause B-1")
    said = ana.say("66% on a paused bet", asked.thread)
    asked.world.edit(ana.user, CHANNEL, said, "67% on a paused bet")
    asked.settle()
    ana.command("resume B-1")
    gapfill.once(asked.bot)
    asked.settle()
    assert updates_of(asked, asked.bet) == [] and len(told(ana, asked.thread)) == 1
    ana.say("70% after it", asked.thread)
    asked.world.remove(ana.user, CHANNEL, said)
    asked.settle()
    assert [update.text for update in updates_of(asked, asked.bet)] == ["70% after it"]


def edit(office: Office, person: Person, said: str, text: str) -> None:
    office.world.edit(person.user, CHANNEL, said, text)
    office.settle()


def test_a_refused_reply_that_is_edited_when_its_bet_goes_on_is_the_update_as_of_the_edit(
    asked: Office, ana: Person
) -> None:
    ana.command("pause B-1")
    said = ana.say("66% on a paused bet", asked.thread)
    talk = ana.say("thanks, Lee", asked.thread)
    ana.command("resume B-1")
    edit(asked, ana, said, "68% it goes on")
    (update,) = updates_of(asked, asked.bet)
    assert (update.text, update.confidence, update.late) == ("68% it goes on", 68, False)
    assert reactions(asked, asked.thread, said) == MARK and "1 of 2" in checkin_text(asked)
    edit(asked, ana, talk, "50% thanks, Lee")
    edit(asked, ana, said, "69% it goes on")
    assert [update.confidence for update in updates_of(asked, asked.bet)] == [69]
    assert len(told(ana, asked.thread)) == 1


def test_such_an_edit_without_a_confidence_is_asked_for_it_and_after_the_close_it_is_late(
    asked: Office, ana: Person
) -> None:
    ana.command("pause B-1")
    said = ana.say("66% on a paused bet", asked.thread)
    ana.command("resume B-1")
    asked.at(FRIDAY)
    asked.clock.advance(1)  # Slack marks edits in whole seconds
    edit(asked, ana, said, "it goes on")
    (update,) = updates_of(asked, asked.bet)
    assert update.late and "How sure are you" in told(ana, asked.thread)[-1] and "1 of 2" in digest_text(asked)


def test_such_an_edit_is_talk_where_the_newest_reply_is_the_update_already(asked: Office, ana: Person) -> None:
    ana.command("pause B-1")
    said = ana.say("66% on a paused bet", asked.thread)
    ana.command("resume B-1")
    ana.say("65% after resume", asked.thread)
    edit(asked, ana, said, "68% it goes on")
    assert [update.text for update in updates_of(asked, asked.bet)] == ["65% after resume"]


def test_what_was_declared_no_update_stays_none_when_it_is_edited(asked: Office, ana: Person) -> None:
    said = ana.say("who has the labels?", asked.thread)
    ana.press("Not an update", thread=asked.thread)
    edit(asked, ana, said, "70% who has the labels?")
    (update,) = updates_of(asked, asked.bet)
    assert update.deleted and update.text is None and update.confidence is None


def test_an_edit_that_states_a_confidence_on_an_ended_bet_is_told_so_once(asked: Office, ana: Person) -> None:
    kill(ana, "B-1")
    said = ana.say("sad, but right", asked.thread)
    assert told(ana, asked.thread) == []
    for text in ("20% sad, but right", "25% sad, but right"):
        edit(asked, ana, said, text)
    (answer,) = told(ana, asked.thread)
    assert "was killed, so it takes no more answers." in answer and updates_of(asked, asked.bet) == []


@pytest.mark.parametrize("status", ["paused", "killed"])
def test_a_confidence_on_a_bet_that_this_week_did_not_ask_about_is_told_why_once(
    asked: Office, ana: Person, lee: Person, status: str
) -> None:
    place(asked, "Find duplicates", lee)
    end(asked, asked.bet, status)
    asked.at(NEXT_MONDAY)
    ana.say("the labels are in", asked.thread)
    lee.say("70% would have been mine", asked.thread)
    said = ana.say("70% all the same", asked.thread)
    gapfill.once(asked.bot)
    asked.settle()
    (answer,) = told(ana, asked.thread)
    assert f"{status}" in answer and KEPT in answer and told(lee, asked.thread) == []
    assert updates_of(asked, asked.bet) == [] and reactions(asked, asked.thread, said) == []


def test_the_first_words_to_the_question_are_an_answer_and_further_ones_are_talk_while_it_is_paused(
    asked: Office, ana: Person
) -> None:
    ana.command("pause B-1")
    ana.say("the labels are in", asked.thread)
    assert len(told(ana, asked.thread)) == 1
    ana.say("and thanks to Lee for them", asked.thread)
    assert len(told(ana, asked.thread)) == 1


@pytest.mark.parametrize("status", ["killed", "shipped", "withdrawn"])
def test_an_answer_on_an_ended_bet_is_told_so(asked: Office, ana: Person, status: str) -> None:
    end(asked, asked.bet, status)
    ana.say("70% but I liked it", asked.thread)
    (answer,) = told(ana, asked.thread)
    assert f"was {status}, so it takes no more answers. {KEPT}" in answer
    assert updates_of(asked, asked.bet) == []


def test_an_answer_on_a_lapsed_bet_is_told_what_it_waits_for(asked: Office, ana: Person) -> None:
    end(asked, asked.bet, "lapsed")
    ana.say("70% we got it", asked.thread)
    assert "has lapsed and waits for a decision: bet again or end it." in told(ana, asked.thread)[-1]


def test_talk_in_the_thread_of_an_ended_bet_stays_unanswered(asked: Office, ana: Person, lee: Person) -> None:
    kill(ana, "B-1")
    before = len(in_thread(asked, asked.bet))
    ana.say("sad, but right", asked.thread)
    ana.say("update: 70% of the labels are kept", asked.thread)
    lee.say("70% would have been mine", asked.thread)
    asked.at(NEXT_MONDAY)
    assert told(ana, asked.thread) == [] == told(lee, asked.thread)
    assert len(in_thread(asked, asked.bet)) == before + 3
    assert [note.text for note in notes_of(asked, asked.bet)] == ["update: 70% of the labels are kept"]


def test_who_has_answered_before_it_ended_talks_on_and_may_mend_the_answer(asked: Office, ana: Person) -> None:
    said = ana.say("70% works", asked.thread)
    kill(ana, "B-1")
    ana.say("70% was too much", asked.thread)
    asked.world.edit(ana.user, CHANNEL, said, "50% works")
    asked.settle()
    assert told(ana, asked.thread) == []
    assert [update.confidence for update in updates_of(asked, asked.bet)] == [50]


def test_a_pushpin_saves_what_was_refused_as_it_was_told(asked: Office, ana: Person) -> None:
    kill(ana, "B-1")
    said = ana.say("70% but I liked it", asked.thread)
    asked.world.react(ana.user, CHANNEL, said, "pushpin")
    asked.settle()
    assert [note.text for note in notes_of(asked, asked.bet)] == ["70% but I liked it"]
