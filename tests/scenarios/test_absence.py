"""Being away: who is away is never missing, and is not reminded."""

import pytest
from sqlalchemy import select

from bot.store.tables import absences
from tests.conftest import Office, lived_once
from tests.scenarios.rounds import (
    FRIDAY,
    MONDAY,
    NEXT_MONDAY,
    SATURDAY,
    THURSDAY,
    TUESDAY,
    checkin_text,
    digest_text,
    in_thread,
    place,
    told,
)
from tests.scenarios.test_reminders import reminders
from tests.talk import Person, words


@pytest.fixture
@lived_once
def placed(team: Office, ana: Person, raj: Person) -> Office:
    """Monday, nine o'clock: B-1 of Ana and Raj is live."""
    team.bet = place(team, "Rank tickets", ana, raj)
    return team


@pytest.mark.parametrize(
    ("said", "dates"),
    [
        ("until Friday", "Mon 30 Nov 2026 until Fri 4 Dec 2026 included"),
        ("until today", "away: Mon 30 Nov 2026 (Europe/Berlin)"),
        ("until end of month", "Mon 30 Nov 2026"),
        ("today", "away: Mon 30 Nov 2026 (Europe/Berlin)"),
    ],
)
def test_the_answer_repeats_the_dates_with_weekday_and_zone(placed: Office, raj: Person, said: str, dates: str) -> None:
    raj.command(f"away {said}")
    assert "You are away" in told(raj)[-1] and dates in told(raj)[-1] and "Europe/Berlin" in told(raj)[-1]


def test_an_absence_that_is_planned_says_when_and_how_to_take_it_back(placed: Office, raj: Person) -> None:
    raj.command("away from 2026-12-07 to 11 Dec")
    said = told(raj)[-1]
    assert "You will be away: Mon 7 Dec 2026 until Fri 11 Dec 2026 included (Europe/Berlin)" in said
    assert "`/bets away back` takes it back" in said and "weeks" not in said


def test_a_very_long_absence_says_how_long_it_is_and_its_year(placed: Office, raj: Person) -> None:
    raj.command("away until 2027-12-11")
    assert "*That is 53 weeks, until the year 2027.*" in told(raj)[-1] and "away back" in told(raj)[-1]


@pytest.mark.parametrize("said", ["until 03/04", "whenever", "from 2026-12-11 to 2026-12-07", "until 2026-11-02"])
def test_a_date_that_is_unclear_or_over_is_refused(placed: Office, raj: Person, said: str) -> None:
    raj.command(f"away {said}")
    assert "away:" not in told(raj)[-1] and len(told(raj)[-1]) > 20
    placed.at(MONDAY)
    assert "0 of 2" in checkin_text(placed)


def test_who_is_away_is_not_mentioned_counted_or_reminded(placed: Office, ana: Person, raj: Person) -> None:
    raj.command("away until Friday")
    placed.at(MONDAY)
    (prompt,) = in_thread(placed, placed.bet)
    assert "<@U0ANA>" in words(prompt) and "U0RAJ" not in words(prompt)
    assert "0 of 1" in checkin_text(placed) and "Ana, Raj (away)" in checkin_text(placed)
    placed.at(TUESDAY)
    assert reminders(raj) == [] and len(reminders(ana)) == 1
    placed.at(FRIDAY)
    assert "0 of 1 answers" in digest_text(placed)


def test_in_a_team_that_closes_no_week_the_old_message_goes_by_who_was_away_in_its_own_week(
    placed: Office, lead: Person, raj: Person
) -> None:
    lead.command("config")
    lead.fill_in({"Close day": None}).submit()
    raj.command("away until Friday")
    placed.at(MONDAY)
    placed.at(NEXT_MONDAY)
    old, new = (words(message) for message in placed.messages() if "Check-in, week of" in words(message))
    assert "*0 of 1*" in old and "*0 of 2*" in new


def test_who_answers_all_the_same_is_counted(placed: Office, raj: Person) -> None:
    raj.command("away until Friday")
    placed.at(MONDAY)
    raj.command("update B-1 70% from the beach")
    assert "1 of 2" in checkin_text(placed)


def test_a_bet_whose_people_are_all_away_is_said_to_be_so(placed: Office, ana: Person, raj: Person) -> None:
    raj.command("away until Friday")
    ana.command("away until Friday")
    placed.at(MONDAY)
    placed.at(FRIDAY)
    assert "Everybody on B-1 is away" in digest_text(placed) and "No word yet" not in digest_text(placed)


def test_a_summary_calls_nobody_missing_who_is_away_on_the_day_of_the_close(
    placed: Office, lead: Person, raj: Person
) -> None:
    place(placed, "Another", raj)
    placed.at(MONDAY)
    placed.at(THURSDAY)
    raj.command("away until Friday")
    placed.at(FRIDAY)
    assert "No word yet from B-1." in digest_text(placed) and "Everybody on B-2 is away." in digest_text(placed)
    lead.command("summary")
    said = [line for line in lead.saw().splitlines() if "no word yet in the newest check-in" in line]
    assert len(said) == 1 and "B-1" in said[0]


