"""Prediction sets: what a model said about many inputs, row by row, in one version."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

LABEL_LIMIT, METRIC_LIMIT, FILE_LIMIT = 80, 40, 120
# Names of metrics of which less is better; anything else is better when it is more.
_LOWER = ("error", "loss", "mae", "mse", "rmse", "mape", "wer", "cer", "perplexity", "brier", "latency")


@dataclass(frozen=True, slots=True)
class Prediction:
    """One row: `row` is the id that the file gives, as text. Values are as the file has them: text, or any JSON value
    where the file is JSON; None is absent."""

    row: str
    input: Any
    prediction: Any
    expected: Any = None
    score: float | None = None
    image: str | None = None
    model: str | None = None
    meta: Any = None


@dataclass(frozen=True)
class Metric:
    """A number that somebody gave a set by name."""

    name: str
    value: float
    lower_is_better: bool = False


@dataclass(frozen=True)
class PredictionSet:
    """One version of a bet's predictions. `columns` says which of the file's columns were read as what."""

    id: int
    bet_id: int
    label: str
    file: str
    count: int
    seed: int
    source: str
    by: str
    state: str
    created_at: datetime
    columns: dict[str, str] = field(default_factory=dict)
    digest: str = ""
    metric: Metric | None = None


def is_lower_better(metric: str) -> bool:
    """Whether a metric of that name counts what goes wrong."""
    words = metric.lower().replace("-", "_").replace(" ", "_").split("_")
    return any(word in _LOWER for word in words)
