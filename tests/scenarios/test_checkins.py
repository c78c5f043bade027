"""Monday's round as the team sees it, and the ways to answer it other than by talking."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from bot.demo.fake_slack import DirectDelivery
from bot.store.tables import outbox
from tests.conftest import Office, lived_once
from tests.scenarios.rounds import (
    FRIDAY,
    MONDAY,
    NEXT_MONDAY,
    SATURDAY,
    THURSDAY,
    TUESDAY,
    card_text,
    checkin_text,
    confidence_of,
    digest_text,
    edit,
    end,
    in_thread,
    live_texts,
    place,
    shown_text,
    thread_of,
    told,
    updates_of,
)
from tests.talk import Person, elements, label_of, words

LEARNED = "What do we know now that we did not?"


@pytest.fixture
@lived_once
def asked(team: Office, ana: Person, raj: Person) -> Office:
    """Monday, ten o'clock: Ana is asked about B-1 and, with Raj, about B-2."""
    team.first = place(team, "Rank tickets", ana)
    team.second = place(team, "Find duplicates", ana, raj)
    team.at(MONDAY)
    return team


def test_monday_asks_once_in_the_channel_and_once_in_each_thread(asked: Office, ana: Person) -> None:
    text = checkin_text(asked)
    assert "Check-in, week of 30 Nov" in text and "0 of 3" in text
    assert "B-1" in text and "Rank tickets" in text and "Ana" in text and "Raj" in text
    channel = json.dumps(next(m for m in asked.messages() if "Check-in" in words(m)))
    assert "<@" not in channel and "Give my updates" in channel
    (prompt,) = in_thread(asked, asked.second)
    assert LEARNED in words(prompt) and "<@U0ANA> <@U0RAJ>" in words(prompt)
    assert "to answer unseen, use Give my updates" in words(prompt) and "No change" in json.dumps(prompt)
    asked.at(MONDAY.replace(minute=30))
    assert len(in_thread(asked, asked.second)) == 1 and len(asked.messages()) == 3


def test_a_team_without_live_bets_is_not_asked(team: Office, ana: Person) -> None:
    bet = place(team, "Rank tickets", ana)
    end(team, bet, "paused")
    before = len(team.messages())
    team.at(MONDAY)
    team.at(FRIDAY)
    assert len(team.messages()) == before


def test_the_form_asks_about_all_my_bets_and_what_is_left_empty_stays_open(asked: Office, ana: Person) -> None:
    ana.press("Give my updates")
    assert ana.modal["title"]["text"] == "My updates"
    assert "B-1 Rank tickets" in words(ana.modal) and "B-2 Find duplicates" in words(ana.modal)
    ana.fill_in({LEARNED: "ranking beats chance", "Confidence": "70", "Blocked by": "labels", "Days spent": "1,5"})
    ana.submit()
    (update,) = updates_of(asked, asked.first)
    assert (update.text, update.confidence, update.blocked_by, update.days) == (
        "ranking beats chance",
        70,
        "labels",
        1.5,
    )
    assert update.source == "modal" and updates_of(asked, asked.second) == []
    assert "1 of 3" in checkin_text(asked)
    ana.press("More bets")
    assert "B-2" in words(ana.modal) and "B-1" not in words(ana.modal)
    ana.fill(Confidence="40").submit()
    assert ana.modal is None and "2 of 3" in checkin_text(asked)


def test_a_form_that_leaves_nothing_open_is_acknowledged(asked: Office, ana: Person) -> None:
    ana.press("Give my updates")
    ana.fill_in({LEARNED: "It works"}).fill_in({LEARNED: "Too slow"}, nth=1).submit()
    assert ana.modal is None and told(ana)[-1].splitlines()[0] == "Saved: B-1, B-2. Thank you."


def test_an_earlier_answer_is_shown_as_text_and_an_empty_field_never_overwrites_it(asked: Office, ana: Person) -> None:
    ana.command("update B-1 70% ranking beats chance")
    ana.command("update B-1")
    assert "ranking beats chance" in words(ana.modal) and "70%" in words(ana.modal)
    assert not any("initial_value" in element for _, element in elements(ana.modal))
    ana.fill_in({"Days spent": "2"}).submit()
    (update,) = updates_of(asked, asked.first)
    assert (update.text, update.confidence, update.days, update.version) == ("ranking beats chance", 70, 2.0, 2)


@pytest.mark.parametrize(("field", "typed"), [("Confidence", "140"), ("Confidence", "maybe"), ("Days spent", "many")])
def test_a_wrong_number_answers_at_its_field_and_nothing_is_half_saved(
    asked: Office, ana: Person, field: str, typed: str
) -> None:
    ana.press("Give my updates")
    ana.fill_in({LEARNED: "something"}, nth=0).fill_in({field: typed}, nth=1)
    ana.submit()
    block = {"Confidence": "confidence", "Days spent": "days"}[field]
    assert list(ana.reply.errors) == [f"{block}:{asked.second.id}"]
    assert updates_of(asked, asked.first) == []
    ana.fill_in({field: "3"}, nth=1).submit()
    assert updates_of(asked, asked.first)[0].text == "something"


