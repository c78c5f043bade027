"""The facts that the nudge policy reads: from the bot's own history, as people made it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.actions.bets import list_facts
from bot.actions.portfolio import get_summary
from bot.actions.replay import get_evidence_against
from bot.domain.records import Person as Known
from bot.domain.records import Team
from bot.domain.summary import Filter
from bot.store.bets import get_bet, list_decisions, list_team_bets, update_bet
from bot.store.evidence import get_evidence
from bot.store.people import update_membership, update_person
from bot.store.teams import get_team
from tests.conftest import ANA, CHANNEL, GUEST, LEE, RAJ, STRANGER, Office, lived_once
from tests.scenarios.cases import case_of, live_cases
from tests.scenarios.rounds import FRIDAY, MONDAY, SATURDAY, THURSDAY, TUESDAY, edit, place, thread_of
from tests.scenarios.test_nudges import SAID, WEEK
from tests.talk import Person


@pytest.fixture
@lived_once
def running(team: Office, ana: Person, raj: Person) -> Office:
    """B-1 of Ana and Raj, four weeks; B-2 of Raj. It is Monday, ten o'clock, and both were asked about."""
    team.bet, team.other = place(team, "Rank tickets", ana, raj), place(team, "Find duplicates", raj)
    team.at(MONDAY)
    return team


def report(person: Person, days: str, confidence: str = "60") -> None:
    """The person answers for their first bet, days spent included."""
    person.press("Give my updates")
    person.fill_in({"What do we know now that we did not?": "a bit", "Confidence": confidence, "Days spent": days})
    person.submit()
    while person.modal:
        person.close()


def test_a_week_that_is_not_open_is_not_in_it(running: Office, ana: Person) -> None:
    report(ana, "2", "13")
    running.at(TUESDAY)
    before = case_of(running, running.bet)["bet"]
    assert before["updates"] == [] and before["asked"] == []
    assert before["spent_pw"] == pytest.approx(2 * 2 / 7), "the days reported are not open either"
    running.at(THURSDAY)
    after = case_of(running, running.bet)["bet"]
    assert after["updates"] == [{"at": 0, "by": ANA, "conf": 13, "blocked": False}]
    assert after["asked"] == [{"at": 0, "to": ANA}, {"at": 0, "to": RAJ}]
    assert after["spent_pw"] == pytest.approx(2 / 5)


def test_who_becomes_an_owner_in_the_week_was_not_asked_before(running: Office, raj: Person) -> None:
    running.at(THURSDAY)
    running.after(hours=1)
    edit(running, raj, running.bet, Owners=[ANA, RAJ, LEE])
    running.after(hours=1)
    now = running.bot.now()
    assert case_of(running, running.bet)["bet"]["asked"][2:] == [{"at": 3, "to": LEE}]
    edit(running, raj, running.bet, Owners=[ANA, LEE])
    assert case_of(running, running.bet, now)["bet"]["asked"][2:] == [{"at": 3, "to": LEE}]
    assert [one["to"] for one in case_of(running, running.bet, THURSDAY)["bet"]["asked"]] == [ANA, RAJ]


def test_days_reported_else_owners_times_weeks(running: Office, ana: Person, raj: Person) -> None:
    report(ana, "3")
    report(raj, "1.5")
    running.at(THURSDAY)
    running.at(SATURDAY)
    running.at(MONDAY + WEEK)
    running.at(THURSDAY + WEEK)  # day 11, one week of them reported
    assert case_of(running, running.bet)["bet"]["spent_pw"] == pytest.approx(4.5 / 5 + 2 * (11 / 7 - 1))
    assert case_of(running, running.bet)["bet"]["appetite_pw"] == 8
    assert case_of(running, running.bet)["today"] == 10 and case_of(running, running.bet)["bet"]["deadline"] == 27


