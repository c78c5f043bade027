"""Team tokens: their hashes, by whom they were made and when they were last used."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from bot.domain.tokens import TeamToken, hash_of
from bot.store import meta
from bot.store.db import inserted_id
from bot.store.tables import team_tokens

_LIVE = select(*(team_tokens.c[name] for name in TeamToken.__dataclass_fields__)).where(
    team_tokens.c.revoked_at.is_(None)
)


def list_tokens(tx: Connection, team_id: int) -> list[TeamToken]:
    """The tokens of a team that are in force, oldest first."""
    query = _LIVE.where(team_tokens.c.team_id == team_id).order_by(team_tokens.c.id)
    return [TeamToken(**row._mapping) for row in tx.execute(query)]


def get_token(tx: Connection, token: str) -> TeamToken | None:
    """The token in force that somebody shows."""
    row = tx.execute(_LIVE.where(team_tokens.c.hash == hash_of(token))).one_or_none()
    return TeamToken(**row._mapping) if row else None


def insert_token(tx: Connection, now: datetime, team_id: int, token: str, hint: str, by: str) -> int:
    """Keeps a new token's hash; returns its id."""
    values = {"team_id": team_id, "hash": hash_of(token), "hint": hint, "by": by, "created_at": now}
    return inserted_id(tx.execute(insert(team_tokens).values(**values)))


def update_used(tx: Connection, now: datetime, token_id: int) -> None:
    """The token was used."""
    tx.execute(update(team_tokens).where(team_tokens.c.id == token_id).values(used_at=now))


def update_revoked(tx: Connection, now: datetime, token_id: int, by: str) -> bool:
    """The token is in force no more; False: somebody was faster."""
    where = (team_tokens.c.id == token_id, team_tokens.c.revoked_at.is_(None))
    meta.update_meta(tx, _booked(token_id), None)
    return tx.execute(update(team_tokens).where(*where).values(revoked_at=now, revoked_by=by)).rowcount == 1


def get_booked(tx: Connection, token_id: int) -> datetime | None:
    """Until when the token's pushes are booked: in the database, since several processes may take them."""
    return meta.get_instant(tx, _booked(token_id))


def update_booked(tx: Connection, token_id: int, until: datetime) -> None:
    """The token is booked until then."""
    meta.update_instant(tx, _booked(token_id), until)


def _booked(token_id: int) -> str:
    return f"pushes:{token_id}"
