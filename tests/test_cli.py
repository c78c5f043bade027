"""The command line: every wrong setting or word is one sentence on stderr, with the right exit code."""

import errno
import json
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import click
import pytest
from sqlalchemy.exc import DBAPIError

from bot import cli
from bot.cli import COMMANDS
from bot.config import Settings
from bot.disk import file_system_of, find_risk
from bot.runtime import Bot
from bot.store import meta, migrate
from bot.store.db import open_engine, writing
from tests.conftest import ANA, CHANNEL, LEAD, Office
from tests.scenarios.test_home import open_home
from tests.talk import Person
from tests.work.ledger import owe

Bets = Callable[..., tuple[int, str, str]]
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("BETS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PORT", "0")
    return tmp_path


@pytest.fixture
def bets(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Bets:
    """(exit code, stdout, stderr) of `bets WORDS` with settings."""

    def call(words: str = "", **settings: str) -> tuple[int, str, str]:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["bets", *words.split()])
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return call


def move_clock(home: Path) -> None:
    url = f"sqlite:///{home / 'home' / 'bets.db'}"
    migrate.upgrade(url)
    engine = open_engine(url)
    with writing(engine) as tx:
        meta.update_offset(tx, timedelta(days=1))
    engine.dispose()


def test_help_lists_every_command_and_needs_none_of_them(bets: Bets) -> None:
    code, out, _ = bets("--help")
    assert code == 0 and all(name in out for name in COMMANDS)


def test_help_is_quick_because_it_imports_nothing_heavy() -> None:
    """A process of its own, since this one has everything loaded."""
    words = "import sys; sys.argv = ['bets', '--help']; from bot.cli import bets; bets(standalone_mode=False);"
    names = "{'pydantic', 'slack_sdk', 'slack_bolt', 'sqlalchemy', 'alembic', 'pandas', 'matplotlib', 'apscheduler'}"
    check = f"{words} heavy = {names} & set(sys.modules); sys.exit(str(heavy) if heavy else 0)"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "team" in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does_in_the_words_of_the_list(bets: Bets, name: str) -> None:
    code, out, _ = bets(f"{name} --help")
    assert code == 0 and out.startswith(f"Usage: bets {name}")


