"""Pictures and files in messages: one message in time, and the picture in it or soon after (S16), a file once."""

from typing import Any

import pytest

from bot.store.outbox import update_message
from tests.conftest import CHANNEL, Office, crossed
from tests.work.ledger import copies, owe, row

METHODS = ["upload", "files.getUploadURLExternal", "files.completeUploadExternal", "files.info"]
FAULTS = ["apply+500", "noapply+500", "apply+drop", "429:5"]

CHART = {
    "chart": "summary",
    "data": {
        "weeks": ["2026-W48"],
        "bets": [{"key": "B-1", "title": "$x_{$", "confidence": [70], "spent": 1, "appetite": 4}],
    },
    "alt": "Confidence of one bet",
    "title": "Summary",
}


@pytest.fixture
def owing(team: Office) -> Office:
    """A team whose channel is owed one message with a picture, by a Slack that may have its troubles."""
    team.expects_refusals = True
    with_picture(team)
    return team


def with_picture(office: Office) -> None:
    post = owe(office.bot, "summary", channel=CHANNEL, blocks=[{"type": "divider"}])
    with office.bot.transaction() as tx:
        update_message(tx, office.bot.now(), post.id, post.payload | {"picture": CHART})


def pass_time(office: Office, seconds: int, step: int = 2) -> None:
    for _ in range(0, seconds, step):
        office.after(seconds=step)


def picture_of(office: Office) -> dict[str, Any] | None:
    """The picture in the one message that there is."""
    (message,) = copies(office.world, "summary")
    return next((block for block in message.blocks if block["type"] == "image"), None)


def test_a_picture_stands_in_the_message_from_the_start(owing: Office) -> None:
    owing.settle()
    picture = picture_of(owing)
    assert picture is not None and picture["alt_text"] == "Confidence of one bet"
    assert len(owing.world.calls("chat.postMessage")) == 1
    assert owing.world.files()[0]["channels"] == [], "the upload itself is shown to nobody"


@pytest.mark.parametrize("delay", [10, 28])
def test_a_message_waits_half_a_minute_for_its_picture(owing: Office, delay: int) -> None:
    owing.world.set_file_delay(delay)
    owing.settle()
    assert not copies(owing.world, "summary")
    pass_time(owing, 30)
    assert picture_of(owing) is not None
    assert not owing.world.calls("chat.update")
    assert len(owing.world.files()) == 1


def test_a_picture_that_takes_longer_follows_its_message(owing: Office) -> None:
    owing.world.set_file_delay(60)
    owing.settle()
    pass_time(owing, 32)
    assert picture_of(owing) is None, "the text came in time"
    pass_time(owing, 40)
    assert picture_of(owing) is not None
    assert len(owing.world.files()) == 1


@pytest.mark.parametrize(("method", "fault"), crossed(METHODS, FAULTS))
def test_an_upload_that_fails_is_tried_again(owing: Office, method: str, fault: str) -> None:
    owing.world.fail(method, 1, fault)
    owing.settle()
    pass_time(owing, 10)
    assert picture_of(owing) is not None


def test_without_the_right_to_upload_the_text_comes_alone_and_slack_is_not_pestered(owing: Office) -> None:
    owing.world.fail("files.getUploadURLExternal", None, "refuse:missing_scope")
    owing.settle()
    pass_time(owing, 40)
    assert picture_of(owing) is None
    pass_time(owing, 2_400, step=120)
    assert len(owing.world.calls("files.getUploadURLExternal")) < 80
    assert row(owing.bot, f"edit:{row(owing.bot, 'summary').id}").state == "sent", "it is given up"
    assert picture_of(owing) is None


def test_a_picture_that_slack_will_not_show_follows_when_it_does(owing: Office) -> None:
    owing.world.fail("chat.postMessage", 1, "refuse:invalid_blocks")
    for number in (1, 2):
        owing.world.fail("chat.update", number, "refuse:invalid_blocks")
    owing.settle()
    assert len(copies(owing.world, "summary")) == 1
    pass_time(owing, 60, step=15)
    assert picture_of(owing) is not None
    assert len(copies(owing.world, "summary")) == 1


def test_a_message_with_a_picture_that_slack_never_shows_keeps_its_text(owing: Office) -> None:
    owing.world.fail("chat.postMessage", 1, "refuse:invalid_blocks")
    owing.world.fail("chat.update", None, "refuse:invalid_blocks")
    owing.settle()
    pass_time(owing, 600, step=15)
    assert copies(owing.world, "summary")[0].text == "Hello"
    assert len(owing.world.calls("chat.update")) < 10


