"""A running bot: hears and sends within moments, ticks by itself, survives a failing pass, and stops at once (C46)."""

import io
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from bot.work import audit, ticker
from bot.work.ticker import Ticker
from tests.conftest import ANA, CHANNEL, Office
from tests.work.ledger import copies, owe, row


@pytest.fixture
def running(team: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A team whose bot runs, at a quick tick; its events are delivered by themselves too."""
    monkeypatch.setattr(ticker, "TICK_SECONDS", 0.1)
    work = Ticker(team.bot)
    work.start()
    team.world.start_delivery()
    yield team
    team.world.stop_delivery()
    work.stop()


def eventually(check: Callable[[], bool], seconds: float = 2.0) -> bool:
    """Whether it becomes true in time: what somebody does shows within two seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and not check():
        threading.Event().wait(0.01)
    return check()


def test_what_is_owed_goes_out_within_moments(running: Office) -> None:
    owe(running.bot, "message", channel=CHANNEL)
    assert eventually(lambda: len(copies(running.world, "message")) == 1)


def test_what_people_say_is_heard_within_moments(running: Office) -> None:
    running.world.say(ANA, CHANNEL, f"<@{running.world.bot_user_id}> help", raw=True)
    assert eventually(lambda: any(m["ephemeral"] for m in running.world.messages(CHANNEL, as_user=ANA)))


def test_what_is_due_is_found_by_itself(running: Office) -> None:
    running.expects_refusals = True
    running.world.fail("chat.postMessage", 1, "apply+500")
    owe(running.bot, "message", channel=CHANNEL)
    assert eventually(lambda: row(running.bot, "message").state == "uncertain")
    running.clock.advance(21)
    assert eventually(lambda: row(running.bot, "message").state == "sent")


def test_a_pass_that_fails_is_logged_and_the_next_one_goes_on(
    running: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failed = threading.Event()

    def fail(*_: object, **__: object) -> bool:
        failed.set()
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(ticker.tick, "settle", fail)
        running.bot.wake.set()
        assert failed.wait(2)
    owe(running.bot, "message", channel=CHANNEL)
    assert eventually(lambda: len(copies(running.world, "message")) == 1)
    assert "a pass over what is due failed" in caplog.text


def test_an_idle_bot_leaves_slack_alone(running: Office) -> None:
    running.settle()
    calls = len(running.world.calls())
    assert not eventually(lambda: len(running.world.calls()) > calls, 0.3)


def test_a_bot_that_is_told_to_stop_finishes_its_call_and_leaves_the_rest(team: Office) -> None:
    team.world.fail("chat.postMessage", 1, "slow", seconds=0.3)
    for number in range(3):
        owe(team.bot, f"message:{number}", channel=CHANNEL)
    work = Ticker(team.bot)
    work.start()
    assert eventually(lambda: row(team.bot, "message:0").state == "sending")
    began = time.monotonic()
    work.stop()
    assert time.monotonic() - began < 5
    assert [row(team.bot, f"message:{number}").state for number in range(3)] == ["sent", "pending", "pending"]


def test_the_heartbeat_is_called_only_while_what_is_due_is_looked_for(
    team: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    beats: list[str] = []
    monkeypatch.setattr(audit, "urlopen", lambda url, timeout: (beats.append(url), io.BytesIO())[1])
    team.after(minutes=1)
    audit.once(team.bot, "http://127.0.0.1:9/beat")
    assert len(beats) == 1
    team.clock.advance(11 * 60)
    audit.once(team.bot, "http://127.0.0.1:9/beat")
    assert len(beats) == 1, "a pass that cannot end, on a full disk for one, is no good health"
    team.after(minutes=1)
    audit.once(team.bot, "http://127.0.0.1:9/beat")
    assert len(beats) == 2


def test_a_heartbeat_that_cannot_be_sent_stops_nothing(team: Office) -> None:
    assert audit.once(team.bot, "http://127.0.0.1:9/beat") == 0
    assert audit.once(team.bot, "no address") == 0
