"""The schema that migrations make is the schema in tables.py, however often and by however many they are run."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, text
from sqlalchemy.exc import IntegrityError

from bot.domain.errors import Refusal
from bot.store import migrate
from bot.store.db import open_engine, reading, writing
from bot.store.tables import APPEND_ONLY, GRAVEYARD, LOCKED_STAYS, history, metadata, teams

T0 = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'home' / 'bets.db'}"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    migrate.upgrade(url)
    engine = open_engine(url)
    yield engine
    engine.dispose()


def schema(engine: Engine) -> dict[str, str]:
    """Every table, index and trigger as SQLite itself describes it, without what only formatting makes different."""
    query = text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%'")
    with reading(engine) as tx:
        rows = tx.execute(query).all()
    return {name: " ".join(sql.replace('"', "").replace("( ", "(").split()) for name, sql in rows}


def lines(sql: str) -> set[str]:
    """A table's columns and constraints, whatever their order."""
    return {part.strip().rstrip(") ") for part in sql.split(", ")}


def test_migrated_schema_is_the_schema_of_the_tables_with_every_constraint_and_trigger(
    engine: Engine, tmp_path: Path
) -> None:
    fresh = open_engine(f"sqlite:///{tmp_path / 'fresh.db'}")
    with writing(fresh) as tx:
        metadata.create_all(tx)
        for statement in [*APPEND_ONLY, *LOCKED_STAYS, GRAVEYARD]:
            tx.execute(text(statement))
    migrated, wanted = schema(engine), schema(fresh)
    fresh.dispose()
    assert migrated.keys() == wanted.keys()
    for name, sql in wanted.items():
        assert lines(migrated[name]) == lines(sql), name


def test_every_constraint_has_a_name() -> None:
    unnamed = [
        (table.name, constraint) for table in metadata.tables.values() for constraint in table.constraints
        if not constraint.name
    ]  # fmt: skip
    assert unnamed == []


def test_head_is_the_newest_revision_and_there_is_one_line_of_them() -> None:
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(migrate.SCRIPTS))
    assert script.get_heads() == [migrate.HEAD]


def test_upgrading_again_changes_nothing(engine: Engine, url: str) -> None:
    with writing(engine) as tx:
        tx.execute(insert(teams).values(**team_row("C1")))
    before = schema(engine)
    migrate.upgrade(url)
    assert schema(engine) == before
    with reading(engine) as tx:
        assert tx.execute(text("SELECT count(*) FROM teams")).scalar_one() == 1


def test_upgrading_at_once_from_threads_and_processes_is_safe(url: str) -> None:
    code = f"from bot.store import migrate; migrate.upgrade({url!r})"
    others = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(2)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate.upgrade, [url] * 4))
    for other in others:
        _, complaint = other.communicate(timeout=30)
        assert other.returncode == 0, complaint
    migrate.prepare(url)


def test_an_upgrade_that_fails_leaves_nothing_behind(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = migrate._run

    def broken(connection: Connection) -> None:
        whole(connection)
        connection.exec_driver_sql("CREATE TRIGGER nonsense")

    monkeypatch.setattr(migrate, "_run", broken)
    with pytest.raises(Refusal, match="cannot be used"):
        migrate.upgrade(url)
    monkeypatch.undo()
    engine = open_engine(url)
    assert schema(engine) == {}
    engine.dispose()
    migrate.prepare(url)


def test_foreign_keys_hold_after_an_upgrade(engine: Engine) -> None:
    with pytest.raises(IntegrityError), writing(engine) as tx:
        tx.execute(text("INSERT INTO members VALUES (99, 'U1', 1, 'now')"))


def test_history_cannot_be_changed_or_deleted(engine: Engine) -> None:
    with writing(engine) as tx:
        team = tx.execute(insert(teams).values(**team_row("C1"))).inserted_primary_key[0]
        tx.execute(insert(history).values(team_id=team, kind="note", subject="B-1", by="U1", at=T0))
    for statement in ("UPDATE history SET kind = 'x'", "DELETE FROM history"):
        with pytest.raises(IntegrityError, match="append-only"), writing(engine) as tx:
            tx.execute(text(statement))


def test_preparing_creates_a_missing_database_that_only_its_owner_can_read(url: str, tmp_path: Path) -> None:
    migrate.prepare(url)
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "home" / "bets.db").stat().st_mode & 0o777 == 0o600
    migrate.prepare(url)


@pytest.mark.parametrize(
    ("version", "sentence"), [("0000", r"older version .*run `bets migrate`"), ("9999", r"newer version .*install")]
)
def test_a_database_of_another_version_is_refused_in_one_sentence(
    engine: Engine, url: str, version: str, sentence: str
) -> None:
    with writing(engine) as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    with pytest.raises(Refusal, match=sentence):
        migrate.prepare(url)
    with pytest.raises(Refusal, match=sentence):
        migrate.check(engine)


def test_migrating_a_newer_database_is_refused_and_leaves_it_alone(engine: Engine, url: str) -> None:
    with writing(engine) as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refusal, match="newer version"):
        migrate.upgrade(url)


def test_somebody_elses_database_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE recipes (name)")
    other.close()
    for act in (migrate.prepare, migrate.upgrade):
        with pytest.raises(Refusal, match="other tables"):
            act(f"sqlite:///{tmp_path / 'other.db'}")


def test_checking_an_empty_database_names_the_command(url: str) -> None:
    engine = open_engine(url)
    with pytest.raises(Refusal, match=r"not set up yet: run `bets migrate`"):
        migrate.check(engine)
    engine.dispose()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("not a database, but long enough to be looked at " * 20)
    with pytest.raises(Refusal, match=r"notes\.db cannot be used"):
        migrate.prepare(f"sqlite:///{tmp_path / 'notes.db'}")


def test_checking_a_database_imports_no_alembic(url: str) -> None:
    migrate.upgrade(url)
    code = f"import sys; from bot.store import migrate; migrate.prepare({url!r}); assert 'alembic' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)


def team_row(channel: str) -> dict[str, object]:
    return {
        "channel": channel,
        "zone": "UTC",
        "leads": ["U1"],
        "deciders": "owners_and_leads",
        "maturity": "mixed",
        "set_up_at": T0,
        "active_since": T0,
    }
