"""A bet whose appetite is over and that nobody decided about: it is no longer live, and waits for a decision."""

from datetime import datetime

from sqlalchemy import Connection

from bot.actions.decisions import do_change
from bot.domain.records import Bet, Team
from bot.render.decisions import CLOCK


def do_lapse(tx: Connection, now: datetime, team: Team, bet: Bet) -> Bet:
    """The bet lapses. Nobody did that, so nobody is named; silence never kills."""
    return do_change(tx, now, CLOCK, team, bet, "lapse", {}, ended_at=now)
