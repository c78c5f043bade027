"""A prediction file's bytes as rows: CSV, TSV or JSON lines, whoever sends them and whatever they hold.

The bytes are all there is: nothing in them is opened, fetched or unpacked. Every problem is told with its line, and a
file with any is refused as a whole, so that nobody judges half a set. Limits: reliability.md C32.
"""

import csv
import io
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import Refusal, in_backticks, own
from bot.domain.prediction_kinds import FORMATS
from bot.domain.prediction_rows import (
    MOST_COLUMNS,
    NAMES,
    REQUIRED,
    RowsRead,
    columns_of,
    plain_name,
    read_row,
)
from bot.domain.predictions import Prediction

MOST_BYTES, MOST_ROWS = 20 * 1024 * 1024, 50_000
LONGEST_LINE, LONGEST_RAW_FIELD = 1_000_000, 200_000
MOST_PACKED, PARQUET = 5 * 1024 * 1024, b"PAR1"

# JSON, but not in lines: an array of objects, and an object over several lines.
_ARRAY, _SPREAD = re.compile(rb"(\xef\xbb\xbf)?\s*\[\s*\{"), re.compile(rb"(\xef\xbb\xbf)?\s*\{[ \t\r]*\n")
_OBJECT = '{"id": "1", "input": "...", "prediction": "..."}'
# How the bytes of what is no text begin; unpacking is left to whoever packed.
_NO_TEXT = {
    b"\x1f\x8b": "is packed with gzip",
    b"PK\x03\x04": "is an archive or a spreadsheet",
    PARQUET: "is a Parquet file",
    b"BZh": "is packed with bzip2",
    b"\xfd7zXZ": "is packed with xz",
    b"7z\xbc\xaf": "is an archive",
    b"\x28\xb5\x2f\xfd": "is packed with zstd",
    b"\x80": "is a pickle or another binary file",
    b"\xff\xfe": "is UTF-16",
    b"\xfe\xff": "is UTF-16",
}
# Stands for the names of columns that are not used, of which JSON lines can have any number.
OTHERS = "others like these"


@dataclass(frozen=True)
class Reading:
    """What a file holds: its rows in its own order, and which of its columns were read as what."""

    rows: tuple[Prediction, ...]
    columns: dict[str, str]
    unused: tuple[str, ...] = ()


class BadLines(Refusal):
    """A file of which some lines cannot be read: `lines` are these, each with what is wrong with it."""

    def __init__(self, message: str, lines: Sequence[tuple[int, str]]) -> None:
        super().__init__(message)
        self.lines = tuple((line, in_backticks(sentence)) for line, sentence in lines)


def read_predictions(name: str, data: bytes, word: str = "line") -> Reading:
    """The rows of a file; a Refusal names what is wrong with it, by line (or what `word` calls one). `name` only tells
    the kind, if it does."""
    _refuse_no_text(data)
    file = RowsRead(word)
    lines = _read_jsonl if _is_jsonl(name, data) else _read_table
    rows: list[Prediction] = []
    try:
        for line, values in lines(file, name, data):
            row = read_row(file, line, values)
            if row is not None:
                rows.append(row)
            if len(file.seen) > MOST_ROWS:
                raise Refusal(f"The file has more than {MOST_ROWS:,} rows: send a random part of it.")
    except UnicodeDecodeError:
        raise Refusal(f"The file is not UTF-8: save it as {FORMATS}.") from None
    if file.problems:
        raise BadLines(f"The file cannot be used as it is: {file.told}. Mend it and send it again.", file.problems)
    if not rows:
        raise Refusal("The file holds no row: send at least one prediction.")
    return Reading(tuple(rows), file.columns, (*file.unused, *([OTHERS] if file.more_unused else [])))


