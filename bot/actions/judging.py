"""What people do with samples: vote, look at more of them, and read one whole."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.rights import refuse_unless
from bot.actions.sample_notes import list_noted
from bot.actions.samples import get_part, list_shown, note_judged
from bot.domain.approval import VALUES
from bot.domain.calendar import week_of
from bot.domain.errors import Refusal
from bot.domain.predictions import Sample, SampleDraw
from bot.domain.records import Actor, Bet, Team
from bot.render.bet_lists import page_of
from bot.render.pictures import letter, rest_message
from bot.render.samples import PAGE, changed_modal, depicted, judge_more_modal, judged_answer, show_all_modal
from bot.store import samples as store
from bot.store.bets import get_bet
from bot.store.outbox import insert_post
from bot.store.predictions import DELETED, list_sets
from bot.store.samples import Placed
from bot.store.tables import prediction_sets, sample_draws, sample_rounds, samples
from bot.store.teams import get_team

_GONE = "There is no such sample here."


def find_placed(tx: Connection, actor: Actor, sample_id: Any) -> tuple[Placed, Bet, Team]:
    """The sample of a button; the same answer for none and for one of a team they are not in."""
    placed = store.get_placed(tx, sample_id)
    if placed is None or placed.round.team_id not in actor.team_ids:
        raise Refusal(_GONE)
    return placed, get_bet(tx, placed.draw.bet_id), get_team(tx, placed.round.team_id)


def do_judge(tx: Connection, now: datetime, actor: Actor, sample_id: Any, value: str) -> dict[str, Any] | None:
    """Keeps a vote in the place of an earlier one. Returns what to show: an answer to somebody who has judged all of a
    bet's samples in the message now, a small modal where there was an earlier vote; mostly nothing."""
    placed, bet, team = find_placed(tx, actor, sample_id)
    refuse_unless(actor, team, "vote")
    [found] = list_sets(tx, prediction_sets.c.id == placed.draw.set_id)
    if found.state == DELETED:
        raise Refusal("The rows of this set were deleted, so there is nothing to judge.")
    if placed.round.closed_at is not None or placed.round.closes_at <= now:
        raise Refusal(f"These samples are closed: how it went stands in {bet.key}'s thread.")
    if value not in VALUES:
        raise Refusal("Say good, bad or weird.")
    before = store.list_votes(tx, [placed.sample.id])[placed.sample.id]
    store.update_vote(tx, now, placed.sample.id, actor.user, value)
    note_judged(tx, team, placed.round.id)
    part = get_part(tx, placed.draw, actor.user)
    if actor.user in before:
        return changed_modal(bet, f"sample {placed.sample.number}", before[actor.user], value)
    last = placed.sample.number and all(one.own for one in part.samples)
    return judged_answer(bet, part.samples, len(_rest(tx, placed.draw))) if last else None


def _rest(tx: Connection, draw: SampleDraw) -> list[Sample]:
    return store.list_samples(tx, samples.c.draw_id == draw.id, samples.c.number.is_(None))


def get_more(tx: Connection, actor: Actor, draw_id: Any, page: int) -> dict[str, Any]:
    """*Judge more*: a person's own votes, and one page of what the message does not show."""
    draws = store.list_draws(tx, sample_draws.c.id == draw_id) if isinstance(draw_id, int) else []
    rounds = store.list_rounds(tx, sample_rounds.c.id == draws[0].round_id) if draws else []
    if not rounds or rounds[0].team_id not in actor.team_ids:
        raise Refusal(_GONE)
    refuse_unless(actor, get_team(tx, rounds[0].team_id), "vote")
    if rounds[0].closed_at is not None:  # by now its set may be one that nothing may name
        raise Refusal("These samples are closed: how it went stands in the bet's thread.")
    rest = _rest(tx, draws[0])
    page, pages = page_of(len(rest), PAGE, page)
    ids = [sample.id for sample in rest[page * PAGE : (page + 1) * PAGE]]
    part = get_part(tx, draws[0], actor.user)
    return judge_more_modal(part, list_shown(tx, draws[0], ids, actor.user), page, pages)


def do_show_more(tx: Connection, now: datetime, actor: Actor, draw_id: Any) -> dict[str, Any]:
    """*Judge more* in the message. A form opens before Slack has looked at a picture, so the images of the rest go to
    the person's DM, once."""
    view = get_more(tx, actor, draw_id, 0)
    [draw] = store.list_draws(tx, sample_draws.c.id == draw_id)
    part = get_part(tx, draw)
    rest = list_shown(tx, draw, [sample.id for sample in _rest(tx, draw)], None)
    shown = [depicted(letter(place), part.found, one) for place, one in enumerate(rest) if one.row.has_image]
    if shown:
        team = get_team(tx, part.bet.team_id)
        message = rest_message(part.bet, week_of(now, team.zone).label, shown)
        insert_post(tx, now, f"rest:{draw.id}:{actor.user}", message, team_id=team.id, user=actor.user)
    return view


def get_whole(tx: Connection, actor: Actor, sample_id: Any) -> dict[str, Any]:
    """*Show all*: one row with nothing left out."""
    placed, bet, team = find_placed(tx, actor, sample_id)
    if actor.role(team) == "none":
        raise Refusal(_GONE)
    shown = list_shown(tx, placed.draw, [placed.sample.id], None)
    if not shown:
        raise Refusal("The rows of this set were deleted, so there is no more to show.")
    return show_all_modal(shown[0], bet, list_noted(tx, samples.c.id == placed.sample.id))
