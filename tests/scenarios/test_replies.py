"""Answers given by talking in a bet's thread, and what else is said there."""

import pytest

from tests.conftest import CHANNEL, GUEST, RAJ, Office, lived_once
from tests.scenarios.rounds import (
    FRIDAY,
    MONDAY,
    NEXT_MONDAY,
    SATURDAY,
    TUESDAY,
    checkin_text,
    digest_text,
    end,
    in_thread,
    notes_of,
    place,
    reactions,
    shown_text,
    stored_text,
    thread_of,
    told,
    updates_of,
)
from tests.talk import Person, words

MARK = ["white_check_mark"]


@pytest.fixture
@lived_once
def asked(team: Office, ana: Person, raj: Person) -> Office:
    """Monday, ten o'clock: Ana and Raj have been asked about their bet B-1."""
    team.bet = place(team, "Rank tickets", ana, raj)
    team.at(MONDAY)
    team.thread = thread_of(team, team.bet)
    return team


def test_the_first_reply_of_an_owner_after_the_prompt_is_the_update(asked: Office, ana: Person) -> None:
    ts = ana.say("70% the small set works", asked.thread)
    (update,) = updates_of(asked, asked.bet)
    assert (update.text, update.confidence, update.week) == ("70% the small set works", 70, "2026-W49")
    assert (update.source, update.late, update.version) == ("thread", False, 1)
    assert update.question == "What do we know now that we did not?"
    assert reactions(asked, asked.thread, ts) == MARK
    assert told(ana, asked.thread) == []
    assert "1 of 2" in checkin_text(asked) and "Ana ✓" in checkin_text(asked) and "Raj ✓" not in checkin_text(asked)


def test_a_reply_without_a_confidence_is_asked_for_it_by_one_click(asked: Office, ana: Person, raj: Person) -> None:
    ana.say("accuracy is 93% on the small set", asked.thread)
    assert "How sure are you" in told(ana, asked.thread)[-1]
    assert told(raj, asked.thread) == []
    ana.press("70%", thread=asked.thread)
    (update,) = updates_of(asked, asked.bet)
    assert (update.text, update.confidence, update.source) == ("accuracy is 93% on the small set", 70, "thread")
    assert "Noted: 70%" in told(ana, asked.thread)[-1]


def test_what_was_no_update_and_is_edited_into_a_rounded_share_is_told_nothing(asked: Office, ana: Person) -> None:
    ts = ana.say("who has the labels?", asked.thread)
    ana.press("Not an update", thread=asked.thread)
    asked.world.edit(ana.user, CHANNEL, ts, "conf 0.705 who has the labels?")
    asked.settle()
    (answer,) = told(ana, asked.thread)
    assert "that was no update" in answer and updates_of(asked, asked.bet)[0].deleted


def test_a_share_that_is_no_whole_percent_is_told_as_it_was_taken(asked: Office, ana: Person, raj: Person) -> None:
    ts = ana.say("conf 0.705 the small set works", asked.thread)
    raj.say("conf 0.70 it does", asked.thread)
    assert [text.splitlines()[-1] for text in told(ana, asked.thread)] == ["Noted: 71% on B-1. Thank you."]
    asked.world.edit(ana.user, CHANNEL, ts, "conf 0.7 the small set works")
    asked.settle()
    assert len(told(ana, asked.thread)) == 1 and told(raj, asked.thread) == []
    ana.command("update B-1")
    ana.fill(Confidence="0.705").submit()
    assert "whole number from 0 to 100" in ana.errors()


def test_the_same_confidence_twice_is_one(asked: Office, ana: Person) -> None:
    ana.say("learned a lot", asked.thread)
    ana.press("Other...", thread=asked.thread)
    ana.press("70%", thread=asked.thread)
    ana.fill(Confidence="70").submit()
    (update,) = updates_of(asked, asked.bet)
    assert (update.confidence, update.version) == (70, 2)


def test_any_other_confidence_is_typed_into_a_form(asked: Office, ana: Person) -> None:
    ana.say("learned a lot", asked.thread)
    ana.press("Other...", thread=asked.thread)
    ana.fill(Confidence="140").submit()
    assert "0 to 100" in ana.errors()
    (question,) = told(ana, asked.thread)
    assert "How sure are you" in question and "50%" in question, "whoever closes the form can still press"
    ana.fill(Confidence="0").submit()
    assert updates_of(asked, asked.bet)[0].confidence == 0
    (answered,) = told(ana, asked.thread)
    assert answered.splitlines()[-1] == "Noted: 0% on B-1. Thank you."


