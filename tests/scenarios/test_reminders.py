"""Tuesday's reminder by DM: who gets one, when, and what it can do."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.actions.scoping import do_change_scope, do_save_draft, do_start_bet
from bot.store.bets import update_owners
from tests.conftest import ANA, LEE, Office, lived_once
from tests.scenarios.rounds import (
    FRIDAY,
    MONDAY,
    NEXT_MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    checkin_text,
    digest_text,
    edit,
    end,
    place,
    thread_of,
    updates_of,
)
from tests.scenarios.scoped import Scoping
from tests.scenarios.test_digest import lapse_at_the_first_close
from tests.talk import Person, words

LEARNED = "What do we know now that we did not?"


@pytest.fixture
@lived_once
def asked(team: Office, ana: Person, raj: Person) -> Office:
    """Monday, ten o'clock: Ana and Raj are asked about B-1, Ana about B-2 too."""
    team.first = place(team, "Rank tickets", ana, raj)
    team.second = place(team, "Find duplicates", ana)
    team.at(MONDAY)
    return team


def reminders(person: Person) -> list[str]:
    """What the bot wrote to this person alone, oldest first."""
    return [words(message) for message in person.messages(channel=person.dm()) if message.get("bot_id")]


def test_on_tuesday_at_their_own_ten_o_clock_who_owes_an_answer_is_reminded_once(
    asked: Office, ana: Person, raj: Person
) -> None:
    raj.command("update B-1 70% fine")
    asked.at(TUESDAY - timedelta(minutes=1))
    assert reminders(ana) == []
    asked.at(TUESDAY)
    asked.after(hours=3)
    (reminder,) = reminders(ana)
    assert "B-1" in reminder and "B-2" in reminder and "Snooze" in reminder and "I'm away" in reminder
    assert reminders(raj) == []


def test_who_is_no_owner_any_more_is_not_reminded(asked: Office, lead: Person, raj: Person) -> None:
    with asked.bot.transaction() as tx:
        update_owners(tx, asked.first.id, [lead.user])
    asked.at(TUESDAY)
    assert reminders(raj) == []


def test_who_becomes_an_owner_in_the_open_week_is_reminded_as_the_others_are(
    asked: Office, lead: Person, ana: Person, raj: Person
) -> None:
    edit(asked, lead, asked.first, Owners=[ana.user, lead.user])
    assert "0 of 3" in checkin_text(asked)
    asked.at(TUESDAY)
    (reminder,) = reminders(lead)
    assert "*B-1* Rank tickets" in reminder and "B-2" not in reminder
    assert len(reminders(ana)) == 1 and reminders(raj) == []


def test_who_becomes_an_owner_by_a_signed_off_scope_is_reminded_too(team: Office, lee: Person) -> None:
    scoping = Scoping(team)
    bet, _ = scoping.locked()
    scoping.do(do_start_bet, ANA, bet)
    team.settle()
    team.at(MONDAY)
    change = scoping.do(do_change_scope, ANA, scoping.bet(bet), "Lee joins")
    saved = scoping.do(do_save_draft, ANA, change.id, change.revision, {"owners": (ANA, LEE)})
    scoping.lock(saved.scope)
    team.at(TUESDAY)
    assert "B-1" in reminders(lee)[0]


def test_who_becomes_an_owner_while_they_are_away_is_not_reminded(
    asked: Office, lead: Person, ana: Person, raj: Person
) -> None:
    lead.command("away from 2026-11-30 to 2026-12-06")
    edit(asked, raj, asked.first, Owners=[ana.user, lead.user])
    asked.at(TUESDAY)
    assert reminders(lead) == [] and len(reminders(ana)) == 1


def test_who_becomes_an_owner_after_the_close_is_asked_from_the_next_check_in(
    asked: Office, lead: Person, ana: Person
) -> None:
    asked.at(FRIDAY)
    edit(asked, lead, asked.first, Owners=[ana.user, lead.user])
    asked.after(hours=1)
    assert reminders(lead) == []
    asked.at(NEXT_MONDAY)
    asked.at(NEXT_MONDAY + timedelta(days=1))
    assert len(reminders(lead)) == 1


