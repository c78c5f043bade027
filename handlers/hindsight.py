"""The listener for the answer to *was it right?*, eight weeks after a decision."""

from typing import Any

from slack_bolt import Ack

from bot.actions.hindsight import do_judge, get_question
from bot.render.ids import Act
from bot.runtime import Bot
from bot.store.teams import get_team
from handlers import context, forms
from handlers.routing import Routes


def register(routes: Routes) -> None:
    """*It was right*, *It was wrong*, *Too early to say*."""
    routes.action(Act.HINDSIGHT)(on_verdict)


def on_verdict(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """The message itself then shows the answer."""
    click = forms.click(body)
    with bot.reading() as tx:
        decision, bet = get_question(tx, click.user, click.value.get("decision"))
        team = get_team(tx, bet.team_id)
    with context.acting(bot, body, click.user, team.channel) as (tx, actor):
        do_judge(tx, bot.now(), actor, team, decision.id, click.value.get("verdict"))
    ack()
