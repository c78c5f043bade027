"""The Slack app manifest: what an operator pastes into Slack to make the app."""

from typing import Any

# Every scope with the feature that needs it; the README's table is this one.
SCOPES = {
    "app_mentions:read": "hear `@Bets ...` in a thread, where Slack takes no commands",
    "channels:history": "hear replies in the threads of bets; look whether a message arrived before sending it again",
    "channels:read": "know who is in the team's channel, and when somebody joins or leaves",
    "chat:write": "post, edit and answer",
    "commands": "`/bets`",
    "files:read": "read a prediction file dropped in a bet's thread; wait until Slack has looked at a chart or file",
    "files:write": "upload charts, images of samples and the Markdown of locked scopes; delete images of deleted sets",
    "groups:history": "the same as channels:history in a private channel",
    "groups:read": "the same as channels:read in a private channel",
    "im:history": "hear what people write to the bot in its own messages, and find its own reminders there",
    "im:write": "open the message in which a person is reminded",
    "reactions:read": "hear a pushpin that saves a message",
    "reactions:write": "mark a recorded reply with a check mark",
    "users:read": "names, time zones, and who is a guest or has left",
}

# The message shortcut, as `bot/render/ids.py` names it; a transport knows no render.
SCOPE_THIS = "scope_this"

EVENTS = (
    "app_home_opened",
    "app_mention",
    "channel_archive",
    "channel_left",
    "channel_unarchive",
    "group_archive",
    "group_left",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "reaction_added",
    "reaction_removed",
    "user_change",
)


PATH = "/slack/events"


def manifest(mode: str, url: str | None = None) -> dict[str, Any]:
    """The manifest for `mode` "socket" or "http"; `url` is where Slack reaches the bot, needed for http alone, and may
    name the path for Slack's requests already."""
    if mode == "socket":
        return _manifest({}, socket=True)
    base = (url or "https://YOUR-ADDRESS").rstrip("/").removesuffix(PATH)
    return _manifest({"request_url": base + PATH}, socket=False)


def _manifest(reached: dict[str, str], *, socket: bool) -> dict[str, Any]:
    command = {
        "command": "/bets",
        "description": "The team's bets: update, summary, new, list, ...",
        "usage_hint": "help | summary | new | update B-7 70% ...",
        # Channels and people in the text come as `<#C1|x>` and `<@U1|x>`, which no typed text can imitate.
        "should_escape": True,
    }
    return {
        "display_information": {
            "name": "Bets",
            "description": "Weekly updates on each of the team's bets, and help to kill it or double down.",
            "background_color": "#1f3a3d",
        },
        "features": {
            "bot_user": {"display_name": "Bets", "always_online": True},
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "shortcuts": [
                {
                    "name": "Scope this",
                    "type": "message",
                    "callback_id": SCOPE_THIS,
                    "description": "Writes down a new bet from this message, before the work.",
                }
            ],
            "slash_commands": [command | ({} if socket else {"url": reached["request_url"]})],
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {**reached, "bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True, **reached},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": False,
        },
    }
