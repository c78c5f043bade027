"""Decides which events the app gets, and wraps them as Slack does."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .state import Channel, Json

if TYPE_CHECKING:
    from .world import World

# event type -> the subscription's name and the scope, by kind of channel
MESSAGE_NAMES = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
HISTORY_SCOPES = {"channel": "channels:history", "group": "groups:history", "im": "im:history"}
READ_SCOPES = {"channel": "channels:read", "group": "groups:read", "im": "im:read"}
SCOPES = {
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "user_change": "users:read",
    "file_shared": "files:read",
    "file_change": "files:read",
}
RETRY_DELAYS = (0.0, 60.0, 360.0)  # at once, +1 min, +5 min


@dataclass
class Queued:
    """An event on its way: when it is due, how often it was tried."""

    body: Json
    due: float
    first_tried: float = 0.0
    attempt: int = 0
    reason: str = ""


def emit(world: "World", event: Json, channel: Channel | None = None) -> None:
    """Queues the event when the app subscribed to it, has the scope and (in a channel) is a member."""
    if channel is not None and world.bot_user_id not in channel.members and event["type"] not in LEAVING:
        return
    name, scope = _needs(event, channel)
    if not world.subscribed(name) or (scope and not world.has_scope(scope)):
        return
    world.enqueue(Queued(_envelope(world, event, channel), world.clock.now()))


LEAVING = {"channel_left", "group_left"}


def _needs(event: Json, channel: Channel | None) -> tuple[str, str | None]:
    kind, where = str(event["type"]), channel.event_kind if channel else "channel"
    if kind == "message":
        return MESSAGE_NAMES[where], HISTORY_SCOPES[where]
    if kind in SCOPES:
        return kind, SCOPES[kind]
    return kind, READ_SCOPES[where] if channel and kind != "app_home_opened" else None


def _envelope(world: "World", event: Json, channel: Channel | None) -> Json:
    """In a shared channel the outer team is the author's; `authorizations` names ours (python apps must use that)."""
    author = world.users.get(str(event.get("user", "")))
    shared = channel is not None and any(world.users[member].team_id != world.team_id for member in channel.members)
    return {
        "token": world.verification_token,
        "team_id": author.team_id if shared and author else world.team_id,
        "context_team_id": world.team_id,
        "context_enterprise_id": None,
        "api_app_id": world.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": world.next_id("Ev"),
        "event_time": int(world.clock.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": world.team_id,
                "user_id": world.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{world.next_id('')}",
    }
