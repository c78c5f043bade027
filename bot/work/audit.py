"""A dead man's switch: counts what should have gone out long ago, and calls a heartbeat only while there is none, and
while what is due is looked for at all."""

import logging
from datetime import timedelta
from urllib.request import urlopen

from bot.runtime import Bot
from bot.store import claims, meta

log = logging.getLogger("bets.audit")

OVERDUE = timedelta(minutes=10)
HEARTBEAT_SECONDS = 10


def once(bot: Bot, heartbeat_url: str = "") -> int:
    """How many rows have waited for more than ten minutes past their time; calls the heartbeat when there are none, and
    the last pass over what is due (which ends in a write) is not older than that either."""
    with bot.reading() as tx:
        since = bot.now() - OVERDUE
        overdue = claims.count_overdue(tx, since)
        broken = meta.get_meta(tx, meta.BREAKER)
        looked = meta.get_instant(tx, meta.DONE_UNTIL)
    late = looked is not None and looked < since
    if overdue or broken or late:
        log.warning("overdue: %s, token: %s, last pass: %s", overdue, broken or "fine", looked if late else "fine")
    elif heartbeat_url:
        try:
            with urlopen(heartbeat_url, timeout=HEARTBEAT_SECONDS) as answer:
                answer.read(1024)
        except (OSError, ValueError) as error:
            log.warning("the heartbeat could not be sent: %s", type(error).__name__)
    return overdue
