"""One pass over everything that is due at an instant: plan, hear, send, reconcile, sweep."""

import threading
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from bot.actions.refreshing import do_refresh_stale
from bot.domain.errors import Refusal
from bot.runtime import Bot
from bot.store import claims, inbox, meta
from bot.store.stale import list_stale
from bot.work import hearing, planner, probe, reconcile, sender

IDLE_SECONDS = 60.0
KINDS = ("planned", "sent", "updated", "reconciled", "closed", "dropped")


def settle(bot: Bot, stop: threading.Event | None = None, done: Counter[str] | None = None) -> bool:
    """Hears and sends what may be heard and sent now, until nothing is left or `stop` is set; True if there was any.

    What answers change meanwhile is left to the next time: under many of them each message would be written anew after
    every one. What was done is counted in `done`.
    """
    worked, sent = False, None
    while not (stop and stop.is_set()):
        stale, hears, sends = _what_waits(bot, first=not worked, more=sent is not None)
        if stale:
            with bot.transaction() as tx:
                do_refresh_stale(tx, bot.now())
            worked = True
            continue
        heard, sent = hears and hearing.once(bot), sender.once(bot) if sends else None
        if not heard and sent is None:
            break
        worked = True
        if done is not None and sent:
            done[sent] += 1
    return worked


def _what_waits(bot: Bot, *, first: bool, more: bool) -> tuple[bool, bool, bool]:
    """Whether messages are to be written anew, anything is to be heard, and to be sent, by one look: most ticks find
    nothing. What is stale is looked for at `first`; where one was just sent there may be `more`, and who sends looks
    for it anyway."""
    with bot.reading() as tx:
        now = bot.now()
        stale = first and bool(list_stale(tx))
        hears = bool(inbox.list_new(tx, now, limit=1))
        # What is shut may open again, and what waits behind it is not even looked for until then.
        sends = more or meta.get_meta(tx, meta.BREAKER) or claims.list_sendable(tx, now, bot.pace, time.time(), limit=1)
        return stale, hears, bool(sends)


def once(
    bot: Bot, now: datetime | None = None, stop: threading.Event | None = None, breath: float = 0.0
) -> dict[str, Any]:
    """Does everything that is due at the bot's time (or at `now`, which the clock is moved to) until nothing is due.

    Keeps Slack's pace in real time; what must wait for a later instant is counted as `waiting`. An instant earlier
    than one already worked through does nothing. Ends after a minute without progress, or when `stop` is set. Between
    two passes it waits `breath` seconds for what people do meanwhile.
    """
    done: Counter[str] = Counter()
    if now is not None and not _move_clock(bot, now):
        return _report(bot, done, now)
    started = bot.now()
    last = time.monotonic()
    while not (stop and stop.is_set()):
        if _pass(bot, stop, done):
            last = time.monotonic()
            time.sleep(breath)
            continue
        wait = sender.seconds_until_next(bot)
        if wait is None or time.monotonic() - last > IDLE_SECONDS:
            break
        time.sleep(min(max(wait, 0.01), 1.0))  # Slack's pace is real time
    with bot.transaction() as tx:
        inbox.delete_old(tx, bot.now())
        meta.update_instant(tx, meta.DONE_UNTIL, started)
    return _report(bot, done, now)


def refuse_future(bot: Bot, now: datetime | None) -> None:
    """Only a simulated Slack on this machine may be ahead of the system's time."""
    if now is not None and not bot.loopback and now > bot.now():
        raise Refusal("--now in the future is only for a simulated Slack on this machine (SLACK_API_URL on loopback).")


def _pass(bot: Bot, stop: threading.Event | None, done: Counter[str]) -> bool:
    before = done.total()
    while hearing.once(bot):  # what was said before the next line of the week is heard before it
        done["heard"] += 1
    done.update(planner.once(bot))
    done["reconciled"] += reconcile.once(bot) + reconcile.sweep(bot)
    back = probe.once(bot)
    return settle(bot, stop, done) or back > 0 or done.total() > before


def _move_clock(bot: Bot, now: datetime) -> bool:
    """Lets the bot's clock show `now`; False when that instant was worked through already."""
    with bot.transaction() as tx:
        if now <= bot.now():
            reached = meta.get_instant(tx, meta.DONE_UNTIL)
            return reached is None or now >= reached
        refuse_future(bot, now)
        meta.update_offset(tx, bot.clock.offset_to(now))
        bot.clock.offset = meta.get_offset(tx)
    return True


def _report(bot: Bot, done: Counter[str], asked: datetime | None) -> dict[str, Any]:
    """What was done; `now` is the instant that was asked for, if one was."""
    with bot.reading() as tx:
        counts, now = claims.get_counts(tx), (asked or bot.now()).astimezone(UTC)
    waiting = counts["pending"] + counts["sending"] + counts["uncertain"]
    return {"now": now.isoformat().replace("+00:00", "Z")} | {kind: done[kind] for kind in KINDS} | {"waiting": waiting}