def test_a_form_with_nothing_in_it_says_so(asked: Office, raj: Person) -> None:
    raj.press("Give my updates")
    raj.submit()
    assert "Nothing is filled in" in raj.errors()


def test_ten_bets_a_form_and_more_after_sending(team: Office, ana: Person) -> None:
    bets = [place(team, f"Idea {number}", ana) for number in range(12)]
    team.at(MONDAY)
    ana.press("Give my updates")
    ana.fill_in({"Confidence": "10"}, nth=0).fill_in({"Confidence": "20"}, nth=9).submit()
    assert "Saved: B-1, B-10. 10 bets are still open." in words(ana.modal)
    ana.press("More bets")
    shown = [line for line in words(ana.modal).splitlines() if line.startswith("*B-")]
    assert [line.split()[0] for line in shown] == [f"*B-{n}" for n in (11, 12, 2, 3, 4, 5, 6, 7, 8, 9)]
    assert [update.confidence for bet in bets for update in updates_of(team, bet)] == [10, 20]


def test_somebody_without_bets_is_told_so_and_no_form_opens(asked: Office, lee: Person) -> None:
    lee.press("Give my updates")
    assert lee.modal is None and "You own no live bet" in told(lee)[-1]


def test_a_form_opened_before_the_bet_ended_changes_nothing_and_says_why(asked: Office, ana: Person) -> None:
    ana.command("update B-1")
    end(asked, asked.first)
    ana.fill_in({LEARNED: "too late"}).submit()
    assert "was killed" in ana.errors() and ana.modal is not None
    assert updates_of(asked, asked.first) == []


def test_the_same_form_sent_twice_counts_once(asked: Office, ana: Person) -> None:
    ana.command("update B-1")
    ana.fill_in({LEARNED: "once"})
    asked.world.delivery = DirectDelivery(lambda kind, body: asked.deliver(kind, body) and asked.deliver(kind, body))
    ana.submit()
    assert updates_of(asked, asked.first)[0].version == 1


def test_a_form_and_a_reply_at_once_make_one_update_and_lose_neither(asked: Office, ana: Person) -> None:
    ana.command("update B-1")
    ana.fill_in({LEARNED: "by form", "Confidence": "30"})
    ana.say("70% by reply", thread_of(asked, asked.first))
    ana.submit()
    (update,) = updates_of(asked, asked.first)
    assert (update.text, update.confidence, update.version) == ("by form", 30, 2)


def test_no_change_is_one_click_and_keeps_the_confidence_of_last_week(asked: Office, ana: Person, raj: Person) -> None:
    thread = thread_of(asked, asked.first)
    ana.command("update B-1 70% ranking beats chance")
    asked.at(FRIDAY)
    asked.at(NEXT_MONDAY)
    ana.press("No change", in_thread(asked, asked.first)[-1])
    assert "no change, 70%" in told(ana, thread)[-1]
    week = updates_of(asked, asked.first)[-1]
    assert (week.week, week.text, week.confidence, week.source) == ("2026-W50", "No change", 70, "no_change")
    ana.press("No change", in_thread(asked, asked.first)[-1])
    assert "answered on B-1 this week already" in told(ana, thread)[-1]
    raj.press("No change", in_thread(asked, asked.first)[-1])
    assert "not yours" in told(raj, thread)[-1] and len(updates_of(asked, asked.first)) == 2


def test_the_button_of_an_older_prompt_changes_nothing(asked: Office, ana: Person) -> None:
    old = in_thread(asked, asked.first)[0]
    with asked.bot.transaction() as tx:  # as if the edit that takes it away were still on its way
        asked.clock.move_to(NEXT_MONDAY)
        tx.execute(update(outbox).where(outbox.c.key.startswith("prompt:")).values(state="dropped"))
    asked.at(NEXT_MONDAY)
    ana.press("No change", old)
    assert "newer check-in" in told(ana, thread_of(asked, asked.first))[-1]
    assert updates_of(asked, asked.first) == []


