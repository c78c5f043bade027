"""Assumptions after the lock: answered by those whom they concern, read by the policy, told in the summary."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.actions.assumptions import do_answer_assumption
from bot.actions.cases import to_case
from bot.actions.rails import may_prompt_new_work
from bot.actions.replay import get_evidence_against
from bot.actions.scoping import do_begin_scope_of, do_change_scope, do_save_draft, do_start_bet
from bot.domain.errors import Refusal
from bot.domain.policy import advise
from bot.domain.records import Bet
from bot.domain.scoping import Assumption, AssumptionText
from bot.store.bets import list_team_bets
from bot.store.history import list_history
from bot.store.scopes import list_due_assumptions, list_standing
from bot.store.tables import history
from bot.store.teams import get_team
from tests.conftest import ANA, GUEST, LEAD, LEE, RAJ, Office
from tests.scenarios.cases import case_of
from tests.scenarios.rounds import MONDAY, THURSDAY, TUESDAY, card_text, place
from tests.scenarios.scoped import WHOLE, Scoping
from tests.scenarios.test_nudges import packets
from tests.talk import Person, words

LATER = date(2026, 12, 21)


class Running(Scoping):
    """The same with B-1 live under a locked scope: `labels` is critical, `agents` is not and Lee's."""

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        agents = AssumptionText("Agents read the rank", "people", False, LEE)
        bet, _ = self.locked(replace(WHOLE, assumptions=(WHOLE.assumptions[0], agents)))
        self.one = self.do(do_start_bet, ANA, bet)
        office.settle()

    def assumptions(self) -> list[Assumption]:
        with self.office.bot.reading() as tx:
            return list_standing(tx, [self.one.id]).get(self.one.id, [])

    def answer(self, user: str, number: int, state: str, check_at: date | None = None) -> bool:
        found = self.assumptions()[number]
        told: bool = self.do(do_answer_assumption, user, self.bet(self.one), found.id, state, check_at)
        self.office.settle()
        return told

    def case(self, bet: Bet, at: datetime | None = None) -> dict[str, Any]:
        return case_of(self.office, bet, at)


@pytest.fixture
def running(team: Office) -> Running:
    return Running(team)


def test_owners_of_it_and_of_the_bet_answer_and_whoever_decides(running: Running) -> None:
    for user, number in ((LEE, 0), (RAJ, 0), (RAJ, 1), (GUEST, 0)):
        with pytest.raises(Refusal, match=r"owners of B-1|Guests"):
            running.answer(user, number, "holds")
    for user, number in ((ANA, 0), (LEE, 1), (LEAD, 1)):
        assert not running.answer(user, number, "holds")
        assert running.assumptions()[number].answered_by == user


def test_still_unknown_needs_another_day(running: Running, team: Office) -> None:
    for day in (None, team.bot.now().date(), date(2026, 11, 1), date(2036, 1, 1)):
        with pytest.raises(Refusal) as refused:
            running.answer(ANA, 0, "untested", day)
        assert set(refused.value.fields) == {"check_at"}
    running.answer(ANA, 0, "untested", LATER)
    found = running.assumptions()[0]
    assert (found.state, found.check_at, found.answered_by) == ("untested", LATER, ANA)
    with team.bot.reading() as tx:
        assert list_due_assumptions(tx, [running.one.id], LATER - timedelta(days=1)) == {}
        assert list_due_assumptions(tx, [running.one.id], LATER) == {running.one.id: [found]}


@pytest.mark.parametrize(("assumption", "state"), [(99, "holds"), ("1", "holds"), (None, "false"), (1, "maybe")])
def test_what_is_not_there_is_refused(running: Running, assumption: Any, state: str) -> None:
    with pytest.raises(Refusal, match="not among those of B-1"):
        running.do(do_answer_assumption, ANA, running.one, assumption, state)


def test_a_false_critical_one_is_said_in_the_channel_the_same_day(running: Running, team: Office, raj: Person) -> None:
    place(team, "Another", raj)
    team.at(MONDAY + timedelta(weeks=2))
    assert running.answer(ANA, 0, "false")
    (message,) = packets(team)
    assert "A hard fact about B-1" in words(message) and "'Labels exist' was found false on day 15" in words(message)
    assert "day 15 of 28" in card_text(team, running.one), "evidence and card count alike"
    before = running.assumptions()
    team.after(days=1)
    assert not running.answer(ANA, 0, "false") and running.assumptions() == before, "said once"
    with team.bot.reading() as tx:
        rows = list_history(tx, history.c.kind == "assumption")
    assert [(row.before["state"], row.after["state"], row.by) for row in rows[:1]] == [("untested", "false", ANA)]


