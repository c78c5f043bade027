"""Bets that were killed, straight into the database."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from bot.store.bets import insert_bet, insert_decision, update_status
from bot.store.graveyard import refresh_grave
from tests.dead_bets import Dead

T0 = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
TEAM, OTHER = 1, 2


def grave(title: str, problem: str = "p", learning: str = "l") -> Dead:
    """A bet of which only this is of interest."""
    return Dead("", title, problem, "h", "nobody used it", learning)


def bury(tx: Connection, dead: Dead, team: int = TEAM, after: int = 0) -> int:
    """That bet, killed after so many days; returns its id."""
    values = {"team_id": team, "title": dead.title, "problem": dead.problem, "hypothesis": dead.hypothesis}
    values |= {"tags": [], "author": "U1", "appetite_weeks": 4, "appetite_people_weeks": 4, "created_at": T0}
    bet_id = insert_bet(tx, ["U1"], [], **values, status="live")
    kill(tx, bet_id, dead.reason, dead.learning, after)
    return bet_id


def kill(tx: Connection, bet_id: int, reason: str, learning: str, after: int = 0) -> None:
    """The bet ends as by a decision."""
    at = T0 + timedelta(days=after)
    assert update_status(tx, bet_id, "live", "killed", ended_at=at)
    insert_decision(tx, at, bet_id, "kill", "U1", reason=reason, learning=learning, outcome="no")
    refresh_grave(tx, bet_id)
