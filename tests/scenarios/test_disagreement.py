"""Numbers against people: what adds up over several versions is told too, and each of it once."""

from datetime import timedelta

import pytest

from bot.domain.records import Bet
from bot.work import tick
from tests.conftest import Office, lived_once
from tests.scenarios.judging import TITLE
from tests.scenarios.rounds import MONDAY, in_thread, place
from tests.scenarios.test_comparisons import choose, give, posted
from tests.scenarios.test_nudges import packets
from tests.scenarios.test_samples import vote
from tests.talk import Person, words

LETTERS = {"g": "Good", "b": "Bad"}


@pytest.fixture
@lived_once
def bet(team: Office, ana: Person) -> Bet:
    placed = place(team, "Rank tickets", ana)
    team.at(MONDAY)
    return placed


def judge(team: Office, bet: Bet, votes: list[tuple[Person, str]]) -> None:
    """A round in the thread, in which each person judges the first samples so, up to its close, a weekend included."""
    asking = votes[0][0]
    asking.command("predictions B-1")
    asking.press("Post samples now")
    message = next(m for m in reversed(in_thread(team, bet)) if TITLE in words(m))
    for person, letters in votes:
        vote(person, message, *(LETTERS[letter] for letter in letters))
    team.after(days=4)


def conflicts(team: Office, bet: Bet) -> list[str]:
    lines = [line for m in in_thread(team, bet) for line in words(m).splitlines()]
    return [line for line in lines if line.startswith("*Numbers against people*")]


def test_what_people_like_less_with_each_version_by_a_little_is_told_once_it_adds_up(
    team: Office, bet: Bet, ana: Person, raj: Person, lee: Person
) -> None:
    give(team, bet, "cat", "accuracy=0.4", count=9)
    judge(team, bet, [(ana, "gggb"), (raj, "ggbg"), (lee, "gggb")])
    give(team, bet, "dog", "accuracy=0.5", count=9)
    judge(team, bet, [(ana, "ggb"), (raj, "gbg"), (lee, "gbb")])
    assert conflicts(team, bet) == []
    give(team, bet, "emu", "accuracy=0.6", count=9)
    judge(team, bet, [(ana, "gbb"), (raj, "bgb"), (lee, "bbg")])
    [line] = conflicts(team, bet)
    assert line == (
        "*Numbers against people* accuracy got better over 3 versions (0.4 to 0.6), "
        "but 3 of 9 looked right, after 9 of 12 looked right."
    )
    judge(team, bet, [(ana, "bbb"), (raj, "bbb")])
    assert conflicts(team, bet) == [line]


def test_a_metric_that_went_up_and_down_again_is_not_read_over_all_of_its_way(
    team: Office, bet: Bet, ana: Person, raj: Person, lee: Person
) -> None:
    give(team, bet, "cat", "accuracy=0.4", count=9)
    judge(team, bet, [(ana, "gggb"), (raj, "ggbg"), (lee, "gggb")])
    give(team, bet, "dog", "accuracy=0.7", count=9)
    judge(team, bet, [(ana, "ggb"), (raj, "gbg"), (lee, "gbb")])
    give(team, bet, "emu", "accuracy=0.6", count=9)
    judge(team, bet, [(ana, "gbb"), (raj, "bgb"), (lee, "bbg")])
    assert conflicts(team, bet) == []


def test_the_thread_hears_it_once_whether_people_said_so_blindly_or_of_samples(
    team: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    give(team, bet, "cat", "accuracy=0.8")
    give(team, bet, "dog", "accuracy=0.9")
    for person in (ana, raj):
        choose(person, posted(team, bet)[0], "cat")
    team.after(days=4)
    [line] = conflicts(team, bet)
    assert "but 12 of 12 votes preferred the old one." in line
    for _ in range(2):
        judge(team, bet, [(ana, "bbb"), (raj, "bbb")])
    assert conflicts(team, bet) == [line]
    for week in range(2, 5):
        team.at(MONDAY + timedelta(weeks=week))
        team.at(MONDAY + timedelta(weeks=week, days=3))
        if packets(team):
            break
    assert line in words(packets(team)[-1])
    assert tick.once(team.new_bot())["planned"] == 0
