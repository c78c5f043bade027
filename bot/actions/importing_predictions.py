"""Takes in prediction sets with their rows, samples with the rounds they stood in and their notes, and votes."""

import math
from typing import Any

from sqlalchemy import insert

from bot.actions import import_fields as f
from bot.actions.import_fields import Values
from bot.actions.import_state import Import, bet_of, free_id, team_of
from bot.domain.approval import VALUES
from bot.domain.errors import Refusal
from bot.domain.prediction_rows import read_rows
from bot.domain.predictions import Prediction
from bot.domain.records import Heard
from bot.store import tables as t
from bot.store.db import inserted_id
from bot.store.predictions import insert_rows, pack
from bot.store.replies import update_reply
from bot.store.samples import update_note, update_vote


def take_set(state: Import, values: Values) -> None:
    row: Values = {"bet_id": bet_of(state, values), "columns": f.object_or_none(values, "columns") or {}}
    row |= {name: f.text(values, name) for name in ("label", "file", "digest", "source", "by", "state")}
    row |= {name: f.text_or_none(values, name) for name in ("metric", "link", "file_id")}
    row |= {name: f.number(values, name) for name in ("count", "seed")}
    row |= {"value": _value(values), "lower_is_better": f.flag(values, "lower_is_better")}
    row |= {name: f.instant(values, name) for name in ("named_at", "deleted_at")}
    row["created_at"] = f.instant_of(values, "created_at")
    given = f.objects_or_none(values, "rows")
    # Where a link is kept, nothing of a row is but its id.
    rows = [Prediction(f.text(one, "id"), None, None) for one in given] if row["link"] else read_rows(given)
    new = inserted_id(
        state.tx.execute(insert(t.prediction_sets).values(**row, **free_id(state, t.prediction_sets, values)))
    )
    insert_rows(state.tx, new, pack(rows))
    if isinstance(values.get("id"), int):
        state.sets[values["id"]] = new


def _value(values: Values) -> float | None:
    found = values.get("value")
    if found is not None and (
        isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found)
    ):
        raise Refusal("the field `value` is no number.")
    return found


def take_sample(state: Import, values: Values) -> None:
    row: Values = {"draw_id": _draw(state, values), "row": f.text(values, "row"), "why": f.text(values, "why")}
    row |= {name: f.number(values, name) for name in ("place", "position")}
    row["number"] = None if values.get("number") is None else f.number(values, "number")
    new = inserted_id(state.tx.execute(insert(t.samples).values(**row, **free_id(state, t.samples, values))))
    if isinstance(values.get("id"), int):
        state.samples[values["id"]] = new
    for note in f.objects_or_none(values, "notes"):
        _take_note(state, bet_of(state, values), new, note)


def _draw(state: Import, values: Values) -> int:
    """The draw that the sample stands in; the first of its samples brings it, and the first of its round that."""
    given: Any = f.object_or_none(values, "draw") or {}
    known = f.number(given, "id")
    if known not in state.draws:
        found = f.number(values, "set")
        if found not in state.sets:
            raise Refusal("its prediction set is not there: import prediction_sets.jsonl with it.")
        row = {"round_id": _round(state, values), "bet_id": bet_of(state, values), "set_id": state.sets[found]}
        row |= {"place": f.number(given, "place"), "seed": f.number(values, "seed")}
        done = state.tx.execute(insert(t.sample_draws).values(**row, **free_id(state, t.sample_draws, given)))
        state.draws[known] = inserted_id(done)
    return state.draws[known]


def _round(state: Import, values: Values) -> int:
    given: Any = f.object_or_none(values, "round") or {}
    known = f.number(given, "id")
    if known not in state.sample_rounds:
        row: Values = {"team_id": team_of(state, values).id, "by": f.text_or_none(given, "by")}
        row |= {name: f.instant_of(given, name) for name in ("posted_at", "closes_at")}
        row["closed_at"] = f.instant(given, "closed_at")
        done = state.tx.execute(insert(t.sample_rounds).values(**row, **free_id(state, t.sample_rounds, given)))
        state.sample_rounds[known] = inserted_id(done)
    return state.sample_rounds[known]


def _take_note(state: Import, bet_id: int, sample_id: int, note: Values) -> None:
    row: Values = {name: f.text(note, name) for name in ("channel", "ts", "text", "edit_ts")}
    row |= {"user": f.user(note, "user"), "at": f.instant_of(note, "at"), "pins": f.object_or_none(note, "pins") or {}}
    row["taken_back_ts"] = f.text_or_none(note, "taken_back_ts")
    update_reply(state.tx, Heard(bet_id=bet_id, plain=False, **row))
    update_note(state.tx, row["channel"], row["ts"], sample_id)


def take_vote(state: Import, values: Values) -> None:
    sample, value = state.samples.get(f.number(values, "sample")), f.text(values, "value")
    if sample is None:
        raise Refusal("its sample is not there: import samples.jsonl with it.")
    if value not in VALUES:
        raise Refusal(f"a vote is {', '.join(VALUES[:-1])} or {VALUES[-1]}.")
    at = f.instant(values, "at") or state.now
    update_vote(state.tx, at, sample, f.user(values, "user"), value)
