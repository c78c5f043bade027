"""HTTP mode against what is not Slack: refused by status, never with a 5xx, and nothing of it in the log."""

import io
import json
import socket
import time
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.demo.fake_slack.delivery import signed
from bot.transport.http import create_wsgi
from tests.conftest import Office
from tests.transport.running import ANA, CHANNEL, Running, fetch

JSON, FORM = {"Content-Type": "application/json"}, {"Content-Type": "application/x-www-form-urlencoded"}
EVENTS = "/slack/events"


def post(http: Running, raw: bytes, kind: dict[str, str] = FORM, **headers: str) -> tuple[int, str]:
    """Signed as Slack signs, unless a header says otherwise."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    given = signed(http.world.signing_secret, raw, time.time()) | kind | given
    found: tuple[int, str] = fetch(f"{http.url}{EVENTS}", raw, given)
    return found


def form(**fields: Any) -> bytes:
    return urlencode(fields).encode()


COMMAND = form(command="/bets", text="canary help", user_id=ANA, channel_id=CHANNEL, trigger_id="1.2.canary")
SAID = {"type": "message", "user": ANA, "channel": CHANNEL, "text": "canary", "ts": "1.000001"}
EVENT = json.dumps({"type": "event_callback", "event_id": "EvX", "event": SAID}).encode()


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=caf\xe9"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Request-Timestamp": "-1"},
        {"X-Slack-Request-Timestamp": "9" * 400},
        {"X-Slack-Request-Timestamp": "\xb2"},
        {"X-Slack-Request-Timestamp": "1e9"},
    ],
    ids=repr,
)
def test_a_request_that_slack_did_not_sign_is_refused(http: Running, headers: dict[str, str]) -> None:
    assert post(http, COMMAND)[0] == 200
    assert post(http, COMMAND, **headers)[0] == 401


@pytest.mark.parametrize("age", [301, -301, 10_000])
def test_a_request_older_than_five_minutes_is_refused_although_it_is_signed(http: Running, age: int) -> None:
    headers = signed(http.world.signing_secret, COMMAND, time.time() - age)
    assert fetch(f"{http.url}{EVENTS}", COMMAND, headers | FORM)[0] == 401


@pytest.mark.parametrize("raw", [b"{bad canary", b"payload=%7Bx", b"\xff\xfe\x00", b"", b"[" * 10_000], ids=repr)
def test_unsigned_junk_reaches_no_parser(http: Running, raw: bytes) -> None:
    assert fetch(f"{http.url}{EVENTS}", raw, JSON)[0] == 401
    wrong = signed("another secret", raw.decode("latin-1").encode(), time.time())
    assert fetch(f"{http.url}{EVENTS}", raw, wrong | FORM)[0] == 401


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"{bad canary", JSON),
        (b"[1, 2]", JSON),
        (b'"text"', JSON),
        (b"null", JSON),
        (b"[" * 100_000, JSON),
        (b"{}", JSON),
        (b'{"type": "event_callback"}', JSON),
        (b'{"type": "event_callback", "event": [], "event_id": "1"}', JSON),
        (b'{"type": "event_callback", "event": {"type": "message", "text": "\\ud800"}, "event_id": "1"}', JSON),
        (b'{"type": "event_callback", "event": {}, "event_id": "1", "authorizations": "x"}', JSON),
        (b'{"type": "frobnicate", "canary": 1}', JSON),
        (b"", FORM),
        (b"canary", FORM),
        (b"&".join(b"a%d=1" % n for n in range(500)), FORM),
        (form(payload="{x canary"), FORM),
        (form(payload="[]"), FORM),
        (form(payload='{"type": "block_actions"}'), FORM),
        (form(payload='{"type": "block_actions", "user": {"id": "U1"}, "actions": []}'), FORM),
        (form(payload='{"type": "block_actions", "user": "U1", "actions": [{}]}'), FORM),
        (form(payload='{"type": "view_submission", "user": {"id": "U1"}, "view": []}'), FORM),
        (form(command="/bets", text="canary"), FORM),
        (b'{"type": "event_callback", "event": {"type": ["message"]}, "event_id": "1"}', JSON),
        (form(payload='{"type": "block_actions", "user": {"id": "U1"}, "actions": [{"action_id": 5}]}'), FORM),
        (b"text=caf\xe9&command=/bets", FORM),
        (b'{"type": "\xff\xfe"}', JSON),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_signed_nonsense_is_a_bad_request(http: Running, raw: bytes, kind: dict[str, str]) -> None:
    assert post(http, raw, kind)[0] == 400


WHO = {"user": {"id": ANA}, "trigger_id": "1.2.x"}


@pytest.mark.parametrize(
    "body",
    [
        {"type": "shortcut", "callback_id": "of_another_version"},
        {"type": "message_action", "callback_id": "scope_that", "channel": {"id": CHANNEL}, "message": {}},
        {"type": "view_closed", "view": {"id": "V1", "type": "modal", "callback_id": "some_modal"}},
        {"type": "view_closed", "view": {"id": "V1", "callback_id": "some_modal"}},
        {"type": "block_suggestion", "action_id": "x", "value": "x"},
        {"type": "something_new"},
    ],
    ids=lambda body: repr(body)[:60],
)
def test_an_interaction_that_nobody_listens_to_is_acknowledged(http: Running, body: dict[str, Any]) -> None:
    assert post(http, form(payload=json.dumps(WHO | body))) == (200, "")


def test_a_form_of_another_version_is_answered(http: Running) -> None:
    sent = {"type": "view_submission", "view": {"id": "V1", "callback_id": "of_another_version"}}
    status, body = post(http, form(payload=json.dumps(WHO | sent)))
    assert status == 200 and "another version of Bets" in body


def test_an_event_that_nobody_listens_to_is_acknowledged(http: Running) -> None:
    raw = json.dumps({"type": "event_callback", "event_id": "EvNew", "event": {"type": "something_new"}}).encode()
    assert post(http, raw, JSON) == (200, "")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", EVENTS, 405),
        ("PUT", EVENTS, 405),
        ("POST", "/healthz", 405),
        ("GET", "/", 404),
        ("POST", "/slack/event", 404),
        ("GET", "/slack/events/", 404),
        ("GET", "/%ff%00", 404),
    ],
)
def test_other_addresses_and_methods_are_refused(http: Running, method: str, path: str, status: int) -> None:
    raw = COMMAND if method in ("POST", "PUT") else None
    assert fetch(f"{http.url}{path}", raw, FORM if raw else {}, method)[0] == status


def test_more_than_a_megabyte_is_refused_before_it_is_read(http: Running) -> None:
    """The length alone is enough: not a byte of the body has been sent when the answer comes."""
    with socket.create_connection(("127.0.0.1", http.port), timeout=10) as line:
        line.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 413")


def test_a_body_without_a_length_is_read_up_to_the_limit(http: Running) -> None:
    def chunked(raw: bytes) -> bytes:
        head = "".join(f"{k}: {v}\r\n" for k, v in (signed(http.world.signing_secret, raw, time.time()) | FORM).items())
        start = f"POST {EVENTS} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n{head}\r\n".encode()
        with socket.create_connection(("127.0.0.1", http.port), timeout=10) as line:
            line.sendall(start)
            try:
                for at in range(0, len(raw), 100_000):
                    part = raw[at : at + 100_000]
                    line.sendall(b"%x\r\n%s\r\n" % (len(part), part))
                line.sendall(b"0\r\n\r\n")
            except ConnectionError:
                pass  # refused before all of it was sent
            return line.recv(100)

    assert chunked(COMMAND).startswith(b"HTTP/1.1 200")
    assert chunked(form(text="x" * 2_000_000)).startswith(b"HTTP/1.1 413")


def test_headers_that_steer_bolt_are_not_obeyed(http: Running) -> None:
    status, body = post(http, COMMAND, X_Slack_Bolt_Lazy_Only="1", X_Slack_Bolt_Lazy_Function_Name="on_command")
    assert status == 200 and "ephemeral" in body


def test_slack_may_check_the_address(http: Running) -> None:
    challenge = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a", "token": "x"}).encode()
    assert post(http, challenge, JSON) == (200, "3eZbrw1a")
    assert post(http, form(ssl_check="1", token="x")) == (200, "")


def test_a_replayed_request_is_absorbed(http: Running) -> None:
    headers = signed(http.world.signing_secret, EVENT, time.time()) | JSON | {"X-Slack-Retry-Num": "1"}
    answers = {fetch(f"{http.url}{EVENTS}", EVENT, headers) for _ in range(10)}
    assert answers == {(200, "")}
    assert http.rows("SELECT count(*) FROM inbox WHERE event_id = 'EvX'") == [(1,)]


def test_the_health_page_answers_a_head_request(http: Running) -> None:
    assert fetch(f"{http.url}/healthz", method="HEAD") == (200, "")
    assert "WARNING" not in http.log.read_text(), "a monitor that asks every minute is no news"


@pytest.mark.parametrize(("loopback", "status"), [(True, "200"), (False, "401")])
def test_only_a_simulated_slack_may_sign_by_a_clock_that_was_moved(office: Office, loopback: bool, status: str) -> None:
    office.bot.loopback = loopback
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": EVENTS,
        "CONTENT_LENGTH": str(len(COMMAND)),
        "CONTENT_TYPE": FORM["Content-Type"],
        "wsgi.input": io.BytesIO(COMMAND),
    }
    for name, value in signed("secret", COMMAND, office.clock.now()).items():
        environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    answered: list[str] = []
    create_wsgi(office.bot, "secret", lambda: True)(environ, lambda line, _headers: answered.append(line))
    assert answered[0].startswith(status)
