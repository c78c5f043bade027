"""The columns of a prediction file, and what one row of it may hold: the same rules for bytes and for an export."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from bot.domain.errors import Refusal
from bot.domain.predictions import Prediction

MOST_COLUMNS, LONGEST_FIELD, LONGEST_ID, DEEPEST = 200, 10_000, 200, 20
# Of the lines that cannot be read so many are told in a sentence, and so many at most are known.
TOLD, MOST_TOLD = 5, 1_000

# How the columns are called, and what else people call them; the first name that is there counts.
NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "row_id", "example_id", "sample_id", "uid", "uuid", "key"),
    "input": ("input", "inputs", "text", "question", "prompt", "query", "sentence", "document", "source", "x"),
    "prediction": (
        *("prediction", "pred", "predicted", "y_pred", "output", "model_output", "answer", "response"),
        *("completion", "generated", "prediction_label"),
    ),
    "expected": (
        *("expected", "label", "y_true", "target", "gold", "truth", "ground_truth", "reference", "actual"),
        "expected_output",
    ),
    "score": ("score", "confidence", "probability", "prob", "proba", "conf"),
    "image": ("image", "image_path", "img"),
    "model": ("model", "model_name", "model_version"),
    "meta": ("meta", "metadata"),
}
REQUIRED = ("id", "input", "prediction")


@dataclass
class RowsRead:
    """A file that is being read; `word` is what a row of it is called."""

    word: str = "line"
    problems: list[tuple[int, str]] = field(default_factory=list)
    wrong: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    unused: dict[str, None] = field(default_factory=dict)
    more_unused: bool = False
    seen: dict[str, int] = field(default_factory=dict)

    def complain(self, line: int, sentence: str) -> None:
        self.wrong += 1
        if len(self.problems) < MOST_TOLD:
            self.problems.append((line, sentence))

    @property
    def told(self) -> str:
        """The first problems, and how many more there are."""
        more = f"; and {self.wrong - TOLD:,} more like these" if self.wrong > TOLD else ""
        return "; ".join(f"{self.word} {line:,}: {sentence}" for line, sentence in self.problems[:TOLD]) + more


def read_rows(rows: Iterable[dict[str, Any]]) -> tuple[Prediction, ...]:
    """Rows as an export writes them, under the same rules as a file's."""
    file = RowsRead()
    empty = dict.fromkeys(REQUIRED)
    found = [read_row(file, number, empty | {name: row[name] for name in NAMES if name in row})
             for number, row in enumerate(rows, 1)]  # fmt: skip
    if file.problems:
        raise Refusal(f"its rows cannot be used as they are: {file.told}.")
    return tuple(row for row in found if row is not None)


def plain_name(name: str) -> str:
    """A column's name without what people write differently: case, blanks, hyphens."""
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def columns_of(file: RowsRead, names: Sequence[str]) -> dict[str, str]:
    """Which column is which of ours: {"prediction": "pred"}."""
    plain = {plain_name(name): name for name in names}
    found = {column: next((plain[name] for name in others if name in plain), None) for column, others in NAMES.items()}
    columns = {column: name for column, name in found.items() if name is not None}
    for column, name in columns.items():
        file.columns.setdefault(column, name[:40])
    for name in names:
        if name not in columns.values() and name[:40] not in file.unused:
            if len(file.unused) < MOST_COLUMNS:
                file.unused[name[:40]] = None
            else:
                file.more_unused = True
    return columns


def list_names(names: Sequence[str], most: int = 250) -> str:
    """Names one after the other: as many as fit in `most` characters, and how many more there are."""
    ends = list(accumulate(len(name) + 2 for name in names))
    shown = max(1, sum(end <= most for end in ends))
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + more


def read_row(file: RowsRead, line: int, values: dict[str, Any]) -> Prediction | None:
    """The row, or a complaint about it."""
    try:
        for column, value in values.items():
            _refuse_value(column, value)
        row = str(_text(values["id"], "id") or "")
        if not row.strip() or len(row) > LONGEST_ID:
            raise Refusal(f"its id is {'empty' if not row.strip() else f'longer than {LONGEST_ID} characters'}")
        if values["prediction"] is None:
            raise Refusal("it has no prediction")
        score = _score(values.get("score"))
        image, model = (_text(values.get(name), name) or None for name in ("image", "model"))
    except Refusal as refusal:
        file.complain(line, refusal.message)
        return None
    before = file.seen.setdefault(row, line)
    if before != line:
        file.complain(line, f"the id '{row[:40]}' stands on line {before:,} already")
        return None
    return Prediction(
        row, values["input"], values["prediction"], values.get("expected"), score, image, model, values.get("meta")
    )


def _refuse_value(column: str, value: Any) -> None:
    if isinstance(value, dict | list):
        if _is_deep(value):
            raise Refusal(f"its {column} is nested more than {DEEPEST} levels deep")
        size = len(json.dumps(value, ensure_ascii=False))
    else:
        size = len(value) if isinstance(value, str) else 0
    if size > LONGEST_FIELD and column != "image":
        raise Refusal(f"its {column} is longer than {LONGEST_FIELD:,} characters")


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST + 1):
        inner = (one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list))
        level = [item for items in inner for item in items]
    return bool(level)


def _text(value: Any, column: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool | dict | list):
        raise Refusal(f"its {column} is no text")
    return str(value)


def _score(value: Any) -> float | None:
    if value is None or value == "":
        return None
    try:
        score = float(value)
    except (TypeError, ValueError, OverflowError):
        score = math.nan
    if isinstance(value, bool) or not math.isfinite(score):
        raise Refusal(f"its score '{str(value)[:20]}' is no number: leave it empty")
    return score
