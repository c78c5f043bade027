"""The images of a prediction set: taken from its file, or from beside it, before anything is stored.

They are kept in the rows they belong to, as small data URIs, so that backup, export and deletion need not know of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot import images
from bot.domain.errors import Refusal
from bot.domain.prediction_files import MOST_BYTES, Reading
from bot.domain.prediction_rows import TOLD
from bot.domain.predictions import Prediction, is_data_uri

# All images of a set together: decoding them takes a few seconds at most.
MOST_PIXELS = 200_000_000
NAMES, ADDRESSES = "names of files that did not come with it", "addresses, and I open none"
# Reads the file of a name beside a pushed file, at most so many bytes of it.
Beside = Callable[[str, int], bytes]


@dataclass
class _Taking:
    """Images that are being taken in, with what may still come."""

    beside: Beside | None
    bytes_left: int
    pixels_left: int
    problems: list[str] = field(default_factory=list)


def take_images(reading: Reading, size: int, beside: Beside | None, *, offered: bool = False) -> Reading:
    """The rows with their images checked and made small; a Refusal names each row whose image cannot be used.

    `size` is that of the file itself, in bytes. Where no row carries an image and nothing lies beside the file, names
    of images lead nowhere: the column is told to be not used. So are addresses where the set is `offered`, so that
    somebody reads that before it is used; else they are refused.
    """
    named = [row.image for row in reading.rows if row.image]
    if not named:
        return reading
    addresses = any(map(_is_address, named))
    if beside is None and not any(map(is_data_uri, named)) and (offered or not addresses):
        return _without_images(reading, ADDRESSES if addresses else NAMES)
    taking = _Taking(beside, MOST_BYTES - size, MOST_PIXELS)
    rows = tuple(_take(taking, row) for row in reading.rows)
    if taking.problems:
        more = len(taking.problems) - TOLD
        told = "; ".join(taking.problems[:TOLD]) + (f"; and {more:,} more like these" if more > 0 else "")
        raise Refusal(f"The file cannot be used as it is: {told}. Mend it and send it again.")
    return replace(reading, rows=rows)


def _without_images(reading: Reading, why: str) -> Reading:
    columns = {column: name for column, name in reading.columns.items() if column != "image"}
    bare = tuple(replace(row, image=None) for row in reading.rows)
    return Reading(bare, columns, (f"{reading.columns['image']} ({why})", *reading.unused))


def _is_address(image: str) -> bool:
    return "://" in image and not is_data_uri(image)


def _take(taking: _Taking, row: Prediction) -> Prediction:
    if not row.image:
        return row
    try:
        image = images.look(_bytes(taking, row.image))
        taking.pixels_left -= image.width * image.height
        if taking.pixels_left < 0:
            raise _TooMuch(f"The images have more than {MOST_PIXELS // 1_000_000} megapixels together")
        return replace(row, image=images.keep(image))
    except _TooMuch as refusal:
        raise Refusal(f"{refusal.message}: send smaller ones, or a random part of the file.") from None
    except Refusal as refusal:
        taking.problems.append(f"row '{row.row[:40]}': {refusal.message}")
        return row


class _TooMuch(Refusal):
    """All images together are too much, whatever is in the one at hand."""


def _bytes(taking: _Taking, image: str) -> bytes:
    if is_data_uri(image):
        return images.bytes_of(image)
    if _is_address(image):
        raise Refusal("its image is an address, and I open none")
    if taking.beside is None:
        raise Refusal("its image is the name of a file, which did not come with it")
    data = taking.beside(image, taking.bytes_left + 1)
    taking.bytes_left -= len(data)
    if taking.bytes_left < 0:
        raise _TooMuch(f"The file and its images are larger than {MOST_BYTES // 1024 // 1024} MB together")
    return data
