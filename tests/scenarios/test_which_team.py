"""In a DM somebody of two teams is asked which one is meant, by the channels' names, unless a key of a bet says it."""

import pytest

from bot.actions.placing import BetForm, do_place_bet
from bot.store.people import get_actor
from bot.store.teams import get_team_of_channel
from tests.conftest import CHANNEL, LEAD, RAJ, Office
from tests.scenarios.rounds import place
from tests.talk import Person, elements, label_of, words

OTHER = "C0NEW"


@pytest.fixture
def two_teams(team: Office, lead: Person, ana: Person) -> Office:
    """The lead is in two teams, each with a bet: B-1 and, in the other, B-2; Ana is in the first alone."""
    place(team, "Rank tickets", ana)
    team.world.add_channel(OTHER, "newteam", members=[LEAD, RAJ, team.world.bot_user_id])
    lead.channel = OTHER
    lead.command("config")
    lead.press("Set up this team")
    lead.submit()
    with team.bot.transaction() as tx:
        there, actor = get_team_of_channel(tx, OTHER), get_actor(tx, LEAD, team.bot.now())
        assert there is not None and actor is not None
        do_place_bet(tx, team.bot.now(), actor, there, BetForm(title="Draft replies", problem="Sales", owners=(LEAD,)))
    team.settle()
    return team


def ask(person: Person, text: str) -> str:
    """Types `/bets text` in the DM; what is read there."""
    person.command(text, channel=person.dm())
    return person.saw(channel=person.dm())


def test_each_team_is_shown_by_its_channel_and_never_by_an_id(two_teams: Office, lead: Person) -> None:
    ask(lead, "list")
    shown = lead.last(channel=lead.dm())
    # Slack shows such a mention by the channel's name; on a button it would stand as typed.
    assert next(words(block) for block in shown["blocks"]) == "Which team?"
    assert f"<#{CHANNEL}>" in words(shown) and f"<#{OTHER}>" in words(shown)
    assert {label_of(block, button) for block, button in elements(shown)} == {"Choose"}
    lead.press("Choose", nth=1, channel=lead.dm())
    assert "Draft replies" in lead.saw(channel=lead.dm()) and "Rank tickets" not in lead.saw(channel=lead.dm())


def kill(person: Person, key: str) -> None:
    person.command(f"kill {key} because nobody used it")
    person.fill_in({"What did we learn?": "Ask first", "Did it meet its success statement?": "no"}).submit()
    assert not person.reply.errors, person.reply.errors


def test_the_graveyard_is_that_of_the_chosen_team_on_all_its_pages(two_teams: Office, lead: Person) -> None:
    kill(lead, "B-1")
    kill(lead, "B-2")
    for number in range(6):
        kill(lead, place(two_teams, f"Idea {number}", lead).key)
    assert "Which team?" in ask(lead, "graveyard")
    lead.press("Choose", channel=lead.dm())
    assert f"7 killed bets in <#{CHANNEL}>, newest first, page 1 of 2" in lead.saw(channel=lead.dm())
    lead.press("Next", channel=lead.dm())
    shown = lead.saw(channel=lead.dm())
    assert f"in <#{CHANNEL}>, newest first, page 2 of 2" in shown and "B-1" in shown and "B-2" not in shown
    ask(lead, "graveyard idea")
    lead.press("Choose", nth=1, channel=lead.dm())
    assert f"No killed bet in <#{OTHER}> about “idea”" in lead.saw(channel=lead.dm())


def test_who_says_when_they_are_away_is_told_for_which_team(two_teams: Office, lead: Person, ana: Person) -> None:
    for said, answer in (
        ("away until Friday", f"You are away for <#{OTHER}>: "),
        ("away back", f"Welcome back in <#{OTHER}>."),
        ("away back", f"No absence was entered for <#{OTHER}>, so nothing was changed."),
    ):
        assert "Which team?" in ask(lead, said)
        lead.press("Choose", nth=1, channel=lead.dm())
        assert answer in lead.saw(channel=lead.dm())
    assert "You are away: " in ask(ana, "away until Friday"), "one of a single team need not be told"


@pytest.mark.parametrize("said", ["show {}", "history {}", "update {} 70% it ranks well", "pause {}", "predictions {}"])
def test_a_bets_key_says_which_team_is_meant(two_teams: Office, lead: Person, said: str) -> None:
    for key in ("B-1", "B-2"):
        assert "Which team?" not in (seen := ask(lead, said.format(key))) and key in seen


@pytest.mark.parametrize("said", ["kill B-2 because nobody reads them", "scope b2", "double B-2"])
def test_a_form_opens_at_once_for_the_bet_that_is_named(two_teams: Office, lead: Person, said: str) -> None:
    lead.command(said, channel=lead.dm())
    assert lead.modal is not None


@pytest.mark.parametrize(
    "said", ["list", "pause", "scope Shorter prompts", "update 70% it ranks well", "new B-2 again"]
)
def test_without_a_key_it_is_asked(two_teams: Office, lead: Person, said: str) -> None:
    assert "Which team?" in ask(lead, said)


def test_a_key_of_none_of_their_teams_is_none_here(two_teams: Office, lead: Person, ana: Person) -> None:
    assert ask(lead, "show B-99") == "There is no B-99 here."
    assert ask(ana, "show B-2") == "There is no B-2 here."


def test_who_is_in_no_team_learns_nothing_from_a_key(two_teams: Office) -> None:
    stranger = two_teams.person("U0STRANGER")
    assert ask(stranger, "show B-2") == ask(stranger, "show B-99")
    assert "You are in no channel that has a team" in stranger.saw(channel=stranger.dm())
