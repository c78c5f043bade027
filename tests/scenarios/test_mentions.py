"""In a thread Slack takes no commands: a mention of the bot takes the same words."""

import pytest

from tests.conftest import CHANNEL, Office, lived_once
from tests.scenarios.rounds import told
from tests.talk import Person, words


def mention(office: Office, person: Person, text: str, thread: str | None = None) -> str:
    """Writes `@Bets text`; returns what only that person reads then."""
    person.say(f"<@{office.world.bot_user_id}> {text}", thread=thread, raw=True)
    seen = [m for m in person.messages(thread) if m["ephemeral"]]
    return words(seen[-1]) if seen else ""


@pytest.fixture
@lived_once
def card(team: Office, ana: Person) -> str:
    """The ts of a bet's card."""
    ana.command("new Shorter prompts")
    ana.fill_in({"Problem, and whose it is": "Support waits."}).submit()
    team.settle()
    return str(team.messages()[-1]["ts"])


def test_a_mention_is_answered_to_its_writer_alone(team: Office, card: str, raj: Person, lee: Person) -> None:
    assert "Shorter prompts" in mention(team, raj, "list")
    assert not [m for m in lee.messages() if m["ephemeral"]]


@pytest.mark.parametrize("said", ["hey {} list", "{}: list", "{}, /bets list", "list {}", "good morning {} bets list"])
def test_what_stands_behind_the_mention_is_meant_else_what_stands_before(
    team: Office, card: str, raj: Person, said: str
) -> None:
    raj.say(said.format(f"<@{team.world.bot_user_id}>"), raw=True)
    assert "Shorter prompts" in words([m for m in raj.messages() if m["ephemeral"]][-1])


@pytest.mark.parametrize("typed", ["/bets list", "bets list", "/bets /bets  list", "/BETS list"])
def test_the_command_said_twice_is_said_once(team: Office, card: str, raj: Person, typed: str) -> None:
    raj.command(typed)
    assert "Shorter prompts" in raj.saw()


def test_in_a_bets_thread_the_key_defaults_to_that_bet(team: Office, card: str, raj: Person) -> None:
    assert "Support waits." in mention(team, raj, "show", thread=card)


def test_a_mention_without_words_is_a_question_for_help(team: Office, raj: Person) -> None:
    assert "/bets summary" in mention(team, raj, "")


def test_help_about_a_word_is_that_words_line(team: Office, raj: Person) -> None:
    said = mention(team, raj, "help kill")
    assert "`/bets kill B-7 [because ...]`  ends a bet, with what it taught" in said and "/bets list" not in said
    raj.command("help kill B-7")
    assert raj.saw() == said
    assert "/bets summary" in mention(team, raj, "help help")


def test_words_behind_what_takes_none_are_not_passed_over_in_a_thread(team: Office, card: str, raj: Person) -> None:
    assert "send it again without 'me the card'" in mention(team, raj, "show me the card", thread=card)


def test_an_unknown_word_names_the_nearest(team: Office, raj: Person) -> None:
    assert "summary" in mention(team, raj, "sumary")


def test_what_needs_a_form_gets_a_button_that_opens_it(team: Office, card: str, ana: Person) -> None:
    mention(team, ana, "kill because nobody reads them", thread=card)
    assert ana.modal is None
    ana.press("Open the form", thread=card)
    assert ana.modal is not None
    assert "nobody reads them" in words(ana.modal)


def test_what_a_form_did_is_told_in_the_thread_where_it_was_opened(team: Office, card: str, ana: Person) -> None:
    in_channel = told(ana)
    for said, fields in (
        ("keep because we wait", {"Criterion": "Two more tickets"}),
        ("update B-1", {"What do we know now that we did not?": "It works"}),
        ("new", {"Title": "Another", "Problem, and whose it is": "Sales"}),
        ("away", {"From": "2026-12-07"}),
    ):
        mention(team, ana, said, thread=card)
        before = told(ana, card)
        ana.press("Open the form", thread=card)
        ana.fill_in(fields).submit()
        assert len(told(ana, card)) == len(before) + 1, (said, ana.reply.errors)
    assert told(ana) == in_channel


def test_words_too_long_for_a_button_still_open_the_form(team: Office, ana: Person) -> None:
    mention(team, ana, "new " + "é" * 2_000)
    ana.press("Open the form")
    assert ana.modal is not None


def test_a_mention_that_writes_is_done_once_however_often_slack_delivers_it(
    team: Office, card: str, ana: Person
) -> None:
    team.world.duplicate(1)
    assert "B-1" in mention(team, ana, "update B-1 70% It works", thread=card)
    team.world.deliver()
    team.settle()
    assert len([m for m in ana.messages(card) if m["ephemeral"]]) == 1
    mention(team, ana, "update")
    ana.press("Open the form")
    assert words(ana.modal).count("It works") == 1


def test_a_refused_mention_changes_nothing_and_says_why(team: Office, card: str, lee: Person) -> None:
    assert "B-99" in mention(team, lee, "show B-99")


def test_where_no_team_is_set_up_the_answer_is_the_way_to_one(office: Office, raj: Person) -> None:
    mention(office, raj, "list")
    raj.press("Set up this team", channel=CHANNEL)
    assert raj.modal is not None
