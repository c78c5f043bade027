"""What the manifest does not ask for, Slack does not give."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.demo.fake_slack import Clock, DirectDelivery, FakeSlack, NotPossible, World, check_manifest

from .conftest import ADA, SECRET, T0, TEAM, Bot, client_of, modal, people_a_world, refusal

MANIFEST: dict[str, Any] = {
    "features": {
        "app_home": {"home_tab_enabled": False, "messages_tab_enabled": True, "messages_tab_read_only_enabled": True},
        "slash_commands": [{"command": "/bets", "should_escape": False}],
        "shortcuts": [{"name": "Scope this", "type": "message", "callback_id": "scope_this", "description": "x"}],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "channels:history", "channels:read", "commands"]}},
    "settings": {
        "event_subscriptions": {
            "bot_events": ["message.channels", "message.groups", "reaction_added", "app_home_opened"]
        },
        "interactivity": {"is_enabled": False},
    },
}


@pytest.fixture
def strict(slack: FakeSlack) -> Iterator[World]:
    world = slack.add_world(people_a_world(World(Clock(T0, running=False), MANIFEST, pace=0)))
    world.join(SECRET, world.bot_user_id)
    yield world
    del slack.worlds[world.name]


@pytest.fixture
def bot(strict: World) -> Bot:
    bot = Bot()
    strict.delivery = DirectDelivery(bot)
    return bot


def test_a_missing_scope_is_named(strict: World) -> None:
    api = client_of(strict)
    needed = {
        "users:read": (api.users_info, {"user": ADA}),
        "groups:history": (api.conversations_history, {"channel": SECRET}),
        "groups:read": (api.conversations_members, {"channel": SECRET}),
        "im:write": (api.conversations_open, {"users": ADA}),
        "reactions:write": (api.reactions_add, {"channel": TEAM, "timestamp": "1.1", "name": "eyes"}),
        "chat:write.customize": (api.chat_postMessage, {"channel": TEAM, "text": "x", "username": "Boss"}),
        "files:write": (api.files_getUploadURLExternal, {"filename": "a", "length": 1}),
    }
    for scope, (call, args) in needed.items():
        assert refusal(call, **args) == "missing_scope"
        answer = strict.calls()[-1]["response"]
        assert (answer["needed"], answer["provided"]) == (scope, "chat:write,channels:history,channels:read,commands")
    assert api.conversations_history(channel=TEAM)["ok"]
    assert api.chat_postMessage(channel=TEAM, text="x")["ok"]


def test_only_subscribed_events_with_their_scope_come(strict: World, bot: Bot) -> None:
    ts = strict.say(ADA, TEAM, "@bets yes")
    strict.say(ADA, SECRET, "no scope for groups")
    strict.react(ADA, TEAM, ts, "eyes")
    strict.archive(TEAM)
    strict.deliver()
    assert [event["type"] for event in bot.events()] == ["message"]


def test_only_declared_commands_shortcuts_and_clicks_arrive(strict: World, bot: Bot) -> None:
    assert strict.command(ADA, TEAM, "x", command="/other").error == "/other is not a valid command"
    assert strict.command(ADA, TEAM, "@bob & <co>").ok
    assert bot.last["text"] == "@bob & <co>"
    ts = strict.say(ADA, TEAM, "x")
    configured = "This app is not configured to handle interactive responses."
    assert strict.click(ADA, TEAM, ts, "press").error == configured
    assert strict.shortcut(ADA, "scope_this", TEAM, ts).error == configured
    assert len(bot.got) == 1


def test_home_and_messages_tabs_are_as_switched(strict: World, bot: Bot) -> None:
    home = {key: value for key, value in modal().items() if key == "blocks"} | {"type": "home"}
    assert refusal(client_of(strict).views_publish, user_id=ADA, view=home) == "not_enabled"
    strict.open_home(ADA)
    assert strict.deliver() == 0
    assert client_of(strict).chat_postMessage(channel=ADA, text="read only")["ok"]
    with pytest.raises(NotPossible):
        strict.say(ADA, strict.open_dm(ADA), "hello?")
    assert strict.manifest is not None
    strict.manifest = {**MANIFEST, "features": {}}
    assert refusal(client_of(strict).chat_postMessage, channel=ADA, text="x") == "messages_tab_disabled"


def whole(**settings: Any) -> dict[str, Any]:
    """A manifest that Slack takes: one command, told over a socket unless `settings` say otherwise."""
    command = {"command": "/bets", "description": "x"}
    return {
        "display_information": {"name": "Bets"},
        "features": {"bot_user": {"display_name": "Bets"}, "slash_commands": [command]},
        "oauth_config": {"scopes": {"bot": ["commands"]}},
        "settings": {"socket_mode_enabled": True, **settings},
    }


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no name": (
        whole() | {"display_information": {}},
        "missing required field: name [json-pointer:/display_information]",
    ),
    "a long name": (whole() | {"display_information": {"name": "x" * 36}}, "must be less than 36 characters"),
    "an unknown key": (whole(colour="red"), "invalid additional property: colour [json-pointer:/settings]"),
    "a bot without a user": (whole() | {"features": {}}, "missing required field: bot_user [json-pointer:/features]"),
    "a command without its scope": (whole() | {"oauth_config": {}}, "missing required scope: commands"),
    "a command without an address": (
        whole(socket_mode_enabled=False),
        "missing required field: url [json-pointer:/features/slash_commands/0]",
    ),
    "clicks without an address": (
        whole(socket_mode_enabled=False, interactivity={"is_enabled": True}),
        "missing required field: request_url [json-pointer:/settings/interactivity]",
    ),
    "events without an address": (
        whole(socket_mode_enabled=False, event_subscriptions={"bot_events": ["app_mention"]}),
        "missing required field: request_url [json-pointer:/settings/event_subscriptions]",
    ),
}


@pytest.mark.parametrize(("manifest", "said"), WRONG.values(), ids=WRONG)
def test_a_manifest_of_which_slack_makes_no_app_is_refused_with_its_path(manifest: dict[str, Any], said: str) -> None:
    assert check_manifest(whole()) == []
    assert any(said in found for found in check_manifest(manifest)), check_manifest(manifest)
