"""What the page's server answers, and whom: no browser needed."""

import base64
import json
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any

import pytest

from bot.demo.loopback import is_loopback
from bot.demo.page import next_monday, tomorrow
from tests.page.conftest import ANA, BEN, LEADS, TEAM, Desk


def ask(desk: Desk, path: str, body: Any = None, **headers: str) -> tuple[int, Any, dict[str, str]]:
    """(status, body, headers) of one request; with a body it is a POST."""
    host, port = desk.url.removeprefix("http://").rstrip("/").split(":")
    line = HTTPConnection(host, int(port), timeout=10)
    sent = {"Content-Type": "application/json"} if body is not None else {}
    raw = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    line.request(
        "GET" if body is None else "POST", path, raw, sent | {k.replace("_", "-"): v for k, v in headers.items()}
    )
    answer = line.getresponse()
    text = answer.read()
    line.close()
    is_json = "json" in (answer.getheader("content-type") or "")
    return answer.status, json.loads(text) if is_json else text, {k.lower(): v for k, v in answer.getheaders()}


@pytest.mark.parametrize(
    "host, fine",
    [
        ("127.0.0.1:3000", True),
        ("localhost", True),
        ("[::1]:80", True),
        ("127.8.9.1:1", True),
        ("bets.example.com", False),
        ("127.0.0.1.example.com:3000", False),
        ("10.0.0.5", False),
        ("localhost.evil", False),
        ("", False),
        ("[::1", False),
    ],
)
def test_only_loopback_names_are_loopback(host: str, fine: bool) -> None:
    assert is_loopback(host) is fine


@pytest.mark.parametrize(
    "headers, sentence",
    [
        ({"Host": "rebound.example.com"}, "only on loopback"),
        ({"Origin": "https://evil.example.com"}, "only to itself"),
        ({"Origin": "http://127.0.0.1:1"}, "only to itself"),
        ({"Origin": "null"}, "only to itself"),
        ({"Content_Type": "text/plain"}, "JSON only"),
        ({"Content_Type": "application/x-www-form-urlencoded"}, "JSON only"),
    ],
)
def test_a_foreign_page_cannot_act_here(desk: Desk, headers: dict[str, str], sentence: str) -> None:
    status, body, _ = ask(desk, f"/api/act/say?as={ANA}", {"channel": TEAM, "text": "hi"}, **headers)
    assert status == 403
    assert sentence in body["error"]
    assert desk.world.messages(TEAM) == []


def test_every_answer_forbids_foreign_content(desk: Desk) -> None:
    for path in ("/", "/static/app.js", f"/api/clock?as={ANA}", "/nothing"):
        _, _, headers = ask(desk, path)
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path, body, status, sentence",
    [
        ("/api/clock?as=U0NOBODY", None, 404, "nobody of that name"),
        ("/api/nonsense?as=U0ANA", None, 404, "nothing of that name"),
        (f"/api/messages?as={BEN}&channel={LEADS}", None, 404, "no such channel"),
        (f"/api/messages?as={ANA}&channel={TEAM}&limit=many", None, 400, "number"),
        (f"/api/act/say?as={BEN}", {"channel": LEADS, "text": "let me in"}, 404, "no such channel"),
        (f"/api/act/say?as={ANA}", {"channel": TEAM, "text": "x", "raw": True}, 400, "does not take raw"),
        (f"/api/act/say?as={ANA}", {"text": "nowhere"}, 400, "cannot be done"),
        (f"/api/act/say?as={ANA}", {"channel": {"a": 1}, "text": "x"}, 404, "no such channel"),
        (f"/api/act/say?as={ANA}", b"{not json", 400, "not JSON"),
        (f"/api/act/say?as={ANA}", [1], 400, "not a JSON object"),
        (f"/api/act/say?as={ANA}", {"channel": TEAM, "text": "", "file": {"name": "x", "base64": "?"}}, 400, "base64"),
        (f"/api/act/revoke_token?as={ANA}", {}, 404, "to do here"),
        (f"/api/act/edit?as={ANA}", {"channel": TEAM, "ts": "1.0", "text": "x"}, 409, "no message"),
        (f"/api/act/submit?as={ANA}", {"view_id": "V1", "state": {}}, 409, "no longer open"),
        (f"/api/advance?as={ANA}", {"how": "backwards"}, 400, "next, day or monday"),
        (f"/api/file/F123?as={ANA}", None, 404, "no such file"),
    ],
)
def test_nonsense_gets_a_sentence(desk: Desk, path: str, body: Any, status: int, sentence: str) -> None:
    found, answer, _ = ask(desk, path, body)
    assert (found, sentence in answer["error"]) == (status, True), answer


