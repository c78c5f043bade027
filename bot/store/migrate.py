"""The database's schema: brings it to this version, or says in one sentence why this version cannot use it.

Nothing but `upgrade` changes a schema, and only `bets migrate`, or the first command on a missing database, calls it.
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, make_url, text
from sqlalchemy.exc import DatabaseError

from bot.domain.errors import Refusal
from bot.store.db import begin, open_engine, reading

# The newest file in migrations/versions. Written here too, so that a start can check without importing alembic.
HEAD = "0005"
SCRIPTS = Path(__file__).parent / "migrations"


class SchemaError(Refusal):
    """A database that this version cannot use; one sentence says why and what to do."""


def prepare(url: str) -> None:
    """Creates a missing database; refuses one that this version cannot use."""
    engine = open_engine(url)
    try:
        if _is_empty(engine):
            upgrade(url)
        check(engine)
    finally:
        engine.dispose()


def check(engine: Engine) -> None:
    """Refuses a database of another version than this one, and a file that is no database of Bets."""
    with _readable(engine), reading(engine) as tx:
        found = _version(tx)
        _refuse_foreign(tx)
    if found != HEAD:
        made_by = f"was made by an older version of Bets (schema {found})" if found else "is not set up yet"
        raise SchemaError(f"{engine.url.database} {made_by}: run `bets migrate` first.")


def upgrade(url: str) -> None:
    """Creates the database if it is missing, and brings it to this version; twice, or at once, is safe.

    1. An exclusive lock on a file beside the database: one upgrade at a time, freed by the system if we die.
    2. Foreign keys off, outside the transaction: rebuilding a table would otherwise cascade into its children.
    3. All steps in one transaction: killed in the middle, nothing happened.
    4. Every foreign key is checked before it commits.
    """
    engine = open_engine(url)
    try:
        with _only_one(Path(str(make_url(url).database))), _readable(engine), engine.connect() as connection:
            connection.connection.execute("PRAGMA foreign_keys = OFF")
            with connection.begin():
                begin(connection)
                _refuse_foreign(connection)
                _run(connection)
                if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
                    raise SchemaError(
                        f"The upgrade would leave {len(broken)} rows without the row they point at; undone."
                    )
            connection.invalidate()  # it has foreign keys off: never to be used again
        check(engine)
    finally:
        engine.dispose()


def _refuse_foreign(tx: Connection) -> None:
    """Refuses what `upgrade` cannot help with: a newer version's database, or a file with other tables."""
    where, found = tx.engine.url.database, _version(tx)
    if found is None and inspect(tx).get_table_names():
        raise SchemaError(f"{where} holds other tables than those of Bets: name another file in DATABASE_URL.")
    if found is not None and found > HEAD:
        raise SchemaError(
            f"{where} was made by a newer version of Bets (schema {found}): `bets migrate` cannot go back, "
            "so install that version again."
        )


def _run(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    command.upgrade(config, "head")


def _version(tx: Connection) -> str | None:
    if not inspect(tx).has_table("alembic_version"):
        return None
    return tx.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _is_empty(engine: Engine) -> bool:
    with _readable(engine), reading(engine) as tx:
        return not inspect(tx).get_table_names()


@contextmanager
def _readable(engine: Engine) -> Iterator[None]:
    """Says in one sentence what is wrong with the file itself."""
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        cause = getattr(error, "orig", None) or error
        raise SchemaError(f"The database {engine.url.database} cannot be used: {cause}.") from error


@contextmanager
def _only_one(database: Path) -> Iterator[None]:
    with database.with_name(database.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