def _refuse_no_text(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise Refusal(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB: send a random part of it.")
    if not data.strip():
        raise Refusal("The file is empty: send at least one prediction.")
    kind = next((kind for start, kind in _NO_TEXT.items() if data.startswith(start)), None)
    if kind is None and b"\0" in data:
        kind = "holds NUL bytes, which no text has"
    if kind is None and data.lstrip(b"\xef\xbb\xbf \r\n\t")[:15].lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        kind = "is a web page"
    if kind:
        raise Refusal(f"The file {kind}: send {FORMATS}.")
    if _ARRAY.match(data):
        raise Refusal(f"The file is a JSON array: write one object a line instead, like {_OBJECT}.")


def _is_jsonl(name: str, data: bytes) -> bool:
    if name.lower().endswith((".jsonl", ".ndjson", ".json")):
        return True
    return not name.lower().endswith((".csv", ".tsv")) and data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")


def _read_jsonl(file: RowsRead, _name: str, data: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    if _SPREAD.match(data):
        why = "line 1: it is no JSON by itself, since its object goes on"
        raise Refusal(f"The file cannot be used as it is: {why}. Write one object a line, like {_OBJECT}.")
    # Lines end at \n alone: U+2028 is legal in JSON text and ends no line here.
    named: dict[tuple[str, ...], dict[str, str]] = {}
    for line, raw in enumerate(io.BytesIO(data), 1):
        if not raw.strip():
            continue
        values = _json_object(file, line, raw.decode("utf-8-sig" if line == 1 else "utf-8"))
        if values is None:
            continue
        if len(values) > MOST_COLUMNS:
            raise Refusal(
                f"Line {line:,} has more than {MOST_COLUMNS} fields: send the columns that people need to see."
            )
        keys = tuple(values)
        if keys not in named and len(named) < MOST_COLUMNS:
            named[keys] = columns_of(file, keys)
        columns = named.get(keys) or columns_of(file, keys)
        missing = [column for column in REQUIRED if column not in columns]
        if missing:
            file.complain(line, f"there is no {_either(missing)}")
            continue
        yield line, {column: values[key] for column, key in columns.items()}


def _json_object(file: RowsRead, line: int, text: str) -> dict[str, Any] | None:
    if len(text) > LONGEST_LINE:
        file.complain(line, f"it is longer than {LONGEST_LINE:,} characters")
        return None
    try:
        values = json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except _NoNumber as error:
        file.complain(line, f"{error} is no number: leave it out or write null")
        return None
    except (ValueError, RecursionError):
        file.complain(line, "it is no JSON")
        return None
    if not isinstance(values, dict):
        file.complain(line, f"it is no object like {_OBJECT}")
        return None
    if "\\ud" in text.lower():  # half a character, which neither a database nor Slack takes
        whole: dict[str, Any] = json.loads(json.dumps(values, ensure_ascii=False).encode("utf-8", "replace"))
        return whole
    return values


class _NoNumber(Exception):
    """A number that JSON does not have."""


def _no_number(name: str) -> None:
    raise _NoNumber(name)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _NoNumber(text[:20])
    return value


def _read_table(file: RowsRead, name: str, data: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
    first = text.readline(LONGEST_LINE + 1)
    text.seek(0)
    csv.field_size_limit(LONGEST_RAW_FIELD)
    reader = csv.reader(_bounded(text), delimiter=_delimiter(name, first), strict=True)
    line = 1  # where the record begins, which may span several lines
    columns: dict[str, str] = {}
    places: dict[str, int] = {}
    width = 0
    try:
        for fields in reader:
            start, line = line, reader.line_num + 1
            if not width:
                width = len(fields)
                columns = columns_of(file, _header(fields))
                _refuse_missing(columns, fields)
                places = {column: list(map(plain_name, fields)).index(name) for column, name in columns.items()}
            elif fields and len(fields) != width:
                file.complain(start, f"it has {len(fields)} fields, the first line names {width} columns")
            elif fields:
                yield start, {column: fields[place] for column, place in places.items()}
    except csv.Error:
        raise Refusal(f"Line {line:,} cannot be read: a quote there is never closed, or closed in a word.") from None


def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
    for number in range(1, MOST_BYTES):
        line = text.readline(LONGEST_LINE + 1)
        if len(line) > LONGEST_LINE:
            raise Refusal(f"Line {number:,} is longer than {LONGEST_LINE:,} characters: send {FORMATS}.")
        if not line:
            return
        yield line


def _delimiter(name: str, first: str) -> str:
    if name.lower().endswith(".tsv"):
        return "\t"
    return max(",", "\t", ";", key=first.count)


def _header(fields: Sequence[str]) -> list[str]:
    if len(fields) > MOST_COLUMNS:
        raise Refusal(f"The file has more than {MOST_COLUMNS} columns: send those that people need to see.")
    names = list(map(plain_name, fields))
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice:
        raise Refusal(f"The file has two columns called '{twice[:40]}': give each a name of its own.")
    return names


def _refuse_missing(columns: Mapping[str, str], fields: Sequence[str]) -> None:
    missing = [column for column in REQUIRED if column not in columns]
    if missing:
        there = ", ".join(name[:40] for name in fields[:8])
        raise Refusal(
            f"The file has no column {_either(missing)}; its first line names {there}: name the columns "
            f"{', '.join(REQUIRED)}, and if you have them {', '.join(n for n in NAMES if n not in REQUIRED)}."
        )


def _either(names: Sequence[str]) -> str:
    return " and no ".join(own(f"`{name}`") for name in names)
