"""The world's clock: starts where it is told, may stand still, moves when somebody moves it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """Seconds since the epoch = start + what it was moved + (while running) the real time that went by."""

    def __init__(self, start: datetime | None = None, running: bool = True) -> None:
        self._base = (start or datetime.now(UTC)).timestamp()
        self._since = time.monotonic()
        self._running = running
        self._listeners: list[Callable[[], None]] = []

    @property
    def running(self) -> bool:
        return self._running

    @running.setter
    def running(self, value: bool) -> None:
        self._base, self._since, self._running = self.now(), time.monotonic(), value

    def now(self) -> float:
        return self._base + (time.monotonic() - self._since if self._running else 0.0)

    def utcnow(self) -> datetime:
        return datetime.fromtimestamp(self.now(), UTC)

    def move_to(self, instant: datetime) -> None:
        """Sets the clock; timestamps of messages go on rising even when it is set back."""
        self._base, self._since = instant.timestamp(), time.monotonic()
        self._tell()

    def advance(self, seconds: float) -> None:
        self._base += seconds
        self._tell()

    def on_move(self, listener: Callable[[], None]) -> None:
        self._listeners.append(listener)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
