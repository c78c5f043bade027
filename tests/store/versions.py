"""Databases of earlier schemas, as those who upgrade have them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, MetaData, insert

from bot.store import migrate
from bot.store.db import open_engine, writing


def filled(folder: Path, version: str, rows: Mapping[str, Sequence[dict[str, Any]]]) -> Engine:
    """A database of that schema with these rows, by table."""
    engine = open_engine(f"sqlite:///{folder / 'bets.db'}")
    with writing(engine) as tx:
        config = Config(attributes={"connection": tx})
        config.set_main_option("script_location", str(migrate.SCRIPTS))
        command.upgrade(config, version)
    tables = without_search(reflected(engine))
    with writing(engine) as tx:
        for name, found in rows.items():
            for row in found:
                tx.execute(insert(tables.tables[name]).values(row))
    return engine


def without_search(found: MetaData) -> MetaData:
    """The tables without those of the full text."""
    for name in [name for name in found.tables if name.startswith("graveyard")]:
        found.remove(found.tables[name])
    return found


def reflected(engine: Engine) -> MetaData:
    """The tables as the database has them."""
    found = MetaData()
    found.reflect(engine)
    return found
