"""A dead man's switch: counts what should have gone out long ago, and calls a heartbeat only while there is none."""

import logging
from datetime import timedelta
from urllib.request import urlopen

from bot.runtime import Bot
from bot.store import claims, meta

log = logging.getLogger("bets.audit")

OVERDUE = timedelta(minutes=10)
HEARTBEAT_SECONDS = 10


def once(bot: Bot, heartbeat_url: str = "") -> int:
    """How many rows have waited for more than ten minutes past their time; calls the heartbeat when there are none."""
    with bot.reading() as tx:
        overdue = claims.count_overdue(tx, bot.now() - OVERDUE)
        broken = meta.get_meta(tx, meta.BREAKER)
    if overdue or broken:
        log.warning("overdue: %s, token: %s", overdue, broken or "fine")
    elif heartbeat_url:
        try:
            with urlopen(heartbeat_url, timeout=HEARTBEAT_SECONDS) as answer:
                answer.read(1024)
        except (OSError, ValueError) as error:
            log.warning("the heartbeat could not be sent: %s", type(error).__name__)
    return overdue
