"""What the app says to one person: ack bodies of commands, response_url, ephemeral messages."""

from typing import TYPE_CHECKING, Any

from . import messages
from .blocks import MESSAGE_BLOCK_TEXT, check_message_blocks, text_length
from .errors import SlackError
from .rules import Problems, anything, boolean, one_of, record, string
from .state import Json, Message, ResponseUrl
from .views import filled

if TYPE_CHECKING:
    from .world import World

MOST_USES, LIFETIME = 5, 30 * 60
LONGEST_TEXT = 40_000

_payload = record(
    {},
    {
        "text": anything,
        "blocks": anything,
        "attachments": anything,
        "response_type": one_of("ephemeral", "in_channel"),
        "replace_original": boolean,
        "delete_original": boolean,
        "thread_ts": string(30),
        "metadata": anything,
        "mrkdwn": boolean,
        "unfurl_links": boolean,
        "unfurl_media": boolean,
    },
)


def content(world: "World", body: Json, longest: int = LONGEST_TEXT) -> tuple[str, list[Json]]:
    """(text, blocks with ids) of a message to post; refuses what Slack refuses."""
    text, blocks = body.get("text") or "", body.get("blocks") or []
    if not isinstance(text, str):
        raise SlackError("invalid_arguments", ["must be a string [json-pointer:/text]"])
    if len(text) > longest:
        raise SlackError("msg_too_long")
    problems = check_message_blocks(blocks)
    if problems:
        raise SlackError("invalid_blocks", problems)
    if text_length(blocks) > MESSAGE_BLOCK_TEXT:
        raise SlackError("msg_blocks_too_long")
    world.check_files(blocks, "/blocks", "invalid_blocks")
    if not text.strip() and not blocks and not body.get("attachments"):
        raise SlackError("no_text")
    return text, filled(world, blocks)


def new_url(world: "World", user: str, channel: str, message: Message | None = None) -> str:
    entry = ResponseUrl(world.random_id(24), user, channel, world.clock.now(), 0, message)
    world.response_urls[entry.id] = entry
    return f"{world.base_url}response/{entry.id}"


def answer_command(world: "World", user: str, channel: str, body: Json) -> None:
    """Shows the ack body of a slash command: to that person only, unless it says in_channel."""
    _check_payload(body)
    _new_message(world, ResponseUrl("", user, channel, 0.0), body)


def use_url(world: "World", url_id: str, body: Any) -> None:
    """One of the five uses within thirty minutes."""
    entry = world.response_urls.get(url_id)
    if entry is None:
        raise SlackError("invalid_url", status=404)
    if entry.uses >= MOST_USES:
        raise SlackError("used_url", status=404)
    if world.clock.now() - entry.made > LIFETIME:
        raise SlackError("expired_url", status=404)
    try:
        _check_payload(body)
        _apply(world, entry, body)
    except SlackError as error:
        error.status = 400
        raise
    entry.uses += 1


def _check_payload(body: Any) -> None:
    problems: Problems = []
    _payload(body, "", problems)
    if problems:
        raise SlackError("invalid_arguments", problems)


def _apply(world: "World", entry: ResponseUrl, body: Json) -> None:
    if body.get("delete_original") or body.get("replace_original"):
        original = _original(entry)
        if body.get("delete_original"):
            remove(world, original)
        else:
            text, blocks = content(world, body)
            _replace(world, original, text, blocks)
    else:
        _new_message(world, entry, body)


def _original(entry: ResponseUrl) -> Message:
    """Only what the app itself said can be replaced: its message, or the ephemeral one that was clicked."""
    if entry.message is None or not entry.message.by_bot:
        raise SlackError("cant_update_message")
    return entry.message


def _replace(world: "World", original: Message, text: str, blocks: list[Json]) -> None:
    if original.visible_to is None:
        if world.find_message(original.channel, original.ts) is not original:
            raise SlackError("message_not_found")
        messages.change(world, original, world.bot_user_id, text=text, blocks=blocks)
        return
    original.text, original.blocks, original.state = text, blocks, {}
    world.ephemerals.setdefault(original.channel, {})[original.ts] = original
    world.changed("ephemeral", channel=original.channel, user=original.visible_to)


def remove(world: "World", original: Message) -> None:
    if original.visible_to is None:
        messages.delete(world, original)
        return
    world.ephemerals.get(original.channel, {}).pop(original.ts, None)
    world.changed("ephemeral", channel=original.channel, user=original.visible_to)


def _new_message(world: "World", entry: ResponseUrl, body: Json) -> None:
    text, blocks = content(world, body)
    message = Message(entry.channel, world.next_ts(), world.bot_user_id, text, blocks, by_bot=True)
    message.thread_ts = body.get("thread_ts")
    if body.get("response_type") == "in_channel":
        messages.post(world, message)
    else:
        show_to(world, message, entry.user)


def show_to(world: "World", message: Message, user: str) -> None:
    """An ephemeral message: seen by one person until that person reloads, in no history. Slack takes one for a thread
    in which nobody has replied yet without an error, and shows it to nobody."""
    message.visible_to = user
    if message.thread_ts and not world.threads.get((message.channel, message.thread_ts)):
        return
    world.ephemerals.setdefault(message.channel, {})[message.ts] = message
    world.changed("ephemeral", channel=message.channel, user=user)
