"""Files that the bot writes and reads: JSON lines and simple CSV, one row at a time, with line numbers."""

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.errors import Refusal

BIGGEST_FIELD = 200_000


@dataclass(frozen=True)
class Found:
    """One row of a file: where it stood, and either its values or what is wrong with it."""

    line: int
    values: dict[str, Any]
    problem: str = ""


def write_jsonl(path: Path, rows: Iterable[dict[str, Any]]) -> int:
    """Writes one object a line, replacing the file at once when all is written; returns how many."""
    count = 0
    draft = path.with_name(path.name + ".part")
    with open(draft, "w", encoding="utf-8", newline="\n") as out:
        for row in rows:
            # U+2028 is legal in JSON and no line end here; escaping everything outside ASCII keeps naive readers safe.
            out.write(json.dumps(row, ensure_ascii=True, separators=(", ", ": ")) + "\n")
            count += 1
    os.replace(draft, path)
    return count


def read_columns(path: Path) -> list[str]:
    """The columns that the first line of a `.csv` file names; none is a Refusal."""
    return next(_records(_read(path), path))[1]


def read_rows(path: Path) -> Iterator[Found]:
    """The rows of a `.jsonl` or `.csv` file; a file that cannot be read at all is a Refusal."""
    if path.suffix == ".csv":
        return _read_csv(path)
    if path.suffix == ".jsonl":
        return _read_jsonl(_read(path))
    raise Refusal(f"{path} is neither .jsonl nor .csv.")


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {(error.strerror or 'unknown reason').lower()}.") from None
    except UnicodeDecodeError:
        raise Refusal(f"{path} is no UTF-8 text: save it as UTF-8 and try again.") from None


def _read_jsonl(text: str) -> Iterator[Found]:
    # Lines end at \n alone: str.splitlines would also cut at U+2028 inside a text.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except (ValueError, RecursionError):
            yield Found(number, {}, "is no JSON object")
            continue
        yield Found(number, values) if isinstance(values, dict) else Found(number, {}, "is no JSON object")


def _read_csv(path: Path) -> Iterator[Found]:
    records = _records(_read(path), path)
    _, names = next(records)
    for line, fields in records:
        yield _record(line, names, fields)


def _records(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV with the lines where they begin; the first, there always, are the names of its columns."""
    csv.field_size_limit(BIGGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    named = False
    first = 1  # where the record begins, which may span several lines
    try:
        for fields in reader:
            line, first = first, reader.line_num + 1
            if fields:
                yield line, fields if named else [name.strip().lower() for name in fields]
                named = True
    except csv.Error as error:
        raise Refusal(f"{path}, line {first}: this is no CSV: {error}.") from None
    if not named:
        raise Refusal(f"{path} is empty: its first line must name the columns.")


def _record(line: int, names: list[str], fields: list[str]) -> Found:
    values = dict(zip(names, fields, strict=False))
    if len(fields) == len(names):
        return Found(line, values)
    missing = dict.fromkeys(names[len(fields) :])
    return Found(
        line, values | missing, f"has {'more' if len(fields) > len(names) else 'fewer'} fields than the first line"
    )
