"""What an operator does with files: exports, and reads what is in one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

from bot.store.db import open_engine, reading
from bot.store.exporting import list_rows
from bot.store.teams import list_teams
from tests.conftest import share_compiled

Cli = Callable[..., Result]
_FILLED: dict[str, bytes] = {}


def begin_with(home: Path, name: str, fill: Callable[[], None]) -> Path:
    """The operator's folder with a database as `fill` leaves it, which runs once in a test process."""
    database = home / "bets.db"
    if name not in _FILLED:
        fill()
        assert not (home / "bets.db-wal").exists(), "somebody else holds the database: it is not in one file"
        _FILLED[name] = database.read_bytes()
    home.mkdir(exist_ok=True)
    database.write_bytes(_FILLED[name])
    return home


def rows_of(folder: Path, kind: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"{kind}.jsonl").read_text().split("\n") if line]


def stored(home: Path, kind: str) -> list[dict[str, Any]]:
    engine = share_compiled(open_engine(f"sqlite:///{home / 'bets.db'}"))
    with reading(engine) as tx:
        found = list(list_rows(tx, kind, [team.id for team in list_teams(tx)]))
    engine.dispose()
    return found


def exported(cli: Cli, home: Path, out: Path) -> Path:
    done = cli(home, "export", "--out", out)
    assert (done.exit_code, done.stderr) == (0, ""), done.output
    return out
