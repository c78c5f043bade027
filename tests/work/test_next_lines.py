"""What is said to come next is what the planner does next: once a week, whatever was changed in the middle of it."""

from bot.actions.teams import get_next_checkin
from bot.cli_work import get_status
from bot.store.teams import get_team_of_channel
from tests.conftest import CHANNEL, Office
from tests.scenarios.rounds import MONDAY, NEXT_MONDAY, TUESDAY, checkin_text, place, told
from tests.talk import Person

NEXT_WEDNESDAY = NEXT_MONDAY.replace(day=9)


def test_a_changed_day_in_a_week_whose_check_in_is_done_names_the_next_week(
    team: Office, lead: Person, ana: Person
) -> None:
    place(team, "Rank tickets", ana)
    team.at(MONDAY)
    team.at(TUESDAY)
    lead.command("config")
    lead.fill_in({"Check-in day": "wednesday"}).submit()
    assert "Next check-in: Wed 9 Dec 2026, 10:00 Europe/Berlin" in told(lead)[-1]
    (status,) = get_status(team.bot)["teams"]
    assert status["next"]["checkin"] == "2026-12-09T09:00:00Z"
    team.at(NEXT_WEDNESDAY.replace(day=4))
    assert "30 Nov" in checkin_text(team)


def test_a_resumed_team_is_told_the_check_in_that_comes(team: Office, lead: Person, ana: Person) -> None:
    place(team, "Rank tickets", ana)
    team.at(MONDAY)
    lead.command("config")
    lead.fill_in({"Check-in time": "15:00"}).submit()
    lead.command("pause")
    lead.command("resume")
    assert "Next check-in: Mon 7 Dec 2026, 15:00 Europe/Berlin" in told(lead)[-1]
    with team.bot.reading() as tx:
        found = get_team_of_channel(tx, CHANNEL)
        assert found is not None
        due = get_next_checkin(tx, found, team.bot.now())
    assert due == NEXT_MONDAY.replace(hour=14)
    team.at(due)
    assert "7 Dec" in checkin_text(team)


def to_a_day_that_has_passed(team: Office, lead: Person) -> None:
    """The check-in waits for Wednesday, and on Tuesday it is put back to Monday."""
    lead.command("config")
    lead.fill_in({"Check-in day": "wednesday"}).submit()
    team.at(TUESDAY)
    lead.command("config")
    lead.fill_in({"Check-in day": "monday"}).submit()


def test_a_day_that_has_passed_names_the_check_in_that_comes_at_once_and_the_one_after(
    team: Office, lead: Person, ana: Person
) -> None:
    place(team, "Rank tickets", ana)
    to_a_day_that_has_passed(team, lead)
    assert "Next check-in: now, for the week of 30 Nov, then Mon 7 Dec 2026, 10:00 Europe/Berlin" in told(lead)[-1]
    team.after(minutes=1)
    assert "Check-in, week of 30 Nov" in checkin_text(team)
    lead.command("config")
    lead.fill_in({"Close time": "16:00"}).submit()
    assert "Next check-in: Mon 7 Dec 2026, 10:00 Europe/Berlin" in told(lead)[-1]


def test_a_day_that_has_passed_brings_no_check_in_where_there_is_nothing_to_ask_about(
    team: Office, lead: Person
) -> None:
    to_a_day_that_has_passed(team, lead)
    assert "Next check-in: Mon 7 Dec 2026, 10:00 Europe/Berlin" in told(lead)[-1]
