"""A training job on another machine, which pushes to a team's bet with the team's token."""

import json
import re
import socket
import sqlite3
from datetime import datetime
from itertools import count
from typing import Any
from urllib.parse import urlencode

from tests.talk import Person, words
from tests.transport.running import ANA, CHANNEL, Running, fetch, until

CSV = b"id,input,prediction\n%d,canary,b\n"
MB = 1024 * 1024
_FRESH = count(1_000)


class Job:
    """A training job of the team, on another machine."""

    def __init__(self, running: Running, token: str) -> None:
        self.running, self.token, self.sent = running, token, 0

    def push(self, data: Any, bet: str = "B-1", kind: str = "text/csv", **asked: str) -> tuple[int, dict[str, Any]]:
        """(status, answer)."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        return self.ask(f"/api/v1/bets/{bet}/predictions?{urlencode({'label': self.label(), **asked})}", data, headers)

    def ask(self, path: str, data: Any, headers: dict[str, str], method: str = "POST") -> tuple[int, dict[str, Any]]:
        self.rest()
        status, body = fetch(f"{self.running.url}{path}", data, headers, method)
        return status, json.loads(body or "{}")

    def label(self) -> str:
        self.sent += 1
        return f"v{self.sent}"

    def csv(self) -> bytes:
        """A file that nobody sent before."""
        return CSV % next(_FRESH)

    def rest(self) -> None:
        """As if nothing had been pushed for a while: how often a token may be used is another test."""
        with sqlite3.connect(self.running.home / "bets.db", timeout=10) as connection:
            connection.execute("DELETE FROM meta WHERE key LIKE 'pushes:%'")
        connection.close()

    def booked(self) -> datetime:
        """Until when the token is booked by its pushes."""
        rows = self.running.rows("SELECT max(value) FROM meta WHERE key LIKE 'pushes:%'")
        return datetime.fromisoformat(rows[0][0] or "2000-01-01T00:00:00+00:00")

    def line(self, *headers: str, path: str = "/api/v1/bets/B-1/predictions?label=x") -> socket.socket:
        """A request of which only the head was sent."""
        line = socket.create_connection(("127.0.0.1", self.running.port), timeout=20)
        head = [f"POST {path} HTTP/1.1", "Host: x", f"Authorization: Bearer {self.token}", *headers]
        line.sendall("\r\n".join([*head, "", ""]).encode())
        return line


def token_of(running: Running) -> str:
    ana = Person(running.world, lambda: None, ANA, CHANNEL)
    ana.command("config")
    until(lambda: ana.modal)
    ana.press("New token")
    found = until(lambda: re.search(r"`(bets-[\w-]{43})`", words(ana.modal)))
    ana.close()
    running.shown.add(found[1])
    return str(found[1])


def first_job(running: Running) -> Job:
    """A team with one bet, and a job that has its token."""
    ana = Person(running.world, lambda: None, ANA, CHANNEL)
    ana.command("config")
    ana.press("Set up this team")
    until(lambda: ana.modal)
    assert ana.submit().status == 200
    until(lambda: running.rows("SELECT id FROM teams"))
    until(lambda: ana.modal is None)
    ana.command("new Rank tickets")
    until(lambda: ana.modal)
    ana.fill_in({"Problem, and whose it is": "canary: support waits"})
    assert ana.submit().status == 200
    until(lambda: running.rows("SELECT id FROM bets"))
    return Job(running, token_of(running))


def sets(job: Job) -> list[Any]:
    return job.running.rows("SELECT id, label, file, source FROM prediction_sets ORDER BY id")
