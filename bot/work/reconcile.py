"""Finds out what became of messages whose answer got lost: looks before anything is sent again, and sweeps later.

Slack has no key that would make a repeated post harmless, but it keeps our key as metadata of the message. So a message
of unknown outcome is looked for, twice with a pause, and sent again only when it was not there both times. Slack may
still apply the lost call later: ten minutes after a second sending the place is read once more, and one copy stays.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackClientError
from sqlalchemy import Connection

from bot.domain.records import Post
from bot.runtime import Bot
from bot.store import claims, outbox
from bot.work import calls
from bot.work.classify import classify

log = logging.getLogger("bets.reconcile")

SECOND_LOOK = timedelta(seconds=60)
READ_AGAIN = timedelta(seconds=30)
UNREADABLE_WAIT = timedelta(minutes=5)
SWEEP_AFTER = timedelta(minutes=10)
LOOKS = 2
PAGE = 200

Message = dict[str, Any]
Place = tuple[str, str | None]
FAILURES = (SlackClientError, OSError, HTTPException, ValueError)


def once(bot: Bot) -> int:
    """Looks for every message whose time to be looked for has come; returns how many found their state."""
    with bot.reading() as tx:
        expired, rows = claims.has_expired(tx, bot.now()), claims.list_uncertain(tx, bot.now())
    if expired:  # their time to be looked for comes later
        with bot.transaction() as tx:
            claims.update_expired(tx, bot.now(), calls.SETTLE)
    return sum(_look(bot, place, posts) for place, posts in _by_place(bot, rows).items())


def sweep(bot: Bot) -> int:
    """Removes surplus copies of messages that were sent twice; returns how many copies are gone."""
    with bot.reading() as tx:
        rows = claims.list_resent(tx, bot.now() - SWEEP_AFTER)
    return sum(_sweep(bot, place, posts) for place, posts in _by_place(bot, rows).items())


def _by_place(bot: Bot, posts: list[Post]) -> dict[Place, list[Post]]:
    """The posts by (channel, thread), so that one reading serves all that wait there."""
    places: dict[Place, list[Post]] = defaultdict(list)
    for post in posts:
        with bot.reading() as tx:
            parent = outbox.get_post(tx, post.parent_id) if post.parent_id else None
        try:
            channel = calls.open_dm(bot, post.user) if post.user else str(post.channel)
        except FAILURES as error:
            _wait(bot, [post], error)
            continue
        places[channel, parent.ts if parent else None].append(post)
    return places


def _look(bot: Bot, place: Place, posts: list[Post]) -> int:
    try:
        found = _copies(bot, place, posts)
    except FAILURES as error:
        _wait(bot, posts, error)
        return 0
    with bot.transaction() as tx:
        return sum(_decide(tx, bot.now(), place[0], post, found.get(post.key, [])) for post in posts)


def _wait(bot: Bot, posts: list[Post], error: SlackClientError | OSError | HTTPException | ValueError) -> None:
    """The place cannot be read now: the rows stay uncertain, are shown in `bets status`, and nothing is sent again."""
    outcome = classify(error)
    refused = outcome.kind == "refused"
    wait = UNREADABLE_WAIT if refused else max(READ_AGAIN, timedelta(seconds=outcome.wait))
    log.warning("uncertain messages cannot be looked for: %s", outcome.code)
    with bot.transaction() as tx:
        for post in posts:
            if _is_still(tx, post):
                code = {"error": claims.UNREADABLE} if refused else {}
                claims.update_row(tx, post.id, not_before=bot.now() + wait, **code)


def _is_still(tx: Connection, post: Post) -> bool:
    """Whether nobody else decided since the row was read."""
    now = outbox.get_post(tx, post.id)
    return now is not None and (now.state, now.looks, now.attempts) == (post.state, post.looks, post.attempts)


def _decide(tx: Connection, now: datetime, channel: str, post: Post, copies: list[Message]) -> int:
    if not _is_still(tx, post):
        return 0
    if copies:
        kept = _best(copies)
        twice = {"resent_at": post.resent_at or now} if len(copies) > 1 else {}
        found = {"state": "sent", "ts": kept["ts"], "channel": channel, "sent_at": now, "error": None, **twice}
        claims.update_row(tx, post.id, not_before=None, **found)
        return 1
    if post.looks + 1 < LOOKS:
        claims.update_row(tx, post.id, looks=post.looks + 1, not_before=now + SECOND_LOOK, error=None)
        return 0
    claims.update_row(tx, post.id, state="pending", looks=0, not_before=None, resent_at=now, error=None)
    return 1


def _sweep(bot: Bot, place: Place, posts: list[Post]) -> int:
    try:
        found = _copies(bot, place, posts)
        return sum(_sweep_one(bot, place[0], post, found.get(post.key, [])) for post in posts)
    except FAILURES as error:
        log.warning("copies could not be swept: %s", classify(error).code)
        if classify(error).kind == "refused":
            with bot.transaction() as tx:  # nobody may read or delete there; what is there stays
                for post in posts:
                    claims.update_row(tx, post.id, resent_at=None)
        return 0  # else the rows stay marked and are swept at the next tick


def _sweep_one(bot: Bot, channel: str, post: Post, copies: list[Message]) -> int:
    kept = _best(copies) if copies else None
    surplus = [copy for copy in copies if kept and copy["ts"] != kept["ts"] and not _is_answered(bot, copy)]
    for copy in surplus:
        bot.slack.post.chat_delete(channel=channel, ts=copy["ts"])
    with bot.transaction() as tx:
        claims.update_row(tx, post.id, resent_at=None, **({"ts": kept["ts"]} if kept else {}))
    return len(surplus)


def _best(copies: list[Message]) -> Message:
    """The copy that has replies or reactions, else the oldest."""
    loved = [copy for copy in copies if copy.get("reply_count") or copy.get("reactions")]
    return min(loved or copies, key=lambda copy: str(copy["ts"]))


def _is_answered(bot: Bot, copy: Message) -> bool:
    """Whether people said or showed anything on a copy: such a one is never deleted."""
    users = {*copy.get("reply_users", []), *(user for mark in copy.get("reactions", []) for user in mark["users"])}
    return bool(users - {bot.identity.user_id}) or int(copy.get("reply_users_count") or 0) > len(users)


def _copies(bot: Bot, place: Place, posts: list[Post]) -> dict[str, list[Message]]:
    """Our own messages in a place, by key. Only metadata on messages of our own bot counts: any app can write it."""
    marks = [post.after_ts for post in posts]
    oldest = min(mark for mark in marks if mark) if all(marks) else None
    found: dict[str, list[Message]] = defaultdict(list)
    for message in _read(bot, place, oldest):
        metadata = message.get("metadata") or {}
        ours = message.get("bot_id") == bot.identity.bot_id or message.get("user") == bot.identity.user_id
        if ours and metadata.get("event_type") == calls.EVENT_TYPE:
            key = str((metadata.get("event_payload") or {}).get("key"))
            if message["ts"] not in {copy["ts"] for copy in found[key]}:
                found[key].append(message)
    return found


def _read(bot: Bot, place: Place, oldest: str | None) -> Iterator[Message]:
    """Everything in a channel or thread since `oldest`: the newest message that was known before the first attempt.

    That mark is Slack's own time. Any other clock may be wrong (ours is moved in a simulation, and by a system that
    corrects itself), and a wrong one would make us look past the message and send it twice.
    """
    channel, thread = place
    more: dict[str, Any] = {"include_all_metadata": True, "limit": PAGE}
    more |= {"oldest": oldest, "inclusive": True} if oldest else {}
    while True:
        if thread:
            page = bot.slack.read.conversations_replies(channel=channel, ts=thread, **more)
        else:
            page = bot.slack.read.conversations_history(channel=channel, **more)
        yield from page["messages"]
        more["cursor"] = (page.get("response_metadata") or {}).get("next_cursor")
        if not more["cursor"]:
            return
