"""Assumptions are answered: verified, false, or still unknown with a new day on which somebody looks."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.assumption_prompts import do_tell_answer
from bot.actions.decisions import refuse_to_answer
from bot.actions.nudges import refresh_criteria
from bot.actions.packets import do_nudge_today
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, Team
from bot.domain.scope_checks import validate_check_at
from bot.domain.scoping import FALSE, HOLDS, UNTESTED, Assumption
from bot.domain.zones import local_date
from bot.store import scopes as store
from bot.store.history import insert_bet_history
from bot.store.stale import insert_stale_scope

KIND = "assumption"


def do_answer_assumption(
    tx: Connection,
    now: datetime,
    actor: Actor,
    team: Team,
    bet: Bet,
    assumption_id: Any,
    state: str,
    check_at: date | None = None,
) -> bool:
    """Keeps the answer, and everything that tells of the assumption says so; that a critical one is false is a hard
    fact, of which the channel may hear at once: returns whether it does. `untested` needs the day on which somebody
    looks again. Another answer changes it while the bet runs; that it is false, said again, changes nothing."""
    found = store.get_assumption(tx, bet.id, assumption_id)
    if found is None or state not in (UNTESTED, HOLDS, FALSE):
        raise Refusal(f"That assumption is not among those of {bet.key} any more: its scope has those that are.")
    whose = f"Whether this holds is for the owners of {bet.key} and the leads to say: tell them."
    refuse_to_answer(tx, actor, team, bet, (*bet.owners, found.owner or ""), whose)
    if state == found.state == FALSE:  # it would get a later day, and an old fact would be told as a new one
        return False
    answer: dict[str, Any] = {"state": state, "answered_by": actor.user, "answered_at": now}
    if state == UNTESTED:
        answer["check_at"] = _day(check_at, local_date(now, team.zone))
    _keep(tx, now, actor, bet, found, answer)
    store.update_assumption(tx, found.id, **answer)
    _do_show(tx, now, team, bet, found)
    news = state == FALSE and found.state != FALSE and found.critical and bet.status == "live"
    return news and do_nudge_today(tx, now, team, bet, {"assumption": found.id}) == "now"


def _do_show(tx: Connection, now: datetime, team: Team, bet: Bet, before: Assumption) -> None:
    after = store.get_assumption(tx, bet.id, before.id)
    assert after is not None
    refresh_criteria(tx, now, team, bet.id)
    insert_stale_scope(tx, team.id, bet.id)
    do_tell_answer(tx, now, team, bet, before, after)


def _day(check_at: date | None, today: date) -> date:
    if check_at is None or check_at <= today:
        raise Refusal("Choose a day after today: by then somebody looks.", "check_at")
    if sentence := validate_check_at(check_at, today):
        raise Refusal(sentence, "check_at")
    return check_at


def _keep(tx: Connection, now: datetime, actor: Actor, bet: Bet, found: Assumption, answer: dict[str, Any]) -> None:
    same: dict[str, Any] = {"assumption": found.id, "text": found.text}
    before = same | {"state": found.state, "check_at": _iso(found.check_at), "answered_at": _iso(found.answered_at)}
    after = same | {"state": answer["state"], "check_at": _iso(answer.get("check_at", found.check_at))}
    insert_bet_history(tx, now, bet, KIND, actor.user, before=before, after=after)


def _iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value else None
