"""Kill criteria are answered: it happened, it did not, or nobody knows yet."""

from datetime import datetime

from sqlalchemy import Connection

from bot.actions.bets import refresh_card
from bot.actions.decisions import refuse_if_over
from bot.actions.nudges import refresh_criteria
from bot.actions.packets import do_nudge_today
from bot.actions.rights import may, refuse_unless
from bot.domain.bets import may_decide
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, KillCriterion, Team
from bot.render.criteria import ANSWERS, AskedCriterion, criterion_blocks
from bot.render.kit import replace_blocks
from bot.store import checkins
from bot.store.bets import get_bet, update_criterion
from bot.store.history import insert_history
from bot.store.outbox import get_post, get_shown_payload, update_message
from bot.store.people import list_people

KIND = "criterion"


def do_answer_criterion(
    tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, criterion_id: object, state: str, checkin: int
) -> str:
    """Keeps the answer; card, prompt and packets say so. That it happened is a hard fact, which the channel may hear
    of: returns when (`now`, `later`, or empty). Another answer changes it while the bet runs."""
    criterion = next((one for one in bet.kill_criteria if one.id == criterion_id), None)
    refuse_to_answer(tx, actor, team, bet)
    if criterion is None or criterion.id is None or state not in ANSWERS:
        raise Refusal(f"That criterion is not among those of {bet.key} any more: its card has those that are.")
    _keep(tx, now, actor, bet, criterion, state)
    update_criterion(tx, criterion.id, state, actor.user, now)
    fresh = get_bet(tx, bet.id)
    refresh_card(tx, now, bet.id)
    _refresh_prompts(tx, now, team, fresh, criterion.id, checkin)
    refresh_criteria(tx, now, team, bet.id)
    news = state == "failed" and criterion.state != "failed" and fresh.status == "live"
    return do_nudge_today(tx, now, team, fresh, {"criterion": criterion.id}) if news else ""


def refuse_to_answer(tx: Connection, actor: Actor, team: Team, bet: Bet) -> None:
    """Owners answer, and whoever may decide about the bet."""
    refuse_if_over(tx, team, bet)
    if actor.user in bet.owners and may(actor, team, "answer", bet.owners):
        return
    refuse_unless(actor, team, "decide", bet.owners)
    if not may_decide(team.deciders, actor.role(team, bet.owners)):
        raise Refusal(
            f"Whether a kill criterion of {bet.key} happened is for its owners and the leads to say: tell them."
        )


def _keep(tx: Connection, now: datetime, actor: Actor, bet: Bet, criterion: KillCriterion, state: str) -> None:
    answered = criterion.answered_at.isoformat() if criterion.answered_at else None
    before = {"criterion": criterion.id, "text": criterion.text, "state": criterion.state, "answered_at": answered}
    after = {"criterion": criterion.id, "text": criterion.text, "state": state}
    insert_history(
        tx,
        now,
        team_id=bet.team_id,
        kind=KIND,
        subject=bet.key,
        by=actor.user,
        bet_id=bet.id,
        before=before,
        after=after,
    )


def _refresh_prompts(tx: Connection, now: datetime, team: Team, bet: Bet, criterion_id: int, checkin: int) -> None:
    """The prompt that was pressed, and the newest one."""
    newest = checkins.get_newest_checkin(tx, team.id)
    asked = next(iter(list_asked(tx, team, [one for one in bet.kill_criteria if one.id == criterion_id])))
    for checkin_id in {checkin, newest.id if newest else checkin}:
        prompt = checkins.get_prompt(tx, checkin_id, bet.id)
        post = get_post(tx, prompt.outbox_id) if prompt and prompt.outbox_id else None
        if post is not None:
            blocks = criterion_blocks(bet, checkin_id, asked)
            payload = replace_blocks(get_shown_payload(tx, post), f"criterion-{criterion_id}-", blocks)
            update_message(tx, now, post.id, payload)


def list_asked(tx: Connection, team: Team, criteria: list[KillCriterion]) -> list[AskedCriterion]:
    """The criteria with the names of who answered them."""
    names = {
        user: one.name for user, one in list_people(tx, {c.answered_by for c in criteria if c.answered_by}).items()
    }
    return [AskedCriterion(one, names.get(one.answered_by or "", one.answered_by or ""), team.zone) for one in criteria]
