"""How long a push may take and how often a token may be used, whichever process takes it."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.actions.pushing import Denied, do_admit
from bot.transport import health, pushes
from tests.conftest import Office
from tests.scenarios.rounds import place
from tests.scenarios.test_tokens import new_token
from tests.talk import Person
from tests.transport.running import free_port


@pytest.fixture
def token(team: Office, lead: Person, ana: Person) -> str:
    place(team, "Rank tickets", ana)
    return new_token(lead)


@pytest.fixture
def port(team: Office) -> Iterator[int]:
    """Where the bot of a team takes pushes, in this process."""
    port = free_port()
    server = health.serve(team.bot, lambda: True, "127.0.0.1", port)
    yield port
    server.shutdown()
    server.server_close()


def ask(port: int, token: str, body: bytes, length: int) -> tuple[int, dict[str, Any]]:
    """(status, answer) to a push of which no more than `body` is ever sent."""
    head = f"POST /api/v1/bets/B-1/predictions?label=v1 HTTP/1.1\r\nHost: x\r\nAuthorization: bearer {token}\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(f"{head}Content-Length: {length}\r\n\r\n".encode() + body)
        with line.makefile("rb") as answer:
            content = answer.read()
    return int(content[9:12]), json.loads(content.partition(b"\r\n\r\n")[2])


def test_a_body_that_takes_too_long_is_given_up_and_its_place_is_free_again(
    port: int, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushes, "BODY_SECONDS", 0.05)
    for _ in range(pushes.AT_ONCE + 1):
        status, answer = ask(port, token, b"id,input", 1_000)
        assert status == 408 and "send a smaller part" in answer["error"]
    monkeypatch.undo()
    body = b"id,input,prediction\n1,a,b\n"
    status, answer = ask(port, token, body, len(body))
    assert (status, answer["set"], answer["label"], answer["rows"]) == (200, 1, "v1", 1)


def test_what_no_database_takes_now_may_come_again(
    port: int, token: str, team: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    monkeypatch.setattr(pushes, "do_push", busy)
    body = b"id,input,prediction\n1,a,b\n"
    status, answer = ask(port, token, body, len(body))
    assert status == 503 and "try again" in answer["error"]


def test_two_processes_count_a_tokens_pushes_together(team: Office, token: str) -> None:
    bots = (team.bot, team.new_bot())
    found = []
    for turn in range(12):
        with bots[turn % 2].transaction() as tx:
            found.append(do_admit(tx, team.bot.now(), token, "B-1"))
    assert found[:10] == [1] * 10
    assert [one.why for one in found[10:] if isinstance(one, Denied)] == ["often", "often"]
    bots[1].engine.dispose()


def test_a_bet_that_has_ended_takes_no_push(team: Office, token: str, port: int, ana: Person) -> None:
    ana.command("withdraw B-1")
    body = b"id,input,prediction\n1,a,b\n"
    status, answer = ask(port, token, body, len(body))
    assert status == 400 and "B-1 has ended" in answer["error"]
