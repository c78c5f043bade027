"""A refused command loses nothing: its words come back as they were typed, to be copied and mended."""

import pytest

from bot.store.bets import list_decisions
from tests.conftest import Office, lived_once
from tests.scenarios.rounds import MONDAY, end, place, thread_of, told, updates_of
from tests.talk import Person, words

TEXT = "*labels* are in & <b> `x`, 3 of 4"


@pytest.fixture
@lived_once
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


LONG = "nobody asked for it, " * 200


def given_back(person: Person) -> str:
    blocks = person.last()["blocks"]
    return "".join(b["text"]["text"] for b in blocks if b.get("text", {}).get("type") == "plain_text")


@pytest.mark.parametrize(
    ("command", "field"),
    [
        ("kill B-1 because", "reason"),
        ("ship B-1 because", "reason"),
        ("double B-1 because", "reason"),
        ("keep B-1 until 18 Dec because", "reason"),
        ("new", "problem"),
    ],
)
def test_what_no_field_can_hold_comes_back_beside_the_form(
    placed: Office, ana: Person, command: str, field: str
) -> None:
    ana.command(f"{command} {LONG}")
    (block,) = [one for one in (ana.modal or {})["blocks"] if one.get("block_id") == field]
    assert "initial_value" not in block["element"] and "longer than the 3,000 characters" in block["hint"]["text"]
    assert given_back(ana) == f"/bets {command} {LONG}".strip()
    assert "longer than a field of Slack takes" in told(ana)[-1]


def test_what_fits_is_in_the_form_alone(placed: Office, ana: Person) -> None:
    ana.command("kill B-1 because " + "x" * 3000)
    assert "x" * 3000 in str(ana.modal) and told(ana) == []


def test_a_mention_with_more_than_a_button_carries_says_so(placed: Office, ana: Person) -> None:
    thread = thread_of(placed, placed.bet)
    ana.say(f"<@{placed.world.bot_user_id}> kill because {LONG}", thread, raw=True)
    assert "the form holds their beginning; your message has them all" in told(ana, thread)[-1]
    ana.press("Open the form", thread=thread)
    assert "nobody asked for it" in str(ana.modal)


def test_a_wall_of_empty_lines_is_one_in_what_everybody_reads_and_stays_in_what_is_kept(
    placed: Office, ana: Person
) -> None:
    typed = "Nobody" + "\n \t" * 700 + "\nasked.\n\nAnd this stays\nso."
    ana.command("kill B-1")
    ana.fill_in({"Reason": typed, "What did we learn?": typed, "Did it meet its success statement?": "no"}).submit()
    notice = words(placed.messages(thread_of(placed, placed.bet))[-1])
    assert notice.count("Nobody\n\nasked.\n\nAnd this stays\nso.") == 2
    with placed.bot.reading() as tx:
        assert list_decisions(tx)[-1].reason == typed
