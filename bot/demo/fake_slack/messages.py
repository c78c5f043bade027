"""Messages: kept in order of their ts, shown as Slack shows them, each change told as an event."""

from typing import TYPE_CHECKING

from .entities import rich_text
from .events import emit
from .state import Channel, Json, Message

if TYPE_CHECKING:
    from .world import World

TOMBSTONE = "This message was deleted."


def as_slack(world: "World", message: Message, metadata: bool = False) -> Json:
    """The message object of history, replies and events."""
    body: Json = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "team": world.team_id,
    }
    if message.subtype:
        body["subtype"] = message.subtype
    if message.by_bot:
        body |= {"bot_id": world.bot_id, "app_id": world.app_id, "bot_profile": world.bot_profile()}
    else:
        author = world.users.get(message.user)
        body["team"] = author.team_id if author else world.team_id
        if body["team"] != world.team_id:
            body["user_team"] = body["source_team"] = body["team"]
    if message.client_msg_id:
        body["client_msg_id"] = message.client_msg_id
    blocks = message.blocks or ([] if message.by_bot else rich_text(message.text, f"b{message.ts[-4:]}"))
    if blocks:
        body["blocks"] = blocks
    if message.attachments:
        body["attachments"] = message.attachments
    if message.edited:
        body["edited"] = message.edited
    if message.files:
        body["files"] = [world.file_object(world.files_by_id[name]) for name in message.files]
        body["upload"] = False
    if message.reactions:
        body["reactions"] = reactions_of(message)
    if metadata and message.metadata:
        body["metadata"] = message.metadata
    body |= _thread_fields(world, message)
    if message.is_reply and message.broadcast:
        root = world.find_message(message.channel, message.thread_ts or "")
        body |= {"subtype": "thread_broadcast", "root": as_slack(world, root) if root else {}}
    return body


def reactions_of(message: Message) -> list[Json]:
    return [{"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items()]


def _thread_fields(world: "World", message: Message) -> Json:
    if message.is_reply:
        root = world.find_message(message.channel, message.thread_ts or "")
        return {"thread_ts": message.thread_ts} | ({"parent_user_id": root.user} if root else {})
    replies = world.replies_to(message)
    if not replies:
        return {"thread_ts": message.thread_ts} if message.thread_ts else {}
    users = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
        "reply_users": users,
        "is_locked": False,
        "subscribed": False,
    }


def post(world: "World", message: Message) -> Message:
    """Puts a new message into its channel and tells the app (its own ones too)."""
    channel = world.channels_by_id[message.channel]
    _settle_thread(world, message)
    world.messages_by_channel.setdefault(channel.id, {})[message.ts] = message
    if message.is_reply:
        world.threads.setdefault((channel.id, message.thread_ts or ""), []).append(message.ts)
    event = _event(world, message, channel)
    if message.is_reply and message.broadcast and world.broadcast_twice:
        plain = {key: value for key, value in event.items() if key not in ("subtype", "root")}
        emit(world, plain, channel)
    emit(world, event, channel)
    spoken = not message.by_bot and message.subtype != "channel_join" and channel.kind != "im"
    if spoken and f"<@{world.bot_user_id}" in message.text:
        mention = {key: value for key, value in event.items() if key not in ("subtype", "channel_type", "root")}
        emit(world, mention | {"type": "app_mention"}, channel)
    world.changed("message", channel=channel.id, ts=message.ts)
    return message


def _settle_thread(world: "World", message: Message) -> None:
    """A reply to a reply joins its thread; a reply to nothing appears in the channel as a plain message."""
    if message.thread_ts is None:
        return
    parent = world.find_message(message.channel, message.thread_ts)
    if parent is None and not world.threads.get((message.channel, message.thread_ts)):
        message.thread_ts, message.broadcast = None, False
    elif parent is not None and parent.is_reply:
        message.thread_ts = parent.thread_ts


def _event(world: "World", message: Message, channel: Channel) -> Json:
    return as_slack(world, message) | {
        "channel": channel.id,
        "channel_type": channel.event_kind,
        "event_ts": message.ts,
    }


def change(world: "World", message: Message, by: str, **fields: object) -> None:
    """Edits a message in place; everybody sees "edited" (in whole seconds), the app gets message_changed."""
    before = as_slack(world, message)
    for name, value in fields.items():
        setattr(message, name, value)
    message.edited = {"user": by, "ts": f"{int(world.clock.now())}.000000"}
    _changed(world, message, before)


def unfold(world: "World", message: Message, links: list[str]) -> None:
    """Slack itself shows what a person's links lead to: a message_changed without an edit."""
    before = as_slack(world, message)
    message.attachments = [{"id": number, "from_url": link, "fallback": link} for number, link in enumerate(links, 1)]
    _changed(world, message, before)


def _changed(world: "World", message: Message, before: Json) -> None:
    channel, ts = world.channels_by_id[message.channel], world.next_ts()
    event = {
        "type": "message",
        "subtype": "message_changed",
        "message": as_slack(world, message),
        "previous_message": before,
        "channel": channel.id,
        "channel_type": channel.event_kind,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
    }
    emit(world, event, channel)
    world.changed("message", channel=channel.id, ts=message.ts)


def delete(world: "World", message: Message) -> None:
    """Removes a message; the parent of a thread stays as a tombstone, as Slack does it."""
    before = as_slack(world, message)
    if not message.is_reply and world.replies_to(message):
        message.text, message.user, message.subtype, message.by_bot = TOMBSTONE, "USLACKBOT", "tombstone", False
        message.blocks, message.files, message.reactions, message.metadata = [], [], {}, None
        message.edited = message.client_msg_id = None
        _changed(world, message, before)
        return
    channel, ts = world.channels_by_id[message.channel], world.next_ts()
    del world.messages_by_channel[channel.id][message.ts]
    if message.is_reply:
        world.threads[(channel.id, message.thread_ts or "")].remove(message.ts)
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": before,
        "channel": channel.id,
        "channel_type": channel.event_kind,
        "hidden": True,
        "deleted_ts": message.ts,
        "ts": ts,
        "event_ts": ts,
    }
    emit(world, event, channel)
    world.changed("message", channel=channel.id, ts=message.ts)


def react(world: "World", message: Message, user: str, name: str, add: bool = True) -> None:
    users = message.reactions.setdefault(name, [])
    if add:
        users.append(user)
    else:
        users.remove(user)
        if not users:
            del message.reactions[name]
    event = {
        "type": "reaction_added" if add else "reaction_removed",
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "item_user": message.user,
        "event_ts": world.next_ts(),
    }
    emit(world, event, world.channels_by_id[message.channel])
    world.changed("reaction", channel=message.channel, ts=message.ts)
