"""What a person may still judge: samples and pairs that are open and shown in a message, without their vote."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from bot.domain.blind import SHOWN
from bot.store.predictions import READY
from bot.store.tables import (
    bets,
    comparison_pairs,
    comparison_votes,
    comparisons,
    prediction_sets,
    sample_draws,
    sample_rounds,
    samples,
    votes,
)


@dataclass(frozen=True)
class OpenVote:
    """Samples of a bet, or with `blind` two of its versions, that wait for somebody's judgement until `closes_at`;
    `in_thread`: they stand in the bet's thread, else in the channel."""

    bet_id: int
    blind: bool
    in_thread: bool
    closes_at: datetime


def list_open_votes(tx: Connection, now: datetime, team_id: int, user: str) -> Sequence[OpenVote]:
    """What this person has not judged in full yet in a team, first what closes first."""
    found = [*_list_samples(tx, now, team_id, user), *_list_pairs(tx, now, team_id, user)]
    return sorted(found, key=lambda one: (one.closes_at, one.bet_id))


def _list_samples(tx: Connection, now: datetime, team_id: int, user: str) -> list[OpenVote]:
    own = select(votes.c.sample_id).where(votes.c.sample_id == samples.c.id, votes.c.user == user).exists()
    left = select(samples.c.id).where(samples.c.draw_id == sample_draws.c.id, samples.c.number.is_not(None), ~own)
    query = (
        select(sample_draws.c.bet_id, sample_rounds.c.by, sample_rounds.c.closes_at)
        .join(sample_rounds, sample_rounds.c.id == sample_draws.c.round_id)
        .join(prediction_sets, prediction_sets.c.id == sample_draws.c.set_id)
        .where(sample_rounds.c.team_id == team_id, prediction_sets.c.state == READY, left.exists())
        .where(sample_rounds.c.closed_at.is_(None), sample_rounds.c.closes_at > now)
    )
    return [OpenVote(row.bet_id, False, row.by is not None, row.closes_at) for row in tx.execute(query)]


def _list_pairs(tx: Connection, now: datetime, team_id: int, user: str) -> list[OpenVote]:
    pair, vote = comparison_pairs.c, comparison_votes.c
    own = select(vote.pair_id).where(vote.pair_id == pair.id, vote.user == user).exists()
    left = select(pair.id).where(pair.comparison_id == comparisons.c.id, pair.number <= SHOWN, ~own)
    query = (
        select(comparisons.c.bet_id, comparisons.c.closes_at)
        .join(bets, bets.c.id == comparisons.c.bet_id)
        .where(bets.c.team_id == team_id, left.exists())
        .where(comparisons.c.closed_at.is_(None), comparisons.c.closes_at > now)
    )
    return [OpenVote(row.bet_id, True, True, row.closes_at) for row in tx.execute(query)]
