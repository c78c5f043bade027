"""Prediction sets with their rows, samples with their notes, and votes, to be written out; part of `exporting.py`."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, select

from bot.store import tables as t
from bot.store.predictions import iter_rows

Row = dict[str, Any]
_SET = (
    *("label", "file", "columns", "count", "seed", "digest", "metric", "value", "lower_is_better", "source", "by"),
    *("state", "link", "file_id", "named_at", "created_at", "deleted_at"),
)
_ROUND = ("by", "posted_at", "closes_at", "closed_at")
_SAMPLE = ("place", "number", "position", "row", "why")
_NOTE = ("channel", "ts", "user", "at", "text", "edit_ts", "taken_back_ts", "pins")
_VALUES = ("input", "prediction", "expected", "score", "image", "model", "meta")


def export_sets(tx: Connection, ids: list[int]) -> Iterator[Row]:
    """One row a set; its own rows stand in it as a file would have them."""
    query = (
        select(t.prediction_sets, t.bets.c.number.label("bet_number"), t.teams.c.channel.label("team_channel"))
        .join(t.bets, t.bets.c.id == t.prediction_sets.c.bet_id)
        .join(t.teams, t.teams.c.id == t.bets.c.team_id)
        .where(t.bets.c.team_id.in_(ids))
        .order_by(t.prediction_sets.c.id)
    )
    for found in tx.execute(query).mappings().all():
        rows = [
            {"id": row.row} | {name: value for name in _VALUES if (value := getattr(row, name)) is not None}
            for row in iter_rows(tx, found["id"])
        ]
        bet = {"id": found["id"], "team": found["team_channel"], "bet": f"B-{found['bet_number']}"}
        yield bet | {name: found[name] for name in _SET} | {"rows": rows}


def _placed(query: Select[Any], ids: list[int]) -> Select[Any]:
    """A select of samples, joined with where they stand."""
    return (
        query.join(t.sample_draws, t.sample_draws.c.id == t.samples.c.draw_id)
        .join(t.sample_rounds, t.sample_rounds.c.id == t.sample_draws.c.round_id)
        .join(t.bets, t.bets.c.id == t.sample_draws.c.bet_id)
        .join(t.teams, t.teams.c.id == t.sample_rounds.c.team_id)
        .where(t.sample_rounds.c.team_id.in_(ids))
        .order_by(t.samples.c.id)
    )


def export_samples(tx: Connection, ids: list[int]) -> Iterator[Row]:
    """One row a sample, with the round and the draw it stands in, and the notes on it."""
    notes = _notes(tx)
    query = select(t.samples, t.sample_draws, t.sample_rounds, t.bets.c.number, t.teams.c.channel)
    for row in tx.execute(_placed(query, ids)).mappings():
        draw, around = t.sample_draws.c, t.sample_rounds.c
        its_round = {"id": row[around.id]} | {name: row[around[name]] for name in _ROUND}
        yield (
            {"id": row[t.samples.c.id], "team": row[t.teams.c.channel], "bet": f"B-{row[t.bets.c.number]}"}
            | {"set": row[draw.set_id], "seed": row[draw.seed]}
            | {name: row[t.samples.c[name]] for name in _SAMPLE}
            | {"draw": {"id": row[draw.id], "place": row[draw.place]}, "round": its_round}
            | {"notes": notes.get(row[t.samples.c.id], [])}
        )


def _notes(tx: Connection) -> dict[int, list[Row]]:
    """What was written about each sample, without what was taken back."""
    same = (t.replies.c.channel == t.sample_notes.c.channel) & (t.replies.c.ts == t.sample_notes.c.ts)
    query = select(t.sample_notes.c.sample_id, t.replies).join(t.replies, same).where(t.replies.c.text.is_not(None))
    found: dict[int, list[Row]] = {}
    for row in tx.execute(query.order_by(t.replies.c.ts)).mappings():
        found.setdefault(row["sample_id"], []).append({name: row[t.replies.c[name]] for name in _NOTE})
    return found


def export_votes(tx: Connection, ids: list[int]) -> Iterator[Row]:
    """One row a vote."""
    query = select(t.votes, t.teams.c.channel).join(t.samples, t.samples.c.id == t.votes.c.sample_id)
    for row in tx.execute(_placed(query, ids).order_by(t.votes.c.user)):
        said = {"sample": row.sample_id, "user": row.user, "value": row.value, "at": row.at}
        yield {"id": f"{row.sample_id}-{row.user}", "team": row.channel} | said
