"""Prediction sets that are forgotten: deleted by somebody, or kept long enough. Rows and images are gone, here and from
what was posted; the set's line, votes and results stay."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.closing import do_end_judging
from bot.actions.rights import refuse_unless
from bot.actions.samples import result_key
from bot.domain.errors import Refusal
from bot.domain.predictions import PredictionSet, SampleDraw
from bot.domain.records import Actor, Bet, Team
from bot.render.comparisons import forgotten_pairs
from bot.render.pictures import without_pictures
from bot.render.predictions import forgotten_offer, withdrawn_offer
from bot.render.samples import forgotten_result, forgotten_samples
from bot.store import forgetting as store
from bot.store.bets import get_bet
from bot.store.history import insert_bet_history
from bot.store.outbox import get_post_by_key, get_shown_payload, insert_file_delete, list_posts, update_message
from bot.store.predictions import OFFERED, READY, get_set_or_none
from bot.store.samples import list_draws, list_samples
from bot.store.tables import sample_draws, samples
from bot.store.teams import get_team

CLOCK = "clock"


def may_delete(actor: Actor, team: Team, bet: Bet) -> bool:
    """Whether this person may delete the bet's sets: an owner or a lead."""
    return actor.role(team, bet.owners) in ("owner", "lead")


def do_delete_set(tx: Connection, now: datetime, actor: Actor, set_id: Any) -> Bet:
    """*Delete*: for good, whoever judged it."""
    found = get_set_or_none(tx, set_id)
    bet = get_bet(tx, found.bet_id) if found else None
    if found is None or bet is None or bet.team_id not in actor.team_ids:
        raise Refusal("There is no such prediction set here.")
    team = get_team(tx, bet.team_id)
    refuse_unless(actor, team, "read", bet.owners)
    if not may_delete(actor, team, bet):
        raise Refusal(f"Only an owner of {bet.key} or a lead deletes its prediction sets: ask one.")
    if found.state != READY:
        raise Refusal("Somebody was faster: the set is deleted.")
    if store.is_compared(tx, found.id):
        raise Refusal("The set is in a blind comparison that is open: delete it once that is closed.")
    _do_forget(tx, now, team, bet, found, actor.user)
    return bet


def do_withdraw_offer(tx: Connection, now: datetime, actor: Actor, set_id: Any) -> None:
    """Whoever dropped a file says that it is no prediction set: what was read of it is gone, and the offer says so."""
    found = get_set_or_none(tx, set_id)
    if found is None or found.by != actor.user or get_bet(tx, found.bet_id).team_id not in actor.team_ids:
        raise Refusal("There is no such file of yours here.")
    if found.state != OFFERED:
        raise Refusal("Somebody was faster: the file is in use.")
    _edit(tx, now, f"offer:{found.id}", lambda _: withdrawn_offer(found, actor.person.name))
    store.delete_set(tx, found.id)


def do_forget_expired(tx: Connection, now: datetime, team: Team) -> int:
    """Forgets what the team has kept for as long as it wants to; what is being judged waits for its close. Returns how
    many sets that are."""
    expired = store.list_expired(tx, now, team)
    for found in expired:
        _do_forget(tx, now, team, get_bet(tx, found.bet_id), found, CLOCK)
    return len(expired)


def _do_forget(tx: Connection, now: datetime, team: Team, bet: Bet, found: PredictionSet, by: str) -> None:
    for drawn in list_draws(tx, sample_draws.c.set_id == found.id):
        _forget_samples(tx, now, drawn)
        for post in list_posts(tx, team.id, f"rest:{drawn.id}:"):
            _edit(tx, now, post.key, without_pictures)
    for comparison, pairs in store.list_pairs(tx, found.id).items():
        _edit(tx, now, f"comparison:{comparison}", lambda payload, pairs=pairs: forgotten_pairs(payload, pairs))
        for post in list_posts(tx, team.id, f"rest_pairs:{comparison}:"):
            _edit(tx, now, post.key, without_pictures)
    _edit(tx, now, f"offer:{found.id}", forgotten_offer)
    if found.state != READY:  # nobody ever said *Use it*, so there is no vote for which its line would stand
        store.delete_set(tx, found.id)
        return
    store.update_forgotten(tx, now, found.id)
    do_end_judging(tx, now, team, found)
    insert_bet_history(tx, now, bet, "prediction_set_deleted", by, after={"set": found.id})


def _forget_samples(tx: Connection, now: datetime, drawn: SampleDraw) -> None:
    ids = [one.id for one in list_samples(tx, samples.c.draw_id == drawn.id, samples.c.number.is_not(None))]
    _edit(tx, now, f"samples:{drawn.round_id}", lambda payload: forgotten_samples(payload, drawn.id, ids))
    _edit(tx, now, result_key(drawn.id), forgotten_result)


def _edit(tx: Connection, now: datetime, key: str, forget: Any) -> None:
    """The message reads without it, nothing the bot owes or owed Slack holds it any more, and pictures that it no
    longer shows are taken out of Slack."""
    post = get_post_by_key(tx, key)
    if post is not None:
        shown = get_shown_payload(tx, post)
        payload = forget(shown)
        if payload == shown == post.payload:
            return
        update_message(tx, now, post.id, payload)
        store.update_payloads(tx, post.id, payload)
        for file_id in sorted((_files(shown) | _files(post.payload)) - _files(payload)):
            insert_file_delete(tx, now, file_id)


def _files(payload: dict[str, Any]) -> set[str]:
    """What was uploaded to Slack for the pictures of a message."""
    return {one["file_id"] for one in payload.get("pictures") or [] if one.get("file_id")}
