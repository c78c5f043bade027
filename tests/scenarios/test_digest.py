"""Friday's close: the week in one message, kept true afterwards."""

from datetime import timedelta

import pytest

from bot.actions.scoping import do_begin_scope_of, do_save_draft
from bot.domain.records import Bet
from bot.store.bets import update_bet
from tests.conftest import ANA, CHANNEL, LEE, Office, lived_once
from tests.scenarios.rounds import (
    FRIDAY,
    MONDAY,
    NEXT_MONDAY,
    SATURDAY,
    card_text,
    checkin_text,
    confidence_of,
    digest_text,
    edit,
    end,
    in_thread,
    place,
    thread_of,
)
from tests.scenarios.scoped import WHOLE, Scoping
from tests.talk import Person, words


@pytest.fixture
@lived_once
def asked(team: Office, ana: Person, raj: Person) -> Office:
    """Monday, ten o'clock: Ana and Raj are asked about B-1, Ana about B-2."""
    team.first = place(team, "Rank tickets", ana, raj)
    team.second = place(team, "Find duplicates", ana)
    team.at(MONDAY)
    return team


def digests(office: Office) -> list[str]:
    return [text for m in office.messages() if "in short" in (text := words(m))]


def test_friday_tells_the_week_in_one_message(asked: Office, ana: Person, raj: Person) -> None:
    ana.command("update B-1 70% ranking beats chance")
    raj.command("update B-1 50% on small data")
    asked.at(FRIDAY)
    asked.after(minutes=30)
    (digest,) = digests(asked)
    assert "Week of 30 Nov in short" in digest and "2 of 3 answers" in digest
    assert "*B-1* Rank tickets: *60%*" in digest
    assert "Ana: ranking beats chance" in digest and "Raj: on small data" in digest
    assert "No word yet from B-2." in digest


def test_it_shows_how_the_confidence_changed(asked: Office, ana: Person) -> None:
    ana.command("update B-2 70% a")
    asked.at(FRIDAY)
    asked.at(NEXT_MONDAY)
    ana.command("update B-2 50% b")
    asked.at(FRIDAY.replace(day=11))
    assert "*50%* (-20)" in digest_text(asked)


def test_between_different_peoples_numbers_there_is_no_change(
    asked: Office, lead: Person, ana: Person, raj: Person
) -> None:
    ana.command("update B-1 60% a")
    asked.at(FRIDAY)
    asked.at(NEXT_MONDAY)
    raj.command("update B-1 65% b")
    asked.at(FRIDAY.replace(day=11))
    assert "*B-1* Rank tickets: *65%*\n" in digest_text(asked)
    assert "*Confidence* 65%\n" in card_text(asked, asked.first)
    lead.command("summary")
    assert "*65%* ▅▆ ·" in lead.saw()
    ana.command("update B-1 61% a late one")
    assert "*B-1* Rank tickets: *63%*\n" in digest_text(asked), "of the two one was not asked before"


def test_a_late_an_edited_and_a_first_confidence_correct_it(asked: Office, ana: Person, raj: Person) -> None:
    thread = thread_of(asked, asked.first)
    ts = ana.say("70% fine", thread)
    asked.at(FRIDAY)
    asked.at(SATURDAY)
    raj.command("update B-1 40% sorry")
    assert "Raj (late): sorry" in digest_text(asked) and "*55%*" in digest_text(asked)
    asked.world.edit(ana.user, CHANNEL, ts, "20% not fine")
    asked.settle()
    assert "not fine" in digest_text(asked) and "*30%*" in digest_text(asked)
    assert len(digests(asked)) == 1


def test_three_weeks_of_no_change_are_evidence(asked: Office, ana: Person) -> None:
    for day in (30, 7, 14):
        if day != 30:
            asked.at(MONDAY.replace(month=12, day=day))
        ana.press("No change", in_thread(asked, asked.second)[-1])
        asked.at(FRIDAY.replace(day=4 if day == 30 else day + 4))
    assert '"No change" for 3 weeks in a row' in digest_text(asked)
    assert confidence_of(asked, asked.second).no_change_run == 3
    assert "in a row" not in digests(asked)[0]


