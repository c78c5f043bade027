"""What shows answers or scopes and no longer reads right: noted in their transactions, mended by work soon after."""

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.store.prepared import change, find
from bot.store.tables import meta

_PREFIX = "stale:"
# Built once, since every answer notes something.
_NOTE = upsert(meta).on_conflict_do_nothing(index_elements=["key"])
_NOTED = select(meta.c.key).where(meta.c.key.startswith(_PREFIX)).order_by(meta.c.key)
_FORGET = delete(meta).where(meta.c.key.startswith(_PREFIX))


def insert_stale(tx: Connection, *names: str) -> None:
    """Notes these, each once."""
    for name in names:
        change(tx, _NOTE, key=_PREFIX + name, value="")


def insert_stale_scope(tx: Connection, team_id: int, bet_id: int, *, posts: bool = False) -> None:
    """Notes what shows a bet's scope; with `posts` also that its thread has not been told something of it yet."""
    insert_stale(tx, f"scope:{team_id}:{bet_id}:{'post' if posts else 'edit'}")


def list_stale(tx: Connection) -> list[str]:
    """What is noted, in a fixed order."""
    return [row[0].removeprefix(_PREFIX) for row in find(tx, _NOTED)]


def delete_stale(tx: Connection) -> None:
    """Forgets all of it, in the transaction that mends it."""
    change(tx, _FORGET)