def test_without_a_word_it_shows_the_help(bets: Bets) -> None:
    code, _, err = bets()
    assert code == 2 and err.startswith("Usage: bets")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("frob", "No such command 'frob'"),
        ("run --fast", "No such option"),
        ("run --mode pigeon", "'pigeon' is not one of 'socket', 'http'"),
        ("run extra", "unexpected extra argument"),
        ("tick --now tomorrow", "'tomorrow' is no instant: write it like 2026-12-07T09:00:00Z"),
        ("tick --now 2026-12-07T09:00:00", "does not say its zone"),
        ("demo --port 70000", "70000 is not in the range of ports: give a whole number from 0 to 65535, such as 8765."),
        ("demo --port abc", "'abc' is no port: give a whole number from 0 to 65535, such as 8765."),
        ("demo --port -1", "'-1' is no port: give a whole number"),
        ("demo --at noon", "'noon' is no instant"),
        ("manifest --mode http", "--url"),
        ("manifest --mode http --url http://bets.example.org", "needs --url https://..."),
        ("manifest --mode http --url https://", "needs --url https://..."),
        ("manifest --mode http --url https://bets.example.org?x=1", "needs --url https://..."),
        ("team add", "Missing argument 'CHANNEL'"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(bets: Bets, words: str, said: str) -> None:
    code, out, err = bets(words)
    assert (code, out) == (2, "") and said in err
    assert err.startswith("bets: ") and err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "settings", "said"),
    [
        ("run", {}, "SLACK_BOT_TOKEN and SLACK_APP_TOKEN must be set to run in socket mode"),
        ("run", {"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN must be set"),
        ("run --mode http", {"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET must be set to run in http mode"),
        ("run", {"SLACK_SIGNING_SECRET": "s"}, "SLACK_BOT_TOKEN must be set to run in http mode"),
        ("run", {"SLACK_SIGNING_SECRET": "s", "SLACK_BOT_TOKEN": "xoxb-1"}, "PORT must be set in HTTP mode"),
        ("run", {"HOST": "203.0.113.7", "PORT": "3000"} | TOKENS, "Nothing can listen at 203.0.113.7:3000"),
        ("run", {"DATABASE_URL": "sqlite:////proc/no/bets.db"} | TOKENS, "/proc/no"),
        ("run", {"PORT": "x", "BETS_TIMEZONE": "Mars"}, "BETS_TIMEZONE is no time zone"),
        ("tick", {}, "SLACK_BOT_TOKEN must be set"),
        ("status", {"DATABASE_URL": "postgresql://h/b"}, "PostgreSQL is not supported yet"),
        ("migrate", {"BETS_HOME": "/proc/no"}, "/proc/no"),
    ],
)
def test_a_wrong_setting_is_one_line_and_exit_code_1(
    bets: Bets, words: str, settings: dict[str, str], said: str
) -> None:
    code, out, err = bets(words, **settings)
    assert (code, out) == (1, "") and said in err
    assert err.startswith("bets: ") and err.count("\n") == 1


def test_every_problem_of_a_command_is_told_at_once(bets: Bets) -> None:
    code, _, err = bets("run", PORT="abc", BETS_TIMEZONE="Mars", SLACK_APP_TOKEN="xoxb-wrong")
    assert code == 1 and err.count("\n") == 1
    for said in ("PORT must be a port number", "BETS_TIMEZONE is no time zone", "SLACK_APP_TOKEN must begin with xapp-",
                 "SLACK_BOT_TOKEN must be set to run in socket mode"):  # fmt: skip
        assert err.count(said) == 1
    assert "SLACK_APP_TOKEN must be set" not in err
    _, _, err = bets("run", PORT="abc", HOST="203.0.113.7")
    assert "PORT must be a port number" in err and "Nothing can listen at 203.0.113.7 (" in err and "set HOST to" in err
    _, _, err = bets("tick", PORT="abc")
    assert "PORT must be" in err and "SLACK_BOT_TOKEN must be set" in err


def test_a_taken_port_is_told_with_the_missing_tokens(bets: Bets) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, _, err = bets("run", PORT=str(port))
    assert code == 1 and err.count("\n") == 1
    assert f"Port {port} is taken" in err and "SLACK_BOT_TOKEN and SLACK_APP_TOKEN must be set" in err


def test_a_home_that_cannot_be_made_is_told_with_its_fix(home: Path, bets: Bets) -> None:
    (home / "file").touch()
    for words in ("status", "migrate"):
        code, _, err = bets(words, BETS_HOME=str(home / "file" / "home"))
        assert code == 1 and "cannot be made" in err and "set BETS_HOME to a place" in err and "Errno" not in err
    code, _, err = bets("status", DATABASE_URL=f"sqlite:///{home}/file/bets.db")
    assert "set DATABASE_URL to a place" in err


def test_a_tick_in_the_future_is_refused_before_slack_is_asked(
    bets: Bets, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    def asked(self: Bot) -> None:
        raise AssertionError("Slack was asked")

    monkeypatch.setattr(Bot, "identify", asked)
    code, out, err = bets("tick --now 2999-01-01T00:00:00Z", **TOKENS)
    assert (code, out) == (2, "") and "--now in the future is only for a simulated Slack" in err
    assert err.count("\n") == 1
    move_clock(home)
    code, _, err = bets("tick --now 2999-01-01T00:00:00Z", **TOKENS)
    assert code == 1 and "clock was moved" in err


def test_a_tick_with_a_refused_token_says_so(office: Office, bets: Bets) -> None:
    office.world.revoke_token()
    office.expects_refusals = True
    settings = {"SLACK_API_URL": office.world.api_url, "SLACK_BOT_TOKEN": office.world.bot_token}
    code, _, err = bets("tick", **settings)
    assert code == 1 and "Slack refuses SLACK_BOT_TOKEN (token_revoked)" in err and err.count("\n") == 1


def test_a_tick_that_meets_a_proxys_page_says_so_in_one_line_and_quotes_nothing_of_it(
    office: Office, bets: Bets
) -> None:
    office.world.fail("auth.test", None, "apply+html")
    office.expects_refusals = True
    settings = {"SLACK_API_URL": office.world.api_url, "SLACK_BOT_TOKEN": office.world.bot_token}
    code, _, err = bets("tick", **settings)
    assert code == 1 and err.count("\n") == 1
    assert "Slack could not be reached (the answer is not Slack's): is SLACK_API_URL right?" in err


def test_a_tick_says_the_instant_it_was_asked_for(office: Office, bets: Bets) -> None:
    settings = {"SLACK_API_URL": office.world.api_url, "SLACK_BOT_TOKEN": office.world.bot_token}
    code, out, _ = bets("tick --now 2999-01-01T01:00:00+01:00", **settings)
    assert code == 0 and json.loads(out)["now"] == "2999-01-01T00:00:00Z"


def test_status_where_no_team_is_says_where_else_to_look(team: Office, bets: Bets) -> None:
    code, out, _ = bets("status")
    assert code == 0 and "No team is in this database yet" in out and "set BETS_HOME" in out
    assert "No team" not in bets("status", BETS_HOME=str(team.home))[1]


def test_status_says_where_the_database_is_wherever_it_is_called(home: Path, bets: Bets) -> None:
    assert json.loads(bets("status --json", BETS_HOME="here")[1])["database"] == str(home / "here" / "bets.db")


def test_status_of_a_demo_says_that_its_clock_is_its_own(team: Office, bets: Bets) -> None:
    assert "clock of its own" not in bets("status", BETS_HOME=str(team.home))[1]
    (team.home / "slack.json").touch()
    assert (
        "its workspace has a clock of its own, which the demo's page shows"
        in bets("status", BETS_HOME=str(team.home))[1]
    )


def test_status_prints_the_keys_that_others_rely_on_and_no_more(team: Office, bets: Bets) -> None:
    team.world.archive(CHANNEL)
    team.settle()
    owe(team.bot, "gone", user=ANA, guard={"if": "bet_is", "bet": 99, "statuses": ["live"]})
    team.settle()
    code, out, _ = bets("status --json", BETS_HOME=str(team.home))
    found = json.loads(out)
    assert code == 0
    assert list(found) == ["now", "database", "slack", "teams", "outbox", "inbox", "overdue"]
    assert list(found["slack"]) == ["last_contact"]
    assert [list(one) for one in found["teams"]] == [["team", "next"]]
    assert set(found["teams"][0]["next"]) == {"checkin", "reminder", "samples", "decisions", "digest"}
    assert set(found["outbox"]) == {"pending", "sending", "sent", "refused", "uncertain"}
    assert set(found["inbox"]) == {"new", "done", "failed"}
    _, out, _ = bets("status", BETS_HOME=str(team.home))
    assert f"{CHANNEL}: cannot post: is_archived" in out


def test_status_says_what_helps_when_slack_refuses_the_bot(team: Office, bets: Bets) -> None:
    team.world.revoke_token()
    team.expects_refusals = True
    owe(team.bot, "waits", channel=CHANNEL)
    team.settle()
    _, out, _ = bets("status", BETS_HOME=str(team.home))
    assert "it refuses the bot: token_revoked (install the app again with what `bets manifest` prints" in out


def test_status_and_home_say_until_when_the_team_is_paused(team: Office, bets: Bets, lead: Person) -> None:
    lead.command("pause until 2027-01-13")
    assert f"{CHANNEL}: paused until Wed 13 Jan 2027" in bets("status", BETS_HOME=str(team.home))[1]
    assert "paused until Wed 13 Jan 2027: nothing is asked" in open_home(team, LEAD)
    lead.command("pause")
    assert f"{CHANNEL}: paused\n" in bets("status", BETS_HOME=str(team.home))[1]
    assert "The team is paused: nothing is asked" in open_home(team, LEAD)


@pytest.mark.parametrize("words", ["run", "tick"])
def test_a_database_whose_clock_was_moved_talks_to_no_real_slack(home: Path, bets: Bets, words: str) -> None:
    move_clock(home)
    code, _, err = bets(words, **TOKENS)
    assert code == 1 and "clock was moved" in err and "export" in err and "import" in err and err.count("\n") == 1


def test_a_file_that_is_no_database_is_told_in_one_line(home: Path, bets: Bets) -> None:
    (home / "home").mkdir()
    (home / "home" / "bets.db").write_bytes(b"not a database at all, sorry" * 100)
    for words in ("run", "status", "migrate"):
        code, _, err = bets(words, **TOKENS)
        assert code == 1 and "bets.db cannot be used (file is not a database): put a copy in its place" in err
        assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("database or disk is full", "(database or disk is full): make room on its disk."),
        ("attempt to write a readonly database", "let this user write to the file and its folder."),
        ("database is locked", "something else holds it, so try again in a minute."),
        ("database disk image is malformed", "put a copy in its place, as the README says under Restore."),
    ],
)
def test_a_database_that_fails_while_it_is_used_is_told_with_what_helps(
    home: Path, bets: Bets, monkeypatch: pytest.MonkeyPatch, error: str, said: str
) -> None:
    assert bets("team add C0TEAM")[0] == 0

    def fail(*_given: object) -> None:
        kind = sqlite3.DatabaseError if "malformed" in error else sqlite3.OperationalError
        raise DBAPIError.instance("UPDATE", None, kind(error), sqlite3.Error)

    for action in ("list", "set C0TEAM checkin_day=tuesday", "pause C0TEAM"):
        monkeypatch.setattr("sqlalchemy.engine.default.DefaultDialect.do_commit", fail)
        code, out, err = bets(f"team {action}")
        assert code == 1 and err.count("\n") == 1 and "The database cannot be used" in err and said in err
        assert out == "" or action == "list", "what was not stored is not told as done"


