"""Socket Mode over real sockets."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from bot.demo.fake_slack import World

from .conftest import ADA, TEAM, client_of, refusal


@contextmanager
def dial(world: World) -> Iterator[tuple[ClientConnection, dict[str, Any]]]:
    """A socket that was greeted, and the greeting."""
    url = client_of(world, world.app_token).apps_connections_open(app_token=world.app_token)["url"]
    with connect(url) as line:
        yield line, json.loads(line.recv(5))


@pytest.fixture
def line(world: World) -> Iterator[ClientConnection]:
    with dial(world) as (line, _):
        yield line


def receive(line: ClientConnection, payload: Any = None, answer: bool = True) -> dict[str, Any]:
    envelope = dict(json.loads(line.recv(5)))
    if answer:
        line.send(json.dumps({"envelope_id": envelope["envelope_id"], **({"payload": payload} if payload else {})}))
    return envelope


def test_a_socket_is_opened_with_the_apps_token_and_a_ticket_for_once(world: World, api: WebClient) -> None:
    assert refusal(api.api_call, "apps.connections.open") == "not_allowed_token_type"
    url = client_of(world, world.app_token).apps_connections_open(app_token=world.app_token)["url"]
    with connect(url) as line:
        hello = json.loads(line.recv(5))
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        assert hello["connection_info"] == {"app_id": world.app_id}
        with pytest.raises(InvalidStatus), connect(url):
            pass


def test_events_come_by_themselves_and_in_order(world: World, line: ClientConnection) -> None:
    for text in ("one", "two"):
        world.say(ADA, TEAM, text)
    first, second = receive(line), receive(line)
    assert [envelope["payload"]["event"]["text"] for envelope in (first, second)] == ["one", "two"]
    assert (first["type"], first["accepts_response_payload"]) == ("events_api", False)
    assert (first["retry_attempt"], first["retry_reason"]) == (0, "")


def test_an_unacked_event_comes_again_with_its_number(world: World, line: ClientConnection) -> None:
    world.ack_seconds = 0.05
    world.say(ADA, TEAM, "x")
    first = receive(line, answer=False)
    again = receive(line)
    assert (again["retry_attempt"], again["retry_reason"]) == (1, "http_timeout")
    assert first["payload"]["event_id"] == again["payload"]["event_id"]
    assert first["envelope_id"] != again["envelope_id"]


def test_a_command_takes_its_answer_from_the_ack(world: World, line: ClientConnection) -> None:
    with ThreadPoolExecutor(1) as pool:
        reply = pool.submit(world.command, ADA, TEAM, "x")
        envelope = receive(line, {"text": "hello"})
        assert reply.result(5).ok
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    assert envelope["payload"]["command"] == "/bets"
    assert [message["text"] for message in world.messages(TEAM, as_user=ADA)] == ["hello"]


def test_without_a_socket_a_command_fails_and_events_wait(world: World) -> None:
    assert world.command(ADA, TEAM, "x").error == "dispatch_failed"
    world.say(ADA, TEAM, "x")
    assert (world.deliver(), world.pending_events()) == (0, 1)
    with dial(world) as (line, _):
        world.advance(60)
        assert receive(line)["retry_attempt"] == 2


def test_several_sockets_share_the_envelopes(world: World, line: ClientConnection) -> None:
    world.ack_seconds = 30
    with dial(world) as (other, hello), ThreadPoolExecutor(2) as pool:
        assert hello["num_connections"] == 2
        for number in range(20):
            world.say(ADA, TEAM, str(number))

        def count(line: ClientConnection) -> int:
            got = 0
            try:
                while True:
                    receive(line)
                    got += 1
            except (TimeoutError, ConnectionClosed):
                return got

        counts = [pool.submit(count, each) for each in (line, other)]
        world.deliver()  # returns when those that the thread sent are acknowledged too
        world.abort_sockets()
        first, second = (each.result(10) for each in counts)
    assert first + second == 20 and first and second


def test_the_eleventh_socket_is_sent_away(world: World) -> None:
    with ExitStack() as stack:
        greetings = [stack.enter_context(dial(world))[1] for _ in range(11)]
    assert [said["type"] for said in greetings] == ["hello"] * 10 + ["disconnect"]
    assert greetings[-1]["reason"] == "too_many_websockets"


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
def test_a_disconnect_is_announced(world: World, line: ClientConnection, reason: str) -> None:
    world.disconnect_sockets(reason)
    said = json.loads(line.recv(5))
    assert (said["type"], said["reason"]) == ("disconnect", reason)
    if reason == "link_disabled":
        with pytest.raises(ConnectionClosed):
            line.recv(5)
    else:
        world.say(ADA, TEAM, "still usable")
        assert receive(line)["payload"]["event"]["text"] == "still usable"
    with pytest.raises(ValueError, match="unknown reason"):
        world.disconnect_sockets("boredom")


def test_an_aborted_line_breaks_without_a_goodbye(world: World, line: ClientConnection) -> None:
    world.abort_sockets()
    with pytest.raises(ConnectionClosed):
        line.recv(5)


def test_a_deaf_line_stays_open_but_answers_no_ping(world: World, line: ClientConnection) -> None:
    assert line.ping().wait(5)
    world.deafen_sockets()
    world.ack_seconds = 0.05
    assert not line.ping().wait(0.2)
    world.say(ADA, TEAM, "x")
    assert receive(line)["payload"]["event"]["text"] == "x"
    assert receive(line)["retry_attempt"] == 1
    world.abort_sockets()


def test_what_is_no_ack_is_ignored(world: World, line: ClientConnection) -> None:
    for nonsense in ("[1]", "not json", "{}", '{"envelope_id": "none"}'):
        line.send(nonsense)
    world.say(ADA, TEAM, "x")
    assert receive(line)["payload"]["event"]["text"] == "x"
