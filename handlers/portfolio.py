"""Listeners for `/bets summary` and the buttons under it."""

import hashlib
import re
from typing import Any

from slack_bolt import Ack
from sqlalchemy import Connection

from bot.actions.absences import find_person
from bot.actions.portfolio import do_share_summary, do_summarize, get_summary_page
from bot.domain.errors import Refusal, own
from bot.domain.records import Team
from bot.domain.summary import parse_filter
from bot.render.ids import Act
from bot.runtime import Bot
from bot.store.teams import get_team_of_channel
from handlers import commands, context, forms
from handlers.commands import Ask, Reply, Word
from handlers.forms import Click
from handlers.routing import Routes


def register(routes: Routes) -> None:
    """The word, and the buttons under its answer."""
    usage = "summary [mine|@person|#tag|all] [weeks N]"
    commands.add_words(Word("summary", usage, "what needs a look, and every bet in a line", run_summary, writes=True))
    routes.action(Act.SUMMARY_PAGE)(on_page)
    routes.action(Act.SUMMARY_SHARE)(on_share)


def run_summary(ask: Ask) -> Reply:
    """`/bets summary`: the text at once, the chart by DM."""
    asked = parse_filter(_with_ids(ask), ask.actor.user)
    return Reply(do_summarize(ask.tx, ask.now, ask.actor, ask.team, asked, context.dm_link(ask.bot)))


def _with_ids(ask: Ask) -> str:
    """The words with the ids of people whose names were typed instead of picked from Slack's list."""
    words = ask.words
    for _ in range(2):  # two people are refused, so that no more are looked up
        name = re.search(r"(?<!\S)@\S", words)
        person, rest = find_person(ask.tx, ask.team, words[name.start() :]) if name else (None, "")
        if name and person:
            words = f"{words[: name.start()]}<@{person.user}> {rest}"
    return words


def on_page(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """Next, Previous, First and Last: the same message turns its page."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.value.get("channel"))
    with bot.reading() as tx:
        asked = parse_filter(str(click.value.get("words", "")), actor.user)
        answer = get_summary_page(
            tx, bot.now(), actor, _team(tx, click), asked, forms.whole(click.value.get("page")), context.dm_link(bot)
        )
    context.tell(bot, click, answer, replace=True)
    ack()


def on_share(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Share in channel*: the page that stands above the button, as one message for everybody."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.value.get("channel"))
    key = hashlib.sha256(forms.receipt_key(body).encode()).hexdigest()[:16]
    with context.once(bot, body) as tx:
        asked = parse_filter(str(click.value.get("words", "")), actor.user)
        do_share_summary(tx, bot.now(), actor, _team(tx, click), asked, forms.whole(click.value.get("page")), key)
    context.tell(bot, click, {"text": "Shared in the channel."})
    ack()


def _team(tx: Connection, click: Click) -> Team:
    team = get_team_of_channel(tx, str(click.value.get("channel")))
    if team is None:
        raise Refusal(own("That summary is too old: run `/bets summary` again."))
    return team
