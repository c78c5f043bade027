"""A prediction file of 50,000 rows, pushed to a bot in HTTP mode: until it is stored, and presses meanwhile."""

import csv
import io
import json
import secrets
import sqlite3
import threading
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.driver import Measured
from bench.http import App, start_slack
from bench.table import Row
from bot.domain.prediction_files import MOST_ROWS
from bot.domain.tokens import hash_of

TURNS = {"full": 3, "quick": 1}
PRESSES = 20


def measure(folder: Path, budget: str) -> list[Row]:
    """The rows of the table."""
    slack, world = start_slack(folder)
    try:
        app = App("bets", world, folder / "bets")
        app.start()
        app.driver.closed_loop(app.mix.as_form("both"), 4, 200)
        token = _token(app.home)
        idle, took, pressed = app.server.peak(), [], Measured()
        for turn in range(TURNS[budget]):
            seconds, meanwhile = _push(app, token, _file(turn), f"v{turn}")
            took.append(seconds)
            pressed.ms += meanwhile.ms
        over = app.server.peak() - idle
        app.server.stop()
    finally:
        slack.terminate()
        slack.wait()
    return [
        Row(0, "50,000 rows read and stored, s", median(took), 10, f"{len(_file(0)) / 1e6:.0f} MB"),
        Row(0, "its memory over idle, MiB", over, 300),
        Row(0, "slowest press meanwhile, ms", max(pressed.ms), 3_000, f"median {pressed.percentile(0.5):.0f}"),
    ]


def _file(turn: int) -> bytes:
    """As many rows as a set may have, with texts as long as 20 MB allow."""
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(["id", "input", "prediction", "expected", "score"])
    text = "the ticket says that nothing works since the last update, and asks for help; " * 4
    rows.writerows([f"{turn}-{n}", f"{n} {text}", "billing", "account", n / MOST_ROWS] for n in range(MOST_ROWS))
    return file.getvalue().encode()


def _token(home: Path) -> str:
    """A token of the team, as if a lead had made it."""
    token = f"bets-{secrets.token_urlsafe(32)}"
    values = (hash_of(token), token[-4:], datetime.now(UTC).isoformat(timespec="microseconds"))
    with sqlite3.connect(home / "bets.db", timeout=10) as connection:
        query = "INSERT INTO team_tokens (team_id, hash, hint, \"by\", created_at) VALUES (1, ?, ?, 'U0ANA', ?)"
        connection.execute(query, values)
    connection.close()
    return token


def _push(app: App, token: str, data: bytes, label: str) -> tuple[float, Measured]:
    """Seconds until it is stored, and how presses were answered meanwhile."""
    url = f"http://127.0.0.1:{app.port}/api/v1/bets/B-1/predictions?label={label}"
    request = urllib.request.Request(url, data, {"Authorization": f"Bearer {token}", "Content-Type": "text/csv"})
    pressed, done = Measured(), threading.Event()

    def press() -> None:
        while not done.is_set():
            pressed.ms += app.driver.open_loop(app.mix.as_form("press"), PRESSES, 0.25).ms

    pressing = threading.Thread(target=press)
    pressing.start()
    began = datetime.now(UTC)
    with urllib.request.urlopen(request, timeout=60) as answer:
        found = json.loads(answer.read())
    seconds = (datetime.now(UTC) - began).total_seconds()
    done.set()
    pressing.join()
    if found["rows"] != MOST_ROWS:
        raise SystemExit(f"bench: {found['rows']} rows were stored")
    return seconds, pressed
