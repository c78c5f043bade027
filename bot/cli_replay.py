"""`bets advise --at`: what the nudge policy says on the stored history, then and week by week before."""

import json
from datetime import datetime
from typing import Any

import click

from bot.actions.asof import View
from bot.actions.replay import Said, advise_at, list_replay
from bot.cli_advise import shown
from bot.cli_open import open_bot
from bot.domain.records import Bet
from bot.store.evidence import get_evidence
from bot.store.teams import list_teams


def show_stored(at: datetime, channels: tuple[str, ...]) -> None:
    """Writes one JSON line for each bet that was live at `at`; only reads."""
    bot = open_bot()
    try:
        with bot.reading() as tx:
            teams = [team for team in list_teams(tx) if not channels or team.channel in channels]
            if unknown := set(channels) - {team.channel for team in teams}:
                raise click.ClickException(f"There is no team {min(unknown)}: `bets team list` shows them.")
            for team in teams:
                view = View(get_evidence(tx, team.id), team, max(bot.now(), at), at)
                for bet in view.live:
                    click.echo(json.dumps(_line(view, bet)))
    finally:
        bot.engine.dispose()


def _line(view: View, bet: Bet) -> dict[str, Any]:
    found = advise_at(view, bet.id)
    assert found is not None
    head = {"id": bet.key, "team": view.team.channel, "bet": bet.key}
    return head | shown(found) | {"replay": [_said(one) for one in list_replay(view, bet)]}


def _said(one: Said) -> dict[str, Any]:
    """What was said at one decisions hour, with the codes of its reasons."""
    at = one.at.isoformat().replace("+00:00", "Z")
    return {"at": at, **shown(one.advice), "reasons": [reason.code for reason in one.advice.reasons]}
