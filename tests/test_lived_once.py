"""The beginning that the tests of a file share: lived through once, and the same for each of them."""

from collections.abc import Callable, Iterator

import pytest

from bot.demo.fake_slack import FakeSlack
from bot.domain.records import Bet
from tests.conftest import ANA, Office, Saved, lived_once
from tests.scenarios.rounds import MONDAY, checkin_text, place, stored_text, thread_of
from tests.talk import words


@pytest.fixture
def offices(slack: FakeSlack, set_up: Saved, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Office]]:
    """Two teams that were set up, as two tests would find them."""
    offices = [Office(slack, tmp_path_factory.mktemp("office")) for _ in range(2)]
    for office in offices:
        office.load(set_up)
    yield offices
    for office in offices:
        office.bot.engine.dispose()


@pytest.fixture
def asked() -> Callable[..., Office]:
    """A beginning that nobody lived through yet."""

    def asked(team: Office) -> Office:
        team.bet = place(team, "Rank tickets", team.person(ANA))
        team.at(MONDAY)
        team.lived_by = team.home.name
        return team

    return lived_once(asked)


def test_every_test_begins_with_what_the_first_one_lived_through(
    offices: list[Office], asked: Callable[..., Office]
) -> None:
    first, second = (asked(team=office) for office in offices)
    assert [first, second] == offices and first.lived_by == second.lived_by == first.home.name
    assert first.bot.now() == second.bot.now() == MONDAY and first.bet == second.bet
    assert first.messages() == second.messages() and stored_text(first) == stored_text(second)


def test_what_a_test_does_after_its_beginning_stays_its_own(
    offices: list[Office], asked: Callable[..., Office]
) -> None:
    first = asked(team=offices[0])
    first.person(ANA).say("70% ranking beats chance", thread_of(first, first.bet))
    second = asked(team=offices[1])
    assert "1 of 1" in checkin_text(first) and "0 of 1" in checkin_text(second)
    second.person(ANA).say("30% it does not", thread_of(second, second.bet))
    assert "1 of 1" in checkin_text(second)


def test_a_beginning_may_return_a_value_and_stands_in_every_office_alike(offices: list[Office]) -> None:
    def bet(team: Office) -> Bet:
        return place(team, "Rank tickets", team.person(ANA))

    begin = lived_once(bet)
    assert begin(team=offices[0]) == begin(team=offices[1])
    shown = [[words(message) for message in office.messages()] for office in offices]
    assert shown[0] == shown[1] and "B-1 Rank tickets" in shown[1][-1]
