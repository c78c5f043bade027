"""A database of the schema before scopes, filled, keeps every row, and can hold scopes afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from bot.domain.scoping import Document
from bot.store import migrate
from bot.store.bets import get_bet, list_decisions
from bot.store.db import reading, writing
from bot.store.evidence import get_evidence
from bot.store.graveyard import refresh_grave, search
from bot.store.nudges import list_nudges
from bot.store.scopes import get_scope, insert_scope, list_assumptions, update_scope
from tests.store.graves import T0
from tests.store.test_upgrades import AT, IDS, LATER, LIVED, Row, contents
from tests.store.versions import filled, reflected, without_search

# What schema 0002 holds beyond the one before it.
NUDGE: Row = {
    "id": 1,
    "bet_id": IDS["live"],
    "advice": "ask",
    "evidence": [{"code": "silence", "points": -0.5, "text": "x"}],
}
NUDGE |= {"hard": ["a fact"], "created_at": AT, "posted_at": LATER, "outbox_id": 20, "answer": "snoozed"}
NUDGE |= {"answered_by": "U1", "answered_at": LATER}


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Engine]:
    """A filled database of schema 0002."""
    engine = filled(tmp_path, "0002", LIVED | {"nudges": [NUDGE]})
    with writing(engine) as tx:
        tx.execute(text("UPDATE bets SET earlier_weeks = 2.5, earlier_people_weeks = 5"))
        tx.execute(text("""UPDATE decisions SET "before" = '{"status": "live"}', late_people_weeks = 1.5"""))
        refresh_grave(tx, IDS["killed"])
    yield engine
    engine.dispose()


def test_every_row_is_kept(old: Engine) -> None:
    tables = without_search(reflected(old))
    with reading(old) as tx:
        before = contents(tx, tables)
    assert all(before.values()) and {*before} == {*LIVED, "nudges"}
    migrate.upgrade(str(old.url))
    with reading(old) as tx:
        assert contents(tx, tables) == before
        assert tx.execute(text("PRAGMA foreign_key_check")).all() == []
        assert search(tx, [1], "agents sorted", 9) == [IDS["killed"]]
    migrate.check(old)


def test_what_was_there_reads_as_values_of_this_version_without_scopes(old: Engine) -> None:
    migrate.upgrade(str(old.url))
    with reading(old) as tx:
        known = get_evidence(tx, 1)
        assert known.scopes == {} and known.assumptions == {} and get_scope(tx, IDS["live"]) is None
        assert list_assumptions(tx) == [] and get_bet(tx, IDS["live"]).earlier_weeks == 2.5
        assert [one.before for one in list_decisions(tx)][:1] == [{"status": "live"}]
        assert [one.hard for one in list_nudges(tx)] == [("a fact",)]


def test_a_scope_that_is_locked_there_stays_as_it_is(old: Engine) -> None:
    migrate.upgrade(str(old.url))

    def lock(tx: Connection) -> None:
        scope = insert_scope(tx, T0, IDS["live"], 1, "U1", Document(title="x"))
        assert update_scope(tx, T0, scope, "locked", locked_at=T0)

    with writing(old) as tx:
        lock(tx)
    for statement in ("UPDATE scopes SET doc = '{}'", "DELETE FROM scopes"):
        with pytest.raises(IntegrityError, match="stays as it is"), writing(old) as tx:
            tx.execute(text(statement))