def test_a_message_whose_fact_was_taken_back_does_not_go_out(running: Running, team: Office, raj: Person) -> None:
    place(team, "Another", raj)
    team.at(MONDAY + timedelta(weeks=2))
    found = running.assumptions()[0]
    assert running.do(do_answer_assumption, ANA, running.one, found.id, "false")
    running.do(do_answer_assumption, ANA, running.one, found.id, "holds")
    team.settle()
    assert not packets(team)


def test_one_that_is_not_critical_is_no_hard_fact(running: Running, team: Office) -> None:
    team.at(MONDAY + timedelta(weeks=2))
    assert not running.answer(LEE, 1, "false") and not packets(team)
    assert [one["state"] for one in running.case(running.one)["bet"]["scope"]["assumptions"]] == ["untested", "false"]


def test_the_case_has_the_scope_as_it_was_at_any_instant(running: Running, team: Office, ana: Person) -> None:
    start = team.bot.now()
    other = place(team, "Find duplicates", ana)
    assert running.case(other)["bet"]["scope"] == {"status": "none", "assumptions": []}
    team.at(MONDAY)
    scope = running.do(do_begin_scope_of, ANA, other)
    assert running.case(other)["bet"]["scope"]["status"] == "draft"
    team.at(TUESDAY)
    running.lock(running.do(do_save_draft, ANA, scope.id, 1, replace(WHOLE, title=other.title)).scope)
    running.answer(ANA, 0, "holds")
    team.at(THURSDAY)
    running.answer(ANA, 0, "false")
    status = [running.case(other, at)["bet"]["scope"]["status"] for at in (start, MONDAY, TUESDAY, THURSDAY)]
    assert status == ["none", "draft", "locked", "locked"]
    said = [running.case(running.one, at)["bet"]["scope"]["assumptions"][0] for at in (MONDAY, TUESDAY, THURSDAY)]
    assert [(one["state"], one["at"]) for one in said] == [("untested", None), ("holds", 1), ("false", 3)]
    assert said[0]["id"] == "Labels exist" and said[0]["critical"] is True
    with team.bot.reading() as tx:
        at, _ = get_evidence_against(tx, team.bot.now(), get_team(tx, 1), running.bet(running.one))
    assert at == THURSDAY
    hard = advise(to_case(running.case(running.one))).hard
    assert any("Labels exist" in one.text for one in hard)


def test_an_assumption_that_a_later_version_dropped_counts_until_then(running: Running, team: Office) -> None:
    team.at(TUESDAY)
    second = running.do(do_change_scope, ANA, running.bet(running.one), "No labels needed")
    running.lock(running.do(do_save_draft, ANA, second.id, 1, {"assumptions": second.doc.assumptions[1:]}).scope)
    team.at(THURSDAY)
    before, after = (running.case(running.one, at)["bet"]["scope"]["assumptions"] for at in (MONDAY, THURSDAY))
    assert [one["id"] for one in before] == ["Labels exist", "Agents read the rank"]
    assert [one["id"] for one in after] == ["Agents read the rank"]
    with pytest.raises(Refusal, match="not among those"):
        running.do(do_answer_assumption, ANA, running.one, 1, "holds")


def test_a_scope_that_waits_is_counted(running: Running) -> None:
    assert running.case(running.one)["team"]["waiting"] == 0
    running.locked(replace(WHOLE, title="Another"))
    assert running.case(running.one)["team"]["waiting"] == 1


def test_the_summary_tells_of_scopes_and_what_nobody_looked_at(
    running: Running, team: Office, lead: Person, ana: Person
) -> None:
    place(team, "Find duplicates", ana)
    running.answer(LEE, 1, "false")
    second = running.do(do_change_scope, ANA, running.bet(running.one), "Wider")
    running.lock(running.do(do_save_draft, ANA, second.id, 1, {"tent": "A sheet"}).scope)
    team.at(MONDAY + timedelta(weeks=3))
    lead.command("summary")
    seen = lead.saw()
    assert "scope changed once" in seen and "unscoped for 3 weeks" in seen
    assert "1 of 2 live bets runs without a locked scope, B-2 for 3 weeks" in seen
    assert "nobody has verified: 'Labels exist' of B-1, open for 21 days since it was signed off" in seen
    assert "Assumptions that broke: people (1 of 1 false)" in seen


def test_a_team_that_is_scattered_is_not_asked_for_new_work(running: Running, team: Office, ana: Person) -> None:
    def rail() -> str:
        with team.bot.reading() as tx:
            found = may_prompt_new_work(tx, get_team(tx, 1), len(list_team_bets(tx, 1, ("live",))))
            return found.text if found else ""

    assert rail() == ""
    for number in range(4):
        place(team, f"Bet {number}", ana)
    assert rail() == "5 bets for 4 people"
