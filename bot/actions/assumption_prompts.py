"""Due assumptions where people see them: in the prompt of a bet's thread, and in the thread when one is false."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.records import Bet, Team
from bot.domain.scoping import Assumption
from bot.render.assumptions import AskedAssumption, assumption_blocks, false_message
from bot.render.kit import replace_blocks
from bot.store import checkins
from bot.store.outbox import get_post, get_shown_payload, insert_post, update_message
from bot.store.people import list_people
from bot.store.scopes import get_assumption


def list_asked(tx: Connection, team: Team, found: Iterable[Assumption]) -> list[AskedAssumption]:
    """The assumptions with the names of who answered them."""
    found = list(found)
    people = list_people(tx, {one.answered_by for one in found if one.answered_by})
    names = {user: person.name for user, person in people.items()}
    return [AskedAssumption(one, names.get(one.answered_by or "", one.answered_by or ""), team.zone) for one in found]


def do_show_answer(tx: Connection, now: datetime, team: Team, bet: Bet, assumption_id: int, checkin_id: int) -> None:
    """The prompt that was pressed, and the newest one, say how the assumption was answered."""
    found = get_assumption(tx, bet.id, assumption_id)
    if found is None:
        return
    (asked,) = list_asked(tx, team, [found])
    newest = checkins.get_newest_checkin(tx, team.id)
    for place in {checkin_id, newest.id if newest else checkin_id}:
        prompt = checkins.get_prompt(tx, place, bet.id)
        post = get_post(tx, prompt.outbox_id) if prompt and prompt.outbox_id else None
        if post is not None:
            blocks = assumption_blocks(bet, place, asked)
            update_message(
                tx, now, post.id, replace_blocks(get_shown_payload(tx, post), f"assumption-{found.id}-", blocks)
            )


def do_tell_false(tx: Connection, now: datetime, team: Team, bet: Bet, found: Assumption, by: str) -> None:
    """The thread hears at once that a critical assumption is false; once for each time it is found so."""
    names = {user: person.name for user, person in list_people(tx, [by]).items()}
    key = f"assumption_false:{found.id}:{now.isoformat()}"
    guard = {"if": "assumption_false", "assumption": found.id}
    message = false_message(bet, found, names.get(by, by))
    insert_post(tx, now, key, message, team_id=team.id, channel=team.channel, parent_id=bet.card_id, guard=guard)
