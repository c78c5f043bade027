"""What is measured: a team with twenty open bets in the middle of a check-in, and what its people send."""

import itertools
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.driver import form
from bot.transport.manifest import manifest

CHANNEL, BETS = "C0TEAM", 20
PEOPLE = ("U0ANA", "U0RAJ", "U0LEE")


def furnish(world: Any) -> None:
    """The people and the channel, in a simulated Slack of this or another process."""
    for user in PEOPLE:
        world.add_user(user, user.removeprefix("U0").title())
    world.add_channel(CHANNEL, "nlp-team", members=[*PEOPLE, world.bot_user_id])


def environment(world: Any, home: Path, **more: str) -> dict[str, str]:
    """What both apps are told."""
    home.mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parent.parent),
        "SLACK_BOT_TOKEN": world.bot_token,
        "SLACK_API_URL": world.api_url,
        "BETS_HOME": str(home),
        "LOG_LEVEL": "WARNING",
    } | more


def prepare(env: dict[str, str], home: Path) -> None:
    """Twenty live bets, each with an answer of three owners this week that still lacks its confidence."""
    monday = datetime.now(UTC).replace(hour=10, minute=1) + timedelta(days=7 - datetime.now(UTC).weekday())
    week = f"{monday.isocalendar().year}-W{monday.isocalendar().week:02}"
    bets = "".join(f"Bet {n} that ranks tickets,Support reads them all,{';'.join(PEOPLE)},B-{n}\n" for n in _numbers())
    updates = "".join(f"B-{n},{user},{week},,The small set works\n" for n in _numbers() for user in PEOPLE)
    (home / "bets.csv").write_text("title,problem,owners,key\n" + bets)
    (home / "updates.csv").write_text("bet,user,week,confidence,text\n" + updates)
    for words in (
        ["team", "add", CHANNEL, "--leads", PEOPLE[0]],
        ["import", str(home / "bets.csv")],
        ["tick", "--now", monday.isoformat()],
        ["import", str(home / "updates.csv")],
    ):
        command = [sys.executable, "-m", "bot", *words]
        done = subprocess.run(command, env=env | {"BETS_PACE": "0"}, capture_output=True, text=True, cwd=home)
        if done.returncode:
            raise SystemExit(f"bench: {' '.join(words)}: {done.stderr}")


def _numbers() -> range:
    return range(1, BETS + 1)


def forget_presses(home: Path) -> None:
    """Takes back what was pressed: each measurement writes the same, and nobody changes their number fifty times."""
    with sqlite3.connect(home / "bets.db", timeout=10) as connection:
        connection.execute("DELETE FROM update_versions WHERE version > 1")
        connection.execute("DELETE FROM receipts")
    connection.close()


class Mix:
    """Payloads, each as new to the bot as Slack's are."""

    def __init__(self, response_url: str, updates: list[tuple[int, str]]) -> None:
        self._count = itertools.count(1)
        self._base = {"response_url": response_url, "team_id": "T0TEAM", "api_app_id": "A0BETS"}
        self._updates = updates or [(1, PEOPLE[0])]

    def command(self, text: str = "list") -> dict[str, str]:
        """`/bets list`."""
        here = {"user_id": PEOPLE[0], "user_name": "ana", "channel_id": CHANNEL, "channel_name": "nlp-team"}
        said = {"command": "/bets", "text": text, "trigger_id": f"1.2.{next(self._count):x}", "token": "t"}
        return self._base | here | said

    def press(self) -> dict[str, Any]:
        """A confidence under an answer: the button that people press most."""
        count = next(self._count)
        update, user = self._updates[count % len(self._updates)]
        value = json.dumps({"update": update, "value": count % 100})
        action = {"type": "button", "action_id": "reply_confidence:70", "block_id": "b", "value": value}
        return self._base | {
            "type": "block_actions",
            "user": {"id": user, "team_id": "T0TEAM"},
            "team": {"id": "T0TEAM"},
            "channel": {"id": CHANNEL},
            "container": {"type": "message", "message_ts": "1.2", "channel_id": CHANNEL, "is_ephemeral": True},
            "trigger_id": f"1.2.{count:x}",
            "actions": [action | {"action_ts": f"{time.time():.6f}{count}"}],
        }

    def as_form(self, kind: str) -> Callable[[], bytes]:
        """What makes the next request of that kind: `command`, `press` or `both`, half and half."""
        turns = itertools.count()

        def make() -> bytes:
            pressed = kind == "press" or (kind == "both" and next(turns) % 2)
            return form({"payload": json.dumps(self.press())}) if pressed else form(self.command())

        return make


def list_updates(home: Path) -> list[tuple[int, str]]:
    """The answers that can be pressed on: their ids and authors."""
    with sqlite3.connect(home / "bets.db", timeout=10) as connection:
        found = connection.execute('SELECT id, "user" FROM updates ORDER BY id').fetchall()
    connection.close()
    return found


def write_manifest(path: Path) -> Path:
    path.write_text(json.dumps(manifest("http", "https://bets.example.com")))
    return path
