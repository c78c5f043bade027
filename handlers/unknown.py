"""What no other listener takes: buttons, forms and shortcuts of another version of Bets. Registered last."""

import re
from typing import Any

from slack_bolt import Ack, App

from bot.render.ids import Modal
from bot.render.kit import answer, notice_modal
from bot.runtime import Bot
from handlers import context, forms

ANY = re.compile(".*", re.DOTALL)
BUTTON = "This button is from another version of Bets: use `/bets help`."
FORM = "This form is from another version of Bets, so nothing was saved: use `/bets help`."


def register(app: App) -> None:
    """Catches every press and every form; a form that was closed needs no answer."""
    app.action(ANY)(on_press)
    app.view(ANY)(on_form)
    app.view_closed(ANY)(on_closed)


def on_press(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """One sentence, only for the person who pressed."""
    context.tell(bot, forms.click(body), answer(BUTTON))
    ack()


def on_form(ack: Ack) -> None:
    """The form says so itself, in its own place."""
    ack(response_action="update", view=notice_modal(Modal.NOTICE, "Bets", FORM))


def on_closed(ack: Ack) -> None:
    """Nothing was asked."""
    ack()
