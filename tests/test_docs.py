"""The README is true: each command, setting, scope and label in it exists, and the other way round."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from shutil import copy

import pytest

import handlers
from bot.app import build
from bot.cli import COMMANDS
from bot.config import Settings
from bot.domain.teams import KEYS
from bot.store.db import open_engine, reading, writing
from bot.store.meta import update_meta
from bot.transport.manifest import SCOPES
from handlers.commands import WORDS
from tests.conftest import empty_database

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CODE = "\n".join(path.read_text(encoding="utf-8") for path in [*ROOT.glob("bot/**/*.py"), *ROOT.glob("handlers/*.py")])


@pytest.fixture(scope="module", autouse=True)
def registered(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("docs")
    build(Settings(_env_file=None, slack_bot_token="xoxb-x", bets_home=home)).engine.dispose()
    assert handlers.MODULES


def section(title: str) -> str:
    return README.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_every_setting_is_in_the_table_and_every_row_is_a_setting() -> None:
    rows = re.findall(r"^\| ((?:`[A-Z_]+`(?:, )?)+) \|", section("Settings"), re.MULTILINE)
    told = set(re.findall(r"[A-Z_]+", " ".join(rows)))
    assert told == {name.upper() for name in Settings.model_fields}


def test_every_scope_is_explained_in_the_words_of_the_manifest() -> None:
    rows = dict(re.findall(r"^\| `([a-z_:]+)` \| (.+) \|$", README, re.MULTILINE))
    assert rows == SCOPES


def test_every_subcommand_is_in_the_table_and_every_row_is_a_subcommand() -> None:
    told = set(re.findall(r"`bets ([a-z]+)", section("On the command line")))
    assert told == set(COMMANDS)


def test_every_word_of_the_slash_command_is_in_the_table_and_every_row_is_a_word() -> None:
    told = set(re.findall(r"`/bets ([a-z]+)", section("In Slack")))
    assert told == {*WORDS, "help"}


def test_every_key_of_team_set_is_named() -> None:
    line = section("On the command line").split("Keys of `team set`:")[1].split(".\n")[0]
    assert set(re.findall(r"`([a-z_]+)`", line)) == set(KEYS)


@pytest.mark.parametrize(
    "label", ["Set up this team", "Give my updates", "Answer", "Snooze", "I'm away", "Share in channel"]
)
def test_a_label_that_the_readme_names_is_on_a_button(label: str) -> None:
    assert label in README
    assert f'"{label}"' in CODE


def test_every_link_and_picture_leads_somewhere() -> None:
    for page in [ROOT / "README.md", *ROOT.glob("docs/*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert target.startswith("https://api.slack.com/") or (page.parent / target).exists(), target


def test_the_command_for_a_backup_copies_all_of_a_database_in_use_for_its_user_alone(tmp_path: Path) -> None:
    found = re.search(r"^  (\(umask .+\))$", section("Operating it"), re.MULTILINE)
    assert found
    (tmp_path / "data").mkdir()
    copy(empty_database(), tmp_path / "data" / "bets.db")
    engine = open_engine(f"sqlite:///{tmp_path / 'data' / 'bets.db'}")
    with writing(engine) as tx:
        update_meta(tx, "said", "a moment ago")
    with reading(engine):  # so that it stands in the write-ahead log
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        subprocess.run(found[1], shell=True, cwd=tmp_path, env={"PATH": path}, check=True)
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copied:
        assert copied.execute("SELECT value FROM meta WHERE key = 'said'").fetchall() == [("a moment ago",)]
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


def test_the_makefile_has_the_commands_that_the_readme_names() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in set(re.findall(r"`make ([a-z]+)", README)):
        assert re.search(rf"^{name}:", makefile, re.MULTILINE), name


def test_the_lock_pins_every_package_by_hash_and_names_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    for block in re.split(r"\n(?=[a-z])", lock):
        if re.match(r"[a-z0-9-]+==", block):
            assert "--hash=sha256:" in block, block.splitlines()[0]
