"""A database of the schema before assumptions were locked keeps every row, and nobody rewrites them afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from bot.store import migrate
from bot.store.db import reading, writing
from tests.store.test_upgrade_to_predictions import LIVED_3
from tests.store.test_upgrades import contents
from tests.store.versions import filled, reflected, without_search


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Engine]:
    """A filled database of schema 0004."""
    engine = filled(tmp_path, "0004", LIVED_3)
    yield engine
    engine.dispose()


def test_every_row_is_kept(old: Engine) -> None:
    tables = without_search(reflected(old))
    with reading(old) as tx:
        before = contents(tx, tables)
    migrate.upgrade(str(old.url))
    with reading(old) as tx:
        assert before["assumptions"] and contents(tx, tables) == before
        assert tx.execute(text("PRAGMA foreign_key_check")).all() == []
    migrate.check(old)


def test_an_assumption_of_before_is_answered_but_not_rewritten(old: Engine) -> None:
    migrate.upgrade(str(old.url))
    with writing(old) as tx:
        tx.execute(text("UPDATE assumptions SET state = 'holds', owner = 'U2', check_at = NULL"))
    for statement in ("UPDATE assumptions SET text = 'x'", "DELETE FROM assumptions"):
        with pytest.raises(IntegrityError, match="stays as it is"), writing(old) as tx:
            tx.execute(text(statement))
