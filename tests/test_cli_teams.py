"""`bets team`: a team is set up and changed without Slack, and every wrong word is one sentence."""

from pathlib import Path
from shutil import copy

import pytest
from click.testing import CliRunner, Result

from bot.cli_teams import team
from bot.domain.records import Team
from bot.domain.teams import KEYS, settings_of, show_settings
from bot.store.db import open_engine, reading
from bot.store.outbox import get_post_by_key
from bot.store.tables import outbox
from bot.store.teams import list_teams
from tests.conftest import empty_database, share_compiled

CHANNEL = "C0TEAM"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy(empty_database(), tmp_path / "bets.db")
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "BETS_LEADS", "BETS_TIMEZONE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BETS_HOME", str(tmp_path))
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    return tmp_path


def bets_team(*words: str) -> Result:
    return CliRunner().invoke(team, list(words))


def teams(home: Path) -> list[Team]:
    engine = share_compiled(open_engine(f"sqlite:///{home / 'bets.db'}"))
    with reading(engine) as tx:
        found = list_teams(tx)
    engine.dispose()
    return found


def settings(home: Path) -> dict[str, object]:
    return show_settings(settings_of(teams(home)[0]))


def test_a_team_is_added_with_the_defaults_and_nothing_is_posted(home: Path) -> None:
    done = bets_team("add", CHANNEL, "--zone", "europe/berlin", "--leads", "U0ANA,U0RAJ", "--country", "de")
    assert done.exit_code == 0, done.output
    assert "next check-in Mon" in done.output and "10:00 Europe/Berlin" in done.output
    assert settings(home) == {
        "zone": "Europe/Berlin",
        "checkin_day": "monday",
        "checkin_time": "10:00",
        "reminder_time": "10:00",
        "samples_day": "wednesday",
        "samples_time": "11:00",
        "decisions_day": "thursday",
        "decisions_time": "10:00",
        "close_day": "friday",
        "close_time": "15:00",
        "country": "DE",
        "leads": ["U0ANA", "U0RAJ"],
        "deciders": "owners_and_leads",
        "maturity": "mixed",
        "lead_dm": "off",
        "samples_kept_days": "365",
        "samples_link_only": "off",
    }
    engine = share_compiled(open_engine(f"sqlite:///{home / 'bets.db'}"))
    with reading(engine) as tx:
        assert tx.execute(outbox.select()).all() == []
        assert get_post_by_key(tx, f"welcome:{CHANNEL}") is None
    engine.dispose()


def test_zone_and_leads_come_from_the_settings(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BETS_TIMEZONE", "Asia/Tokyo")
    monkeypatch.setenv("BETS_LEADS", "U0MIA")
    assert bets_team("add", CHANNEL).exit_code == 0
    assert (teams(home)[0].zone, teams(home)[0].leads) == ("Asia/Tokyo", ("U0MIA",))


def test_without_leads_it_says_how_to_name_one(home: Path) -> None:
    done = bets_team("add", CHANNEL)
    assert done.exit_code == 0
    assert f"bets team set {CHANNEL} leads=" in done.stderr


def test_short_ids_are_ids(home: Path) -> None:
    assert bets_team("add", "C1", "--leads", "U1,U2").exit_code == 0
    assert (teams(home)[0].channel, teams(home)[0].leads) == ("C1", ("U1", "U2"))
    assert bets_team("set", "C1", "leads=U3").exit_code == 0


def test_a_second_add_fails_and_changes_nothing(home: Path) -> None:
    bets_team("add", CHANNEL)
    done = bets_team("add", CHANNEL, "--zone", "Asia/Tokyo")
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1 and "has a team already" in done.stderr
    assert [found.zone for found in teams(home)] == ["UTC"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["add", "#nlp-team"], "no channel id"),
        (["add", "C0NEW", "--zone", "Europe/Berln"], "did you mean Europe/Berlin"),
        (["add", "C0NEW", "--country", "Atlantis"], "no holidays for 'Atlantis'"),
        (["add", "C0NEW", "--leads", "Ana"], "'Ana' is no Slack user id"),
        (["set", "C0NEW", "zone=UTC"], "There is no team in C0NEW: there is one in C0TEAM"),
        (["set", CHANNEL, "checkin_dai=monday"], "did you mean checkin_day?"),
        (["set", CHANNEL, "checkin_day=someday"], "no weekday"),
        (["set", CHANNEL, "checkin_time=25:00"], "no time of day"),
        (["set", CHANNEL, "close_day=monday", "close_time=9"], "after the check-in"),
        (["set", CHANNEL, "decisions_day=sunday"], "Decisions must not come after the close"),
        (["set", CHANNEL, "decisions_day=friday", "decisions_time=15:01"], "Decisions must not come after the close"),
        (["set", CHANNEL, "deciders=everybody"], "choose one of them"),
        (["set", CHANNEL, "maturity=old"], "choose one of them"),
        (["set", CHANNEL, "leads="], "at least one lead"),
        (["pause", CHANNEL, "--until", "someday"], "cannot read 'someday' as a date"),
        (["pause", CHANNEL, "--until", "2020-01-01"], "has passed"),
        (["resume", CHANNEL], "is not paused"),
    ],
)
def test_whatever_is_wrong_is_one_sentence_and_changes_nothing(home: Path, words: list[str], sentence: str) -> None:
    bets_team("add", CHANNEL)
    before = teams(home)
    done = bets_team(*words)
    assert done.exit_code == 1, done.output
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert teams(home) == before


@pytest.mark.parametrize("words", [["set", CHANNEL, "zone"], ["set", CHANNEL], ["add"], ["fly", CHANNEL]])
def test_wrong_usage_exits_2(home: Path, words: list[str]) -> None:
    bets_team("add", CHANNEL)
    assert bets_team(*words).exit_code == 2


CHANGES = {
    "zone": ("america/new york", "America/New_York"),
    "checkin_day": ("Tue", "tuesday"),
    "checkin_time": ("9", "09:00"),
    "reminder_time": ("off", "off"),
    "samples_day": ("off", "off"),
    "samples_time": ("11:30", "11:30"),
    "decisions_day": ("fri", "friday"),
    "decisions_time": ("2pm", "14:00"),
    "close_day": ("Saturday", "saturday"),
    "close_time": ("16.30", "16:30"),
    "country": ("fr", "FR"),
    "leads": ("<@U0ANA>, U0RAJ", ["U0ANA", "U0RAJ"]),
    "deciders": ("owners and leads", "owners_and_leads"),
    "maturity": ("mature", "mature"),
    "lead_dm": ("on", "on"),
    "samples_kept_days": ("90", "90"),
    "samples_link_only": ("on", "on"),
}


def test_every_key_can_be_set_in_one_command(home: Path) -> None:
    assert set(CHANGES) == set(KEYS)
    bets_team("add", CHANNEL)
    done = bets_team("set", CHANNEL, *(f"{key}={typed}" for key, (typed, _) in CHANGES.items()))
    assert done.exit_code == 0, done.output
    assert settings(home) == {key: kept for key, (_, kept) in CHANGES.items()}


def test_a_team_pauses_and_goes_on(home: Path) -> None:
    bets_team("add", CHANNEL)
    assert "paused until" in bets_team("pause", CHANNEL, "--until", "in 2 weeks").output
    assert "paused" in bets_team("list").output
    assert "next check-in" in bets_team("resume", CHANNEL).output
    assert teams(home)[0].paused_at is None


def test_the_list_of_no_teams_says_how_to_make_one(home: Path) -> None:
    done = bets_team("list")
    assert done.exit_code == 0
    assert (done.stdout, "bets team add" in done.stderr) == ("", True)
