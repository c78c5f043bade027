"""What an undo needs: a bet's values before a decision, as they travel in JSON, and back."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Date, delete, select

from bot.store.db import Instant
from bot.store.tables import bets, kill_criteria

CRITERION = "criterion"


def get_values(tx: Connection, bet_id: int, names: list[str]) -> dict[str, Any]:
    """These columns of the bet, instants and days as ISO text."""
    row = tx.execute(select(*(bets.c[name] for name in names)).where(bets.c.id == bet_id)).one()
    return {name: _plain(value) for name, value in row._mapping.items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (datetime, date)) else value


def read_values(before: dict[str, Any]) -> dict[str, Any]:
    """What `get_values` gave, as a bet's columns again; what is no column of a bet is left out."""
    return {name: _parsed(name, value) for name, value in before.items() if name in bets.c}


def _parsed(name: str, value: Any) -> Any:
    kind = bets.c[name].type
    if value is None or not isinstance(kind, (Instant, Date)):
        return value
    return datetime.fromisoformat(value) if isinstance(kind, Instant) else date.fromisoformat(value)


def delete_criterion(tx: Connection, bet_id: int, criterion_id: int) -> None:
    """Takes away the criterion that came with a decision."""
    tx.execute(delete(kill_criteria).where(kill_criteria.c.bet_id == bet_id, kill_criteria.c.id == criterion_id))
