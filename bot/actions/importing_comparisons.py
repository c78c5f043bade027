"""Takes in blind comparisons with their pairs and votes; the result is counted from the votes again."""

from typing import Any

from sqlalchemy import insert

from bot.actions import import_fields as f
from bot.actions.import_fields import Values
from bot.actions.import_state import Import, bet_of, free_id
from bot.domain.blind import VALUES
from bot.domain.errors import Refusal
from bot.store import tables as t
from bot.store.comparisons import update_vote
from bot.store.db import inserted_id


def take_comparison(state: Import, values: Values) -> None:
    sets = f.get(values, "sets")
    if not isinstance(sets, list) or len(sets) != 2:
        raise Refusal("the field `sets` does not name two prediction sets.")
    old, new = (_set(state, one) for one in sets)
    row: Values = {"bet_id": bet_of(state, values), "old_id": old, "new_id": new, "seed": f.number(values, "seed")}
    row |= {"by": f.text_or_none(values, "by"), "closed_at": f.instant(values, "closed_at")}
    row |= {name: f.instant_of(values, name) for name in ("posted_at", "closes_at")}
    made = state.tx.execute(insert(t.comparisons).values(**row, **free_id(state, t.comparisons, values)))
    pairs = [
        _take_pair(state, inserted_id(made), number, pair, (old, new))
        for number, pair in enumerate(f.objects(values, "pairs"), 1)
    ]
    for vote in f.objects_or_none(values, "votes"):
        _take_vote(state, pairs, vote)


def _set(state: Import, known: Any) -> int:
    if known not in state.sets:
        raise Refusal("one of its prediction sets is not there: import prediction_sets.jsonl with it.")
    return state.sets[known]


def _take_pair(state: Import, comparison_id: int, number: int, pair: Values, sets: tuple[int, int]) -> int:
    left = _set(state, f.get(pair, "left"))
    if left not in sets:
        raise Refusal(f"on the left of its pair {number} is a set that it does not compare.")
    row = {"comparison_id": comparison_id, "number": number, "row": f.text(pair, "row"), "left_id": left}
    made = state.tx.execute(insert(t.comparison_pairs).values(**row, **free_id(state, t.comparison_pairs, pair)))
    return inserted_id(made)


def _take_vote(state: Import, pairs: list[int], vote: Values) -> None:
    number, value = f.number(vote, "pair"), f.text(vote, "value")
    if not 1 <= number <= len(pairs):
        raise Refusal(f"it has a vote on a pair {number}, which it does not have.")
    if value not in VALUES:
        raise Refusal(f"a vote on a pair is {', '.join(VALUES[:-1])} or {VALUES[-1]}.")
    update_vote(state.tx, f.instant(vote, "at") or state.now, pairs[number - 1], f.user(vote, "user"), value)
