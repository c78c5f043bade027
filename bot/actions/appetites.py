"""Decisions that let a bet go on: double down, keep until a day, and bet again on one that lapsed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.decisions import do_change, refuse_to_decide
from bot.actions.rails import list_touched
from bot.domain.appetite import appetite_until, new_appetite, refuse_smaller, refuse_until
from bot.domain.bets import change, validate_appetite
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, KillCriterion, Team
from bot.domain.zones import local_date

SENTENCE = "Write a sentence here: others will ask why."
LONGEST_CRITERION = 500


def do_double_bet(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, reason: str, weeks: str) -> Bet:
    """A new, larger appetite begins now. Where it touches a guard rail only a lead may, and the rail is kept."""
    _refuse(tx, actor, team, bet, "double")
    reason, length = _reason(reason), refuse_smaller(bet, validate_appetite(weeks))
    rails = list_touched(tx, team, bet, length)
    if rails and actor.role(team) != "lead":
        raise Refusal(f"{' '.join(rails)} Only a lead can double down all the same: ask one.", "reason")
    more: dict[str, Any] = {"weeks": length} | ({"rails": rails} if rails else {})
    values = new_appetite(bet, now, team.zone, length)
    return do_change(tx, now, actor.user, team, bet, "double", {"reason": reason}, values, more=more)


def do_keep_bet(
    tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, reason: str, until: date, criterion: str
) -> Bet:
    """The bet goes on until that day, on which one more criterion is looked at."""
    _refuse(tx, actor, team, bet, "keep")
    wrong: dict[str, str] = {}
    if not reason.strip():
        wrong["reason"] = SENTENCE
    if not criterion.strip():
        wrong["criterion"] = "Say what you will look at by then: if it holds, the team stops."
    elif len(criterion.strip()) > LONGEST_CRITERION:
        wrong["criterion"] = f"Keep it to {LONGEST_CRITERION} characters; this has {len(criterion.strip()):,}."
    try:
        refuse_until(until, local_date(now, team.zone))
    except Refusal as refusal:
        wrong |= refusal.fields
    if wrong:
        raise Refusal(next(iter(wrong.values())), fields=wrong)
    values = appetite_until(bet, now, team.zone, until)
    one = KillCriterion(" ".join(criterion.split()), until)
    more = {"criterion": one.text}
    return do_change(tx, now, actor.user, team, bet, "keep", {"reason": reason.strip()}, values, one, more)


def do_bet_again(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, reason: str, weeks: str) -> Bet:
    """A bet that lapsed is live again, with a new appetite."""
    _refuse(tx, actor, team, bet, "rebet")
    reason, length = _reason(reason), validate_appetite(weeks)
    values = new_appetite(bet, now, team.zone, length)
    return do_change(tx, now, actor.user, team, bet, "rebet", {"reason": reason}, values, more={"weeks": length})


def _refuse(tx: Connection, actor: Actor, team: Team, bet: Bet, kind: str) -> None:
    refuse_to_decide(tx, actor, team, bet)
    change(bet.status, kind)


def _reason(text: str) -> str:
    if not text.strip():
        raise Refusal(SENTENCE, "reason")
    return text.strip()
