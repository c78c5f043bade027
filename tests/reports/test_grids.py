"""Grids of images: each number stands over its image, on any screen, whatever the images are."""

from io import BytesIO

import pytest
from PIL import Image

from bot.reports.grids import BAND, CELL, GAP, WIDTH, Numbered, draw_grid
from tests.test_images import HOSTILE, encoded, photo

DARK, RED, BLUE = (29, 28, 29), (255, 0, 0), (0, 0, 255)


def plain(colour: tuple[int, int, int], size: tuple[int, int] = (8, 8)) -> bytes:
    return encoded(Image.new("RGB", size, colour))


def grid(numbered: list[Numbered]) -> Image.Image:
    return Image.open(BytesIO(draw_grid(numbered))).convert("RGB")


def middles(picture: Image.Image) -> list[tuple[int, ...]]:
    """The colour in the middle of each cell of a picture whose rows are all as high as they can be."""
    step = BAND + CELL // 8 * 8 + GAP
    tops = range(GAP + BAND + CELL // 2 - 8, picture.height, step)
    found = [picture.getpixel((left + CELL // 2, top)) for top in tops for left in (GAP, CELL + 2 * GAP)]
    return [colour for colour in found if isinstance(colour, tuple)]


def test_single_images_stand_two_in_a_row_in_the_order_of_their_numbers() -> None:
    picture = grid([("1", [plain(RED)]), ("2", [plain(BLUE)]), ("3", [plain(BLUE)]), ("4", [plain(RED)])])
    assert middles(picture) == [RED, BLUE, BLUE, RED]
    assert picture.width == WIDTH and picture.height < WIDTH * 1.2


def test_a_pair_has_a_row_of_its_own_with_left_at_the_left() -> None:
    pairs: list[Numbered] = [("1", [plain(RED), plain(BLUE)]), ("2", [plain(BLUE), plain(RED)])]
    assert middles(grid(pairs)) == [RED, BLUE, BLUE, RED]


def test_a_pair_with_the_same_image_on_both_sides_shows_it_once() -> None:
    pairs: list[Numbered] = [("1", [plain(RED)] * 2), ("2", [plain(BLUE)] * 2), ("3", [plain(BLUE), plain(RED)])]
    assert middles(grid(pairs)) == [RED, BLUE, BLUE, RED]


def test_a_number_is_large_and_light_on_a_dark_band() -> None:
    band = grid([("6", [plain(RED)])]).crop((GAP, GAP, GAP + CELL, GAP + BAND))
    light = [
        row for row in range(BAND) if any(band.getpixel((column, row)) == (255, 255, 255) for column in range(CELL))
    ]
    assert band.getpixel((CELL - 1, BAND - 1)) == DARK and len(light) > WIDTH // 30


@pytest.mark.parametrize("name", HOSTILE)
def test_an_image_that_cannot_be_shown_leaves_its_place_empty(name: str) -> None:
    picture = grid([("1", [plain(RED)]), ("2", [HOSTILE[name][0]()]), ("3", [None])])
    assert middles(picture)[0] == RED


@pytest.mark.parametrize("size", [(1, 1), (1, 9_000), (9_000, 1), (460, 460), (461, 10), (2_000, 1_500)])
def test_any_shape_stays_in_its_cell(size: tuple[int, int]) -> None:
    picture = grid([("1", [plain(BLUE, size)]), ("2", [None])])
    ground = picture.getpixel((0, 0))
    assert all(picture.getpixel((column, GAP)) == ground for column in (0, GAP - 1, GAP + CELL, WIDTH - 1))
    assert picture.height <= 2 * GAP + BAND + CELL


def test_the_same_images_give_the_same_picture_without_a_word_about_them() -> None:
    numbered: list[Numbered] = [("1", [encoded(photo(), "JPEG")]), ("2", [plain(RED)])]
    assert draw_grid(numbered) == draw_grid(numbered)
    assert not Image.open(BytesIO(draw_grid(numbered))).info


def test_nothing_to_show_is_no_picture() -> None:
    with pytest.raises(ValueError, match="no image"):
        draw_grid([])
