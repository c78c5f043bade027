"""conversations.* and users.*"""

from typing import TYPE_CHECKING

from . import messages, objects
from .errors import SlackError
from .events import READ_SCOPES
from .paging import limit_of, page, with_cursor
from .state import Channel, Json, Message

if TYPE_CHECKING:
    from .world import World

KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


def info(world: "World", args: Json) -> Json:
    channel = objects.listed(world, args["channel"])
    body = objects.channel_object(world, channel)
    if not args.get("include_num_members"):
        body.pop("num_members", None)
    return {"channel": body}


def open_conversation(world: "World", args: Json) -> Json:
    if args.get("channel"):
        channel = objects.find_channel(world, args["channel"])
    else:
        users = [name.strip() for name in str(args.get("users", "")).split(",") if name.strip()]
        if len(users) != 1:
            raise SlackError("users_list_not_supplied" if not users else "too_many_users")
        if users[0] not in world.users:
            raise SlackError("user_not_found")
        if world.users[users[0]].is_bot:
            raise SlackError("cannot_dm_bot")
        if world.users[users[0]].deleted:
            raise SlackError("user_disabled")
        channel = world.channels_by_id[world.open_dm(users[0])]
    full = objects.channel_object(world, channel)
    return {"channel": full if args.get("return_im") else {"id": channel.id}}


def _kinds(world: "World", args: Json) -> set[str]:
    names = [name.strip() for name in (args.get("types") or "public_channel").split(",")]
    if any(name not in KINDS for name in names):
        raise SlackError("invalid_types")
    kinds = {KINDS[name] for name in names}
    for kind in sorted(kinds - {"mpim"}):
        objects.need(world, READ_SCOPES[kind])
    return kinds


def list_channels(world: "World", args: Json) -> Json:
    kinds = _kinds(world, args)
    found = [channel for channel in world.channels_by_id.values() if channel.kind in kinds]
    seen = [channel for channel in found if channel.kind == "channel" or world.bot_user_id in channel.members]
    return _channel_page(world, seen, args)


def user_conversations(world: "World", args: Json) -> Json:
    """Those of the bot, or those it may see of another user."""
    kinds, user = _kinds(world, args), args.get("user") or world.bot_user_id
    if user not in world.users:
        raise SlackError("user_not_found")
    found = [channel for channel in world.channels_by_id.values() if channel.kind in kinds and user in channel.members]
    seen = [channel for channel in found if channel.kind == "channel" or world.bot_user_id in channel.members]
    return _channel_page(world, seen, args)


def _channel_page(world: "World", found: list[Channel], args: Json) -> Json:
    """Archived ones are left out of the page that was cut, so that it may be short, or empty, and not the last."""
    part, cursor = page(found, limit_of(args, 100, 1000), args.get("cursor"))
    kept = [channel for channel in part if not (args.get("exclude_archived") and channel.archived)]
    return with_cursor({"channels": [objects.channel_object(world, channel) for channel in kept]}, cursor)


def members(world: "World", args: Json) -> Json:
    channel = objects.listed(world, args["channel"])
    part, cursor = page(channel.members, limit_of(args, 100, 1000), args.get("cursor"))
    return with_cursor({"members": part}, cursor)


def _within(message: Message, args: Json) -> bool:
    """The range of oldest and latest; the ends count only when `inclusive` says so."""
    ts, inclusive = float(message.ts), bool(args.get("inclusive"))
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    return oldest < ts < latest or (inclusive and ts in (oldest, latest))


def history(world: "World", args: Json) -> Json:
    """Newest first; replies are left out unless they were also sent to the channel."""
    channel = objects.readable(world, args["channel"])
    kept = world.messages_by_channel.get(channel.id, {}).values()
    shown = [message for message in kept if (not message.is_reply or message.broadcast) and _within(message, args)]
    ordered = sorted(shown, key=lambda message: message.ts, reverse=True)
    part, cursor = page(ordered, limit_of(args, 100, 999), args.get("cursor"))
    metadata = bool(args.get("include_all_metadata"))
    body: Json = {
        "messages": [messages.as_slack(world, message, metadata) for message in part],
        "has_more": bool(cursor),
    }
    return with_cursor(body | {"pin_count": 0}, cursor)


def replies(world: "World", args: Json) -> Json:
    """The parent first (on each page), then the replies, oldest first."""
    channel = objects.readable(world, args["channel"])
    asked = world.find_message(channel.id, args["ts"])
    if asked is None:
        raise SlackError("thread_not_found")
    root = world.find_message(channel.id, asked.thread_ts or "") if asked.is_reply else asked
    found = [message for message in world.replies_to(root or asked) if _within(message, args)]
    part, cursor = page(found, limit_of(args, 1000, 1000), args.get("cursor"))
    metadata = bool(args.get("include_all_metadata"))
    shown = [messages.as_slack(world, message, metadata) for message in [*([root] if root else []), *part]]
    return with_cursor({"messages": shown, "has_more": bool(cursor)}, cursor)


def user_info(world: "World", args: Json) -> Json:
    user = world.users.get(args["user"])
    if user is None:
        raise SlackError("user_not_found")
    return {"user": objects.user_object(world, user)}


def list_users(world: "World", args: Json) -> Json:
    part, cursor = page(list(world.users.values()), limit_of(args, 1000, 1000), args.get("cursor"))
    body = {"members": [objects.user_object(world, user) for user in part], "cache_ts": int(world.clock.now())}
    return with_cursor(body, cursor)
