"""The Web API as one table: what each method takes, which scope it needs, who answers it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import api_chat, api_reading, api_rest
from .errors import SlackError
from .objects import need
from .rates import keep_tier
from .state import Json

if TYPE_CHECKING:
    from .world import World

JSON_ARGS = {"blocks", "attachments", "metadata", "view", "files"}
BOOL_ARGS = {
    "reply_broadcast",
    "link_names",
    "mrkdwn",
    "unfurl_links",
    "unfurl_media",
    "as_user",
    "inclusive",
    "include_all_metadata",
    "include_num_members",
    "include_locale",
    "exclude_archived",
    "return_im",
    "prevent_creation",
    "full",
}
INT_ARGS = {"limit", "length", "count", "page"}
BAD_JSON = {"blocks": "invalid_blocks_format", "metadata": "invalid_metadata_format"}


@dataclass(frozen=True)
class Method:
    handler: Callable[["World", Json], Json]
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    scope: str | None = None
    app_token: bool = False
    open_args: bool = False


_MESSAGE = (
    "text",
    "blocks",
    "attachments",
    "parse",
    "link_names",
    "thread_ts",
    "username",
    "icon_emoji",
    "icon_url",
    "as_user",
)
_POST = (*_MESSAGE, "reply_broadcast", "unfurl_links", "unfurl_media", "mrkdwn", "metadata")
_RANGE = ("cursor", "limit", "oldest", "latest", "inclusive", "include_all_metadata")
_LIST = ("cursor", "limit", "types", "exclude_archived", "team_id")
_EDIT = ("text", "blocks", "attachments", "parse", "link_names", "metadata", "reply_broadcast", "file_ids", "as_user")
_SHARE = ("channel_id", "channels", "initial_comment", "thread_ts", "blocks")

METHODS: dict[str, Method] = {
    "api.test": Method(api_rest.api_test, open_args=True),
    "auth.test": Method(api_rest.auth_test),
    "apps.connections.open": Method(api_rest.open_connection, app_token=True),
    "chat.postMessage": Method(api_chat.post_message, ("channel",), _POST, "chat:write"),
    "chat.update": Method(api_chat.update, ("channel", "ts"), _EDIT, "chat:write"),
    "chat.delete": Method(api_chat.delete, ("channel", "ts"), ("as_user",), "chat:write"),
    "chat.postEphemeral": Method(api_chat.post_ephemeral, ("channel", "user"), _MESSAGE, "chat:write"),
    "chat.getPermalink": Method(api_chat.permalink, ("channel", "message_ts")),
    "conversations.info": Method(api_reading.info, ("channel",), ("include_num_members", "include_locale")),
    "conversations.open": Method(
        api_reading.open_conversation, (), ("users", "channel", "return_im", "prevent_creation"), "im:write"
    ),
    "conversations.list": Method(api_reading.list_channels, (), _LIST),
    "conversations.members": Method(api_reading.members, ("channel",), ("cursor", "limit")),
    "conversations.history": Method(api_reading.history, ("channel",), _RANGE),
    "conversations.replies": Method(api_reading.replies, ("channel", "ts"), _RANGE),
    "users.info": Method(api_reading.user_info, ("user",), ("include_locale",), "users:read"),
    "users.list": Method(api_reading.list_users, (), ("cursor", "limit", "include_locale", "team_id"), "users:read"),
    "users.conversations": Method(api_reading.user_conversations, (), (*_LIST, "user")),
    "views.open": Method(api_rest.open_view, ("view",), ("trigger_id",)),
    "views.push": Method(api_rest.push_view, ("view",), ("trigger_id",)),
    "views.update": Method(api_rest.update_view, ("view",), ("view_id", "external_id", "hash")),
    "views.publish": Method(api_rest.publish_view, ("user_id", "view"), ("hash",)),
    "reactions.add": Method(api_chat.react, ("channel", "name", "timestamp"), (), "reactions:write"),
    "reactions.remove": Method(api_chat.unreact, ("channel", "name", "timestamp"), (), "reactions:write"),
    "reactions.get": Method(api_chat.reactions, ("channel", "timestamp"), ("full",), "reactions:read"),
    "files.getUploadURLExternal": Method(
        api_rest.upload_url, ("filename", "length"), ("alt_txt", "snippet_type"), "files:write"
    ),
    "files.completeUploadExternal": Method(api_rest.complete_upload, ("files",), _SHARE, "files:write"),
    "files.delete": Method(api_rest.delete_file, ("file",), (), "files:write"),
    "files.info": Method(api_rest.file_info, ("file",), ("cursor", "limit", "count", "page"), "files:read"),
}


def answer(world: "World", name: str, token: str | None, args: Json, wrong: str | None = None) -> Json:
    """Does one call of the Web API under the world's lock; raises SlackError for a refusal. `wrong` is Slack's word for
    a body that could not be read."""
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    with world.lock:
        world.catch_up()
        check_token(world, token, method.app_token)
        keep_tier(world, name)
        if wrong:
            raise SlackError(wrong)
        if method.scope:
            need(world, method.scope)
        if method.app_token or method.open_args:
            return {"ok": True, **method.handler(world, args)}
        return {"ok": True, **method.handler(world, _checked(method, args))}


def check_token(world: "World", token: str | None, app_token: bool = False) -> None:
    if not token:
        raise SlackError("not_authed")
    known = {world.bot_token, world.app_token}
    if token not in known:
        raise SlackError("invalid_auth")
    if token != (world.app_token if app_token else world.bot_token):
        raise SlackError("not_allowed_token_type")
    if world.token_state != "ok":
        raise SlackError(world.token_state)


def _checked(method: Method, args: Json) -> Json:
    """Arguments in their types; unknown and missing ones are refused with their names."""
    unknown = [f"unsupported argument: {name} [json-pointer:/]" for name in args if not _known(method, name)]
    missing = [
        f"missing required field: {name} [json-pointer:/]" for name in method.required if args.get(name) in (None, "")
    ]
    if unknown or missing:
        raise SlackError("invalid_arguments", missing + unknown)
    return {name: _typed(name, value) for name, value in args.items() if value is not None}


def _known(method: Method, name: str) -> bool:
    """Bolt's clients add `team_id` to each call."""
    return name in method.required or name in method.optional or name == "team_id"


def _typed(name: str, value: Any) -> Any:
    wrong = SlackError("invalid_arguments", [f"invalid value [json-pointer:/{name}]"])
    if name in JSON_ARGS:
        return _parsed(name, value)
    if name == "file_ids":  # Slack's own client joins them with commas
        return [one.strip(' "[]') for one in value.split(",")] if isinstance(value, str) else value
    if name in BOOL_ARGS:
        if str(value).lower() not in ("true", "false", "1", "0"):
            raise wrong
        return str(value).lower() in ("true", "1")
    if name in INT_ARGS:
        try:
            return int(value)
        except (TypeError, ValueError):
            raise wrong from None
    if not isinstance(value, str | int | float):
        raise wrong
    return str(value)


def _parsed(name: str, value: Any) -> Any:
    """Forms carry JSON as text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError:
        code = BAD_JSON.get(name, "invalid_arguments")
        messages = [] if name in BAD_JSON else [f"invalid JSON [json-pointer:/{name}]"]
        raise SlackError(code, messages) from None