def test_a_reminder_that_came_follows_when_the_owners_change(
    asked: Office, lead: Person, ana: Person, raj: Person
) -> None:
    asked.at(TUESDAY)
    edit(asked, lead, asked.first, Owners=[ana.user])
    assert "Thank you" in reminders(raj)[0] and "B-1" not in reminders(raj)[0]
    edit(asked, lead, asked.second, Owners=[ana.user, raj.user])
    (reminder,) = reminders(raj)
    assert "*B-2* Find duplicates" in reminder and "Answer" in reminder


def test_each_person_has_their_own_hour(team: Office, ana: Person, raj: Person) -> None:
    team.world.change_user(raj.user, tz="America/New_York")
    place(team, "Rank tickets", ana, raj)
    team.at(MONDAY)
    team.at(TUESDAY)
    assert len(reminders(ana)) == 1 and reminders(raj) == []
    team.at(datetime(2026, 12, 1, 15, tzinfo=UTC))
    assert len(reminders(raj)) == 1


def test_a_changed_day_leaves_the_reminder_on_the_day_after_the_check_in_that_was_held(
    asked: Office, lead: Person, raj: Person
) -> None:
    lead.command("config")
    lead.fill_in({"Check-in day": "wednesday"}).submit()
    asked.at(TUESDAY)
    assert len(reminders(raj)) == 1
    asked.at(WEDNESDAY)
    lead.command("config")
    lead.fill_in({"Check-in day": "monday"}).submit()
    asked.at(THURSDAY)
    assert len(reminders(raj)) == 1


def test_an_answer_without_confidence_is_asked_for_it_once_more(asked: Office, raj: Person) -> None:
    raj.say("learned a lot", thread_of(asked, asked.first))
    asked.at(TUESDAY)
    (reminder,) = reminders(raj)
    assert "How sure are you about *B-1*" in reminder
    raj.press("Answer", channel=raj.dm())
    assert "no confidence yet" in words(raj.modal)
    raj.fill(Confidence="60").submit()
    (update,) = updates_of(asked, asked.first)
    assert (update.text, update.confidence) == ("learned a lot", 60)
    assert "Thank you" in reminders(raj)[0] and "Answer" not in reminders(raj)[0]


def test_what_is_missing_the_confidence_stands_first_in_the_form(asked: Office, ana: Person) -> None:
    ana.say("no idea yet", thread_of(asked, asked.second))
    ana.press("Give my updates")
    shown = words(ana.modal)
    assert shown.index("B-2") < shown.index("B-1")


def test_the_reminder_is_dropped_for_who_answers_before_it_goes_out(asked: Office, raj: Person) -> None:
    asked.clock.move_to(TUESDAY)
    asked.world.say(raj.user, raj.channel, "70% just now", thread_ts=thread_of(asked, asked.first))
    asked.settle()
    asked.at(TUESDAY)
    assert reminders(raj) == []


def test_snooze_asks_again_on_the_next_working_day_and_only_once(asked: Office, raj: Person) -> None:
    asked.at(TUESDAY)
    raj.press("Snooze", channel=raj.dm())
    assert "I will ask you again on Wed 2 Dec 2026, 10:00 Europe/Berlin" in reminders(raj)[0]
    asked.at(WEDNESDAY - timedelta(minutes=1))
    assert len(reminders(raj)) == 1
    asked.at(WEDNESDAY)
    assert len(reminders(raj)) == 2 and "Snooze" not in reminders(raj)[1] and "Answer" in reminders(raj)[1]
    asked.at(THURSDAY)
    asked.at(FRIDAY)
    assert len(reminders(raj)) == 2


