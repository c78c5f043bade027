"""Rounds of samples: drawn and posted in the team's week or at once, and kept current while they are open."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, select

from bot.actions.bets import card_of, refresh_card
from bot.actions.nudges import do_note_evidence
from bot.actions.rights import refuse_unless
from bot.domain.approval import Approval, Judged, sum_up
from bot.domain.bets import is_over
from bot.domain.calendar import add_working_days, week_of
from bot.domain.drawing import LEAST_RANDOM, MOST_BETS, SHARES, Draw, Pinned, classes_of, draw
from bot.domain.errors import Refusal
from bot.domain.predictions import PredictionSet, SampleDraw, SampleRound
from bot.domain.records import Actor, Bet, Team
from bot.domain.zones import describe_instant, local_date, local_instant, local_time
from bot.holidays import holidays_around
from bot.render.kit import replace_blocks
from bot.render.samples import Part, Shown, judges_block, samples_message
from bot.store import predictions as sets
from bot.store import samples as store
from bot.store.bets import get_bet, list_team_bets
from bot.store.comparisons import get_running
from bot.store.outbox import get_post_by_key, get_shown_payload, insert_post, update_message
from bot.store.stale import insert_stale
from bot.store.tables import prediction_sets, sample_draws, sample_rounds, samples

# Votes count in full for four weeks (policy.md): a set older than that tells of a model that is gone.
FRESH_FOR = timedelta(weeks=4)
JUDGING_DAYS = 2
# How many rows with the lowest score are looked at for one that was not shown yet.
_LOWEST = 50


def do_post_samples(tx: Connection, now: datetime, team: Team) -> int:
    """Owes the channel the week's samples, of up to three live bets with fresh sets, those first that waited longest;
    nothing without any. Returns how many messages that are."""
    live = {bet.id: bet for bet in list_team_bets(tx, team.id, ("live",))}
    newest = {bet_id: found[-1] for bet_id, found in sets.list_ready(tx, live).items()}
    fresh = [bet_id for bet_id, found in newest.items() if _is_fresh(tx, now, found)]
    last = store.list_last_shown(tx, fresh)
    fresh.sort(key=lambda bet_id: (bet_id in last, last.get(bet_id, now), live[bet_id].number))
    chosen = [(live[bet_id], newest[bet_id]) for bet_id in fresh[:MOST_BETS]]
    if not chosen:
        return 0
    closes_at = closing_of(now, team, team.times.get("samples", time(11)))
    _do_post(tx, now, team, chosen, None, closes_at)
    return 1


def _is_fresh(tx: Connection, now: datetime, found: PredictionSet) -> bool:
    """It came lately, not all of its rows were shown, and nobody is judging or comparing the bet's sets now."""
    shown = store.count_shown(tx, found.id)
    new = now - found.created_at <= FRESH_FOR and len(shown) < found.count
    return new and store.get_open_round(tx, found.bet_id) is None and get_running(tx, found.bet_id) is None


def do_post_now(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet) -> SampleRound:
    """*Post samples now*: into the bet's thread, of its newest set."""
    refuse_unless(actor, team, "vote")
    ready = sets.list_ready(tx, [bet.id]).get(bet.id, [])
    if is_over(bet.status):
        raise Refusal(f"{bet.key} has ended, so there is nothing to judge any more.")
    if not ready:
        raise Refusal(f"{bet.key} has no prediction set yet: drop a CSV, TSV or JSONL file in its thread.")
    running = store.get_open_round(tx, bet.id)
    if running:
        until = describe_instant(running.closes_at, team.zone)
        raise Refusal(f"Samples of {bet.key} are open until {until}: judge those first.")
    compared = get_running(tx, bet.id)
    if compared:
        until = describe_instant(compared.closes_at, team.zone)
        raise Refusal(f"A blind comparison of {bet.key} is open until {until}, and samples would name its sets.")
    closes_at = closing_of(now, team, local_time(now, team.zone))
    return _do_post(tx, now, team, [(bet, ready[-1])], actor.user, closes_at)


def closing_of(now: datetime, team: Team, hour: time) -> datetime:
    """The hour of posting on the second working day after."""
    today = local_date(now, team.zone)
    day = add_working_days(today, JUDGING_DAYS, holidays_around(team.country, today))
    return local_instant(day, hour, team.zone)


def _do_post(
    tx: Connection,
    now: datetime,
    team: Team,
    chosen: Sequence[tuple[Bet, PredictionSet]],
    by: str | None,
    closes_at: datetime,
) -> SampleRound:
    round_id = store.insert_round(tx, now, team.id, by, closes_at)
    share = SHARES[len(chosen)]
    for place, (bet, found) in enumerate(chosen):
        drawn = _draw(tx, found, share)
        rows = sets.list_rows(tx, found.id, [one.position for one in (*drawn.shown, *drawn.rest)])
        ids = {position: row.row for position, row in rows.items()}
        store.insert_draw(tx, round_id, place, found, drawn, ids, 1 + place * share)
        sets.update_named(tx, now, found.id)
        do_note_evidence(tx, now, team, bet.id, by)
    parts = [get_part(tx, one) for one in store.list_draws(tx, sample_draws.c.round_id == round_id)]
    week = week_of(now, team.zone).label
    message = samples_message(parts, round_id, f"on {describe_instant(closes_at, team.zone)}", week)
    guard = {"if": "round_open", "round": round_id}
    parent = card_of(tx, now, team, chosen[0][0]) if by else None
    where: dict[str, Any] = {"team_id": team.id, "channel": team.channel, "parent_id": parent, "guard": guard}
    insert_post(tx, now, key_of_round(round_id), message, **where)
    for bet, _ in chosen:
        refresh_card(tx, now, bet.id)
    [made] = store.list_rounds(tx, sample_rounds.c.id == round_id)
    return made


