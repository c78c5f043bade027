"""Settings: from the environment or `.env`, every problem at once with its fix, and no secret in sight."""

from pathlib import Path

import pytest

from bot.config import Settings, SettingsError, load_settings

NAMES = [name.upper() for name in Settings.model_fields]


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody's own settings, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def problems(monkeypatch: pytest.MonkeyPatch, **settings: str) -> str:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return str(caught.value)


def test_without_any_setting_the_defaults_hold() -> None:
    settings = load_settings()
    assert settings.slack_api_url == "https://slack.com/api/" and not settings.loopback
    assert settings.database == "sqlite:///data/bets.db"
    assert (settings.host, settings.port, settings.bets_timezone, settings.bets_pace) == ("127.0.0.1", 3000, "UTC", 1)
    assert (settings.log_level, settings.log_format, settings.leads, settings.secrets) == ("INFO", "text", (), ())


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("BETS_TIMEZONE=Europe/Berlin\nPORT=3001\nUNKNOWN=1\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "3002")
    settings = load_settings()
    assert (settings.bets_timezone, settings.port) == ("Europe/Berlin", 3002)


def test_leads_are_ids_of_any_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BETS_LEADS", "U1, W2,U_Ana7")
    assert load_settings().leads == ("U1", "W2", "U_Ana7")


def test_an_empty_value_is_none_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, "")
    assert load_settings().port == 3000


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1-A", "must begin with xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-1-A", "must begin with xapp-"),
        ("SLACK_API_URL", "slack.com/api", "must be a web address that ends in /api/"),
        ("SLACK_API_URL", "ftp://slack.com/api/", "must be a web address"),
        ("SLACK_API_URL", "https://slack.com/", "must end in /api/"),
        ("SLACK_API_URL", "http://[::1/api/", "must be a web address"),
        ("DATABASE_URL", "postgresql+psycopg://u@h/bets", "PostgreSQL is not supported yet; use sqlite"),
        ("DATABASE_URL", "mysql://h/bets", "must look like sqlite:////path/to/bets.db"),
        ("DATABASE_URL", "sqlite:///:memory:", "must look like sqlite:////path/to/bets.db"),
        ("DATABASE_URL", "sqlite:///bets.db?mode=ro", "must look like sqlite:////path/to/bets.db"),
        ("DATABASE_URL", "sqlite:///~/bets.db", "must look like sqlite:////path/to/bets.db"),
        ("DATABASE_URL", "sqlite:///", "must look like sqlite:////path/to/bets.db"),
        ("BETS_HOME", "~nobody-at-all/bets", "names a user this machine does not know"),
        ("DATABASE_URL", "bets.db", "must look like sqlite:////path/to/bets.db"),
        ("BETS_TIMEZONE", "Berlin", "use a name such as Europe/Berlin"),
        ("BETS_LEADS", "@ana, U1", "must be Slack user ids with commas"),
        ("BETS_PACE", "fast", "must be a number of seconds"),
        ("BETS_PACE", "-1", "must be a number of seconds"),
        ("BETS_PACE", "nan", "must be a number of seconds"),
        ("BETS_PACE", "0.5", "must be 1 or more: Slack refuses"),
        ("BETS_HEARTBEAT_URL", "hc-ping.com/1", "must be a web address"),
        ("BETS_HEARTBEAT_URL", "https://", "must be a web address"),
        ("SLACK_API_URL", "http://127.0.0.1:99999/api/", "must be a web address"),
        ("PORT", "http", "must be a port number from 0 to 65535"),
        ("PORT", "65536", "must be a port number from 0 to 65535"),
        ("LOG_LEVEL", "LOUD", "must be DEBUG, INFO, WARNING or ERROR"),
        ("LOG_FORMAT", "xml", "must be text or json"),
    ],
)
def test_a_wrong_value_is_told_with_its_fix(monkeypatch: pytest.MonkeyPatch, name: str, value: str, fix: str) -> None:
    found = problems(monkeypatch, **{name: value})
    assert found.startswith(name) and fix in found and "\n" not in found
    assert "Value error" not in found and "pydantic" not in found


def test_an_example_in_a_fix_is_whole_however_the_line_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "https://hc-ping.com/your-check" in problems(monkeypatch, BETS_HEARTBEAT_URL="ping")


def test_a_home_beside_the_users_own_files_is_found_there(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("BETS_HOME=~/bets\n", encoding="utf-8")
    monkeypatch.setenv("HOME", "/srv/someone")
    assert load_settings().database == "sqlite:////srv/someone/bets/bets.db"


def test_every_problem_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found = problems(monkeypatch, PORT="x", BETS_PACE="0", BETS_TIMEZONE="Mars", SLACK_APP_TOKEN="secret-token-value")
    assert all(name in found for name in ("PORT", "BETS_PACE", "BETS_TIMEZONE", "SLACK_APP_TOKEN"))
    assert "secret-token-value" not in found


@pytest.mark.parametrize("base", ["http://127.0.0.1:1/api", "http://localhost:9/x/api/", "http://[::1]:5/api/"])
def test_a_simulated_slack_may_be_fast_and_may_name_its_tokens(monkeypatch: pytest.MonkeyPatch, base: str) -> None:
    for name, value in (("SLACK_API_URL", base), ("BETS_PACE", "0"), ("SLACK_BOT_TOKEN", "anything")):
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.loopback and settings.bets_pace == 0 and settings.slack_api_url.endswith("/api/")


def test_a_host_that_only_looks_like_this_machine_is_not_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", "https://127.0.0.1.example.com/api/")
    assert not load_settings().loopback


def test_a_file_that_cannot_be_read_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_bytes(b"BETS_TIMEZONE=\xff\xfe")
    assert problems(monkeypatch) == "the file .env cannot be read: save it as UTF-8 text"


def test_a_line_of_the_file_that_cannot_be_read_is_told_with_its_number_and_the_other_problems(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Path(".env").write_text("# ours\nSLACK_BOT_TOKEN: xoxb-canary\nexport PORT=x\n", encoding="utf-8")
    found = problems(monkeypatch)
    assert "the file .env, line 2: write it as NAME=value" in found and "PORT must be a port number" in found
    assert "canary" not in found and caplog.messages == []


def test_blanks_and_line_ends_around_a_value_are_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1\n")
    monkeypatch.setenv("BETS_TIMEZONE", " Europe/Berlin ")
    monkeypatch.setenv("PORT", "3001\r\n")
    settings = load_settings()
    assert (settings.bot_token, settings.bets_timezone, settings.port) == ("xoxb-1", "Europe/Berlin", 3001)


def test_no_secret_shows_in_a_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "SLACK_BOT_TOKEN": "xoxb-canary",
        "SLACK_APP_TOKEN": "xapp-canary",
        "SLACK_SIGNING_SECRET": "canary",
        "BETS_ENCRYPTION_KEY": "canary-key",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert "canary" not in repr(settings) and "canary" not in str(settings)
    assert set(settings.secrets) == set(secrets.values())


def test_leads_are_ids_with_commas_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BETS_LEADS", " U012AB, W045EF ,")
    assert load_settings().leads == ("U012AB", "W045EF")
