"""Sends what the outbox owes: one row at a time, claimed before the call, settled after it."""

import os
import secrets
import time
from dataclasses import replace
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackClientError
from sqlalchemy import Connection

from bot.actions.guards import holds
from bot.domain.records import Post
from bot.runtime import Bot
from bot.store import claims, meta, pace, reach
from bot.store import people as people_store
from bot.work import breaker, calls, refused
from bot.work.classify import Outcome, classify

# Waits after a call that did not do its work and may be repeated: doubled each time, at most five minutes.
FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0


def new_worker() -> str:
    """A name that no other claim has: a process that is forked or restarted must not settle another's."""
    return f"{os.getpid()}-{secrets.token_hex(6)}"


def once(bot: Bot) -> str | None:
    """Sends one row; says whether it was `sent`, `updated`, `dropped` or `failed`, None when none may go now.

    To be called when one waits: it takes the write lock at once.
    """
    worker = new_worker()
    with bot.transaction() as tx:
        shut = meta.get_meta(tx, meta.BREAKER)
        post = None if shut else _claim(tx, bot, worker)
    if shut:
        return None if breaker.is_shut(bot) else once(bot)
    if post is None:
        return None
    if post.state == "dropped":
        return "dropped"
    try:
        values = calls.send(bot, post)
    except (SlackClientError, OSError, HTTPException, ValueError) as error:
        return _settle_failure(bot, post, worker, classify(error))
    with bot.transaction() as tx:
        ended = {"state": "sent", "sent_at": bot.now(), "error": None, "not_before": None} | values
        claims.update_settled(tx, post, worker, **ended)
        meta.update_instant(tx, meta.LAST_CONTACT, bot.now())
        if ended["state"] == "sent" and post.action == "post" and post.team_id and not post.user:
            reach.delete_losses(tx, post.team_id)
    if ended["state"] != "sent":
        return "dropped" if ended["state"] == "dropped" else "failed"
    return "sent" if post.action == "post" else "updated"


def seconds_until_next(bot: Bot) -> float | None:
    """Real seconds until the pace lets the next waiting row go; None when no row waits for the pace alone."""
    with bot.reading() as tx:
        if meta.get_meta(tx, meta.BREAKER):
            return None  # that is waited for on the bot's clock
        return pace.get_wait(tx, claims.list_paced(tx, bot.now()), bot.pace, time.time())


def _claim(tx: Connection, bot: Bot, worker: str) -> Post | None:
    """The next row, claimed; or with state `dropped`, because it is no longer true or nobody is there to read it."""
    now = bot.now()
    for post in claims.list_sendable(tx, now, bot.pace, time.time(), limit=1):
        if _must_drop(tx, now, post):
            claims.update_row(tx, post.id, state="dropped", error="no_longer_true")
            claims.update_orphans(tx, post.id)
            return replace(post, state="dropped")
        claimed = claims.update_claimed(tx, now, post, worker)
        if claimed and post.action == "post":
            pace.take_token(tx, pace.place_of(post), bot.pace, time.time())
        return claimed
    return None


def _must_drop(tx: Connection, now: datetime, post: Post) -> bool:
    if post.guard and not holds(tx, now, post.guard):
        return True
    person = people_store.get_person(tx, post.user) if post.user else None
    return bool(person and person.deleted)


def _settle_failure(bot: Bot, post: Post, worker: str, outcome: Outcome) -> str:
    with bot.transaction() as tx:
        now = bot.now()
        values: dict[str, Any] = {"error": outcome.code[:80]}
        again = outcome.kind == "uncertain" and post.action != "post"  # the same edit or reaction twice is one
        if outcome.kind == "limited":
            until = now + timedelta(seconds=outcome.wait)
            pace.update_parked(tx, pace.place_of(post), until)
            values |= {"state": "pending", "not_before": until}
        elif outcome.kind == "not_applied" or again:
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0**post.attempts)
            values |= {"state": "pending", "not_before": now + timedelta(seconds=wait)}
        elif outcome.kind == "uncertain":
            values |= {"state": "uncertain", "not_before": now + calls.SETTLE, "looks": 0}
        else:
            values |= refused.settle(tx, now, post, outcome.code)
        claims.update_settled(tx, post, worker, **values)
        claims.update_orphans(tx, post.id)
        if outcome.kind == "refused":
            meta.update_instant(tx, meta.LAST_CONTACT, now)
    return "dropped" if values["state"] == "refused" else "failed"
