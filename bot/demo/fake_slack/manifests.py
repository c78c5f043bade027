"""What Slack checks before it makes an app of a manifest: keys, lengths, and an address where no socket is opened."""

from typing import Any

from .elements import URL
from .rules import Problems, Rule, anything, array, boolean, one_of, problem, record, string

_scopes = array(string(255, pattern=r"[a-z_]+(:[a-z_.]+)*"), 0, 255)
_command = record(
    {"command": string(32, pattern=r"/\S+"), "description": string(2000, least=1)},
    {"url": URL, "usage_hint": string(1000), "should_escape": boolean},
)
_shortcut = record(
    {
        "name": string(24, least=1),
        "type": one_of("message", "global"),
        "callback_id": string(255, least=1),
        "description": string(150, least=1),
    }
)
_tabs: dict[str, Rule] = dict.fromkeys(
    ("home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"), boolean
)
_switches: dict[str, Rule] = dict.fromkeys(
    ("org_deploy_enabled", "socket_mode_enabled", "token_rotation_enabled"), boolean
)
_rule = record(
    {
        "display_information": record(
            {"name": string(35, least=1)},
            {
                "description": string(140),
                "long_description": string(4000, least=175),
                "background_color": string(7, pattern=r"#([0-9a-fA-F]{3}){1,2}"),
            },
        )
    },
    {
        "_metadata": anything,
        "features": record(
            {},
            {
                "bot_user": record({"display_name": string(80, least=1)}, {"always_online": boolean}),
                "app_home": record({}, _tabs),
                "shortcuts": array(_shortcut, 0, 10),
                "slash_commands": array(_command, 0, 50),
            },
        ),
        "oauth_config": record(
            {}, {"scopes": record({}, {"bot": _scopes, "user": _scopes}), "redirect_urls": array(URL, 0, 1000)}
        ),
        "settings": record(
            {},
            {
                "event_subscriptions": record(
                    {},
                    {"request_url": URL, "bot_events": array(string(100), 0, 100), "user_events": array(string(100))},
                ),
                "interactivity": record({"is_enabled": boolean}, {"request_url": URL}),
                **_switches,
            },
        ),
    },
)


def check_manifest(manifest: Any) -> Problems:
    """What Slack would say instead of making the app; nothing if it takes the manifest."""
    problems: Problems = []
    _rule(manifest, "", problems)
    if not problems:
        _check_reach(manifest, problems)
    return problems


def _check_reach(manifest: dict[str, Any], problems: Problems) -> None:
    """Commands need their scope, a bot's scopes a bot, and what is not told over a socket an address."""
    features, settings = manifest.get("features", {}), manifest.get("settings", {})
    scopes = manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])
    if scopes and "bot_user" not in features:
        problem(problems, "missing required field: bot_user", "/features")
    if (features.get("slash_commands") or features.get("shortcuts")) and "commands" not in scopes:
        problem(problems, "missing required scope: commands", "/oauth_config/scopes/bot")
    if settings.get("socket_mode_enabled"):
        return
    for number, command in enumerate(features.get("slash_commands", [])):
        if "url" not in command:
            problem(problems, "missing required field: url", f"/features/slash_commands/{number}")
    if (
        settings.get("event_subscriptions", {}).get("bot_events")
        and "request_url" not in settings["event_subscriptions"]
    ):
        problem(problems, "missing required field: request_url", "/settings/event_subscriptions")
    if settings.get("interactivity", {}).get("is_enabled") and "request_url" not in settings["interactivity"]:
        problem(problems, "missing required field: request_url", "/settings/interactivity")