def key_of_round(round_id: int) -> str:
    """The key of a round's message."""
    return f"samples:{round_id}"


def round_of_key(key: str) -> int | None:
    """The round whose message is the post of that key, if it is one."""
    kind, _, number = key.partition(":")
    return int(number) if kind == "samples" else None


def _draw(tx: Connection, found: PredictionSet, count: int) -> Draw:
    classes = classes_of(sets.list_predicted(tx, found.id))
    pinned = Pinned()
    if count > LEAST_RANDOM:
        places = sets.list_positions(tx, found.id, disliked := store.list_disliked(tx, found.bet_id))
        told = store.list_lowest_shown(tx, found.id)
        lowest = [at for at in sets.list_lowest(tx, found.id, _LOWEST + len(told)) if at not in told]
        pinned = Pinned([places[row] for row in disliked if row in places], lowest)
    return draw(classes, found.seed, store.count_shown(tx, found.id), pinned, count)


def get_part(tx: Connection, one: SampleDraw, user: str | None = None) -> Part:
    """What a bet shows in the message of its round, with what `user` said of it."""
    [found] = sets.list_sets(tx, prediction_sets.c.id == one.set_id)
    drawn = store.list_samples(tx, samples.c.draw_id == one.id)
    printed = [sample for sample in drawn if sample.number is not None]
    shown = list_shown(tx, one, [sample.id for sample in printed], user)
    return Part(get_bet(tx, one.bet_id), one, found, shown, more=len(drawn) > len(printed))


def list_shown(tx: Connection, one: SampleDraw, ids: Iterable[int], user: str | None) -> list[Shown]:
    """These samples of a draw with their rows, with what `user` said of each and, if anything, how all did."""
    found = store.list_samples(tx, samples.c.id.in_(list(ids)))
    rows = sets.list_rows(tx, one.set_id, [sample.position for sample in found])
    votes = store.list_votes(tx, [sample.id for sample in found])
    link = sets.list_sets(tx, prediction_sets.c.id == one.set_id)[0].link or ""
    return [
        Shown(sample, rows[sample.position], own := votes[sample.id].get(user or ""),
              Judged(sample.number, sample.why, votes[sample.id]) if own else None, link)
        for sample in found if sample.position in rows
    ]  # fmt: skip


def note_judged(tx: Connection, team: Team, round_id: int) -> None:
    """Somebody judged: the message is to say how many have."""
    insert_stale(tx, f"samples:{team.id}:{round_id}")


def refresh_round(tx: Connection, now: datetime, round_id: int) -> None:
    """The message of an open round says how many people have judged."""
    post = get_post_by_key(tx, key_of_round(round_id))
    if post is None or not store.list_rounds(tx, sample_rounds.c.id == round_id, sample_rounds.c.closed_at.is_(None)):
        return
    judged = judges_block(round_id, store.count_judges(tx, round_id))
    payload = replace_blocks(get_shown_payload(tx, post), f"round-{round_id}-judges", [judged])
    update_message(tx, now, post.id, payload)


def result_key(draw_id: int) -> str:
    """The key of the post that tells how a draw was judged."""
    return f"samples_result:{draw_id}"


def get_approval(tx: Connection, draw_id: int) -> Approval:
    """How a draw was judged so far."""
    return sum_up(_judged(tx, samples.c.draw_id == draw_id))


def list_judged(tx: Connection, *where: Any) -> dict[int, Approval]:
    """How the draws in closed rounds that meet the conditions were judged, by the set's id: all rounds of it as one."""
    closed = select(sample_rounds.c.id).where(sample_rounds.c.closed_at.is_not(None))
    by_set: dict[int, list[int]] = {}
    for one in store.list_draws(tx, sample_draws.c.round_id.in_(closed), *where):
        by_set.setdefault(one.set_id, []).append(one.id)
    return {set_id: sum_up(_judged(tx, samples.c.draw_id.in_(ids))) for set_id, ids in by_set.items()}


def get_verdict(tx: Connection, bet_id: int) -> Approval | None:
    """How the bet's samples were judged in the newest closed round of its in which anybody judged any."""
    closed = select(sample_rounds.c.id).where(sample_rounds.c.closed_at.is_not(None))
    draws = store.list_draws(tx, sample_draws.c.round_id.in_(closed), sample_draws.c.bet_id == bet_id)
    verdicts = (get_approval(tx, one.id) for one in reversed(draws))
    return next((one for one in verdicts if one.votes), None)


def _judged(tx: Connection, *where: Any) -> list[Judged]:
    found = store.list_samples(tx, *where)
    votes = store.list_votes(tx, [sample.id for sample in found])
    return [Judged(sample.number, sample.why, votes[sample.id]) for sample in found]
