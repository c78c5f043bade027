"""A refused command loses nothing: its words come back as they were typed, to be copied and mended."""

import pytest

from tests.conftest import Office
from tests.scenarios.rounds import MONDAY, end, place, thread_of, told, updates_of
from tests.talk import Person

TEXT = "*labels* are in & <b> `x`, 3 of 4"


@pytest.fixture
def placed(team: Office, ana: Person, raj: Person) -> Office:
    """B-1 of Ana, B-2 of Raj, and B-3 of Ana, which is over."""
    team.bet = place(team, "Rank tickets", ana)
    place(team, "Find duplicates", raj)
    end(team, place(team, "Old idea", ana))
    return team


@pytest.mark.parametrize(
    "command",
    [
        f"update B-1 170% {TEXT}",
        f"updat B-1 70% {TEXT}",
        f"update B-99 70% {TEXT}",
        f"update B-2 70% {TEXT}",
        f"update B-3 70% {TEXT}",
        f"{TEXT}",
        "away until the thirtieth of never",
        "pause B-1 until the end of the world",
    ],
)
def test_a_refused_command_gives_its_words_back_as_typed(placed: Office, ana: Person, command: str) -> None:
    ana.command(command)
    (block,) = [block for block in ana.last()["blocks"] if block.get("text", {}).get("type") == "plain_text"]
    assert block["text"]["text"] == f"/bets {command}"
    assert updates_of(placed, placed.bet) == []


def test_a_few_words_are_typed_again_sooner(placed: Office, ana: Person) -> None:
    ana.command("show B-99")
    assert told(ana)[-1].splitlines()[0] == "There is no B-99 here." and "You wrote" not in told(ana)[-1]


def test_a_very_long_text_comes_back_whole(placed: Office, ana: Person) -> None:
    text = "update B-2 70% " + "learned a lot " * 400
    ana.command(text)
    parts = [
        block["text"]["text"] for block in ana.last()["blocks"] if block.get("text", {}).get("type") == "plain_text"
    ]
    assert "".join(parts).strip() == f"/bets {text}".strip()


def test_a_percentage_that_can_be_no_confidence_is_refused_in_a_command(placed: Office, ana: Person) -> None:
    ana.command("update B-1 170% all labels are in")
    assert "I read a confidence from 0 to 100%, and this says 170%" in told(ana)[-1]


def test_in_a_reply_it_stays_part_of_the_text_and_the_confidence_is_asked(placed: Office, ana: Person) -> None:
    placed.at(MONDAY)
    ana.say("170% more rows than last week", thread_of(placed, placed.bet))
    (update,) = updates_of(placed, placed.bet)
    assert (update.text, update.confidence) == ("170% more rows than last week", None)
    assert "How sure are you" in told(ana, thread_of(placed, placed.bet))[-1]
