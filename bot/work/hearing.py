"""Handles the events that Slack delivered: each in one transaction with its effect, at most five times."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.home import do_hear_home
from bot.actions.offers import KIND
from bot.actions.people import do_describe, do_hear_user
from bot.actions.pins import PIN, do_hear_reaction
from bot.actions.reach import do_hear_channel, do_hear_membership
from bot.actions.replies import do_hear_message
from bot.domain.records import Whisper
from bot.runtime import Bot
from bot.slack import NoAnswer, person_of
from bot.store import inbox
from bot.store.people import get_person
from bot.store.teams import get_team_of_channel
from bot.work import files

log = logging.getLogger("bets.hearing")


Hearer = Callable[[Connection, datetime, dict[str, Any], str], list[Whisper] | None]


def _hear_user(tx: Connection, now: datetime, event: dict[str, Any], bot_user: str) -> None:
    do_hear_user(tx, now, person_of(event["user"], None))


HEARERS: dict[str, Hearer] = {
    "message": do_hear_message,
    **dict.fromkeys(("reaction_added", "reaction_removed"), do_hear_reaction),
    **dict.fromkeys(("member_joined_channel", "member_left_channel"), do_hear_membership),
    **dict.fromkeys(("channel_archive", "channel_left", "channel_unarchive"), do_hear_channel),
    **dict.fromkeys(("group_archive", "group_left", "group_unarchive"), do_hear_channel),
    "user_change": _hear_user,
    "app_home_opened": do_hear_home,
}


def once(bot: Bot) -> bool:
    """Handles the events that wait; False when there were none. Answers for one person go out after their commit."""
    with bot.reading() as tx:
        rows = inbox.list_new(tx, bot.now())
    if not rows or not _knows_itself(bot):
        return False
    for row in rows:
        _handle(bot, row.id, row.payload["event"])
    return True


def _knows_itself(bot: Bot) -> bool:
    """Whether Slack has said who the bot is; until then events wait, and waiting is no failed try."""
    try:
        return bool(bot.identity)
    except NoAnswer:
        return False


def _handle(bot: Bot, row_id: int, event: dict[str, Any]) -> None:
    try:
        _know_author(bot, event)
        hear = _hearer(bot, event)
        with bot.transaction() as tx:
            if not inbox.is_new(tx, row_id):
                return
            whispers = hear(tx)
            inbox.update_done(tx, row_id)
    except Exception as error:  # the operator learns of it from the log and from `bets status`
        log.exception("event %s of type %s could not be handled", row_id, event.get("type"))
        with bot.transaction() as tx:
            for_good = inbox.update_failed(tx, bot.now(), row_id, type(error).__name__)
        whispers = [files.given_up(event)] if for_good and event.get("type") == KIND else []
    for whisper in whispers:
        bot.later(_whisper, bot, whisper)


def _know_author(bot: Bot, event: dict[str, Any]) -> None:
    """Looks up whoever writes in a thread, or pins, and whom nobody has looked up yet: what they say stands under their
    name. Without an answer it stands under their id until they are heard again."""
    user, channel = str(event.get("user")), str(event.get("channel") or (event.get("item") or {}).get("channel"))
    written = event.get("type") == "message" and event.get("thread_ts") and event.get("user")
    if not (written or event.get("reaction") == PIN) or event.get("bot_id") or user == bot.identity.user_id:
        return
    with bot.reading() as tx:
        known = get_person(tx, user)
        if (known and known.looked_up_at) or get_team_of_channel(tx, channel) is None:
            return
    try:
        person = bot.slack.get_person(user, bot.identity.team_id)
    except NoAnswer:
        return
    with bot.transaction() as tx:
        do_describe(tx, bot.now(), person)


def _hearer(bot: Bot, event: dict[str, Any]) -> Callable[[Connection], list[Whisper]]:
    kind = str(event.get("type"))
    # In the bot's own DM there is nobody else to mean, so a message there needs no mention.
    in_dm = event.get("channel_type") == "im" or str(event.get("channel")).startswith("D")
    direct = kind == "message" and in_dm and not event.get("subtype")
    if (kind == "app_mention" or direct) and bot.mention:
        return bot.mention(event)
    if kind == KIND:
        return files.listen(bot, event)
    hearer, bot_user = HEARERS.get(kind), bot.identity.user_id
    return lambda tx: (hearer(tx, bot.now(), event, bot_user) or []) if hearer else []


def _whisper(bot: Bot, whisper: Whisper) -> None:
    try:
        bot.slack.whisper(whisper.channel, whisper.user, whisper.thread_ts, whisper.payload)
    except NoAnswer:
        return  # a lost answer costs only a repeat; a confidence that was not given is asked once more on Tuesday