def test_the_next_round_takes_the_buttons_of_the_one_before_away(asked: Office, ana: Person, raj: Person) -> None:
    asked.at(TUESDAY)
    asked.at(NEXT_MONDAY)
    old, new = [m for m in asked.messages() if "Check-in, week of" in words(m)]
    assert [label_of(b, e) for b, e in elements(old)] == []
    assert [label_of(b, e) for b, e in elements(new)] == ["Give my updates"]
    old, new = in_thread(asked, asked.first)
    assert "Week of 30 Nov" in words(old) and "No change" not in words(old)
    assert "Week of 7 Dec" in words(new) and "No change" in words(new)
    (reminder,) = [m for m in raj.messages(channel=raj.dm()) if m.get("bot_id")]
    assert "The check-in of the week of 30 Nov is over" in words(reminder) and elements(reminder) == []


def test_a_command_takes_the_leading_percentage_off_and_says_what_was_noted(asked: Office, ana: Person) -> None:
    ana.command("update B-1 70% ranking <b>beats</b> chance")
    (update,) = updates_of(asked, asked.first)
    assert (update.text, update.confidence, update.source) == ("ranking <b>beats</b> chance", 70, "command")
    assert "Noted for B-1, week of 30 Nov: 70%" in told(ana)[-1]


@pytest.mark.parametrize("typed", ["70.5% half", "-5% x", "maybe 70", "accuracy is 93%"])
def test_a_number_that_is_no_confidence_is_asked_about_and_the_earlier_one_stands_till_then(
    asked: Office, ana: Person, typed: str
) -> None:
    ana.command("update B-1 55% some")
    ana.command(f"update B-1 {typed}")
    answer = told(ana)[-1]
    assert "Noted for B-1, week of 30 Nov: 55% as before, since I read no confidence in your words." in answer
    assert "How sure are you" in answer and "Not an update" not in answer, "a command means what it says"
    ana.press("70%")
    (update,) = updates_of(asked, asked.first)
    assert (update.text, update.confidence) == (typed, 70)


def test_a_first_answer_says_too_that_no_confidence_was_read(asked: Office, ana: Person) -> None:
    ana.command("update B-1 70.5% half")
    assert "no confidence yet, since I read none in your words." in told(ana)[-1]
    assert "Noted as your update" not in told(ana)[-1], "it is told once that it is noted"


def test_more_words_without_a_number_keep_the_confidence_and_ask_nothing(asked: Office, ana: Person) -> None:
    ana.command("update B-1 55% some")
    ana.command("update B-1 and the labels are in")
    assert "Noted for B-1, week of 30 Nov: 55%." in told(ana)[-1] and "How sure" not in told(ana)[-1]


@pytest.mark.parametrize(
    ("words_typed", "answer"),
    [
        ("update B-99 70% x", "There is no B-99 here"),
        ("update 70% which one?", "Which bet? Send it again with its key"),
        ("update B-2 140% x", "this says 140%"),
    ],
)
def test_a_command_that_is_not_clear_is_answered_and_gives_the_words_back(
    asked: Office, ana: Person, words_typed: str, answer: str
) -> None:
    ana.command(words_typed)
    assert answer in told(ana)[-1]
    if "Which" in answer:
        assert "70% which one?" in told(ana)[-1]


def test_who_does_not_own_a_bet_gives_a_second_opinion_that_is_shown_apart(
    asked: Office, ana: Person, lee: Person, guest: Person
) -> None:
    lee.command("update B-1 10% I doubt it")
    assert "not yours" in told(lee)[-1]
    card = next(m for m in asked.messages() if words(m).startswith("B-1 "))
    ana.press("Second opinion", card)
    assert "use Answer" in told(ana)[-1]
    guest.press("Second opinion", card)
    assert guest.modal is None
    lee.press("Second opinion", card)
    assert "Its owners say" not in words(lee.modal)
    lee.fill_in({"Confidence": "20", "Why, in one sentence": "the labels are wrong"}).submit()
    assert "Noted: your second opinion on B-1 for the week of 30 Nov is 20%." in words(lee.modal)
    lee.close()
    ana.command("update B-1 70% fine")
    assert confidence_of(asked, asked.first).opinions is None
    lee.press("Second opinion", card)
    assert "Its owners say 70%" in words(lee.modal)
    asked.at(THURSDAY)
    numbers = confidence_of(asked, asked.first)
    assert (numbers.value, numbers.opinions) == (70, 20)
    assert "1 of 3" in checkin_text(asked)


def test_who_gave_a_second_opinion_and_becomes_an_owner_counts_once_from_their_answer_on(
    asked: Office, ana: Person, lee: Person, lead: Person
) -> None:
    for person, number in ((lee, "20"), (lead, "30")):
        person.press("Second opinion", next(m for m in asked.messages() if words(m).startswith("B-1 ")))
        person.fill(Confidence=number).submit()
    ana.command("update B-1 70% fine")
    edit(asked, lead, asked.first, Owners=[ana.user, lee.user])
    asked.at(THURSDAY)
    assert (confidence_of(asked, asked.first).value, confidence_of(asked, asked.first).opinions) == (70, 25)
    lee.command("update B-1 I look into it")  # without a number the one they gave before still stands
    assert confidence_of(asked, asked.first).opinions == 25
    lee.command("update B-1 50% the labels were right after all")
    assert (confidence_of(asked, asked.first).value, confidence_of(asked, asked.first).opinions) == (60, 30)
    assert "second opinion 30%" in card_text(asked, asked.first)
    asked.at(FRIDAY)
    assert "second opinion 30%" in digest_text(asked)
    lead.command("history B-1")
    assert "second opinion for the week of 30 Nov 20%" in lead.saw()


