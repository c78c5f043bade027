"""The workspace's breaker: while Slack refuses the bot altogether nothing is sent, and all that is owed waits."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.actions.reach import PAUSES
from bot.runtime import Bot
from bot.slack import NoAnswer
from bot.store import meta, reach
from bot.work.classify import NOT_ALLOWED

log = logging.getLogger("bets.sender")

PROBE_EVERY = timedelta(minutes=1)
# What a message needs. Slack names a token's scopes with each answer.
POSTING = "chat:write"


def do_shut(tx: Connection, now: datetime, code: str) -> None:
    """Nothing more is sent; `code` is Slack's word for why, and shown in `bets status` and on the health page."""
    meta.update_meta(tx, meta.BREAKER, code)
    if code in NOT_ALLOWED:
        loss = reach.get_loss(tx, reach.WORKSPACE)
        tries = loss.tries if loss else 0
        reach.update_loss(tx, reach.WORKSPACE, reach.Loss(now + PAUSES[min(tries, len(PAUSES) - 1)], tries))
    log.error("Slack refuses the bot: %s", code)


def is_shut(bot: Bot) -> bool:
    """Whether nothing may be sent; once a minute Slack is asked whether that is still so."""
    with bot.reading() as tx:
        code = meta.get_meta(tx, meta.BREAKER)
        if not code:
            return False
        last, now = meta.get_instant(tx, meta.PROBED), bot.now()
    if last and timedelta(0) <= now - last < PROBE_EVERY:
        return True
    with bot.transaction() as tx:
        meta.update_instant(tx, meta.PROBED, now)
    try:
        bot.identify()
        scopes = bot.slack.list_scopes() if code in NOT_ALLOWED else None
    except NoAnswer:
        return True
    with bot.transaction() as tx:
        if code in NOT_ALLOWED and not _may_try(tx, now, scopes):
            return True
        meta.update_meta(tx, meta.BREAKER, None)
    return False


def _may_try(tx: Connection, now: datetime, scopes: set[str] | None) -> bool:
    """Whether a message may be tried although one was not allowed: as soon as the token's scopes show it, and where
    they never showed anything wrong ever more rarely, so that a refusal that lasts is no loop."""
    loss = reach.get_loss(tx, reach.WORKSPACE) or reach.Loss(now)
    if scopes is not None and (loss.seen or POSTING not in scopes):
        reach.update_loss(tx, reach.WORKSPACE, replace(loss, seen=POSTING not in scopes))
        return POSTING in scopes
    if loss.look_at > now:
        return False
    reach.update_loss(tx, reach.WORKSPACE, replace(loss, tries=loss.tries + 1))
    return True
