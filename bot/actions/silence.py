"""Which check-ins without an answer are silence: not those in which everybody on the bet was away."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.answers import last_day
from bot.domain.records import Bet, Confidence, Team
from bot.domain.summary import silence_of
from bot.store.checkins import list_checkins
from bot.store.people import list_away
from bot.store.tables import checkins


def without_away(
    tx: Connection, now: datetime, team: Team, bets: Iterable[Bet], left: set[str], said: dict[int, Confidence]
) -> dict[int, Confidence]:
    """What is `said` of the bets, without the silent weeks in which none of a bet's owners was there to answer; whoever
    has `left` is waited for in no week."""
    weeks = {week for one in said.values() for week in one.silent}
    if not weeks:
        return said
    rounds = list_checkins(tx, checkins.c.team_id == team.id, checkins.c.week.in_(weeks))
    away = {one.week: list_away(tx, team, last_day(team, one, now)) for one in rounds}
    heard = dict(said)
    for bet in bets:
        owners, silent = set(bet.owners) - left, said[bet.id].silent
        gone = {week for week in silent if owners <= away[week]} if owners else set()
        heard[bet.id] = said[bet.id]._replace(silent=silence_of(silent, gone))
    return heard