def test_silence_is_counted_and_never_kills(asked: Office) -> None:
    for day in (4, 11, 18):
        asked.at(FRIDAY.replace(day=day))
        asked.at(NEXT_MONDAY.replace(day=day + 3))
    assert confidence_of(asked, asked.first).silent_weeks == 3
    assert "live" in words(asked.messages()[0])


def test_a_bet_that_ended_in_the_week_still_has_its_line_and_owes_nothing(asked: Office, ana: Person) -> None:
    ana.command("update B-1 70% nobody needs it")
    end(asked, asked.first)
    asked.at(FRIDAY)
    assert "nobody needs it" in digest_text(asked) and "1 of 2 answers" in digest_text(asked)


def test_after_a_long_absence_old_weeks_are_closed_without_a_word(asked: Office) -> None:
    asked.at(NEXT_MONDAY.replace(day=21))
    assert digests(asked) == []


def kill(person: Person, key: str) -> None:
    person.command(f"kill {key}")
    said = {"Reason": "Nobody asks", "What did we learn?": "Ask", "Did it meet its success statement?": "no"}
    person.fill_in(said).submit()
    assert not person.reply.errors


def test_the_checkin_and_the_digest_count_alike_after_a_bet_ended(asked: Office, ana: Person, raj: Person) -> None:
    raj.command("update B-1 70% nobody needs it")
    assert "*1 of 3* answers" in checkin_text(asked)
    kill(ana, "B-1")
    assert "*1 of 2* answers" in checkin_text(asked)
    asked.at(FRIDAY)
    assert "1 of 2 answers" in digest_text(asked)
    kill(ana, "B-2")
    assert "No bet of this round is live any more; 1 answer came in before." in checkin_text(asked)


def test_who_answered_before_the_owners_changed_is_named_and_counted(asked: Office, ana: Person, raj: Person) -> None:
    raj.command("update B-1 70% nobody needs it")
    edit(asked, ana, asked.first, Owners=[ana.user, LEE])
    assert "*B-1* Rank tickets: Ana, Lee, Raj ✓" in checkin_text(asked)
    assert "*B-2* Find duplicates: Ana\n" in checkin_text(asked) and "*1 of 4* answers" in checkin_text(asked)
    asked.at(FRIDAY)
    assert "1 of 4 answers" in digest_text(asked) and "Raj: nobody needs it" in digest_text(asked)


def test_with_no_bet_left_and_no_answer_the_checkin_says_so_and_there_is_no_digest(asked: Office, ana: Person) -> None:
    kill(ana, "B-1")
    kill(ana, "B-2")
    assert "No bet of this round is live any more." in checkin_text(asked) and "of 0" not in checkin_text(asked)
    place(asked, "Shorter prompts", ana)
    asked.at(FRIDAY)
    assert digests(asked) == []


def test_what_was_said_in_a_week_whose_bets_all_ended_is_still_told(asked: Office, ana: Person) -> None:
    ana.command("update B-1 70% nobody needs it")
    kill(ana, "B-1")
    kill(ana, "B-2")
    asked.at(FRIDAY)
    assert "nobody needs it" in digest_text(asked) and "1 of 1 answers" in digest_text(asked)


def test_when_all_bets_lapse_at_the_close_it_says_why_nothing_is_waited_for(
    team: Office, ana: Person, raj: Person
) -> None:
    place(team, "Rank tickets", ana, raj)
    with team.bot.transaction() as tx:
        update_bet(tx, 1, warned_75_at=FRIDAY - timedelta(days=8), warned_100_at=FRIDAY - timedelta(days=8))
    team.at(MONDAY)
    team.at(FRIDAY)
    (digest,) = digests(team)
    assert "No answers came in, and none of the bets that were asked about is live any more." in digest
    assert "Lapsed: *B-1* Rank tickets" in digest
    assert "Late answers" not in digest and "bets with news" not in digest


