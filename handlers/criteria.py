"""Listeners for the three answers to a kill criterion that is due."""

from typing import Any

from slack_bolt import Ack

from bot.actions.criteria import do_answer_criterion
from bot.render.criteria import criterion_answer
from bot.render.ids import Act
from bot.runtime import Bot
from handlers import context, forms
from handlers.routing import Routes


def register(routes: Routes) -> None:
    """*It happened: stop*, *It did not happen*, *Not known yet*."""
    routes.action(Act.CRITERION)(on_answer)


def on_answer(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """One of the three answers, under the criterion in the bet's thread."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    state, checkin = click.suffix, forms.whole(click.value.get("checkin"))
    with context.once(bot, body) as tx:
        bet, team = context.find_bet(tx, actor, click.value.get("bet"))
        heard = do_answer_criterion(tx, bot.now(), actor, team, bet, click.value.get("criterion"), state, checkin)
    context.tell(bot, click, criterion_answer(bet, state, heard))
    ack()
