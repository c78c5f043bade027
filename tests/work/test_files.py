"""The bot's token goes to Slack's own file hosts and nowhere else, and no more is read than a set may have."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest

from bot.domain.errors import Refusal
from bot.domain.prediction_files import MOST_BYTES
from bot.slack import NoAnswer
from bot.work.files import fetch, is_slacks

SLACK, LOCAL = "https://slack.com/api/", "http://127.0.0.1:9000/w1/api/"


@pytest.mark.parametrize(
    "url",
    ["https://files.slack.com/files-pri/T1-F1/x.csv", "https://slack-files.com/x", "https://files.slack.com:443/x"],
)
def test_slacks_file_hosts_may_have_the_token(url: str) -> None:
    assert is_slacks(url, SLACK) and is_slacks(url, LOCAL)


@pytest.mark.parametrize(
    "url",
    [
        "http://files.slack.com/x", "https://files.slack.com:8443/x", "https://files.slack.com.evil.example/x",
        "https://evil.example/files.slack.com", "https://files.slack.com@evil.example/x", "https://u:p@files.slack.com/x",
        "https://evil.example#files.slack.com", "https://evil.example\\@files.slack.com/x", "https://xfiles.slack.com/x",
        "https://slack.com/x", "https://edgeapi.slack.com/x", "//files.slack.com/x", "ftp://files.slack.com/x",
        "file:///etc/passwd", "http://169.254.169.254/latest", "http://[::1]/x", "http://localhost/x", "http://10.0.0.1/",
        "https://files.slack.com:x/", "https://files.slack.com\t.evil.example/", "", "x", "http://127.0.0.1:9001/x",
        "https://127.0.0.1:9000/x", "http://127.0.0.1/x",
    ],
)  # fmt: skip
def test_nobody_else_may_have_it(url: str) -> None:
    assert not is_slacks(url, SLACK) and not is_slacks(url, LOCAL)


def test_a_simulated_slack_may_have_its_own_token() -> None:
    assert is_slacks("http://127.0.0.1:9000/w1/files-pri/F1", LOCAL)
    assert not is_slacks("http://127.0.0.1:9000/w1/files-pri/F1", SLACK)


@dataclass
class Host:
    """A host of files: what it answers by path, and the tokens it was sent."""

    url: str = ""
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    seen: list[str | None] = field(default_factory=list)


def serve() -> Iterator[Host]:
    host = Host()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host.seen.append(self.headers.get("Authorization"))
            status, headers, body = host.answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                return  # whoever asked has read enough

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield host
    server.shutdown()
    server.server_close()


@pytest.fixture
def slack_host() -> Iterator[Host]:
    yield from serve()


@pytest.fixture
def elsewhere() -> Iterator[Host]:
    yield from serve()


def get(host: Host, path: str = "/f", **file: Any) -> bytes:
    """Fetches a file that Slack says is at `path` of its host."""
    told = {"name": "x.csv", "mode": "hosted", "size": 3, "url_private_download": host.url + path} | file
    read = SimpleNamespace(files_info=lambda file: {"file": told})
    slack: Any = SimpleNamespace(read=read, token="xoxb-1", base_url=f"{host.url}/api/")
    name, data = fetch(SimpleNamespace(slack=slack), "F1")  # type: ignore[arg-type]
    assert name == "x.csv"
    return data


def test_a_file_comes_with_the_token(slack_host: Host) -> None:
    slack_host.answers["/f"] = (200, {"Content-Type": "text/csv"}, b"abc")
    assert get(slack_host) == b"abc" and slack_host.seen == ["Bearer xoxb-1"]


def test_one_redirect_within_slack_is_followed_and_a_second_is_not(slack_host: Host) -> None:
    slack_host.answers |= {"/f": (302, {"Location": "/g"}, b""), "/g": (200, {}, b"abc")}
    assert get(slack_host) == b"abc"
    slack_host.answers["/g"] = (302, {"Location": "/f"}, b"")
    with pytest.raises(Refusal, match="from place to place"):
        get(slack_host)


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_elsewhere_is_refused_and_nobody_there_hears_of_it(
    slack_host: Host, elsewhere: Host, code: int
) -> None:
    slack_host.answers["/f"] = (code, {"Location": f"{elsewhere.url}/f"}, b"")
    elsewhere.answers["/f"] = (200, {}, b"abc")
    with pytest.raises(Refusal, match="is not kept in Slack"):
        get(slack_host)
    assert elsewhere.seen == []


def test_a_file_that_is_kept_elsewhere_is_refused(slack_host: Host, elsewhere: Host) -> None:
    for file in ({"is_external": True}, {"mode": "external"}, {"url_private_download": f"{elsewhere.url}/f"}):
        with pytest.raises(Refusal, match="is not kept in Slack"):
            get(slack_host, **file)
    assert elsewhere.seen == slack_host.seen == []


def test_a_login_page_is_a_missing_scope(slack_host: Host) -> None:
    slack_host.answers["/f"] = (200, {"Content-Type": "text/html; charset=utf-8"}, b"<html>")
    with pytest.raises(Refusal, match="files:read"):
        get(slack_host)


def test_a_large_file_is_refused_by_its_size_or_cut_where_it_lied(slack_host: Host) -> None:
    with pytest.raises(Refusal, match="larger than 20 MB"):
        get(slack_host, size=MOST_BYTES + 1)
    assert slack_host.seen == []
    slack_host.answers["/f"] = (200, {"Content-Type": "text/csv"}, b"a" * (2 * MOST_BYTES))
    assert MOST_BYTES < len(get(slack_host, size=1)) < MOST_BYTES + 2**20


@pytest.mark.parametrize("code", [404, 429, 500])
def test_what_slack_does_not_hand_out_now_may_come_later(slack_host: Host, code: int) -> None:
    slack_host.answers["/f"] = (code, {}, b"")
    with pytest.raises(NoAnswer):
        get(slack_host)
