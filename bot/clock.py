"""The bot's one clock: the system's, plus an offset that the database remembers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def system_now() -> datetime:
    """The system's time, aware, UTC."""
    return datetime.now(UTC)


class Clock:
    """Tells the bot's time. `offset` follows the database at each transaction; only a simulated Slack moves it."""

    def __init__(self, base: Callable[[], datetime] = system_now) -> None:
        self._base = base
        self.offset = timedelta(0)

    def now(self) -> datetime:
        """The bot's time, aware, UTC."""
        return self._base() + self.offset

    def offset_to(self, instant: datetime) -> timedelta:
        """The offset with which it would be `instant` now."""
        return instant - self._base()
