"""What the bot owes Slack. A row is written in the transaction of the fact it tells; `work/sender` sends it.

States: `pending -> sending -> sent | refused | uncertain | dropped`; `uncertain` goes to `sent` or back to `pending`
by reconciling alone, never by waiting.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, String, bindparam, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.domain.records import Post
from bot.store.prepared import change, find, find_one, find_value
from bot.store.tables import outbox

COLUMNS = [column for column in outbox.c if column.name in Post.__dataclass_fields__]
# Built once, since every answer looks for what shows it.
_OF_ID = select(*COLUMNS).where(outbox.c.id == bindparam("wanted"))
_OF_KEY = select(*COLUMNS).where(outbox.c.key == bindparam("wanted"))
_ID_OF_KEY = select(outbox.c.id).where(outbox.c.key == bindparam("wanted"))
_PREFIX = bindparam("prefix", type_=String)
_OF_PREFIX = (
    select(*COLUMNS)
    .where(
        outbox.c.team_id == bindparam("team"),
        func.substr(outbox.c.key, 1, func.length(_PREFIX)) == _PREFIX,
        outbox.c.action == "post",
    )
    .order_by(outbox.c.id)
)
_NEW = insert(outbox)
_ONCE = upsert(outbox).on_conflict_do_nothing(index_elements=["key"])
# Sets whatever else it is given.
_NEWER = update(outbox).where(outbox.c.id == bindparam("wanted")).values(version=outbox.c.version + 1)


def insert_post(
    tx: Connection,
    now: datetime,
    key: str,
    payload: dict[str, Any],
    *,
    team_id: int | None,
    channel: str | None = None,
    user: str | None = None,
    parent_id: int | None = None,
    guard: dict[str, Any] | None = None,
    not_before: datetime | None = None,
) -> int:
    """One message under `key`, once: a second call with the same key changes nothing. Returns the row's id.

    It goes to `channel`, or to the DM with `user`; under the message of row `parent_id` when given, as soon as that
    one is there. `guard` names what must still hold when it goes out (`actions/guards`), else it is dropped.
    """
    row: dict[str, Any] = {"key": key, "action": "post", "team_id": team_id, "channel": channel, "user": user}
    row |= {"parent_id": parent_id, "payload": payload, "guard": guard, "not_before": not_before, "created_at": now}
    change(tx, _ONCE, **row)
    return int(find_value(tx, _ID_OF_KEY, wanted=key))


def update_message(tx: Connection, now: datetime, post_id: int, payload: dict[str, Any]) -> None:
    """Makes the message of row `post_id` read `payload`, now or as soon as it is there; the last call wins."""
    post = get_post(tx, post_id)
    if post is None or post.state in ("refused", "dropped"):
        return
    key, waits = f"edit:{post_id}", post.action == "post" and post.state == "pending" and post.attempts == 0
    edit = None if waits else get_post_by_key(tx, key)
    known, same = edit or post, ("picture", "file")
    if "file" in known.payload:  # owed or shown, a file stays whatever the words become
        payload = {"file": known.payload["file"], **payload}
    if waits:
        change(tx, _NEWER, wanted=post_id, payload=payload)
        return
    if known.payload == payload:
        return
    # The same picture or file need not be made and uploaded again.
    file_id = known.file_id if all(payload.get(name) == known.payload.get(name) for name in same) else None
    fresh = {
        "payload": payload,
        "state": "pending",
        "attempts": 0,
        "not_before": None,
        "error": None,
        "file_id": file_id,
    }
    if edit:
        change(tx, _NEWER, wanted=edit.id, **fresh)
        return
    values = {"key": key, "action": "edit", "team_id": post.team_id, "channel": post.channel, "user": post.user}
    change(tx, _NEW, **values, **fresh, target_id=post_id, created_at=now)


def insert_picture_edit(tx: Connection, now: datetime, post: Post) -> None:
    """A message is about to go out without its picture: owes it the picture or file, as soon as Slack has it ready, and
    under the message's guard if that is for its `picture`."""
    key, guard = f"edit:{post.id}", post.guard if post.guard and post.guard.get("picture") else None
    _insert_once(tx, now, key, "edit", post.team_id, post.channel, post.user, target_id=post.id, payload=post.payload)
    tx.execute(update(outbox).where(outbox.c.key == key).values(file_id=post.file_id, guard=guard))


