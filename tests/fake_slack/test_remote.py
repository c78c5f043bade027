"""A world in a process of its own outlives the bots that come and go."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.demo.fake_slack import NotPossible, RemoteWorld, World

from .conftest import ADA, T0, TEAM


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteWorld]:
    scopes = ["chat:write", "channels:history", "channels:read"]
    manifest = tmp_path_factory.mktemp("remote") / "manifest.json"
    Path(manifest).write_text(json.dumps({"oauth_config": {"scopes": {"bot": scopes}}}))
    command = [sys.executable, "-m", "bot.demo.fake_slack", "--pace", "0", "--manifest", str(manifest)]
    command += ["--at", T0.isoformat(), "--frozen"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        remote = RemoteWorld(json.loads(process.stdout.readline())["control_url"])
        remote.add_user(ADA, "ada")
        remote.add_channel(TEAM, "team", members=[ADA, remote.bot_user_id])
        yield remote
        process.terminate()
        assert process.wait(10) == 0


def test_the_stage_is_set_and_seen_from_afar(remote: RemoteWorld) -> None:
    ts = remote.say(ADA, TEAM, "hello @bets")
    api = WebClient(remote.bot_token, base_url=remote.api_url)
    api.chat_postMessage(channel=TEAM, text="hi", thread_ts=ts)
    assert [message["text"] for message in remote.messages(TEAM, thread_ts=ts)] == [
        f"hello <@{remote.bot_user_id}>",
        "hi",
    ]
    assert [call["method"] for call in remote.calls("chat.postMessage")] == ["chat.postMessage"]


def test_replies_bytes_and_refusals_travel(remote: RemoteWorld) -> None:
    assert remote.command(ADA, TEAM, "x").error == "/bets is not a valid command"
    remote.say(ADA, TEAM, "see", files=[("a.csv", b"a,b\n\xff")])
    assert remote.file_content(remote.files()[-1]["id"]) == b"a,b\n\xff"
    with pytest.raises(NotPossible, match="sees no message"):
        remote.react(ADA, TEAM, "1.1", "eyes")
    with pytest.raises(TypeError):
        remote.say(ADA)
    with pytest.raises(AttributeError):
        remote.explode()


def test_the_clock_is_moved_from_afar(remote: RemoteWorld) -> None:
    later = datetime.fromtimestamp(remote.now(), T0.tzinfo) + timedelta(days=7)
    remote.move_to(later)
    assert remote.now() == later.timestamp()
    remote.advance(5)
    assert datetime.fromtimestamp(remote.now(), later.tzinfo) == later + timedelta(seconds=5)


def test_faults_are_scripted_from_afar(remote: RemoteWorld) -> None:
    remote.fail("auth.test", 1, "refuse:fatal_error")
    api = WebClient(remote.bot_token, base_url=remote.api_url, retry_handlers=[])
    assert api.api_test()["ok"]
    with pytest.raises(Exception, match="fatal_error"):
        api.auth_test()


def test_a_world_in_this_process_has_no_remote_control(world: World) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{world.base_url}control/facts", b"{}")
    with caught.value as error:
        assert error.code == 404
