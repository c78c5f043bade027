"""Statements that are asked of the driver: the answers are SQLAlchemy's, and so are the failures."""

import ast
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copy

import pytest
from sqlalchemy import Column, Engine, bindparam, func, insert, select, update
from sqlalchemy.exc import OperationalError

import bot.store
from bot.store import claims, meta
from bot.store.db import listed, open_engine, reading, writing
from bot.store.prepared import change, find, find_one, find_value, say
from bot.store.tables import absences, bets, inbox, outbox, teams
from tests.conftest import empty_database

NOW = datetime(2026, 11, 30, 9, 0, 0, 250, tzinfo=UTC)
_BETS = select(bets, func.length(bets.c.title), bets.c.title + "!").where(bets.c.id.in_(listed())).order_by(bets.c.id)
_AWAY = select(absences).where(absences.c.first <= bindparam("day"), absences.c.ended_at.is_(None))
_NOTHING = select(bets.c.title).where(bets.c.id == bindparam("wanted"))
_EVENTS = select(inbox.c.payload).where(inbox.c.received_at <= bindparam("until", type_=inbox.c.received_at.type))
_LISTED = select(bets.c.id).where(bets.c.status.in_(("idea", "live")))
STORE = Path(bot.store.__path__[0])


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Engine]:
    """A team with two bets, somebody who is away, and an event."""
    engine = open_engine(f"sqlite:///{copy(empty_database(), tmp_path / 'bets.db')}")
    with writing(engine) as tx:
        team = {"id": 1, "channel": "C0TEAM", "zone": "UTC", "leads": ["U0ANA"], "set_up_by": "U0ANA"}
        team |= {"deciders": "leads", "maturity": "mixed"}
        tx.execute(insert(teams).values(**team, set_up_at=NOW, active_since=NOW))
        bet = {
            "team_id": 1,
            "problem": "p",
            "author": "U0ANA",
            "appetite_weeks": 6,
            "status": "live",
            "appetite_people_weeks": 6,
            "created_at": NOW,
        }
        for number, title in ((1, "One's"), (2, "Zwei \N{WINE GLASS}")):
            tx.execute(insert(bets).values(number=number, title=title, tags=["nlp", title], **bet))
        day = date(2026, 12, 1)
        away = {"team_id": 1, "user": "U0ANA", "first": day, "last": day, "by": "U0ANA", "created_at": NOW}
        tx.execute(insert(absences).values(**away))
        tx.execute(insert(inbox).values(event_id="Ev1", payload={"event": {"text": "é"}}, received_at=NOW))
    yield engine
    engine.dispose()


def test_a_statement_returns_what_it_says_also_when_the_one_it_was_made_from_was_said_before(rows: Engine) -> None:
    rename = update(bets).where(bets.c.id == bindparam("wanted"))
    with writing(rows) as tx:
        assert change(tx, rename, wanted=1, title="Two") == 1
        assert find_one(tx, rename.returning(bets.c.id, bets.c.title), wanted=1, title="Three") == (1, "Three")


def test_the_rows_are_those_that_sqlalchemy_finds(rows: Engine) -> None:
    asked = [
        (_BETS, {"wanted": [1, 2, 7]}),
        (_AWAY, {"day": date(2026, 12, 24)}),
        (_EVENTS, {"until": NOW}),
    ]
    with reading(rows) as tx:
        for statement, values in asked:
            usual = tx.execute(statement, values).all()
            found = find(tx, statement, **values)
            assert usual and [tuple(row) for row in found] == [tuple(row) for row in usual]
            names = [column.name for column in statement.selected_columns if isinstance(column, Column)]
            assert names and [found[0]._mapping[name] for name in names] == [usual[0]._mapping[name] for name in names]


def test_a_row_has_its_columns_names(rows: Engine) -> None:
    with reading(rows) as tx:
        row = find(tx, _BETS, wanted=[2])[0]
        assert (row.title, row.tags, row.created_at) == ("Zwei \N{WINE GLASS}", ("nlp", "Zwei \N{WINE GLASS}"), NOW)
        assert row.ended_at is None


def test_where_nothing_is_there_is_no_row_and_no_value(rows: Engine) -> None:
    with reading(rows) as tx:
        assert find(tx, _NOTHING, wanted=99) == []
        assert find_one(tx, _NOTHING, wanted=99) is None
        assert find_value(tx, _NOTHING, wanted=99) is None
        assert find_value(tx, _NOTHING, wanted=1) == "One's"


def test_a_question_sees_what_its_own_transaction_wrote(rows: Engine) -> None:
    with writing(rows) as tx:
        meta.update_meta(tx, "name", "value")
        assert meta.get_meta(tx, "name") == "value"
    with reading(rows) as tx:
        assert meta.get_meta(tx, "name") == "value"


def test_what_sqlite_refuses_fails_as_sqlalchemy_does_and_quotes_no_values(rows: Engine) -> None:
    with reading(rows) as tx, pytest.raises(OperationalError) as refused:
        say(tx, "SELECT nothing FROM nowhere WHERE title = ?", ["a secret"])
    assert "nowhere" in str(refused.value)
    assert "a secret" not in str(refused.value)


def test_a_list_that_is_written_out_is_refused(rows: Engine) -> None:
    with reading(rows) as tx, pytest.raises(AssertionError, match="anew for each execution"):
        find(tx, _LISTED)


def test_the_longest_statement_of_all_is_asked_in_the_right_order(rows: Engine) -> None:
    with writing(rows) as tx:
        post = {"key": "hello", "action": "post", "team_id": 1, "channel": "C0TEAM", "payload": {"text": "Hello"}}
        tx.execute(insert(outbox).values(**post, created_at=NOW))
    with reading(rows) as tx:
        assert [post.key for post in claims.list_sendable(tx, NOW, 1.0, 1000.0)] == ["hello"]


def test_whatever_is_asked_so_is_built_once() -> None:
    """A statement that is put together in a function would be kept for ever, once for each call."""
    for path in STORE.glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            asks = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id.startswith("find")
            if asks and path.name != "prepared.py":
                named = call.args[1].func if isinstance(call.args[1], ast.Call) else call.args[1]  # type: ignore[attr-defined]
                assert isinstance(named, ast.Name), f"{path.name}:{call.lineno}"  # type: ignore[attr-defined]
