"""How the bot starts, why it refuses to, and what is left when it is killed."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from bot.demo.fake_slack import FakeSlack
from tests.conftest import empty_database
from tests.transport.forked import run_bot
from tests.transport.running import Running, until

# Somebody takes the port as soon as the bot looked at it.
FASTER = """
import os, socket
listen = socket.socket.listen
def taken(self, *most):
    listen(self, *most)
    if str(self.getsockname()[1]) == os.environ["PORT"]:
        self.close()
        socket.socket.listen = listen
        socket.other = socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
socket.socket.listen = taken
"""


@pytest.fixture(params=["socket", "http"])
def bot(slack: FakeSlack, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Running]:
    """A bot that ran here before, so that its database is made."""
    copy(empty_database(), tmp_path / "bets.db")
    bot = Running(slack, tmp_path, request.param)
    yield bot
    bot.kill()
    bot.world.stop_delivery()


def refused(bot: Running) -> tuple[int, str]:
    """(exit code, stderr) of a bot that ends by itself."""
    bot.process = run_bot(bot.env, bot.home, bot.log)
    return bot.wait(), bot.log.read_text()


def test_a_slack_that_is_away_keeps_the_health_page_red_until_it_is_there(bot: Running) -> None:
    bot.world.fail("auth.test", None, "noapply+500")
    bot.start(healthy=False)
    assert bot.health() == (503, {"ok": False, "reason": "not connected to Slack"})
    bot.world.clear_faults()
    until(lambda: bot.health()[0] == 200)
    assert bot.stop()[0] == 0


def test_a_bot_that_never_reached_slack_still_stops_at_once(bot: Running) -> None:
    bot.env["SLACK_API_URL"] = "http://127.0.0.1:9/api/"
    bot.start(healthy=False)
    code, seconds = bot.stop()
    assert code == 0 and seconds < 10


def test_once_it_runs_one_line_of_its_log_says_so_and_how_it_is_reached(bot: Running) -> None:
    bot.start()
    told = {"socket": "Socket Mode, the line to Slack stands", "http": f"HTTP mode, listening at 127.0.0.1:{bot.port}"}
    lines = until(lambda: [line for line in bot.log.read_text().splitlines() if "Bets is running" in line])
    assert len(lines) == 1 and " INFO " in lines[0] and lines[0].endswith(f"Bets is running: {told[bot.mode]}")
    assert bot.stop()[0] == 0


@pytest.mark.parametrize("refusal", ["invalid_auth", "account_inactive"])
def test_a_token_that_slack_refuses_ends_it_with_one_sentence(bot: Running, refusal: str) -> None:
    bot.world.fail("auth.test", None, f"refuse:{refusal}")
    code, said = refused(bot)
    assert code == 1 and f"Slack refuses SLACK_BOT_TOKEN ({refusal})" in said and "Traceback" not in said


def test_an_app_token_that_slack_refuses_ends_it_with_one_sentence(slack: FakeSlack, tmp_path: Path) -> None:
    bot = Running(slack, tmp_path, "socket", SLACK_APP_TOKEN="xapp-wrong")
    code, said = refused(bot)
    assert code == 1 and "Slack refuses SLACK_APP_TOKEN (invalid_auth)" in said and "Traceback" not in said


def test_a_taken_port_ends_it_with_one_line(bot: Running) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", bot.port))
        other.listen()
        code, said = refused(bot)
    assert (code, said) == (1, f"bets: Port {bot.port} is taken: set PORT to another.\n")


@pytest.mark.full
def test_a_port_that_is_taken_while_it_starts_ends_it_with_the_same_line(bot: Running) -> None:
    (bot.home / "sitecustomize.py").write_text(FASTER)  # in a process of its own
    command = [sys.executable, "-m", "bot", "run"]
    env = bot.env | {"PYTHONPATH": os.pathsep.join([str(bot.home), os.getcwd()])}
    done = subprocess.run(command, env=env, cwd=bot.home, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"bets: Port {bot.port} is taken: set PORT to another."


def test_what_it_was_killed_in_the_middle_of_is_handled_when_slack_delivers_it_again(bot: Running) -> None:
    """Killed between receipt and effect: nothing was acknowledged, so nothing is lost; and it happens once."""
    bot.start()
    other = sqlite3.connect(bot.home / "bets.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")  # the bot has the event, and cannot store it
    bot.world.leave("C0TEAM", bot.world.bot_user_id)
    bot.world.join("C0TEAM", bot.world.bot_user_id)
    until(lambda: bot.world.pending_events() == 0)
    bot.kill()
    other.close()
    bot.start()
    bot.world.advance(61)

    def posts() -> list[Any]:
        return [message for message in bot.world.messages("C0TEAM") if message.get("bot_id")]

    until(posts)
    until(lambda: bot.world.pending_events() == 0)
    until(lambda: bot.rows("SELECT DISTINCT state FROM inbox") == [("done",)])
    assert len(posts()) == 1
    bot.stop()


@pytest.mark.full
@pytest.mark.skipif(not os.environ.get("BETS_FULL"), reason="a long run: set BETS_FULL=1")
def test_a_stop_while_slack_hangs_ends_in_time(bot: Running) -> None:
    bot.start()
    bot.world.fail("*", None, "apply+hang")
    bot.world.leave("C0TEAM", bot.world.bot_user_id)
    bot.world.join("C0TEAM", bot.world.bot_user_id)
    until(lambda: bot.rows("SELECT id FROM outbox WHERE state = 'sending'"))
    code, seconds = bot.stop()
    assert code == 0 and seconds < 10
    bot.world.clear_faults()


def test_an_interrupt_is_a_clean_stop(bot: Running) -> None:
    """Started as by its operator, in a fresh process."""
    command = [sys.executable, "-m", "bot", "run"]
    with bot.log.open("w") as log, subprocess.Popen(command, env=bot.env, cwd=bot.home, stderr=log) as process:
        until(lambda: bot.health()[0] == 200 or process.poll() is not None)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    assert "Traceback" not in bot.log.read_text()