def test_not_an_update_takes_it_back_and_the_next_reply_is_the_first_again(asked: Office, ana: Person) -> None:
    first = ana.say("who has the labels?", asked.thread)
    ana.press("Not an update", thread=asked.thread)
    (taken,) = updates_of(asked, asked.bet)
    assert taken.deleted and taken.text is None
    assert reactions(asked, asked.thread, first) == [] and "0 of 2" in checkin_text(asked)
    second = ana.say("40% no labels yet", asked.thread)
    (update,) = updates_of(asked, asked.bet)
    assert (update.text, update.confidence, update.deleted) == ("40% no labels yet", 40, False)
    assert reactions(asked, asked.thread, second) == MARK


def test_what_was_no_update_may_be_deleted_without_any_harm_to_the_update_after_it(asked: Office, ana: Person) -> None:
    question = ana.say("who has the labels?", asked.thread)
    ana.press("Not an update", thread=asked.thread)
    said = ana.say("40% no labels yet", asked.thread)
    asked.world.remove(ana.user, CHANNEL, question)
    asked.settle()
    assert [(update.text, update.deleted) for update in updates_of(asked, asked.bet)] == [("40% no labels yet", False)]
    assert reactions(asked, asked.thread, said) == MARK


def test_further_replies_and_those_of_others_are_discussion(asked: Office, ana: Person, lee: Person) -> None:
    other = lee.say("60% nice", asked.thread)
    ana.say("70% works", asked.thread)
    more = ana.say("20% of it by luck", asked.thread)
    (update,) = updates_of(asked, asked.bet)
    assert (update.user, update.text) == (ana.user, "70% works")
    assert reactions(asked, asked.thread, other) == [] == reactions(asked, asked.thread, more)


def test_a_guest_who_owns_the_bet_answers_like_anybody(team: Office, ana: Person, guest: Person) -> None:
    bet = place(team, "Rank tickets", guest, ana, author=ana)
    team.at(MONDAY)
    guest.say("55% I think", thread_of(team, bet))
    (update,) = updates_of(team, bet)
    assert (update.user, update.confidence) == (GUEST, 55)


def test_a_reply_with_a_file_or_also_sent_to_the_channel_counts_once(asked: Office, ana: Person, raj: Person) -> None:
    ana.say("", asked.thread, files=[{"id": "F1", "name": "plot.png", "permalink": "https://x.example/F1"}])
    raj.say("80% see the channel", asked.thread, broadcast=True)
    by_ana, by_raj = sorted(updates_of(asked, asked.bet), key=lambda update: update.user)
    assert by_ana.text.startswith("see file https://")
    assert by_raj.text == "80% see the channel" and by_raj.version == 1


def test_an_edit_is_read_again_in_full_and_keeps_the_old_version(asked: Office, ana: Person) -> None:
    ts = ana.say("70% works", asked.thread)
    asked.world.edit(ana.user, CHANNEL, ts, "conf 40: it does not")
    asked.settle()
    (update,) = updates_of(asked, asked.bet)
    assert (update.text, update.confidence, update.version) == ("conf 40: it does not", 40, 2)
    assert "70% works" in stored_text(asked)
    asked.world.edit(ana.user, CHANNEL, ts, "no idea any more")
    asked.settle()
    assert updates_of(asked, asked.bet)[0].confidence is None


def test_a_reply_whose_link_slack_unfolds_is_one_update_and_asked_about_once(asked: Office, ana: Person) -> None:
    ts = ana.say("it works, see https://example.org/a", asked.thread)
    assert (len(told(ana, asked.thread)), updates_of(asked, asked.bet)[0].version) == (1, 1)
    asked.clock.advance(1)
    asked.world.edit(ana.user, CHANNEL, ts, "it works, see https://example.org/b")
    asked.settle()
    (update,) = updates_of(asked, asked.bet)
    assert (update.text, update.version) == ("it works, see https://example.org/b", 2)
    assert len(told(ana, asked.thread)) == 1


