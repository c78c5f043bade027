"""Who sends what: rows of the outbox are claimed by compare-and-set, and settled by whoever claimed them.

A claim is committed before Slack is called. A claim whose lease ran out is `uncertain`: the message may stand in the
channel, so it is looked for (`work/reconcile`) and never simply sent again.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Update,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)

from bot.domain.records import Post
from bot.store import pace as pace_store
from bot.store.db import Instant
from bot.store.outbox import COLUMNS, as_post
from bot.store.prepared import change, find, find_one, find_value
from bot.store.tables import channels, outbox, people, teams

# Three times the patience of the client that posts.
LEASE = timedelta(seconds=30)
UNREADABLE = "unreadable"
_NOW = bindparam("now", type_=Instant)
_parent = outbox.alias("parent")
_target = outbox.alias("target")
_earlier = outbox.alias("earlier")
# Built once, since each message and each tick asks for them; what else an UPDATE is given it sets.
_ROW = update(outbox).where(outbox.c.id == bindparam("wanted"))
_CLAIMED = (outbox.c.id == bindparam("wanted"), outbox.c.worker == bindparam("claimant"))
_SETTLE = update(outbox).where(*_CLAIMED).values(worker=None, lease_until=None)
_SETTLE_SENDING = _SETTLE.where(outbox.c.state == "sending")
_DM = select(people.c.dm_channel).where(people.c.user == bindparam("wanted"))
_NEWEST_TS = select(func.max(outbox.c.ts)).where(
    outbox.c.channel == bindparam("place"), outbox.c.action == "post", outbox.c.ts.is_not(None)
)
_EXPIRED = select(outbox.c.id).where(outbox.c.state == "sending", outbox.c.lease_until < _NOW).limit(1)
_RESENT = (
    select(outbox)
    .where(outbox.c.state == "sent", outbox.c.resent_at.is_not(None), outbox.c.resent_at <= _NOW)
    .order_by(outbox.c.id)
)


def list_sendable(tx: Connection, now: datetime, pace: float, real_now: float, limit: int = 20) -> list[Post]:
    """Rows that may go out at this moment, oldest first."""
    rows = find(tx, _sendable(), now=now, pace=pace, real_now=real_now, most=limit)
    return [as_post(row) for row in rows]


def list_paced(tx: Connection, now: datetime) -> list[str]:
    """The places to which messages might go if only the pace let them."""
    return [row[0] for row in find(tx, _paced(), now=now)]


@cache
def _sendable() -> Select[Any]:
    return _due().where(pace_store.may_go(_NOW, at_once=True)).order_by(outbox.c.id).limit(bindparam("most"))


@cache
def _paced() -> Select[Any]:
    paced = _due().where(pace_store.may_go(_NOW, at_once=False), outbox.c.action == "post")
    return paced.with_only_columns(pace_store.PLACE).distinct()


def _due() -> Select[Any]:
    """Rows that are due: what they hang on is there, their channel is within reach, and no earlier message of the same
    thread still waits."""
    return (
        select(outbox)
        .join(_parent, _parent.c.id == outbox.c.parent_id, isouter=True)
        .join(_target, _target.c.id == outbox.c.target_id, isouter=True)
        .join(teams, teams.c.id == outbox.c.team_id, isouter=True)
        .join(channels, channels.c.channel == pace_store.PLACE, isouter=True)
        .where(
            outbox.c.state == "pending",
            _reached(outbox.c.not_before),
            # An edit that became newer while its older text is on its way waits for the answer.
            _reached(outbox.c.lease_until),
            or_(outbox.c.parent_id.is_(None), _parent.c.ts.is_not(None)),
            or_(outbox.c.target_id.is_(None), _target.c.ts.is_not(None)),
            or_(outbox.c.user.is_not(None), teams.c.unreachable.is_(None)),
            or_(outbox.c.parent_id.is_(None), outbox.c.action != "post", ~_earlier_waits()),
        )
    )


def _reached(instant: ColumnElement[Any]) -> ColumnElement[bool]:
    return or_(instant.is_(None), instant <= _NOW)


def _earlier_waits() -> ColumnElement[bool]:
    """Whether an earlier message of the same thread is still to come; one that may never come holds nobody up."""
    retried = or_(_earlier.c.attempts > 0, _reached(_earlier.c.not_before))
    unknown = and_(_earlier.c.state == "uncertain", func.coalesce(_earlier.c.error, "") != UNREADABLE)
    waits = or_(_earlier.c.state == "sending", and_(_earlier.c.state == "pending", retried), unknown)
    same = (_earlier.c.id < outbox.c.id, _earlier.c.parent_id == outbox.c.parent_id, _earlier.c.action == "post")
    return select(_earlier.c.id).where(*same, waits).exists()


@cache
def _claim() -> Update:
    mine = (outbox.c.state == "pending", outbox.c.version == bindparam("known"), _reached(outbox.c.lease_until))
    return _ROW.where(*mine).values(state="sending", attempts=outbox.c.attempts + 1).returning(*COLUMNS)


@cache
def _uncertain() -> Select[Any]:
    where = (outbox.c.state == "uncertain", _reached(outbox.c.not_before))
    return select(outbox).where(*where).order_by(outbox.c.id)


def update_claimed(tx: Connection, now: datetime, post: Post, worker: str) -> Post | None:
    """Takes the row for `worker` until its lease ends, and returns it so; None when somebody else was faster."""
    values: dict[str, Any] = {"worker": worker, "lease_until": now + LEASE}
    if post.action == "post" and post.first_attempt_at is None:
        values |= {"first_attempt_at": now, "after_ts": _newest_ts(tx, post)}
    elif post.action != "post" and post.attempts == 0:
        values |= {"first_attempt_at": now}
    row = find_one(tx, _claim(), wanted=post.id, known=post.version, now=now, **values)
    return as_post(row) if row else None


def _newest_ts(tx: Connection, post: Post) -> str | None:
    """The newest ts we know where the message goes. Slack's own times mark where reconciling starts to read, so that
    no other clock (ours, the system's, a proxy's) can ever make it look past the message."""
    channel = post.channel
    if post.user:
        channel = find_value(tx, _DM, wanted=post.user)
    return find_value(tx, _NEWEST_TS, place=channel)


def update_watermark(tx: Connection, post_id: int, after_ts: str) -> None:
    """Where reconciling is to start, read in Slack before the first message ever goes to a channel."""
    update_row(tx, post_id, after_ts=after_ts)


def update_settled(tx: Connection, post: Post, worker: str, **values: Any) -> None:
    """Stores how a claimed row ended, and gives it free.

    An edit that got newer words meanwhile stays pending with them. A message whose lease ran out meanwhile (the clock
    may be moved) is no longer looked for once it is known to stand there; anything else is left to reconciling.
    """
    mine = {"wanted": post.id, "claimant": worker}
    known = post.action == "post" and values.get("state") == "sent"
    if not change(tx, _SETTLE if known else _SETTLE_SENDING, **mine, **values):
        change(tx, _SETTLE, **mine)


def update_row(tx: Connection, post_id: int, **values: Any) -> None:
    """Changes a row that nobody else can be working on (it is uncertain, or this is its claim's transaction)."""
    change(tx, _ROW, wanted=post_id, **values)


def update_payload(tx: Connection, post: Post, payload: dict[str, Any]) -> None:
    """Other words for a claimed row, unless it got newer ones meanwhile."""
    mine = (outbox.c.id == post.id, outbox.c.version == post.version)
    tx.execute(update(outbox).where(*mine).values(payload=payload))


def update_expired(tx: Connection, now: datetime, wait: timedelta) -> int:
    """Leases that ran out: a message may or may not stand there, so it is uncertain; anything else is repeatable."""
    late = (outbox.c.state == "sending", outbox.c.lease_until < now)
    posts = update(outbox).where(*late, outbox.c.action == "post")
    unsure = posts.values(state="uncertain", not_before=now + wait, looks=0, lease_until=None)
    others = update(outbox).where(*late, outbox.c.action != "post").values(state="pending", lease_until=None)
    return tx.execute(unsure).rowcount + tx.execute(others).rowcount


def update_orphans(tx: Connection, post_id: int) -> None:
    """Drops what hangs on row `post_id` if its message will never be there."""
    gone = (outbox.c.id == post_id, outbox.c.state.in_(("refused", "dropped")), outbox.c.ts.is_(None))
    if tx.execute(select(outbox.c.id).where(*gone)).first() is None:
        return
    orphan = or_(outbox.c.parent_id == post_id, outbox.c.target_id == post_id)
    waiting = update(outbox).where(outbox.c.state == "pending", orphan)
    tx.execute(waiting.values(state="dropped", error="orphan"))


def update_parent(tx: Connection, old: int, new: int) -> None:
    """What waits to be said in one thread is said in another."""
    waiting = (outbox.c.parent_id == old, outbox.c.state == "pending")
    tx.execute(update(outbox).where(*waiting).values(parent_id=new))


def update_stale(tx: Connection, team_id: int, before: datetime) -> int:
    """Drops what a channel that was out of reach did not get in time; a bet's card is never too old."""
    old = (outbox.c.team_id == team_id, outbox.c.user.is_(None), outbox.c.state == "pending")
    stale = (outbox.c.action == "post", outbox.c.created_at < before, outbox.c.key.not_like("card:%"))
    return tx.execute(update(outbox).where(*old, *stale).values(state="dropped", error="too_old")).rowcount


def has_expired(tx: Connection, now: datetime) -> bool:
    """Whether any lease ran out."""
    return find_one(tx, _EXPIRED, now=now) is not None


def list_uncertain(tx: Connection, now: datetime) -> list[Post]:
    """Messages whose outcome is unknown and that may be looked for now."""
    return [as_post(row) for row in find(tx, _uncertain(), now=now)]


def list_resent(tx: Connection, before: datetime) -> list[Post]:
    """Messages that were sent a second time before that instant, and are to be swept for a surplus copy."""
    return [as_post(row) for row in find(tx, _RESENT, now=before)]


def get_counts(tx: Connection) -> dict[str, int]:
    """How many rows are in each state."""
    counts = dict.fromkeys(("pending", "sending", "sent", "refused", "uncertain"), 0)
    for state, count in tx.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state)):
        counts[state] = count
    return counts


def count_sent_posts(tx: Connection) -> int:
    """How many messages stand in Slack; edits of them and reactions do not count."""
    sent = (outbox.c.action == "post", outbox.c.state == "sent")
    return int(tx.execute(select(func.count()).where(*sent)).scalar_one())


def count_overdue(tx: Connection, before: datetime) -> int:
    """How many messages still wait although they were to go out before that instant; not those out of reach."""
    untouched = func.coalesce(outbox.c.not_before, outbox.c.created_at)
    due = case((outbox.c.attempts == 0, untouched), else_=outbox.c.first_attempt_at)
    waiting = (outbox.c.state.in_(("pending", "sending", "uncertain")), outbox.c.action == "post", due < before)
    reachable = or_(outbox.c.user.is_not(None), teams.c.unreachable.is_(None))
    query = select(func.count()).select_from(outbox.join(teams, teams.c.id == outbox.c.team_id, isouter=True))
    return int(tx.execute(query.where(*waiting, reachable)).scalar_one())
