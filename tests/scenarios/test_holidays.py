"""Holidays that leave no day for a digest: the next one tells of those weeks as well."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.store.bets import update_bet
from tests.conftest import Office, lived_once
from tests.scenarios.rounds import digest_text, place, thread_of, told
from tests.scenarios.test_digest import digests, kill
from tests.scenarios.test_leaving import leave_channel
from tests.talk import Person

EVE = datetime(2026, 12, 21, 9, 0, tzinfo=UTC)  # Monday, 10:00 in Berlin; Friday is Christmas
TURN = EVE + timedelta(weeks=1)  # Friday is New Year's Day
AFTER = TURN + timedelta(weeks=1)
DIGEST = datetime(2027, 1, 8, 14, 0, tzinfo=UTC)
NEXT_DIGEST = DIGEST + timedelta(weeks=1)


@pytest.fixture
@lived_once
def holidays(team: Office, lead: Person, ana: Person, raj: Person) -> Office:
    """A team in Germany that goes through Christmas and New Year with two bets and says something each week."""
    lead.command("config")
    lead.fill_in({"Holidays (country)": "DE"}).submit()
    team.at(EVE - timedelta(days=3))
    team.first = place(team, "Rank tickets", ana, raj)
    team.second = place(team, "Find duplicates", ana)
    team.at(EVE)
    ana.command("update B-1 60% the small set works")
    team.at(TURN)
    team.said = raj.say("50% the large one does not", thread_of(team, team.first))
    ana.command("update B-2 40% nothing is double")
    team.at(AFTER)
    ana.command("update B-1 70% it ranks")
    return team


def test_no_digest_comes_on_a_holiday_and_the_next_one_tells_of_both_weeks(holidays: Office) -> None:
    assert digests(holidays) == []
    holidays.at(DIGEST)
    (digest,) = digests(holidays)
    assert "Week of 4 Jan in short: 1 of 3 answers" in digest
    assert "No digest came in the week of 21 Dec and the week of 28 Dec." in digest
    assert "*Week of 21 Dec* had no digest because of a holiday. 1 of 3 answers came in." in digest
    assert "Ana: the small set works" in digest
    assert "*Week of 28 Dec* had no digest because of a holiday. 2 of 3 answers came in." in digest
    assert "Raj: 50% the large one does not" in digest and "Ana: nothing is double" in digest
    parts = ("it ranks", "No word yet from B-2", "*Week of 21 Dec*", "small set", "*Week of 28 Dec*", "large one")
    places = [digest.index(part) for part in parts]
    assert places == sorted(places)


def test_the_digest_after_that_tells_of_its_own_week_alone(holidays: Office) -> None:
    holidays.at(DIGEST)
    holidays.at(DIGEST + timedelta(days=3))
    holidays.at(NEXT_DIGEST)
    assert len(digests(holidays)) == 2
    assert "had no digest" not in digest_text(holidays) and "the small set works" not in digest_text(holidays)


def test_what_is_taken_back_of_such_a_week_leaves_the_digest_that_told_of_it(holidays: Office, raj: Person) -> None:
    holidays.at(DIGEST)
    holidays.world.remove(raj.user, raj.channel, holidays.said)
    holidays.settle()
    assert "the large one does not" not in digest_text(holidays)
    assert "*Week of 28 Dec* had no digest because of a holiday. 1 of 3 answers came in." in digest_text(holidays)


def kill_on_the_eve(team: Office, lead: Person, ana: Person, raj: Person) -> None:
    """A German team with two bets, of which Ana kills the second on the first day of the week of Christmas."""
    lead.command("config")
    lead.fill_in({"Holidays (country)": "DE"}).submit()
    team.at(EVE - timedelta(days=3))
    place(team, "Rank tickets", ana, raj)
    place(team, "Find duplicates", ana)
    team.at(EVE)
    kill(ana, "B-2")


def test_what_was_decided_in_those_weeks_stands_in_it(team: Office, lead: Person, ana: Person, raj: Person) -> None:
    kill_on_the_eve(team, lead, ana, raj)
    team.at(TURN)
    team.at(AFTER)
    team.at(DIGEST)
    assert "Killed: *B-2* Find duplicates" in digest_text(team)


def test_a_country_that_is_changed_later_changes_nothing_of_what_was_told(
    holidays: Office, lead: Person, raj: Person
) -> None:
    holidays.at(DIGEST)
    lead.command("config")
    lead.fill_in({"Holidays (country)": ""}).submit()
    raj.command("update B-1 71% it ranks well")
    assert "it ranks well" in digest_text(holidays) and "*Week of 21 Dec*" in digest_text(holidays)


def test_who_was_away_in_such_a_week_was_not_waited_for_in_it(
    team: Office, lead: Person, ana: Person, raj: Person
) -> None:
    lead.command("config")
    lead.fill_in({"Holidays (country)": "DE"}).submit()
    team.at(EVE - timedelta(days=3))
    place(team, "Rank tickets", ana, raj)
    place(team, "Find duplicates", ana)
    raj.command("away from 2026-12-21 to 2026-12-25")
    ana.command("away from 2026-12-28 to 2027-01-04")
    for day in (EVE, TURN, AFTER, DIGEST):
        team.at(day)
    assert "*Week of 21 Dec* had no digest because of a holiday. 0 of 2 answers came in." in digest_text(team)
    assert "*Week of 28 Dec* had no digest because of a holiday. 0 of 1 answers came in." in digest_text(team)


def lapse_at_the_digest(office: Office) -> None:
    with office.bot.transaction() as tx:
        for bet in (office.first, office.second):
            update_bet(tx, bet.id, warned_75_at=EVE, warned_100_at=EVE)


def test_a_week_is_counted_by_whom_it_asked_whatever_became_of_their_bets_since(holidays: Office) -> None:
    lapse_at_the_digest(holidays)
    holidays.at(DIGEST)
    digest = digest_text(holidays)
    assert "Lapsed: *B-1* Rank tickets, *B-2* Find duplicates" in digest
    assert "*Week of 21 Dec* had no digest because of a holiday. 1 of 3 answers came in." in digest
    assert "*Week of 28 Dec* had no digest because of a holiday. 2 of 3 answers came in." in digest


def test_who_left_the_channel_since_owes_such_a_week_nothing(holidays: Office, raj: Person) -> None:
    lapse_at_the_digest(holidays)
    leave_channel(holidays, raj)
    holidays.at(DIGEST)
    assert "*Week of 21 Dec* had no digest because of a holiday. 1 of 2 answers came in." in digest_text(holidays)


def test_a_bet_that_ended_in_such_a_week_owes_it_nothing(team: Office, lead: Person, ana: Person, raj: Person) -> None:
    kill_on_the_eve(team, lead, ana, raj)
    ana.command("update B-1 60% the small set works")
    for day in (TURN, AFTER, DIGEST):
        team.at(day)
    assert "*Week of 21 Dec* had no digest because of a holiday. 1 of 2 answers came in." in digest_text(team)


def test_working_days_that_somebody_counts_are_the_teams(team: Office, lead: Person, ana: Person) -> None:
    lead.command("config")
    lead.fill_in({"Holidays (country)": "DE"}).submit()
    place(team, "Rank tickets", ana)
    team.at(datetime(2026, 12, 24, 9, 0, tzinfo=UTC))
    ana.command("pause B-1 until in 2 working days")
    assert "Tue 29 Dec 2026" in told(ana)[-1]
    lead.command("pause until in 2 working days")
    assert "Tue 29 Dec 2026" in told(lead)[-1]
    ana.command("away until in 2 working days")
    assert "Tue 29 Dec 2026" in told(ana)[-1]