def test_an_edit_that_takes_the_confidence_away_asks_for_it_once(asked: Office, ana: Person, raj: Person) -> None:
    ts = ana.say("70% dark photos found", asked.thread)
    for text in ("maybe 50, dark photos found", "maybe 50, many dark photos found"):
        asked.world.edit(ana.user, CHANNEL, ts, text)
        asked.settle()
    (question,) = told(ana, asked.thread)
    assert (
        "Your edited update on B-1 says no confidence any more. How sure are you" in question
        and told(raj, asked.thread) == []
    )
    assert updates_of(asked, asked.bet)[0].confidence is None and reactions(asked, asked.thread, ts) == MARK
    ana.press("50%", thread=asked.thread)
    (update,) = updates_of(asked, asked.bet)
    assert (update.text, update.confidence) == ("maybe 50, many dark photos found", 50)


def test_an_edit_of_what_was_asked_already_or_after_a_click_asks_nothing(asked: Office, ana: Person) -> None:
    ts = ana.say("dark photos found", asked.thread)
    asked.world.edit(ana.user, CHANNEL, ts, "many dark photos found")
    asked.settle()
    ana.press("50%", thread=asked.thread)
    asked.world.edit(ana.user, CHANNEL, ts, "most photos are dark")
    asked.settle()
    (answered,) = told(ana, asked.thread)
    assert "Noted: 50%" in answered and updates_of(asked, asked.bet)[0].confidence == 50


def test_a_confidence_that_was_clicked_survives_an_edit_of_the_words(asked: Office, ana: Person) -> None:
    ts = ana.say("works", asked.thread)
    ana.press("50%", thread=asked.thread)
    asked.world.edit(ana.user, CHANNEL, ts, "works well")
    asked.settle()
    (update,) = updates_of(asked, asked.bet)
    assert (update.text, update.confidence, update.version) == ("works well", 50, 3)


@pytest.mark.parametrize("text", ["update: works well", "<@UBETS> show"])
def test_an_edit_that_makes_an_update_a_note_or_a_command_takes_its_clicked_confidence_back_and_says_so(
    asked: Office, ana: Person, text: str
) -> None:
    ts = ana.say("works", asked.thread)
    ana.press("50%", thread=asked.thread)
    asked.world.edit(ana.user, CHANNEL, ts, text.replace("UBETS", asked.world.bot_user_id))
    asked.settle()
    (update,) = updates_of(asked, asked.bet)
    assert update.deleted and (update.text, update.confidence) == (None, None) and "0 of 2" in checkin_text(asked)
    assert "it is no update on B-1 any more, and its confidence is gone with it" in told(ana, asked.thread)[-1]
    ana.say("30% it did not", asked.thread)
    (update,) = updates_of(asked, asked.bet)
    assert (update.text, update.confidence) == ("30% it did not", 30)


def test_not_an_update_takes_back_the_confidence_that_was_clicked_under_another_question(
    asked: Office, ana: Person
) -> None:
    ts = ana.say("dark photos found", asked.thread)
    for text in ("70% dark photos found", "dark photos found"):
        asked.world.edit(ana.user, CHANNEL, ts, text)
        asked.settle()
    ana.press("30%", thread=asked.thread)
    ana.press("Not an update", thread=asked.thread)
    (update,) = updates_of(asked, asked.bet)
    assert update.deleted and (update.text, update.confidence) == (None, None)


def test_a_deleted_reply_is_gone_everywhere_and_leaves_a_tombstone(asked: Office, ana: Person) -> None:
    ts = ana.say("70% the secret sauce is salt", asked.thread)
    asked.world.edit(ana.user, CHANNEL, ts, "70% the secret sauce is pepper")
    asked.settle()
    asked.at(FRIDAY)
    assert "pepper" in digest_text(asked)
    asked.world.remove(ana.user, CHANNEL, ts)
    asked.settle()
    (update,) = updates_of(asked, asked.bet)
    assert update.deleted and update.text is None and update.confidence is None
    assert "secret sauce" not in stored_text(asked)
    assert "secret sauce" not in "".join(words(m) for m in asked.messages())


def test_a_shared_summary_does_not_go_on_quoting_what_was_deleted(asked: Office, ana: Person) -> None:
    ts = ana.say("70% the secret sauce is salt", asked.thread)
    asked.at(FRIDAY)
    ana.command("summary")
    ana.press("Share in channel")
    assert "secret sauce" in words(asked.messages()[-1])
    asked.world.remove(ana.user, CHANNEL, ts)
    asked.settle()
    assert "secret sauce" not in shown_text(asked) and "taken back" in words(asked.messages()[-1])
    assert "secret sauce" not in stored_text(asked)


