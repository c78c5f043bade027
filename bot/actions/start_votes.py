"""*Would we start it today?*: people who do not own a bet vote on it, blind, without what it has cost."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.nudges import list_start_votes
from bot.actions.rights import refuse_unless
from bot.actions.snoozing import find_nudge
from bot.domain.bets import is_over
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, Nudge, Team
from bot.domain.words import without_confidence
from bot.render.start_votes import VALUES, VOTE, WHY, WHY_LIMIT, start_vote_modal
from bot.store.checkins import list_confidences
from bot.store.history import insert_bet_history
from bot.store.start_votes import KIND


def get_vote_form(
    tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, nudge_id: object
) -> dict[str, Any]:
    """The form for somebody who may vote: nobody else's vote is in it."""
    nudge = find_nudge(tx, bet, nudge_id)
    _refuse_vote(actor, team, bet, nudge)
    learning = list_confidences(tx, team, [bet.id], now)[bet.id].last_learning
    learned = without_confidence(learning) if learning else None
    private = {"bet": bet.id, "nudge": nudge.id}
    return start_vote_modal(bet, learned, private, list_start_votes(tx, nudge).get(actor.user))


def do_vote(
    tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, nudge_id: object, form: dict[str, Any]
) -> list[str]:
    """Keeps the vote, in the place of an earlier one of the same person; returns all votes as they now stand."""
    nudge = find_nudge(tx, bet, nudge_id)
    _refuse_vote(actor, team, bet, nudge)
    value = str(form.get(VOTE) or "")
    if value not in dict(VALUES):
        raise Refusal("Choose yes, no or unsure.", VOTE)
    why = " ".join(str(form.get(WHY) or "").split())[:WHY_LIMIT]
    after = {"nudge": nudge.id, "value": value, "why": why}
    insert_bet_history(tx, now, bet, KIND, actor.user, after=after)
    return list(list_start_votes(tx, nudge).values())


def _refuse_vote(actor: Actor, team: Team, bet: Bet, nudge: Nudge) -> None:
    refuse_unless(actor, team, "vote", bet.owners)
    if actor.user in bet.owners:
        raise Refusal(f"You own {bet.key}, and this vote is for people who do not: leave it to them.")
    if nudge.tallied_at is not None or is_over(bet.status):
        raise Refusal(f"The vote on {bet.key} is over: its packet says how it went.")