def insert_file_delete(tx: Connection, now: datetime, file_id: str) -> None:
    """Takes a file of ours out of Slack again: it is of no channel, so none that is out of reach keeps it."""
    _insert_once(tx, now, f"delete:{file_id}", "delete", None, None, None, payload={"file_id": file_id})


def update_reaction(
    tx: Connection, now: datetime, team_id: int, channel: str, ts: str, name: str, present: bool
) -> None:
    """Puts the bot's reaction `name` on somebody's message, or takes it off; the last call wins."""
    key, action = f"react:{channel}:{ts}:{name}", "react" if present else "unreact"
    row = tx.execute(select(outbox.c.id, outbox.c.action).where(outbox.c.key == key)).one_or_none()
    if row is None and not present:
        return
    if row is None:
        _insert_once(tx, now, key, action, team_id, channel, None, target_ts=ts, payload={"name": name})
    elif row.action != action:
        changed = {"action": action, "state": "pending", "attempts": 0, "not_before": None}
        change(tx, _NEWER, wanted=row.id, **changed)


def update_home(tx: Connection, now: datetime, user: str, view: dict[str, Any]) -> None:
    """Publishes `view` as the person's home tab; the last call wins."""
    statement = upsert(outbox).values(
        key=f"home:{user}", action="home", user=user, payload=view, state="pending", created_at=now
    )
    fresh = {"payload": view, "state": "pending", "attempts": 0, "not_before": None, "version": outbox.c.version + 1}
    tx.execute(statement.on_conflict_do_update(index_elements=["key"], set_=fresh))


def _insert_once(
    tx: Connection,
    now: datetime,
    key: str,
    action: str,
    team_id: int | None,
    channel: str | None,
    user: str | None,
    *,
    target_id: int | None = None,
    target_ts: str | None = None,
    payload: dict[str, Any],
) -> None:
    values: dict[str, Any] = {"key": key, "action": action, "team_id": team_id, "channel": channel, "user": user}
    values |= {"target_id": target_id, "target_ts": target_ts, "payload": payload, "created_at": now}
    change(tx, _ONCE, **values)


def get_post(tx: Connection, post_id: int) -> Post | None:
    """The row `post_id`."""
    row = find_one(tx, _OF_ID, wanted=post_id)
    return as_post(row) if row else None


def get_post_by_key(tx: Connection, key: str) -> Post | None:
    """The row of that key."""
    row = find_one(tx, _OF_KEY, wanted=key)
    return as_post(row) if row else None


def get_shown_payload(tx: Connection, post: Post) -> dict[str, Any]:
    """How a message reads, or will as soon as its newest edit is through."""
    edit = get_post_by_key(tx, f"edit:{post.id}")
    return (edit or post).payload


def list_posts(tx: Connection, team_id: int, prefix: str) -> list[Post]:
    """A team's messages whose key begins with `prefix`."""
    return [as_post(row) for row in find(tx, _OF_PREFIX, team=team_id, prefix=prefix)]


def get_post_at(tx: Connection, channel: str, ts: str) -> Post | None:
    """The row whose message stands at `ts` in `channel`: how a thread is known to be a bet's."""
    where = (outbox.c.channel == channel, outbox.c.ts == ts, outbox.c.action == "post")
    row = tx.execute(select(*COLUMNS).where(*where)).one_or_none()
    return as_post(row) if row else None


def as_post(row: Row[Any]) -> Post:
    """A row of `outbox` (any select that has its columns) as a value."""
    return Post(**{name: getattr(row, name) for name in Post.__dataclass_fields__})


def update_posted_payload(tx: Connection, post_id: int, payload: dict[str, Any]) -> None:
    """Forgets how a message that was sent once read: what people take back must not stay here either."""
    tx.execute(update(outbox).where(outbox.c.id == post_id, outbox.c.state == "sent").values(payload=payload))


def update_reaction_dropped(tx: Connection, channel: str, ts: str, name: str) -> None:
    """The message is gone: a reaction that still waits for it is not owed any more."""
    where = (outbox.c.key == f"react:{channel}:{ts}:{name}", outbox.c.state == "pending")
    tx.execute(update(outbox).where(*where).values(state="dropped"))