def test_a_shared_summary_does_not_go_on_quoting_what_was_no_update(asked: Office, ana: Person) -> None:
    ana.say("the secret sauce is salt", asked.thread)
    asked.at(FRIDAY)
    ana.command("summary")
    ana.press("Share in channel")
    assert "secret sauce" in words(asked.messages()[-1])
    ana.press("Not an update", thread=asked.thread)
    assert "secret sauce" not in words(asked.messages()[-1]) and "taken back" in words(asked.messages()[-1])


def test_the_digest_and_the_list_follow_what_is_taken_back(asked: Office, ana: Person) -> None:
    ts = ana.say("70% works", asked.thread)
    asked.at(FRIDAY)
    assert "1 of 2 answers" in digest_text(asked)
    asked.world.remove(ana.user, CHANNEL, ts)
    asked.settle()
    assert "0 of 2 answers" in digest_text(asked) and "0 of 2" in checkin_text(asked)


def test_after_a_deletion_the_next_reply_is_the_first_again(asked: Office, ana: Person) -> None:
    ts = ana.say("70% works", asked.thread)
    asked.world.remove(ana.user, CHANNEL, ts)
    ana.say("30% it did not", asked.thread)
    (update,) = updates_of(asked, asked.bet)
    assert (update.text, update.confidence, update.deleted) == ("30% it did not", 30, False)


def test_a_reply_to_update_is_a_note_and_so_is_a_pinned_one_while_the_pin_is_on(
    asked: Office, ana: Person, lee: Person
) -> None:
    lee.say("update: the vendor answered", asked.thread)
    said = lee.say("the API is free until May", asked.thread)
    assert [(n.user, n.text) for n in notes_of(asked, asked.bet)] == [(lee.user, "update: the vendor answered")]
    asked.world.react(ana.user, CHANNEL, said, "pushpin")
    asked.settle()
    assert [n.text for n in notes_of(asked, asked.bet)][1:] == ["the API is free until May"]
    asked.world.unreact(ana.user, CHANNEL, said, "pushpin")
    asked.settle()
    assert len(notes_of(asked, asked.bet)) == 1
    assert updates_of(asked, asked.bet) == []


def test_what_is_taken_back_on_a_paused_bet_promises_nothing_about_the_next_reply(
    asked: Office, ana: Person, raj: Person
) -> None:
    ana.say("who has the labels?", asked.thread)
    raj.say("learned a lot", asked.thread)
    raj.press("Not an update", thread=asked.thread)
    assert "The next thing you say here will be" in told(raj, asked.thread)[-1]
    ana.command("pause B-1")
    ana.press("Not an update", thread=asked.thread)
    paused = "B-1 Rank tickets is paused: resume it first, then answer."
    answer = f"All right, that was no update on B-1. {paused}"
    assert told(ana, asked.thread)[-1].splitlines()[-1] == answer
    ana.say("70% it works", asked.thread)
    assert paused in told(ana, asked.thread)[-1]


def test_an_update_with_nothing_behind_it_is_not_saved_and_its_author_is_told_once(
    asked: Office, raj: Person, lee: Person
) -> None:
    for person in (raj, lee):
        ts = person.say("update: ", asked.thread)
        assert notes_of(asked, asked.bet) == [] and reactions(asked, asked.thread, ts) == []
        assert [text.splitlines()[0] for text in told(person, asked.thread)] == [
            "Nothing stands behind `update:`, so nothing was saved: edit it to say what is to be kept."
        ]
    asked.world.edit(lee.user, CHANNEL, ts, "update: the vendor answered")
    asked.settle()
    assert [n.text for n in notes_of(asked, asked.bet)] == ["update: the vendor answered"]
    assert reactions(asked, asked.thread, ts) == ["white_check_mark"] and len(told(lee, asked.thread)) == 1
    raj.say("70% works", asked.thread)
    assert [update.text for update in updates_of(asked, asked.bet)] == ["70% works"]


def test_a_file_behind_update_is_a_note(asked: Office, lee: Person) -> None:
    lee.say("update:", asked.thread, files=[{"id": "F1", "name": "plot.png"}])
    link = lee.last(asked.thread)["files"][0]["permalink"]
    assert [n.text for n in notes_of(asked, asked.bet)] == [f"update: see file {link}"]


