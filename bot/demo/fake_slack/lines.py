"""Hands the server's TCP lines to the fault script, which must be able to drop, reset or cut them."""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .state import Json

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

TRANSPORTS: dict[tuple[str, int], asyncio.Transport] = {}


class KnownLines(HttpToolsProtocol):
    """uvicorn's HTTP protocol, which remembers its transport by the client's address."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.client:
            TRANSPORTS[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.client:
            TRANSPORTS.pop(self.client, None)


def transport_of(scope: Scope) -> asyncio.Transport:
    return TRANSPORTS[tuple(scope["client"])]


def reset(transport: asyncio.Transport) -> None:
    """Ends the line with RST instead of FIN."""
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def until_gone(receive: Receive) -> None:
    while (await receive())["type"] not in ("http.disconnect", "websocket.disconnect"):
        pass


class SocketLine:
    """One accepted WebSocket."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._transport, self._send = transport_of(scope), send
        TRANSPORTS.pop(tuple(scope["client"]), None)

    async def send_json(self, body: Json) -> None:
        await self._send({"type": "websocket.send", "text": json.dumps(body)})

    async def close(self) -> None:
        await self._send({"type": "websocket.close", "code": 1000})

    def abort(self) -> None:
        reset(self._transport)

    def deafen(self) -> None:
        self._transport.pause_reading()
