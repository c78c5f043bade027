"""What owners reply to the week's question on a bet that takes no answers: they are told why, and talk stays talk."""

import pytest

from bot.work import gapfill
from tests.conftest import CHANNEL, Office, lived_once
from tests.scenarios.rounds import (
    MONDAY,
    NEXT_MONDAY,
    checkin_text,
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


def test_a_refused_reply_that_slack_tells_of_again_or_that_is_edited_or_deleted_changes_nothing(
    asked: Office, ana: Person
) -> None:
    ana.command("pause B-1")
    said = ana.say("66% on a paused bet", asked.thread)
    asked.world.edit(ana.user, CHANNEL, said, "67% on a paused bet")
    asked.settle()
    ana.command("resume B-1")
    gapfill.once(asked.bot)
    asked.world.edit(ana.user, CHANNEL, said, "68% on a paused bet")
    asked.settle()
    assert updates_of(asked, asked.bet) == [] and len(told(ana, asked.thread)) == 1
    ana.say("70% after it", asked.thread)
    asked.world.remove(ana.user, CHANNEL, said)
    asked.settle()
    assert [update.text for update in updates_of(asked, asked.bet)] == ["70% after it"]


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
