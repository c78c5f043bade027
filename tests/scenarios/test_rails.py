"""Guard rails in the threads: two owners who see a bet differently, and one who has been alone for long."""

from datetime import timedelta

from tests.conftest import CHANNEL, Office
from tests.scenarios.rounds import MONDAY, THURSDAY, in_thread, place, stored_text, thread_of
from tests.talk import Person, words

WEEK = timedelta(weeks=1)


def said(office: Office, bet: object, what: str) -> list[str]:
    return [text for m in in_thread(office, bet) if what in (text := words(m))]  # type: ignore[arg-type]


def test_two_owners_forty_points_apart_are_asked_to_talk_with_both_texts(
    team: Office, ana: Person, raj: Person
) -> None:
    bet = place(team, "Rank tickets", ana, raj)
    team.at(MONDAY)
    raj.say("85% the *new* split holds", thread_of(team, bet))
    ana.say("30% only on last year's data", thread_of(team, bet))
    assert not said(team, bet, "differently"), "nobody hears of numbers before they are open"
    team.at(THURSDAY)
    [told] = said(team, bet, "differently")
    assert "Raj 85%, Ana 30%" in told and "<@U0RAJ> and <@U0ANA>" in told
    assert "only on last year's data" in told and "split holds" in told
    team.at(THURSDAY + WEEK)
    assert len(said(team, bet, "differently")) == 1, "not every week"


def test_what_is_taken_back_is_not_quoted_any_more(team: Office, ana: Person, raj: Person) -> None:
    bet = place(team, "Rank tickets", ana, raj)
    team.at(MONDAY)
    thread = thread_of(team, bet)
    ts = raj.say("85% canary in the mine", thread)
    ana.say("30% only on last year's data", thread)
    team.at(THURSDAY)
    assert "canary" in said(team, bet, "differently")[0]
    team.world.remove(raj.user, raj.channel, ts)
    team.settle()
    assert "canary" not in said(team, bet, "differently")[0] and "canary" not in stored_text(team)


def test_an_owner_who_left_the_channel_is_not_asked_to_talk(team: Office, ana: Person, raj: Person) -> None:
    bet = place(team, "Rank tickets", ana, raj)
    team.at(MONDAY)
    raj.say("85% the new split holds", thread_of(team, bet))
    ana.say("30% only on last year's data", thread_of(team, bet))
    team.world.leave(CHANNEL, raj.user)
    team.settle()
    team.at(THURSDAY)
    assert not said(team, bet, "differently")


def test_close_numbers_are_left_alone(team: Office, ana: Person, raj: Person) -> None:
    bet = place(team, "Rank tickets", ana, raj)
    team.at(MONDAY)
    raj.say("60% a", thread_of(team, bet))
    ana.say("30% b", thread_of(team, bet))
    team.at(THURSDAY)
    assert not said(team, bet, "differently")


def test_in_a_young_team_one_who_is_alone_for_four_weeks_is_offered_company(
    team: Office, ana: Person, lead: Person
) -> None:
    lead.command("config")
    lead.fill_in({"Team maturity": "young"}).submit()
    bet = place(team, "Rank tickets", ana)
    for week in range(6):
        team.at(MONDAY + week * WEEK)
        team.at(THURSDAY + week * WEEK)
    [told] = said(team, bet, "has been alone on this for")
    assert "Ana has been alone on this for 4 weeks" in told and "pair" in told


def test_in_a_young_team_who_left_is_not_called_alone(team: Office, ana: Person, lead: Person) -> None:
    lead.command("config")
    lead.fill_in({"Team maturity": "young"}).submit()
    bet = place(team, "Rank tickets", ana)
    team.world.leave(CHANNEL, ana.user)
    for week in range(6):
        team.at(MONDAY + week * WEEK)
        team.at(THURSDAY + week * WEEK)
    assert not said(team, bet, "alone")


def test_in_a_mixed_team_the_thread_says_nothing(team: Office, ana: Person) -> None:
    bet = place(team, "Rank tickets", ana)
    for week in range(6):
        team.at(MONDAY + week * WEEK)
        team.at(THURSDAY + week * WEEK)
    assert not said(team, bet, "has been alone")
