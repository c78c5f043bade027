"""One web socket to Slack, by slack_sdk's websocket-client client."""

import json
import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from slack_sdk import WebClient
from slack_sdk.socket_mode.interval_runner import IntervalRunner
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.websocket_client import SocketModeClient
from websocket import WebSocket, WebSocketApp

PING_SECONDS = 10.0

Take = Callable[["Line", SocketModeRequest], None]


class Line(SocketModeClient):
    """It never reconnects by itself: asked by Slack to leave (`leaving` says why) it goes on until its owner has
    another one, so that no envelope falls between the two."""

    def __init__(self, token: str, web: WebClient, take: Take) -> None:
        self.ready = threading.Event()
        self.leaving = ""
        self.opened_at = self.heard_at = time.monotonic()
        self._taking = 0
        self._count = threading.Lock()
        self._socket: WebSocket | None = None
        super().__init__(token, logging.getLogger("bets.socket.line"), web, False, PING_SECONDS)
        self._take = take
        # It looks twice a second whether there is something to open; started in `connect`, it looks at once.
        self.current_session_runner.shutdown()

    def connect(self) -> None:
        """Asks for an address and begins to open it; `ready` is set when Slack has said hello."""
        super().connect()
        assert self.current_session is not None
        self.current_session.on_ping = self.current_session.on_pong = self._on_sign_of_life
        # As bytes: who reads the JSON decodes them, and websocket-client would first look at each of them in Python.
        as_bytes = partial(self.current_session.run_forever, skip_utf8_validation=True)
        self.current_session.run_forever = as_bytes  # type: ignore[method-assign]
        self.on_open_listeners.append(self._on_open)
        self.on_close_listeners.append(self._on_close)
        self.current_session_runner = IntervalRunner(self._run_current_session, 0.5).start()

    def issue_new_wss_url(self) -> str:
        """The address of a new line. Slack's own client sleeps here when it is limited; the owner waits better."""
        return str(self.web_client.apps_connections_open(app_token=self.app_token)["url"])

    def is_idle(self) -> bool:
        """Whether every envelope that came in here is done with."""
        return self._taking == 0

    def enqueue_message(self, message: str | bytes) -> None:
        """Hands envelopes to the workers; Slack's own two messages are for the line itself. Every frame is a sign of
        life. No queue and thread in between, as Slack's client has them: each would only hand on to the next."""
        self.heard_at = time.monotonic()
        said = _read(message)
        if said.get("type") == "hello":
            self.ready.set()
        elif said.get("type") == "disconnect":
            self.leaving = str(said.get("reason") or "disconnect")
        elif request := SocketModeRequest.from_dict(said):
            with self._count:
                self._taking += 1
            self.message_workers.submit(self._work, request)

    def acknowledge(self, envelope_id: str, payload: str) -> None:
        """Tells Slack that it is taken; `payload` is JSON, or empty."""
        more = f', "payload": {payload}' if payload else ""
        self.send_message(f'{{"envelope_id": {json.dumps(envelope_id)}{more}}}')

    def _work(self, request: SocketModeRequest) -> None:
        try:
            self._take(self, request)
        finally:
            with self._count:
                self._taking -= 1

    def _on_sign_of_life(self, _session: WebSocketApp, _data: Any) -> None:
        self.heard_at = time.monotonic()

    def _on_open(self, session: WebSocketApp) -> None:
        self._socket = session.sock

    def _on_close(self, _session: WebSocketApp) -> None:
        # The client would dial the same address again, whose ticket is used up; and it leaves the socket open when
        # the other end was the first to say goodbye.
        self.current_session = None
        if self._socket:
            self._socket.shutdown()


def _read(message: str | bytes) -> dict[str, Any]:
    try:
        said = json.loads(message)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
