"""Statements that were put together once, said to the driver itself.

SQLAlchemy writes their SQL and knows how values are stored; but it takes five times as long to execute a statement as
SQLite to answer it, and an acknowledgement waits for ten of them. Whatever is built anew each time goes its usual way.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import SelectBase

Statement = SelectBase | UpdateBase
Process = Callable[[Any], Any] | None


@dataclass(frozen=True)
class Prepared:
    """The SQL of one statement, its parameters in their order (name, value unless given, how it is stored), the columns
    of its answer that are stored in another way than they read, and what makes a row."""

    sql: str
    parameters: list[tuple[str, Any, Process]]
    stored: list[tuple[int, Callable[[Any], Any]]]
    row: Callable[[Any], Any]

    def order(self, values: dict[str, Any]) -> list[Any]:
        """The values as SQLite wants them."""
        return [
            (store(values[name]) if store else values[name]) if name in values else otherwise
            for name, otherwise, store in self.parameters
        ]


def find(tx: Connection, statement: Statement, **values: Any) -> list[Any]:
    """The rows that a statement built once finds (or changes, and returns), as named tuples; `values` are those of its
    parameters."""
    known = _prepare(statement, tx.dialect, tuple(values))
    return list(map(known.row, _find(tx, known, values)))


def find_tuples(tx: Connection, statement: Statement, **values: Any) -> list[tuple[Any, ...]]:
    """The same as plain tuples, for what is read by the hundred and looked at by its place."""
    return list(_find(tx, _prepare(statement, tx.dialect, tuple(values)), values))


def _find(tx: Connection, known: Prepared, values: dict[str, Any]) -> Iterable[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = say(tx, known.sql, known.order(values)).fetchall()
    if not rows or not known.stored:
        return rows
    columns: list[Any] = list(zip(*rows))
    for place, process in known.stored:
        columns[place] = map(process, columns[place])
    return zip(*columns)


def find_one(tx: Connection, statement: Statement, **values: Any) -> Any:
    """The first of these rows, or None."""
    return next(iter(find(tx, statement, **values)), None)


def find_value(tx: Connection, statement: Statement, **values: Any) -> Any:
    """The first value of the first row, or None."""
    row = find_one(tx, statement, **values)
    return row[0] if row else None


def change(tx: Connection, statement: UpdateBase, **values: Any) -> int:
    """Writes what a statement built once writes; values that are none of its parameters are those of its columns.
    Returns how many rows that changed."""
    known = _prepare(statement, tx.dialect, tuple(values))
    return int(say(tx, known.sql, known.order(values)).rowcount)


def say(tx: Connection, sql: str, values: list[Any] | tuple[()] = ()) -> Any:
    """Says it to the driver; returns its cursor. Fails as SQLAlchemy does, and like it quotes no values."""
    driver: Any = tx.connection.dbapi_connection
    try:
        return driver.execute(sql, values)
    except tx.dialect.loaded_dbapi.Error as error:
        known = tx.dialect.loaded_dbapi.Error
        raise DBAPIError.instance(sql, None, error, known, hide_parameters=True, dialect=tx.dialect) from error


@cache
def _prepare(statement: Statement, dialect: Dialect, names: tuple[str, ...]) -> Prepared:
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names) or None)
    assert "POSTCOMPILE" not in compiled.string, "a list of values is written out anew for each execution"
    # Not `statement.exported_columns`: an UPDATE keeps them once asked, also in one made from it that returns more.
    columns = compiled._result_columns
    reads = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    return Prepared(
        compiled.string,
        [_parameter(compiled, name, dialect) for name in compiled.positiontup],
        [(place, process) for place, process in enumerate(reads) if process],
        _row_of([str(column.name or "") for column in columns]),  # an expression may have none
    )


def _row_of(names: list[str]) -> Callable[[Any], Any]:
    row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # not a literal
    # Whoever makes a value of a row takes this one as any of SQLAlchemy's.
    return type("Row", (row,), {"__slots__": (), "_mapping": property(row._asdict)})._make  # type: ignore[attr-defined]


def _parameter(compiled: Any, name: str, dialect: Dialect) -> tuple[str, Any, Process]:
    bind, defaults = compiled.binds[name], {column.name: column.default.arg for column in compiled.insert_prefetch}
    store = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if bind.required and name not in defaults:
        return name, ..., store  # which SQLite does not take: it has to be given
    value = defaults.get(name, compiled.params[name])
    return name, store(value) if store else value, store
