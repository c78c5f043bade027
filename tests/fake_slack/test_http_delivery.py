"""Signed HTTP delivery, checked by Slack's own verifier."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_sdk.signature import SignatureVerifier

from bot.demo.fake_slack import World

from .conftest import ADA, T0, TEAM, actions, button, client_of, modal


class Listener(BaseHTTPRequestHandler):
    got: list[tuple[dict[str, str], bytes]]
    answers: list[tuple[int, bytes]]
    content_type = "application/json; charset=utf-8"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        status, answer = self.answers.pop(0) if self.answers else (200, b"")
        self.send_response(status)
        self.send_header("Content-Type", self.content_type)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def listener(world: World) -> Iterator[type[Listener]]:
    kind = type("One", (Listener,), {"got": [], "answers": []})
    with HTTPServer(("127.0.0.1", 0), kind) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        world.deliver_to(f"http://127.0.0.1:{server.server_port}/slack/events")
        world.stop_delivery()
        yield kind
        server.shutdown()
        thread.join()


class At:
    """Slack's verifier compares with the time of its clock."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def now(self) -> float:
        return self.seconds


def test_an_event_is_json_signed_at_the_worlds_time(world: World, listener: type[Listener]) -> None:
    world.say(ADA, TEAM, "hello")
    assert world.deliver() == 1
    headers, body = listener.got[0]
    verifier = SignatureVerifier(world.signing_secret, clock=At(T0.timestamp()))  # type: ignore[arg-type]
    assert verifier.is_valid_request(body, headers)
    assert not SignatureVerifier("other", clock=At(T0.timestamp())).is_valid_request(body, headers)  # type: ignore[arg-type]
    assert headers["content-type"] == "application/json"
    assert json.loads(body)["event"]["text"] == "hello" and "x-slack-retry-num" not in headers


def test_a_retry_says_so_in_its_headers(world: World, listener: type[Listener]) -> None:
    listener.answers += [(500, b""), (200, b"")]
    world.say(ADA, TEAM, "hello")
    assert world.deliver() == 1
    assert listener.got[1][0]["x-slack-retry-num"] == "1"
    assert listener.got[1][0]["x-slack-retry-reason"] == "http_error"


def test_commands_and_clicks_come_as_forms(world: World, listener: type[Listener]) -> None:
    listener.answers += [(200, b'{"text": "just you"}'), (200, b"")]
    assert world.command(ADA, TEAM, "x & y").ok
    assert [message["text"] for message in world.messages(TEAM, as_user=ADA)] == ["just you"]
    form = parse_qs(listener.got[0][1].decode())
    assert (form["command"], form["text"]) == (["/bets"], ["x &amp; y"])
    ts = client_of(world).chat_postMessage(channel=TEAM, text="x", blocks=[actions(button())])["ts"]
    assert world.click(ADA, TEAM, ts, "press").ok
    payload = json.loads(parse_qs(listener.got[1][1].decode())["payload"][0])
    assert (payload["type"], payload["actions"][0]["action_id"]) == ("block_actions", "press")


def test_json_that_does_not_say_so_is_shown_as_it_is_and_is_no_answer_to_a_form(
    world: World, listener: type[Listener]
) -> None:
    listener.content_type = "text/plain"
    listener.answers += [(200, b'{"text": "just you"}')]
    assert world.command(ADA, TEAM, "x").ok
    assert [message["text"] for message in world.messages(TEAM, as_user=ADA)] == ['{"text": "just you"}']
    trigger = parse_qs(listener.got[0][1].decode())["trigger_id"][0]
    view = client_of(world).views_open(trigger_id=trigger, view=modal())["view"]
    listener.answers += [(200, b'{"response_action": "clear"}')]
    assert not world.submit(ADA, view["id"]).ok
    assert [shown["id"] for shown in world.views(ADA)] == [view["id"]]


def test_a_bot_that_is_away_is_a_failed_connection(world: World) -> None:
    world.deliver_to("http://127.0.0.1:9/slack/events")
    world.stop_delivery()
    reply = world.command(ADA, TEAM, "x")
    assert (reply.error, reply.status, reply.late) == ("dispatch_failed", 0, False)
