"""One uvicorn in a thread that serves any number of worlds, each under its own path."""

import logging
import socket
import threading
import time
from typing import Any

import uvicorn

from .http import handle
from .lines import KnownLines, Receive, Scope, Send
from .world import World

START_SECONDS = 10.0


class FakeSlack:
    """Start it, add worlds, stop it. `control` opens the worlds' methods to other processes."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0, control: bool = False, fallback: Any = None) -> None:
        self.host, self.port, self.control, self.fallback = host, port, control, fallback
        self.worlds: dict[str, World] = {}
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}/"

    def start(self) -> "FakeSlack":
        """Returns once the port is open; a taken port raises OSError at once."""
        # With its protocol named: only then does asyncio send small answers at once (TCP_NODELAY).
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((self.host, self.port))
        except OSError:
            listening.close()
            raise
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(
            self._app,
            http=KnownLines,
            ws="websockets-sansio",
            lifespan="off",
            log_config=None,
            interface="asgi3",
            log_level=logging.ERROR,
            access_log=False,
            date_header=False,
            server_header=False,
            ws_ping_interval=10,
            ws_ping_timeout=None,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listening],), name="fake-slack", daemon=True)
        self._thread.start()
        end = time.monotonic() + START_SECONDS
        while not self._server.started and self._thread.is_alive() and time.monotonic() < end:
            time.sleep(0.005)
        if not self._server.started:
            raise RuntimeError("the simulated Slack did not start")
        return self

    def add_world(self, world: World) -> World:
        world.base_url = f"{self.url}{world.name}/"
        self.worlds[world.name] = world
        return world

    def stop(self) -> None:
        for world in self.worlds.values():
            world.stop_delivery()
            world.abort_sockets()
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(START_SECONDS)
            for listening in self._server.servers:
                listening.close()

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        name, _, rest = scope["path"].lstrip("/").partition("/")
        world = self.worlds.get(name)
        if world is not None:
            await handle(world, rest, scope, receive, send, self.control)
        elif self.fallback is not None:
            await self.fallback(scope, receive, send)
        else:
            await _not_found(scope, send)

    def __enter__(self) -> "FakeSlack":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


async def _not_found(scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 4404})
        return
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"not found"})
