"""What follows when Slack says no for good: nothing is tried in a loop, and somebody who can help hears of it."""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.actions.bets import do_replace_card
from bot.actions.reach import PAUSES, do_lose_channel, do_tell_of_unposted
from bot.domain.records import Post
from bot.store import bets, claims, outbox, teams
from bot.work import breaker
from bot.work.classify import (
    ALREADY,
    BAD_BLOCKS,
    CHANNEL_GONE,
    NOT_ALLOWED,
    PERSON_GONE,
    THREAD_GONE,
    WORKSPACE_GONE,
)

log = logging.getLogger("bets.sender")

PICTURE_WAIT, PICTURE_TRIES = timedelta(seconds=15), 5
SAID = ("post", "edit", "delete")
SENT: dict[str, Any] = {"state": "sent"}
AGAIN: dict[str, Any] = {"state": "pending"}
REFUSED: dict[str, Any] = {"state": "refused"}


def settle(tx: Connection, now: datetime, post: Post, code: str) -> dict[str, Any]:
    """The row's new values after the refusal `code`, and whatever else follows from it."""
    if code in ALREADY.get(post.action, ()):
        return SENT
    in_channel = not post.user and "file_id" not in post.payload
    if code in WORKSPACE_GONE or (code in NOT_ALLOWED and post.action in SAID and in_channel):
        # The whole workspace is closed to us: all waits, and `breaker` finds out when it is open again.
        breaker.do_shut(tx, now, code)
        return AGAIN
    if code in NOT_ALLOWED and post.action in SAID:
        # DMs or files alone may be what is not allowed: the channels go on, and what waits is overdue until somebody
        # helps.
        return AGAIN | {"not_before": now + PAUSES[min(post.attempts, len(PAUSES)) - 1]}
    if code in CHANNEL_GONE and post.team_id and not post.user:
        # It waits, with all else for this channel, until the channel is back (`actions/reach`).
        do_lose_channel(tx, now, teams.get_team(tx, post.team_id), code)
        return AGAIN
    if code in THREAD_GONE:
        return _in_a_new_thread(tx, now, post)
    if (code in BAD_BLOCKS or post.action == "post") and code not in (PERSON_GONE | CHANNEL_GONE) and _has_more(post):
        return _without_blocks(tx, now, post)
    log.warning("Slack refused %s of %s: %s", post.action, post.key, code)
    if post.action == "post" and post.team_id and not post.user:
        do_tell_of_unposted(tx, now, teams.get_team(tx, post.team_id), post, code)
    return REFUSED


def _has_more(post: Post) -> bool:
    """Whether there is more to it than its words."""
    return bool(post.payload.get("blocks") or _without_picture(post.payload) != post.payload)


def _without_blocks(tx: Connection, now: datetime, post: Post) -> dict[str, Any]:
    """Once more: first without the picture, which follows by an edit, then as plain text."""
    plain = _without_picture(post.payload)
    if plain == post.payload:
        claims.update_payload(tx, post, {name: post.payload[name] for name in ("text", "file") if name in post.payload})
    elif post.action == "edit" and post.attempts < PICTURE_TRIES:
        return AGAIN | {"not_before": now + PICTURE_WAIT}
    else:
        claims.update_payload(tx, post, plain)
        if post.action == "post":
            outbox.insert_picture_edit(tx, now, post)
    return AGAIN


def _without_picture(payload: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if name not in ("picture", "pictures")}


def _in_a_new_thread(tx: Connection, now: datetime, post: Post) -> dict[str, Any]:
    """The card is gone, or its thread is gone or locked: the bet's story goes on under a new card."""
    card = post.parent_id if post.action == "post" else post.target_id
    bet = bets.get_bet_by_card(tx, card) if card else None
    if bet is None or (post.action != "post" and bet.status not in ("live", "paused", "lapsed")):
        return REFUSED
    do_replace_card(tx, now, bet.id)
    new = bets.get_bet(tx, bet.id).card_id
    assert card is not None and new is not None
    claims.update_parent(tx, card, new)
    return AGAIN | {"parent_id": new} if post.action == "post" else REFUSED
