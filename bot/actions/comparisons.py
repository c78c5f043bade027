"""Blind comparisons of two prediction sets: begun, kept current, and closed with their result.

A bet has one at a time, and none while samples of it are judged: their result names the set.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.actions.bets import card_of
from bot.actions.disagreement import do_tell_once, get_conflict
from bot.actions.nudges import do_note_evidence
from bot.actions.rights import refuse_unless
from bot.actions.samples import closing_of
from bot.domain.bets import is_over
from bot.domain.blind import LEAST_SHARED, SHOWN, Comparison, Pair, count, draw_pairs, seed_between
from bot.domain.calendar import week_of
from bot.domain.errors import Refusal
from bot.domain.predictions import PredictionSet
from bot.domain.records import Actor, Bet, Team
from bot.domain.zones import describe_instant, local_time
from bot.render.comparisons import (
    Round,
    Sided,
    choose_modal,
    closed_message,
    comparison_message,
    people_block,
    result_message,
)
from bot.render.kit import replace_blocks
from bot.render.pictures import Depicted
from bot.render.values import in_words
from bot.store import comparisons as store
from bot.store import predictions as sets
from bot.store import samples
from bot.store.bets import get_bet, list_team_bets
from bot.store.comparisons import Shared
from bot.store.outbox import get_post_by_key, get_shown_payload, insert_post, update_message
from bot.store.predictions import Located
from bot.store.stale import insert_stale
from bot.store.tables import comparison_pairs, comparisons, prediction_sets

# A name that was read so lately is not forgotten.
NAMED_LATELY = timedelta(days=7)


def get_choice(tx: Connection, actor: Actor, team: Team, bet: Bet) -> dict[str, Any] | None:
    """The form in which two sets are chosen; None where there is no choice."""
    refuse_unless(actor, team, "vote")
    _refuse_now(tx, team, bet)
    ready = sets.list_ready(tx, [bet.id]).get(bet.id, [])
    return choose_modal(bet, ready) if len(ready) > 2 else None


def do_compare(
    tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, chosen: tuple[Any, Any] | None = None
) -> Comparison:
    """Begins a comparison of the two `chosen` sets (the baseline first), or of the newest two; refused where it would
    say nothing."""
    refuse_unless(actor, team, "vote")
    _refuse_now(tx, team, bet)
    ready = {one.id: one for one in sets.list_ready(tx, [bet.id]).get(bet.id, [])}
    if len(ready) < 2:
        raise Refusal(f"A comparison needs two prediction sets, and {bet.key} has {len(ready) or 'none'}: add another.")
    old, new = (ready.get(one) for one in chosen or list(ready)[-2:])
    if old is None or new is None or old.id == new.id:
        raise Refusal("Choose two different sets of this bet.", "new")
    shared = store.get_shared(tx, old.id, new.id)
    if not shared.count:
        raise Refusal("These two share no ids, so no row can be compared: give the same row the same id.", "new")
    if not shared.differing:
        raise Refusal(
            "These two predict the same on every row that both have, and show the same: there is nothing to compare.",
            "new",
        )
    return _do_begin(tx, now, team, bet, (old, new), shared, actor.user)


def _refuse_now(tx: Connection, team: Team, bet: Bet) -> None:
    if is_over(bet.status):
        raise Refusal(f"{bet.key} has ended, so there is nothing to compare any more.")
    running, judged = store.get_running(tx, bet.id), samples.get_open_round(tx, bet.id)
    if running:
        until = describe_instant(running.closes_at, team.zone)
        raise Refusal(f"A comparison of {bet.key} is open until {until}: vote in that one first.")
    if judged:
        until = describe_instant(judged.closes_at, team.zone)
        raise Refusal(f"Samples of {bet.key} are open until {until}: compare when their result is out.")


def do_compare_new(tx: Connection, now: datetime, team: Team, bet: Bet) -> bool:
    """The newest set of a live bet is compared unasked with the one before it, if they share ten ids and differ
    somewhere. Returns whether it is; what cannot be now may be when samples close (`do_compare_waiting`)."""
    ready = sets.list_ready(tx, [bet.id]).get(bet.id, [])
    busy = store.get_running(tx, bet.id) or samples.get_open_round(tx, bet.id)
    if bet.status != "live" or team.paused_at or busy or len(ready) < 2 or not _has_turn(tx, team, bet):
        return False
    shared = store.get_shared(tx, ready[-2].id, ready[-1].id)
    if not shared.differing or shared.count < LEAST_SHARED:
        return False
    _do_begin(tx, now, team, bet, (ready[-2], ready[-1]), shared, None)
    return True


def _has_turn(tx: Connection, team: Team, bet: Bet) -> bool:
    """Whether samples of the bet were shown since its last comparison, if the team shows any: a job that pushes each
    night would have one comparison after the other, and samples would never be shown."""
    earlier = store.list_comparisons(tx, comparisons.c.bet_id == bet.id)
    if not earlier or team.days.get("samples") is None:
        return True
    shown = samples.list_last_shown(tx, [bet.id]).get(bet.id)
    return shown is not None and shown >= earlier[-1].posted_at


def do_compare_waiting(tx: Connection, now: datetime, team: Team) -> None:
    """Samples were closed: a newest set that was never compared is compared now."""
    live = {bet.id: bet for bet in list_team_bets(tx, team.id, ("live",))}
    for bet_id, ready in sets.list_ready(tx, live).items():
        if not store.has_compared(tx, ready[-1].id):
            do_compare_new(tx, now, team, live[bet_id])


def _do_begin(
    tx: Connection,
    now: datetime,
    team: Team,
    bet: Bet,
    versions: tuple[PredictionSet, PredictionSet],
    shared: Shared,
    by: str | None,
) -> Comparison:
    """Stores the pairs with their sides, and owes them to the bet's thread."""
    old, new = versions
    seed = seed_between(old.digest, new.digest, len(store.list_between(tx, old.id, new.id)))
    values = {"bet_id": bet.id, "old_id": old.id, "new_id": new.id, "seed": seed, "by": by, "posted_at": now}
    closes_at = closing_of(now, team, local_time(now, team.zone))
    one = store.insert_comparison(tx, draw_pairs(shared.differing, seed), **values, closes_at=closes_at)
    closes = f"on {describe_instant(closes_at, team.zone)}"
    lately = any(now - named < NAMED_LATELY for named in sets.list_named(tx, (old.id, new.id)))
    counts, week = (len(shared.differing), shared.count), week_of(now, team.zone).label
    message = comparison_message(get_shown(tx, one), *counts, closes, week, warned=lately)
    where: dict[str, Any] = {"team_id": team.id, "channel": team.channel, "parent_id": card_of(tx, now, team, bet)}
    insert_post(tx, now, _key(one.id), message, **where, guard={"if": "comparison_open", "comparison": one.id})
    do_note_evidence(tx, now, team, bet.id, by)
    return one


