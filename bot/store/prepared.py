"""Questions that were put together once, asked of the driver itself.

SQLAlchemy writes the SQL of a statement and knows how its values are stored; but it takes five times as long to execute
one as SQLite to answer it, and an acknowledgement waits for ten. Whatever is built anew each time goes its usual way.
"""

from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError

Process = Callable[[Any], Any] | None


@dataclass(frozen=True)
class Prepared:
    """The SQL of one statement, its parameters in their order (name, value unless given, how it is stored), the columns
    of its answer that are stored in another way than they read, and the rows' names."""

    sql: str
    parameters: list[tuple[str, Any, Process]]
    stored: list[tuple[int, Callable[[Any], Any]]]
    row: Callable[[Any], Any]


def find(tx: Connection, statement: Select[Any], **values: Any) -> list[Any]:
    """The rows that a statement built once finds, as named tuples; `values` are those of its parameters."""
    known = _prepare(statement, tx.dialect)
    given = [
        (store(values[name]) if store else values[name]) if name in values else otherwise
        for name, otherwise, store in known.parameters
    ]
    rows, make, stored = say(tx, known.sql, given), known.row, known.stored
    if not stored:
        return [make(row) for row in rows]
    found = []
    for row in rows:
        read = list(row)
        for place, process in stored:
            read[place] = process(read[place])
        found.append(make(read))
    return found


def find_one(tx: Connection, statement: Select[Any], **values: Any) -> Any:
    """The first of these rows, or None."""
    return next(iter(find(tx, statement, **values)), None)


def find_value(tx: Connection, statement: Select[Any], **values: Any) -> Any:
    """The first value of the first row, or None."""
    row = find_one(tx, statement, **values)
    return row[0] if row else None


def say(tx: Connection, sql: str, values: list[Any] | tuple[()] = ()) -> list[Any]:
    """Says it to the driver; returns its answer. Fails as SQLAlchemy does, and like it quotes no values."""
    driver: Any = tx.connection.dbapi_connection
    try:
        return list(driver.execute(sql, values))
    except tx.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(
            sql, None, error, tx.dialect.loaded_dbapi.Error, hide_parameters=True, dialect=tx.dialect
        ) from error


@cache
def _prepare(statement: Select[Any], dialect: Dialect) -> Prepared:
    compiled: Any = statement.compile(dialect=dialect)
    assert "POSTCOMPILE" not in compiled.string, "a list of values is written out anew for each execution"
    columns = list(statement.selected_columns)
    reads = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    names = [str(getattr(column, "name", "")) for column in columns]  # an expression may have none
    return Prepared(
        compiled.string,
        [_parameter(compiled, name, dialect) for name in compiled.positiontup],
        [(place, process) for place, process in enumerate(reads) if process],
        _row_of(names),
    )


def _row_of(names: list[str]) -> Callable[[Any], Any]:
    row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # not a literal
    # Whoever makes a value of a row takes this one as any of SQLAlchemy's.
    return type("Row", (row,), {"__slots__": (), "_mapping": property(row._asdict)})._make  # type: ignore[attr-defined]


def _parameter(compiled: Any, name: str, dialect: Dialect) -> tuple[str, Any, Process]:
    bind = compiled.binds.get(name)
    value = compiled.params[name]
    store = bind.type.dialect_impl(dialect).bind_processor(dialect) if bind is not None else None
    return name, store(value) if store and value is not None else value, store
