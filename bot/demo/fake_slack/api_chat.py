"""chat.* and reactions.*"""

import re
from typing import TYPE_CHECKING

from . import files, messages, objects, responses
from .errors import SlackError
from .rates import keep_pace
from .state import Json, Message

if TYPE_CHECKING:
    from .world import World

UPDATE_TEXT = 4_000
METADATA_BYTES = 16_000
EMOJI = re.compile(r"[a-z0-9_+'\-]{1,100}(::skin-tone-[2-6])?")


def post_message(world: "World", args: Json) -> Json:
    channel = objects.writable(world, args["channel"])
    text, blocks = responses.content(world, args)
    metadata = checked_metadata(args.get("metadata"))
    if any(name in args for name in ("username", "icon_emoji", "icon_url")):
        objects.need(world, "chat:write.customize")
    _thread(args)
    keep_pace(world, channel.id)
    message = Message(channel.id, world.next_ts(), world.bot_user_id, text, blocks, by_bot=True, metadata=metadata)
    message.thread_ts, message.broadcast = args.get("thread_ts"), bool(args.get("reply_broadcast"))
    message.attachments = args.get("attachments") or []
    messages.post(world, message)
    return {"channel": channel.id, "ts": message.ts, "message": messages.as_slack(world, message, metadata=True)}


def _thread(args: Json) -> None:
    if "thread_ts" in args and not re.fullmatch(r"\d{1,12}\.\d{1,6}", str(args["thread_ts"])):
        raise SlackError("invalid_thread_ts")


def checked_metadata(metadata: object) -> Json | None:
    if not metadata:
        return None
    if not isinstance(metadata, dict) or set(metadata) - {"event_type", "event_payload", "entities"}:
        raise SlackError("invalid_metadata_format")
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not kind or len(kind) > 255 or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_format")
    if len(str(payload)) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return metadata


def _own(world: "World", args: Json, refusal: str) -> Message:
    channel = objects.find_channel(world, args["channel"])
    message = world.find_message(channel.id, args["ts"])
    if message is None:
        raise SlackError("message_not_found")
    if not message.by_bot:
        raise SlackError(refusal)
    if channel.archived:
        raise SlackError("is_archived")
    return message


def update(world: "World", args: Json) -> Json:
    """What is left out stays; an empty list takes the blocks away."""
    message = _own(world, args, "cant_update_message")
    given = {"text": args.get("text"), "blocks": args.get("blocks"), "attachments": args.get("attachments")}
    if all(value is None for value in given.values()):
        raise SlackError("no_text")
    kept = message.blocks if args.get("blocks") is None else args["blocks"]
    if args.get("text") is None and not kept and not given["attachments"]:
        raise SlackError("no_text")
    merged = given | {"text": message.text if given["text"] is None else given["text"], "blocks": kept}
    text, blocks = responses.content(
        world, merged, UPDATE_TEXT if given["text"] is not None else responses.LONGEST_TEXT
    )
    fields: Json = {"text": text, "blocks": blocks}
    if "metadata" in args:
        fields["metadata"] = checked_metadata(args["metadata"])
    if args.get("file_ids") is not None:
        fields["files"] = files.add_to_message(world, message, args["file_ids"])
    messages.change(world, message, world.bot_user_id, **fields)
    shown = messages.as_slack(world, message)
    return {"channel": message.channel, "ts": message.ts, "text": text, "message": shown}


def delete(world: "World", args: Json) -> Json:
    message = _own(world, args, "cant_delete_message")
    messages.delete(world, message)
    return {"channel": message.channel, "ts": args["ts"]}


def post_ephemeral(world: "World", args: Json) -> Json:
    channel = objects.writable(world, args["channel"])
    text, blocks = responses.content(world, args)
    _thread(args)
    user = args["user"]
    if user not in world.users:
        raise SlackError("user_not_found")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    message = Message(channel.id, world.next_ts(), world.bot_user_id, text, blocks, by_bot=True)
    message.thread_ts = args.get("thread_ts")
    responses.show_to(world, message, user)
    return {"message_ts": message.ts}


def permalink(world: "World", args: Json) -> Json:
    channel = objects.find_channel(world, args["channel"])
    message = world.find_message(channel.id, args["message_ts"])
    if message is None:
        raise SlackError("message_not_found")
    link = f"https://{world.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _reacted(world: "World", args: Json) -> Message:
    channel = objects.find_channel(world, args["channel"])
    message = world.find_message(channel.id, args["timestamp"])
    if message is None:
        raise SlackError("message_not_found")
    if world.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    if channel.archived:
        raise SlackError("is_archived")
    return message


def react(world: "World", args: Json) -> Json:
    message, name = _reacted(world, args), args["name"].strip(":")
    if not EMOJI.fullmatch(name):
        raise SlackError("invalid_name")
    if world.bot_user_id in message.reactions.get(name, []):
        raise SlackError("already_reacted")
    messages.react(world, message, world.bot_user_id, name)
    return {}


def unreact(world: "World", args: Json) -> Json:
    message, name = _reacted(world, args), args["name"].strip(":")
    if world.bot_user_id not in message.reactions.get(name, []):
        raise SlackError("no_reaction")
    messages.react(world, message, world.bot_user_id, name, add=False)
    return {}


def reactions(world: "World", args: Json) -> Json:
    message = _reacted(world, args)
    shown = messages.as_slack(world, message) | {"reactions": messages.reactions_of(message)}
    return {"type": "message", "channel": message.channel, "message": shown}
