"""Listeners and words for blind comparisons: `/bets compare`, *Left*, *Right*, *Same*, *Both bad*, *Judge more*."""

from typing import Any

from slack_bolt import Ack

from bot.actions.comparing import do_show_more, do_vote, get_more, get_whole
from bot.actions.comparisons import do_compare, get_choice
from bot.domain.blind import Comparison
from bot.domain.records import Bet, Team
from bot.domain.zones import describe_instant
from bot.render.comparisons import NEW, OLD, started_answer
from bot.render.ids import Act, Modal
from bot.runtime import Bot
from handlers import commands, context, forms
from handlers.commands import Ask, Reply, Word
from handlers.judging import Judging
from handlers.routing import Routes

PAIRS = Judging("pair", "comparison", do_vote, do_show_more, get_more, get_whole)


def register(routes: Routes) -> None:
    """The command, its form, and the buttons under pairs."""
    routes.view(Modal.COMPARE)(on_choose)
    PAIRS.register(routes, Act.COMPARE_VOTE, Act.COMPARE_MORE, Act.COMPARE_PAGE, Act.COMPARE_WHOLE)
    hint = "two of its prediction sets without their names: which is better?"
    commands.add_words(Word("compare", "compare B-7", hint, run_compare, writes=True, modal=True))


def run_compare(ask: Ask) -> Reply:
    """`/bets compare B-7`: at once where the bet has two sets, else by a form."""
    bet, team = commands.find_one_bet(ask)
    form = get_choice(ask.tx, ask.actor, team, bet)
    if form:
        return Reply(modal=form)
    return Reply(_started(bet, team, do_compare(ask.tx, ask.now, ask.actor, team, bet)))


def _started(bet: Bet, team: Team, one: Comparison) -> dict[str, Any]:
    return started_answer(bet, f"on {describe_instant(one.closes_at, team.zone)}")


def on_choose(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Compare* in the form."""
    sent = forms.submission(body)
    chosen = _set_of(sent.form.get(OLD)), _set_of(sent.form.get(NEW))
    with context.acting(bot, body, sent.user) as (tx, actor):
        bet, team = context.find_bet(tx, actor, sent.private.get("bet"))
        one = do_compare(tx, bot.now(), actor, team, bet, chosen)
    ack()
    context.tell_sent(bot, sent, team.channel, _started(bet, team, one))


def _set_of(value: Any) -> int:
    """A set's id as a select carried it; 0, which none has, for anything else."""
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 18 else 0
