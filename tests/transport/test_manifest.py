"""The manifest asks Slack for what the bot uses, and for nothing else."""

import pytest

from bot.actions.inbox import KINDS
from bot.demo.fake_slack import check_manifest
from bot.render.ids import Shortcut
from bot.transport.manifest import EVENTS, SCOPES, manifest


def test_socket_mode_names_no_address() -> None:
    made = manifest("socket")
    assert made["settings"]["socket_mode_enabled"] is True
    assert "url" not in str(made)


@pytest.mark.parametrize(
    "url", ["https://bets.example.org", "https://bets.example.org/", "https://bets.example.org/slack/events"]
)
def test_http_mode_sends_everything_to_one_address(url: str) -> None:
    made = manifest("http", url)
    address = "https://bets.example.org/slack/events"
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["event_subscriptions"]["request_url"] == address
    assert made["settings"]["interactivity"]["request_url"] == address
    assert [command["url"] for command in made["features"]["slash_commands"]] == [address]


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_slack_makes_an_app_of_it(mode: str) -> None:
    assert check_manifest(manifest(mode)) == check_manifest(manifest(mode, "https://bets.example.org")) == []


def test_people_can_write_to_the_bot_and_see_its_home() -> None:
    tabs = manifest("socket")["features"]["app_home"]
    assert tabs == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


def test_the_command_comes_escaped() -> None:
    [command] = manifest("socket")["features"]["slash_commands"]
    assert (command["command"], command["should_escape"]) == ("/bets", True)


def test_a_message_can_be_scoped_by_its_shortcut() -> None:
    [shortcut] = manifest("socket")["features"]["shortcuts"]
    assert (shortcut["name"], shortcut["type"]) == ("Scope this", "message")
    assert shortcut["callback_id"] == Shortcut.SCOPE_THIS


def test_every_scope_has_its_reason() -> None:
    assert manifest("socket")["oauth_config"]["scopes"]["bot"] == sorted(SCOPES)
    assert all(SCOPES.values())


def test_slack_is_asked_for_exactly_the_events_that_are_heard() -> None:
    subscribed = {"message" if event.startswith("message.") else event for event in EVENTS}
    assert subscribed == set(KINDS)