def test_a_file_is_sent_with_a_message_and_seen_only_where_it_was_shared(desk: Desk) -> None:
    file = {"name": "rows.csv", "base64": base64.b64encode(b"id,input\n1,<b>").decode()}
    assert ask(desk, f"/api/act/say?as={ANA}", {"channel": LEADS, "text": "rows", "file": file})[0] == 200
    [found] = desk.world.files()
    status, content, headers = ask(desk, f"/api/file/{found['id']}?as={ANA}")
    assert (status, content) == (200, b"id,input\n1,<b>")
    assert headers["content-disposition"] == "attachment"
    assert ask(desk, f"/api/file/{found['id']}?as={BEN}")[0] == 404


def test_a_form_of_somebody_else_cannot_be_sent(desk: Desk) -> None:
    desk.world.command(ANA, TEAM, "new")
    [view] = desk.world.views(ANA)
    body = {"view_id": view["id"], "state": {"learned": {"value": "not mine"}}}
    assert ask(desk, f"/api/act/submit?as={BEN}", body)[0] == 409
    assert ask(desk, f"/api/act/close?as={BEN}", {"view_id": view["id"]})[0] == 200
    assert desk.world.views(ANA) == [view]
    assert desk.bot.submitted == []


def test_the_stream_tells_a_person_only_of_what_they_can_see(desk: Desk) -> None:
    line = HTTPConnection(desk.url.removeprefix("http://").rstrip("/"), timeout=10)
    line.request("GET", f"/api/events?as={BEN}")
    stream = line.getresponse()
    assert stream.readline().startswith(b"retry")
    desk.world.say(ANA, LEADS, "among leads")
    desk.world.command(ANA, TEAM, "summary")
    desk.world.command(ANA, TEAM, "new")
    desk.world.say(ANA, TEAM, "for all")
    desk.world.command(BEN, TEAM, "summary")
    lines = [stream.readline() for _ in range(5)]
    line.close()
    told = [json.loads(text.removeprefix(b"data: ")) for text in lines if text.startswith(b"data: ")]
    assert told == [{"kind": "message", "channel": TEAM}, {"kind": "ephemeral", "channel": TEAM}]


def test_mentions_in_threads_count_as_unread_and_own_messages_never_do(desk: Desk) -> None:
    root = desk.post("B-1")
    desk.post(f"<@{BEN}> what do we know now?", thread_ts=root)
    desk.world.say(BEN, TEAM, "my own")
    _, body, _ = ask(desk, f"/api/workspace?as={BEN}")
    team = next(channel for channel in body["channels"] if channel["id"] == TEAM)
    assert [loud for _, loud in team["posted"]] == [False, True]


@pytest.mark.parametrize(
    "now, zone, day, monday",
    [
        ("2026-11-18T09:00", "Europe/Berlin", "2026-11-19T09:00", "2026-11-23T11:00"),
        ("2026-11-23T09:00", "Europe/Berlin", "2026-11-24T09:00", "2026-11-30T11:00"),
        ("2026-11-22T23:30", "Europe/Berlin", "2026-11-23T23:30", "2026-11-30T11:00"),  # already Monday there
        ("2026-10-24T09:00", "Europe/Berlin", "2026-10-25T10:00", "2026-10-26T11:00"),  # clocks go back
        ("2026-03-28T18:00", "Europe/Berlin", "2026-03-29T17:00", "2026-03-30T10:00"),  # clocks go forward
        ("2026-11-22T23:30", "America/Los_Angeles", "2026-11-23T23:30", "2026-11-23T20:00"),
    ],
)
def test_a_day_and_a_monday_are_those_of_the_team(now: str, zone: str, day: str, monday: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert tomorrow(at, zone).strftime("%Y-%m-%dT%H:%M") == day
    assert next_monday(at, zone).strftime("%Y-%m-%dT%H:%M") == monday
