"""Cards, lists and the summary say in words how a bet's scope stands, and for how long a bet has run without one."""

from datetime import timedelta

import pytest

from bot.store.bets import update_bet
from tests.conftest import ANA, Office
from tests.scenarios.rounds import FRIDAY, MONDAY, card_text, digest_text, place, told
from tests.scenarios.test_home import open_home
from tests.scenarios.test_scope_forms import card, close_all, document, drafted, go_on, lock
from tests.talk import Person, words

__all__ = ["drafted"]


def says(office: Office, person: Person, state: str) -> None:
    """The card, the list and `show` say it, the home tab of whoever owns the bet too."""
    assert f" · {state}" in words(card(office))
    for command in ("list", "show B-1"):
        person.command(command)
        assert state in told(person)[-1], command
    assert state in open_home(office, ANA)


def test_a_scopes_way_is_told_wherever_its_bet_is_shown(drafted: Office, ana: Person, lee: Person) -> None:
    says(drafted, ana, "scope a draft")
    ana.press("Request sign-off", document(drafted))
    says(drafted, ana, "scope in review by Lee")
    lee.press("Sign off", document(drafted))
    says(drafted, ana, "scope v1 locked")
    ana.press("Start", document(drafted))
    ana.press("Change scope", document(drafted))
    go_on(ana, Reason="The users are others")
    close_all(ana)
    says(drafted, ana, "scope v1 locked, v2 a draft")
    lock(drafted, ana, lee, 2)
    says(drafted, ana, "scope v2 locked")


def test_a_bet_that_runs_unscoped_ages_where_everybody_sees_it(team: Office, ana: Person) -> None:
    place(team, "A tent", ana)
    says(team, ana, "unscoped")
    team.at(MONDAY + timedelta(weeks=1))
    says(team, ana, "unscoped for 1 week")
    team.at(FRIDAY + timedelta(weeks=1))
    assert "Without a locked scope: B-1 A tent (for 1 week)" in digest_text(team)
    team.at(MONDAY + timedelta(weeks=4))
    says(team, ana, "unscoped for 4 weeks")


def test_a_bet_that_does_not_run_is_not_told_to_be_unscoped(team: Office, ana: Person) -> None:
    bet = place(team, "A tent", ana)
    team.at(MONDAY)
    team.at(MONDAY + timedelta(weeks=1))
    ana.command("pause B-1")
    assert "*paused*" in card_text(team, bet) and "unscoped" not in card_text(team, bet)
    ana.command("resume B-1")
    assert "unscoped for 1 week" in card_text(team, bet)
    with team.bot.transaction() as tx:
        update_bet(tx, bet.id, warned_75_at=MONDAY, warned_100_at=MONDAY)
    team.at(FRIDAY + timedelta(weeks=1))
    assert "*lapsed*" in card_text(team, bet) and "unscoped" not in card_text(team, bet)
    for command in ("list", "summary"):
        ana.command(command)
        assert "lapsed" in told(ana)[-1] and "unscoped" not in told(ana)[-1], command


@pytest.mark.parametrize("command", ["summary", "summary mine"])
def test_a_summary_without_running_bets_lists_what_is_being_scoped(drafted: Office, ana: Person, command: str) -> None:
    ana.press("Request sign-off", document(drafted))
    ana.command(command)
    assert "No bet runs yet; 1 is being scoped" in ana.saw()
    assert "B-1 Ticket router · scope in review by Lee · Ana" in ana.saw()


def test_a_summary_of_ended_bets_alone_says_where_they_are(team: Office, ana: Person) -> None:
    place(team, "A tent", ana)
    ana.command("kill B-1")
    learned = {"Reason": "No labels", "What did we learn?": "Ask first", "Did it meet its success statement?": "no"}
    ana.fill_in(learned).submit()
    close_all(ana)
    ana.command("summary")
    assert "`/bets summary all` shows those that have ended" in ana.saw()


def test_the_summary_of_running_bets_names_those_that_are_being_scoped(drafted: Office, raj: Person) -> None:
    place(drafted, "A tent", raj)
    raj.command("summary")
    assert "Being scoped, not started: B-1" in raj.saw()


def test_digest_and_summary_count_bets_and_heads_alike(team: Office, raj: Person) -> None:
    for number in range(6):
        place(team, f"Tent {number}", raj)
    team.at(MONDAY)
    team.at(FRIDAY)
    raj.command("summary")
    (counted,) = {line for line in raj.saw().split("\n") if " bets for " in line}
    assert f"No call for new work this week: {counted}." in digest_text(team)