def test_who_came_back_on_monday_was_away_in_the_week_before(placed: Office, lead: Person, ana: Person) -> None:
    place(placed, "Another", ana)
    placed.at(MONDAY)
    ana.command("away until 2026-12-10")
    placed.at(FRIDAY)
    assert "Everybody on B-2 is away." in digest_text(placed)
    placed.at(SATURDAY)
    ana.command("away back")
    ana.command("update B-1 60% from the train")
    assert "Everybody on B-2 is away." in digest_text(placed) and "Ana (late)" in digest_text(placed)
    lead.command("summary")
    assert "no word yet" not in lead.saw()


def test_back_ends_it(placed: Office, raj: Person) -> None:
    raj.command("away back")
    assert "No absence was entered" in told(raj)[-1]
    raj.command("away until Friday")
    raj.command("away back")
    assert "Welcome back" in told(raj)[-1]
    placed.at(MONDAY)
    assert "0 of 2" in checkin_text(placed)


def test_back_takes_back_what_was_planned_and_says_which(placed: Office, raj: Person) -> None:
    raj.command("away from 2026-12-07 to 11 Dec")
    raj.command("away back")
    assert told(raj)[-1].splitlines()[0] == "Taken back: away Mon 7 Dec 2026 until Fri 11 Dec 2026 included."
    placed.at(MONDAY)
    raj.command("away until Friday")
    raj.command("away from 2026-12-24 to 2026-12-31")
    raj.command("away back")
    assert "Welcome back. Taken back: away Thu 24 Dec 2026" in told(raj)[-1]
    placed.at(NEXT_MONDAY)
    assert "0 of 2" in checkin_text(placed)


def test_the_same_days_said_twice_are_one_absence_and_taken_back_once(placed: Office, raj: Person) -> None:
    for _ in range(2):
        raj.command("away from 2026-12-07 to 11 Dec")
        assert "You will be away: Mon 7 Dec 2026" in told(raj)[-1]
    raj.command("away back")
    assert told(raj)[-1].splitlines()[0].count("Taken back") == 1


def test_a_lead_may_enter_it_for_somebody_and_others_may_not(
    placed: Office, lead: Person, ana: Person, raj: Person
) -> None:
    ana.command("away @Raj until Friday")
    assert "Only a lead" in told(ana)[-1]
    lead.command("away <@U0RAJ> until Friday")
    assert "Raj is away: Mon 30 Nov 2026" in told(lead)[-1]
    lead.command("away @nobody until Friday")
    assert "I do not know @nobody" in told(lead)[-1]
    placed.at(MONDAY)
    assert "0 of 1" in checkin_text(placed)


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("<@U0STRANGER>", "Sam Stranger is not in the channel: invite them first."),
        ("<@U0NOBODY|nobody>", "I know no U0NOBODY in Slack: pick the person from Slack's list."),
    ],
)
def test_nobody_who_is_not_in_the_team_is_entered(placed: Office, lead: Person, named: str, said: str) -> None:
    placed.expects_refusals = True  # Slack is asked about whoever is named, and knows no U0NOBODY
    for where in (lead.channel, lead.dm()):
        lead.command(f"away {named} until Friday", channel=where)
        assert said in lead.saw(channel=where)
    with placed.bot.reading() as tx:
        assert tx.execute(select(absences)).all() == []


def test_a_lead_enters_it_for_somebody_who_never_spoke_to_the_bot(placed: Office, lead: Person) -> None:
    lead.command("away <@U0LEE> until Friday")
    assert "Lee is away: Mon 30 Nov 2026 until Fri 4 Dec 2026 included" in told(lead)[-1]


def test_when_slack_cannot_say_who_somebody_is_nothing_is_entered(placed: Office, lead: Person) -> None:
    placed.world.fail("users.info", None, "noapply+500")
    lead.command("away <@U0LEE> until Friday")
    assert "I could not look up U0LEE now, so nothing was changed: send it again." in lead.saw()


def test_an_empty_until_is_the_end_of_that_week(placed: Office, raj: Person) -> None:
    raj.command("away")
    raj.fill(From="2026-12-08").submit()
    assert "Tue 8 Dec 2026 until Sun 13 Dec 2026" in told(raj)[-1]
    placed.at(MONDAY)
    assert "0 of 2" in checkin_text(placed)
    placed.at(NEXT_MONDAY)
    assert "0 of 2" in checkin_text(placed)
    placed.at(NEXT_MONDAY.replace(day=8))
    raj.command("help")
    assert reminders(raj) == []


def test_an_end_before_the_beginning_answers_at_its_field(placed: Office, raj: Person) -> None:
    raj.command("away")
    raj.fill(From="2026-12-08", Until="2026-12-01").submit()
    assert raj.reply.errors == {
        "until": "Tue 1 Dec 2026 is before Tue 8 Dec 2026: an absence cannot end before it begins; choose a later day."
    }
