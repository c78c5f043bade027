"""Who a scope waits for hears of it: in Tuesday's reminder and in the home tab, until it is done."""

from datetime import timedelta

import pytest

from tests.conftest import ANA, CHANNEL, LEE, RAJ, Office, lived_once
from tests.scenarios.rounds import MONDAY, TUESDAY, place
from tests.scenarios.test_assumptions_asked import five_due
from tests.scenarios.test_home import home, open_home, press
from tests.scenarios.test_home import labels as home_labels
from tests.scenarios.test_reminders import reminders
from tests.scenarios.test_scope_forms import document, drafted, labels
from tests.talk import Person, words

__all__ = ["drafted", "five_due"]


@pytest.fixture
@lived_once
def requested(drafted: Office, ana: Person, raj: Person) -> Office:
    """B-1 waits for Lee's sign-off, B-2 of Raj runs. It is Monday, ten o'clock."""
    place(drafted, "Another", raj)
    ana.press("Request sign-off", document(drafted))
    drafted.at(MONDAY)
    return drafted


def named(office: Office) -> str:
    """The key of B-1 as a link to its card, under which its scope is."""
    card = next(one for one in office.world.messages(CHANNEL) if one["text"].startswith("B-1 "))
    where = f"https://{office.world.domain}.slack.com/archives/{CHANNEL}/p{card['ts'].replace('.', '')}"
    return f"*<{where}|B-1>*"


def test_the_reviewer_is_reminded_on_tuesday_and_the_reminder_follows(requested: Office, lee: Person) -> None:
    requested.at(TUESDAY)
    (reminder,) = reminders(lee)
    assert f"Your sign-off is waited for: {named(requested)} Ticket router" in reminder
    assert "press *Sign off* there" in reminder
    assert labels(lee.last(channel=lee.dm())) == ["Snooze", "I'm away"], "there is no update to give"
    lee.press("Sign off", document(requested))
    assert "Thank you" in reminders(lee)[0]


def test_the_reviewer_of_a_teams_very_first_scope_is_reminded_too(drafted: Office, ana: Person, lee: Person) -> None:
    ana.press("Request sign-off", document(drafted))
    drafted.at(TUESDAY)
    (reminder,) = reminders(lee)
    assert f"Your sign-off is waited for: {named(drafted)} Ticket router" in reminder and not reminders(ana)
    assert labels(lee.last(channel=lee.dm())) == ["I'm away"], "there is no check-in to put off"
    lee.press("I'm away", channel=lee.dm())
    assert "From" in words(lee.modal)
    lee.close()
    lee.press("Sign off", document(drafted))
    assert "Thank you" in reminders(lee)[0]
    drafted.at(TUESDAY + timedelta(weeks=1))
    assert len(reminders(lee)) == 1


def test_who_has_signed_off_or_was_asked_after_the_hour_is_not_reminded(
    requested: Office, ana: Person, lee: Person
) -> None:
    lee.press("Sign off", document(requested))
    requested.at(TUESDAY)
    assert reminders(lee) == []
    requested.after(minutes=5)
    ana.press("Change scope", document(requested))
    ana.fill(Reason="The users are others").submit()
    ana.close()
    ana.press("Request sign-off", document(requested, 2))
    requested.after(hours=1)
    assert reminders(lee) == []


def test_an_edit_takes_the_sign_off_out_of_the_reminder(requested: Office, raj: Person, lee: Person) -> None:
    requested.at(TUESDAY)
    raj.press("Scope it", document(requested))
    raj.fill(Hypothesis="A rule is enough").submit()
    assert "waited for" not in reminders(lee)[0] and "Thank you" in reminders(lee)[0]


def test_a_reviewer_who_is_replaced_is_not_waited_for_any_more(requested: Office, ana: Person, lee: Person) -> None:
    requested.at(TUESDAY)
    ana.press("Scope it", document(requested))
    ana.fill(Technical_reviewer=RAJ).submit()
    assert "Thank you" in reminders(lee)[0]


def test_the_home_tab_lists_what_waits_for_a_sign_off(requested: Office, lee: Person) -> None:
    assert "B-1 Ticket router: its scope waits for your sign-off" in open_home(requested, LEE)
    assert "sign-off" not in open_home(requested, ANA)
    lee.press("Sign off", document(requested))
    assert "Nothing waits for you." in home(requested, LEE)


def test_whoever_owns_a_due_assumption_is_reminded_and_sees_it_at_home(five_due: Office, lee: Person) -> None:
    assert "B-1: does it hold? Fact 2" in open_home(five_due, LEE)
    five_due.at(TUESDAY)
    assert "Does it hold? “Fact 2” (*B-1*)" in reminders(lee)[0]
    lee.press("Answer", channel=lee.dm())
    lee.press("Verified")
    assert "Thank you" in reminders(lee)[0] and "Nothing waits for you." in home(five_due, LEE)


def test_the_home_tab_opens_the_form_for_who_owns_an_assumption_alone(five_due: Office, lee: Person) -> None:
    open_home(five_due, LEE)
    assert "Give my updates" in home_labels(five_due, LEE)
    press(five_due, LEE, "Give my updates")
    assert "does it hold? Fact 2" in words(lee.modal)
