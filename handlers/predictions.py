"""Listeners and words for prediction sets: a bet's story, and samples posted at once."""

from typing import Any

from slack_bolt import Ack

from bot.actions.declaring import do_say_not_samples
from bot.actions.forgetting import do_delete_set
from bot.actions.offers import do_use_set
from bot.actions.predictions import get_story
from bot.actions.samples import do_post_now
from bot.actions.story_charts import do_tell_story
from bot.domain.zones import describe_instant
from bot.render.ids import Act
from bot.render.kit import answer
from bot.runtime import Bot
from handlers import commands, context, forms
from handlers.commands import Ask, Reply, Word
from handlers.routing import Routes


def register(routes: Routes) -> None:
    """`/bets predictions` with the buttons in its answer, and those under a dropped file."""
    routes.action(Act.POST_SAMPLES)(on_post)
    routes.action(Act.USE_SET)(on_use)
    routes.action(Act.NOT_SAMPLES)(on_not_samples)
    routes.action(Act.DELETE_SET)(on_delete)
    routes.action(Act.STORY_PAGE)(on_page)
    does = "what its models say, and what people think of it"
    commands.add_words(Word("predictions", "predictions B-7", does, run_predictions, writes=True, act="list"))


def run_predictions(ask: Ask) -> Reply:
    """`/bets predictions B-7`: the text at once, the chart by DM."""
    bet, team = commands.find_one_bet(ask)
    return Reply(do_tell_story(ask.tx, ask.now, ask.actor, team, bet, context.dm_link(ask.bot)))


def on_post(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Post samples now*."""
    click = forms.click(body)
    with context.acting(bot, body, click.user, click.channel) as (tx, actor):
        bet, team = context.find_bet(tx, actor, click.value.get("bet"))
        made = do_post_now(tx, bot.now(), actor, team, bet)
    until = describe_instant(made.closes_at, team.zone)
    context.tell(
        bot, click, answer(f"Samples of {bet.key} are in its thread, to be judged until {until}."), replace=True
    )
    ack()


def on_use(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Use it*: the file that was dropped becomes a prediction set; its preview says so."""
    click = forms.click(body)
    with context.acting(bot, body, click.user, click.channel) as (tx, actor):
        said = do_use_set(tx, bot.now(), actor, click.value.get("set"))
    context.tell(bot, click, said)
    ack()


def on_not_samples(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Not samples*: the file counts as any other, and the offer goes."""
    click = forms.click(body)
    value, channel = click.value, str(click.channel)
    with context.acting(bot, body, click.user, channel) as (tx, actor):
        said = do_say_not_samples(tx, bot.now(), actor, channel, value.get("reply"), value.get("set"))
    bot.later(bot.forget)
    context.tell(bot, click, said, replace=True)
    ack()


def on_delete(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Delete*, confirmed: the set keeps its line, and the story says so."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    with context.once(bot, body) as tx:
        bet = do_delete_set(tx, bot.now(), actor, click.value.get("set"))
        bet, team = context.find_bet(tx, actor, bet.id)
        story = get_story(tx, actor, team, bet, forms.whole(click.value.get("page")))
    bot.later(bot.forget)
    context.tell(bot, click, story, replace=True)
    ack()


def on_page(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Next* and *Previous*: the sets before the newest ones."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    with bot.reading() as tx:
        bet, team = context.find_bet(tx, actor, click.value.get("bet"))
        shown = get_story(tx, actor, team, bet, forms.whole(click.value.get("page")))
    context.tell(bot, click, shown, replace=True)
    ack()
