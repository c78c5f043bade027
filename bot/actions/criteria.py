"""Kill criteria are answered: it happened, it did not, or nobody knows yet."""

from datetime import datetime

from sqlalchemy import Connection

from bot.actions.asked import refresh_prompts
from bot.actions.bets import refresh_card
from bot.actions.decisions import refuse_to_answer
from bot.actions.nudges import do_note_evidence, refresh_criteria
from bot.actions.packets import do_nudge_today
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, KillCriterion, Team
from bot.render.criteria import ANSWERS
from bot.store.bets import get_bet, update_criterion
from bot.store.history import insert_bet_history

KIND = "criterion"


def do_answer_criterion(
    tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, criterion_id: object, state: str, checkin: int
) -> str:
    """Keeps the answer; card, prompt and packets say so. That it happened is a hard fact, which the channel may hear
    of: returns when (`now`, `later`, or empty). Another answer changes it while the bet runs; the same again does not.
    """
    criterion = next((one for one in bet.kill_criteria if one.id == criterion_id), None)
    whose = f"Whether a kill criterion of {bet.key} happened is for its owners and the leads to say: tell them."
    refuse_to_answer(tx, actor, team, bet, bet.owners, whose)
    if criterion is None or criterion.id is None or state not in ANSWERS:
        raise Refusal(f"That criterion is not among those of {bet.key} any more: its card has those that are.")
    if state == criterion.state != "open":  # it would get a later day, and an old fact would be told as a new one
        return ""
    _keep(tx, now, actor, bet, criterion, state)
    update_criterion(tx, criterion.id, state, actor.user, now)
    fresh = get_bet(tx, bet.id)
    refresh_card(tx, now, bet.id)
    refresh_prompts(tx, now, team, fresh, checkin)
    if state == "open":
        refresh_criteria(tx, now, team, bet.id)
    else:
        do_note_evidence(tx, now, team, bet.id, actor.user)
    news = state == "failed" and criterion.state != "failed" and fresh.status == "live"
    return do_nudge_today(tx, now, team, fresh, {"criterion": criterion.id}) if news else ""


def _keep(tx: Connection, now: datetime, actor: Actor, bet: Bet, criterion: KillCriterion, state: str) -> None:
    answered = criterion.answered_at.isoformat() if criterion.answered_at else None
    before = {"criterion": criterion.id, "text": criterion.text, "state": criterion.state, "answered_at": answered}
    after = {"criterion": criterion.id, "text": criterion.text, "state": state}
    insert_bet_history(tx, now, bet, KIND, actor.user, before=before, after=after)
