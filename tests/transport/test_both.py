"""What holds in Socket Mode and in HTTP mode alike, with the bot in a process of its own."""

import socket
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.talk import Person, words
from tests.transport.running import ANA, CHANNEL, Running, fetch, until


def ana_of(running: Running) -> Person:
    return Person(running.world, lambda: None, ANA, CHANNEL)


@pytest.fixture(scope="module")
def team(running: Running) -> Running:
    """A team that was set up by pressing a button and sending a form."""
    ana = ana_of(running)
    ana.command("config")
    ana.press("Set up this team")
    until(lambda: ana.modal)
    assert ana.submit().status == 200
    until(lambda: running.rows("SELECT id FROM teams"))
    return running


def test_a_command_is_answered_with_its_acknowledgement(team: Running) -> None:
    reply = ana_of(team).command("help")
    assert reply.status == 200 and "/bets new" in words(reply.body)
    assert reply.ms < 1000


def test_a_form_is_opened_sent_and_its_card_posted(team: Running) -> None:
    ana = ana_of(team)
    ana.command("new Learn to count canary")
    until(lambda: ana.modal)
    ana.fill_in({"Problem, and whose it is": "canary: nobody counts"})
    assert ana.submit().status == 200
    said = lambda: [m for m in team.world.messages(CHANNEL) if "Learn to count" in words(m)]  # noqa: E731
    card = until(lambda: [m for m in said() if not m["ephemeral"]])
    assert len(card) == 1 and "B-1" in words(card[0])


def test_a_wrong_field_is_answered_at_the_field(team: Running) -> None:
    ana = ana_of(team)
    ana.command("new")
    until(lambda: ana.modal)
    ana.fill_in({"Title": "x", "Problem, and whose it is": "y", "Kill criteria": "too slow by Blursday"})
    assert "Kill criteria" in words(ana.modal) and ana.submit().errors
    ana.close()


def test_what_nobody_listens_to_is_acknowledged(running: Running) -> None:
    unknown = {"type": "shortcut", "callback_id": "of_another_version", "user": {"id": ANA}, "trigger_id": "1.2.x"}
    assert running.deliver("interactive", unknown).status == 200
    event = {"type": "event_callback", "event_id": "Ev0NEW", "event": {"type": "something_new"}}
    assert running.deliver("events_api", event).status == 200


def test_an_event_delivered_three_times_is_kept_once(running: Running) -> None:
    body = running.new_event("canary: 70% it learns", "Ev0THRICE")
    assert [running.deliver("events_api", body).status for _ in range(3)] == [200, 200, 200]
    assert len(running.rows("SELECT id FROM inbox WHERE event_id = 'Ev0THRICE'")) == 1


def test_a_command_delivered_twice_is_done_once(team: Running) -> None:
    body = team.new_command("away until 2030-01-01")
    first, second = team.deliver("slash_commands", body), team.deliver("slash_commands", body)
    assert (first.status, second.status) == (200, 200)
    assert "2030" in words(first.body) and not second.body
    assert len(team.rows("SELECT id FROM absences")) == 1


def test_the_word_payload_in_a_text_or_a_name_is_a_word(team: Running) -> None:
    answer = team.deliver("slash_commands", team.new_command("payload={} canary"))
    assert answer.status == 200 and "payload" in words(answer.body)


def test_an_event_that_cannot_be_stored_is_not_acknowledged_and_comes_again(running: Running) -> None:
    running.rows("ALTER TABLE inbox RENAME TO away")
    body = running.new_event("canary", "Ev0AGAIN")
    try:
        running.world.ack_seconds = 0.3
        assert running.deliver("events_api", body).status != 200
    finally:
        running.world.ack_seconds = 3.0
        running.rows("ALTER TABLE away RENAME TO inbox")
    assert running.deliver("events_api", body).status == 200
    assert running.rows("SELECT count(*) FROM inbox WHERE event_id = 'Ev0AGAIN'") == [(1,)]


def test_every_kind_of_event_is_acknowledged(running: Running) -> None:
    for number, event in enumerate(
        (
            {"type": "message", "subtype": "channel_topic", "channel": CHANNEL, "topic": "canary"},
            {"type": "app_rate_limited", "minute_rate_limited": 1},
            {"type": "something_new", "channel": {"id": CHANNEL}},
            {"type": "tokens_revoked", "tokens": {"bot": ["U0"]}},
        )
    ):
        body = running.new_event("", f"Ev0KIND{number}") | {"event": event}
        assert running.deliver("events_api", body).status == 200, event


def test_the_health_page_is_green_while_the_bot_can_work(running: Running) -> None:
    assert running.health() == (200, {"ok": True})


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_the_health_page_is_only_read(running: Running, method: str) -> None:
    status, body = fetch(f"{running.url}/healthz", b"canary" if method == "POST" else None, {}, method)
    assert status == 405 and "This address takes no such request." in body and "<" not in body
    assert fetch(f"{running.url}/healthz", method="HEAD") == (200, "")
    assert fetch(f"{running.url}/else", method=method)[0] == 404


@pytest.mark.parametrize("line", [b"GET /healthz HTTP/9.9", b"GET http://[x/ HTTP/1.1", b"\x16\x03\x01 / HTTP/x.y"])
def test_what_is_no_request_is_a_bad_one(running: Running, line: bytes) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as stranger:
        stranger.sendall(line + b"\r\nHost: x\r\n\r\n")
        assert stranger.recv(100)[:10] == b"HTTP/1.1 4"


@pytest.mark.parametrize("path", ["/healthz", "/slack/events", "/api/v1/bets/B-1/predictions?label=x"])
def test_a_body_in_an_unknown_coding_is_a_bad_request(running: Running, path: str) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as stranger:
        stranger.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: frob\r\n\r\n".encode())
        assert stranger.recv(100)[:10] == b"HTTP/1.1 4"


def test_events_are_acknowledged_in_time_although_another_process_holds_the_write_lock(running: Running) -> None:
    other = sqlite3.connect(running.home / "bets.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    bodies = [running.new_event("canary", f"Ev0BUSY{number}") for number in range(5)]
    with ThreadPoolExecutor(5) as pool:
        waiting = [pool.submit(running.deliver, "events_api", body) for body in bodies]
        time.sleep(0.7)
        other.execute("ROLLBACK")
        other.close()
        assert [answer.result().status for answer in waiting] == [200] * 5
        assert max(answer.result().ms for answer in waiting) < 2500
