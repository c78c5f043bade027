"""What stands in the simulated Slack, counted by the keys of the bot's messages: the verdict on what was sent."""

import re
from collections import Counter
from typing import Any

from sqlalchemy import select

from bot.demo.fake_slack import World
from bot.domain.records import Post
from bot.runtime import Bot
from bot.store.outbox import get_post_by_key, insert_post
from bot.store.tables import outbox


def keys_in(world: World) -> Counter[str]:
    """How often each of the bot's messages stands in all channels, threads and DMs together."""
    return Counter(message_key(message) for message in all_messages(world) if message_key(message))


def all_messages(world: World) -> list[Any]:
    """Every message of the world, replies too."""
    with world.lock:
        world.catch_up()
        return [message for kept in world.messages_by_channel.values() for message in kept.values()]


def message_key(message: Any) -> str:
    """The key that the bot gave a message; empty for everybody else's."""
    return str(((message.metadata or {}).get("event_payload") or {}).get("key", ""))


def copies(world: World, key: str) -> list[Any]:
    """The messages that carry one key."""
    return [message for message in all_messages(world) if message_key(message) == key]


def owe(bot: Bot, key: str, text: str = "Hello", **where: Any) -> Post:
    """The bot owes a message from now on; `blocks` and a guard may be given."""
    payload = {"text": text} | ({"blocks": where.pop("blocks")} if "blocks" in where else {})
    with bot.transaction() as tx:
        insert_post(tx, bot.now(), key, payload, **({"team_id": 1} | where))
    return row(bot, key)


def row(bot: Bot, key: str) -> Post:
    """The outbox row of a key as it is now."""
    with bot.reading() as tx:
        post = get_post_by_key(tx, key)
    assert post is not None, key
    return post


def error_of(bot: Bot, key: str) -> str | None:
    """What the row remembers of its last failure."""
    with bot.reading() as tx:
        return tx.execute(select(outbox.c.error).where(outbox.c.key == key)).scalar_one()


def said(world: World, key: str) -> list[dict[str, Any]]:
    """The calls that posted a key, as Slack got them, applied or not."""
    calls = world.calls("chat.postMessage")
    return [call for call in calls if key in re.findall(r"[\w:.-]+", str(call["args"].get("metadata")))]
