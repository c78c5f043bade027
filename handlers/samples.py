"""Listeners for samples: *Good*, *Bad*, *Weird*, *Judge more*, *Show all*."""

from typing import Any

from slack_bolt import Ack

from bot.actions.judging import do_judge, do_show_more, get_more, get_whole
from bot.render.ids import Act
from bot.runtime import Bot
from handlers import context, forms
from handlers.checkins import whole
from handlers.routing import Routes


def register(routes: Routes) -> None:
    """The buttons under samples, in the message and in *Judge more*."""
    routes.action(Act.VOTE)(on_vote)
    routes.action(Act.JUDGE_MORE)(on_more)
    routes.action(Act.JUDGE_PAGE)(on_page)
    routes.action(Act.SHOW_ALL)(on_show_all)


def on_vote(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """A vote; in *Judge more* the form then shows how others voted on it."""
    click = forms.click(body)
    with context.acting(bot, body, click.user, click.channel) as (tx, actor):
        said = do_judge(tx, bot.now(), actor, click.value.get("sample"), click.suffix)
        in_form = click.private.get("draw") if click.view else None
        view = get_more(tx, actor, in_form, whole(click.private.get("page"))) if in_form else None
    if view:
        context.change_modal(bot, click, view)
    elif said:
        context.tell(bot, click, said)
    ack()


def on_more(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Judge more*: the rest of the draw, and how others voted on what this person voted on."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    with bot.transaction() as tx:
        view = do_show_more(tx, bot.now(), actor, click.value.get("draw"))
    context.show_modal(bot, click, view)
    ack()


def on_page(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Next* and *Previous* in it."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    with bot.reading() as tx:
        view = get_more(tx, actor, click.value.get("draw"), whole(click.value.get("page")))
    context.change_modal(bot, click, view)
    ack()


def on_show_all(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Show all*: the whole row."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    with bot.reading() as tx:
        view = get_whole(tx, actor, click.value.get("sample"))
    context.show_modal(bot, click, view)
    ack()
