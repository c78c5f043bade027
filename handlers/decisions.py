"""Listeners and words for deciding about bets: *Kill bet* and *Ship it*."""

from typing import Any

from slack_bolt import Ack, App

from bot.actions.decisions import Ending, do_kill_bet, do_ship_bet, refuse_to_decide
from bot.domain.bets import change
from bot.render.decisions import decided_line, ending_modal
from bot.render.ids import Act, Modal
from bot.runtime import Bot
from handlers import commands, context, forms
from handlers.commands import Ask, Reply, Word

_DO = {Modal.KILL: ("kill", do_kill_bet), Modal.SHIP: ("ship", do_ship_bet)}


def register(app: App) -> None:
    """The forms of kill and ship, from the card's menu and by their words."""
    for modal, (kind, _) in _DO.items():
        app.action(f"{Act.DO}:{kind}")(on_ending)
        app.view(modal)(on_end)
    commands.add_words(
        Word("kill", "kill B-7 [because ...]", "ends a bet, with what it taught", run_ending("kill"), modal=True),
        Word("ship", "ship B-7 [because ...]", "ends a bet that made it", run_ending("ship"), modal=True),
    )


def run_ending(kind: str) -> Any:
    """`/bets kill B-7 [because ...]`: the form, prefilled; sending it is the confirmation."""

    def run(ask: Ask) -> Reply:
        bet, rest = commands.find_bet(ask, ask.words)
        bet, team = context.find_bet(ask.tx, ask.actor, bet.id)
        refuse_to_decide(ask.tx, ask.actor, team, bet)
        change(bet.status, kind)
        first, _, reason = rest.partition(" ")
        words = reason.strip() if first.lower() in ("because", "because:") else rest
        return Reply(modal=ending_modal(kind, bet, {"bet": bet.id, "channel": ask.request.channel}, words))

    return run


def on_ending(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Kill* and *Ship* of the menu: the form."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    with bot.reading() as tx:
        bet, team = context.find_bet(tx, actor, click.value.get("bet"))
        refuse_to_decide(tx, actor, team, bet)
        change(bet.status, click.suffix)
    private = context.menu_of(click) | {"bet": bet.id}
    context.show_modal(bot, click, ending_modal(click.suffix, bet, private))
    ack()


def on_end(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Kill bet* or *Ship it* was sent: rights and the bet's state are checked as they are now."""
    sent = forms.submission(body)
    kind, do_end = _DO[Modal(sent.callback_id)]
    actor = context.who(bot, sent.user)
    ending = Ending(**{name: str(sent.form.get(name) or "") for name in ("reason", "learning", "outcome")})
    with context.once(bot, body) as tx:
        bet, team = context.find_bet(tx, actor, sent.private.get("bet"))
        bet = do_end(tx, bot.now(), actor, team, bet, ending)
    ack()
    context.tell_result(bot, sent, team.channel, decided_line(bet, kind, team.zone))
