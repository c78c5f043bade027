"""Listeners for *I tried it*: the button in a bet's thread and its menu, and the form behind it."""

from typing import Any

from slack_bolt import Ack

from bot.actions.demos import do_try, get_try_form
from bot.render.demos import tried_line
from bot.render.ids import Act, Modal
from bot.runtime import Bot
from handlers import context, forms
from handlers.routing import Routes


def register(routes: Routes) -> None:
    """*I tried it* and its form."""
    routes.action(f"{Act.DO}:tried")(on_tried)
    routes.view(Modal.TRIED)(on_send)


def on_tried(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*I tried it*: one sentence is asked for."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    with bot.reading() as tx:
        bet, team = context.find_bet(tx, actor, click.value.get("bet"))
        view = get_try_form(tx, actor, team, bet, context.menu_of(click))
    context.show_modal(bot, click, view)
    ack()


def on_send(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """The sentence was sent."""
    sent = forms.submission(body)
    actor = context.who(bot, sent.user)
    with context.once(bot, body) as tx:
        bet, team = context.find_bet(tx, actor, sent.private.get("bet"))
        count = do_try(tx, bot.now(), actor, team, bet, sent.form)
    ack()
    context.tell_result(bot, sent, team.channel, tried_line(bet, count))
