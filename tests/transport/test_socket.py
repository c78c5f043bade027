"""Socket Mode when lines break, go silent or are sent away: in this process, over a real web socket."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from bot.transport import line, socket
from bot.transport.socket import LineDead, LineRejected, Socket
from tests.conftest import ANA, CHANNEL, Office
from tests.transport.running import until


class Wire:
    """An office whose bot hears over a line of its own; `gaps` counts how often a gap was to be filled."""

    def __init__(self, office: Office, stop: threading.Event | None = None) -> None:
        self.office, self.world = office, office.world
        office.world.delivery = office.world.sockets
        self.gaps: list[float] = []
        self.socket = Socket(office.bot, office.world.app_token, on_gap=lambda: self.gaps.append(0))
        self.stop, self.error = stop or threading.Event(), None
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.socket.run(self.stop)
        except (LineDead, LineRejected) as error:
            self.error: Any = error

    def ask(self) -> int:
        return int(self.world.command(ANA, CHANNEL, "help").status)

    def lines(self) -> int:
        return len(self.world.sockets.open)

    def end(self) -> None:
        self.stop.set()
        self.thread.join(10)
        assert not self.thread.is_alive()
        self.world.stop_delivery()
        self.world.abort_sockets()  # as a process that ends takes its lines with it


@pytest.fixture
def wire(office: Office) -> Iterator[Wire]:
    wire = Wire(office)
    until(wire.socket.is_connected)
    yield wire
    wire.end()


def test_a_line_that_was_cut_is_replaced_within_three_seconds_and_the_gap_is_filled(wire: Wire) -> None:
    assert wire.ask() == 200 and wire.gaps == []
    wire.world.abort_sockets()
    until(lambda: wire.lines() == 0)
    until(lambda: wire.ask() == 200, seconds=3)
    until(lambda: wire.gaps)
    assert len(wire.gaps) == 1


def test_a_line_that_slack_refreshes_is_replaced_without_missing_anything(wire: Wire) -> None:
    """The old line is used until the new one stands, and for a while beside it."""
    first = wire.world.sockets.open[0]
    wire.world.disconnect_sockets("refresh_requested")
    until(lambda: wire.ask() == 200 and any(other is not first for other in wire.world.sockets.open))
    assert [wire.ask() for _ in range(20)] == [200] * 20
    assert wire.gaps == [] and wire.world.late_acks() == []


def test_an_old_line_is_closed_when_it_is_idle(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "OVERLAP_SECONDS", 0.1)
    first = wire.world.sockets.open[0]
    wire.world.disconnect_sockets("refresh_requested")
    until(lambda: first not in wire.world.sockets.open and wire.lines() == 1)
    assert wire.ask() == 200 and wire.gaps == []


def test_a_link_that_slack_closes_at_once_is_opened_again(wire: Wire) -> None:
    wire.world.disconnect_sockets("link_disabled")
    until(lambda: wire.lines() == 1 and wire.ask() == 200, seconds=5)
    until(lambda: wire.gaps)


def test_a_line_on_which_nothing_is_heard_is_replaced(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open, but neither pings nor envelopes come through: only the age of the last sign of life shows it."""
    deaf = wire.world.sockets.open[0]
    wire.world.deafen_sockets()
    wire.world.ack_seconds = 0.5  # some of what is asked goes out on the deaf line, until that is closed
    monkeypatch.setattr(line, "PING_SECONDS", 0.1)
    monkeypatch.setattr(socket, "STALE_SECONDS", 1.5)
    # The moment without a line may be too short to be seen; the gap that is filled after it is not.
    until(lambda: wire.gaps and wire.socket.is_connected())
    assert until(lambda: any(other is not deaf for other in wire.world.sockets.open) and wire.ask() == 200)


def test_three_silent_lines_in_a_row_end_the_process(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "PING_SECONDS", 30.0)
    monkeypatch.setattr(socket, "STALE_SECONDS", 0.2)
    until(lambda: wire.error)
    assert isinstance(wire.error, LineDead)


