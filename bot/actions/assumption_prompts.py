"""Assumptions where people see them: in the prompts of a bet's thread, and in the thread when one is found false."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.domain.bets import is_over
from bot.domain.calendar import Week
from bot.domain.records import Bet, Checkin, Team
from bot.domain.scoping import FALSE, UNTESTED, Assumption
from bot.render.assumptions import AskedAssumption, assumption_prompt_blocks, false_message, gone_blocks
from bot.render.kit import replace_blocks
from bot.store import checkins
from bot.store.outbox import get_post, get_shown_payload, insert_post, list_posts, update_message
from bot.store.people import get_name, list_names
from bot.store.scope_tables import assumptions
from bot.store.scopes import list_assumptions

_NAME = "assumption-"


def refresh_assumptions(tx: Connection, now: datetime, team: Team, bet: Bet) -> None:
    """Every prompt that asked the bet's assumptions says how they were answered, and asks what is still open; once the
    bet is over it takes no more answers."""
    known = list_assumptions(tx, assumptions.c.bet_id == bet.id)
    if not known:
        return  # no prompt can have asked any
    standing = [one for one in known if one.gone_version is None]
    names = list_names(tx, {one.answered_by for one in standing if one.answered_by})
    for prompt, checkin in checkins.list_bet_prompts(tx, bet.id):
        post = get_post(tx, prompt.outbox_id) if prompt.outbox_id else None
        payload = get_shown_payload(tx, post) if post else {}
        ids = {str(block.get("block_id", "")).split("-")[1] for block in _named(payload)}
        if post and ids:
            mine = [_asked(one, checkin, names, team.zone) for one in standing if _is_asked(one, checkin, ids)]
            blocks = assumption_prompt_blocks(bet, mine, takes=not is_over(bet.status)) or gone_blocks()
            update_message(tx, now, post.id, replace_blocks(payload, _NAME, blocks))


def _named(payload: dict[str, Any]) -> list[dict[str, Any]]:
    return [block for block in payload.get("blocks") or [] if str(block.get("block_id", "")).startswith(_NAME)]


def _is_asked(one: Assumption, checkin: Checkin, shown: set[str]) -> bool:
    """Whether a prompt shows it, or has it still in line."""
    due = one.check_at is not None and one.check_at <= Week.parse(checkin.week).sunday
    return str(one.id) in shown or (one.state == UNTESTED and due)


def _asked(one: Assumption, checkin: Checkin, names: dict[str, str], zone: str) -> AskedAssumption:
    """As that prompt shows it: what was answered before it asked is no answer to it."""
    user = one.answered_by if one.answered_at and one.answered_at >= checkin.prompted_at else None
    return AskedAssumption(one, names.get(user, user) if user else "", zone)


def do_tell_answer(tx: Connection, now: datetime, team: Team, bet: Bet, before: Assumption, found: Assumption) -> None:
    """The thread hears at once that a critical assumption is false, once for each time it is found so; where it heard
    that and it is corrected, it reads the correction."""
    name, told = get_name(tx, found.answered_by or ""), f"assumption_false:{found.id}:"
    if found.state == FALSE and before.state != FALSE and found.critical:
        guard = {"if": "assumption_false", "assumption": found.id}
        insert_post(tx, now, told + now.isoformat(), false_message(bet, found, name), team_id=team.id,
                    channel=team.channel, parent_id=bet.card_id, guard=guard)  # fmt: skip
    elif found.state != FALSE and before.state == FALSE:
        for post in list_posts(tx, team.id, told):
            if post.state != "pending" or post.attempts:  # what has not gone out is dropped by its guard
                update_message(tx, now, post.id, false_message(bet, found, name, corrected_by=name))
