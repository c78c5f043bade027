"""Taking a decision back: a lead within a day, or somebody off the bet who brings a killed one back."""

from datetime import datetime

from sqlalchemy import Connection

from bot.actions.decisions import do_change, do_record, key_of_notice
from bot.actions.rights import refuse_unless
from bot.domain.appetite import new_appetite
from bot.domain.bets import UNDOABLE, change, may_reopen, may_undo, validate_reason
from bot.domain.errors import Refusal, own
from bot.domain.records import Actor, Bet, Team
from bot.domain.zones import describe_instant
from bot.render.decisions import undone_notice
from bot.store import bets as store
from bot.store.outbox import get_post_by_key, get_shown_payload, update_message
from bot.store.people import get_name
from bot.store.tables import decisions
from bot.store.undo import CRITERION, delete_criterion, read_values


def do_undo(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, decision_id: object) -> Bet:
    """The bet is as it was before that decision, which must be its newest that stands; history keeps both."""
    refuse_unless(actor, team, "undo")
    found = store.list_decisions(tx, decisions.c.bet_id == bet.id)
    decision = next((one for one in found if one.id == decision_id), None)
    if decision is None or decision.kind not in UNDOABLE or decision.before is None:
        raise Refusal("There is nothing here that can be undone.")
    undone = {one.of: one for one in found if one.kind == "undo"}
    standing = [one for one in found if one.kind != "undo" and one.id not in undone]
    newer = undone.get(decision.id) or (standing[-1] if standing[-1].id != decision.id else None)
    if newer:
        name, when = get_name(tx, newer.by), describe_instant(newer.created_at, team.zone)
        what = "undid that" if newer.of == decision.id else f"decided about {bet.key} again"
        raise Refusal(f"{name} {what} on {when}, so nothing was changed: look at its card.")
    if not may_undo(decision, now):
        step = "it can still be reopened by somebody off the bet" if _still(bet, now) else "decide anew instead"
        raise Refusal(f"A decision can be undone for 24 hours, and this one is older: {step}.")
    before = read_values(decision.before)
    status = before.pop("status")
    if CRITERION in decision.before:
        delete_criterion(tx, bet.id, decision.before[CRITERION])
    said = {"of": decision.id, "undone": decision.kind}
    after = do_record(tx, now, actor.user, team, bet, "undo", status, before, {"of": decision.id}, said)
    notice = get_post_by_key(tx, key_of_notice(decision.id))
    if notice is not None:
        update_message(tx, now, notice.id, undone_notice(get_shown_payload(tx, notice)))
    return after


def refuse_to_reopen(now: datetime, actor: Actor, team: Team, bet: Bet) -> None:
    """Refused unless the bet was killed in the last two weeks and this person is off it."""
    refuse_unless(actor, team, "decide")
    if bet.status != "killed":
        step = "only a killed bet is reopened" if bet.status != "lapsed" else "bet again instead"
        raise Refusal(f"{bet.key} is {bet.status}: {step}.")
    if actor.user in bet.owners:
        raise Refusal(f"You own {bet.key}: somebody off the bet can reopen it, so ask one who believes in it.")
    if not _still(bet, now):
        raise Refusal(own(f"{bet.key} was killed more than 14 days ago: place it as a new bet with `/bets new`."))


def do_reopen(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, reason: str) -> Bet:
    """A killed bet is live again with a whole new appetite, because somebody who does not own it believes in it."""
    refuse_to_reopen(now, actor, team, bet)
    reason = validate_reason(reason)
    change(bet.status, "reopen")
    values = new_appetite(bet, now, team.zone, bet.appetite_weeks)
    if bet.started_at is None:  # killed as an idea: this is its first appetite
        values |= {"started_at": now, "earlier_weeks": 0.0, "earlier_people_weeks": 0.0}
    more = {"weeks": bet.appetite_weeks}
    return do_change(tx, now, actor.user, team, bet, "reopen", {"reason": reason}, values, more=more)


def _still(bet: Bet, now: datetime) -> bool:
    return bet.status == "killed" and bet.ended_at is not None and may_reopen(bet.ended_at, now)