def test_when_everybody_is_away_it_says_so_and_waits_for_late_answers(team: Office, ana: Person) -> None:
    place(team, "Rank tickets", ana)
    ana.command("away from 2026-11-30 to 2026-12-06")
    team.at(MONDAY)
    team.at(FRIDAY)
    digest = digest_text(team)
    assert "No answers came in: nobody was there to give one. Late answers are added here." in digest
    assert "Everybody on B-1 is away." in digest


def lapse_at_the_first_close(office: Office, *bets: Bet) -> None:
    with office.bot.transaction() as tx:
        for bet in bets:
            update_bet(tx, bet.id, warned_75_at=FRIDAY - timedelta(days=8), warned_100_at=FRIDAY - timedelta(days=8))


def bet_again(person: Person, key: str) -> None:
    person.command(f"again {key}")
    person.fill(Reason="The data came after all").submit()
    assert not person.reply.errors


def test_a_digest_that_takes_up_a_late_answer_takes_up_nothing_else_that_came_after_its_close(
    asked: Office, ana: Person, raj: Person
) -> None:
    lapse_at_the_first_close(asked, asked.second)
    asked.at(FRIDAY)
    closed = digest_text(asked)
    assert "Lapsed: *B-2* Find duplicates" in closed and "No word yet from B-1." in closed
    assert "0 of 2 answers" in closed and "Without a locked scope: B-1 Rank tickets (new). " in closed

    asked.at(SATURDAY)
    bet_again(ana, "B-2")
    for number in range(3, 8):
        place(asked, f"Bet {number}", raj)
    kill(ana, "B-1")
    raj.command("update B-1 40% sorry")
    assert digests(asked) == [closed], "an ended bet takes no answer"
    raj.command("update B-2 40% as a second opinion")
    ana.command("update B-2 70% it came after all")
    late = digest_text(asked)
    assert "Ana (late): it came after all" in late and "1 of 3 answers" in late, late
    assert "No word yet from B-1." in late, "it was killed only later"
    assert "Lapsed: *B-2*" in late and "Starting something new next week? Scope it first." in late
    assert "Without a locked scope: B-1 Rank tickets (new). " in late


def test_who_owns_a_bet_after_the_close_owed_no_answer_in_the_closed_week(
    asked: Office, ana: Person, raj: Person
) -> None:
    asked.at(FRIDAY)
    asked.at(SATURDAY)
    edit(asked, ana, asked.second, Owners=[ana.user, LEE])
    raj.command("update B-1 40% sorry")
    assert "1 of 3 answers" in digest_text(asked)


def test_a_scope_that_is_locked_after_the_close_leaves_the_closed_week_as_it_was(asked: Office, ana: Person) -> None:
    asked.at(FRIDAY)
    assert "Without a locked scope: B-1 Rank tickets (new), B-2 Find duplicates (new)" in digest_text(asked)
    asked.at(SATURDAY)
    scoping = Scoping(asked)
    scope = scoping.do(do_begin_scope_of, ANA, asked.second)
    scoping.lock(scoping.do(do_save_draft, ANA, scope.id, 1, WHOLE).scope)
    ana.command("update B-2 70% late")
    assert "Without a locked scope: B-1 Rank tickets (new), B-2 Rank tickets (new)" in digest_text(asked)


def test_no_change_stays_flagged_in_a_digest_that_is_corrected_in_the_next_week(
    asked: Office, ana: Person, raj: Person
) -> None:
    for day in (30, 7, 14):
        if day != 30:
            asked.at(MONDAY.replace(month=12, day=day))
        ana.press("No change", in_thread(asked, asked.second)[-1])
        if day == 14:
            ts = raj.say("50% on small data", thread_of(asked, asked.first))
        asked.at(FRIDAY.replace(day=4 if day == 30 else day + 4))
    asked.at(MONDAY.replace(month=12, day=21))
    ana.command("update B-2 60% at last some news")
    asked.at(FRIDAY.replace(day=24))
    asked.world.edit(raj.user, CHANNEL, ts, "50% on little data")
    asked.settle()
    corrected = next(text for text in digests(asked) if "Week of 14 Dec in short" in text)
    assert "on little data" in corrected and '"No change" for 3 weeks in a row' in corrected
