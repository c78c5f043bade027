"""An operator at the command line, and a team that has lived for a week."""

from datetime import date, timedelta
from pathlib import Path
from shutil import copy

import pytest
from click.testing import CliRunner, Result

from bot.cli import bets
from bot.store import tables as t
from bot.store.bets import get_bet, list_decisions
from bot.store.history import insert_bet_history
from bot.store.nudges import insert_nudge, update_answer, update_nudge
from tests.conftest import ANA, CHANNEL, LEAD, RAJ, Office, empty_database, lived_once
from tests.exports.files import Cli, begin_with
from tests.scenarios.rounds import FRIDAY, MONDAY, NEXT_MONDAY, place, thread_of
from tests.talk import Person

HOSTILE = "*bold* <!channel> & 70% \u2028 next \u202eback \U0001f9d1\u200d\U0001f680 $HOME `x` " + "ä" * 300


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """`cli("new", "import", ...)`: a command of an operator whose database is in that folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.logs.set_up", lambda *_: None)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")

    def run(home: str | Path, *args: str | Path) -> Result:
        if not (tmp_path / home).exists():  # what makes a new one is tested elsewhere, and takes longest
            (tmp_path / home).mkdir()
            copy(empty_database(), tmp_path / home / "bets.db")
        monkeypatch.setenv("BETS_HOME", str(tmp_path / home))
        return CliRunner().invoke(bets, [str(arg) for arg in args])

    return run


@pytest.fixture
def home(cli: Cli, tmp_path: Path) -> Path:
    """A fresh database with one team."""

    def add_team() -> None:
        assert cli("new", "team", "add", CHANNEL, "--zone", "Europe/Berlin", "--leads", LEAD).exit_code == 0

    return begin_with(tmp_path / "new", "one team", add_team)


@pytest.fixture
@lived_once
def lived(team: Office, ana: Person, raj: Person, lead: Person) -> Office:
    """A team that used everything for a week: bets in five states, all kinds of answers, a decision, an absence."""
    first, paused, killed, mistake = (place(team, title, ana, raj) for title in (HOSTILE[:60], "Two", "Three", "Four"))
    team.at(MONDAY)
    thread = thread_of(team, killed)
    said = ana.say(HOSTILE, thread)
    team.world.edit(ANA, CHANNEL, said, HOSTILE + " and more")
    team.settle()
    ana.press("70%", thread=thread)
    raj.say("update: the labels are wrong", thread)
    gone = raj.say("30% I said too much", thread)
    team.world.remove(RAJ, CHANNEL, gone)
    team.settle()
    lead.world.react(LEAD, CHANNEL, lead.say("Ask support", thread), "pushpin")
    team.settle()
    ana.command(f"update {first.key} 55% two days in 2 days")
    ana.command(f"pause {paused.key} until 2026-12-18")
    raj.command("away until 2027-01-08")
    ana.command(f"withdraw {mistake.key}")
    team.at(FRIDAY)
    ana.command(f"kill {killed.key}")
    ana.fill_in(
        {"Reason": "Nobody uses it", "What did we learn?": "Ask first", "Did it meet its success statement?": "no"}
    ).submit()
    team.at(NEXT_MONDAY)
    return team


@pytest.fixture
@lived_once
def decided(lived: Office, ana: Person, lead: Person) -> Office:
    """The same team after nudges, a blind vote, decisions that change an appetite, an undo and a look back."""
    bet = place(lived, "Five", ana)
    ana.command(f"keep {bet.key}")
    ana.fill(Reason="Nearly there", Until="2026-12-21", Criterion="nobody tries it by 2026-12-21").submit()
    ana.command(f"double {bet.key}")
    ana.fill(Reason="It works").submit()
    lead.press("Undo", thread=thread_of(lived, bet))
    assert not ana.reply.errors, ana.reply.errors
    now, evidence = lived.bot.now(), [{"code": "silence", "points": -0.5, "text": "3 weeks without a word <!here>"}]
    with lived.bot.transaction() as tx:
        kill = next(one for one in list_decisions(tx, t.decisions.c.kind == "kill"))
        tx.execute(t.decisions.update().where(t.decisions.c.id == kill.id).values(
            against_at=kill.created_at - timedelta(days=10), late_people_weeks=2.5))  # fmt: skip
        tx.execute(t.kill_criteria.update().values(answered_by=ANA, answered_at=now, state="passed"))
        tx.execute(t.bets.update().where(t.bets.c.id == bet.id).values(warned_75_at=now, warned_100_at=now))
        open_one = insert_nudge(tx, now, bet.id, "ask", evidence, ["criterion_failed"])
        update_nudge(tx, open_one, posted_at=now, tallied_at=now)
        update_answer(tx, now, insert_nudge(tx, now, bet.id, "double_down", [], []), "snoozed", LEAD,
                      snoozed_until=date(2026, 12, 24))  # fmt: skip
        update_answer(
            tx, now, insert_nudge(tx, now, kill.bet_id, "kill", evidence, []), "done", ANA, decision_id=kill.id
        )
        vote = {"nudge": open_one, "value": "no", "why": "Who needs it?"}
        insert_bet_history(tx, now, bet, "start_vote", RAJ, after=vote)
        [criterion] = get_bet(tx, bet.id).kill_criteria
        state = {"criterion": criterion.id, "text": criterion.text, "state": "open"}
        insert_bet_history(tx, now, bet, "criterion", RAJ, before=state, after=state | {"state": "passed"})
        insert_bet_history(tx, now, bet, "hindsight", RAJ, after={"decision": kill.id, "verdict": "wrong"})
    return lived
