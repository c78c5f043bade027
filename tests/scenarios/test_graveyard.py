"""Killed bets and what they taught: found by `/bets graveyard`, and shown to whoever places something like them."""

import pytest

from tests.conftest import CHANNEL, GUEST, LEAD, RAJ, Office, lived_once
from tests.scenarios.rounds import MONDAY, NEXT_MONDAY, place, shown_text, told
from tests.talk import Person

OTHER = "C0OTHER"
ENDED = {"Did it meet its success statement?": "no"}


def kill(
    office: Office, person: Person, title: str, reason: str = "Nobody used it", learning: str = "Ask first"
) -> str:
    """A bet of this person that they kill; returns its key."""
    bet = place(office, title, person)
    person.command(f"kill {bet.key}")
    person.fill_in(ENDED | {"Reason": reason, "What did we learn?": learning}).submit()
    assert not person.reply.errors, person.reply.errors
    return bet.key


def answer(person: Person, text: str, channel: str | None = None) -> str:
    """What `/bets text` tells this person."""
    person.command(text, channel)
    return person.saw(channel=channel)


@pytest.fixture
@lived_once
def other(team: Office, raj: Person, lead: Person) -> Office:
    """A second team, in which Raj and the lead are and Ana is not, with a killed bet of its own."""
    team.world.add_channel(OTHER, "vision-team", members=[LEAD, RAJ, GUEST, team.world.bot_user_id])
    team.settle()
    lead.command("config", OTHER)
    lead.press("Set up this team", channel=OTHER)
    lead.submit()
    raj.command("new Count empty shelves", OTHER)
    raj.fill_in({"Problem, and whose it is": "Store staff notice gaps too late"}).submit()
    raj.command("kill B-1", OTHER)
    raj.fill_in(ENDED | {"Reason": "Occluded", "What did we learn?": "Sales data knows sooner"}).submit()
    assert not raj.reply.errors
    return team


def test_a_kill_is_found_with_who_when_how_long_and_what_it_taught(team: Office, ana: Person) -> None:
    bet = place(team, "Rank tickets", ana)
    team.at(NEXT_MONDAY)
    ana.command(f"kill {bet.key}")
    ana.fill_in(ENDED | {"Reason": "Nobody used it", "What did we learn?": "Agents sort by age"}).submit()
    shown = answer(ana, "graveyard")
    for said in ("1 killed bet", "B-1 Rank tickets", "killed by Ana on Mon 7 Dec 2026 after 1 week",
                 "Agents sort by age", "Nobody used it"):  # fmt: skip
        assert said in shown
    for typed in (
        "graveyard agents",
        "graveyard sorting age",
        "graveyard nobody",
        "graveyard SUPPORT",
        "GRAVEYARD tick",
    ):
        assert "B-1 Rank tickets" in answer(ana, typed), typed
    assert "killed by" not in shown_text(team), "the answer is for one person"


def test_a_key_finds_its_bet_and_nothing_of_a_live_one(team: Office, ana: Person) -> None:
    kill(team, ana, "Rank tickets")
    kill(team, ana, "Find duplicates")
    place(team, "Shorter prompts", ana)
    for typed in ("graveyard B-2", "graveyard b-2"):
        shown = answer(ana, typed)
        assert "B-2 Find duplicates" in shown and "B-1" not in shown
    assert "No killed bet about" in answer(ana, "graveyard B-3")


def test_the_newest_comes_first_and_with_words_the_best(team: Office, ana: Person) -> None:
    kill(team, ana, "Rank tickets")
    team.after(hours=1)
    kill(team, ana, "Find duplicates", learning="tickets differ")
    shown = answer(ana, "graveyard")
    assert shown.index("B-2") < shown.index("B-1")
    shown = answer(ana, "graveyard tickets rank")
    assert "B-1" in shown and "B-2" not in shown
    shown = answer(ana, "graveyard tickets")
    assert shown.index("B-1") < shown.index("B-2")


def test_nothing_found_is_one_sentence_with_the_next_step(team: Office, ana: Person) -> None:
    assert "The graveyard is empty" in answer(ana, "graveyard")
    kill(team, ana, "Rank tickets")
    for typed in ("unicorns", '"', "\U0001f600", "NEAR(", "<!channel>"):
        shown = answer(ana, f"graveyard {typed}")
        assert "No killed bet about" in shown and "`/bets graveyard` for all" in shown, typed
    assert "No killed bet" in answer(ana, "graveyard " + "x" * 40_000)


