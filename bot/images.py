"""Images that come with predictions: their bytes are looked at before they are decoded, and kept small and bare.

Pillow is slow to import and so is imported late. It is let at four kinds of files alone, and opens nothing itself.
"""

import base64
import binascii
import re
import struct
import warnings
import zlib
from io import BytesIO
from typing import Any

from bot.domain.errors import Refusal

KINDS = ("PNG", "JPEG", "GIF", "WEBP")
# A file of few bytes can claim any size: nothing larger is decoded. WebP is decoded in four copies at once, and all of
# them are to stay below 300 MB.
MOST_PIXELS = 20_000_000
MOST_IN_WEBP = 16_000_000
# What is kept is as large as it is ever shown, in pixels.
SIDE = 512
_WHITE = (255, 255, 255)
_BROKEN = (
    *(OSError, EOFError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, MemoryError, RuntimeError),
    *(struct.error, zlib.error),
)
_DATA_URI = re.compile(r"data:[^,]{0,200};base64,", re.IGNORECASE)


def bytes_of(text: str) -> bytes:
    """The bytes that a data URI carries; a Refusal when they cannot be read."""
    start = _DATA_URI.match(text)
    try:
        return base64.b64decode("".join(text[start.end() :].split()) if start else "*", validate=True)
    except (binascii.Error, ValueError):
        raise Refusal("its image is no data URI in base64") from None


def look(data: bytes) -> Any:
    """The image, not yet decoded; a Refusal for another kind of file and for one that is too large."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = Image.open(BytesIO(data), formats=KINDS)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Refusal(_too_large(MOST_PIXELS)) from None
        except _BROKEN:
            raise Refusal("its image is no PNG, JPEG, GIF or WebP") from None
    most = MOST_IN_WEBP if image.format == "WEBP" else MOST_PIXELS
    if image.width * image.height > most:
        raise Refusal(_too_large(most))
    return image


def _too_large(most: int) -> str:
    return f"its image is larger than {most // 1_000_000} megapixels"


def shrink(image: Any) -> Any:
    """The first frame of what `look` returned: upright, on white, at most `SIDE` pixels wide and high; a Refusal when
    it is broken."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _shrunk(image)
    except _BROKEN:
        raise Refusal("its image is cut off or broken") from None


def _shrunk(image: Any) -> Any:
    from PIL import Image, ImageOps

    image.draft("RGB", (SIDE, SIDE))  # a photo is not decoded finer than needed
    image.load()
    if image.mode.startswith("I"):
        image = image.point(lambda value: value * (1 / 256)).convert("L")  # sixteen bits of grey
    if image.mode not in ("L", "LA", "RGB", "RGBA"):
        clear = "transparency" in image.info or image.mode in ("PA", "La", "RGBa")
        image = image.convert("RGBA" if clear else "RGB")
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    image = ImageOps.exif_transpose(image)
    if image.mode in ("LA", "RGBA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        image = Image.new("RGB", image.size, _WHITE)
        image.paste(clear, mask=clear)
    return image


def keep(image: Any) -> str:
    """What `look` returned as a small data URI of its pixels alone: no metadata, no other frame, nothing hidden behind
    its end."""
    photo = image.format in ("JPEG", "WEBP")
    small, out = shrink(image), BytesIO()
    small.info.clear()  # profiles and comments would be written along
    if photo:
        small.save(out, "JPEG", quality=88)
    else:
        small.save(out, "PNG")
    return f"data:image/{'jpeg' if photo else 'png'};base64,{base64.b64encode(out.getvalue()).decode()}"
