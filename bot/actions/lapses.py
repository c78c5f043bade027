"""A bet whose appetite is over and that nobody decided about: it is no longer live, and waits for a decision."""

from datetime import datetime

from sqlalchemy import Connection

from bot.actions.decisions import do_change
from bot.domain.bets import lapses
from bot.domain.records import Bet, Team
from bot.render.decisions import CLOCK
from bot.store.bets import list_team_bets, list_warned


def do_lapse_overdue(tx: Connection, now: datetime, team: Team, close: datetime) -> None:
    """At a week's close: every live bet lapses whose second warning is seven days old. Silence never kills."""
    warned = list_warned(tx, team.id)
    for bet in list_team_bets(tx, team.id, ("live",)):
        if lapses(warned.get(bet.id), close):
            do_lapse(tx, now, team, bet)


def do_lapse(tx: Connection, now: datetime, team: Team, bet: Bet) -> Bet:
    """The bet lapses. Nobody did that, so nobody is named."""
    return do_change(tx, now, CLOCK, team, bet, "lapse", {}, {"ended_at": now})
