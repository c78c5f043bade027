"""Decisions that let a bet go on: double down, keep until a day, and bet again on one that is spent or lapsed."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.decisions import do_change, refuse_to_begin
from bot.actions.rails import list_touched
from bot.domain.appetite import appetite_until, new_appetite, refuse_smaller, refuse_until
from bot.domain.bets import validate_appetite, validate_reason
from bot.domain.errors import Refusal
from bot.domain.rails import Rail
from bot.domain.records import Actor, Bet, KillCriterion, Team
from bot.domain.scope_checks import wrong_criterion
from bot.domain.zones import local_date


def do_double_bet(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, reason: str, weeks: str) -> Bet:
    """A new, larger appetite begins now. Where it touches a guard rail only a lead may, and the rail is kept."""
    refuse_to_begin(tx, now, actor, team, bet, "double")
    reason, length = validate_reason(reason), refuse_smaller(bet, validate_appetite(weeks))
    more = _across(tx, actor, team, bet, "double", length)
    values = new_appetite(bet, now, team.zone, length)
    return do_change(tx, now, actor.user, team, bet, "double", {"reason": reason}, values, more=more)


def do_keep_bet(
    tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, reason: str, until: date, criterion: str
) -> Bet:
    """The bet goes on until that day, on which one more criterion is looked at."""
    refuse_to_begin(tx, now, actor, team, bet, "keep")
    today = local_date(now, team.zone)
    _refuse_any(
        lambda: validate_reason(reason),
        lambda: _refuse_criterion(criterion.strip(), today),
        lambda: refuse_until(until, today),
    )
    values = appetite_until(bet, now, team.zone, until)
    one = KillCriterion(" ".join(criterion.split()), until)
    more = {"criterion": one.text}
    return do_change(tx, now, actor.user, team, bet, "keep", {"reason": reason.strip()}, values, one, more)


def _refuse_any(*checks: Callable[[], object]) -> None:
    """One refusal for the fields of all that refuse."""
    wrong: dict[str, str] = {}
    for check in checks:
        try:
            check()
        except Refusal as refusal:
            wrong |= refusal.fields
    if wrong:
        raise Refusal(next(iter(wrong.values())), fields=wrong)


def _refuse_criterion(text: str, today: date) -> None:
    """The day on which it is looked at is a field of its own."""
    missing = "Say what you will look at by then: if it holds, the team stops."
    if found := wrong_criterion(text, today, today) if text else missing:
        raise Refusal(found, "criterion")


def do_bet_again(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, reason: str, weeks: str) -> Bet:
    """A bet that lapsed or whose appetite is spent goes on with a new one; a larger one is held by the guard rails as a
    doubling is."""
    refuse_to_begin(tx, now, actor, team, bet, "rebet")
    reason, length = validate_reason(reason), validate_appetite(weeks)
    more = _across(tx, actor, team, bet, "rebet", length)
    values = new_appetite(bet, now, team.zone, length)
    return do_change(tx, now, actor.user, team, bet, "rebet", {"reason": reason}, values, more=more)


def list_untold(
    tx: Connection, actor: Actor, team: Team, bet: Bet, kind: str, weeks: str, told: Collection[str]
) -> list[Rail]:
    """The rails that a lead is about to cross, unless their form has `told` all of them, by code."""
    touched = list_touched(tx, team, bet, kind, validate_appetite(weeks))
    news = actor.role(team) == "lead" and any(rail.code not in told for rail in touched)
    return touched if news else []


def _across(tx: Connection, actor: Actor, team: Team, bet: Bet, kind: str, weeks: int) -> dict[str, Any]:
    """What history keeps of a new appetite: its weeks, and the rails that it crosses, which only a lead may."""
    rails = [f"{rail.text}." for rail in list_touched(tx, team, bet, kind, weeks)]
    if rails and actor.role(team) != "lead":
        do = "double down" if kind == "double" else "bet so much on it"
        raise Refusal(f"{' '.join(rails)} Only a lead can {do} all the same: ask one.", "reason")
    return {"weeks": weeks} | ({"rails": rails} if rails else {})
