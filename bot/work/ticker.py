"""Keeps a running bot at work: a thread that hears and sends at once, and a tick for what is due.

APScheduler only ticks. What is due stands in the database, so a tick that comes late or twice is right.
"""

import logging
import threading
from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler

from bot.runtime import Bot
from bot.work import audit, gapfill, tick

log = logging.getLogger("bets.work")

TICK_SECONDS = 20
AUDIT_SECONDS = 60
GAP_FILL_SECONDS = 3600
# What was said while nobody listened is heard before the next line of the week, but where it takes Slack long.
GAP_WAIT_SECONDS = 10.0
IDLE_SECONDS = 1.0
# When many people answer at once, what changes the same message becomes one edit.
BREATH_SECONDS = 0.4
STOP_SECONDS = 8.0


class Ticker:
    """The bot at work in this process. Any number of processes may work on one database."""

    def __init__(self, bot: Bot, heartbeat_url: str = "") -> None:
        self.bot = bot
        self._stop, self._due = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="work", daemon=True)
        self._scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True}
        )
        self._every(TICK_SECONDS, self._call)
        self._every(AUDIT_SECONDS, lambda: audit.once(bot, heartbeat_url))
        self._every(GAP_FILL_SECONDS, self._fill_gap)

    def start(self) -> None:
        """Begins at once: with what is due, and what was said while nobody listened."""
        self._due.set()
        self._thread.start()
        self._scheduler.start()

    def stop(self) -> None:
        """Finishes the call that is under way, and nothing more: all that waits stands in the database."""
        self._stop.set()
        self.bot.wake.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def _every(self, seconds: int, once: Callable[[], object]) -> None:
        self._scheduler.add_job(_guarded, "interval", (once, self._stop), seconds=seconds)

    def _call(self) -> None:
        """Time to look for what is due; the work is done in one thread, so that nothing is begun twice here."""
        self._due.set()
        self.bot.wake.set()

    def _fill_gap(self) -> None:
        gapfill.once(self.bot, self._stop)

    def _work(self) -> None:
        gap = threading.Thread(target=_guarded, args=(self._fill_gap, self._stop), name="gap", daemon=True)
        gap.start()
        gap.join(GAP_WAIT_SECONDS)
        while not self._stop.is_set():
            _guarded(self._once, self._stop)
            self._stop.wait(BREATH_SECONDS)
            self.bot.wake.wait(IDLE_SECONDS)
            self.bot.wake.clear()

    def _once(self) -> None:
        if self._due.is_set():
            self._due.clear()
            tick.once(self.bot, stop=self._stop, breath=BREATH_SECONDS)
        else:
            tick.settle(self.bot, self._stop)


def _guarded(once: Callable[[], object], stop: threading.Event) -> None:
    if stop.is_set():
        return
    try:
        once()
    except Exception:  # the operator learns of it from the log; the next tick tries again
        log.exception("a pass over what is due failed")
