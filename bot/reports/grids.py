"""Images of samples as one numbered picture, to be looked at on a phone; the same images give the same picture.

The ground is opaque and each number stands in a dark band of its own, so it reads the same on a light and on a dark
screen.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import groupby
from typing import Any

from bot import images
from bot.domain.errors import Refusal

# A phone shows the whole picture about 360 points wide, so a number is about as high as a heading there.
WIDTH, GAP, BAND, LETTERS = 960, 16, 72, 52
CELL = (WIDTH - 3 * GAP) // 2
GROUND, PAPER, DARK, LIGHT = "#9a9aa3", "#ffffff", "#1d1c1d", "#ffffff"
MISSING = "no image"

# A number (or a letter) with its one image, or with two that are compared; None: there is none to show.
Numbered = tuple[str, Sequence[bytes | None]]
Cell = tuple[str, bytes | None]


def draw_grid(numbered: Sequence[Numbered]) -> bytes:
    """PNG bytes. Single images stand two in a row; a pair has a row of its own, marked *left* and *right*, unless both
    of its images are the same one."""
    from PIL import Image

    rows = [[(_face(image), name) for name, image in row] for row in _rows(numbered)]
    if not rows:
        raise ValueError("no image to draw")
    heights = [BAND + max(_height(face) for face, _ in row) for row in rows]
    picture = Image.new("RGB", (WIDTH, GAP + sum(height + GAP for height in heights)), GROUND)
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        for place, (face, name) in enumerate(row):
            _draw_cell(picture, (GAP + place * (CELL + GAP), top), height, name, face)
        top += height + GAP
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _rows(numbered: Sequence[Numbered]) -> Iterator[list[Cell]]:
    """Two cells at most in each row, in the order of the numbers."""
    for paired, run in groupby(numbered, lambda one: len(set(one[1])) == 2):
        if paired:
            yield from ([(f"{name}. left", left), (f"{name}. right", right)] for name, (left, right) in run)
        else:
            single = [(f"{name}.", shown[0]) for name, shown in run]
            yield from (single[start : start + 2] for start in range(0, len(single), 2))


def _face(data: bytes | None) -> Any:
    """The image as large as a cell allows; None where there is none. Small ones are enlarged by whole steps, so that
    each of their pixels is seen as it is."""
    from PIL import Image

    try:
        image = images.shrink(images.look(data or b"")).convert("RGB")
    except Refusal:
        return None
    fits = CELL / max(image.size)
    scale, how = (float(int(fits)), Image.Resampling.NEAREST) if fits >= 2 else (fits, Image.Resampling.LANCZOS)
    width, height = (max(1, round(side * scale)) for side in image.size)
    return image.resize((width, height), how)


def _height(face: Any) -> int:
    """How much of a row an image takes: a narrow one leaves room for its number, not an empty page."""
    return max(face.height if face else 0, CELL // 4)


def _draw_cell(picture: Any, at: tuple[int, int], height: int, name: str, face: Any) -> None:
    from PIL import ImageDraw, ImageFont

    left, top = at
    pen = ImageDraw.Draw(picture)
    pen.rectangle((left, top, left + CELL - 1, top + height - 1), PAPER)
    pen.rectangle((left, top, left + CELL - 1, top + BAND - 1), DARK)
    pen.text((left + 20, top + BAND // 2), name, LIGHT, ImageFont.load_default(LETTERS), anchor="lm")
    middle = (left + CELL // 2, top + BAND + (height - BAND) // 2)
    if face:
        picture.paste(face, (middle[0] - face.width // 2, middle[1] - face.height // 2))
    else:
        pen.text(middle, MISSING, DARK, ImageFont.load_default(LETTERS // 2), anchor="mm")
