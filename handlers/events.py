"""Events are only kept here; work handles them within two seconds. Kept is acknowledged."""

from typing import Any

from slack_bolt import Ack

from bot.actions.inbox import do_keep_event
from bot.runtime import Bot


def keep(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """Stores an event of any kind once, then acknowledges it."""
    with bot.transaction() as tx:
        do_keep_event(tx, bot.now(), body)
    ack()