def test_no_number_of_the_week_is_shown_to_several_people_before_the_decisions_hour(
    asked: Office, ana: Person, raj: Person
) -> None:
    ana.command("update B-1 71% x")
    raj.command("update B-2 32% y")
    assert "71" not in shown_text(asked) and "32" not in shown_text(asked)
    assert confidence_of(asked, asked.first).value is None
    asked.at(TUESDAY)
    assert "71" not in shown_text(asked)
    asked.at(THURSDAY)
    assert "71" in card_text(asked, asked.first) and "32" in card_text(asked, asked.second)
    ana.command("update B-1 55% changed my mind")
    assert "55" in card_text(asked, asked.first)


def test_numbers_stay_those_of_last_week_until_the_next_decisions_hour(asked: Office, ana: Person) -> None:
    ana.command("update B-1 71% x")
    asked.at(THURSDAY)
    asked.at(NEXT_MONDAY)
    ana.command("update B-1 22% y")
    assert "71" in card_text(asked, asked.first) and "22" not in shown_text(asked)
    numbers = confidence_of(asked, asked.first)
    assert (numbers.value, numbers.previous, numbers.last_learning) == (71, None, "x")


def test_an_answer_between_close_and_prompt_is_late_for_who_owes_it_and_early_for_who_does_not(
    asked: Office, ana: Person
) -> None:
    ana.command("update B-1 70% in time")
    asked.at(FRIDAY)
    asked.at(SATURDAY)
    ana.command("update B-1 60% early")
    assert "week of 7 Dec (early): 60%" in told(ana)[-1]
    ana.command("update B-2 50% late")
    assert "week of 30 Nov (late): 50%" in told(ana)[-1]
    asked.at(NEXT_MONDAY)
    assert "1 of 3" in checkin_text(asked)


def test_an_answer_before_the_first_prompt_is_early_and_counts_then(team: Office, ana: Person) -> None:
    bet = place(team, "Rank tickets", ana)
    ana.command("update 80% already")
    assert updates_of(team, bet)[0].week == "2026-W49"
    team.at(MONDAY)
    assert "1 of 1" in checkin_text(team)


def test_a_bet_that_ends_leaves_the_list_and_is_not_asked_again(asked: Office, ana: Person) -> None:
    end(asked, asked.second)
    ana.command("update B-1 70% x")
    assert "Find duplicates" not in checkin_text(asked) and "1 of 1" in checkin_text(asked)
    asked.at(NEXT_MONDAY)
    assert len(in_thread(asked, asked.second)) == 1


def test_after_weeks_of_silence_one_check_in_names_the_missed_weeks(team: Office, ana: Person) -> None:
    place(team, "Rank tickets", ana)
    team.at(NEXT_MONDAY.replace(day=16))
    text = checkin_text(team)
    assert "week of 14 Dec" in text and "week of 30 Nov, week of 7 Dec" in text
    assert sum("Check-in, week of" in words(m) for m in team.messages()) == 1


def test_a_holiday_moves_the_check_in_and_it_says_so(team: Office, ana: Person, lead: Person) -> None:
    lead.command("config")
    lead.fill_in({"Holidays (country)": "JP"}).submit()
    place(team, "Rank tickets", ana)
    team.at(datetime(2027, 1, 4, 9, tzinfo=UTC))
    team.at(datetime(2027, 1, 11, 9, tzinfo=UTC))
    assert "week of 4 Jan" in checkin_text(team)
    team.at(datetime(2027, 1, 12, 9, tzinfo=UTC))
    assert "week of 11 Jan" in checkin_text(team) and "Moved from Mon 11 Jan 2027" in checkin_text(team)


def test_what_people_wrote_pings_nobody(team: Office, ana: Person) -> None:
    bet = place(team, "<!channel> *now* & <@U0RAJ>", ana)
    team.at(MONDAY)
    ana.command("update B-1 70% <!here> <@U0LEE>")
    team.at(FRIDAY)
    said = "\n".join(live_texts(team))
    assert "now" in said and not any(mention in said for mention in ("<!channel>", "<!here>", "<@U0LEE>", "<@U0RAJ>"))
    assert updates_of(team, bet)[0].text == "<!here> <@U0LEE>"
