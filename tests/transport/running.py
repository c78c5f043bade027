"""The bot as its operator runs it: a process of its own, reached over a real web socket or by real signed HTTP."""

import json
import os
import signal
import socket
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.demo.fake_slack import Clock, FakeSlack, World
from bot.transport.manifest import manifest
from tests.transport.forked import Process, run_bot

CHANNEL, ANA, LEE = "C0TEAM", "U0ANA", "U0LEE"
SECONDS = 20.0


def until(check: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """What `check` returns, as soon as it is something: for what another process does."""
    end = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.02)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(
    url: str,
    data: Any = None,
    headers: dict[str, str] | None = None,
    method: str | None = None,
) -> Any:
    """(status, body) of a request; 0 when the line broke. A body that is no bytes, but gives them, goes in chunks."""
    request = urllib.request.Request(url, data, headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""


class Running:
    """`bets run` beside a workspace of its own; its log is kept, at DEBUG."""

    def __init__(self, slack: FakeSlack, home: Path, mode: str, **env: str) -> None:
        self.home, self.mode, self.port = home, mode, free_port()
        self.world = slack.add_world(World(Clock(None), manifest(mode, "https://bets.example.com"), pace=0))
        for user, name in ((ANA, "Ana"), (LEE, "Lee")):
            self.world.add_user(user, name, tz="Europe/Berlin")
        self.world.add_channel(CHANNEL, "payload-team", members=[ANA, LEE, self.world.bot_user_id])
        secret = "SLACK_APP_TOKEN" if mode == "socket" else "SLACK_SIGNING_SECRET"
        self.env = {
            "PATH": os.environ["PATH"],
            "SLACK_BOT_TOKEN": self.world.bot_token,
            "SLACK_API_URL": self.world.api_url,
            secret: self.world.app_token if mode == "socket" else self.world.signing_secret,
            "BETS_HOME": str(home),
            "BETS_PACE": "0",
            "PORT": str(self.port),
            "LOG_LEVEL": "DEBUG",
        } | env
        self.log = home / "log.txt"
        self.shown: set[str] = set()
        self.process: Process | None = None
        if mode == "http":
            self.world.deliver_to(f"{self.url}/slack/events")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, healthy: bool = True) -> "Running":
        process = self.process = run_bot(self.env, self.home, self.log)
        until(lambda: self.health()[0] == (200 if healthy else 503) or not process.is_alive())
        assert process.is_alive(), self.log.read_text()
        return self

    def health(self) -> tuple[int, dict[str, Any]]:
        status, body = fetch(f"{self.url}/healthz")
        return status, json.loads(body or "{}")

    def kill(self) -> None:
        """Ends it and its workers at once, if it still runs."""
        if self.process is not None and self.process.is_alive():
            os.killpg(self.pid, signal.SIGKILL)
            self.process.join(SECONDS)

    def stop(self) -> tuple[int, float]:
        """(exit code, seconds) after SIGTERM."""
        began = time.monotonic()
        os.kill(self.pid, signal.SIGTERM)
        code = self.wait()
        self.world.stop_delivery()
        return code, time.monotonic() - began

    @property
    def pid(self) -> int:
        assert self.process is not None and self.process.pid is not None
        return self.process.pid

    def wait(self) -> int:
        """Its exit code, once it has ended."""
        assert self.process is not None
        self.process.join(SECONDS)
        assert self.process.exitcode is not None, self.log.read_text()
        return self.process.exitcode

    def rows(self, query: str, *values: Any) -> list[Any]:
        """What stands in the bot's database."""
        with sqlite3.connect(self.home / "bets.db", timeout=10) as connection:
            rows = connection.execute(query, values).fetchall()
        connection.close()
        return rows

    def deliver(self, kind: str, body: dict[str, Any]) -> Any:
        """Slack hands over this very payload, maybe once more."""
        return self.world.delivery.send(self.world, kind, body)

    def new_command(self, text: str, user: str = ANA, **more: str) -> dict[str, Any]:
        from bot.demo.fake_slack.interact import _command_body

        return _command_body(self.world, user, self.world.channels_by_id[CHANNEL], text, "/bets") | more

    def new_event(self, text: str, name: str) -> dict[str, Any]:
        """The event of a reply, as it comes from Slack; nobody has said it, so that only its delivery counts."""
        ts = f"{datetime.now(UTC).timestamp():.6f}"
        event = {"type": "message", "channel": CHANNEL, "user": ANA, "text": text, "ts": ts, "event_ts": ts}
        authorizations = [{"team_id": self.world.team_id, "user_id": self.world.bot_user_id, "is_bot": True}]
        return {
            "type": "event_callback",
            "event_id": name,
            "team_id": self.world.team_id,
            "event": event | {"channel_type": "channel"},
            "authorizations": authorizations,
        }

    def secrets(self) -> set[str]:
        """What no line of the log may hold."""
        world = self.world
        known = {world.bot_token, world.app_token, world.signing_secret, world.verification_token}
        known |= set(world.triggers) | set(world.response_urls)
        said = {message.text for kept in world.messages_by_channel.values() for message in kept.values()}
        return {secret for secret in known | said | self.shown | {"canary"} if secret}
