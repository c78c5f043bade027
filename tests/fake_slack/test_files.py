"""Files: three steps up, a while until they are ready, down with the token only."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.demo.fake_slack import World

from .conftest import ADA, SECRET, TEAM, client_of, refusal

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


def upload(api: WebClient, content: bytes = PNG, **more: Any) -> str:
    """Uploads without sharing, as the SDK does; returns the file's id."""
    return str(api.files_upload_v2(filename="chart.png", content=content, title="Chart", **more)["file"]["id"])


def picture(file: str) -> dict[str, Any]:
    return {"type": "image", "slack_file": {"id": file}, "alt_text": "A chart"}


def test_an_upload_is_a_file_that_nobody_sees_yet(world: World, api: WebClient) -> None:
    file = upload(api, alt_txt="Lines going up")
    info = api.files_info(file=file)["file"]
    assert (info["name"], info["title"], info["alt_txt"], info["size"]) == ("chart.png", "Chart", "Lines going up", 108)
    assert (info["mimetype"], info["is_public"]) == ("image/png", False)
    assert world.messages(TEAM) == [] and world.file_content(file) == PNG
    assert refusal(api.files_info, file="F0NOTHING") == "file_not_found"


def test_a_file_is_ready_only_after_a_while(world: World, api: WebClient) -> None:
    world.set_file_delay(20)
    file = upload(api)
    assert api.files_info(file=file)["file"]["mimetype"] == ""
    assert refusal(api.chat_postMessage, channel=TEAM, text="x", blocks=[picture(file)]) == "invalid_blocks"
    assert world.refusals()[-1]["messages"] == ["[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]"]
    world.advance(20)
    assert api.files_info(file=file)["file"]["mimetype"] == "image/png"
    assert api.chat_postMessage(channel=TEAM, text="x", blocks=[picture(file)])["ok"]


def test_a_shared_upload_is_a_message_without_metadata(world: World, api: WebClient) -> None:
    root = world.say(ADA, TEAM, "root")
    file = upload(api, channel=TEAM, initial_comment="Look", thread_ts=root)
    message = world.messages(TEAM, root)[-1]
    assert (message["text"], message["files"][0]["id"], message["metadata"]) == ("Look", file, None)
    assert api.files_info(file=file)["file"]["channels"] == [TEAM]
    url = api.files_getUploadURLExternal(filename="a", length=1)
    urllib.request.urlopen(url["upload_url"], b"x").close()
    files = [{"id": url["file_id"]}]
    assert refusal(api.files_completeUploadExternal, files=files, channel_id=SECRET) == "channel_not_found"


def test_an_edit_adds_an_upload_to_a_message_and_shares_it(world: World, api: WebClient) -> None:
    ts = str(api.chat_postMessage(channel=TEAM, text="Look")["ts"])
    file = upload(api)
    api.chat_update(channel=TEAM, ts=ts, text="Look", file_ids=[file])
    (message,) = world.messages(TEAM)
    assert message["files"][0]["id"] == file and api.files_info(file=file)["file"]["channels"] == [TEAM]
    assert refusal(api.chat_update, channel=TEAM, ts=ts, text="Look", file_ids=["F0NONE"]) == "file_not_found"


def test_the_bot_deletes_files_of_its_own_once(world: World, api: WebClient) -> None:
    ts = str(api.chat_postMessage(channel=TEAM, text="Look")["ts"])
    file = upload(api)
    api.chat_update(channel=TEAM, ts=ts, text="Look", file_ids=[file])
    assert api.files_delete(file=file)["ok"] and world.file_content(file) == b""
    assert [refusal(call, file=file) for call in (api.files_info, api.files_delete)] == ["file_deleted"] * 2
    assert refusal(api.chat_postMessage, channel=TEAM, text="x", blocks=[picture(file)]) == "invalid_blocks"
    assert world.messages(TEAM)[0]["files"] == [{"id": file, "mode": "tombstone"}]
    assert refusal(api.files_delete, file="F0NOTHING") == "file_not_found"
    world.say(ADA, TEAM, "mine", files=[("a.csv", b"x")])
    assert refusal(api.files_delete, file=world.messages(TEAM)[-1]["files"][0]["id"]) == "cant_delete_file"


def test_a_file_from_where_the_bot_is_not_is_none_to_it(world: World, api: WebClient) -> None:
    world.say(ADA, SECRET, "ours", files=[("a.csv", b"x")])
    (file,) = world.files()
    assert refusal(api.files_info, file=file["id"]) == "file_not_found"
    asked = urllib.request.Request(file["url_private"], headers={"Authorization": f"Bearer {world.bot_token}"})
    with urllib.request.urlopen(asked) as response:
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    world.join(SECRET, world.bot_user_id)
    assert api.files_info(file=file["id"])["file"]["name"] == "a.csv"


def test_each_step_is_checked(world: World, api: WebClient) -> None:
    assert refusal(api.files_getUploadURLExternal, filename="a", length=0) == "invalid_arguments"
    slot = api.files_getUploadURLExternal(filename="a", length=3)
    assert refusal(api.files_completeUploadExternal, files=[{"id": slot["file_id"]}]) == "file_not_found"
    assert refusal(api.files_completeUploadExternal, files=[{"name": "x"}]) == "invalid_arguments"
    for body in (b"four", b"abc", b"abc"):
        try:
            with urllib.request.urlopen(slot["upload_url"], body) as response:
                assert response.read() == b"OK - 3"
        except urllib.error.HTTPError as error:
            with error:
                assert json.load(error)["error"] in ("length_mismatch", "invalid_upload_url")
    assert [entry["error"] for entry in world.refusals()[-2:]] == ["length_mismatch", "invalid_upload_url"]
    done = [{"id": slot["file_id"], "title": "A"}]
    assert api.files_completeUploadExternal(files=done)["files"][0]["title"] == "A"
    assert refusal(api.files_completeUploadExternal, files=done) == "file_not_found"


@pytest.mark.parametrize("token", ["xoxb-else", None])
def test_without_the_token_a_download_is_the_login_page(world: World, api: WebClient, token: str | None) -> None:
    url = api.files_info(file=upload(api))["file"]["url_private"]
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as response:
        assert (response.status, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    good = urllib.request.Request(url, headers={"Authorization": f"Bearer {world.bot_token}"})
    with urllib.request.urlopen(good) as response:
        assert (response.read(), response.headers["Content-Type"]) == (PNG, "image/png")


def test_the_upload_host_can_fail_too(world: World, api: WebClient) -> None:
    world.fail("upload", 1, "apply+500")
    with pytest.raises(urllib.error.HTTPError) as caught:
        upload(client_of(world))
    caught.value.close()
    assert upload(api)
