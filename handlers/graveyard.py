"""Listeners and words for the graveyard: what was killed, and what it taught."""

from typing import Any

from slack_bolt import Ack

from bot.actions.graveyard import get_graveyard
from bot.render.ids import Act
from bot.runtime import Bot
from handlers import commands, context, forms
from handlers.commands import Ask, Reply, Word
from handlers.routing import Routes


def register(routes: Routes) -> None:
    """The word, and the buttons that turn its pages."""
    routes.action(Act.GRAVEYARD_PAGE)(on_page)
    usage, hint = "graveyard [words]", "what was killed and what it taught, all or what the words fit"
    commands.add_words(Word("graveyard", usage, hint, run_graveyard, everywhere=True, act="list"))


def run_graveyard(ask: Ask) -> Reply:
    """`/bets graveyard [words]`."""
    return Reply(get_graveyard(ask.tx, ask.actor, ask.team, ask.words, alone=ask.request.chosen))


def on_page(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Next* and *Previous*: what may be read is decided anew."""
    click = forms.click(body)
    actor = context.who(bot, click.user)
    with bot.reading() as tx:
        team = context.find_team(tx, actor, click.value.get("team"))
        page = forms.whole(click.value.get("page"))
        words, alone = str(click.value.get("words", "")), click.value.get("alone") is True
        shown = get_graveyard(tx, actor, team, words, page, alone=alone)
    context.tell(bot, click, shown, replace=True)
    ack()
