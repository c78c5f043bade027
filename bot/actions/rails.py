"""Which guard rails of the portfolio a doubling would touch."""

from sqlalchemy import Connection

from bot.domain.bets import appetite_people_weeks
from bot.domain.rails import concentration, doubling_is_rare
from bot.domain.records import Bet, Team
from bot.store.bets import list_doubled, list_team_bets


def list_touched(tx: Connection, team: Team, bet: Bet, weeks: int) -> list[str]:
    """Each rail that a new appetite of so many weeks would touch, as a sentence with its numbers."""
    live = list_team_bets(tx, team.id, ("live",))
    others = [one for one in live if one.id != bet.id]
    planned = bet.appetite_people_weeks or 1.0
    factor = appetite_people_weeks(weeks, len(bet.owners)) / planned
    doubled = list_doubled(tx, [one.id for one in others])
    found = [
        concentration(planned, [one.appetite_people_weeks for one in others], team.maturity, factor),
        doubling_is_rare(len(doubled), len(live)),
    ]
    return [f"{rail.text}." for rail in found if rail]
