"""Sign-off: the scope is locked, and the bet is what it says."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.checkins import refresh_checkin
from bot.actions.editing import keep_criteria
from bot.actions.nudges import refresh_criteria
from bot.actions.placing import plain_facts
from bot.actions.refreshing import refresh_owners
from bot.actions.scope_gaps import get_missing
from bot.actions.scoping import STALE, get_open
from bot.domain.bets import NOT_STARTED, appetite_people_weeks, parse_kill_criteria, validate_appetite, validate_title
from bot.domain.changes import differences
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, KillCriterion, Team
from bot.domain.scope_diff import FieldDiff, diff_documents, diff_to_plain
from bot.domain.scoping import LOCKED, REVIEW, UNTESTED, Assumption, AssumptionText, Scope
from bot.domain.zones import local_date
from bot.store import bets as bet_store
from bot.store import scopes as store
from bot.store.history import insert_bet_history
from bot.store.people import get_name
from bot.store.stale import insert_stale_scope


def do_sign_off(tx: Connection, now: datetime, actor: Actor, team: Team, scope_id: Any, seen_revision: Any) -> Scope:
    """The scope is locked by its technical reviewer, and the bet has its title, texts, owners, appetite and criteria.

    An idea is scoped from now on; what runs goes on. `seen_revision` is what the reviewer read.
    """
    scope, bet = get_open(tx, actor, team, scope_id, typed=False)
    _refuse(tx, now, actor, team, scope, bet, seen_revision)
    before = store.get_locked(tx, bet.id)
    if not store.update_scope(tx, now, scope, LOCKED, signed_off_by=actor.user, locked_at=now):
        raise Refusal(STALE)
    locked = store.list_scopes(tx, store.scopes.c.id == scope.id)[0]
    _sync_assumptions(tx, locked)
    _apply(tx, now, team, bet, locked)
    _keep(tx, now, actor, bet, locked, diff_documents(before.doc, locked.doc) if before else ())
    refresh_checkin(tx, now, team.id)
    refresh_owners(tx, team.id, bet.owners, locked.doc.owners)
    refresh_criteria(tx, now, team, bet.id)
    insert_stale_scope(tx, team.id, bet.id, posts=True)
    return locked


def _refuse(
    tx: Connection, now: datetime, actor: Actor, team: Team, scope: Scope, bet: Bet, seen_revision: Any
) -> None:
    if actor.user in (*scope.doc.owners, *bet.owners):
        raise Refusal(f"You own {bet.key}, and nobody signs off their own: its technical reviewer does.")
    if actor.user == scope.author:
        raise Refusal("You wrote this scope, and nobody signs off their own: its technical reviewer does.")
    if actor.user != scope.doc.reviewer:
        who = get_name(tx, scope.doc.reviewer) if scope.doc.reviewer else "Its technical reviewer"
        raise Refusal(f"{who} signs this off; name somebody else in the scope if that cannot be.")
    if scope.status != REVIEW:
        raise Refusal("This scope was changed since you were asked, so it is a draft again: wait to be asked anew.")
    if seen_revision != scope.revision:
        raise Refusal("This scope was changed since you read it: read it again, then sign off.")
    if missing := get_missing(tx, now, team, scope, bet):
        raise Refusal(next(iter(missing.values())), fields=missing)


def _apply(tx: Connection, now: datetime, team: Team, bet: Bet, scope: Scope) -> None:
    doc, weeks = scope.doc, validate_appetite(scope.doc.appetite_weeks)
    values: dict[str, Any] = {"title": validate_title(doc.title), "problem": doc.problem.strip()}
    values |= {"hypothesis": doc.hypothesis.strip(), "appetite_weeks": weeks}
    if bet.status in NOT_STARTED:
        values["appetite_people_weeks"] = appetite_people_weeks(weeks, len(doc.owners))
    elif weeks != bet.appetite_weeks:
        # As with an edit: reckoned with the owners of the start. What was warned of is another appetite's.
        values["appetite_people_weeks"] = bet.appetite_people_weeks / bet.appetite_weeks * weeks
        values |= {"appetite_until": None, "warned_75_at": None, "warned_100_at": None}
    status = "scoped" if bet.status == "idea" else bet.status
    if not bet_store.update_status(tx, bet.id, bet.status, status, **values):
        raise Refusal(STALE)
    bet_store.update_owners(tx, bet.id, doc.owners)
    bet_store.update_criteria(tx, bet.id, _criteria(now, team, bet, scope, weeks))


def _criteria(now: datetime, team: Team, bet: Bet, scope: Scope, weeks: int) -> tuple[KillCriterion, ...]:
    """Those of the scope; while the bet runs, one that reads as before keeps its date and what was answered."""
    started, today = local_date(bet.appetite_started_at or now, team.zone), local_date(now, team.zone)
    running = bet.status not in NOT_STARTED
    known = [one.text for one in bet.kill_criteria] if running else []
    given = parse_kill_criteria("\n".join(scope.doc.criteria), started, weeks, today, known)
    return keep_criteria(bet, given, weeks, started) if running else tuple(given)


def _sync_assumptions(tx: Connection, scope: Scope) -> None:
    """What stays as it was keeps its state; what changed its words is another assumption, untested."""
    standing = {one.ref: one for one in store.list_standing(tx, [scope.bet_id]).get(scope.bet_id, ())}
    for position, given in enumerate(scope.doc.assumptions):
        old = standing.get(given.id or "")
        if old is not None and old.text == given.text:
            del standing[old.ref]
            store.update_assumption(tx, old.id, position=position, **_following(old, given))
        else:
            store.insert_assumption(tx, scope.bet_id, scope.version, position, given)
    for gone in standing.values():
        store.update_assumption(tx, gone.id, gone_version=scope.version)


def _following(old: Assumption, given: AssumptionText) -> dict[str, Any]:
    """A check date that was put off since stays so, unless the scope names another than it did."""
    values: dict[str, Any] = {name: getattr(given, name) for name in ("kind", "critical", "how", "owner")}
    put_off = old.state == UNTESTED and old.answered_at is not None
    return values if put_off and old.check_at else values | {"check_at": given.check_at}


def _keep(tx: Connection, now: datetime, actor: Actor, bet: Bet, scope: Scope, diffs: tuple[FieldDiff, ...]) -> None:
    before, is_now = differences(_facts(bet), _facts(bet_store.get_bet(tx, bet.id)))
    after = is_now | {"version": scope.version, "signed_off_by": actor.user}
    if scope.version > 1:
        after |= {"reason": scope.reason, "diff": diff_to_plain(diffs)}
    kind = "scope_changed" if scope.version > 1 else "scope_locked"
    insert_bet_history(tx, now, bet, kind, actor.user, before=before, after=after)


def _facts(bet: Bet) -> dict[str, Any]:
    return plain_facts(bet) | {"status": bet.status, "appetite_people_weeks": bet.appetite_people_weeks}
