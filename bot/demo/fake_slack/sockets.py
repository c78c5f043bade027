"""Socket Mode: hello, envelopes with acks, pings, disconnects; each envelope goes to one socket, chosen by seed."""

import asyncio
import concurrent.futures
import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from .delivery import Answer
from .events import Queued
from .state import Json

if TYPE_CHECKING:
    from .world import World

MOST_SOCKETS = 10
REASONS = ("warning", "refresh_requested", "link_disabled", "too_many_websockets")


class Line(Protocol):
    """A WebSocket as the server offers it; called in the server's event loop."""

    async def send_json(self, body: Json) -> None: ...

    async def close(self) -> None: ...

    def abort(self) -> None: ...

    def deafen(self) -> None: ...


@dataclass(eq=False)
class Socket:
    line: Line
    loop: asyncio.AbstractEventLoop
    waiting: dict[str, "concurrent.futures.Future[Json]"] = field(default_factory=dict)


@dataclass
class _Sent:
    """An envelope that is under way."""

    id: str
    kind: str
    future: "concurrent.futures.Future[Json] | None"
    started: float


class SocketDelivery:
    """Delivers to whoever opened a socket with the app's token."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.tickets: set[str] = set()
        self.open: list[Socket] = []

    def new_address(self, world: "World") -> str:
        ticket = world.next_uuid()
        self.tickets.add(ticket)
        return f"{world.base_url.replace('http://', 'ws://')}link/?ticket={ticket}&app_id={world.app_id}"

    async def serve(self, world: "World", line: Line) -> Socket | None:
        """Greets a new socket; the eleventh is sent away."""
        if len(self.open) >= MOST_SOCKETS:
            await line.send_json(self._disconnect(world, "too_many_websockets"))
            await line.close()
            return None
        socket = Socket(line, asyncio.get_running_loop())
        with world.lock:
            self.open.append(socket)  # before the greeting: whoever was greeted can count on being there
        await line.send_json(self._hello(world))
        world.start_delivery()
        return socket

    def _hello(self, world: "World") -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.open),
            "debug_info": {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": world.app_id},
        }

    def _disconnect(self, world: "World", reason: str) -> Json:
        return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}

    def heard(self, world: "World", socket: Socket, body: Any) -> None:
        """An ack came in; one after three seconds finds nobody waiting and is noted as late."""
        if not isinstance(body, dict) or "envelope_id" not in body:
            return
        future = socket.waiting.pop(str(body["envelope_id"]), None)
        if future is not None and not future.done():
            future.set_result(body)

    def gone(self, world: "World", socket: Socket) -> None:
        with world.lock:
            if socket in self.open:
                self.open.remove(socket)
        for future in list(socket.waiting.values()):
            future.cancel()

    # the Delivery interface
    def send(self, world: "World", kind: str, body: Json, attempt: int = 0, reason: str = "") -> Answer:
        return self._wait(world, self._start(world, kind, body, attempt, reason))

    def send_events(self, world: "World", batch: list[Queued]) -> list[Answer]:
        """All envelopes go out in order; then the acks are awaited together."""
        sent = [self._start(world, "events_api", event.body, event.attempt, event.reason) for event in batch]
        return [self._wait(world, item) for item in sent]

    def _start(self, world: "World", kind: str, body: Json, attempt: int, reason: str) -> _Sent:
        with world.lock:
            socket = self.random.choice(self.open) if self.open else None
            envelope_id = world.next_uuid()
        started = time.monotonic()
        if socket is None:
            return _Sent(envelope_id, kind, None, started)
        envelope: Json = {"envelope_id": envelope_id, "type": kind, "payload": body}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        future: concurrent.futures.Future[Json] = concurrent.futures.Future()
        socket.waiting[envelope_id] = future
        asyncio.run_coroutine_threadsafe(_send(socket, envelope), socket.loop)
        return _Sent(envelope_id, kind, future, started)

    def _wait(self, world: "World", sent: _Sent) -> Answer:
        if sent.future is None:
            return Answer(0, None, {}, 0.0, "connection_failed")
        left = max(0.0, sent.started + world.ack_seconds - time.monotonic())
        try:
            body = sent.future.result(timeout=left)
        except concurrent.futures.CancelledError:
            return Answer(0, None, {}, (time.monotonic() - sent.started) * 1000, "connection_failed")
        except TimeoutError:
            return Answer(0, None, {}, world.ack_seconds * 1000, "http_timeout", late=True)
        return Answer(200, body.get("payload") or None, {}, (time.monotonic() - sent.started) * 1000)

    # what a test does to the line
    def disconnect(self, world: "World", reason: str) -> None:
        if reason not in REASONS:
            raise ValueError(f"unknown reason: {reason}")
        for socket in list(self.open):
            asyncio.run_coroutine_threadsafe(self._say_goodbye(world, socket, reason), socket.loop).result(5)

    async def _say_goodbye(self, world: "World", socket: Socket, reason: str) -> None:
        """After refresh_requested the old line stays usable until the app leaves it; a disabled link closes at once."""
        await socket.line.send_json(self._disconnect(world, reason))
        if reason == "link_disabled":
            await socket.line.close()

    def abort(self) -> None:
        for socket in list(self.open):
            socket.loop.call_soon_threadsafe(socket.line.abort)

    def deafen(self) -> None:
        """The lines stay open, but nothing is read from them any more: no pong, no ack."""
        for socket in list(self.open):
            socket.loop.call_soon_threadsafe(socket.line.deafen)


async def _send(socket: Socket, envelope: Json) -> None:
    try:
        await socket.line.send_json(envelope)
    except (RuntimeError, ConnectionError, OSError):
        future = socket.waiting.pop(envelope["envelope_id"], None)
        if future is not None:
            future.cancel()
