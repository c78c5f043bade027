"""What people do with blind pairs: vote, look at more of them, and read one whole."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.comparisons import get_shown, list_sided, note_voted
from bot.actions.rights import refuse_unless
from bot.domain.blind import SHOWN, VALUES, Comparison, Pair
from bot.domain.calendar import week_of
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, Team
from bot.render.bet_lists import page_of
from bot.render.comparisons import LABELS, compare_more_modal, compared_answer, list_depicted, whole_pair_modal
from bot.render.pictures import rest_pairs_message
from bot.render.samples import PAGE, changed_modal
from bot.store import comparisons as store
from bot.store.bets import get_bet
from bot.store.outbox import insert_post
from bot.store.tables import comparison_pairs, comparisons
from bot.store.teams import get_team

_GONE = "There is no such comparison here."


def _find(tx: Connection, actor: Actor, comparison_id: Any) -> tuple[Comparison, Bet, Team]:
    """The comparison of a button; the same answer for none and for one of a team they are not in."""
    found = store.list_comparisons(tx, comparisons.c.id == comparison_id) if isinstance(comparison_id, int) else []
    bet = get_bet(tx, found[0].bet_id) if found else None
    if bet is None or bet.team_id not in actor.team_ids:
        raise Refusal(_GONE)
    return found[0], bet, get_team(tx, bet.team_id)


def _find_pair(tx: Connection, actor: Actor, pair_id: Any) -> tuple[Pair, Comparison, Bet, Team]:
    found = store.list_pairs(tx, comparison_pairs.c.id == pair_id) if isinstance(pair_id, int) else []
    if not found:
        raise Refusal(_GONE)
    return found[0], *_find(tx, actor, found[0].comparison_id)


def do_vote(tx: Connection, now: datetime, actor: Actor, pair_id: Any, value: str) -> dict[str, Any] | None:
    """Keeps a vote in the place of an earlier one; it is blind, so owners vote too. Returns what to show: an answer to
    somebody who has voted on all pairs in the message now, a small modal where there was an earlier vote."""
    pair, one, bet, team = _find_pair(tx, actor, pair_id)
    refuse_unless(actor, team, "vote")
    if one.closed_at is not None or one.closes_at <= now:
        raise Refusal(f"This comparison is closed: how it went stands in {bet.key}'s thread.")
    if value not in VALUES:
        raise Refusal("Say left, right, same or both bad.")
    before = store.list_votes(tx, [pair.id])[pair.id].get(actor.user)
    store.update_vote(tx, now, pair.id, actor.user, value)
    note_voted(tx, team, one.id)
    shown = get_shown(tx, one, actor.user)
    if before:
        return changed_modal(bet, f"pair {pair.number}", LABELS[before].lower(), LABELS[value].lower())
    last = pair.number <= SHOWN and all(other.own for other in shown.pairs)
    return compared_answer(shown) if last else None


def get_more(tx: Connection, actor: Actor, comparison_id: Any, page: int) -> dict[str, Any]:
    """*Judge more*: a person's own votes, and one page of the pairs that the message does not show."""
    one, bet, team = _find(tx, actor, comparison_id)
    refuse_unless(actor, team, "vote")
    if one.closed_at is not None:
        raise Refusal(f"This comparison is closed: how it went stands in {bet.key}'s thread.")
    rest = store.list_pairs(tx, comparison_pairs.c.comparison_id == one.id)[SHOWN:]
    page, pages = page_of(len(rest), PAGE, page)
    here = list_sided(tx, one, rest[page * PAGE : (page + 1) * PAGE], actor.user)
    return compare_more_modal(get_shown(tx, one, actor.user), here, page, pages)


def do_show_more(tx: Connection, now: datetime, actor: Actor, comparison_id: Any) -> dict[str, Any]:
    """*Judge more* in the message. The images of its pairs go to the person's DM, once: Slack cannot show them in a
    form that opens at once."""
    view = get_more(tx, actor, comparison_id, 0)
    one, bet, team = _find(tx, actor, comparison_id)
    rest = store.list_pairs(tx, comparison_pairs.c.comparison_id == one.id)[SHOWN:]
    depicted = list_depicted(list_sided(tx, one, rest, None))
    if depicted:
        message = rest_pairs_message(bet, week_of(now, team.zone).label, depicted)
        insert_post(tx, now, f"rest_pairs:{one.id}:{actor.user}", message, team_id=team.id, user=actor.user)
    return view


def get_whole(tx: Connection, actor: Actor, pair_id: Any) -> dict[str, Any]:
    """*Show all*: one pair with nothing left out."""
    pair, one, bet, team = _find_pair(tx, actor, pair_id)
    if actor.role(team) == "none":
        raise Refusal(_GONE)
    shown = list_sided(tx, one, [pair], None)
    if not shown:
        raise Refusal("The rows of these sets were deleted, so there is no more to show.")
    return whole_pair_modal(shown[0], bet)
