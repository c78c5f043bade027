"""The kill criteria in a bet's prompts: how they stand, and whether they can still be answered there."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from bot.actions.scope_state import get_earlier_criteria
from bot.domain.bets import is_over
from bot.domain.records import Bet, KillCriterion, Team
from bot.render.criteria import AskedCriterion, criterion_blocks
from bot.render.kit import replace_blocks
from bot.store import checkins
from bot.store.outbox import get_post, get_shown_payload, update_message
from bot.store.people import list_names


def refresh_prompts(tx: Connection, now: datetime, team: Team, bet: Bet, checkin: int | None = None) -> None:
    """The bet's newest prompt, and that of `checkin`: only the newest takes answers, and only while the bet runs."""
    newest = checkins.get_newest_checkin(tx, team.id)
    asked = list_asked(tx, team, bet, bet.kill_criteria)
    for checkin_id in {one for one in (checkin, newest.id if newest else None) if one is not None}:
        prompt = checkins.get_prompt(tx, checkin_id, bet.id)
        post = get_post(tx, prompt.outbox_id) if prompt and prompt.outbox_id else None
        if post is None:
            continue
        takes = newest is not None and checkin_id == newest.id and not is_over(bet.status)
        before = payload = get_shown_payload(tx, post)
        for one in asked:
            blocks = criterion_blocks(bet, checkin_id, one, takes)
            payload = replace_blocks(payload, f"criterion-{one.criterion.id}-", blocks)
        if payload != before:
            update_message(tx, now, post.id, payload)


def list_asked(tx: Connection, team: Team, bet: Bet, criteria: Collection[KillCriterion]) -> list[AskedCriterion]:
    """These criteria of the bet, with the names of who answered them and what they said before they were changed."""
    earlier = get_earlier_criteria(tx, bet.id) if criteria else {}
    names = list_names(tx, {one.answered_by for one in criteria if one.answered_by})
    by = {one.id: names.get(one.answered_by or "", one.answered_by or "") for one in criteria}
    return [AskedCriterion(one, by[one.id], team.zone, earlier.get(one.text, "")) for one in criteria]
