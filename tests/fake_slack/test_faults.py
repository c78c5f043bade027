"""The fault script: applied or not exactly as it says, and the line breaks as it says."""

import http.client
import signal
import subprocess
import sys
import textwrap
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.demo.fake_slack import World

from .conftest import ADA, TEAM, client_of, refusal

APPLIED: list[tuple[str, type[BaseException]]] = [
    ("apply+drop", http.client.RemoteDisconnected),
    ("apply+rst", ConnectionResetError),
    ("apply+cut", http.client.IncompleteRead),
    ("apply+500", SlackApiError),
    ("apply+502html", SlackApiError),
    ("apply+html", SlackApiError),
    ("apply+internal_error", SlackApiError),
]
NOT_APPLIED: list[tuple[str, type[BaseException]]] = [
    ("noapply+500", SlackApiError),
    ("noapply+drop", http.client.RemoteDisconnected),
    ("noapply+rst", ConnectionResetError),
    ("refuse:internal_error", SlackApiError),
    ("429:30", SlackApiError),
    ("429", SlackApiError),
]


def posted(world: World) -> int:
    return len(world.messages(TEAM))


@pytest.mark.parametrize(("fault", "error"), APPLIED, ids=lambda value: str(value))
def test_it_is_posted_though_the_answer_is_lost(
    world: World, api: WebClient, fault: str, error: type[BaseException]
) -> None:
    world.fail("chat.postMessage", 1, fault)
    with pytest.raises(error):
        api.chat_postMessage(channel=TEAM, text="x")
    assert posted(world) == 1
    assert api.chat_postMessage(channel=TEAM, text="x")["ok"]
    assert [call["fault"] for call in world.calls("chat.postMessage")] == [fault, "ok"]


@pytest.mark.parametrize(("fault", "error"), NOT_APPLIED, ids=lambda value: str(value))
def test_it_is_not_posted(world: World, api: WebClient, fault: str, error: type[BaseException]) -> None:
    world.fail("chat.postMessage", 1, fault)
    with pytest.raises(error):
        api.chat_postMessage(channel=TEAM, text="x")
    assert posted(world) == 0


@pytest.mark.parametrize(("fault", "count"), [("apply+hang", 1), ("noapply+hang", 0)])
def test_a_line_may_stay_open_without_an_answer(
    world: World, api: WebClient, monkeypatch: pytest.MonkeyPatch, fault: str, count: int
) -> None:
    world.fail("chat.postMessage", 1, fault)
    impatient = client_of(world)
    monkeypatch.setattr(impatient, "timeout", 0.2)
    with pytest.raises(TimeoutError):
        impatient.chat_postMessage(channel=TEAM, text="x")
    assert posted(world) == count


def test_the_answers_of_slack_are_as_the_script_says(world: World, api: WebClient) -> None:
    def answer(fault: str) -> Any:
        world.fail("chat.postMessage", 1, fault)
        with pytest.raises(SlackApiError) as caught:
            api.chat_postMessage(channel=TEAM, text="x")
        world.clear_faults()
        return caught.value.response

    assert answer("apply+500").status_code == 500
    assert answer("apply+502html").status_code == 502
    assert answer("refuse:rate_limited")["error"] == "rate_limited"
    limited = answer("429:30")
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "30")
    assert "Retry-After" not in answer("429").headers
    internal = answer("apply+internal_error")
    assert (internal.status_code, internal["error"]) == (200, "internal_error")


def test_calls_are_counted_by_method_from_when_the_fault_was_made(world: World, api: WebClient) -> None:
    api.chat_postMessage(channel=TEAM, text="before")
    world.fail("chat.postMessage", 2, "refuse:fatal_error")
    api.auth_test()
    assert api.chat_postMessage(channel=TEAM, text="first")["ok"]
    assert refusal(api.chat_postMessage, channel=TEAM, text="second") == "fatal_error"
    assert api.chat_postMessage(channel=TEAM, text="third")["ok"]


def test_a_fault_may_last_until_it_is_cleared(world: World, api: WebClient) -> None:
    world.fail("*", None, "refuse:service_unavailable")
    for _ in range(3):
        assert refusal(api.auth_test) == "service_unavailable"
    world.clear_faults()
    assert api.auth_test()["ok"]


def test_a_post_may_be_applied_long_after_the_client_gave_up(world: World, api: WebClient) -> None:
    world.fail("chat.postMessage", 1, "apply_after", seconds=90)
    with pytest.raises(http.client.RemoteDisconnected):
        api.chat_postMessage(channel=TEAM, text="late")
    world.advance(89)
    assert api.conversations_history(channel=TEAM)["messages"] == []
    world.advance(1)
    assert [message["text"] for message in api.conversations_history(channel=TEAM)["messages"]] == ["late"]


def test_a_slow_answer_holds_up_nobody_else(world: World, api: WebClient) -> None:
    world.fail("chat.postMessage", 1, "slow", seconds=0.05)
    assert api.chat_postMessage(channel=TEAM, text="x")["ok"]
    assert posted(world) == 1


def test_unknown_faults_are_refused_at_once(world: World) -> None:
    with pytest.raises(ValueError, match="unknown fault"):
        world.fail("chat.postMessage", 1, "explode")


@pytest.mark.parametrize(("moment", "count"), [("before", 0), ("applied", 1), ("answered", 1)])
def test_the_bots_process_is_killed_at_the_moment_that_was_named(world: World, moment: str, count: int) -> None:
    program = textwrap.dedent(
        """
        import sys, urllib.request
        sys.stdin.readline()
        headers = {"Authorization": "Bearer " + sys.argv[2]}
        request = urllib.request.Request(sys.argv[1], b"channel=C0TEAM&text=x", headers)
        urllib.request.urlopen(request).read()
        sys.stdin.readline()
        """
    )
    command = [sys.executable, "-S", "-c", program, f"{world.api_url}chat.postMessage", world.bot_token]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        world.fail("chat.postMessage", 1, f"kill@{moment}", pid=process.pid)
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
        assert process.wait(10) == -signal.SIGKILL
    assert posted(world) == count


def test_response_urls_fail_by_script_too(world: World) -> None:
    import urllib.error
    import urllib.request

    from bot.demo.fake_slack import DirectDelivery

    seen: list[dict[str, Any]] = []
    world.delivery = DirectDelivery(lambda kind, body: (200, seen.append(body), {}))
    world.command(ADA, TEAM, "x")
    world.fail("response_url", 1, "noapply+500")
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(seen[0]["response_url"], b'{"text": "x"}')
    caught.value.close()
    assert world.messages(TEAM, as_user=ADA) == []