def test_migrate_creates_the_database_and_may_be_repeated(home: Path, bets: Bets) -> None:
    for _ in range(2):
        code, out, err = bets("migrate")
        assert (code, err) == (0, "") and "up to date" in out
    assert (home / "home").stat().st_mode & 0o777 == 0o700


def test_the_demo_makes_its_folders_for_its_user_alone(home: Path, bets: Bets) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, _, err = bets(f"demo --port {port}")
    assert code == 1 and f"Port {port} is taken" in err
    for folder in (home / "home", home / "home" / "demo"):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_bug_is_one_line_with_its_place_and_never_its_text(bets: Bets, monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def broken() -> None:
        raise RuntimeError("canary")

    monkeypatch.setattr("bot.cli_run.migrate", broken)
    code, out, err = bets("migrate")
    assert (code, out) == (1, "") and err.count("\n") == 1
    assert "RuntimeError at" in err and "test_cli.py" in err and "canary" not in err


def test_an_answer_for_which_the_disk_has_no_room_is_one_line(bets: Bets, monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("bot.cli_run.manifest", full)
    code, _, err = bets("manifest")
    assert (code, err) == (1, "bets: There is no room left on the disk: make some, and try again.\n")


def test_an_interrupted_command_ends_without_a_trace(bets: Bets, monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.cli_run.migrate", interrupted)
    code, _, err = bets("migrate")
    assert code == 1 and "stopped before it was done" in err and "Traceback" not in err


MOUNTS = """overlay / overlay rw 0 0
/dev/sda1 /srv ext4 rw 0 0
server:/x /srv/shared nfs4 rw 0 0
share /mnt/with\\040blank virtiofs rw 0 0
tmpfs /tmp tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind", "said"),
    [
        ("/srv/bets.db", "ext4", ""),
        ("/srv/shared/bets.db", "nfs4", "network file system"),
        ("/srv/sharedmore/bets.db", "ext4", ""),
        ("/mnt/with blank/bets.db", "virtiofs", "network file system"),
        ("/tmp/bets.db", "tmpfs", "emptied at a restart"),
        ("/app/bets.db", "overlay", "emptied at a restart"),
    ],
)
def test_a_disk_that_damages_or_forgets_is_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, kind: str, said: str
) -> None:
    monkeypatch.delenv("DYNO", raising=False)
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS, encoding="utf-8")
    assert file_system_of(Path(path), str(mounts)) == kind
    risk = find_risk(f"sqlite:///{path}", str(mounts))
    assert said in risk and bool(risk) == bool(said)


def test_a_host_that_forgets_its_disk_is_known_by_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DYNO", "web.1")
    assert "this host's disk" in find_risk("sqlite:////srv/bets.db")


def test_a_system_without_a_list_of_mounts_is_not_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DYNO", raising=False)
    assert find_risk("sqlite:////srv/bets.db", "/no/such/file") == ""
