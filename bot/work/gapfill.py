"""Hears what was said while nobody listened: reads the threads of open prompts again, and takes what is new."""

import logging
import threading
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackClientError

from bot.actions.inbox import do_keep_event
from bot.runtime import Bot
from bot.store.checkins import list_open_threads
from bot.work.classify import classify

log = logging.getLogger("bets.gapfill")

PAGE = 200
# What was said so long before the newest prompt is read too: Slack may have given up on its event just then.
BEFORE_SECONDS = 2 * 3600


def once(bot: Bot, stop: threading.Event | None = None) -> int:
    """Reads every open thread from its newest prompt on, as fast as Slack lets it and until `stop` is set; returns how
    many messages nobody had heard."""
    with bot.reading() as tx:
        threads = list_open_threads(tx, bot.now())
    return sum(_fill(bot, stop or threading.Event(), *thread) for thread in threads)


def _fill(bot: Bot, stop: threading.Event, channel: str, thread: str, oldest: str) -> int:
    replies: list[dict[str, Any]] = []
    more: dict[str, Any] = {"oldest": f"{float(oldest) - BEFORE_SECONDS:.6f}", "limit": PAGE}
    while not stop.is_set():
        try:
            page = bot.slack.read.conversations_replies(channel=channel, ts=thread, **more)
        except (SlackClientError, OSError, HTTPException, ValueError) as error:
            outcome = classify(error)
            if outcome.kind == "limited":  # some fifty threads a minute, so that many bets take longer
                stop.wait(outcome.wait)
                continue
            log.warning("a thread could not be read again: %s", type(error).__name__)
            return 0
        replies += page["messages"]
        more["cursor"] = (page.get("response_metadata") or {}).get("next_cursor")
        if not more["cursor"]:
            break
    return sum(_hear_again(bot, channel, reply) for reply in replies if reply.get("ts") != thread)


def _hear_again(bot: Bot, channel: str, reply: dict[str, Any]) -> bool:
    """Keeps the reply as an event of its own id: one that was heard already changes nothing when it is heard again."""
    edited = (reply.get("edited") or {}).get("ts", "")
    event = {**reply, "type": "message", "channel": channel, "event_ts": reply["ts"]}
    body = {"event_id": f"gap:{channel}:{reply['ts']}:{edited}", "event": event}
    with bot.transaction() as tx:
        return do_keep_event(tx, bot.now(), body)
