"""How rounds of samples end: at their hour, or earlier for a set that is deleted; each bet's thread gets its result."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.bets import card_of
from bot.actions.disagreement import do_tell_once, get_conflict_before
from bot.actions.sample_notes import list_noted
from bot.actions.samples import get_approval, key_of_round, list_judged, result_key
from bot.domain.approval import Approval
from bot.domain.predictions import PredictionSet, SampleDraw, SampleRound
from bot.domain.records import Team
from bot.render.sample_notes import with_notes
from bot.render.samples import closed_message, ended_message, result_message
from bot.store import predictions as sets
from bot.store import samples as store
from bot.store.bets import get_bet
from bot.store.outbox import get_post_by_key, get_shown_payload, insert_post, update_message
from bot.store.tables import prediction_sets, sample_draws, sample_rounds, samples

Closed = Callable[[dict[str, Any], int, int], dict[str, Any]]


def do_close_rounds(tx: Connection, now: datetime, team: Team) -> int:
    """Closes what is due: each bet's thread gets its result, and the message loses its buttons. Returns how many."""
    return sum(_do_close(tx, now, team, one) for one in store.list_due_rounds(tx, now, team.id))


def _do_close(tx: Connection, now: datetime, team: Team, one: SampleRound) -> bool:
    if not store.update_closed(tx, now, one.id):
        return False
    _show_closed(tx, now, one.id, closed_message)
    for drawn in store.list_draws(tx, sample_draws.c.round_id == one.id):
        _tell_result(tx, now, team, drawn)
    return True


def _show_closed(tx: Connection, now: datetime, round_id: int, closed: Closed) -> None:
    post = get_post_by_key(tx, key_of_round(round_id))
    if post is not None:
        payload = closed(get_shown_payload(tx, post), round_id, store.count_judges(tx, round_id))
        update_message(tx, now, post.id, payload)


def _tell_result(tx: Connection, now: datetime, team: Team, drawn: SampleDraw) -> None:
    """How it went, once; of a set that was deleted before anybody judged it there is nothing to say."""
    bet, approval = get_bet(tx, drawn.bet_id), get_approval(tx, drawn.id)
    [found] = sets.list_sets(tx, prediction_sets.c.id == drawn.set_id)
    if found.state == sets.DELETED and not approval.judges:
        return
    conflict = get_conflict_before(tx, found, list_judged(tx, sample_draws.c.bet_id == bet.id))
    conflict = do_tell_once(tx, now, team, found, conflict)
    message = result_message(bet, found, approval, conflict, _get_disputed(tx, drawn, approval))
    message = with_notes(message, list_noted(tx, samples.c.draw_id == drawn.id))
    sets.update_named(tx, now, found.id)
    parent = card_of(tx, now, team, bet)
    insert_post(tx, now, result_key(drawn.id), message, team_id=team.id, channel=team.channel, parent_id=parent)


def _get_disputed(tx: Connection, drawn: SampleDraw, approval: Approval) -> Any:
    """The input of the most disputed sample; None where the set keeps a link only or was deleted meanwhile."""
    found = store.list_samples(tx, samples.c.draw_id == drawn.id, samples.c.number == approval.disputed)
    rows = sets.list_rows(tx, drawn.set_id, [one.position for one in found])
    return next((row.input for row in rows.values()), None)


def do_end_judging(tx: Connection, now: datetime, team: Team, found: PredictionSet) -> None:
    """A set was just deleted: nobody judges it any more, so its thread hears now how it went. A round in which no other
    bet is left is over."""
    still_open = (sample_rounds.c.team_id == team.id, sample_rounds.c.closed_at.is_(None))
    for one in store.list_rounds(tx, *still_open):
        draws = store.list_draws(tx, sample_draws.c.round_id == one.id)
        mine = [drawn for drawn in draws if drawn.set_id == found.id]
        if mine and not store.is_judged(tx, one.id):
            store.update_closed(tx, now, one.id)
            _show_closed(tx, now, one.id, ended_message)
        for drawn in mine:
            _tell_result(tx, now, team, drawn)
