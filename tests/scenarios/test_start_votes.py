"""*Would we start it today?*: a blind vote by those who do not own the bet."""

import json
from datetime import timedelta
from typing import Any

from bot.store.history import list_history
from bot.store.nudges import list_nudges
from bot.store.tables import history
from bot.work import tick
from tests.conftest import LEE, Office
from tests.scenarios.rounds import FRIDAY, THURSDAY, told
from tests.scenarios.test_nudges import SAID, THIRD_THURSDAY, WEEK, buttons, calm, doubted, packets
from tests.talk import Person, words

__all__ = ["calm", "doubted"]
QUESTION = "Would we start it today?"


def vote(person: Person, value: str, why: str = "") -> None:
    person.press(QUESTION)
    person.fill_in({QUESTION: value, "Why, in one sentence": why}).submit()


def votes(office: Office) -> list[Any]:
    with office.bot.reading() as tx:
        return list_history(tx, history.c.kind == "start_vote")


def test_the_form_shows_the_bet_as_if_it_were_new(doubted: Office, raj: Person) -> None:
    raj.press(QUESTION)
    shown, text = json.dumps(raj.modal), words(raj.modal)
    assert (raj.modal or {})["title"]["text"] == QUESTION
    assert "Support has too many tickets" in text and "we tried" in text
    for hidden in ("people-weeks", "of 4.0", "appetite", "15%", "15%", "kill"):
        assert hidden not in shown.lower().replace(QUESTION.lower(), ""), hidden
    assert "Nobody is shown your vote with your name in Slack" in text and "export has it" in text
    choices = [choice["text"]["text"] for b in (raj.modal or {})["blocks"] if b["type"] == "input"
               for choice in b["element"].get("options", ())]  # fmt: skip
    assert choices == ["Yes", "No", "Unsure"]


def test_the_tally_is_seen_after_voting_and_nothing_sent_before_tells_of_it(
    doubted: Office, raj: Person, lee: Person, lead: Person
) -> None:
    vote(raj, "no", "nobody needs it")
    assert "0 yes, 1 no, 0 unsure" in words(raj.modal)
    lee.press(QUESTION)
    seen = json.dumps(lee.modal) + json.dumps(doubted.messages())
    assert "nobody needs it" not in seen and "1 no" not in seen
    lee.fill_in({QUESTION: "unsure"}).submit()
    assert "0 yes, 1 no, 1 unsure" in words(lee.modal)
    lead.command("history B-1")
    assert "nobody needs it" not in json.dumps(lead.messages()) and "start vote" not in json.dumps(lead.messages())


def test_a_vote_can_be_changed_and_the_newest_counts(doubted: Office, raj: Person) -> None:
    vote(raj, "no", "first thought")
    raj.close()
    raj.press(QUESTION)
    assert "initial_option" in json.dumps(raj.modal), "their own vote is there"
    raj.fill_in({QUESTION: "yes"}).submit()
    assert "1 yes, 0 no, 0 unsure" in words(raj.modal)
    assert [row.after["value"] for row in votes(doubted)] == ["no", "yes"]
    assert votes(doubted)[0].after["why"] == "first thought" and votes(doubted)[0].subject == "B-1"


def test_the_result_stands_in_the_packet_at_the_decision(
    doubted: Office, ana: Person, raj: Person, lee: Person
) -> None:
    vote(raj, "no")
    vote(lee, "unsure")
    assert "0 yes" not in words(packets(doubted)[0])
    ana.press("Kill")
    ana.fill_in(SAID).submit()
    text = words(packets(doubted)[0])
    assert "Killed by Ana" in text and f"{QUESTION} 0 yes, 1 no, 1 unsure" in text


def test_or_at_fridays_close_and_later_votes_are_refused(doubted: Office, raj: Person, lee: Person) -> None:
    vote(raj, "yes")
    raj.close()
    lee.press(QUESTION)
    tick.once(doubted.bot, FRIDAY + 2 * WEEK)
    doubted.clock.move_to(FRIDAY + 2 * WEEK)
    doubted.settle()
    (message,) = packets(doubted)
    assert f"{QUESTION} 1 yes, 0 no, 0 unsure" in words(message)
    assert buttons(message) == ["Kill", "Double down", "Keep", "Ship", "Snooze 2 weeks"]
    lee.fill_in({QUESTION: "no"}).submit()
    assert "The vote on B-1 is over" in lee.errors() and len(votes(doubted)) == 1
    with doubted.bot.reading() as tx:
        assert all(one.tallied_at for one in list_nudges(tx))


def test_owners_and_guests_do_not_vote(doubted: Office, ana: Person, guest: Person) -> None:
    ana.press(QUESTION)
    assert ana.modal is None and "You own B-1" in told(ana)[-1]
    guest.press(QUESTION)
    assert guest.modal is None and "Guests of this workspace" in told(guest)[-1]


def test_a_choice_is_needed_and_a_forged_one_is_refused(doubted: Office, lee: Person) -> None:
    lee.press(QUESTION)
    view = doubted.world.views(LEE)[-1]
    state = {"vote": {"value": {"type": "static_select", "selected_option": {"value": "never"}}}}
    body = {"type": "view_submission", "user": {"id": LEE}, "view": view | {"state": {"values": state}}}
    assert "Choose yes, no or unsure" in str(doubted.deliver("interactive", body))
    forged = body | {"view": view | {"private_metadata": '{"bet":2,"nudge":1}', "hash": "x"}}
    assert "no such nudge" in str(doubted.deliver("interactive", forged))
    assert votes(doubted) == []


def test_a_vote_after_the_decision_is_refused_and_keeps_the_form(doubted: Office, ana: Person, lee: Person) -> None:
    lee.press(QUESTION)
    ana.press("Kill")
    ana.fill_in(SAID).submit()
    lee.fill_in({QUESTION: "yes", "Why, in one sentence": "it was cheap"}).submit()
    assert "The vote on B-1 is over" in lee.errors() and lee.modal is not None and lee.typed
    assert votes(doubted) == [] and THURSDAY + timedelta(weeks=2) == THIRD_THURSDAY
