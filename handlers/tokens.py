"""Listeners for a team's tokens, in the form of its settings."""

from typing import Any

from slack_bolt import Ack
from sqlalchemy import Connection

from bot.actions.tokens import do_make_token, do_revoke_token
from bot.domain.records import Actor, Team
from bot.render.ids import Act
from bot.runtime import Bot
from bot.store.teams import list_teams
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
    click, actor = _read(bot, body)
    with context.once(bot, body) as tx:
        team = context.find_team(tx, actor, click.private.get("team"))
        token = do_make_token(tx, bot.now(), actor, team)
        view = _refreshed(tx, click, team, token)
    context.change_modal(bot, click, view)
    ack()


def on_revoke(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Revoke*."""
    click, actor = _read(bot, body)
    with context.once(bot, body) as tx:
        team = context.find_team(tx, actor, click.private.get("team"))
        do_revoke_token(tx, bot.now(), actor, team, click.value.get("token"))
        view = _refreshed(tx, click, team)
    context.change_modal(bot, click, view)
    ack()


def _read(bot: Bot, body: dict[str, Any]) -> tuple[Click, Actor]:
    """The press with who pressed, as known in the channel of the form's team."""
    click = forms.click(body)
    team_id = click.private.get("team")
    with bot.reading() as tx:
        known = [team for team in list_teams(tx) if team.id == team_id]
    return click, context.who(bot, click.user, known[0].channel if known else None)


def _refreshed(tx: Connection, click: Click, team: Team, fresh: str | None = None) -> dict[str, Any]:
    """The form as it is now, with the version with which it was opened, so that *Save* still sees who was faster."""
    view = config_modal(tx, team, fresh)
    return view | {"private_metadata": str((click.view or {}).get("private_metadata") or "")}
