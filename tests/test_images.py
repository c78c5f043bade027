"""Images that come with predictions: whatever their bytes are, they are taken small and bare, or refused by row."""

import base64
import io
import json
import struct
import zlib
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from bot import images
from bot.actions import images as taking
from bot.actions.predictions import Incoming, read_incoming
from bot.cli_beside import read_beside
from bot.domain.errors import Refusal
from bot.domain.prediction_files import MOST_BYTES
from tests.scenarios.judging import FILES

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'


def encoded(image: Image.Image, kind: str = "PNG", **more: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def uri(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(width: int, height: int, more: bytes = b"") -> bytes:
    """A PNG that claims that size, whatever it holds."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + more + chunk(b"IDAT", zlib.compress(b"\0" * 1_000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def webp_of(width: int, height: int) -> bytes:
    """An animated WebP that claims that size."""
    sizes = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    data = b"WEBPVP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + sizes + b"ANIM" + struct.pack("<I", 6) + b"\0" * 6
    return b"RIFF" + struct.pack("<I", len(data)) + data


@cache
def photo() -> Image.Image:
    return Image.effect_mandelbrot((700, 500), (-2, -1.5, 1, 1.5), 50).convert("RGB")


@cache
def small() -> Image.Image:
    return photo().resize((70, 50))


# What is taken for an image, made when it is needed, and why it is refused.
HOSTILE = {
    "empty": (lambda: b"", "is no PNG, JPEG, GIF or WebP"),
    "svg": (lambda: SVG, "is no PNG, JPEG, GIF or WebP"),
    "html": (lambda: b"<!doctype html><script>", "is no PNG, JPEG, GIF or WebP"),
    "tiff": (lambda: encoded(small(), "TIFF"), "is no PNG, JPEG, GIF or WebP"),
    "bmp": (lambda: encoded(small(), "BMP"), "is no PNG, JPEG, GIF or WebP"),
    "eps": (lambda: encoded(small(), "EPS"), "is no PNG, JPEG, GIF or WebP"),
    "pdf": (lambda: b"%PDF-1.7\n", "is no PNG, JPEG, GIF or WebP"),
    "only a head": (lambda: b"\x89PNG\r\n\x1a\n", "is no PNG, JPEG, GIF or WebP"),
    "cut png": (lambda: encoded(photo())[:-4_000], "is cut off or broken"),
    "cut jpeg": (lambda: encoded(photo(), "JPEG")[:2_000], "is cut off or broken"),
    "cut gif": (lambda: encoded(photo(), "GIF")[:2_000], "is cut off or broken"),
    "claims more than it has": (lambda: png_of(4_000, 4_000), "is cut off or broken"),
    "bomb": (lambda: png_of(60_000, 60_000), "is larger than 20 megapixels"),
    "bomb that is known": (lambda: png_of(30_000, 30_000), "is larger than 20 megapixels"),
    "bomb below Pillow's own limit": (lambda: png_of(8_000, 8_000), "is larger than 20 megapixels"),
    "bomb in gif": (
        lambda: b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\0;",
        "is larger than 20 megapixels",
    ),
    "text bomb": (lambda: png_of(8, 8, chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * 80_000_000, 1))), "image is"),
    "no size": (lambda: png_of(0, 0), "image is"),
}


def file_of(*given: str) -> bytes:
    rows = ({"id": f"r{number}", "input": "An image", "prediction": "4", "image": image}
            for number, image in enumerate(given, 1))  # fmt: skip
    return "\n".join(map(json.dumps, rows)).encode()


def read(*given: str) -> Incoming:
    return read_incoming("x.jsonl", file_of(*given))


def taken(data: bytes) -> Image.Image:
    """The one image of a set, as it is kept."""
    [row] = read(uri(data)).reading.rows
    return Image.open(io.BytesIO(images.bytes_of(row.image or "")))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_image_is_refused_by_its_row(name: str) -> None:
    make, why = HOSTILE[name]
    with pytest.raises(Refusal) as refused:
        read(uri(encoded(photo())), uri(make()))
    assert "row 'r2': its image" in refused.value.message and why in refused.value.message
    assert "r1" not in refused.value.message


def test_an_animation_of_monstrous_size_is_refused() -> None:
    with pytest.raises(Refusal, match="row 'r1': its image is"):
        read(uri(webp_of(16_383, 16_383)))


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("data:image/svg+xml,<svg/>", "is no data URI in base64"),
        ("data:image/png;base64,*!*", "is no data URI in base64"),
        ("data:image/png;base64", "is no data URI in base64"),
        ("DATA:,", "is no data URI in base64"),
        ("http://169.254.169.254/x.png", "is an address, and I open none"),
        ("file:///etc/passwd", "is an address, and I open none"),
        ("images/a.png", "is the name of a file, which did not come with it"),
    ],
)
def test_where_images_come_with_the_file_nothing_else_is_opened(given: str, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(uri(encoded(photo())), given)
    assert f"row 'r2': its image {why}" in refused.value.message


def test_many_bad_images_are_told_in_a_few_words() -> None:
    with pytest.raises(Refusal, match=r"row 'r5': its image .*; and 7 more like these\. Mend it"):
        read(*[uri(SVG)] * 12)


def test_names_of_files_that_did_not_come_are_told_to_be_not_used() -> None:
    found = read("images/a.png", "images/b.png").reading
    assert [row.image for row in found.rows] == [None, None] and "image" not in found.columns
    assert found.unused == ("image (names of files that did not come with it)",)


@pytest.mark.parametrize("size", [(1, 1), (1, 5_000), (20_000, 1), (8, 8), (5_000, 4_000)])
def test_any_shape_is_kept_no_larger_than_it_is_shown(size: tuple[int, int]) -> None:
    kept = taken(encoded(Image.new("L", size, 90)))
    assert max(kept.size) == min(max(size), images.SIDE) and min(kept.size) >= 1
    assert kept.convert("L").getpixel((0, 0)) == 90


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_kept(mode: str) -> None:
    kept = taken(encoded(Image.new("L", (9, 9), 255).convert(mode)))
    assert kept.format == "PNG" and kept.size == (9, 9) and kept.mode in ("L", "RGB")


def test_sixteen_bits_of_grey_keep_their_shades() -> None:
    assert taken(encoded(Image.new("I;16", (4, 4), 40_000))).getpixel((0, 0)) == 156


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_photo_is_kept_as_a_photo_in_colours_that_every_screen_shows(mode: str) -> None:
    kept = taken(encoded(photo().convert(mode), "JPEG"))
    assert (kept.format, kept.size) == ("JPEG", (512, 366)) and kept.mode in ("L", "RGB")


def test_what_is_clear_is_shown_on_white() -> None:
    palette = Image.new("P", (4, 4), 0)
    palette.putpalette([255, 0, 0, 0, 0, 255])
    palette.putpixel((1, 1), 1)
    for data in (encoded(palette, transparency=0), encoded(palette, "GIF", transparency=0)):
        kept = taken(data).convert("RGB")
        assert (kept.getpixel((0, 0)), kept.getpixel((1, 1))) == ((255, 255, 255), (0, 0, 255))


def test_the_first_frame_of_what_moves_is_kept() -> None:
    frames = [Image.new("RGB", (6, 6), colour) for colour in ("red", "blue")]
    for kind in ("GIF", "WEBP", "PNG"):
        kept = taken(encoded(frames[0], kind, save_all=True, append_images=frames[1:]))
        red, _, blue = kept.convert("RGB").getpixel((3, 3))  # type: ignore[misc]
        assert red > 240 and blue < 20 and getattr(kept, "n_frames", 1) == 1


def test_a_photo_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    wide = Image.new("RGB", (40, 20), "red")
    assert taken(encoded(wide, "JPEG", exif=exif)).size == (20, 40)


def test_a_broken_orientation_costs_nothing() -> None:
    assert taken(encoded(Image.new("RGB", (40, 20)), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")).size == (40, 20)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_only_pixels_are_kept(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "canary-exif"
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "canary-text")
    more: dict[str, Any] = {"pnginfo": notes} if kind == "PNG" else {}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + b"canary-profile"
    data = encoded(photo(), kind, exif=exif, icc_profile=profile, **more) + b"canary-tail"
    [row] = read(uri(data)).reading.rows
    assert b"canary" in data and b"canary" not in images.bytes_of(row.image or "")
    assert not taken(data).info.get("icc_profile")


def test_all_images_together_have_their_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "MOST_PIXELS", 2_500)
    small = uri(encoded(Image.new("L", (50, 50))))
    assert read(small).reading.rows
    with pytest.raises(Refusal, match="megapixels together: send smaller ones"):
        read(small, small)


def test_a_file_and_the_images_beside_it_share_one_limit() -> None:
    data = file_of("a.png", "b.png")
    found = {"a.png": encoded(Image.new("L", (5, 5))), "b.png": b"x" * MOST_BYTES}
    with pytest.raises(Refusal, match="larger than 20 MB together"):
        read_incoming("x.jsonl", data, beside=lambda name, most: found[name][:most])


def beside(folder: Path, name: str, most: int = 1_000_000) -> bytes:
    return read_beside(folder, name, most)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with `in/a.png` beside a secret that nothing in it may reach."""
    made = tmp_path / "pushed"
    (made / "in").mkdir(parents=True)
    (made / "in" / "a.png").write_bytes(b"inside")
    (tmp_path / "secret.png").write_bytes(b"secret")
    (made / "link.png").symlink_to(tmp_path / "secret.png")
    (made / "folder").symlink_to(tmp_path)
    return made


@pytest.mark.parametrize("name", ["in/a.png", "./in/a.png"])
def test_a_file_beside_is_read(folder: Path, name: str) -> None:
    assert beside(folder, name) == b"inside" and beside(folder, name, 3) == b"ins"


@pytest.mark.parametrize(
    "name",
    ["../secret.png", "in/../../secret.png", "link.png", "folder/secret.png", "/etc/passwd", "in//a.png", "in", ".", "",
     "..", "in/a.png/", "a\0b", "x" * 300, "CON", "C:\\secret.png", "in/a.png/../a.png", "nothing.png"],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder(folder: Path, name: str) -> None:
    with pytest.raises(Refusal, match="its image"):
        beside(folder, name)


def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    import os

    os.mkfifo(folder / "pipe.png")
    with pytest.raises(Refusal, match="no plain file"):
        beside(folder, "pipe.png")


def test_the_real_images_beside_a_file_are_taken() -> None:
    name = "digits.v1.jsonl"
    rows = read_incoming(name, (FILES / name).read_bytes(), beside=partial(read_beside, FILES)).reading.rows
    assert len(rows) == 120 and all((row.image or "").startswith("data:image/png;base64,") for row in rows)
    original = Image.open(FILES / "images" / f"{rows[0].row}.png").convert("L")
    assert list(original.tobytes()) == list(Image.open(io.BytesIO(images.bytes_of(rows[0].image or ""))).tobytes())
