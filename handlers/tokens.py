"""Listeners for a team's tokens, in the form of its settings."""

from typing import Any

from slack_bolt import Ack
from sqlalchemy import Connection

from bot.actions.tokens import do_make_token, do_revoke_token
from bot.domain.records import Team
from bot.render.ids import Act
from bot.runtime import Bot
from handlers import context, forms
from handlers.forms import Click
from handlers.routing import Routes
from handlers.teams import config_modal


def register(routes: Routes) -> None:
    """The buttons under a team's settings."""
    routes.action(Act.NEW_TOKEN)(on_new)
    routes.action(Act.REVOKE_TOKEN)(on_revoke)


def on_new(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*New token*: made, and shown once in the form that is open."""
    click = forms.click(body)
    with context.acting(bot, body, click.user) as (tx, actor):
        team = context.find_team(tx, actor, click.private.get("team"))
        token = do_make_token(tx, bot.now(), actor, team)
        view = _refreshed(tx, click, team, token)
    context.change_modal(bot, click, view)
    ack()


def on_revoke(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Revoke*."""
    click = forms.click(body)
    with context.acting(bot, body, click.user) as (tx, actor):
        team = context.find_team(tx, actor, click.private.get("team"))
        do_revoke_token(tx, bot.now(), actor, team, click.value.get("token"))
        view = _refreshed(tx, click, team)
    context.change_modal(bot, click, view)
    ack()


def _refreshed(tx: Connection, click: Click, team: Team, fresh: str | None = None) -> dict[str, Any]:
    """The form as it is now, with the version with which it was opened, so that *Save* still sees who was faster."""
    view = config_modal(tx, team, fresh)
    return view | {"private_metadata": str((click.view or {}).get("private_metadata") or "")}
