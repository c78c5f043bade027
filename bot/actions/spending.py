"""What is left of a bet's present appetite, by what was reported and by the days that have gone by."""

from datetime import datetime

from sqlalchemy import Connection

from bot.domain.appetite import agreed_people_weeks, people_weeks_left
from bot.domain.bets import day_of, days_total
from bot.domain.errors import Refusal, own
from bot.domain.records import Bet, Team
from bot.domain.spending import spent_ever, spent_now
from bot.store.portfolio import list_efforts


def get_people_weeks_left(tx: Connection, now: datetime, team: Team, bet: Bet) -> float:
    """People-weeks of the present appetite that are not spent; none of a bet that never started."""
    if bet.started_at is None:
        return 0.0
    return people_weeks_left(bet, spent_now(bet, list_efforts(tx, [bet.id])[bet.id], now, team.zone))


def is_spent(tx: Connection, now: datetime, team: Team, bet: Bet) -> bool:
    """Whether people have to decide about the bet anew: its appetite has run out, or its people-weeks are spent, in the
    present appetite or in the sum of all, by which the policy says "bet again or stop"."""
    if day_of(bet, now, team.zone) >= days_total(bet, team.zone) or not get_people_weeks_left(tx, now, team, bet):
        return True
    effort = list_efforts(tx, [bet.id], ever=True)[bet.id]
    return spent_ever(bet, effort, now, team.zone) >= agreed_people_weeks(bet)


def refuse_unspent(tx: Connection, now: datetime, team: Team, bet: Bet) -> None:
    """Refused while the appetite of a live bet lasts: to bet again would be a doubling that no rail holds."""
    if bet.status == "live" and not is_spent(tx, now, team, bet):
        left = days_total(bet, team.zone) - day_of(bet, now, team.zone)
        days = "1 day" if left == 1 else f"{left} days"
        raise Refusal(own(f"{bet.key} has {days} of its appetite left: for a larger one use `/bets double {bet.key}`."))
