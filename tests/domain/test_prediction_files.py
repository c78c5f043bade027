"""A prediction file's bytes become rows, or one sentence says what is wrong with them, by line."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refusal
from bot.domain.prediction_files import MOST_BYTES, MOST_ROWS, Reading, read_predictions
from bot.domain.prediction_rows import LONGEST_FIELD, list_names
from bot.domain.predictions import Prediction, is_lower_better

FILES = Path(__file__).parent.parent / "predictions"
SETS = sorted(path for path in FILES.iterdir() if path.suffix in (".csv", ".tsv", ".jsonl"))


def read(name: str) -> Reading:
    return read_predictions(name, (FILES / name).read_bytes())


def jsonl(*rows: Any) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def row(**values: Any) -> dict[str, Any]:
    return {"id": "1", "input": "a", "prediction": "b"} | values


def refused(name: str, data: bytes) -> str:
    with pytest.raises(Refusal) as refusal:
        read_predictions(name, data)
    return refusal.value.message


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.name)
def test_every_real_file_is_read_whole_with_its_ids_in_order(path: Path) -> None:
    found = read(path.name)
    if path.suffix == ".jsonl":
        lines = [json.loads(line) for line in path.read_text().split("\n") if line]
        assert [one.row for one in found.rows] == [line["id"] for line in lines]
        assert [one.prediction for one in found.rows] == [line["prediction"] for line in lines]
        assert [one.meta for one in found.rows] == [line.get("meta") for line in lines]
    assert len({one.row for one in found.rows}) == len(found.rows) and not found.unused


def test_the_same_set_as_csv_tsv_and_jsonl_gives_the_same_rows() -> None:
    assert read("intents.v1.csv").rows == read("intents.v1.tsv").rows == read("intents.v1.jsonl").rows


def test_awkward_values_stay_as_they_are() -> None:
    rows = {one.row: one for one in read("awkward.jsonl").rows}
    assert {"1", "01", "1.0", "caf\u00e9", "cafe\u0301"} <= rows.keys()
    assert rows["object"].prediction == {"risk": {"level": "high", "why": ["new payee", "=1+1"]}}
    assert rows["list"].prediction == [] and rows["empty"].prediction == "" and rows["boolean"].prediction is False
    assert rows["boolean"].score == -3.25 and rows["no-expected"].expected is None
    assert "\u2028" in rows["invisible"].input and "\0" in rows["control"].input


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_separators_marks_and_other_names_of_columns_are_recognised(separator: str, start: str) -> None:
    text = start + "Key|Text|Pred|y_true|Prob|split\r\n7|Hi|yes|no|0.25|test\r\n".replace("|", separator)
    found = read_predictions("x", text.encode())
    assert found.rows == (Prediction("7", "Hi", "yes", "no", 0.25),)
    assert found.columns == {"id": "key", "input": "text", "prediction": "pred", "expected": "y_true", "score": "prob"}
    assert found.unused == ("split",)


def test_json_lines_with_ever_other_fields_have_some_of_them_named() -> None:
    rows = [{"id": n, "input": "a", "prediction": "b", f"other{n}": "x"} for n in range(300)]
    found = read_predictions("x.jsonl", "\n".join(map(json.dumps, rows)).encode())
    assert len(found.rows) == 300 and found.unused[::100] == ("other0", "other100", "others like these")


def test_names_are_listed_as_far_as_there_is_room_and_the_others_counted() -> None:
    assert list_names(["a", "b"]) == "a, b" and list_names(["x" * 400]) == "x" * 400
    assert list_names(["x" * 40] * 9) == ", ".join(["x" * 40] * 5) + " and 4 more"


def test_our_own_name_of_a_column_wins_over_another() -> None:
    found = read_predictions("x.csv", b"id,text,input,answer,prediction\n1,a,b,c,d\n")
    assert (found.rows[0].input, found.rows[0].prediction, found.unused) == ("b", "d", ("text", "answer"))


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("x.csv", b"id,input,prediction\n1,a,b\n1,c,d\n", "line 3: the id '1' stands on line 2 already"),
        ("x.csv", b"id,input,prediction\n1,a,b\n2,c\n", "line 3: it has 2 fields, the first line names 3 columns"),
        ("x.csv", b'id,input,prediction\n1,"a\nb",c\n2,d\n', "line 4: it has 2 fields"),
        ("x.csv", b"id,input,guess\n1,a,b\n", "no column `prediction`; its first line names id, input, guess"),
        ("x.csv", b"id,input,input,prediction\n1,a,b,c\n", "two columns called 'input'"),
        ("x.csv", b'id,input,prediction\n1,"a,b\n2,c,d\n', "Line 2 cannot be read: a quote"),
        ("x.csv", b"id,input,prediction\n1,a,b\n,c,d\n", "line 3: its id is empty"),
        ("x.csv", b"id,input,prediction,score\n1,a,b,nan\n", "its score 'nan' is no number"),
        ("x.csv", b"id,input,prediction,score\n1,a,b,high\n", "its score 'high' is no number"),
        ("x.csv", b"id,input,prediction\n", "holds no row"),
        ("x.csv", b"\n\n", "is empty"),
        ("push", b'[{"id": 1, "input": "a", "prediction": "b"}]', "is a JSON array: write one object a line"),
        ("x.json", b'\xef\xbb\xbf[\n  {\n    "id": 1', "is a JSON array: write one object a line"),
        ("x.csv", b' [ {"id": "a"}, ', "is a JSON array: write one object a line"),
        ("push", b'{\r\n  "id": 1,\r\n', "line 1: it is no JSON by itself, since its object goes on. Write one"),
        ("x.jsonl", b'{"id": 1, "input": NaN, "prediction": 1}', "line 1: NaN is no number"),
        ("x.jsonl", b'{"id": 1, "input": -Infinity, "prediction": 1}', "line 1: -Infinity is no number"),
        ("x.jsonl", b'{"id": 1, "input": 1, "prediction": 1e999}', "line 1: 1e999 is no number"),
        ("x.jsonl", b'{"id": 1, "input": ' + b"9" * 5000 + b', "prediction": 1}', "line 1: it is no JSON"),
        ("x.jsonl", b'{"id": 1}\n[]\nx', "no `input` and no `prediction`; line 2: it is no object"),
        ("x.jsonl", jsonl(row(prediction=None)), "line 1: it has no prediction"),
        ("x.jsonl", jsonl(row(id=True)), "line 1: its id is no text"),
        ("x.jsonl", jsonl(row(image={"a": 1})), "line 1: its image is no text"),
        ("x.jsonl", jsonl(row(id="i" * 201)), "its id is longer than 200"),
        ("x.jsonl", jsonl(row(score=True)), "its score 'True' is no number"),
        ("x.jsonl", jsonl(row(score=10**400)), "is no number"),
        ("x.jsonl", jsonl(row(input="x" * (LONGEST_FIELD + 1))), "its input is longer than 10,000"),
        ("x.jsonl", jsonl(row(input=["x"] * LONGEST_FIELD)), "its input is longer than 10,000"),
        ("x.jsonl", b'{"id":1,"input":1,"prediction":' + b"[" * 30 + b"]" * 30 + b"}", "nested more than 20 levels"),
        ("x.jsonl", b'{"id":1,"input":1,"prediction":' + b"[" * 100_000 + b"}", "line 1: it is no JSON"),
        ("x.jsonl", b'{"id":1,"input":"' + b"x" * 1_100_000 + b'"}', "line 1: it is longer than 1,000,000"),
        ("x.jsonl", jsonl(row(**{f"c{n}": n for n in range(200)})), "more than 200 fields"),
        ("x.csv", ",".join(f"c{n}" for n in range(100_000)).encode(), "more than 200 columns"),
        ("x.csv", b'id,input,prediction\n1,"' + b"a" * 19_000_000, "Line 2 is longer than"),
        ("x.csv", b'id,input,prediction\n1,"' + b"a\n" * 1_000_000, "Line 2 cannot be read"),
        ("x.csv", b"id,input,prediction\n" + b"1,a,b\n" * (MOST_BYTES // 6), "larger than 20 MB"),
        ("x.csv", "id,input,prediction\n1,\u00e4,b\n".encode("latin-1"), "is not UTF-8"),
        ("x.csv", "id,input,prediction\n1,a,b\n".encode("utf-16"), "is UTF-16"),
        ("x.csv", b"id,input,prediction\n1,a\0,b\n", "NUL bytes"),
        ("x.csv", b"\x1f\x8b\x08\0", "packed with gzip"),
        ("x.jsonl", b"PK\x03\x04", "an archive or a spreadsheet"),
        ("x.csv", b"PAR1abc", "a Parquet file"),
        ("x.csv", b"\x80\x04\x95", "a pickle"),
        ("x.csv", b" \n<!DOCTYPE html><html>", "is a web page"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_sentence_with_its_line(name: str, data: bytes, sentence: str) -> None:
    said = refused(name, data)
    assert sentence in said and len(said) < 600, said


def test_a_name_that_begins_like_an_archive_is_a_name() -> None:
    assert read_predictions("x.csv", b"PK,id,input,prediction\n0,1,a,b\n").unused == ("pk",)


def test_many_problems_are_counted_and_the_first_of_them_told() -> None:
    said = refused("x.jsonl", b"x\n" * 1000)
    assert said.count("it is no JSON") == 5 and "and 995 more like these" in said


def test_no_more_rows_are_read_than_can_be_kept() -> None:
    rows = b"".join(b"%d,a,b\n" % number for number in range(MOST_ROWS + 1))
    assert "more than 50,000 rows" in refused("x.csv", b"id,input,prediction\n" + rows)


def test_half_a_character_is_mended_so_that_it_can_be_stored_and_sent() -> None:
    [found] = read_predictions("x.jsonl", b'{"id": "1", "input": "a\\ud83d", "prediction": {"x": "\\uDE00"}}').rows
    assert (found.input, found.prediction) == ("a?", {"x": "?"})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@given(st.lists(st.tuples(json_values, json_values.filter(lambda value: value is not None)), min_size=1, max_size=8))
def test_any_json_values_come_back_as_they_went_in(values: list[tuple[Any, Any]]) -> None:
    rows = [row(id=str(number), input=one, prediction=other) for number, (one, other) in enumerate(values)]
    found = read_predictions("x.jsonl", jsonl(*rows)).rows
    assert [(one.input, one.prediction) for one in found] == values


@given(st.binary(max_size=400), st.sampled_from(["x.csv", "x.tsv", "x.jsonl", "x"]))
def test_whatever_the_bytes_are_they_are_read_or_refused(data: bytes, name: str) -> None:
    for start in (b"", b"id,input,prediction\n", b'{"id": "1", "input": '):
        try:
            read_predictions(name, start + data)
        except Refusal as refusal:
            assert refusal.message


@pytest.mark.parametrize(("metric", "lower"), [("mean absolute error", True), ("val_loss", True), ("accuracy", False)])
def test_a_metric_that_counts_errors_is_better_when_it_is_lower(metric: str, lower: bool) -> None:
    assert is_lower_better(metric) is lower
