"""Events are only kept here; work handles them within two seconds. Kept is acknowledged."""

import re
from typing import Any

from slack_bolt import Ack, App

from bot.actions.inbox import do_keep_event
from bot.runtime import Bot


def register(app: App) -> None:
    """One listener for every kind of event, so that none is ever answered with an error."""
    app.event(re.compile(".*"))(keep)


def keep(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """Stores the event once, then acknowledges it."""
    with bot.transaction() as tx:
        do_keep_event(tx, bot.now(), body)
    ack()
