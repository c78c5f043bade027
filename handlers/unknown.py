"""What no other listener takes: buttons and forms of another version of Bets."""

from typing import Any

from slack_bolt import Ack

from bot.render.ids import Modal
from bot.render.kit import answer, notice_modal
from bot.runtime import Bot
from handlers import context, forms

BUTTON = "This button is from another version of Bets: use `/bets help`."
FORM = "This form is from another version of Bets, so nothing was saved: use `/bets help`."


def on_press(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """One sentence, only for the person who pressed."""
    context.tell(bot, forms.click(body), answer(BUTTON))
    ack()


def on_form(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """The form says so itself, in its own place."""
    ack(response_action="update", view=notice_modal(Modal.NOTICE, "Bets", FORM))
