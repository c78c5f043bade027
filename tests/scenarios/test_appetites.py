"""Letting a bet go on: double down, keep until a day, lapse and bet again, and the ways back."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.store.bets import get_bet_by_number, list_decisions, update_bet
from tests.conftest import ANA, GUEST, RAJ, T0, Office, lived_once
from tests.scenarios.rounds import FRIDAY, MONDAY, told
from tests.scenarios.test_bets import card, in_thread_of, menu, place
from tests.scenarios.test_decisions import SAID
from tests.talk import Person, elements, words

DAY = timedelta(days=1)


def bet(office: Office, number: int = 1) -> Any:
    with office.bot.reading() as tx:
        return get_bet_by_number(tx, number)


def kinds(office: Office) -> list[str]:
    with office.bot.reading() as tx:
        return [decision.kind for decision in list_decisions(tx)]


def notice(office: Office, ts: str) -> str:
    return words(in_thread_of(office, ts)[-1])


def kill(person: Person, key: str = "B-1") -> None:
    person.command(f"kill {key}")
    person.fill_in(SAID).submit()
    assert not person.reply.errors


@pytest.fixture
@lived_once
def ts(team: Office, ana: Person) -> str:
    """Ana has placed B-1; the ts of its card."""
    return place(ana)


def several(person: Person, count: int = 5) -> None:
    """Enough other bets that no guard rail is touched."""
    for number in range(count):
        place(person, f"Another idea, number {number}")


@pytest.fixture
@lived_once
def others(team: Office, ts: str, ana: Person) -> None:
    """So many bets besides B-1."""
    several(ana)


class TestDoublingDown:
    def test_a_new_and_larger_appetite_begins_and_the_card_counts_from_day_one(self, team: Office, ana: Person) -> None:
        ts = place(ana, Owners=[ANA, RAJ])
        several(ana)
        team.at(T0 + timedelta(days=10))
        menu(ana, ts)
        ana.press("Double down")
        assert (ana.modal or {})["title"]["text"] == "Double down"
        ana.fill(Reason="Legal asks for it every day").submit()
        assert "new appetite is 56 days, and today is day 1" in words(ana.modal)
        assert "day 1 of 56" in card(team, ts)
        assert "B-1 is doubled down on for 8 weeks from now" in notice(team, ts)
        assert "Legal asks for it every day" in notice(team, ts)
        now = bet(team)
        assert (now.appetite_people_weeks, now.earlier_people_weeks) == (16.0, pytest.approx(2 * 11 / 7))
        # Sunk cost is not forgotten, and what was promised but replaced is not spent.
        assert round(now.earlier_weeks * 7) == 11

    def test_it_must_be_more_than_before(self, team: Office, ts: str, others: None, ana: Person) -> None:
        ana.command("double B-1 because it works")
        assert "it works" in words(ana.modal)
        ana.fill_in({"Appetite (weeks)": "4"}).submit()
        assert "Doubling down needs more than the 4 weeks it has now" in ana.errors() and kinds(team) == []
        ana.fill_in({"Appetite (weeks)": "6", "Reason": "It works"}).submit()
        assert not ana.reply.errors and bet(team).appetite_weeks == 6

    def test_a_rail_that_is_touched_is_named_and_only_a_lead_may_cross_it(
        self, team: Office, ana: Person, lead: Person
    ) -> None:
        ts = place(ana, **{"Appetite (weeks)": "8"})
        several(ana, 2)
        ana.command("double B-1")
        assert "would leave you with the like of" in words(ana.modal) and "A lead can" in words(ana.modal)
        ana.fill(Reason="I believe in it").submit()
        assert "Only a lead can double down all the same" in ana.errors() and ana.typed
        assert kinds(team) == []
        lead.command("double B-1")
        lead.fill(Reason="We bet the quarter on it").submit()
        assert kinds(team) == ["double"] and "doubled down on" in notice(team, ts)
        lead.command("history B-1")
        assert "rail" in lead.saw().lower()

    def test_a_rail_that_only_the_sent_weeks_touch_is_named_before_a_lead_crosses_it(
        self, team: Office, ts: str, ana: Person, lead: Person
    ) -> None:
        several(ana, 3)
        lead.command("double B-1")
        assert "like of" not in words(lead.modal)
        lead.fill_in({"Appetite (weeks)": "26", "Reason": "We bet the <!here> half year on it"}).submit()
        form = words(lead.modal)
        assert "Doubling this would leave you with the like of" in form and "send it again" in form
        assert "half year on it" in form and "26" in form and kinds(team) == [], "nothing typed is lost"
        lead.submit()
        assert kinds(team) == ["double"] and bet(team).appetite_weeks == 26
        lead.command("history B-1")
        assert "across a guard rail" in lead.saw()

    def test_who_was_told_of_a_rail_is_not_told_again(self, team: Office, ana: Person, lead: Person) -> None:
        place(ana, **{"Appetite (weeks)": "8"})
        several(ana, 2)
        lead.command("double B-1")
        lead.fill_in({"Appetite (weeks)": "20", "Reason": "We bet the half year on it"}).submit()
        assert kinds(team) == ["double"] and bet(team).appetite_weeks == 20

    def test_a_reason_is_needed(self, team: Office, ts: str, others: None, ana: Person) -> None:
        ana.command("double B-1")
        ana.fill(Reason="  ").submit()
        assert "Write a sentence here" in ana.errors() and kinds(team) == []


class TestKeeping:
    def test_it_goes_on_until_a_day_with_one_more_criterion(self, team: Office, ts: str, ana: Person) -> None:
        ana.command("keep B-1 until 18 Dec")
        ana.fill(Reason="One more idea", Criterion="Recall still under 80%").submit()
        assert "is kept until Fri 18 Dec 2026 (Europe/Berlin), that day included" in told(ana)[-1]
        assert "day 1 of 19" in card(team, ts)
        assert "Recall still under 80% (due Fri 18 Dec 2026)" in card(team, ts)
        assert "Looked at by then" in notice(team, ts)

    def test_three_weeks_are_proposed(self, team: Office, ts: str, ana: Person) -> None:
        ana.command("keep B-1")
        ana.fill(Reason="One more idea", Criterion="Recall still under 80%").submit()
        assert bet(team).appetite_until.isoformat() == "2026-12-21"

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"Criterion": " "}, "what you will look at by then"),
            ({"Criterion": "nobody uses it by 2026-11-03"}, "has passed: give it a later one"),
            ({"Criterion": "by week 2"}, "what has to happen for the team to stop"),
            ({"Criterion": "nobody uses it by 31 Feb"}, "I cannot read the date in"),
            ({"Reason": " "}, "Write a sentence here"),
            ({"Until": "2026-11-30"}, "a day after today"),
            ({"Until": "2027-11-30"}, "more than half a year away"),
        ],
    )
    def test_what_is_missing_or_wrong_is_said_at_its_field(
        self, team: Office, ts: str, ana: Person, fields: dict[str, str], sentence: str
    ) -> None:
        ana.command("keep B-1")
        ana.fill_in({"Reason": "So it is", "Criterion": "Nobody tried it"} | fields).submit()
        assert sentence in ana.errors() and kinds(team) == []


class TestPresentAppetite:
    """What `/bets show` says of an appetite is what runs now, not what the bet was placed with."""

    def test_a_kept_bet_has_the_days_it_was_kept_for(self, team: Office, ts: str, ana: Person) -> None:
        ana.command("show B-1")
        assert "Placed by Ana on Mon 30 Nov 2026" in ana.saw() and "· present appetite 4 weeks ·" in ana.saw()
        ana.command("keep B-1 until 18 Dec")
        ana.fill(Reason="One more idea", Criterion="Recall still under 80%").submit()
        ana.command("show B-1")
        assert "· present appetite 19 days ·" in ana.saw()

    def test_a_bet_that_is_bet_on_again_has_its_new_weeks(self, team: Office, ts: str, ana: Person) -> None:
        team.at(T0 + 28 * DAY)
        ana.command("again B-1 because the data came")
        ana.fill_in({"Appetite (weeks)": "1"}).submit()
        ana.command("show B-1")
        assert "· present appetite 1 week ·" in ana.saw()
        kill(ana)
        ana.command("show B-1")
        assert "· last appetite 1 week ·" in ana.saw()


class TestFreed:
    """What a kill frees is what is left of the present appetite, whatever was promised before it."""

    def freed(self, team: Office, ana: Person, ts: str) -> str:
        kill(ana)
        return next(line for line in notice(team, ts).splitlines() if "for the next bet" in line)

    def test_a_long_keep_that_was_replaced_by_a_short_one_frees_only_the_short_one(
        self, team: Office, ts: str, ana: Person
    ) -> None:
        for day in ("2027-05-20", "2026-12-11"):
            team.at(T0 + 4 * DAY)
            ana.command(f"keep B-1 until {day}")
            ana.fill(Reason="One more idea", Criterion="Nobody tried it").submit()
        assert "day 1 of 8" in card(team, ts)
        assert "That frees about 1 people-week for the next bet" in self.freed(team, ana, ts)

    def test_a_doubled_bet_frees_the_rest_of_what_it_was_doubled_to(
        self, team: Office, ts: str, others: None, ana: Person
    ) -> None:
        team.at(T0 + 10 * DAY)
        ana.command("update B-1 days 5 we tried")
        ana.command("double B-1 because it works")
        ana.submit()
        team.at(T0 + 13 * DAY)
        assert "day 4 of 56" in card(team, ts)
        ana.command("summary")
        assert "0.6 of 8" in ana.saw()
        assert "That frees about 7.4 people-weeks for the next bet" in self.freed(team, ana, ts)


class TestLapsing:
    def spent(self, team: Office, warned: datetime) -> None:
        with team.bot.transaction() as tx:
            update_bet(tx, 1, warned_75_at=warned, warned_100_at=warned)
        team.at(MONDAY)

    def test_a_week_after_the_second_warning_the_bet_lapses_at_the_close_and_nobody_is_named(
        self, team: Office, ts: str, ana: Person
    ) -> None:
        self.spent(team, FRIDAY - 8 * DAY)
        team.at(FRIDAY - timedelta(minutes=1))
        assert bet(team).status == "live"
        team.at(FRIDAY)
        assert bet(team).status == "lapsed" and "*lapsed*" in card(team, ts)
        assert "has lapsed*, its appetite is over and nobody decided" in notice(team, ts)
        assert "Ana" not in notice(team, ts)

    def test_within_the_week_it_does_not(self, team: Office, ts: str, ana: Person) -> None:
        self.spent(team, FRIDAY - 6 * DAY)
        team.at(FRIDAY)
        assert bet(team).status == "live"

    def test_betting_again_needs_a_reason_and_begins_anew(self, team: Office, ts: str, ana: Person) -> None:
        self.spent(team, FRIDAY - 8 * DAY)
        team.at(FRIDAY)
        ana.press("Bet again", thread=ts)
        assert (ana.modal or {})["title"]["text"] == "Bet again"
        ana.fill(Reason=" ").submit()
        assert "Write a sentence here" in ana.errors()
        ana.fill(Reason="The data came at last").submit()
        assert "day 1 of 28" in card(team, ts) and bet(team).status == "live"
        team.at(FRIDAY + 7 * DAY)
        assert bet(team).status == "live", "the warnings begin anew"

    def test_a_lapsed_bet_gets_no_checkin_and_can_be_killed(self, team: Office, ts: str, ana: Person) -> None:
        self.spent(team, FRIDAY - 8 * DAY)
        team.at(FRIDAY)
        asked = [m["ts"] for m in in_thread_of(team, ts) if "What do we know" in words(m)]
        team.at(MONDAY + 7 * DAY)
        assert [m["ts"] for m in in_thread_of(team, ts) if "What do we know" in words(m)] == asked
        kill(ana)
        assert bet(team).status == "killed"

    # By then it has lapsed, and a week has gone by; `.ci/run` waits longer.
    @pytest.mark.parametrize("weeks", [7, pytest.param(12, marks=pytest.mark.full)])
    def test_silence_never_kills(self, team: Office, ts: str, ana: Person, weeks: int) -> None:
        for week in range(weeks):
            for instant in (MONDAY, MONDAY + DAY, MONDAY + 3 * DAY, FRIDAY):
                team.at(instant + 7 * week * DAY)
        assert bet(team).status in ("live", "lapsed") and "kill" not in kinds(team)


class TestBettingAgain:
    def test_while_an_appetite_lasts_nobody_bets_again_and_doubling_is_named(
        self, team: Office, ts: str, ana: Person
    ) -> None:
        ana.command("again B-1 because I believe in it")
        assert ana.modal is None
        assert "B-1 has 27 days of its appetite left: for a larger one use `/bets double B-1`." in told(ana)[-1]
        assert "Bet again" not in menu(ana, ts)

    def test_a_form_from_before_a_keep_changes_nothing(self, team: Office, ts: str, ana: Person, lead: Person) -> None:
        team.at(T0 + 28 * DAY)
        ana.command("again B-1")
        lead.command("keep B-1")
        lead.fill(Reason="One more idea", Criterion="Nobody tried it").submit()
        ana.fill(Reason="I believe in it").submit()
        assert "kept it" in ana.errors() and kinds(team) == ["keep"]

    def test_one_whose_days_or_people_weeks_are_spent_is_bet_on_again(self, team: Office, ana: Person) -> None:
        ts, busy = place(ana), place(ana, "Another idea", **{"Appetite (weeks)": "1"})
        team.at(T0 + DAY)
        ana.press("Give my updates")
        ana.fill_in({"Days spent": "5"}, nth=1).submit()
        while ana.modal:
            ana.close()
        assert "Bet again" in menu(ana, busy), "all of its people-weeks are spent on the second day"
        team.at(T0 + 27 * DAY)
        assert "Bet again" in menu(ana, ts)
        ana.press("Bet again")
        ana.fill(Reason="The data came at last").submit()
        assert "day 1 of 28" in card(team, ts) and kinds(team) == ["rebet"]

    def test_more_than_before_is_held_by_the_rail_as_a_doubling_is(
        self, team: Office, ts: str, ana: Person, lead: Person
    ) -> None:
        several(ana, 3)
        team.at(T0 + 28 * DAY)
        ana.command("again B-1")
        ana.fill_in({"Reason": "I believe in it", "Appetite (weeks)": "26"}).submit()
        assert "An appetite of 26 weeks would leave you with the like of" in ana.errors() and kinds(team) == []
        assert "Only a lead can bet so much on it all the same: ask one." in ana.errors()
        lead.command("again B-1")
        lead.fill_in({"Reason": "I believe in it", "Appetite (weeks)": "26"}).submit()
        assert "send it again" in words(lead.modal) and kinds(team) == []
        lead.submit()
        assert kinds(team) == ["rebet"] and bet(team).appetite_weeks == 26


class TestUndoing:
    def test_a_lead_undoes_a_kill_within_a_day_and_history_keeps_both(
        self, team: Office, ts: str, ana: Person, lead: Person
    ) -> None:
        before = bet(team)
        kill(ana)
        ana.press("Undo", thread=ts)
        assert "Only a lead" in ana.saw(ts) and bet(team).status == "killed"
        team.after(hours=23)
        # Pressed twice before Slack shows that it is done.
        replace(lead, settle=lambda: None).press("Undo", thread=ts)
        lead.press("Undo", thread=ts)
        assert "undid that" in told(lead, ts)[-1] and kinds(team) == ["kill", "undo"]
        now = bet(team)
        assert (now.status, now.ended_at) == ("live", None) and kinds(team) == ["kill", "undo"]
        assert now.appetite_started_at == before.appetite_started_at
        assert "B-1 is live again" in notice(team, ts) and "decided by Mia Lead" in notice(team, ts)
        killed = next(m for m in in_thread_of(team, ts) if "B-1 is killed" in words(m))
        assert "Learned" in words(killed) and not elements(killed), "what is undone has no buttons any more"

    def test_after_a_day_it_is_too_late(self, team: Office, ts: str, ana: Person, lead: Person) -> None:
        kill(ana)
        team.after(hours=25)
        lead.press("Undo", thread=ts)
        assert "for 24 hours" in lead.saw(ts) and "reopened by somebody off the bet" in lead.saw(ts)
        assert bet(team).status == "killed"

    def test_a_keep_that_is_undone_takes_its_criterion_with_it(self, team: Office, ana: Person, lead: Person) -> None:
        ts = place(ana, **{"Kill criteria": "No gain by week 2"})
        before = bet(team)
        ana.command("keep B-1")
        ana.fill(Reason="One more idea", Criterion="Nobody tried it").submit()
        assert len(bet(team).kill_criteria) == 2
        lead.press("Undo", thread=ts)
        now = bet(team)
        assert now.kill_criteria == before.kill_criteria
        assert (now.appetite_weeks, now.appetite_until, now.earlier_weeks) == (4, None, 0.0)

    def test_only_the_newest_decision_can_be_undone(self, team: Office, ts: str, ana: Person, lead: Person) -> None:
        ana.command("keep B-1")
        ana.fill(Reason="One more idea", Criterion="Nobody tried it").submit()
        kept = in_thread_of(team, ts)[-1]
        kill(ana)
        lead.press("Undo", kept)
        assert "Ana decided about B-1 again" in lead.saw(ts) and bet(team).status == "killed"


class TestReopening:
    def test_somebody_off_the_bet_brings_it_back_with_a_whole_appetite(
        self, team: Office, ts: str, ana: Person, raj: Person
    ) -> None:
        team.at(T0 + 8 * DAY)
        kill(ana)
        team.after(days=13)
        ana.press("Reopen", thread=ts)
        assert "somebody off the bet" in ana.saw(ts) and bet(team).status == "killed"
        raj.press("Reopen", thread=ts)
        modal = raj.modal or {}
        assert (modal["title"]["text"], modal["submit"]["text"]) == ("Reopen", "Reopen")
        raj.fill(Reason=" ").submit()
        assert "Write a sentence here" in raj.errors() and bet(team).status == "killed"
        raj.fill(Reason="The labels came").submit()
        assert "The labels came" in notice(team, ts)
        assert "day 1 of 28" in card(team, ts) and bet(team).status == "live"
        assert "B-1 is reopened for 4 weeks from now" in notice(team, ts) and "decided by Raj" in notice(team, ts)

    def test_by_its_word_with_a_reason(self, team: Office, ts: str, ana: Person, raj: Person) -> None:
        kill(ana)
        raj.command("reopen B-1 because the labels came")
        assert "B-1 is reopened" in told(raj)[-1] and "the labels came" in notice(team, ts)
        assert raj.modal is None

    def test_without_a_reason_its_word_opens_the_form(self, team: Office, ts: str, ana: Person, raj: Person) -> None:
        kill(ana)
        raj.command("reopen B-1 because")
        assert (raj.modal or {})["title"]["text"] == "Reopen" and bet(team).status == "killed"
        raj.fill(Reason="The labels came").submit()
        assert bet(team).status == "live" and "B-1 is reopened" in told(raj)[-1]

    def test_a_form_of_somebody_slower_changes_nothing(
        self, team: Office, ts: str, ana: Person, raj: Person, lee: Person
    ) -> None:
        kill(ana)
        raj.command("reopen B-1")
        lee.command("reopen B-1 because I found labels")
        raj.fill(Reason="The labels came").submit()
        assert "Lee reopened it on" in raj.errors() and raj.typed and kinds(team) == ["kill", "reopen"]

    def test_undone_the_kill_stands_as_before_and_can_be_undone_itself(
        self, team: Office, ts: str, ana: Person, raj: Person, lead: Person
    ) -> None:
        kill(ana)
        killed, shown = in_thread_of(team, ts)[-1], card(team, ts)
        team.after(hours=2)
        raj.command("reopen B-1 because the labels came")
        team.after(minutes=2)
        lead.press("Undo", thread=ts)
        assert "B-1 is killed again: the reopening by Raj at 11:00 is undone" in notice(team, ts)
        assert card(team, ts) == shown and "Learned: Ask support first" in shown
        lead.command("summary all")
        assert "Ask support first" in lead.saw()
        lead.command("graveyard")
        assert "killed by Ana on Mon 30 Nov 2026" in lead.saw()
        ana.command("kill B-1")
        assert "already killed: Ana decided that on Mon 30 Nov 2026, 09:00 Europe/Berlin" in told(ana)[-1]
        team.after(hours=3)
        lead.press("Undo", killed)
        assert bet(team).status == "live" and kinds(team) == ["kill", "reopen", "undo", "undo"]
        assert "the kill by Ana at 09:00 is undone" in notice(team, ts)

    def test_of_two_kills_the_one_that_stands_is_told(
        self, team: Office, ts: str, ana: Person, raj: Person, lead: Person
    ) -> None:
        kill(ana)
        raj.command("reopen B-1 because the labels came")
        reopened = in_thread_of(team, ts)[-1]
        ana.command("kill B-1")
        ana.fill_in(SAID | {"What did we learn?": "Labels lie"}).submit()
        lead.press("Undo", thread=ts)
        lead.press("Undo", reopened)
        assert "Ask support first" in card(team, ts)
        lead.command("graveyard lie")
        assert "Labels lie" not in lead.saw()
        lead.command("graveyard")
        assert "Ask support first" in lead.saw()

    def test_after_two_weeks_it_is_a_new_bet(self, team: Office, ts: str, ana: Person, raj: Person) -> None:
        kill(ana)
        team.after(days=15)
        raj.command("reopen B-1")
        assert "more than 14 days ago" in told(raj)[-1] and bet(team).status == "killed"

    def test_guests_do_not(self, team: Office, ts: str, ana: Person) -> None:
        kill(ana)
        guest = team.person(GUEST)
        guest.command("reopen B-1")
        assert "Guests" in guest.saw() and bet(team).status == "killed"


class TestTwoAtOnce:
    @pytest.mark.parametrize("first", ["keep", "double", "kill"])
    def test_a_form_that_was_opened_before_a_decision_changes_nothing_and_keeps_the_words(
        self, team: Office, ts: str, others: None, ana: Person, lead: Person, first: str
    ) -> None:
        ana.command("kill B-1")
        lead.command(f"{first} B-1")
        lead.fill_in(
            {"keep": {"Reason": "Yes", "Criterion": "Nobody"}, "double": {"Reason": "Yes"}, "kill": SAID}[first]
        )
        lead.submit()
        ana.fill_in(SAID).submit()
        assert "Mia Lead" in ana.errors() and ana.typed and kinds(team) == [first]
        assert "nothing was changed" in ana.errors()