def test_spend_and_appetite_are_sums_over_all_appetites(running: Office, lead: Person, ana: Person) -> None:
    running.at(MONDAY + 2 * WEEK)
    before = case_of(running, running.bet)["bet"]
    lead.command("double B-1")
    lead.fill(Reason="It works").submit()
    assert not lead.reply.errors
    after = case_of(running, running.bet)["bet"]
    assert after["appetite_pw"] > before["appetite_pw"] and after["deadline"] > before["deadline"]
    assert after["spent_pw"] == pytest.approx(before["spent_pw"], abs=0.3)
    assert after["decisions"] == [{"at": 14, "what": "double_down"}]
    earlier = case_of(running, running.bet, MONDAY + WEEK)["bet"]
    assert earlier["appetite_pw"] == 8 and earlier["decisions"] == [] and earlier["deadline"] == 27


def test_a_pause_stops_the_clock(running: Office, ana: Person) -> None:
    running.at(TUESDAY)
    ana.command("pause B-1")
    running.at(TUESDAY + WEEK)
    ana.command("resume B-1")
    running.at(THURSDAY + WEEK)
    found = case_of(running, running.bet)
    assert found["today"] == 10 and found["bet"]["spent_pw"] == pytest.approx(2 * 4 / 7)
    assert found["bet"]["deadline"] == 34
    paused = live_cases(running, TUESDAY + timedelta(days=2))
    assert list(paused) == [running.other.id], "a paused bet is in no portfolio"
    assert case_of(running, running.bet, MONDAY)["bet"]["spent_pw"] == pytest.approx(2 / 7)


def test_silence_of_somebody_away_is_no_silence(team: Office, ana: Person, raj: Person) -> None:
    bet = place(team, "Rank tickets", ana, raj)
    raj.command("away until friday")
    team.at(MONDAY)
    team.at(THURSDAY)
    assert case_of(team, bet)["bet"]["asked"] == [{"at": 0, "to": ANA}]
    team.at(MONDAY + WEEK)
    team.at(THURSDAY + WEEK)
    assert [one["to"] for one in case_of(team, bet)["bet"]["asked"]] == [ANA, ANA, RAJ]


def test_second_opinions_and_what_was_taken_back_are_no_updates(running: Office, lead: Person, ana: Person) -> None:
    lead.press("Second opinion")
    lead.fill(Confidence="5").submit()
    thread = thread_of(running, running.bet)
    said = ana.say("40% so so", thread)
    running.at(THURSDAY)
    assert [one["conf"] for one in case_of(running, running.bet)["bet"]["updates"]] == [40]
    running.world.remove(ANA, CHANNEL, said)
    running.settle()
    assert case_of(running, running.bet)["bet"]["updates"] == []


def test_an_answer_that_came_early_counts_from_its_question(running: Office, raj: Person) -> None:
    running.at(FRIDAY)
    raj.command("update B-2 55% for this week")
    running.at(SATURDAY)
    raj.command("update B-2 50% for the next")
    running.at(MONDAY + WEEK)
    running.at(THURSDAY + WEEK)
    found = case_of(running, running.other)["bet"]["updates"]
    assert [(one["at"], one["conf"]) for one in found] == [(4, 55), (7, 50)]


def test_people_who_do_not_count_are_not_counted(running: Office) -> None:
    assert case_of(running, running.bet)["team"]["people"] == 5, "nobody has looked the guest up yet"
    with running.bot.transaction() as tx:
        for user, more in ((GUEST, {"guest": True}), (RAJ, {"deleted": True}), (LEE, {"outsider": True})):
            update_person(tx, Known(user, user, **more))
        update_membership(tx, running.bot.now(), 1, STRANGER, False)
    assert case_of(running, running.bet)["team"]["people"] == 2


def test_finished_bets_are_the_track_record(running: Office, ana: Person, raj: Person) -> None:
    more = [place(running, f"Idea {number}", ana) for number in range(3)]
    running.at(MONDAY + WEEK)
    for number, confidence in enumerate((20, 80, 50), start=3):
        ana.command(f"update B-{number} {confidence}% so")
    running.at(THURSDAY + WEEK)
    ana.command("kill B-3")
    ana.fill_in(SAID).submit()
    ana.command("ship B-4")
    ana.fill_in(SAID | {"Did it meet its success statement?": "unclear"}).submit()
    ana.command("ship B-5")
    ana.fill_in(SAID | {"Did it meet its success statement?": "no"}).submit()
    running.after(hours=1)
    record = [{"conf": 20, "worked": 0}, {"conf": 80, "worked": 1}, {"conf": 50, "worked": 0}]
    assert case_of(running, running.bet)["team"]["resolved"] == record
    assert case_of(running, running.bet, THURSDAY + WEEK - timedelta(hours=1))["team"]["resolved"] == []
    assert [one["bet"] for one in case_of(running, running.bet)["portfolio"]] == ["B-2"] and len(more) == 3


