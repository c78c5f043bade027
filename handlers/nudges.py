"""Listeners for a packet: *Snooze 2 weeks* and *Would we start it today?*; decisions have their own."""

from typing import Any

from slack_bolt import Ack

from bot.actions.snoozing import do_snooze_nudge
from bot.actions.start_votes import do_vote, get_vote_form
from bot.domain.zones import describe_date
from bot.render.ids import Act, Modal
from bot.render.kit import answer
from bot.render.start_votes import voted_modal
from bot.runtime import Bot
from handlers import context, forms
from handlers.routing import Routes


def register(routes: Routes) -> None:
    """The packet's own buttons and the blind vote."""
    routes.action(Act.NUDGE_SNOOZE)(on_snooze)
    routes.action(Act.START_TODAY)(on_start_today)
    routes.view(Modal.START_TODAY)(on_vote)


def on_snooze(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Snooze 2 weeks*: the packet says until when."""
    click = forms.click(body)
    with context.acting(bot, body, click.user, click.channel) as (tx, actor):
        bet, team = context.find_bet(tx, actor, click.value.get("bet"))
        nudge = do_snooze_nudge(tx, bot.now(), actor, team, bet, click.value.get("nudge"))
    assert nudge.snoozed_until is not None
    until = describe_date(nudge.snoozed_until)
    context.tell(bot, click, answer(f"Snoozed: {bet.key} is not nudged again before {until}, unless a new fact comes."))
    ack()


def on_start_today(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Would we start it today?*: the bet as if it were new."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    with bot.reading() as tx:
        bet, team = context.find_bet(tx, actor, click.value.get("bet"))
        view = get_vote_form(tx, bot.now(), actor, team, bet, click.value.get("nudge"))
    context.show_modal(bot, click, view)
    ack()


def on_vote(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """The vote was sent: only now the form shows how others voted."""
    sent = forms.submission(body)
    with context.acting(bot, body, sent.user) as (tx, actor):
        bet, team = context.find_bet(tx, actor, sent.private.get("bet"))
        votes = do_vote(tx, bot.now(), actor, team, bet, sent.private.get("nudge"), sent.form)
    ack(response_action="update", view=voted_modal(votes))