def test_when_there_are_too_many_lines_it_waits_for_its_turn(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.demo.fake_slack import sockets

    monkeypatch.setattr(sockets, "MOST_SOCKETS", 0)
    monkeypatch.setattr(socket, "WAITS", (0.01, 0.2))
    wire = Wire(office)
    until(lambda: len(office.world.calls("apps.connections.open")) >= 2)
    assert not wire.socket.is_connected() and wire.error is None
    monkeypatch.setattr(sockets, "MOST_SOCKETS", 10)
    until(wire.socket.is_connected)
    wire.end()


def test_a_token_that_slack_refuses_is_not_tried_again(office: Office) -> None:
    office.expects_refusals = True  # type: ignore[attr-defined]
    office.world.fail("apps.connections.open", None, "refuse:invalid_auth")
    wire = Wire(office)
    until(lambda: wire.error)
    assert str(wire.error) == "invalid_auth" and len(office.world.calls("apps.connections.open")) == 1
    wire.end()


def test_a_slack_that_is_away_is_tried_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "WAITS", (0.01,))
    office.expects_refusals = True  # type: ignore[attr-defined]
    office.world.fail("apps.connections.open", 1, "noapply+500")
    office.world.fail("apps.connections.open", 2, "429:1")
    office.world.fail("apps.connections.open", 3, "noapply+drop")
    wire = Wire(office)
    until(wire.socket.is_connected)
    assert wire.ask() == 200
    wire.end()


class Hurried(threading.Event):
    """Notes for how long it is waited on, and lets nobody wait that long."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        return super().wait(0.01)


def test_a_slack_that_wants_to_be_left_alone_for_a_while_is(office: Office) -> None:
    office.expects_refusals = True  # type: ignore[attr-defined]
    office.world.fail("apps.connections.open", 1, "429:27")
    stop = Hurried()
    wire = Wire(office, stop)
    until(wire.socket.is_connected)
    assert stop.waits[0] == 27 and 27 not in stop.waits[1:]
    wire.end()


def test_of_a_page_that_is_no_answer_of_slacks_nothing_is_quoted(
    office: Office, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "WAITS", (0.01,))
    office.expects_refusals = True  # type: ignore[attr-defined]
    office.world.fail("apps.connections.open", 1, "apply+html")
    wire = Wire(office)
    until(wire.socket.is_connected)
    assert "no line to Slack (the answer is not Slack's): trying again" in caplog.messages
    wire.end()


def test_an_envelope_is_acknowledged_only_when_it_is_stored(wire: Wire) -> None:
    wire.world.ack_seconds = 0.3
    with wire.office.bot.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE inbox RENAME TO away")
        connection.commit()
    ts = wire.world.say(ANA, CHANNEL, "canary")
    assert wire.world.deliver() == 0
    with wire.office.bot.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO inbox")
        connection.commit()
    wire.world.ack_seconds = 3.0
    wire.world.advance(61)
    until(lambda: wire.world.deliver() or not wire.world.pending_events())
    with wire.office.bot.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT payload FROM inbox").fetchall()
    assert len([row for row in rows if ts in row[0]]) == 1


def test_what_it_has_taken_is_finished_before_it_hangs_up(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stop in the middle of a delivery: the delivery is acknowledged, a later one is left to the next process."""
    began, go_on = threading.Event(), threading.Event()
    take = socket.take

    def slow(bot: Any, body: dict[str, Any]) -> Any:
        began.set()
        assert go_on.wait(5)
        return take(bot, body)

    monkeypatch.setattr(socket, "take", slow)
    found: list[int] = []
    asking = threading.Thread(target=lambda: found.append(wire.ask()))
    asking.start()
    assert began.wait(5)
    wire.stop.set()
    go_on.set()
    asking.join(5)
    assert found == [200]
    until(lambda: wire.lines() == 0)
