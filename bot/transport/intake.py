"""What both transports do with a delivery once it is known to come from Slack."""

import logging
import time
from typing import Any

from slack_bolt import BoltRequest, BoltResponse

from bot import logs
from bot.runtime import Bot

log = logging.getLogger("bets.intake")


def take(bot: Bot, body: dict[str, Any]) -> BoltResponse:
    """Bolt's answer to a parsed delivery; 200 only when its effect, or the event itself, is stored.

    Bolt gets the payload alone, as in Socket Mode: no header of a request (they are not signed) reaches it, and its
    own form parsing, which takes any text with the word "payload" for an interaction, has nothing left to parse.
    """
    assert bot.bolt is not None
    with logs.request():
        began = time.monotonic()
        answer = bot.bolt.dispatch(BoltRequest(mode="socket_mode", body=body))
        kind = body.get("type") or "command"
        log.debug("%s answered with %s after %.0f ms", kind, answer.status, (time.monotonic() - began) * 1000)
        return answer
