"""Who may import whom, who may write, and how large things may get: the table of docs/architecture.md, checked."""

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(
    p for folder in ("bot", "handlers") for p in (ROOT / folder).rglob("*.py") if "versions" not in p.parts
)

# What each room may import besides the standard library and itself. Modules that stand alone in `bot/` are the ground:
# the clock, the wire to Slack, the settings.
GROUND = {"bot", "bot.clock", "bot.logs", "bot.runtime", "bot.slack", "bot.holidays", "bot.images"}
MAY = {
    "bot.domain": set(),
    "bot.store": {"bot.domain", "sqlalchemy", "alembic"},
    "bot.render": {"bot.domain"},
    "bot.reports": {"bot.domain", "pandas", "matplotlib", "numpy", "pyarrow", "PIL", "bot.images"},
    "bot.actions": {"bot.domain", "bot.store", "bot.render", "sqlalchemy", "bot.holidays", "bot.images", "bot.logs"},
    "bot.work": {
        "bot.domain",
        "bot.actions",
        "bot.store",
        "bot.reports",
        "slack_sdk",
        "apscheduler",
        "sqlalchemy",
        *GROUND,
    },
    "handlers": {"bot.actions", "bot.render", "bot.domain", "bot.store", "slack_bolt", "sqlalchemy", *GROUND},
    "bot.transport": {
        "slack_bolt",
        "sqlalchemy",
        "slack_sdk",
        "gunicorn",
        "websocket",
        "bot.store",
        "bot.actions",
        *GROUND,
    },
}
FILE_LINES, FUNCTION_LINES, BROAD_EXCEPTS = 400, 60, 6


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes_of(path: Path) -> list[ast.AST]:
    return list(ast.walk(tree_of(path)))


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str | None:
    return next((room for room in MAY if module == room or module.startswith(room + ".")), None)


@cache
def imports_of(path: Path) -> list[tuple[str, int, bool]]:
    """(module, line, whether it is imported at the top of the file) of every import."""
    tree = tree_of(path)
    top = set(map(id, tree.body))
    found = []
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno, id(node) in top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            names = (
                whole
                if node.module in ("bot", "bot.store", "bot.actions", "bot.render", "bot.domain")
                else [node.module]
            )
            found += [(name, node.lineno, id(node) in top) for name in names]
    return found


def is_allowed(module: str, allowed: set[str]) -> bool:
    if module.split(".")[0] in sys.stdlib_module_names:
        return True
    return any(module == name or (name != "bot" and module.startswith(name + ".")) for name in allowed)


@pytest.mark.parametrize("room", MAY)
def test_a_room_imports_only_what_the_table_allows(room: str) -> None:
    wrong = []
    for path in SOURCES:
        if room_of(module_of(path)) != room:
            continue
        allowed = MAY[room] | {room}
        wrong += [f"{path}:{line} {name}" for name, line, _ in imports_of(path) if not is_allowed(name, allowed)]
    assert not wrong, "\n".join(wrong)


def test_the_simulated_slack_and_its_page_know_nothing_of_the_bot() -> None:
    wrong = []
    for path in SOURCES:
        module = module_of(path)
        if module.startswith(("bot.demo.fake_slack", "bot.demo.page")):
            names = [(name, line) for name, line, _ in imports_of(path)]
            wrong += [
                f"{path}:{line} {n}" for n, line in names if n.startswith("bot.") and not n.startswith("bot.demo")
            ]
    assert not wrong, "\n".join(wrong)


def test_the_slow_libraries_are_imported_inside_functions() -> None:
    slow = ("pyarrow", "pandas", "matplotlib", "numpy", "alembic", "holidays", "PIL")
    wrong = [
        f"{path}:{line} {name}"
        for path in SOURCES
        if "migrations" not in path.parts
        for name, line, top in imports_of(path)
        if top and name.split(".")[0] in slow
    ]
    assert not wrong, "\n".join(wrong)


def test_the_domain_has_no_clock_and_no_chance() -> None:
    wrong = []
    for path in SOURCES:
        if room_of(module_of(path)) == "bot.domain":
            for node in nodes_of(path):
                if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today", "random", "urandom"):
                    wrong.append(f"{path}:{node.lineno} .{node.attr}")
    assert not wrong, "\n".join(wrong)


def test_handlers_read_the_store_but_never_write_it() -> None:
    """A write is an action; the receipt of a delivery is the one thing that belongs to the handler."""
    verbs = ("insert_", "update_", "delete_", "put_")
    wrong = []
    for path in SOURCES:
        if not module_of(path).startswith("handlers"):
            continue
        for node in nodes_of(path):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bot.store."):
                names = [alias.name for alias in node.names if alias.name.startswith(verbs)]
                wrong += [f"{path}:{node.lineno} {name}" for name in names if name != "insert_receipt"]
    assert not wrong, "\n".join(wrong)


def test_nobody_imports_the_composition_root_but_those_who_start_it() -> None:
    starters = ("bot.cli", "bot.demo", "bot.transport.wsgi")
    wrong = [
        f"{path}:{line}"
        for path in SOURCES
        for name, line, _ in imports_of(path)
        if name == "bot.app" and not module_of(path).startswith(starters)
    ]
    assert not wrong, "\n".join(wrong)


def test_files_and_functions_stay_small() -> None:
    wrong = []
    for path in SOURCES:
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > FILE_LINES:
            wrong.append(f"{path} {lines} lines")
        for node in nodes_of(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                length = node.end_lineno - node.lineno + 1
                if length > FUNCTION_LINES:
                    wrong.append(f"{path}:{node.name} {length} lines")
    assert not wrong, "\n".join(wrong)


def test_broad_excepts_are_few() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path in SOURCES
        for node in nodes_of(path)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
    ]
    assert len(found) <= BROAD_EXCEPTS, "\n".join(found)
