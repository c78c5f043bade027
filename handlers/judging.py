"""Listeners of what people judge, samples and blind pairs alike: votes, *Judge more* with its pages, *Show all*."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack

from bot.render.ids import Act
from bot.runtime import Bot
from handlers import context, forms
from handlers.routing import Routes

View = dict[str, Any]


@dataclass(frozen=True)
class Judging:
    """What is judged one by one, by four actions. `one` and `all` are the names under which buttons carry the id of
    what is voted on and of what *Judge more* shows."""

    one: str
    all: str
    do_vote: Callable[..., View | None]
    do_show_more: Callable[..., View]
    get_more: Callable[..., View]
    get_whole: Callable[..., View]

    def register(self, routes: Routes, vote: Act, more: Act, page: Act, show_all: Act) -> None:
        """The buttons, in the message and in *Judge more*."""
        routes.action(vote)(self.on_vote)
        routes.action(more)(self.on_more)
        routes.action(page)(self.on_page)
        routes.action(show_all)(self.on_show_all)

    def on_vote(self, ack: Ack, body: dict[str, Any], bot: Bot) -> None:
        """A vote; in *Judge more* the form then shows it, else a small modal does if it was changed."""
        click = forms.click(body)
        with context.acting(bot, body, click.user, click.channel) as (tx, actor):
            said = self.do_vote(tx, bot.now(), actor, click.value.get(self.one), click.suffix)
            in_form = click.private.get(self.all) if click.view else None
            view = self.get_more(tx, actor, in_form, forms.whole(click.private.get("page"))) if in_form else None
        if view:
            context.change_modal(bot, click, view)
        elif said and said.get("type") == "modal":
            context.show_notice(bot, click, said)
        elif said:
            context.tell(bot, click, said)
        ack()

    def on_more(self, ack: Ack, body: dict[str, Any], bot: Bot) -> None:
        """*Judge more*: what the message does not show, and this person's own votes."""
        click = forms.click(body)
        actor = context.who(bot, click.user, click.channel)
        with bot.transaction() as tx:
            view = self.do_show_more(tx, bot.now(), actor, click.value.get(self.all))
        context.show_modal(bot, click, view)
        ack()

    def on_page(self, ack: Ack, body: dict[str, Any], bot: Bot) -> None:
        """*Next* and *Previous* in it."""
        click = forms.click(body)
        actor = context.who(bot, click.user, click.channel)
        with bot.reading() as tx:
            view = self.get_more(tx, actor, click.value.get(self.all), forms.whole(click.value.get("page")))
        context.change_modal(bot, click, view)
        ack()

    def on_show_all(self, ack: Ack, body: dict[str, Any], bot: Bot) -> None:
        """*Show all*: one of them with nothing left out."""
        click = forms.click(body)
        actor = context.who(bot, click.user, click.channel)
        with bot.reading() as tx:
            view = self.get_whole(tx, actor, click.value.get(self.one))
        context.show_modal(bot, click, view)
        ack()
