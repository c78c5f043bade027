"""One call to Slack for each kind of outbox row."""

from datetime import timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackClientError

from bot.actions.people import do_describe
from bot.domain.records import Post
from bot.runtime import Bot
from bot.slack import NoAnswer
from bot.store import claims, outbox
from bot.store import people as people_store
from bot.work import pictures

EVENT_TYPE = "bets_post"
# The client gave up is not Slack gave up: how long a call of unknown outcome may still be applied.
SETTLE = timedelta(seconds=20)


def send(bot: Bot, post: Post) -> dict[str, Any]:
    """Makes the call that `post` stands for; returns what is to be remembered of the answer. Raises what Slack says."""
    return _CALLS[post.action](bot, post)


def _post(bot: Bot, post: Post) -> dict[str, Any]:
    payload, waiting = pictures.prepare(bot, post)
    if waiting:
        return waiting
    if post.user and _is_gone(bot, post.user):
        return {"state": "dropped", "sent_at": None, "error": "person_deleted"}
    parent = _row(bot, post.parent_id) if post.parent_id else None
    channel = open_dm(bot, post.user) if post.user else str(post.channel)
    if post.after_ts is None and post.attempts == 1 and not post.user:
        _mark(bot, post, channel)
    answer = bot.slack.post.chat_postMessage(
        channel=channel,
        thread_ts=parent.ts if parent else None,
        text=payload["text"],
        blocks=payload.get("blocks"),
        metadata={"event_type": EVENT_TYPE, "event_payload": {"key": post.key}},
        unfurl_links=False,
        unfurl_media=False,
        parse="none",
    )
    return {"ts": str(answer["ts"]), "channel": str(answer["channel"])}


def _is_gone(bot: Bot, user: str) -> bool:
    """Whether the person left Slack: a DM to them would be taken without an error, and read by nobody."""
    with bot.reading() as tx:
        person, now = people_store.get_person(tx, user), bot.now()
    if person is None or person.looked_up_at is None or now - person.looked_up_at > people_store.FRESH:
        try:
            person = bot.slack.get_person(user, bot.identity.team_id)
        except NoAnswer:
            return bool(person and person.deleted)
        with bot.transaction() as tx:
            do_describe(tx, bot.now(), person)
    return person.deleted


def _mark(bot: Bot, post: Post, channel: str) -> None:
    """Where reconciling is to start in a channel in which we never said anything: at its newest message."""
    try:
        newest = bot.slack.read.conversations_history(channel=channel, limit=1)["messages"]
    except (SlackClientError, OSError, HTTPException, ValueError):
        return  # then all of the channel is read, should the answer get lost
    if newest:
        with bot.transaction() as tx:
            claims.update_watermark(tx, post.id, str(newest[0]["ts"]))


def open_dm(bot: Bot, user: str) -> str:
    """The DM with a person; opened once, then remembered."""
    with bot.reading() as tx:
        person = people_store.get_person(tx, user)
    if person and person.dm_channel:
        return person.dm_channel
    channel = str(bot.slack.read.conversations_open(users=user)["channel"]["id"])
    with bot.transaction() as tx:
        people_store.update_dm_channel(tx, user, channel)
    return channel


def _edit(bot: Bot, post: Post) -> dict[str, Any]:
    payload, waiting = pictures.prepare(bot, post)
    if waiting:
        return waiting
    channel, ts = _target(bot, post)
    more = {"file_ids": payload["file_ids"]} if "file_ids" in payload else {}
    bot.slack.post.chat_update(
        channel=channel, ts=ts, text=payload["text"], blocks=payload.get("blocks") or [], parse="none", **more
    )
    return {}


def _delete(bot: Bot, post: Post) -> dict[str, Any]:
    """A file of ours; messages are never taken away, only edited."""
    bot.slack.post.files_delete(file=post.payload["file_id"])
    return {}


def _react(bot: Bot, post: Post) -> dict[str, Any]:
    bot.slack.post.reactions_add(channel=str(post.channel), timestamp=str(post.target_ts), name=post.payload["name"])
    return {}


def _unreact(bot: Bot, post: Post) -> dict[str, Any]:
    bot.slack.post.reactions_remove(channel=str(post.channel), timestamp=str(post.target_ts), name=post.payload["name"])
    return {}


def _home(bot: Bot, post: Post) -> dict[str, Any]:
    bot.slack.post.views_publish(user_id=str(post.user), view=post.payload)
    return {}


def _target(bot: Bot, post: Post) -> tuple[str, str]:
    target = _row(bot, post.target_id or 0)
    assert target is not None and target.channel and target.ts
    return target.channel, target.ts


def _row(bot: Bot, post_id: int) -> Post | None:
    with bot.reading() as tx:
        return outbox.get_post(tx, post_id)


_CALLS = {"post": _post, "edit": _edit, "delete": _delete, "react": _react, "unreact": _unreact, "home": _home}