def test_next_and_previous_turn_the_page_in_place(team: Office, ana: Person) -> None:
    for number in range(1, 9):
        kill(team, ana, f"Idea {number} about labels")
        team.after(minutes=1)
    first = answer(ana, "graveyard")
    assert "8 killed bets, newest first, page 1 of 2" in first and "B-8" in first and "B-2 " not in first
    count = len(told(ana))
    ana.press("Next")
    assert "page 2 of 2" in ana.saw() and "B-1 Idea" in ana.saw() and len(told(ana)) == count
    ana.press("Previous")
    assert ana.saw() == first
    answer(ana, "graveyard labels")
    ana.press("Next")
    assert "about “labels”, best match first, page 2 of 2" in ana.saw()


def test_only_teams_whose_channel_the_asker_is_in_are_read_wherever_they_ask(
    other: Office, ana: Person, raj: Person
) -> None:
    kill(other, ana, "Rank tickets")
    assert "B-1" not in answer(ana, "graveyard") and "B-2" in ana.saw()
    assert "No killed bet" in answer(ana, "graveyard shelves")
    shown = answer(raj, "graveyard")
    assert "B-1 Count empty shelves" in shown and f"<#{OTHER}>" in shown and f"<#{CHANNEL}>" not in shown
    assert "B-2 Rank tickets" in answer(raj, "graveyard", OTHER) and f"<#{CHANNEL}>" in raj.saw(channel=OTHER)


def test_who_has_left_a_channel_reads_its_dead_no_more_not_even_by_an_old_button(other: Office, raj: Person) -> None:
    for number in range(8):
        kill(other, raj, f"Idea {number}")
    assert "page 1 of 2" in answer(raj, "graveyard")
    raj.press("Next")
    assert "B-1 Count empty shelves" in raj.saw()
    raj.press("Previous")
    other.world.leave(OTHER, RAJ)
    other.settle()
    raj.press("Next")
    assert "B-2" in raj.saw() and "shelves" not in raj.saw()
    assert "No killed bet" in answer(raj, "graveyard shelves")


def test_a_guest_reads_the_dead_of_the_channels_they_are_in_and_of_no_other(
    other: Office, ana: Person, guest: Person
) -> None:
    kill(other, ana, "Rank tickets")
    assert "B-2 Rank tickets" in answer(guest, "graveyard") and "B-1 Count empty shelves" in guest.saw()
    other.world.leave(OTHER, GUEST)
    other.settle()
    assert "B-2 Rank tickets" in answer(guest, "graveyard") and "shelves" not in guest.saw()


def test_who_places_something_like_it_sees_it_alone_in_one_message(team: Office, ana: Person, raj: Person) -> None:
    kill(team, ana, "Near-duplicate tickets", "Agents merge by hand", "Two customers with one symptom need two answers")
    before = len(told(raj))
    raj.command("new Merge duplicate tickets")
    raj.fill_in({"Problem, and whose it is": "Support answers the same symptom for many customers"}).submit()
    [placed] = told(raj)[before:]
    for said in ("B-2 Merge duplicate tickets is placed and live", "resembles it", "B-1 Near-duplicate tickets",
                 "need two answers"):  # fmt: skip
        assert said in placed
    assert "resembles" not in shown_text(team) and "resembles" not in " ".join(told(ana))


def test_who_places_something_else_sees_none(team: Office, ana: Person, raj: Person) -> None:
    kill(team, ana, "Near-duplicate tickets", "Agents merge by hand", "Two customers with one symptom need two answers")
    raj.command("new Load of the cold stores")
    raj.fill_in({"Problem, and whose it is": "Peak charges surprise the plant manager"}).submit()
    assert "is placed and live" in told(raj)[-1] and "resembles" not in told(raj)[-1]


def test_a_dead_bet_of_a_team_one_is_not_in_is_not_shown_when_placing(other: Office, ana: Person, raj: Person) -> None:
    for person, shown in ((ana, False), (raj, True)):
        person.command("new Find empty shelves in the store")
        person.fill_in({"Problem, and whose it is": "Staff of the store notice empty shelves too late"}).submit()
        assert ("Count empty shelves" in told(person)[-1]) is shown


def test_a_channel_that_is_gone_stops_nobody(other: Office, ana: Person, raj: Person) -> None:
    kill(other, raj, "Rank tickets")
    other.world.archive(OTHER)
    other.settle()
    other.after(hours=30)
    assert "B-2 Rank tickets" in answer(ana, "graveyard")


def test_a_mention_in_a_thread_takes_the_same_word(other: Office, raj: Person) -> None:
    kill(other, raj, "Rank tickets")
    other.at(MONDAY)
    root = raj.say("hello")
    raj.say(f"<@{other.world.bot_user_id}> graveyard shelves", root, raw=True)
    assert "B-1 Count empty shelves" in told(raj, root)[-1]
