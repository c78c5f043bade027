"""What people do with words: say, edit, remove, react, come and go."""

import re
from typing import TYPE_CHECKING, Any

from . import messages
from .entities import encode
from .errors import NotPossible
from .events import emit
from .state import Channel, File, Message

if TYPE_CHECKING:
    from .world import World

LINK = re.compile(r"<(https?://[^>|]+)")


def say(
    world: "World",
    user: str,
    channel_id: str,
    text: str,
    thread_ts: str | None = None,
    broadcast: bool = False,
    files: tuple[Any, ...] = (),
    raw: bool = False,
) -> str:
    channel = _writable(world, user, channel_id)
    names = [_file(world, user, item) for item in files]
    message = Message(
        channel.id,
        world.next_ts(),
        user,
        text if raw else encode(world, text),
        thread_ts=thread_ts,
        broadcast=broadcast,
        files=names,
        subtype="file_share" if names else None,
        client_msg_id=world.next_uuid(),
    )
    for name in names:
        world.files_by_id[name].shared_in.append(channel.id)
    messages.post(world, message)
    _unfold_links(world, message)
    return message.ts


def edit(world: "World", user: str, channel_id: str, ts: str, text: str, raw: bool) -> None:
    message = own_message(world, user, channel_id, ts)
    messages.change(world, message, user, text=text if raw else encode(world, text))
    _unfold_links(world, message)


def _unfold_links(world: "World", message: Message) -> None:
    """After an edit too, so that the same edit is told twice."""
    if links := LINK.findall(message.text):
        messages.unfold(world, message, links)


def _writable(world: "World", user: str, channel_id: str) -> Channel:
    channel = world.channels_by_id[channel_id]
    if channel.archived:
        raise NotPossible(f"{channel_id} is archived")
    if user not in channel.members:
        raise NotPossible(f"{user} is not in {channel_id}")
    if channel.kind == "im" and not world.messages_tab():
        raise NotPossible("Sending messages to this app has been turned off.")
    return channel


def _file(world: "World", user: str, item: Any) -> str:
    """`item` is (name, bytes), {"name", "content"} or just a name."""
    if isinstance(item, str):
        name, content = item, b""
    elif isinstance(item, dict):
        name, content = item["name"], item.get("content", b"")
    else:
        name, content = item
    body = content.encode() if isinstance(content, str) else content
    now = world.clock.now()
    file = File(world.next_id("F"), name, len(body), now + world.file_delay, user, now, name, "", body, True)
    world.files_by_id[file.id] = file
    return file.id


def own_message(world: "World", user: str, channel: str, ts: str) -> Message:
    message = world.find_message(channel, ts)
    if message is None:
        raise NotPossible(f"there is no message {ts} in {channel}")
    if message.user != user or message.by_bot:
        raise NotPossible(f"{ts} is not {user}'s message")
    return message


def visible_message(world: "World", user: str, channel: str, ts: str) -> Message:
    message = world.find_message(channel, ts, as_user=user)
    if message is None:
        raise NotPossible(f"{user} sees no message {ts} in {channel}")
    if user not in world.channels_by_id[channel].members and world.channels_by_id[channel].kind != "channel":
        raise NotPossible(f"{user} is not in {channel}")
    return message


def react(world: "World", user: str, channel: str, ts: str, name: str, add: bool) -> None:
    message = visible_message(world, user, channel, ts)
    if message.visible_to is not None:
        raise NotPossible("one cannot react to an ephemeral message")
    if (user in message.reactions.get(name, [])) != add:
        messages.react(world, message, user, name, add)


def join(world: "World", channel: Channel, user: str) -> None:
    if user in channel.members:
        return
    channel.members.append(user)
    event = {
        "type": "member_joined_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "channel" else "G",
        "team": world.team_id,
        "event_ts": world.next_ts(),
    }
    emit(world, event, channel)
    text = f"<@{user}> has joined the channel"
    messages.post(world, Message(channel.id, world.next_ts(), user, text, subtype="channel_join"))


def leave(world: "World", channel: Channel, user: str) -> None:
    """The app hears of its own leaving too: as member_left_channel, and as channel_left or group_left."""
    if user not in channel.members:
        return
    event = {
        "type": "member_left_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "channel" else "G",
        "team": world.team_id,
        "event_ts": world.next_ts(),
    }
    emit(world, event, channel)
    channel.members.remove(user)
    if user == world.bot_user_id:
        left = "channel_left" if channel.kind == "channel" else "group_left"
        emit(world, {"type": left, "channel": channel.id, "event_ts": world.next_ts()}, channel)
    world.changed("channel", channel=channel.id)


def set_archived(world: "World", channel: Channel, archived: bool, by: str) -> None:
    channel.archived = archived
    kind = f"{channel.kind}_{'archive' if archived else 'unarchive'}"
    emit(world, {"type": kind, "channel": channel.id, "user": by, "event_ts": world.next_ts()}, channel)
    world.changed("channel", channel=channel.id)


def rename(world: "World", channel: Channel, name: str) -> None:
    channel.name = name
    about = {"id": channel.id, "name": name, "created": channel.created}
    emit(world, {"type": f"{channel.kind}_rename", "channel": about, "event_ts": world.next_ts()}, channel)
    world.changed("channel", channel=channel.id)


def delete_channel(world: "World", channel: Channel) -> None:
    kind = f"{channel.kind}_deleted"
    emit(world, {"type": kind, "channel": channel.id, "event_ts": world.next_ts()}, channel)
    del world.channels_by_id[channel.id]
    world.messages_by_channel.pop(channel.id, None)
    world.changed("channel", channel=channel.id)
