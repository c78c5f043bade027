"""Lines of the log: one for each event, whatever is in it, and no secret at any level."""

import io
import json
import logging
import sqlite3
import threading

import pytest
from sqlalchemy.exc import OperationalError

from bot import logs

LOUD = ("slack_bolt.App", "slack_sdk.web.base_client", "slack_bolt", "websocket", "bets.socket.line")


class Log(io.StringIO):
    """Where the log goes."""

    def set_up(self, level: str, form: str, known: tuple[str, ...] = ()) -> None:
        logs.set_up(level, form, known)
        handler = logging.getLogger().handlers[0]
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(self)


@pytest.fixture
def out() -> Log:
    return Log()


def test_a_line_says_when_how_grave_and_from_where(out: Log) -> None:
    out.set_up("INFO", "text")
    logging.getLogger("bets.x").info("the line %s", "stands")
    logging.getLogger("bets.x").debug("not shown")
    at, level, name, *words = out.getvalue().split()
    assert at.endswith("+00:00") and (level, name, words) == ("INFO", "bets.x:", ["the", "line", "stands"])


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_event_is_one_line_whatever_is_in_it(out: Log, form: str) -> None:
    out.set_up("INFO", form)
    logging.getLogger("bets.x").info("two\nlines")
    assert out.getvalue().count("\n") == 1


def test_json_lines_hold_the_request_that_caused_them(out: Log) -> None:
    out.set_up("INFO", "json")
    with logs.request() as name:
        logging.getLogger("bets.x").info("in it")
    logging.getLogger("bets.x").info("after it")
    inside, after = (json.loads(line) for line in out.getvalue().splitlines())
    assert inside["request"] == name and "request" not in after and inside["message"] == "in it"


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-1-abc",
        "xoxe.xoxb-1-Mi0yLV",
        "xapp-1-A-2-b",
        "bets-" + "aB3_-" * 8 + "xyz",
        "https://hooks.slack.com/commands/T1/2/abc",
        "https://hooks.slack.com/actions/T1/2/abc",
        "http://127.0.0.1:80/w1/response/7",
        "wss://wss-primary.slack.com/link/?ticket=ab-cd&app_id=1",
        "link/?ticket=ab-cd",
        "13345224609.738474920.8088930838d88f008e0",
        "the-signing-value",
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_secrets_are_hidden_wherever_they_stand(out: Log, secret: str, form: str) -> None:
    out.set_up("DEBUG", form, ("the-signing-value",))
    log = logging.getLogger("bets.x")
    log.info("before %s, after", secret)
    log.info({"url": secret})
    try:
        raise ValueError(secret)
    except ValueError:
        log.exception("it broke")
    assert secret not in out.getvalue() and secret[-6:] not in out.getvalue()
    assert out.getvalue().count(logs.HIDDEN) == 2


@pytest.mark.parametrize("name", LOUD)
def test_libraries_that_log_bodies_are_silent_even_if_they_set_a_level_of_their_own(out: Log, name: str) -> None:
    out.set_up("DEBUG", "text")
    loud = logging.getLogger(name)
    before = loud.level
    loud.setLevel(logging.DEBUG)
    loud.warning('Unhandled request {"text": "canary"}')
    loud.setLevel(before)
    assert out.getvalue() == ""


def test_an_error_is_told_by_its_kind_and_place_never_by_its_text(out: Log) -> None:
    out.set_up("INFO", "text")
    try:
        try:
            raise KeyError("canary")
        except KeyError as error:
            raise RuntimeError("canary") from error
    except RuntimeError:
        logging.getLogger("bets.x").exception("it broke")
    line = out.getvalue()
    assert "RuntimeError because of KeyError at" in line and "test_logs.py" in line and "canary" not in line


def test_an_error_that_nobody_caught_in_a_thread_is_a_line_too(out: Log) -> None:
    out.set_up("INFO", "text")

    def fail() -> None:
        raise ValueError("canary")

    thread = threading.Thread(target=fail, name="gap")
    thread.start()
    thread.join()
    assert "thread gap ended" in out.getvalue() and "ValueError" in out.getvalue() and "canary" not in out.getvalue()


@pytest.mark.parametrize(
    ("said", "told"),
    [("database or disk is full", " (database or disk is full)"), ('fts5: syntax error near "canary"', "")],
)
def test_of_a_failed_write_the_log_says_what_the_disk_said_and_never_what_a_person_did(said: str, told: str) -> None:
    error = OperationalError("INSERT", None, sqlite3.OperationalError(said))
    error.__cause__ = error.orig
    assert logs.places(error) == f"OperationalError because of OperationalError{told} at "


def test_a_service_without_a_home_is_not_warned_of_its_missing_cache(out: Log) -> None:
    out.set_up("DEBUG", "text")
    logging.getLogger("matplotlib").warning("mkdir -p failed for path /nonexistent/.config/matplotlib")
    logging.getLogger("matplotlib").error("no font")
    assert "mkdir" not in out.getvalue() and "no font" in out.getvalue()
