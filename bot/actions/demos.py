"""A bet's demo: told of in its thread, tried by people, each counted once with one sentence."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.rights import may, refuse_unless
from bot.domain.bets import is_over
from bot.domain.demos import FORM_FIELD, SAID_LIMIT
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, Team
from bot.render.demos import demo_message, no_demo_message, tried_modal, tried_words
from bot.store.demos import KIND, list_tries
from bot.store.history import insert_bet_history
from bot.store.outbox import insert_post, list_posts, update_message
from bot.store.people import list_names


def do_tell_demo(tx: Connection, now: datetime, actor: Actor, team: Team, before: Bet, after: Bet) -> None:
    """The bet's thread hears of a demo that is new or has moved; what it heard before leads nowhere any more."""
    if after.demo_link == before.demo_link:
        return
    for post in list_posts(tx, team.id, f"demo:{after.id}:"):
        update_message(tx, now, post.id, no_demo_message(after))
    if after.demo_link and after.card_id is not None:
        key, message = f"demo:{after.id}:{after.version}", demo_message(after, actor.person.name)
        insert_post(tx, now, key, message, team_id=team.id, channel=team.channel, parent_id=after.card_id)


def may_try(actor: Actor, team: Team, bet: Bet) -> bool:
    """Whether there is something to try, and this person is asked what they think."""
    return bool(bet.demo_link) and not is_over(bet.status) and may(actor, team, "vote")


def get_try_form(tx: Connection, actor: Actor, team: Team, bet: Bet, private: dict[str, Any]) -> dict[str, Any]:
    """The form, with what this person said before."""
    _refuse_try(actor, team, bet)
    said = {one.user: one.said for one in list_tries(tx, [bet.id]).get(bet.id, [])}
    return tried_modal(bet, private, said.get(actor.user, ""))


def do_try(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, form: dict[str, Any]) -> int:
    """Keeps the sentence, in the place of an earlier one of the same person; returns how many people tried it."""
    _refuse_try(actor, team, bet)
    said = " ".join(str(form.get(FORM_FIELD) or "").split())[:SAID_LIMIT]
    if not said:
        raise Refusal("Say in one sentence what happened.", FORM_FIELD)
    after = {FORM_FIELD: said}
    insert_bet_history(tx, now, bet, KIND, actor.user, after=after)
    return len(list_tries(tx, [bet.id])[bet.id])


def _refuse_try(actor: Actor, team: Team, bet: Bet) -> None:
    refuse_unless(actor, team, "vote")
    if is_over(bet.status):
        raise Refusal(f"{bet.key} has ended, and what it said then stays as it was.")
    if not bet.demo_link:
        raise Refusal(f"{bet.key} has no demo any more: its owners can name one with More, Edit on its card.")


def list_tried(tx: Connection, bet_ids: list[int], until: datetime | None = None) -> dict[int, str]:
    """What people said of the demos of these bets (until then), in words; a bet that nobody tried is missing."""
    tries = list_tries(tx, bet_ids, until)
    names = list_names(tx, {one.user for some in tries.values() for one in some})
    return {bet_id: tried_words(some, names) for bet_id, some in tries.items()}
