"""The database is set up on purpose: one file that survives power cuts, private, read without waiting (C40)."""

import stat
from pathlib import Path

from sqlalchemy import Engine

from bot.store import db, meta, migrate


def opened(tmp_path: Path) -> Engine:
    url = f"sqlite:///{tmp_path / 'bets.db'}"
    migrate.upgrade(url)
    return db.open_engine(url)


def test_the_database_is_what_it_was_asked_to_be(tmp_path: Path) -> None:
    engine = opened(tmp_path)
    with db.reading(engine) as tx:
        found = {name: tx.exec_driver_sql(f"PRAGMA {name}").scalar() for name in _PRAGMAS}
    assert found == _PRAGMAS
    assert stat.S_IMODE((tmp_path / "bets.db").stat().st_mode) == 0o600
    engine.dispose()


# 2 is FULL: an outbox writes a few times a minute, and must not lose a commit to a power cut.
_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 10_000}


def test_a_reader_sees_one_moment_and_keeps_nobody_from_writing(tmp_path: Path) -> None:
    engine = opened(tmp_path)
    with db.reading(engine) as reader:
        before = meta.get_meta(reader, "counter")
        with db.writing(engine) as writer:
            meta.update_meta(writer, "counter", "1")
        assert meta.get_meta(reader, "counter") == before
    engine.dispose()
