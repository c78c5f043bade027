"""Samples with images: one numbered picture for each bet, in its place, with words for those who cannot see it."""

import base64
import json
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import delete

from bot.domain.records import Bet
from bot.store.tables import predictions
from bot.work import tick
from tests.conftest import Office, crossed, lived_once
from tests.scenarios.judging import FRIDAY_11, printed, push, rounds, to_wednesday
from tests.scenarios.rounds import MONDAY, in_thread, place, thread_of, told
from tests.scenarios.test_dropped_files import drop, sets
from tests.talk import Person, words


@pytest.fixture
@lived_once
def bet(team: Office, ana: Person) -> Bet:
    return place(team, "Read digits", ana)


def pictures(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [block for block in message["blocks"] if block["type"] == "image"]


def uploaded(office: Office) -> list[Any]:
    """The files that were uploaded, oldest first."""
    return list(office.world.files_by_id.values())


def rows_of(*images: str) -> bytes:
    rows = [{"id": f"r{n}", "input": "A digit", "prediction": f"<!here> {n}", "image": image}
            for n, image in enumerate(images, 1)]  # fmt: skip
    return "\n".join(map(json.dumps, rows)).encode()


def image(colour: str = "red") -> str:
    out = BytesIO()
    Image.new("RGB", (20, 20), colour).save(out, "PNG")
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"


def test_the_message_shows_its_images_as_one_numbered_picture_with_words(team: Office, bet: Bet) -> None:
    push(team, bet, "digits.v1.jsonl")
    to_wednesday(team)
    [message] = rounds(team)
    [picture] = pictures(message)
    blocks = message["blocks"]
    assert printed(message) == [1, 2, 3, 4] and "*1.*" in blocks[blocks.index(picture) + 1]["text"]["text"]
    says = [text.split("*Prediction* ")[1][0] for text in map(words, blocks) if "*Prediction* " in text]
    told_so = "; ".join(f"{number}. predicted {said}" for number, said in enumerate(says, 1))
    assert picture["alt_text"] == f"Images of samples of B-1: {told_so}"
    [file] = uploaded(team)
    assert (file.name, file.title) == ("samples-B-1-2026-W49.png", "Images of B-1, 2026-W49")
    assert file.alt_text == picture["alt_text"] and file.shared_in == []
    drawn = Image.open(BytesIO(file.content))
    assert drawn.format == "PNG" and drawn.width == 960


def test_each_bet_has_a_picture_of_its_own_and_one_without_images_has_none(team: Office, bet: Bet, ana: Person) -> None:
    push(team, bet, "digits.v1.jsonl")
    push(team, place(team, "Sum up papers", ana), "tldr.v2.jsonl")
    push(team, place(team, "Read digits well", ana), "digits.v2.jsonl")
    to_wednesday(team)
    [message] = rounds(team)
    assert [picture["alt_text"][:31] for picture in pictures(message)] == [
        "Images of samples of B-1: 1. pr",
        "Images of samples of B-3: 5. pr",
    ]
    assert [file.name for file in uploaded(team)] == ["samples-B-1-2026-W49.png", "samples-B-3-2026-W49.png"]


def test_votes_and_the_close_keep_the_picture_and_upload_nothing_again(team: Office, bet: Bet, raj: Person) -> None:
    push(team, bet, "digits.v1.jsonl")
    to_wednesday(team)
    before = pictures(rounds(team)[0])
    raj.press("Good", rounds(team)[0])
    assert pictures(rounds(team)[0]) == before and "1 person has judged" in words(rounds(team)[0])
    team.at(FRIDAY_11)
    assert pictures(rounds(team)[0]) == before and "Closed." in words(rounds(team)[0])
    assert len(uploaded(team)) == 1


@pytest.fixture
@lived_once
def two_pictured(team: Office, bet: Bet, ana: Person) -> Office:
    """Two bets whose samples will be shown in pictures, on Monday."""
    push(team, bet, "digits.v1.jsonl")
    push(team, place(team, "Read digits well", ana), "digits.v2.jsonl")
    team.at(MONDAY)
    return team


def test_a_picture_that_slack_takes_long_to_look_at_follows_its_message(two_pictured: Office) -> None:
    team = two_pictured
    team.world.set_file_delay(60)
    to_wednesday(team)
    for _ in range(18):
        team.after(seconds=2)
    [message] = rounds(team)
    assert words(message).count("The images cannot be shown yet") == 2 and not pictures(message)
    for _ in range(30):
        team.after(seconds=2)
    [message] = rounds(team)
    assert len(pictures(message)) == 2 and "cannot be shown" not in words(message)
    assert len(uploaded(team)) == 2


@pytest.mark.parametrize(
    ("method", "fault"),
    crossed(
        ["upload", "files.getUploadURLExternal", "files.completeUploadExternal", "files.info"],
        ["apply+500", "noapply+500", "apply+drop", "429:5"],
    ),
)
def test_an_upload_that_fails_costs_no_message_and_no_picture(two_pictured: Office, method: str, fault: str) -> None:
    team = two_pictured
    team.expects_refusals = True
    team.world.fail(method, 2, fault)
    to_wednesday(team)
    for _ in range(5):
        tick.once(team.new_bot())
        team.after(seconds=3)
    [message] = rounds(team)
    assert len(pictures(message)) == 2


def test_images_that_are_gone_when_the_picture_is_drawn_cost_the_message_nothing(team: Office, bet: Bet) -> None:
    team.expects_refusals = True
    push(team, bet, "digits.v1.jsonl")
    team.at(MONDAY)
    team.world.fail("files.getUploadURLExternal", 1, "429:30")
    to_wednesday(team)
    with team.bot.transaction() as tx:
        tx.execute(delete(predictions))
    team.after(minutes=1)
    [message] = rounds(team)
    assert not pictures(message) and "The images cannot be shown yet" in words(message)


def test_samples_posted_at_once_have_their_picture_in_the_thread(team: Office, bet: Bet, ana: Person) -> None:
    push(team, bet, "digits.v1.jsonl")
    ana.command("predictions B-1")
    ana.press("Post samples now")
    assert len(pictures(in_thread(team, bet)[-1])) == 1


def test_judge_more_sends_the_images_of_the_rest_once_and_its_rows_bear_their_letters(
    team: Office, bet: Bet, raj: Person
) -> None:
    push(team, bet, "digits.v1.jsonl")
    to_wednesday(team)
    for _ in range(2):
        raj.press("Judge more", rounds(team)[0])
        assert "The images with these letters are in your direct messages with me." in words(raj.modal)
        assert "*a.* A handwritten digit" in words(raj.modal) and "*f.*" not in words(raj.modal)
        raj.press("Next")
        assert "*f.* A handwritten digit" in words(raj.modal) and "*j.*" in words(raj.modal)
        raj.close()
    team.settle()
    [sent] = [
        message for message in raj.messages(channel=raj.dm()) if "Images of more samples of B-1" in words(message)
    ]
    [picture] = pictures(sent)
    assert (
        picture["alt_text"].startswith("Images of samples of B-1: a. predicted ") and "j. pred" in picture["alt_text"]
    )
    assert len(uploaded(team)) == 2


def test_judge_more_of_a_set_without_images_sends_nothing(team: Office, bet: Bet, raj: Person) -> None:
    push(team, bet, "tldr.v2.jsonl")
    to_wednesday(team)
    raj.press("Judge more", rounds(team)[0])
    assert "direct messages" not in words(raj.modal) and not uploaded(team)


def test_a_dropped_file_carries_its_images_itself(team: Office, bet: Bet, raj: Person, ana: Person) -> None:
    assert drop(team, raj, bet, "x.jsonl", rows_of(image(), image("blue"))) == ""
    raj.press("Use it", in_thread(team, bet)[-1])
    ana.command("predictions B-1")
    ana.press("Post samples now")
    [picture] = pictures(in_thread(team, bet)[-1])
    assert "1. predicted <!here>" in picture["alt_text"]


def test_a_dropped_file_with_a_hostile_image_is_refused_by_its_row(team: Office, bet: Bet, raj: Person) -> None:
    svg = "data:image/svg+xml;base64," + base64.b64encode(b"<svg/>").decode()
    said = drop(team, raj, bet, "x.jsonl", rows_of(image(), svg))
    assert "row 'r2': its image is no PNG, JPEG, GIF or WebP" in said and sets(team) == []


def test_a_dropped_file_that_names_images_is_offered_without_them(team: Office, bet: Bet, raj: Person) -> None:
    drop(team, raj, bet, "digits.v1.jsonl")
    offer = words(in_thread(team, bet)[-1])
    assert "Not used: image (names of files that did not come with it)" in offer
    assert told(raj, thread_of(team, bet)) == []


def test_a_dropped_file_that_names_addresses_is_offered_without_them(team: Office, bet: Bet, raj: Person) -> None:
    drop(team, raj, bet, "x.jsonl", rows_of("https://example.com/a.png", "b.png"))
    assert "Not used: image (addresses, and I open none)" in words(in_thread(team, bet)[-1])
    raj.press("Use it", in_thread(team, bet)[-1])
    assert [one.state for one in sets(team)] == ["ready"]
