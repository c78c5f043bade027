"""Thursday's decisions message: advice with its evidence, and what becomes of it."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.records import Nudge
from bot.store.nudges import list_nudges
from tests.conftest import ANA, Office
from tests.scenarios.rounds import FRIDAY, MONDAY, THURSDAY, in_thread, place
from tests.talk import Person, elements, label_of, words

WEEK = timedelta(weeks=1)
THIRD_THURSDAY = THURSDAY + 2 * WEEK
SAID = {"Reason": "It does not beat chance", "What did we learn?": "Ask first"}
SAID["Did it meet its success statement?"] = "no"


def packets(office: Office) -> list[dict[str, Any]]:
    """The decisions messages in the channel."""
    return [m for m in office.messages() if "Decisions of week" in words(m) or "A hard fact" in words(m)]


def nudges(office: Office) -> list[Nudge]:
    with office.bot.reading() as tx:
        return list_nudges(tx)


def buttons(message: dict[str, Any]) -> list[str]:
    return [label_of(b, e) for b, e in elements(message)]


def answer_weekly(office: Office, until: datetime, **said: tuple[Person, list[int]]) -> None:
    """Each Monday evening everybody says how sure they are; stops at `until`, the last one may lack."""
    monday, week = MONDAY, 0
    while monday < until:
        office.at(monday)
        for key, (person, numbers) in said.items():
            person.command(f"update {key.replace('_', '-')} {numbers[min(week, len(numbers) - 1)]}% we tried")
        thursday, friday = monday + (THURSDAY - MONDAY), monday + (FRIDAY - MONDAY)
        for instant in (thursday, friday):
            if instant <= until:
                office.at(instant)
        monday, week = monday + WEEK, week + 1


@pytest.fixture
def doubted(team: Office, ana: Person, raj: Person) -> Iterator[Office]:
    """B-1 of Ana loses her confidence, B-2 of Raj does well; it is the third Thursday, ten o'clock."""
    team.bet, team.other = place(team, "Rank *tickets* <!here>", ana), place(team, "Find duplicates", raj)
    answer_weekly(team, THIRD_THURSDAY, B_1=(ana, [70, 70, 15]), B_2=(raj, [70]))
    yield team


def test_thursday_brings_one_message_with_the_advice_and_its_numbers(doubted: Office) -> None:
    (message,) = packets(doubted)
    text = words(message)
    assert "Decisions of week 2026-W51" in text and "B-1" in text and "B-2" not in text
    assert "The evidence is against it: stop it and free 1.4 people-weeks." in text
    assert "against this team's usual 70%" in text and "in 100" in text
    assert "*Confidence* 70 % → 15 %" in text and "2.6 of 4.0 weeks, 2.6 of 4.0 people-weeks" in text
    assert buttons(message) == ["Kill", "Double down", "Keep", "Snooze 2 weeks", "Would we start it today?"]
    assert "<@" not in json.dumps(message), "it is addressed to the bet, never to a person"
    (nudge,) = nudges(doubted)
    assert (nudge.advice, nudge.answer) == ("kill", "none") and nudge.posted_at is not None
    assert nudge.evidence[0]["code"] == "confidence" and nudge.evidence[0]["points"] < 0


def test_the_details_stand_in_the_bets_thread_with_a_picture(doubted: Office) -> None:
    (details,) = [m for m in in_thread(doubted, doubted.bet) if "Evidence on" in words(m)]
    assert "log-odds" in words(details) and "people-weeks spent" in json.dumps(details)
    assert any(block["type"] == "image" for block in details["blocks"])
    assert not [m for m in in_thread(doubted, doubted.other) if "Evidence on" in words(m)]


def test_a_kill_from_the_packet_takes_its_buttons_and_says_who_and_when(doubted: Office, ana: Person) -> None:
    ana.press("Kill")
    ana.fill_in(SAID).submit()
    (message,) = packets(doubted)
    assert "Killed by Ana on Thu 17 Dec 2026" in words(message) and buttons(message) == []
    assert "against this team's usual" in words(message), "the evidence stays"
    (nudge,) = nudges(doubted)
    assert (nudge.answer, nudge.answered_by) == ("done", ANA) and nudge.decision_id is not None
