"""Lines to Slack that are kept between calls, against a small server that counts them."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from http.client import RemoteDisconnected
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError, URLError

import pytest
from slack_sdk.errors import SlackApiError

from bot import wire
from bot.wire import Client


class Server(ThreadingHTTPServer):
    """Answers every call with the number of the line on which it came."""

    daemon_threads = True
    lines = 0
    status = 200
    hangs_up = False  # after an answer that promises to go on
    is_mute = False
    heard: list[dict[str, Any]]
    ended: threading.Semaphore

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.ended.release()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.lines += 1
        self.number = self.server.lines

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append({"path": self.path, "body": body, "token": self.headers.get("Authorization")})
        if self.server.is_mute:
            self.close_connection = True
            return
        answer = json.dumps({"ok": self.server.status == 200, "line": self.number, "error": "so"}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("Retry-After", "7")
        self.end_headers()
        self.wfile.write(answer)
        self.close_connection = self.server.hangs_up

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    server.heard, server.ended = [], threading.Semaphore(0)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def client(server: Server) -> Client:
    return Client("xoxb-1", base_url=f"http://127.0.0.1:{server.server_port}/api/", timeout=5, retry_handlers=[])


def line_of(client: Client) -> int:
    return int(client.auth_test()["line"])


def test_calls_in_a_row_share_a_line(client: Client, server: Server) -> None:
    assert [line_of(client) for _ in range(3)] == [1, 1, 1]
    assert {call["token"] for call in server.heard} == {"Bearer xoxb-1"}


def test_calls_at_once_have_a_line_each(client: Client) -> None:
    threads = [threading.Thread(target=line_of, args=(client,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert line_of(client) <= 4


def test_a_line_that_was_idle_is_not_used_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert line_of(client) == 1
    monkeypatch.setattr(wire, "KEPT_SECONDS", 0.0)
    assert line_of(client) == 2


def test_a_line_on_which_the_other_end_hung_up_is_not_used_again(client: Client, server: Server) -> None:
    server.hangs_up = True
    for number in (1, 2, 3):
        assert line_of(client) == number
        assert server.ended.acquire(timeout=5)


def test_a_line_that_ends_without_an_answer_is_no_answer(client: Client, server: Server) -> None:
    assert line_of(client) == 1
    server.is_mute = True
    with pytest.raises(RemoteDisconnected):
        client.auth_test()
    server.is_mute = False
    assert line_of(client) == 2
    assert len(server.heard) == 3, "nothing is said twice"


def test_a_refusal_is_told_as_ever_and_its_line_goes_on(client: Client, server: Server) -> None:
    server.status = 429
    with pytest.raises(SlackApiError) as refused:
        client.auth_test()
    assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (429, "7")
    server.status = 200
    assert line_of(client) == 1


def test_where_nobody_listens_the_reason_is_told_as_ever(client: Client) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = Client("xoxb-1", base_url=f"http://127.0.0.1:{probe.getsockname()[1]}/", retry_handlers=[])
        with pytest.raises(URLError) as failed:
            nobody.auth_test()
    assert isinstance(failed.value.reason, ConnectionRefusedError)


def test_another_process_has_lines_of_its_own(client: Client) -> None:
    assert line_of(client) == 1
    child = os.fork()
    if child == 0:
        os._exit(line_of(client))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2
    assert line_of(client) == 1


def test_an_answer_to_a_press_carries_no_token(client: Client, server: Server) -> None:
    client.respond(f"http://127.0.0.1:{server.server_port}/response/1", {"text": "Noted."})
    assert server.heard == [{"path": "/response/1", "body": b'{"text": "Noted."}', "token": None}]
    server.status = 404
    with pytest.raises(HTTPError):
        client.respond(f"http://127.0.0.1:{server.server_port}/response/1", {"text": "Noted."})


def test_through_a_proxy_it_is_slack_sdks_own_client(client: Client, server: Server) -> None:
    client.proxy = f"http://127.0.0.1:{server.server_port}"
    assert [line_of(client) for _ in range(2)] == [1, 2]
