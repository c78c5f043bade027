"""The workspace as one person sees it, in the shape that the page draws."""

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]
MOST_UNREAD = 99  # more than this is not counted
RECENT_SECONDS = 8 * 86400  # threads without an answer for that long are not searched for mentions


def users_of(world: Any, people: Iterable[dict[str, str]]) -> list[Json]:
    """Everybody who can be named: the world's people with the role the demo gives them, and the bot."""
    roles = {person["id"]: person.get("role", "") for person in people}
    return [
        {
            "id": user["id"],
            "name": user["profile"]["real_name"] or user["name"],
            "handle": user["name"],
            "role": roles.get(user["id"], ""),
            "bot": user["is_bot"],
            "hidden": user["deleted"] or user["id"] == "USLACKBOT",
        }
        for user in world.people()
    ]


def bot_of(world: Any) -> Json:
    """The bot as a person to write to: id and name."""
    name = next(user["profile"]["real_name"] for user in world.people() if user["id"] == world.bot_user_id)
    return {"id": world.bot_user_id, "name": name}


def channels_of(world: Any, person: str) -> list[Json]:
    """The channels a person is in, by name, then their conversation with the bot."""
    direct, mine = world.open_dm(person), world.channels(person)
    rooms = sorted((channel for channel in mine if not channel["is_im"]), key=lambda channel: str(channel["name"]))
    conversation = next(channel for channel in mine if channel["id"] == direct)
    named = conversation | {"name": bot_of(world)["name"]}
    return [*[_channel(world, room, person) for room in rooms], _channel(world, named, person)]


def _channel(world: Any, channel: Json, person: str) -> Json:
    return {
        "id": channel["id"],
        "name": channel["name"],
        "kind": "dm" if channel["is_im"] else "channel",
        "private": bool(channel.get("is_private")),
        "archived": channel["is_archived"],
        "members": len(channel["members"]),
        "posted": _posted(world, channel["id"], person),
    }


def _posted(world: Any, channel: str, person: str) -> list[tuple[str, bool]]:
    """What others posted last: (ts, whether it mentions this person). Of replies only those that do."""
    call, roots = f"<@{person}", world.messages(channel, as_user=person)
    found = {root["ts"]: _says(root, call) for root in roots if root.get("user") != person}
    newest = float(roots[-1]["ts"]) if roots else 0.0
    for root in roots:
        if float(root.get("latest_reply") or 0) > newest - RECENT_SECONDS:
            replies = world.messages(channel, thread_ts=root["ts"], as_user=person)
            found |= {reply["ts"]: True for reply in replies if reply.get("user") != person and _says(reply, call)}
    return sorted(found.items())[-MOST_UNREAD:]


def _says(message: Json, words: str) -> bool:
    """Whether they stand in its text or in what is shown in its place."""
    return words in message["text"] or words in str(message.get("blocks") or "")


def messages_in(world: Any, channel: str, person: str) -> list[Json]:
    """A channel's own messages, oldest first: roots, and the replies that were also sent to the channel."""
    return [_seen(message) for message in world.messages(channel, as_user=person)]


def thread_of(world: Any, channel: str, ts: str, person: str) -> list[Json]:
    """A thread, its root first; empty when there is none."""
    return [_seen(message) for message in world.messages(channel, thread_ts=ts, as_user=person)]


def _seen(message: Json) -> Json:
    by_bot = bool(message.get("bot_id"))
    seen = {name: message.get(name) for name in ("ts", "text", "thread_ts", "files", "reactions", "subtype")}
    seen |= {
        "author": message.get("user") or "",
        "app": by_bot,
        "blocks": message.get("blocks") if by_bot else None,
        "edited": bool(message.get("edited")),
        "ephemeral": bool(message.get("ephemeral")),
        "broadcast": bool(message.get("broadcast")) and message.get("thread_ts") not in (None, message["ts"]),
    }
    if message.get("reply_count"):
        count, latest = message["reply_count"], message["latest_reply"]
        seen["replies"] = {"count": count, "latest": latest, "users": message["reply_users"]}
    return seen


def file_of(world: Any, person: str, name: str) -> Json | None:
    """A file for people who are where it was shared, and for its owner; the app's unshared pictures are for all."""
    file = next((one for one in world.files() if one["id"] == name), None)
    if file is None:
        return None
    shared = {*file["channels"], *file["groups"], *file["ims"]}
    mine = {channel["id"] for channel in world.channels(person)}
    return file if not shared or person == file["user"] or shared & mine else None
