"""The home tab lists what a person may still judge, and the summary tells how a bet's samples were judged last."""

from datetime import timedelta

import pytest

from bot.domain.records import Bet
from tests.conftest import Office, lived_once
from tests.scenarios.judging import FRIDAY_11, push, rounds, to_wednesday
from tests.scenarios.rounds import MONDAY, in_thread, place
from tests.scenarios.test_comparisons import choose, give, posted
from tests.scenarios.test_home import home, open_home
from tests.scenarios.test_samples import vote
from tests.talk import Person

UNTIL = "In the channel, until Fri 4 Dec 2026, 11:00 Europe/Berlin"


@pytest.fixture
@lived_once
def bet(team: Office, ana: Person) -> Bet:
    return place(team, "Sum up papers", ana)


def test_samples_are_listed_until_the_person_has_judged_all_that_are_printed(
    team: Office, bet: Bet, raj: Person, ana: Person
) -> None:
    push(team, bet, "tldr.v2.jsonl")
    to_wednesday(team)
    line = f"*Votes open*\n• B-1 Sum up papers: do these samples look right? {UNTIL}"
    assert line in open_home(team, raj.user) and line in open_home(team, ana.user)
    vote(raj, rounds(team)[0], "Good", "Bad", "Weird")
    assert line in home(team, raj.user)
    raj.press("Good", rounds(team)[0], nth=3)
    assert "Votes open" not in home(team, raj.user) and line in home(team, ana.user)
    team.at(FRIDAY_11)
    assert "Votes open" not in open_home(team, ana.user)


def test_samples_that_somebody_asked_for_stand_in_the_bets_thread(
    team: Office, bet: Bet, raj: Person, ana: Person
) -> None:
    push(team, bet, "tldr.v2.jsonl")
    team.at(MONDAY)
    ana.command("predictions B-1")
    ana.press("Post samples now")
    assert "do these samples look right? In its thread, until Wed 2 Dec 2026" in open_home(team, raj.user)
    vote(raj, in_thread(team, bet)[-1], "Good", "Bad", "Weird", "Good")
    assert "Votes open" not in home(team, raj.user)


def test_two_versions_are_listed_without_their_names(team: Office, bet: Bet, raj: Person, ana: Person) -> None:
    team.at(MONDAY)
    give(team, bet, "cat")
    give(team, bet, "dog")
    line = "• B-1 Sum up papers: which of two versions is better? In its thread, until Wed 2 Dec 2026, 10:00"
    assert line in open_home(team, raj.user) and "label-" not in home(team, raj.user)
    choose(raj, posted(team, bet)[0], "dog", 5)
    assert line in home(team, raj.user)
    choose(raj, posted(team, bet)[0], "dog")
    assert "Votes open" not in home(team, raj.user)
    assert line in open_home(team, ana.user)
    team.at(MONDAY + timedelta(days=2))
    assert "Votes open" not in open_home(team, ana.user)


def test_guests_who_do_not_vote_are_shown_no_vote(team: Office, bet: Bet, guest: Person) -> None:
    push(team, bet, "tldr.v2.jsonl")
    to_wednesday(team)
    guest.press("Good", rounds(team)[0])  # and so is known
    assert "Votes open" not in open_home(team, guest.user)


def test_samples_whose_rows_were_deleted_are_no_open_vote(team: Office, bet: Bet, raj: Person, ana: Person) -> None:
    push(team, bet, "tldr.v2.jsonl")
    to_wednesday(team)
    ana.command("predictions B-1")
    ana.press("Delete")
    assert "Votes open" not in open_home(team, raj.user)


@pytest.mark.parametrize(("judges", "said"), [(2, "· Ana · 2 of 6 looked right · unscoped"), (1, "· Ana · unscoped")])
def test_the_summary_tells_how_samples_were_judged_once_that_is_closed_and_enough_did(
    team: Office, bet: Bet, raj: Person, ana: Person, lead: Person, judges: int, said: str
) -> None:
    push(team, bet, "tldr.v2.jsonl")
    to_wednesday(team)
    for person in (raj, ana)[:judges]:
        vote(person, rounds(team)[0], "Good", "Bad", "Weird", "Good")
    lead.command("summary")
    assert "looked right" not in lead.saw()
    team.at(FRIDAY_11)
    lead.command("summary")
    assert said in lead.saw()
