"""The world's methods for another process: JSON in, JSON out."""

import base64
import dataclasses
import inspect
import json
import traceback
from typing import TYPE_CHECKING, Any

from .state import Json

if TYPE_CHECKING:
    from .http import Outcome
    from .world import World

# What RemoteWorld offers; on_change and the delivery objects cannot travel.
METHODS = {
    *("add_user", "add_channel", "join", "leave", "archive", "unarchive", "rename", "delete_channel", "change_user"),
    *("revoke_token", "restore_token", "say", "edit", "remove", "react", "unreact", "command", "click", "click_view"),
    *("submit", "close", "open_home", "shortcut", "open_dm", "reload", "deliver", "start_delivery", "stop_delivery"),
    *("deliver_to", "duplicate", "drop", "shuffle", "forget_events", "pending_events"),
    *("disconnect_sockets", "abort_sockets", "deafen_sockets", "messages", "views", "home", "channels", "people"),
    *("calls", "refusals", "late_acks", "files", "file_content", "fail", "clear_faults", "expire_triggers"),
    *("move_to", "advance", "now", "facts", "set_pace", "set_file_delay"),
}


def answer(world: "World", name: str, raw: bytes) -> "Outcome":
    from .http import as_json

    if name not in METHODS:
        return as_json({"error": f"no such method: {name}", "kind": "AttributeError"}, 404)
    try:
        arguments = json.loads(raw or b"{}", object_hook=revived)
        method = getattr(world, name)
        inspect.signature(method).bind(**arguments)
        return as_json({"result": plain(method(**arguments))})
    except (ValueError, TypeError, KeyError) as error:
        return as_json({"error": str(error), "kind": type(error).__name__, "trace": traceback.format_exc()}, 400)


def plain(value: Any) -> Any:
    """Dataclasses and bytes in a form that JSON can carry."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {"__reply__": dataclasses.asdict(value)}
    if isinstance(value, bytes):
        return {"__bytes__": base64.b64encode(value).decode()}
    return value


def revived(value: Any) -> Any:
    from .state import Reply

    if isinstance(value, dict) and "__reply__" in value:
        return Reply(**value["__reply__"])
    if isinstance(value, dict) and "__bytes__" in value:
        return base64.b64decode(value["__bytes__"])
    return value


def facts(world: "World") -> Json:
    """What a bot (and a RemoteWorld) needs to know of a world."""
    return {
        "name": world.name,
        "api_url": world.api_url,
        "control_url": f"{world.base_url}control/",
        "bot_token": world.bot_token,
        "app_token": world.app_token,
        "signing_secret": world.signing_secret,
        "team_id": world.team_id,
        "bot_user_id": world.bot_user_id,
        "bot_id": world.bot_id,
        "app_id": world.app_id,
    }
