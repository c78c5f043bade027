"""Parquet files go in like any other file where the extra is installed, and unpack to no more than a set may hold."""

import io
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from bot.actions.predictions import read_incoming
from bot.domain.errors import Refusal
from bot.reports import parquet
from tests.conftest import Office, at_length
from tests.scenarios.rounds import in_thread, place, thread_of, told
from tests.talk import Person, words

Packed = Callable[..., bytes]


class Times(NamedTuple):
    """One text again and again: far quicker to make than a list of it."""

    text: str
    count: int


@pytest.fixture
def packed() -> Packed:
    """`packed({"id": [...], ...})` is a Parquet file; a column may be `Times`, or one row that holds a list of them."""
    pa = pytest.importorskip("pyarrow", reason="the extra `samples` is not installed")
    pq = pytest.importorskip("pyarrow.parquet")

    def made(column: Any) -> Any:
        if isinstance(column, Times):
            return pa.repeat(*column)
        if isinstance(column[0], Times):
            return pa.ListArray.from_arrays([0, column[0].count], pa.repeat(*column[0]))
        return column

    def pack(columns: dict[str, Any], **options: Any) -> bytes:
        file = io.BytesIO()
        pq.write_table(pa.table({name: made(column) for name, column in columns.items()}), file, **options)
        return file.getvalue()

    return pack


def test_rows_come_out_as_they_went_in(packed: Packed) -> None:
    meta = [{"a": [1, None], "b": "ü\u2028"}, None, {"a": [], "b": ""}]
    data = packed({"id": [1, 2, 3], "text": ["a\nb", "", "💩"], "pred": [0.5, 1e300, -0.0], "meta": meta})
    found = read_incoming("x.parquet", data, unpack=parquet.unpack)
    assert (found.label, found.file, found.reading.columns["prediction"]) == ("x", "x.parquet", "pred")
    assert [(row.row, row.input, row.prediction, row.meta) for row in found.reading.rows] == [
        ("1", "a\nb", 0.5, meta[0]),
        ("2", "", 1e300, None),
        ("3", "💩", -0.0, meta[2]),
    ]


def test_what_json_does_not_have_is_written_as_people_write_it(packed: Packed) -> None:
    data = packed({"day": [date(2026, 12, 2)], "cost": [Decimal("1.50")], "raw": [b"\x89PNG"]})
    assert json.loads(parquet.unpack(data)) == {"day": "2026-12-02", "cost": "1.50", "raw": None}


def test_a_row_that_cannot_be_used_is_named(packed: Packed) -> None:
    data = packed({"id": [1, 1], "input": ["a", "b"], "prediction": ["x", None]})
    with pytest.raises(Refusal, match="row 2: it has no prediction"):
        read_incoming("x.parquet", data, unpack=parquet.unpack)


def many(count: int) -> list[int]:
    return list(range(count))


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"id": many(50_001)}, "more than 50,000 rows"),
        ({f"c{n}": [1] for n in many(201)}, "more than 200 columns"),
        ({"id": many(300), "input": Times("x" * 100_000, 300), "prediction": many(300)}, "more than 20 MB"),
        *at_length(({"id": many(80), "input": Times("x" * 4_000_000, 80)}, "unpacks to more than I take")),
        ({"id": [1], "input": [Times("a" * 100, 3_000_000)]}, "unpacks to more than I take"),
    ],
)
def test_a_file_that_holds_too_much_is_refused_however_small_it_is(
    packed: Packed, columns: dict[str, Any], sentence: str
) -> None:
    data = packed(columns, compression="zstd")
    assert len(data) < parquet.MOST_PACKED
    with pytest.raises(Refusal, match=sentence):
        parquet.unpack(data)


def test_a_broken_file_is_refused(packed: Packed) -> None:
    whole = packed({"id": [1], "input": ["a"], "prediction": ["b"]})
    for data in (b"PAR1", b"PAR1" + bytes(100) + b"PAR1", whole[:-10], whole[:20] + b"\xff" * 20 + whole[40:]):
        with pytest.raises(Refusal, match="is broken, or unpacks"):
            parquet.unpack(data)


def test_a_file_of_more_than_five_megabytes_is_not_even_unpacked(packed: Packed) -> None:
    with pytest.raises(Refusal, match="larger than 5 MB"):
        parquet.unpack(b"PAR1" + bytes(parquet.MOST_PACKED))


def test_the_process_that_unpacks_knows_no_secret(packed: Packed, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, str]] = []
    run = parquet.subprocess.run
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    monkeypatch.setattr(parquet.subprocess, "run", lambda *args, **more: seen.append(more["env"]) or run(*args, **more))
    assert parquet.unpack(packed({"id": [1]})) and "xoxb" not in str(seen)


def test_without_the_extra_one_sentence_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "find_spec", lambda _: None)
    with pytest.raises(Refusal) as refused:
        read_incoming("x.parquet", b"PAR1....PAR1", unpack=parquet.unpack)
    assert (
        "pip install 'bets[samples]'" in refused.value.message and "send a CSV, TSV or JSONL" in refused.value.message
    )


def test_a_file_dropped_in_the_thread_is_offered(team: Office, ana: Person, packed: Packed) -> None:
    bet = place(team, "Rank tickets", ana)
    data = packed({"id": many(9), "input": ["a"] * 9, "prediction": ["b"] * 9})
    ana.say("", thread_of(team, bet), files=[("runs.parquet", data)])
    assert told(ana, thread_of(team, bet)) == []
    assert "9 rows, read as id, input, prediction" in words(in_thread(team, bet)[-1])
