"""Scopes and assumptions leave as files and come back as they were."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.actions.assumptions import do_answer_assumption
from bot.actions.scoping import do_change_scope, do_drop_change, do_save_draft, do_start_bet
from bot.store.db import open_engine, reading
from bot.store.exporting import KINDS
from bot.store.scopes import get_draft, get_scope, list_standing
from tests.conftest import ANA, CHANNEL, RAJ, Office, lived_once
from tests.exports.conftest import HOSTILE
from tests.exports.files import Cli, exported, rows_of
from tests.scenarios.scoped import WHOLE, Scoping


@pytest.fixture
@lived_once
def scoped(team: Office) -> Office:
    """B-1 drifted once, is live and has a false assumption and a third version open; B-2 is a draft."""
    scoping = Scoping(team)
    bet, _ = scoping.locked(replace(WHOLE, problem=HOSTILE))
    bet = scoping.do(do_start_bet, ANA, bet)
    with team.bot.reading() as tx:
        first = list_standing(tx, [bet.id])[bet.id][0]
    scoping.do(do_answer_assumption, ANA, bet, first.id, "false")
    second = scoping.do(do_change_scope, ANA, bet, HOSTILE)
    changed = scoping.do(do_save_draft, ANA, second.id, 1, {"assumptions": second.doc.assumptions[:1]}).scope
    scoping.lock(changed)
    scoping.do(do_drop_change, ANA, scoping.do(do_change_scope, ANA, scoping.bet(bet), "Dropped at once").id)
    scoping.do(do_change_scope, ANA, scoping.bet(bet), "Once more")
    scoping.begin(replace(WHOLE, title=HOSTILE))
    team.settle()
    return team


def test_each_version_of_a_scope_leaves_as_a_markdown_file(scoped: Office, cli: Cli, tmp_path: Path) -> None:
    done = cli(scoped.home, "export", "--format", "md", "--out", tmp_path / "out")
    assert done.exit_code == 0 and "4 scopes" in done.output, done.output
    texts = {path.name: path.read_text() for path in (tmp_path / "out" / "scopes").iterdir()}
    assert set(texts) == {"B-1-v1.md", "B-1-v2.md", "B-1-v3.md", "B-2-v1.md"}
    assert "- **Agents read the rank**" in texts["B-1-v1.md"] and "Agents read" not in texts["B-1-v2.md"]
    assert "- **Labels exist** (false)" in texts["B-1-v2.md"] and "Version 3, draft" in texts["B-1-v3.md"]


def test_scopes_are_the_same_after_an_export_and_an_import(scoped: Office, cli: Cli, tmp_path: Path) -> None:
    first = exported(cli, scoped.home, tmp_path / "first")
    assert [(row["bet"], row["version"], row["status"], row["signed_off_by"]) for row in rows_of(first, "scopes")] == [
        ("B-1", 1, "locked", RAJ), ("B-1", 2, "locked", RAJ), ("B-1", 3, "draft", None), ("B-2", 1, "draft", None),
    ]  # fmt: skip
    labels, agents = rows_of(first, "assumptions")
    assert {name: labels[name] for name in ("text", "kind", "critical", "state", "owner", "check_at")} == {
        "text": "Labels exist", "kind": "labels", "critical": True, "state": "false", "owner": ANA,
        "check_at": "2026-12-07",
    }  # fmt: skip
    assert (agents["state"], agents["gone_version"]) == ("untested", 2)
    done = cli("new", "import", *first.iterdir())
    assert (done.exit_code, done.stderr) == (0, ""), done.output
    second = exported(cli, tmp_path / "new", tmp_path / "second")
    for kind in KINDS:
        assert (first / f"{kind}.jsonl").read_bytes() == (second / f"{kind}.jsonl").read_bytes(), kind
    engine = open_engine(f"sqlite:///{tmp_path / 'new' / 'bets.db'}")
    with reading(engine) as tx:
        open_one = get_scope(tx, 1)
        assert open_one is not None and get_draft(tx, open_one.id, open_one.revision) == open_one.doc
    engine.dispose()


def line(**values: Any) -> str:
    import json

    row = {"id": 1, "team": CHANNEL, "bet": "B-1", "version": 1, "status": "draft", "author": ANA, "doc": {}} | values
    return json.dumps(row)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"status": "locked"}, "with its `locked_at`"),
        ({"status": "done"}, "a scope is"),
        ({"doc": None}, "`doc` is missing"),
        ({"doc": {"title": 7}}, "not as an export writes it"),
        ({"doc": {"assumptions": [7]}}, "not as an export writes it"),
        ({"bet": "B-9"}, "there is no bet"),
        ({"version": -2}, "`version` counts from 1"),
    ],
)
def test_a_scope_that_cannot_come_in_is_named(
    scoped: Office, cli: Cli, tmp_path: Path, values: dict[str, Any], sentence: str
) -> None:
    out = exported(cli, scoped.home, tmp_path / "out")
    (out / "scopes.jsonl").write_text(line(**values) + "\n")
    done = cli("new", "import", *out.iterdir())
    assert done.exit_code == 1 and "scopes.jsonl, line 1" in done.stderr and sentence in done.stderr, done.stderr
