"""What `bets predictions push --url` sends of a file: its bytes, or its rows with the images beside it in them."""

import json
import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.actions.images import take_images
from bot.cli_beside import read_beside
from bot.domain.errors import Refusal
from bot.domain.prediction_files import MOST_BYTES, Reading, read_predictions
from bot.domain.predictions import Prediction, is_data_uri

_VALUES = tuple(name for name in Prediction.__dataclass_fields__ if name != "row")


@dataclass(frozen=True)
class Sent:
    """A body, its type where that is not the file's own, and which columns were read as what; None: the bot knows."""

    body: bytes
    kind: str = ""
    reading: Reading | None = None


def read_sent(file: Path) -> Sent:
    """The file as it is sent. Images that it names are read from its folder and checked as on the bot's machine; a
    Refusal says which cannot be used."""
    data = read_bytes(file)
    try:
        reading = read_predictions(file.name, data)
    except Refusal:
        return Sent(data)  # the bot reads more than this machine may, and says what is wrong
    if all(is_data_uri(row.image) for row in reading.rows if row.image):
        return Sent(data, reading=reading)
    rows = take_images(reading, len(data), partial(read_beside, file.parent)).rows
    body = "\n".join(map(_line, rows)).encode()
    if len(body) > MOST_BYTES:
        raise Refusal(
            f"{file} and its images are larger than {MOST_BYTES // 1024 // 1024} MB together: send a random part of it."
        )
    return Sent(body, "application/jsonl", reading)


def read_bytes(file: Path) -> bytes:
    """The bytes of a file that is to be pushed; a Refusal where it cannot be read or is larger than a set may be."""
    try:
        with open(file, "rb") as opened:
            if os.fstat(opened.fileno()).st_size > MOST_BYTES:
                raise Refusal(f"{file} is larger than {MOST_BYTES // 1024 // 1024} MB: send a random part of it.")
            return opened.read(MOST_BYTES)
    except OSError as error:
        raise Refusal(f"{file} cannot be read: {(error.strerror or 'unknown reason').lower()}.") from None


def _line(row: Prediction) -> str:
    values = {name: value for name in _VALUES if (value := getattr(row, name)) is not None}
    return json.dumps({"id": row.row, "input": None} | values, ensure_ascii=False)
