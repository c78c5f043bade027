"""Listeners for the buttons of the home tab."""

from typing import Any

from slack_bolt import Ack

from bot.actions.absences import do_come_back
from bot.actions.teams import refuse_to_configure
from bot.actions.updates import get_updates_form
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Team
from bot.domain.zones import local_date
from bot.render.absences import away_modal
from bot.render.ids import Act
from bot.render.updates import updates_modal
from bot.runtime import Bot
from bot.store.teams import get_team_or_none
from handlers import context, forms
from handlers.forms import Click
from handlers.routing import Routes
from handlers.teams import config_modal

GONE = "You are not in that team's channel any more: join it again, then press once more."


def register(routes: Routes) -> None:
    """The buttons of the home tab; that it was opened is an event like others."""
    routes.action(Act.HOME_UPDATES)(on_updates)
    routes.action(Act.HOME_AWAY)(on_away)
    routes.action(Act.HOME_BACK)(on_back)
    routes.action(Act.HOME_CONFIG)(on_config)


def on_updates(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Give my updates*."""
    click, actor, team = _read(bot, body)
    with bot.reading() as tx:
        view = updates_modal(get_updates_form(tx, bot.now(), actor, team))
    context.show_modal(bot, click, view)
    ack()


def on_away(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*I'm away*: asks from when until when."""
    click, actor, team = _read(bot, body)
    context.show_modal(bot, click, away_modal(team.id, local_date(bot.now(), actor.zone_or(team.zone))))
    ack()


def on_back(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*I'm back*: ends the absence at once; the tab shows it."""
    _, actor, team = _read(bot, body)
    with context.once(bot, body) as tx:
        do_come_back(tx, bot.now(), actor, team)
    ack()


def on_config(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Settings*: the form of that team."""
    click, actor, team = _read(bot, body)
    with bot.reading() as tx:
        refuse_to_configure(tx, actor, team)
        view = config_modal(tx, team)
    context.show_modal(bot, click, view)
    ack()


def _read(bot: Bot, body: dict[str, Any]) -> tuple[Click, Actor, Team]:
    """The press, with who pressed and for which of their teams."""
    click = forms.click(body)
    with bot.reading() as tx:
        team = get_team_or_none(tx, click.value.get("team"))
    if team is None:
        raise Refusal(GONE)
    return click, context.who_in(bot, click.user, team, GONE), team
