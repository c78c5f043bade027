"""The stream of changes of the demo's page: each listener hears only of what its person can see."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

PING_SECONDS = 15.0  # a comment now and then, so that a browser notices when the demo is gone
WAITING = 64  # a browser that does not read is told "everything" once, instead of queueing for ever


@dataclass(eq=False)
class Listener:
    """One open page."""

    person: str
    loop: asyncio.AbstractEventLoop
    queue: "asyncio.Queue[dict[str, Any]]" = field(default_factory=lambda: asyncio.Queue(WAITING))

    def put(self, change: dict[str, Any]) -> None:
        with suppress(asyncio.QueueFull):
            self.queue.put_nowait(change)


class Feed:
    """Passes changes from any thread to every page whose person may know of them."""

    def __init__(self, world: Any) -> None:
        self._world = world
        self._listeners: set[Listener] = set()
        world.on_change(self.tell)

    def tell(self, change: dict[str, Any]) -> None:
        """Takes one change of the world; safe from any thread."""
        told = {name: change[name] for name in ("kind", "channel") if change.get(name)}
        for listener in list(self._listeners):
            if self._concerns(listener.person, change):
                with suppress(RuntimeError):  # the page's loop has just ended
                    listener.loop.call_soon_threadsafe(listener.put, told)

    def _concerns(self, person: str, change: dict[str, Any]) -> bool:
        if change.get("user") not in (None, person):
            return False
        channel = change.get("channel")
        return channel is None or change["kind"] == "channel" or channel in self._channels(person)

    def _channels(self, person: str) -> set[str]:
        return {channel["id"] for channel in self._world.channels(person)}

    async def stream(self, person: str) -> AsyncIterator[str]:
        """Server-sent events for one page, until it goes away."""
        listener = Listener(person, asyncio.get_running_loop())
        self._listeners.add(listener)
        try:
            yield "retry: 1000\n\n"
            while True:
                yield await _next(listener)
        finally:
            self._listeners.discard(listener)


async def _next(listener: Listener) -> str:
    try:
        change = await asyncio.wait_for(listener.queue.get(), PING_SECONDS)
    except TimeoutError:
        return ": still here\n\n"
    return f"data: {json.dumps(change)}\n\n"
