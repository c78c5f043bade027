"""Prediction sets: what a model said about many inputs, row by row, in one version."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
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

    @property
    def has_image(self) -> bool:
        """Whether its image came with it; the name of one that did not shows nothing."""
        return is_data_uri(self.image)


@dataclass(frozen=True)
class Metric:
    """A number that somebody gave a set by name."""

    name: str
    value: float
    lower_is_better: bool = False

    @property
    def typed(self) -> str:
        """As people type it: `accuracy=0.9`."""
        return f"{self.name}={self.value}"


@dataclass(frozen=True)
class PredictionSet:
    """One version of a bet's predictions. `columns` says which of the file's columns were read as what; with a `link`
    that is where people look at its rows, of which only the ids are kept."""

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
    link: str | None = None
    deleted_at: datetime | None = None


def is_data_uri(text: str | None) -> bool:
    """Whether it carries bytes itself, instead of saying where they are."""
    return text is not None and text[:5].lower() == "data:"


def is_lower_better(metric: str) -> bool:
    """Whether a metric of that name counts what goes wrong."""
    words = metric.lower().replace("-", "_").replace(" ", "_").split("_")
    return any(word in _LOWER for word in words)


@dataclass(frozen=True)
class SampleRound:
    """One message with samples, open until `closed_at` is set. `by` posted it at once; None: the team's week did."""

    id: int
    team_id: int
    by: str | None
    posted_at: datetime
    closes_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class SampleDraw:
    """What one bet shows in a round."""

    id: int
    round_id: int
    bet_id: int
    set_id: int
    place: int
    seed: int


@dataclass(frozen=True)
class Sample:
    """One row that is judged. `number` is printed in the message; None: it waits in *Judge more*."""

    id: int
    draw_id: int
    place: int
    number: int | None
    position: int
    row: str
    why: str


def free_label(label: str, taken: Collection[str]) -> str:
    """The label, or with the first number behind it that makes it one of its own."""
    others = (f"{label[: LABEL_LIMIT - 5]} {number}" for number in count(2))
    return label if label not in taken else next(one for one in others if one not in taken)


_NUMBERED = re.compile(r"\s*([1-9])[.):]\s*(\S.*)", re.DOTALL)


def noted_number(text: str) -> int | None:
    """The printed number of the sample that a reply is a note on, if it starts with one: `2. cut off`."""
    found = _NUMBERED.match(text)
    return int(found[1]) if found else None


def noted_words(text: str) -> str:
    """The same reply without the number."""
    found = _NUMBERED.match(text)
    return found[2] if found else text
