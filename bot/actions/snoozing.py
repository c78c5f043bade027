"""*Snooze 2 weeks*: a nudge is put off, once."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.actions.decisions import refuse_to_decide
from bot.actions.nudges import refresh_nudge
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, Nudge, Team
from bot.domain.zones import describe_date, local_date
from bot.store import nudges as store
from bot.store.history import insert_bet_history
from bot.store.people import get_name

WEEKS = timedelta(weeks=2)


def do_snooze_nudge(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, nudge_id: object) -> Nudge:
    """The nudge rests for two weeks, and its packet says so; refused for one that was answered or put off before."""
    refuse_to_decide(tx, actor, team, bet)
    nudge = find_nudge(tx, bet, nudge_id)
    until = local_date(now, team.zone) + WEEKS
    if not store.update_answer(tx, now, nudge.id, "snoozed", actor.user, snoozed_until=until):
        raise Refusal(_why_not(tx, bet, nudge))
    after = {"nudge": nudge.id, "until": until.isoformat()}
    insert_bet_history(tx, now, bet, "snoozed", actor.user, after=after)
    refresh_nudge(tx, now, team, nudge.id)
    return find_nudge(tx, bet, nudge.id)


def _why_not(tx: Connection, bet: Bet, nudge: Nudge) -> str:
    name = get_name(tx, nudge.answered_by or "")
    if nudge.snoozed_until and nudge.decision_id is None:
        until = describe_date(nudge.snoozed_until)
        return f"{name} has snoozed this already, until {until}, and a nudge is snoozed once: keep {bet.key} instead."
    return f"{name} has answered this already, so there is nothing to snooze: the thread of {bet.key} says how."


def find_nudge(tx: Connection, bet: Bet, nudge_id: object) -> Nudge:
    """The nudge of a button; the same answer for none and for one of another bet."""
    nudge = store.get_nudge_or_none(tx, nudge_id)
    if nudge is None or nudge.bet_id != bet.id or nudge.posted_at is None:
        raise Refusal(f"There is no such nudge on {bet.key}.")
    return nudge
