"""Blind comparisons of sets with images: one numbered picture in its place, which tells nobody a version's name."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from bot.actions.predictions import do_add_set, read_incoming
from bot.domain.records import Bet
from bot.reports.grids import BAND, CELL, GAP
from bot.store.teams import get_team
from tests.conftest import Office, lived_once
from tests.scenarios.judging import push
from tests.scenarios.rounds import MONDAY, place
from tests.scenarios.test_comparisons import compared, labels, pairs_of, posted, result_of, rows_of
from tests.scenarios.test_sample_images import image, pictures, uploaded
from tests.talk import Person, words


@pytest.fixture
@lived_once
def bet(team: Office, ana: Person) -> Bet:
    placed = place(team, "Read digits", ana)
    team.at(MONDAY)
    return placed


def compare_digits(office: Office, bet: Bet) -> None:
    """Two readers of the same handwritten digits."""
    for name in ("digits.v1.jsonl", "digits.v2.jsonl"):
        push(office, bet, name, f"label-{name}")
    office.settle()


def compare_coloured(office: Office, bet: Bet, old: str | None, new: str | None, says: str = "") -> None:
    """Two versions whose every image is of one colour; None has none. `says` is what both predict, if that is one."""
    for name, colour in (("cat", old), ("dog", new)):
        data = rows_of(says or name, image=image(colour) if colour else None, model=name)
        incoming = read_incoming(f"{name}.jsonl", data, f"label-{name}")
        with office.bot.transaction() as tx:
            do_add_set(tx, office.bot.now(), get_team(tx, bet.team_id), bet, incoming, "push", "the command line")
    office.settle()


def colours(office: Office, nth: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What the nth row of the newest picture shows on its left and on its right."""
    drawn = Image.open(BytesIO(uploaded(office)[-1].content)).convert("RGB")
    middle = GAP + nth * (drawn.height - GAP) // 6 + BAND + CELL // 2
    return tuple(drawn.getpixel((GAP + side * (CELL + GAP) + CELL // 2, middle)) for side in (0, 1))  # type: ignore


def test_an_image_that_both_versions_share_is_shown_once_for_each_pair(team: Office, bet: Bet) -> None:
    compare_digits(team, bet)
    [message] = posted(team, bet)
    [picture] = pictures(message)
    blocks = message["blocks"]
    assert "*1.* A handwritten digit" in blocks[blocks.index(picture) + 1]["text"]["text"]
    said = [text.split("*Left* ")[1].split("\n") for text in map(words, blocks) if "*Left* " in text]
    sides = [f"{number}. left predicted {left}, right {right[8:]}" for number, (left, right, *_) in enumerate(said, 1)]
    assert len(sides) == 6 and picture["alt_text"] == f"Images of pairs of B-1: {'; '.join(sides)}"
    [file] = uploaded(team)
    assert (file.name, file.title, file.shared_in) == ("compare-B-1-2026-W49.png", "Images of B-1, 2026-W49", [])
    assert file.alt_text == picture["alt_text"]
    assert Image.open(BytesIO(file.content)).height < 3 * (BAND + CELL + GAP) + 2 * GAP  # two in a row


def test_where_the_versions_have_images_of_their_own_each_stands_on_its_side(team: Office, bet: Bet) -> None:
    compare_coloured(team, bet, "red", "blue")
    [one] = compared(team)
    for nth, pair in enumerate(pairs_of(team)[:6]):
        red, blue = (255, 0, 0), (0, 0, 255)
        assert colours(team, nth) == ((blue, red) if pair.left_id == one.new_id else (red, blue)), pair


def test_versions_that_differ_in_their_images_alone_are_compared_by_them(team: Office, bet: Bet, raj: Person) -> None:
    compare_coloured(team, bet, "red", "blue", says="a mask")
    [message] = posted(team, bet)
    assert "12 rows on which they differ, of 12" in words(message)
    assert {*colours(team, 0)} == {(255, 0, 0), (0, 0, 255)}
    raj.press("Left", message)
    assert "1 person has voted" in words(posted(team, bet)[0])


@pytest.mark.parametrize(("old", "new"), [("red", "red"), ("red", None), (None, "red")])
def test_images_that_tell_no_difference_are_not_compared(
    team: Office, bet: Bet, raj: Person, old: str | None, new: str | None
) -> None:
    compare_coloured(team, bet, old, new, says="a mask")
    assert posted(team, bet) == []
    raj.command("compare B-1")
    assert "predict the same on every row that both have, and show the same" in raj.saw()


@pytest.mark.parametrize(("old", "new"), [("red", None), (None, "red")])
def test_an_image_that_one_version_alone_has_tells_no_side(
    team: Office, bet: Bet, old: str | None, new: str | None
) -> None:
    compare_coloured(team, bet, old, new)
    [alone] = [file.content for file in uploaded(team)]
    assert "left predicted" in pictures(posted(team, bet)[0])[0]["alt_text"]
    height = Image.open(BytesIO(alone)).height
    assert height < 3 * (BAND + CELL + GAP) + 2 * GAP  # once for each pair, two in a row


def test_judge_more_sends_the_images_of_its_pairs_once(team: Office, bet: Bet, raj: Person) -> None:
    compare_digits(team, bet)
    for _ in range(2):
        raj.press("Judge more", posted(team, bet)[0])
        assert "The images with these numbers are in your direct messages with me." in words(raj.modal)
        raj.press("Next")
        assert "The images with these numbers" in words(raj.modal)
        raj.close()
    team.settle()
    [sent] = [m for m in raj.messages(channel=raj.dm()) if "Images of more pairs of B-1 Read digits" in words(m)]
    [picture] = pictures(sent)
    assert picture["alt_text"].startswith("Images of pairs of B-1: 7. left predicted ")
    assert "label-" not in json.dumps(sent) and len(uploaded(team)) == 2


def test_pairs_without_images_send_nothing(team: Office, bet: Bet, raj: Person) -> None:
    compare_coloured(team, bet, None, None)
    raj.press("Judge more", posted(team, bet)[0])
    assert "direct messages" not in words(raj.modal) and not uploaded(team)


def test_votes_and_the_close_keep_the_picture_and_upload_nothing_again(team: Office, bet: Bet, raj: Person) -> None:
    compare_digits(team, bet)
    before = pictures(posted(team, bet)[0])
    raj.press("Left", posted(team, bet)[0])
    assert pictures(posted(team, bet)[0]) == before and "1 person has voted" in words(posted(team, bet)[0])
    assert "label-" not in json.dumps(posted(team, bet))
    team.at(MONDAY + timedelta(days=2))
    [message] = posted(team, bet)
    assert pictures(message) == before and len(before) == 1 == len(uploaded(team))
    assert "Closed. 1 person has voted" in words(message) and "Judge more" not in labels(message)
    assert words(message).count("label-digits.v1.jsonl") == 6 and "label-digits.v2" in result_of(team, bet)


def test_a_deleted_set_takes_its_images_out_of_the_comparison_and_of_direct_messages(
    team: Office, bet: Bet, ana: Person
) -> None:
    def shown() -> int:
        team.settle()
        seen = [posted(team, bet)[0], *ana.messages(channel=ana.dm())]
        return sum(len(pictures(message)) for message in seen if message.get("blocks"))

    compare_digits(team, bet)
    ana.press("Judge more", posted(team, bet)[0])
    ana.close()
    team.at(MONDAY + timedelta(days=2))
    assert shown() == 2
    ana.command("predictions B-1")
    ana.press("Delete")
    assert shown() == 0