def test_a_case_of_then_is_the_case_that_was_built_then(
    running: Office, lead: Person, ana: Person, raj: Person
) -> None:
    """Whatever happens later: the history is walked back to what it was."""
    ana.command("update B-1 70% fine")
    running.at(THURSDAY)
    running.at(MONDAY + WEEK)
    ana.command("update B-1 60% less so")
    raj.command("update B-2 50% hm")
    running.at(THURSDAY + WEEK)
    moment = THURSDAY + WEEK
    then, other_then = case_of(running, running.bet), case_of(running, running.other)
    running.at(FRIDAY + WEEK)
    ana.press("More", next(m for m in ana.messages() if m["text"].startswith("B-1")))
    ana.press("Edit")
    ana.fill_in({"Owners": [ANA], "Upside": "XL", "Appetite (weeks)": "6"}).submit()
    assert not ana.reply.errors
    while ana.modal:
        ana.close()
    raj.command("pause B-2")
    running.at(MONDAY + 2 * WEEK)
    ana.command("update B-1 20% oh")
    raj.command("resume B-2")
    lead.command("double B-2")
    lead.fill(Reason="Worth it").submit()
    running.at(THURSDAY + 2 * WEEK)
    ana.command("kill B-1")
    ana.fill_in(SAID).submit()
    assert case_of(running, running.bet, moment) == then
    assert case_of(running, running.other, moment) == other_then


def test_the_first_evidence_against_a_bet_and_what_it_cost(running: Office, ana: Person, raj: Person) -> None:
    with running.bot.transaction() as tx:
        update_bet(tx, running.other.id, appetite_weeks=26, appetite_people_weeks=26.0)
    for week, confidence in enumerate((70, 70, 10, 5)):
        running.at(MONDAY + week * WEEK)
        ana.command(f"update B-1 {confidence}% so")
        raj.command(f"update B-1 {confidence}% so")
        raj.command("update B-2 70% fine")
        running.at(THURSDAY + week * WEEK)
    ana.command("kill B-1")
    ana.fill_in(SAID).submit()
    with running.bot.reading() as tx:
        (decision,) = list_decisions(tx)
        none = get_evidence_against(tx, running.bot.now(), get_team(tx, 1), get_bet(tx, running.other.id))
    assert decision.against_at == THURSDAY + 2 * WEEK
    assert decision.late_people_weeks == pytest.approx(2.0, abs=0.01)
    assert none == (None, None)


@contextmanager
def noted(office: Office) -> Iterator[tuple[Connection, list[str]]]:
    """A snapshot to read from, and every statement that SQLite itself hears in it, whoever says it."""
    said: list[str] = []
    with office.bot.reading() as tx:
        driver: Any = tx.connection.dbapi_connection
        driver.set_trace_callback(said.append)
        yield tx, said
        driver.set_trace_callback(None)


def test_the_facts_of_many_bets_take_as_many_queries_as_those_of_few(running: Office, ana: Person) -> None:
    def count() -> list[int]:
        counts, now = [], running.bot.now()
        reads: list[Callable[[Connection, Team], Any]] = [
            lambda tx, team: get_evidence(tx, team.id).bets,
            lambda tx, team: list_facts(tx, now, team, list_team_bets(tx, team.id, ("live",))),
            lambda tx, team: get_summary(tx, now, team, Filter()).lines,
        ]
        for read in reads:
            with noted(running) as (tx, said):
                assert read(tx, get_team(tx, 1))
            counts.append(len(said))
        return counts

    running.at(THURSDAY)
    few = count()
    for number in range(5):
        place(running, f"One more {number}", ana)
    running.after(minutes=1)
    assert count() == few
