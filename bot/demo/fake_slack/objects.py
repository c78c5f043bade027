"""Users and conversations as Slack's Web API shows them, and finding the conversation that a call means."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from .errors import SlackError
from .events import HISTORY_SCOPES, READ_SCOPES
from .state import Channel, Json, User

if TYPE_CHECKING:
    from .world import World


def user_object(world: "World", user: User) -> Json:
    """A deleted user has no zone, and Slackbot is no bot, as in Slack."""
    body: Json = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "is_bot": user.is_bot and user.id != "USLACKBOT",
        "is_app_user": False,
        "updated": int(world.clock.now()),
        "profile": {
            "real_name": user.real_name,
            "display_name": user.name,
            "real_name_normalized": user.real_name,
            "display_name_normalized": user.name,
            "team": user.team_id,
        },
    }
    if user.deleted:
        return body
    offset = datetime.fromtimestamp(world.clock.now(), UTC).astimezone(ZoneInfo(user.tz)).utcoffset()
    return body | {
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_admin": user.admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.restricted or user.ultra_restricted,
        "is_ultra_restricted": user.ultra_restricted,
        "is_stranger": user.team_id != world.team_id,
    }


def channel_object(world: "World", channel: Channel) -> Json:
    base: Json = {"id": channel.id, "created": channel.created, "is_archived": channel.archived}
    base |= {"is_im": channel.kind == "im", "is_org_shared": False, "context_team_id": world.team_id}
    if channel.kind == "im":
        return base | {"user": channel.members[0], "is_user_deleted": world.users[channel.members[0]].deleted}
    shared = any(world.users[member].team_id != world.team_id for member in channel.members if member in world.users)
    return base | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": False,
        "is_mpim": False,
        "is_private": channel.kind == "group",
        "is_general": False,
        "is_member": world.bot_user_id in channel.members,
        "is_shared": shared,
        "is_ext_shared": shared,
        "creator": "USLACKBOT",
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(channel.members),
    }


def need(world: "World", *scopes: str) -> None:
    """Refuses unless the app has at least one of the scopes."""
    if not any(world.has_scope(scope) for scope in scopes):
        raise SlackError("missing_scope", needed=scopes[0], provided=",".join(world.scopes()))


def find_channel(world: "World", channel_id: str) -> Channel:
    """A private channel or DM without the bot looks just like one that does not exist."""
    channel = world.channels_by_id.get(channel_id)
    if channel is None or (channel.kind != "channel" and world.bot_user_id not in channel.members):
        raise SlackError("channel_not_found")
    return channel


def readable(world: "World", channel_id: str) -> Channel:
    """For reading messages: the bot must be a member and may read that kind of conversation."""
    channel = find_channel(world, channel_id)
    need(world, HISTORY_SCOPES[channel.kind])
    if world.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def listed(world: "World", channel_id: str) -> Channel:
    channel = find_channel(world, channel_id)
    need(world, READ_SCOPES[channel.kind])
    return channel


def writable(world: "World", channel_id: str) -> Channel:
    """For posting: a member of a channel that is not archived; a user's id means the DM with that user."""
    if channel_id in world.users:
        return _dm(world, channel_id)
    channel = find_channel(world, channel_id)
    if channel.kind != "im" and world.bot_user_id not in channel.members and "chat:write.public" not in world.scopes():
        raise SlackError("not_in_channel")
    if channel.archived:
        raise SlackError("is_archived")
    _check_messages_tab(world, channel)
    return channel


def _check_messages_tab(world: "World", channel: Channel) -> None:
    if channel.kind == "im" and not world.messages_tab(to_read=True):
        raise SlackError("messages_tab_disabled")


def _dm(world: "World", user_id: str) -> Channel:
    if world.users[user_id].is_bot:
        raise SlackError("cannot_dm_bot")
    channel = world.channels_by_id[world.open_dm(user_id)]
    _check_messages_tab(world, channel)
    return channel
