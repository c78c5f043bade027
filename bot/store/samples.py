"""Rounds of samples, what each bet shows in them, votes and notes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, delete, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.domain.approval import GOOD
from bot.domain.drawing import LOWEST, RANDOM, Draw
from bot.domain.predictions import PredictionSet, Sample, SampleDraw, SampleRound
from bot.store.db import Instant, inserted_id
from bot.store.predictions import DELETED
from bot.store.prepared import find
from bot.store.tables import prediction_sets, replies, sample_draws, sample_notes, sample_rounds, samples, votes

# How many of the votes in a group are good.
_GOOD = func.sum(case((votes.c.value == GOOD, 1), else_=0))
# The rounds of draws whose rows are still there.
_JUDGEABLE = (
    select(sample_draws.c.round_id)
    .join(prediction_sets, prediction_sets.c.id == sample_draws.c.set_id)
    .where(prediction_sets.c.state != DELETED)
)
# Built once, since each tick asks for it.
_OPEN = select(sample_rounds).where(sample_rounds.c.closed_at.is_(None)).order_by(sample_rounds.c.id)
_DUE = _OPEN.where(
    sample_rounds.c.team_id == bindparam("team"), sample_rounds.c.closes_at <= bindparam("now", type_=Instant)
)


def list_rounds(tx: Connection, *where: Any) -> list[SampleRound]:
    """Rounds that meet the conditions, oldest first."""
    rows = tx.execute(select(sample_rounds).where(*where).order_by(sample_rounds.c.id))
    return [SampleRound(**row._mapping) for row in rows]


def list_due_rounds(tx: Connection, now: datetime, team_id: int) -> list[SampleRound]:
    """The team's rounds that are open and whose hour has come."""
    return [SampleRound(**row._mapping) for row in find(tx, _DUE, team=team_id, now=now)]


def list_draws(tx: Connection, *where: Any) -> list[SampleDraw]:
    """Draws that meet the conditions, in the order in which they stand in their rounds."""
    query = select(sample_draws).where(*where).order_by(sample_draws.c.round_id, sample_draws.c.place)
    return [SampleDraw(**row._mapping) for row in tx.execute(query)]


def list_samples(tx: Connection, *where: Any) -> list[Sample]:
    """Samples that meet the conditions, those in the message before those behind *Judge more*."""
    query = select(samples).where(*where).order_by(samples.c.draw_id, samples.c.place)
    return [Sample(**row._mapping) for row in tx.execute(query)]


@dataclass(frozen=True)
class Placed:
    """A sample with the draw and the round it stands in."""

    sample: Sample
    draw: SampleDraw
    round: SampleRound


def get_placed(tx: Connection, sample_id: Any) -> Placed | None:
    """The sample of an id that came from outside, if there is one."""
    found = list_samples(tx, samples.c.id == sample_id) if isinstance(sample_id, int) else []
    if not found:
        return None
    [draw] = list_draws(tx, sample_draws.c.id == found[0].draw_id)
    [its_round] = list_rounds(tx, sample_rounds.c.id == draw.round_id)
    return Placed(found[0], draw, its_round)


def get_open_round(tx: Connection, bet_id: int) -> SampleRound | None:
    """The newest round in which this bet's samples can be judged: those of a set that was deleted cannot."""
    of_bet = _JUDGEABLE.where(sample_draws.c.bet_id == bet_id)
    found = list_rounds(tx, sample_rounds.c.id.in_(of_bet), sample_rounds.c.closed_at.is_(None))
    return found[-1] if found else None


def is_judged(tx: Connection, round_id: int) -> bool:
    """Whether a round shows anything that is not deleted."""
    return tx.execute(_JUDGEABLE.where(sample_draws.c.round_id == round_id)).first() is not None


def insert_round(tx: Connection, now: datetime, team_id: int, by: str | None, closes_at: datetime) -> int:
    """A new open round; returns its id."""
    values = {"team_id": team_id, "by": by, "posted_at": now, "closes_at": closes_at}
    return inserted_id(tx.execute(insert(sample_rounds).values(**values)))


def insert_draw(
    tx: Connection, round_id: int, place: int, found: PredictionSet, drawn: Draw, rows: Mapping[int, str], first: int
) -> None:
    """What one bet shows, numbered from `first`; `rows` are the ids of the drawn rows by their position."""
    values = {"round_id": round_id, "bet_id": found.bet_id, "set_id": found.id, "place": place, "seed": found.seed}
    draw_id = inserted_id(tx.execute(insert(sample_draws).values(**values)))
    for within, one in enumerate((*drawn.shown, *drawn.rest)):
        number = first + within if within < len(drawn.shown) else None
        sample = {"draw_id": draw_id, "place": within, "number": number, "why": one.why}
        tx.execute(insert(samples).values(**sample, position=one.position, row=rows[one.position]))


def update_closed(tx: Connection, now: datetime, round_id: int) -> bool:
    """Closes a round; False: somebody was faster."""
    where = (sample_rounds.c.id == round_id, sample_rounds.c.closed_at.is_(None))
    return tx.execute(update(sample_rounds).where(*where).values(closed_at=now)).rowcount == 1


def count_shown(tx: Connection, set_id: int) -> Counter[int]:
    """How often each row of a set was drawn and shown: in a message, or behind it to somebody who judged it."""
    judged = select(votes.c.sample_id).where(votes.c.sample_id == samples.c.id).exists()
    query = (
        select(samples.c.position, func.count())
        .join(sample_draws, sample_draws.c.id == samples.c.draw_id)
        .where(sample_draws.c.set_id == set_id, samples.c.why == RANDOM, or_(samples.c.number.is_not(None), judged))
        .group_by(samples.c.position)
    )
    return Counter({row[0]: row[1] for row in tx.execute(query)})


