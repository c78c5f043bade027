"""Finds out at the start who the bot is, and whether Slack takes its token at all."""

import logging
import threading
from itertools import chain, repeat

from bot.runtime import Bot
from bot.slack import NoAnswer

log = logging.getLogger("bets.contact")

WAITS = (1.0, 2.0, 5.0, 10.0)
# Answers after which no further try can help: somebody has to put in another token.
REJECTED = {
    "account_inactive",
    "invalid_auth",
    "missing_scope",
    "not_allowed_token_type",
    "not_authed",
    "token_expired",
    "token_revoked",
}


class TokenRejected(Exception):
    """Slack does not take the bot's token; its text is Slack's code."""


def reason(said: str) -> str:
    """Slack's code, or the kind of failure; of what is no answer of Slack's (a proxy's page) nothing is quoted."""
    return said if said and " " not in said else "the answer is not Slack's"


class Contact:
    """Whether Slack has told this process who the bot is; until then the health page is red."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self.is_made = False

    def make(self) -> bool:
        """Asks once; False when Slack cannot be reached, TokenRejected when it can and says no."""
        try:
            self._bot.identify()
        except NoAnswer as error:
            if str(error) in REJECTED:
                raise TokenRejected(str(error)) from None
            log.warning("Slack cannot be reached (%s): trying again", reason(str(error)))
            return False
        self.is_made = True
        return True

    def keep_trying(self, stop: threading.Event) -> None:
        """Asks until Slack answers or `stop` is set, each time after a wait; TokenRejected as in `make`."""
        waits = chain(WAITS, repeat(WAITS[-1]))
        while not self.is_made and not stop.wait(next(waits)):
            self.make()