def test_a_deleted_note_is_gone(asked: Office, lee: Person) -> None:
    ts = lee.say("update: the vendor answered", asked.thread)
    asked.world.remove(lee.user, CHANNEL, ts)
    asked.settle()
    assert notes_of(asked, asked.bet) == [] and "vendor" not in stored_text(asked)


def test_a_message_that_mentions_the_bot_is_never_an_update(asked: Office, ana: Person) -> None:
    ana.say(f"<@{asked.world.bot_user_id}> show", asked.thread)
    assert updates_of(asked, asked.bet) == []
    ana.say("70% works", asked.thread)
    assert updates_of(asked, asked.bet)[0].text == "70% works"


def test_without_a_prompt_a_reply_is_discussion(team: Office, ana: Person) -> None:
    bet = place(team, "Rank tickets", ana)
    ana.say("70% already", thread_of(team, bet))
    ana.say("update: kick-off held", thread_of(team, bet))
    assert updates_of(team, bet) == []
    assert [n.text for n in notes_of(team, bet)] == ["update: kick-off held"]


def test_a_reply_after_the_close_is_late_for_that_week_and_never_early(asked: Office, ana: Person, raj: Person) -> None:
    raj.say("60% fine", asked.thread)
    asked.at(FRIDAY)
    asked.at(SATURDAY)
    ana.say("70% done on Saturday", asked.thread)
    raj.say("more from me", asked.thread)
    late = next(update for update in updates_of(asked, asked.bet) if update.user == ana.user)
    assert (late.week, late.late) == ("2026-W49", True)
    assert "done on Saturday" in digest_text(asked) and "2 of 2 answers" in digest_text(asked)
    assert len(updates_of(asked, asked.bet)) == 2
    asked.at(NEXT_MONDAY)
    ana.say("75% a new week", asked.thread)
    assert [u.week for u in updates_of(asked, asked.bet) if u.user == ana.user] == ["2026-W49", "2026-W50"]


def test_a_reply_after_an_answer_by_form_is_discussion(asked: Office, ana: Person) -> None:
    ana.command("update B-1 65% by command")
    ana.say("30% in the thread", asked.thread)
    (update,) = updates_of(asked, asked.bet)
    assert (update.text, update.confidence, update.source) == ("by command", 65, "command")


def test_a_form_sent_after_a_reply_makes_a_new_version_of_the_same_update(asked: Office, ana: Person) -> None:
    ana.say("30% in the thread", asked.thread)
    ana.command("update B-1 65% by command")
    (update,) = updates_of(asked, asked.bet)
    assert (update.text, update.confidence, update.version) == ("by command", 65, 2)


@pytest.mark.parametrize(
    "text",
    [
        "line\u2028separator",
        "70% <!channel> & <b> `x` *y*",
        "\u202eright to left שלום",
        "😀 👩\u200d👩\u200d👧",
        "x" * 39_000,
    ],
)
def test_a_reply_is_kept_whole_and_as_typed(asked: Office, ana: Person, text: str) -> None:
    ana.say(text, asked.thread)
    assert updates_of(asked, asked.bet)[0].text == text
    asked.at(FRIDAY)
    assert "<!channel>" not in digest_text(asked)


def test_a_bot_a_workflow_and_the_bot_itself_never_answer(asked: Office) -> None:
    asked.world.add_user("U0BOT", "Robot", is_bot=True)
    asked.world.join(CHANNEL, "U0BOT")
    asked.world.say("U0BOT", CHANNEL, "70% beep", thread_ts=asked.thread)
    asked.settle()
    assert updates_of(asked, asked.bet) == [] and len(in_thread(asked, asked.bet)) == 2


def test_an_ended_bet_takes_no_more_answers(asked: Office, ana: Person) -> None:
    end(asked, asked.bet)
    ana.say("70% but I liked it", asked.thread)
    assert updates_of(asked, asked.bet) == []


def test_a_reply_of_tuesday_is_heard_after_the_bot_was_away(asked: Office, raj: Person) -> None:
    asked.clock.move_to(TUESDAY)
    asked.world.say(RAJ, CHANNEL, "66% said while nobody listened", thread_ts=asked.thread)
    asked.settle()
    assert updates_of(asked, asked.bet)[0].confidence == 66
