"""Slack's pace in each place that messages go to, shared by all processes, and what Slack parked until later.

A token bucket: five at once after a quiet spell, then one every `pace` seconds of *real* time, because that is what
Slack counts in. What Slack parked it parked for one kind of call in one place, and by the bot's clock.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Float, and_, bindparam, case, func, not_, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.domain.records import Post
from bot.store.tables import channels, outbox

BURST = 5.0
# Messages do not all take equally long to Slack: with a little more between them none comes too early there.
MARGIN = 1.05

# The place of an outbox row, as a column and of a row at hand: a channel or a person, apart for each kind of call.
_where = func.coalesce(outbox.c.user, outbox.c.channel, "")
PLACE = case((outbox.c.action == "post", _where), else_=outbox.c.action + ":" + _where)


def place_of(post: Post) -> str:
    """The place of one row: the same as `PLACE`."""
    where = post.user or post.channel or ""
    return where if post.action == "post" else f"{post.action}:{where}"


def may_go(now: ColumnElement[datetime], *, at_once: bool) -> ColumnElement[bool]:
    """The condition (on `channels` joined by `PLACE`) that Slack parked nothing there, and, with `at_once`, that the
    pace holds nothing back (parameters `pace` and `real_now`)."""
    free = or_(channels.c.parked_until.is_(None), channels.c.parked_until <= now)
    return and_(free, not_(_held())) if at_once else free


def _held() -> ColumnElement[bool]:
    # Only messages have a pace of their own; a bucket that a machine with another clock filled counts as full.
    pace, real_now = bindparam("pace", type_=Float), bindparam("real_now", type_=Float)
    empty = channels.c.tokens * pace * MARGIN + (real_now - channels.c.refilled_at) < pace * MARGIN
    return func.coalesce(and_(outbox.c.action == "post", empty, channels.c.refilled_at <= real_now), False)


def take_token(tx: Connection, place: str, pace: float, real_now: float) -> None:
    """Uses up one message's place in the bucket."""
    if pace > 0:
        left = get_tokens(tx, place, pace, real_now) - 1
        _update(tx, place, tokens=left, refilled_at=real_now)


def get_tokens(tx: Connection, place: str, pace: float, real_now: float) -> float:
    """How many messages may go to the place at once."""
    row = tx.execute(select(channels).where(channels.c.channel == place)).one_or_none()
    if row is None or pace <= 0 or row.refilled_at > real_now:
        return BURST
    return min(BURST, float(row.tokens) + (real_now - float(row.refilled_at)) / (pace * MARGIN))


def get_wait(tx: Connection, places: Sequence[str], pace: float, real_now: float) -> float | None:
    """The real seconds until a message may go to the first of these places; None without places."""
    waits = [max(0.0, (1 - get_tokens(tx, place, pace, real_now)) * pace * MARGIN) for place in places]
    return min(waits, default=None)


def update_parked(tx: Connection, place: str, until: datetime) -> None:
    """Nothing of this kind goes there before `until`: Slack said so."""
    _update(tx, place, parked_until=until)


def _update(tx: Connection, place: str, **values: object) -> None:
    fresh = {"tokens": BURST, "refilled_at": 0.0} | values
    statement = upsert(channels).values(channel=place, **fresh)
    tx.execute(statement.on_conflict_do_update(index_elements=["channel"], set_=values))
