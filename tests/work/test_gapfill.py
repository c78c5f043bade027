"""What was said while nobody listened is heard all the same, once (C13)."""

import random
from datetime import timedelta

import pytest

from bot.domain.records import Bet
from bot.work import gapfill
from tests.conftest import ANA, CHANNEL, RAJ, Office, lived_once
from tests.scenarios.rounds import MONDAY, edit, place, thread_of, updates_of
from tests.talk import Person


@pytest.fixture
@lived_once
def asked(team: Office, ana: Person, raj: Person) -> Office:
    """Five bets of Ana and Raj have been asked about."""
    team.bets = [place(team, f"Bet {number}", ana, raj) for number in range(5)]
    team.at(MONDAY)
    return team


def say(office: Office, user: str, bet: Bet, text: str) -> str:
    return office.world.say(user, CHANNEL, text, thread_ts=thread_of(office, bet))


def answers(office: Office, bet: Bet) -> dict[str, str]:
    return {update.user: update.text for update in updates_of(office, bet)}


def test_fifty_replies_are_recorded_once_though_events_were_lost_doubled_and_shuffled(asked: Office) -> None:
    chance = random.Random(1)
    asked.world.shuffle()
    asked.expects_refusals = True  # a check mark that moves to an earlier reply is taken off before it was put there
    for number, bet in enumerate(asked.bets):
        for user in (ANA, RAJ):
            for part in range(5):
                asked.world.drop(int(chance.random() < 0.3))
                asked.world.duplicate(int(chance.random() < 0.3))
                say(asked, user, bet, f"{number * 10 + part}% from {user}")
                asked.clock.advance(1)
        asked.settle()
    asked.world.drop(0)
    gapfill.once(asked.bot)
    asked.settle()
    for number, bet in enumerate(asked.bets):
        assert answers(asked, bet) == {user: f"{number * 10}% from {user}" for user in (ANA, RAJ)}
        assert [update.confidence for update in updates_of(asked, bet)] == [number * 10] * 2


def test_what_an_owner_said_where_nobody_was_asked_on_monday_is_heard_too(
    team: Office, ana: Person, raj: Person, lead: Person
) -> None:
    bet = place(team, "Rank tickets", raj)
    team.world.leave(CHANNEL, RAJ)
    team.settle()
    team.at(MONDAY)
    edit(team, lead, bet, Owners=[ANA])
    say(team, ANA, bet, "70% works")
    team.world.forget_events()
    assert gapfill.once(team.bot) == 1
    team.settle()
    assert answers(team, bet) == {ANA: "70% works"}


def test_filling_a_gap_twice_hears_nothing_twice(asked: Office) -> None:
    bet = asked.bets[0]
    say(asked, ANA, bet, "70% works")
    asked.world.forget_events()
    assert gapfill.once(asked.bot) >= 1
    asked.settle()
    assert answers(asked, bet) == {ANA: "70% works"}
    assert gapfill.once(asked.bot) == 0


def test_an_edit_that_was_missed_is_heard(asked: Office) -> None:
    bet = asked.bets[0]
    ts = say(asked, ANA, bet, "70% works")
    asked.settle()
    asked.clock.advance(5)
    asked.world.edit(ANA, CHANNEL, ts, "40% broke")
    asked.world.forget_events()
    gapfill.once(asked.bot)
    asked.settle()
    assert answers(asked, bet) == {ANA: "40% broke"}


def test_a_thread_longer_than_a_page_is_read_to_its_end(asked: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    bet = asked.bets[0]
    monkeypatch.setattr(gapfill, "PAGE", 5)
    for number in range(12):
        say(asked, "U0LEE", bet, f"Aside {number}")
    say(asked, ANA, bet, "70% works")
    asked.world.forget_events()
    assert gapfill.once(asked.bot) >= 13
    asked.settle()
    assert answers(asked, bet) == {ANA: "70% works"}


def test_more_threads_than_slack_lets_read_in_a_minute_are_all_read(asked: Office) -> None:
    asked.expects_refusals = True
    for bet in asked.bets:
        say(asked, ANA, bet, "70% works")
    asked.world.forget_events()
    for number in (2, 3, 6):
        asked.world.fail("conversations.replies", number, "429:0")
    gapfill.once(asked.bot)
    asked.settle()
    assert sum(bool(answers(asked, bet)) for bet in asked.bets) == 5


def test_a_thread_that_cannot_be_read_stops_none_of_the_others(asked: Office) -> None:
    asked.expects_refusals = True
    for bet in asked.bets:
        say(asked, ANA, bet, "70% works")
    asked.world.forget_events()
    asked.world.fail("conversations.replies", 1, "refuse:thread_not_found")
    asked.world.fail("conversations.replies", 2, "apply+500")
    gapfill.once(asked.bot)
    asked.settle()
    assert sum(bool(answers(asked, bet)) for bet in asked.bets) == 3


def test_what_was_said_right_before_the_newest_prompt_is_heard_too(asked: Office) -> None:
    bet = asked.bets[0]
    asked.at(MONDAY + timedelta(days=6, hours=23, minutes=59))
    say(asked, ANA, bet, "70% works")
    asked.world.forget_events()
    asked.at(MONDAY + timedelta(weeks=1))
    assert gapfill.once(asked.bot) == 1
    asked.settle()
    assert answers(asked, bet) == {ANA: "70% works"}
