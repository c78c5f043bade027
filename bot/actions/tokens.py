"""Team tokens: made and revoked by leads, and shown by whoever pushes."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.teams import refuse_to_configure
from bot.domain.errors import Refusal, own
from bot.domain.records import Actor, Team
from bot.domain.tokens import HINT, MOST_TOKENS, START
from bot.store import tokens as store
from bot.store.history import insert_team_history


def do_make_token(tx: Connection, now: datetime, actor: Actor, team: Team) -> str:
    """A new token of the team, to be shown once: only its hash is kept."""
    refuse_to_configure(tx, actor, team)
    if len(store.list_tokens(tx, team.id)) >= MOST_TOKENS:
        raise Refusal(f"The team has {MOST_TOKENS} tokens already: revoke one that nobody uses first.")
    token = START + secrets.token_urlsafe(32)
    token_id = store.insert_token(tx, now, team.id, token, token[-HINT:], actor.user)
    _remember(tx, now, team, "token_made", actor, token_id)
    return token


def do_revoke_token(tx: Connection, now: datetime, actor: Actor, team: Team, token_id: Any) -> None:
    """The token opens nothing any more; refused for one that is not in force."""
    refuse_to_configure(tx, actor, team)
    mine = {one.id for one in store.list_tokens(tx, team.id)}
    if token_id not in mine or not store.update_revoked(tx, now, token_id, actor.user):
        raise Refusal(own("That token is not in force any more: open `/bets config` again to see those that are."))
    _remember(tx, now, team, "token_revoked", actor, token_id)


def _remember(tx: Connection, now: datetime, team: Team, kind: str, actor: Actor, token_id: int) -> None:
    insert_team_history(tx, now, team, kind, actor.user, after={"token": token_id})
