"""Owners who are not in the channel any more: nobody asks them, mentions them or waits for them until they are back."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.store.bets import update_owners
from tests.conftest import CHANNEL, STRANGER, Office, lived_once
from tests.scenarios.rounds import (
    FRIDAY,
    MONDAY,
    NEXT_MONDAY,
    TUESDAY,
    checkin_text,
    digest_text,
    edit,
    in_thread,
    place,
    thread_of,
    told,
)
from tests.scenarios.test_reminders import reminders
from tests.talk import Person, words


def leave_channel(office: Office, person: Person) -> None:
    office.world.leave(CHANNEL, person.user)
    office.settle()


def close_account(office: Office, person: Person) -> None:
    office.world.change_user(person.user, deleted=True)
    office.settle()


def come_back(office: Office, person: Person) -> None:
    office.world.join(CHANNEL, person.user)
    office.settle()


def listed_line(person: Person, key: str) -> str:
    person.command("list")
    return next(line for line in person.saw().splitlines() if line.startswith(f"*{key}*"))


def asked_of_lead(lead: Person) -> list[str]:
    return [words(m) for m in lead.messages(channel=lead.dm()) if "no owner any more" in words(m)]


@pytest.fixture
@lived_once
def placed(team: Office, ana: Person, raj: Person) -> Office:
    """Before Monday: Raj alone owns B-1, and B-2 together with Ana."""
    team.first = place(team, "Rank tickets", raj)
    team.second = place(team, "Find duplicates", ana, raj)
    return team


@pytest.mark.parametrize("goes", [leave_channel, close_account])
def test_who_left_is_not_mentioned_not_counted_and_not_asked(
    placed: Office, raj: Person, goes: Callable[[Office, Person], None]
) -> None:
    goes(placed, raj)
    placed.at(MONDAY)
    text = checkin_text(placed)
    assert "*B-1* Rank tickets: without an owner" in text and "*B-2* Find duplicates: Ana\n" in text
    assert "*0 of 1* answers are in." in text and "Raj" not in text
    assert "A bet without an owner gets one with *More*, *Edit* on its card." in text
    alone, (shared,) = in_thread(placed, placed.first), in_thread(placed, placed.second)
    assert alone == [] and "<@U0ANA>" in words(shared) and "<@U0RAJ>" not in words(shared)
    placed.at(TUESDAY)
    assert reminders(raj) == []
    placed.at(FRIDAY)
    assert "Without an owner: B-1." in digest_text(placed) and "No word yet from B-2." in digest_text(placed)


def test_leaving_in_the_middle_of_the_week_ends_the_waiting_and_keeps_what_was_said(
    placed: Office, raj: Person
) -> None:
    placed.at(MONDAY)
    assert "*0 of 3*" in checkin_text(placed)
    raj.command("update B-2 70% fine")
    leave_channel(placed, raj)
    text = checkin_text(placed)
    assert "*B-1* Rank tickets: without an owner" in text and "*B-2* Find duplicates: Ana, Raj ✓" in text
    assert "*1 of 2* answers are in." in text
    placed.at(TUESDAY)
    assert reminders(raj) == []


def test_when_nobody_is_left_to_answer_the_checkin_says_so_and_what_to_do(
    placed: Office, ana: Person, raj: Person, lead: Person
) -> None:
    for person in (ana, raj):
        leave_channel(placed, person)
    placed.at(MONDAY)
    text = checkin_text(placed)
    assert "Nobody is left to answer: name an owner with *More*, *Edit* on a card." in text and "0 of 0" not in text
    assert "Give my updates" not in text
    edit(placed, lead, placed.first, Owners=[lead.user])
    assert "*0 of 1* answers are in." in checkin_text(placed) and "Give my updates" in checkin_text(placed)


def test_who_becomes_the_owner_of_a_bet_that_had_none_answers_by_reply_and_is_reminded(
    placed: Office, lead: Person, lee: Person, raj: Person
) -> None:
    leave_channel(placed, raj)
    placed.at(MONDAY)
    edit(placed, lead, placed.first, Owners=[lead.user, lee.user])
    assert "*B-1* Rank tickets: Mia Lead, Lee\n" in checkin_text(placed) and "without" not in checkin_text(placed)
    lead.say("70% it ranks well", thread_of(placed, placed.first))
    assert "*B-1* Rank tickets: Mia Lead ✓, Lee\n" in checkin_text(placed)
    placed.at(TUESDAY)
    assert len(reminders(lee)) == 1 and all("hear from you" not in one for one in reminders(lead))


def test_a_bet_without_an_owner_is_asked_nothing_but_what_is_due_on_it(
    placed: Office, ana: Person, raj: Person, lead: Person
) -> None:
    edit(placed, lead, placed.first, **{"Kill criteria": "Nobody uses it by 2026-12-02"})
    leave_channel(placed, raj)
    placed.at(MONDAY)
    prompt = in_thread(placed, placed.first)[-1]
    assert "Here is what is due to be looked at." in words(prompt) and "Nobody uses it" in words(prompt)
    assert "No change" not in words(prompt) and "Reply here" not in words(prompt)
    lead.press("It did not happen", prompt)
    assert "*It did not happen*, answered by Mia Lead" in words(in_thread(placed, placed.first)[-1])
    said = len(in_thread(placed, placed.first))
    placed.at(NEXT_MONDAY)
    assert len(in_thread(placed, placed.first)) == said, "nothing more is due"


def test_when_everybody_is_away_none_is_waited_for_and_who_wants_may_answer(
    placed: Office, ana: Person, raj: Person
) -> None:
    for person in (ana, raj):
        person.command("away from 2026-11-30 to 2026-12-06")
    placed.at(MONDAY)
    assert "Everybody is away, so no answer is waited for." in checkin_text(placed)
    raj.press("Give my updates")
    raj.fill(Confidence="70").submit()
    assert "*1 of 1* answers are in." in checkin_text(placed)


def test_a_bet_whose_last_owner_left_the_channel_is_told_to_a_lead_once(
    placed: Office, ana: Person, raj: Person, lead: Person
) -> None:
    for _ in range(2):
        leave_channel(placed, raj)
        come_back(placed, raj)
    leave_channel(placed, raj)
    (said,) = asked_of_lead(lead)
    assert f"Raj has left <#{CHANNEL}>, and one of their bets has no owner any more" in said
    assert "B-1" in said and "B-2" not in said and "*More*, *Edit*" in said
    leave_channel(placed, ana)
    assert len(asked_of_lead(lead)) == 2 and "B-2" in asked_of_lead(lead)[1]


def test_a_bet_whose_last_owner_left_stands_first_in_the_summary_with_what_to_do(
    placed: Office, ana: Person, raj: Person, lead: Person
) -> None:
    third = place(placed, "Cheaper labels", ana)
    placed.at(MONDAY)
    ana.command(f"update {third.key} 50% it is slow")
    leave_channel(placed, raj)
    placed.at(FRIDAY)
    lead.command("summary")
    above, below = lead.saw().split("*B-1* Rank tickets · ")
    first, second = above.split("*Needs a look*\n")[1].splitlines()[:2]
    assert first == "• *B-1* Rank tickets: without an owner, so name one with More, Edit on its card, or end it"
    assert "*B-2*" in second and "no word yet" in second
    assert below.splitlines()[0].endswith("0.7 of 4 weeks · without an owner (Raj left) · unscoped")


def test_a_bet_that_finds_an_owner_was_not_silent_in_the_weeks_without_one(
    placed: Office, ana: Person, raj: Person, lead: Person
) -> None:
    leave_channel(placed, raj)
    for week in range(3):
        placed.at(MONDAY + week * (NEXT_MONDAY - MONDAY))
        placed.at(FRIDAY + week * (NEXT_MONDAY - MONDAY))
    edit(placed, lead, placed.first, Owners=[ana.user])
    lead.command("summary")
    assert "*B-1* Rank tickets: no word yet" not in lead.saw() and "*B-1* Rank tickets: silent" not in lead.saw()
    assert "*B-2* Find duplicates: silent for 3 weeks" in lead.saw()
    for week in (3, 4):
        placed.at(MONDAY + week * (NEXT_MONDAY - MONDAY))
        placed.at(FRIDAY + week * (NEXT_MONDAY - MONDAY))
    lead.command("summary")
    assert "*B-1* Rank tickets: silent for 2 weeks" in lead.saw()


@pytest.mark.parametrize("goes", [leave_channel, close_account])
def test_card_show_and_list_say_that_a_bet_is_without_an_owner_until_somebody_is_back(
    placed: Office, lead: Person, raj: Person, goes: Callable[[Office, Person], None]
) -> None:
    def said() -> list[str]:
        listed = listed_line(lead, "B-1")
        lead.command("show B-1")
        card = next(words(message) for message in placed.messages() if "B-1" in words(message))
        shown = [text.split("*Owners* ")[1].split("\n")[0] for text in (card, lead.saw())]
        return [listed.rpartition(" · ")[2], *shown]

    assert said() == ["Raj", "<@U0RAJ>", "<@U0RAJ>"]
    goes(placed, raj)
    shown = "without an owner (<@U0RAJ> left)"
    assert said() == ["without an owner (Raj left)", shown, shown]
    assert listed_line(lead, "B-2").endswith("Ana and Raj")
    placed.world.change_user(raj.user, deleted=False)
    come_back(placed, raj)
    assert said() == ["Raj", "<@U0RAJ>", "<@U0RAJ>"]


def test_who_left_does_not_work_alone_and_who_is_left_behind_does(
    placed: Office, ana: Person, raj: Person, lead: Person
) -> None:
    leave_channel(placed, raj)
    placed.after(days=35)
    lead.command("summary")
    assert "1 person works alone" in lead.saw() and "has been alone" not in lead.saw()
    leave_channel(placed, ana)
    lead.command("summary")
    assert "2 live bets" in lead.saw() and "alone" not in lead.saw()
    assert "without an owner (Ana and Raj left)" in lead.saw()
    assert listed_line(lead, "B-2").endswith("without an owner (Ana and Raj left)")


def test_a_bet_that_has_ended_needs_no_owner(placed: Office, lead: Person, raj: Person) -> None:
    lead.command("kill B-1 because nobody needs it")
    lead.fill_in({"What did we learn?": "Ask first", "Did it meet its success statement?": "no"}).submit()
    leave_channel(placed, raj)
    lead.command("show B-1")
    assert "*Owners* <@U0RAJ>\n" in lead.saw()
    lead.command("summary all")
    assert "without an owner" not in lead.saw()


def test_a_lead_who_left_as_well_is_not_told_of_their_own_leaving(placed: Office, lead: Person) -> None:
    place(placed, "Cheaper labels", lead)
    leave_channel(placed, lead)
    assert asked_of_lead(lead) == []


def test_leaving_that_only_a_look_up_tells_counts_alike(placed: Office, raj: Person, lead: Person) -> None:
    placed.world.channels_by_id[CHANNEL].members.remove(raj.user)
    placed.expects_refusals = True
    placed.after(days=2)
    raj.command("update B-1 70% fine", channel=raj.dm())
    assert "in no channel that has a team" in told(raj, channel=raj.dm())[-1]
    assert len(asked_of_lead(lead)) == 1


def test_a_closed_account_that_only_a_look_up_tells_of_counts_alike(placed: Office, raj: Person, lead: Person) -> None:
    placed.world.users[raj.user].deleted = True
    placed.at(MONDAY)
    placed.after(days=1)
    assert reminders(raj) == [] and len(asked_of_lead(lead)) == 1
    assert "*B-1* Rank tickets: without an owner" in checkin_text(placed)


@pytest.mark.parametrize("account", ["stays", "is closed"])
def test_who_left_while_the_bot_did_not_listen_is_not_asked_in_the_next_check_in(
    placed: Office, raj: Person, lead: Person, account: str
) -> None:
    placed.at(MONDAY)
    if account == "is closed":  # Slack goes on to list them in the channel
        placed.world.users[raj.user].deleted = True
    else:
        placed.world.channels_by_id[CHANNEL].members.remove(raj.user)
    placed.at(NEXT_MONDAY)
    text = checkin_text(placed)
    assert "*B-1* Rank tickets: without an owner" in text and "*B-2* Find duplicates: Ana\n" in text
    assert "*0 of 1* answers are in." in text and "B-1" in "".join(asked_of_lead(lead))
    placed.at(NEXT_MONDAY + timedelta(days=1))
    assert reminders(raj) == [] and len(asked_of_lead(lead)) == 1


def test_who_came_back_while_the_bot_did_not_listen_is_asked_in_the_next_check_in(placed: Office, raj: Person) -> None:
    leave_channel(placed, raj)
    placed.at(MONDAY)
    assert "without an owner" in checkin_text(placed)
    placed.world.channels_by_id[CHANNEL].members.append(raj.user)
    placed.at(NEXT_MONDAY)
    assert "*B-1* Rank tickets: Raj" in checkin_text(placed) and "<@U0RAJ>" in words(
        in_thread(placed, placed.first)[-1]
    )


def test_an_owner_who_never_was_in_the_channel_has_not_left_it_and_is_asked(placed: Office) -> None:
    with placed.bot.transaction() as tx:  # as an import may have it
        update_owners(tx, 1, [STRANGER])
    placed.at(MONDAY)
    assert "*B-1* Rank tickets: Sam Stranger" in checkin_text(placed)
    assert f"<@{STRANGER}>" in words(in_thread(placed, placed.first)[-1])


@pytest.mark.parametrize("asked", ["conversations.members", "users.info"])
@pytest.mark.parametrize("fault", ["429", "apply+cut"])
def test_the_check_in_does_not_wait_for_slack_to_say_who_is_there(
    placed: Office, raj: Person, asked: str, fault: str
) -> None:
    placed.expects_refusals = True
    placed.at(MONDAY)
    placed.world.channels_by_id[CHANNEL].members.remove(raj.user)
    placed.world.fail(asked, None, fault)
    placed.at(NEXT_MONDAY)
    assert "week of 7 Dec" in checkin_text(placed) and "*B-1* Rank tickets: Raj" in checkin_text(placed)


def test_who_comes_back_is_asked_again_from_the_next_check_in(placed: Office, raj: Person) -> None:
    leave_channel(placed, raj)
    placed.at(MONDAY)
    come_back(placed, raj)
    placed.at(TUESDAY)
    assert reminders(raj) == []
    placed.at(NEXT_MONDAY)
    assert "*B-1* Rank tickets: Raj" in checkin_text(placed) and "0 of 3" in checkin_text(placed)
    assert "<@U0RAJ>" in words(in_thread(placed, placed.first)[-1])
    placed.at(NEXT_MONDAY + timedelta(days=1))
    assert len(reminders(raj)) == 1


@pytest.mark.parametrize("label", ["Answer", "Snooze", "I'm away"])
def test_an_old_button_says_that_they_left_and_what_to_do(placed: Office, raj: Person, label: str) -> None:
    placed.at(MONDAY)
    placed.at(TUESDAY)
    placed.expects_refusals = True
    leave_channel(placed, raj)
    raj.press(label, channel=raj.dm())
    said = told(raj, channel=raj.dm())[-1]
    assert raj.modal is None and "You are not in the team's channel any more" in said and "join it again" in said


def test_a_form_that_was_open_when_they_left_says_so_too(placed: Office, raj: Person) -> None:
    placed.at(MONDAY)
    raj.press("Give my updates")
    placed.expects_refusals = True
    leave_channel(placed, raj)
    raj.fill(Confidence="70").submit()
    assert "You are not in the team's channel any more, so nothing was changed" in str(raj.reply) + words(raj.modal)


def test_no_change_pressed_in_the_thread_of_a_channel_they_left_gives_the_true_reason(
    placed: Office, raj: Person
) -> None:
    placed.at(MONDAY)
    (prompt,) = in_thread(placed, placed.first)
    leave_channel(placed, raj)
    placed.expects_refusals = True
    raj.press("No change", prompt)
    assert "You are not in the team's channel any more" in str(raj.reply) + str(
        told(raj, thread_of(placed, placed.first))
    )