def list_disliked(tx: Connection, bet_id: int) -> list[str]:
    """The ids of the rows of a bet, in any of its sets, that most people did not find good when they last judged them;
    the most disliked first."""
    query = (
        select(samples.c.row, func.count(), _GOOD)
        .join(sample_draws, sample_draws.c.id == samples.c.draw_id)
        .join(sample_rounds, sample_rounds.c.id == sample_draws.c.round_id)
        .join(votes, votes.c.sample_id == samples.c.id)
        .where(sample_draws.c.bet_id == bet_id, sample_rounds.c.closed_at.is_not(None))
        .group_by(samples.c.id)
        .order_by(samples.c.id)
    )
    newest = {row: count - 2 * liked for row, count, liked in tx.execute(query)}
    return sorted((row for row, against in newest.items() if against > 0), key=lambda row: (-newest[row], row))


def list_lowest_shown(tx: Connection, set_id: int) -> set[int]:
    """The rows of a set that were shown for their low score."""
    of_set = select(sample_draws.c.id).where(sample_draws.c.set_id == set_id)
    return {one.position for one in list_samples(tx, samples.c.draw_id.in_(of_set), samples.c.why == LOWEST)}


def list_last_shown(tx: Connection, bet_ids: Iterable[int]) -> dict[int, datetime]:
    """When each of these bets last showed samples, of those that did."""
    query = (
        select(sample_draws.c.bet_id, func.max(sample_rounds.c.posted_at, type_=sample_rounds.c.posted_at.type))
        .join(sample_rounds, sample_rounds.c.id == sample_draws.c.round_id)
        .where(sample_draws.c.bet_id.in_(list(bet_ids)))
        .group_by(sample_draws.c.bet_id)
    )
    return {row[0]: row[1] for row in tx.execute(query)}


def update_vote(tx: Connection, now: datetime, sample_id: int, user: str, value: str) -> None:
    """One person's vote on one sample, in the place of an earlier one."""
    given = {"value": value, "at": now}
    statement = upsert(votes).values(sample_id=sample_id, user=user, **given)
    tx.execute(statement.on_conflict_do_update(index_elements=["sample_id", "user"], set_=given))


def list_votes(tx: Connection, sample_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Everybody's vote on these samples, by the sample's id."""
    ids = list(sample_ids)
    found: dict[int, dict[str, str]] = {sample_id: {} for sample_id in ids}
    for row in tx.execute(select(votes).where(votes.c.sample_id.in_(ids)).order_by(votes.c.at, votes.c.user)):
        found[row.sample_id][row.user] = row.value
    return found


def count_judges(tx: Connection, round_id: int) -> int:
    """How many people have judged anything in a round."""
    query = (
        select(func.count(votes.c.user.distinct()))
        .join(samples, samples.c.id == votes.c.sample_id)
        .join(sample_draws, sample_draws.c.id == samples.c.draw_id)
        .where(sample_draws.c.round_id == round_id)
    )
    return tx.execute(query).scalar_one()


@dataclass(frozen=True)
class Thumbs:
    """How a bet's samples were judged in a round that closed at that instant: votes on random rows."""

    bet_id: int
    at: datetime
    up: int
    down: int


def list_thumbs(tx: Connection, team_id: int) -> list[Thumbs]:
    """The verdicts on a team's samples, oldest first; rounds in which nobody judged a random row are left out."""
    query = (
        select(sample_draws.c.bet_id, sample_rounds.c.closed_at, func.count(), _GOOD)
        .join(sample_draws, sample_draws.c.round_id == sample_rounds.c.id)
        .join(samples, samples.c.draw_id == sample_draws.c.id)
        .join(votes, votes.c.sample_id == samples.c.id)
        .where(sample_rounds.c.team_id == team_id, sample_rounds.c.closed_at.is_not(None), samples.c.why == RANDOM)
        .group_by(sample_draws.c.id)
        .order_by(sample_rounds.c.closed_at, sample_draws.c.id)
    )
    return [Thumbs(bet_id, at, up, count - up) for bet_id, at, count, up in tx.execute(query)]


def get_noted(tx: Connection, channel: str, ts: str) -> int | None:
    """The sample on which the message at `ts` is a note."""
    where = (sample_notes.c.channel == channel, sample_notes.c.ts == ts)
    return tx.execute(select(sample_notes.c.sample_id).where(*where)).scalar_one_or_none()


@dataclass(frozen=True)
class Note:
    """A reply that is a note on a sample, by its author, as typed."""

    number: int | None
    user: str
    text: str


def list_notes(tx: Connection, *where: Any) -> list[Note]:
    """The notes on samples that meet the conditions, by the sample's number, oldest first."""
    same = (replies.c.channel == sample_notes.c.channel) & (replies.c.ts == sample_notes.c.ts)
    query = (
        select(samples.c.number, replies.c.user, replies.c.text)
        .join(sample_notes, sample_notes.c.sample_id == samples.c.id)
        .join(replies, same)
        .where(replies.c.text.is_not(None), replies.c.deleted.is_(False), *where)
        .order_by(samples.c.number, replies.c.ts)
    )
    return [Note(**row._mapping) for row in tx.execute(query)]


def update_note(tx: Connection, channel: str, ts: str, sample_id: int | None) -> None:
    """The message at `ts` is a note on that sample, or on none."""
    if sample_id is None:
        tx.execute(delete(sample_notes).where(sample_notes.c.channel == channel, sample_notes.c.ts == ts))
        return
    statement = upsert(sample_notes).values(channel=channel, ts=ts, sample_id=sample_id)
    tx.execute(statement.on_conflict_do_update(index_elements=["channel", "ts"], set_={"sample_id": sample_id}))