def test_an_upload_that_came_in_blank_is_made_again(owing: Office) -> None:
    owing.world.set_file_delay(10**9)
    owing.settle()
    pass_time(owing, 40)
    owing.world.set_file_delay(0)
    pass_time(owing, 60)
    pass_time(owing, 900, step=60)
    assert picture_of(owing) is not None


def test_a_new_text_keeps_the_picture_that_is_there(owing: Office) -> None:
    owing.settle()
    post = row(owing.bot, "summary")
    with owing.bot.transaction() as tx:
        update_message(tx, owing.bot.now(), post.id, post.payload | {"text": "Newer"})
    owing.settle()
    assert copies(owing.world, "summary")[0].text == "Newer"
    assert picture_of(owing) is not None
    assert len(owing.world.files()) == 1


def test_a_chart_that_cannot_be_drawn_costs_its_message_nothing(owing: Office) -> None:
    with owing.bot.transaction() as tx:
        post = row(owing.bot, "summary")
        update_message(tx, owing.bot.now(), post.id, post.payload | {"picture": CHART | {"data": {}}})
    owing.settle()
    assert picture_of(owing) is None
    assert copies(owing.world, "summary")[0].text == "Hello"


@pytest.fixture
def owing_file(team: Office) -> Office:
    """A team whose channel is owed one message with a file, by a Slack that may have its troubles."""
    team.expects_refusals = True
    post = owe(team.bot, "locked", channel=CHANNEL, blocks=[{"type": "divider"}])
    file = {"name": "B-7-scope-v1.md", "title": "Scope of B-7, version 1", "content": "# B-7 é\n"}
    with team.bot.transaction() as tx:
        update_message(tx, team.bot.now(), post.id, post.payload | {"file": file})
    return team


def files_of(office: Office) -> list[tuple[str, str, str]]:
    """The files in the one message that there is, as people read them."""
    (message,) = copies(office.world, "locked")
    files = [office.world.files_by_id[name] for name in message.files]
    return [(file.name, file.title, (file.content or b"").decode()) for file in files]


@pytest.mark.parametrize(("method", "fault"), crossed([*METHODS, "chat.update", "chat.postMessage"], [*FAULTS, None]))
def test_a_file_comes_into_its_message_once(owing_file: Office, method: str, fault: str | None) -> None:
    if fault:
        owing_file.world.fail(method, 1, fault)
    owing_file.settle()
    pass_time(owing_file, 300, step=10)
    assert files_of(owing_file) == [("B-7-scope-v1.md", "Scope of B-7, version 1", "# B-7 é\n")]
    assert [block["type"] for block in copies(owing_file.world, "locked")[0].blocks] == ["divider"]


def test_a_message_does_not_wait_for_its_file_and_new_words_keep_it(owing_file: Office) -> None:
    owing_file.world.set_file_delay(60)
    owing_file.settle()
    assert files_of(owing_file) == []
    pass_time(owing_file, 80, step=4)
    post = row(owing_file.bot, "locked")
    with owing_file.bot.transaction() as tx:
        update_message(tx, owing_file.bot.now(), post.id, {"text": "Newer", "blocks": []})
    owing_file.settle()
    assert copies(owing_file.world, "locked")[0].text == "Newer" and len(files_of(owing_file)) == 1
    assert len(owing_file.world.files()) == 1, "it is uploaded once"


def test_new_words_do_not_forget_a_file_that_is_still_owed(owing_file: Office) -> None:
    owing_file.world.set_file_delay(60)
    owing_file.settle()
    post = row(owing_file.bot, "locked")
    with owing_file.bot.transaction() as tx:
        update_message(tx, owing_file.bot.now(), post.id, {"text": "Newer", "blocks": []})
    pass_time(owing_file, 120, step=10)
    assert copies(owing_file.world, "locked")[0].text == "Newer" and len(files_of(owing_file)) == 1


def test_a_message_that_goes_out_as_plain_text_has_its_file_all_the_same(owing_file: Office) -> None:
    owing_file.world.fail("chat.postMessage", 1, "refuse:invalid_blocks")
    owing_file.world.fail("chat.update", 1, "refuse:invalid_blocks")
    owing_file.settle()
    pass_time(owing_file, 60)
    assert len(files_of(owing_file)) == 1
