"""The images that a picture in a message shows, as they are when it is drawn."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from bot.domain.errors import Refusal
from bot.domain.predictions import Prediction
from bot.images import bytes_of
from bot.store.predictions import list_rows


def get_images(tx: Connection, grid: Sequence[Any]) -> list[tuple[str, list[bytes | None]]]:
    """Each number with the bytes of its images; None for one that is there no more. `grid` is `render/pictures`'s."""
    wanted: dict[int, set[int]] = {}
    for _, refs in grid:
        for set_id, position in refs:
            wanted.setdefault(set_id, set()).add(position)
    rows = {set_id: list_rows(tx, set_id, positions) for set_id, positions in wanted.items()}
    return [(name, [_image(rows[set_id].get(position)) for set_id, position in refs]) for name, refs in grid]


def _image(row: Prediction | None) -> bytes | None:
    try:
        return bytes_of(row.image) if row and row.image else None
    except Refusal:
        return None  # an import brought it as it was
