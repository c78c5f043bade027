"""HTTP mode before Slack has ever said who the bot is: nothing is lost, and nobody is told of a bug."""

import io
import json
import logging
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.demo.fake_slack.delivery import signed
from bot.store import meta
from bot.transport.http import create_wsgi
from tests.conftest import ANA, CHANNEL, Office
from tests.scenarios.rounds import place, thread_of
from tests.talk import Person
from tests.work.test_hearing import states

SECRET = "secret"


def post(office: Office, raw: bytes, kind: str) -> tuple[str, Any]:
    """Slack delivers `raw`; the status and the words of the answer."""
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/slack/events",
        "CONTENT_LENGTH": str(len(raw)),
        "CONTENT_TYPE": kind,
        "wsgi.input": io.BytesIO(raw),
    }
    for name, value in signed(SECRET, raw, office.clock.now()).items():
        environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    lines: list[str] = []
    body = create_wsgi(office.bot, SECRET, lambda: True)(environ, lambda line, _headers: lines.append(line))
    return lines[0][:3], b"".join(body).decode()


def command(office: Office, text: str) -> tuple[str, Any]:
    fields = {"command": "/bets", "text": text, "user_id": ANA, "channel_id": CHANNEL, "trigger_id": "1.2.x"}
    return post(office, urlencode(fields).encode(), "application/x-www-form-urlencoded")


def event(office: Office, **said: Any) -> tuple[str, Any]:
    body = {"type": "event_callback", "event_id": "Ev1", "event": {"channel": CHANNEL, "user": ANA} | said}
    return post(office, json.dumps(body).encode(), "application/json")


def bugs(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the bot itself logged as an error."""
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    return [record.getMessage() for record in errors if record.name.startswith("bets")]


@pytest.fixture
def unreached(team: Office, ana: Person, caplog: pytest.LogCaptureFixture) -> Office:
    """A team with B-1 whose bot has forgotten who it is, as on a database that is new, while Slack does not answer."""
    team.bet = place(team, "Rank tickets", ana)
    with team.bot.transaction() as tx:
        meta.update_meta(tx, meta.BOT, None)
    team.bot = team.new_bot()
    team.expects_refusals = True
    team.world.fail("auth.test", None, "noapply+500")
    caplog.set_level(logging.WARNING)
    return team


@pytest.mark.parametrize("text", ["list", "summary", "update B-1 70% fine"])
def test_a_command_is_told_that_slack_cannot_be_reached_and_to_try_again(
    unreached: Office, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    status, said = command(unreached, text)
    assert status == "200"
    assert "I cannot reach Slack just now, so nothing was changed: please try again in a minute." in said
    assert bugs(caplog) == []
    unreached.world.clear_faults()
    assert "B-1" in command(unreached, text)[1]


def test_an_event_is_kept_and_heard_as_soon_as_slack_is_back(
    unreached: Office, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    thread, ts = thread_of(unreached, unreached.bet), f"{unreached.clock.now():.6f}"
    assert event(unreached, type="message", text="update: it works", ts=ts, thread_ts=thread) == ("200", "")
    for _ in range(10):
        unreached.after(minutes=5)
    assert states(unreached)["new"] == 1 and "failed" not in states(unreached), "waiting is no failed try"
    assert bugs(caplog) == []
    unreached.world.clear_faults()
    unreached.after(minutes=5)
    assert "new" not in states(unreached)
    ana.command("history B-1")
    assert "it works" in ana.saw()
