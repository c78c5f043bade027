"""Socket Mode: a line to Slack that is watched, and replaced before it is closed.

An envelope is acknowledged unless it could not be stored: then Slack delivers it again.
"""

import json
import logging
import threading
import time
from collections.abc import Callable

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.request import SocketModeRequest
from websocket import WebSocketException

from bot.runtime import Bot
from bot.transport.contact import REJECTED, reason
from bot.transport.intake import take
from bot.transport.line import Line

log = logging.getLogger("bets.socket")

WATCH_SECONDS = 0.25
HELLO_SECONDS = 10.0
STALE_SECONDS = 60.0
GAP_SECONDS = 10.0
# How long an old line is kept beside its successor: what Slack had already sent on it is still taken.
OVERLAP_SECONDS = 3.0
CROWDED_SECONDS = 10.0
DRAIN_SECONDS = 3.0
HANG_UP_SECONDS = 0.5
SILENT_LINES = 3
WAITS = (WATCH_SECONDS, 1.0, 2.0, 5.0, 10.0)


class LineRejected(Exception):
    """Slack does not take the app-level token."""


class LineDead(Exception):
    """Several new lines in a row went silent: only a new process can help."""


class Socket:
    """The bot's way to hear from Slack in this process. `on_gap` is called after Slack may have spoken to nobody."""

    def __init__(self, bot: Bot, app_token: str, on_gap: Callable[[], object]) -> None:
        self._bot = bot
        self._token = app_token
        self._web = WebClient(base_url=bot.slack.base_url, timeout=10, retry_handlers=[])
        self._on_gap = on_gap
        self._line: Line | None = None
        self._old: list[tuple[Line, float]] = []
        self._began: float | None = None
        self._missed = False
        self._silent = 0
        self._limited = 0.0
        self._stopping = False

    def is_connected(self) -> bool:
        """Whether a line stands on which something was heard lately."""
        line = self._line
        return bool(line and line.is_connected() and _quiet(line) < STALE_SECONDS)

    def run(self, stop: threading.Event) -> None:
        """Keeps a line until `stop` is set. LineRejected for a bad token, LineDead when new lines stay silent."""
        self._began = time.monotonic()
        failures = 0
        while not stop.is_set():
            self._close_old()
            if self._needs_line(stop):
                failures = 0 if self._replace(stop) else failures + 1
            stop.wait(max(WAITS[min(failures, len(WAITS) - 1)], self._limited))
        self._leave()

    def _needs_line(self, stop: threading.Event) -> bool:
        line = self._line
        if line is None:
            return True
        if line.leaving:
            stop.wait(CROWDED_SECONDS if line.leaving == "too_many_websockets" else 0)
            return True
        if line.is_connected() and _quiet(line) < STALE_SECONDS:
            if time.monotonic() - line.opened_at > STALE_SECONDS:
                self._silent = 0
            return False
        if line.is_connected():
            self._count_silent()
        log.warning("the line to Slack is lost")
        # It may have swallowed something, however soon the next one stands.
        self._line, self._missed = None, True
        _close(line)
        return True

    def _count_silent(self) -> None:
        self._silent += 1
        if self._silent >= SILENT_LINES:
            raise LineDead

    def _replace(self, stop: threading.Event) -> bool:
        self._limited = 0.0
        try:
            new = self._open(stop)
        except (SlackClientError, OSError, WebSocketException) as error:
            code = error.response.get("error") if isinstance(error, SlackApiError) else type(error).__name__
            if code in REJECTED:
                raise LineRejected(str(code)) from None
            self._limited = _retry_after(error)
            log.warning("no line to Slack (%s): trying again", reason(str(code)))
            return False
        if new is None:
            return False
        old, self._line = self._line, new
        if old:
            self._missed |= not old.is_connected()
            self._old.append((old, time.monotonic() + OVERLAP_SECONDS))
        first = self._began is not None
        log.info(
            "Bets is running: Socket Mode, the line to Slack stands" if first else "the line to Slack stands again"
        )
        self._fill_gap()
        return True

    def _open(self, stop: threading.Event) -> Line | None:
        line = Line(self._token, self._web, self._take)
        try:
            line.connect()
        except (SlackClientError, OSError, WebSocketException):
            _close(line)
            raise
        until = time.monotonic() + HELLO_SECONDS
        while time.monotonic() < until and not stop.is_set() and not line.leaving:
            if line.ready.wait(0.02):
                line.opened_at = time.monotonic()
                return line
        _close(line)
        if line.leaving or stop.is_set():
            log.warning("Slack sends the new line away: %s", line.leaving or "stopping")
            return None
        self._count_silent()
        return None

    def _fill_gap(self) -> None:
        """After a line broke, and after a first one that was long in coming; not when the old one stood till now."""
        late = self._began is not None and time.monotonic() - self._began > GAP_SECONDS
        if self._missed or late:
            threading.Thread(target=self._on_gap, name="gap", daemon=True).start()
        self._missed, self._began = False, None

    def _take(self, line: Line, request: SocketModeRequest) -> None:
        if self._stopping:
            return  # not acknowledged: Slack gives it to another process, or again to the next one
        answer = take(self._bot, request.payload)
        if answer.status >= 500:
            return
        try:
            line.acknowledge(request.envelope_id, _payload(answer.body))
        except (WebSocketException, OSError, AttributeError):
            # The line broke before the acknowledgement: Slack delivers again, and it is known then.
            log.info("an acknowledgement did not get through")

    def _close_old(self) -> None:
        for item in list(self._old):
            line, until = item
            if not line.is_connected() or (time.monotonic() > until and line.is_idle()):
                self._old.remove(item)
                _close(line)

    def _leave(self) -> None:
        """Takes nothing more, finishes what it has, and hangs up."""
        self._stopping = True
        lines = [line for line, _ in self._old] + ([self._line] if self._line else [])
        until = time.monotonic() + DRAIN_SECONDS
        while time.monotonic() < until and not all(line.is_idle() for line in lines):
            time.sleep(0.02)
        hung_up = [_close(line) for line in lines]
        for closing in hung_up:
            closing.join(HANG_UP_SECONDS)


def _quiet(line: Line) -> float:
    return time.monotonic() - line.heard_at


def _retry_after(error: Exception) -> float:
    """For how many seconds Slack wants to be asked for no other line."""
    headers = getattr(error.response, "headers", {}) if isinstance(error, SlackApiError) else {}
    value = next((text for name, text in headers.items() if name.lower() == "retry-after"), "")
    return float(value) if value.isdigit() else 0.0


def _payload(body: str) -> str:
    return json.dumps({"text": body}) if body and not body.startswith("{") else body


def _close(line: Line) -> threading.Thread:
    # Slack's client joins its threads on close, which can take seconds; nothing waits for that.
    closing = threading.Thread(target=line.close, name="close", daemon=True)
    closing.start()
    return closing