def test_a_put_off_reminder_still_says_what_is_open_and_how_to_answer(asked: Office, ana: Person) -> None:
    asked.at(TUESDAY)
    ana.press("Snooze", channel=ana.dm())
    (put_off,) = reminders(ana)
    assert "B-1" in put_off and "B-2" in put_off and "Answer" in put_off and "Snooze" not in put_off
    ana.command("update B-1 70% fine")
    (put_off,) = reminders(ana)
    assert "B-1" not in put_off and "B-2" in put_off and "I will ask you again on Wed 2 Dec" in put_off
    asked.at(WEDNESDAY)
    first, second = reminders(ana)
    assert set(first.splitlines()) == {
        "Snoozed until Wed 2 Dec 2026, 10:00 Europe/Berlin: what is open stands in the newer reminder."
    }
    assert "B-2" in second and "Answer" in second
    ana.command("update B-2 60% fine too")
    first, second = reminders(ana)
    assert "Snoozed until Wed 2 Dec" in first and "all your answers of this week are in" in second


def test_nobody_is_thanked_for_answers_that_never_came(asked: Office, ana: Person, raj: Person, lead: Person) -> None:
    asked.at(TUESDAY)
    raj.command("update B-1 70% fine")
    assert "Thank you, all your answers of this week are in." in reminders(raj)[0]
    lapse_at_the_first_close(asked, asked.first, asked.second)
    edit(asked, lead, asked.second, Owners=[lead.user])
    edit(asked, lead, asked.first, Owners=[raj.user])
    assert set(reminders(ana)[0].splitlines()) == {"Thank you, nothing of this week waits for you any more."}
    edit(asked, lead, asked.second, Owners=[ana.user])
    asked.at(FRIDAY)
    assert "Lapsed: *B-1*" in digest_text(asked)
    assert "The check-in of the week of 30 Nov is over, and nothing of it waits for you." in reminders(ana)[0]


def test_a_reminder_names_what_is_still_open(asked: Office, ana: Person) -> None:
    asked.at(TUESDAY)
    ana.command("update B-2 no idea yet")
    (reminder,) = reminders(ana)
    assert "hear from you about *B-1*" in reminder and "How sure are you about *B-2*" in reminder
    assert "Snooze" in reminder


def test_after_a_snooze_an_answer_ends_it(asked: Office, raj: Person) -> None:
    asked.at(TUESDAY)
    raj.press("Snooze", channel=raj.dm())
    raj.command("update B-1 70% fine")
    asked.at(WEDNESDAY)
    assert len(reminders(raj)) == 1 and "Thank you" in reminders(raj)[0]


def test_away_from_the_reminder_opens_the_form_with_dates(asked: Office, raj: Person) -> None:
    asked.at(TUESDAY)
    raj.press("I'm away", channel=raj.dm())
    assert raj.modal["title"]["text"] == "I'm away" and "2026-12-01" in str(raj.modal["blocks"])
    raj.fill(Until="2026-12-04").submit()
    assert raj.modal is None and "0 of 2" in checkin_text(asked)
    assert "You are away: Tue 1 Dec 2026 until Fri 4 Dec 2026 included" in raj.saw(channel=raj.dm()), (
        "it is told where the button was"
    )


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("70% it works", "did you mean `/bets update B-7 70% ...`?"),
        ("it works on a small set", "to answer for a bet, begin with `/bets update B-7`."),
    ],
)
def test_who_answers_a_reminder_in_words_is_told_how_they_count(
    asked: Office, raj: Person, written: str, advice: str
) -> None:
    asked.at(TUESDAY)
    asked.world.say(raj.user, raj.dm(), written)
    asked.settle()
    assert advice in raj.saw(channel=raj.dm()) and "0 of" in checkin_text(asked)


@pytest.mark.parametrize("why", ["bet ended", "week closed"])
def test_nobody_is_reminded_of_what_is_over(asked: Office, raj: Person, why: str) -> None:
    if why == "bet ended":
        end(asked, asked.first)
        asked.at(TUESDAY)
        assert reminders(raj) == []
    else:
        asked.at(TUESDAY)
        before = len(reminders(raj))
        asked.at(FRIDAY)
        raj.press("Snooze", channel=raj.dm())
        asked.at(NEXT_MONDAY)
        assert len(reminders(raj)) == before + ("week is closed" in " ".join(reminders(raj)))