def _key(comparison_id: int) -> str:
    return f"comparison:{comparison_id}"


def get_shown(tx: Connection, one: Comparison, user: str | None = None) -> Round:
    """What a comparison shows in its message, with what `user` said."""
    pairs = store.list_pairs(tx, comparison_pairs.c.comparison_id == one.id)
    printed = pairs[:SHOWN]
    return Round(one.id, get_bet(tx, one.bet_id), list_sided(tx, one, printed, user), len(pairs) - len(printed))


def list_sided(tx: Connection, one: Comparison, pairs: Sequence[Pair], user: str | None) -> list[Sided]:
    """These pairs as people see them: the two predictions on their sides, and nothing else of the sets."""
    said = store.list_votes(tx, [pair.id for pair in pairs])
    old, new = (sets.list_of_ids(tx, set_id, [pair.row for pair in pairs]) for set_id in (one.old_id, one.new_id))
    return [
        _as_shown(one, pair, old[pair.row], new[pair.row], said[pair.id].get(user or ""))
        for pair in pairs
        if pair.row in old and pair.row in new
    ]


def _as_shown(one: Comparison, pair: Pair, before: Located, after: Located, own: str | None) -> Sided:
    """What both share is read from the old set wherever it has it: a file without expected values, or with a longer
    input, would tell on which side it stands."""
    given = after.row.input if before.row.input is None else before.row.input
    expected = after.row.expected if before.row.expected is None else before.row.expected
    left, right = (after, before) if pair.left_id == one.new_id else (before, after)
    said = (left.row.prediction, right.row.prediction)
    return Sided(pair.id, pair.number, given, expected, *said, own, _images(pair.number, left, right))


def _images(number: int, left: Located, right: Located) -> tuple[Depicted, Depicted] | None:
    """What is seen on each side; where one version alone has an image it stands for both, since it would tell which."""
    if not (left.row.has_image or right.row.has_image):
        return None
    seen = (left if left.row.has_image else right, right if right.row.has_image else left)
    first, second = (
        Depicted(str(number), shown.set_id, shown.position, in_words(side.row.prediction))
        for shown, side in zip(seen, (left, right), strict=True)
    )
    return first, second


def note_voted(tx: Connection, team: Team, comparison_id: int) -> None:
    """Somebody voted: the message is to say how many have."""
    insert_stale(tx, f"comparison:{team.id}:{comparison_id}")


def refresh_comparison(tx: Connection, now: datetime, comparison_id: int) -> None:
    """The message of an open comparison says how many people have voted."""
    post = get_post_by_key(tx, _key(comparison_id))
    still_open = (comparisons.c.id == comparison_id, comparisons.c.closed_at.is_(None))
    if post is None or not store.list_comparisons(tx, *still_open):
        return
    people = people_block(comparison_id, store.count_people(tx, comparison_id))
    payload = replace_blocks(get_shown_payload(tx, post), f"comparison-{comparison_id}-people", [people])
    update_message(tx, now, post.id, payload)


def do_close_comparisons(tx: Connection, now: datetime, team: Team) -> int:
    """Closes what is due: each bet's thread gets its result, and the message shows the sides. Returns how many."""
    return sum(_do_close(tx, now, team, one) for one in store.list_due(tx, now, team.id))


def _do_close(tx: Connection, now: datetime, team: Team, one: Comparison) -> bool:
    if not store.update_closed(tx, now, one.id):
        return False
    bet, looked = get_bet(tx, one.bet_id), store.list_looked(tx, one)
    versions = {found.id: found for found in sets.list_sets(tx, prediction_sets.c.id.in_((one.old_id, one.new_id)))}
    old, new, tally = versions[one.old_id], versions[one.new_id], count(looked)
    post = get_post_by_key(tx, _key(one.id))
    if post is not None:
        labels = {True: (new.label, old.label), False: (old.label, new.label)}
        pairs = store.list_pairs(tx, comparison_pairs.c.comparison_id == one.id)
        sides = {pair.id: labels[pair.left_id == new.id] for pair in pairs}
        update_message(tx, now, post.id, closed_message(get_shown_payload(tx, post), one.id, tally.people, sides))
    conflict = do_tell_once(tx, now, team, new, get_conflict(tx, old, new))
    message = result_message(bet, one, (old, new), looked, tally, conflict)
    where: dict[str, Any] = {"team_id": team.id, "channel": team.channel, "parent_id": card_of(tx, now, team, bet)}
    insert_post(tx, now, f"comparison_result:{one.id}", message, **where)
    for found in (old, new):
        sets.update_named(tx, now, found.id)
    return True
