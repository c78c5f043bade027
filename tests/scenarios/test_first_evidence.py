"""First evidence: a bet that shows nothing is asked for samples, and how soon bets show some is told."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.records import Bet, Nudge
from bot.store.nudges import list_nudges
from bot.work import tick
from tests.conftest import Office, lived_once
from tests.scenarios.judging import WEDNESDAY_11, push, to_next_wednesday, to_wednesday
from tests.scenarios.rounds import in_thread, place, thread_of
from tests.talk import Person, elements, label_of, words


@pytest.fixture
@lived_once
def bet(team: Office, ana: Person, raj: Person) -> Bet:
    return place(team, "Rank tickets", ana, raj)


def asked(office: Office, bet: Bet) -> list[dict[str, Any]]:
    """The requests for samples in a bet's thread, oldest first."""
    return [message for message in in_thread(office, bet) if "however bad" in words(message)]


def asks(office: Office) -> list[Nudge]:
    with office.bot.reading() as tx:
        return [one for one in list_nudges(tx) if one.evidence[0]["code"] == "no_samples"]


def live_through(office: Office, weeks: int) -> None:
    """Each week's check-in and samples, from the first Monday on."""
    for week in range(weeks):
        office.at(WEDNESDAY_11 + timedelta(weeks=week, days=-2))
        office.at(WEDNESDAY_11 + timedelta(weeks=week))


def test_after_a_third_of_the_appetite_the_thread_is_asked_for_samples_however_bad(team: Office, bet: Bet) -> None:
    to_wednesday(team)
    assert asked(team, bet) == []
    to_next_wednesday(team)
    [message] = asked(team, bet)
    assert words(message).startswith("B-1 Rank tickets: Day 10 of 28 and nobody has seen a sample yet.")
    assert "<@U0ANA>, <@U0RAJ> *Day 10 of 28" in words(message)
    assert not any("however bad" in words(m) for m in team.messages())
    for _ in range(3):
        tick.once(team.new_bot())
        team.after(minutes=5)
    assert len(asked(team, bet)) == 1


def test_it_is_asked_once_a_third_and_at_most_every_three_weeks(team: Office, ana: Person) -> None:
    long, short = place(team, "Long", ana), place(team, "Short", ana)
    ana.press("More", next(m for m in team.messages() if "B-1" in words(m)))
    ana.press("Edit")
    ana.fill_in({"Appetite (weeks)": "12"}).submit()
    live_through(team, 13)
    # A third of twelve weeks is four weeks, of four weeks ten days; the next third comes within three weeks of that.
    assert [text.split(" and ")[0] for m in asked(team, long) for text in [m["text"]]] == [
        "B-1 Long: Day 31 of 84", "B-1 Long: Day 59 of 84",
    ]  # fmt: skip
    days = [one.created_at for one in asks(team) if one.bet_id == short.id]
    assert len(days) == 2 and days[1] - days[0] >= timedelta(days=21)


def test_whoever_is_away_is_not_mentioned_and_nobody_is_asked_while_all_are(
    team: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    to_wednesday(team)
    ana.command("away until 2026-12-20")
    raj.command("away until 2026-12-10")
    to_next_wednesday(team)
    assert asked(team, bet) == []
    team.at(WEDNESDAY_11 + timedelta(weeks=2, days=-2))
    team.at(WEDNESDAY_11 + timedelta(weeks=2))
    [message] = asked(team, bet)
    assert "<@U0RAJ> *Day 17" in words(message) and "<@U0ANA>" not in words(message)


def test_a_bet_that_brought_samples_is_not_asked(team: Office, bet: Bet) -> None:
    push(team, bet, "intents.v1.jsonl")
    live_through(team, 5)
    assert asked(team, bet) == []


def test_where_the_samples_line_is_off_nobody_is_asked(team: Office, bet: Bet, lead: Person) -> None:
    lead.command("config")
    lead.fill_in({"Samples day": "off"}).submit()
    live_through(team, 4)
    assert asked(team, bet) == [] and asks(team) == []


def test_the_request_is_an_ask_that_is_done_when_samples_are_shown(
    team: Office, bet: Bet, lead: Person, ana: Person
) -> None:
    to_wednesday(team)
    to_next_wednesday(team)
    [ask] = asks(team)
    assert (ask.advice, ask.answer, ask.posted_at) == ("ask", "none", ask.created_at)
    lead.command("summary")
    assert "samples are asked for, however bad (since Wed 9 Dec 2026)" in lead.saw()
    push(team, bet, "intents.v1.jsonl")
    ana.command("predictions B-1")
    ana.press("Post samples now")
    assert [(one.answer, one.answered_by) for one in asks(team)] == [("done", ana.user)]
    lead.command("summary")
    assert "samples are asked for" not in lead.saw()


def test_how_long_the_first_sample_took_is_on_the_card_and_the_median_in_the_summary(
    team: Office, bet: Bet, ana: Person, lead: Person
) -> None:
    other = place(team, "Slow one", ana)
    place(team, "Nothing yet", ana)
    push(team, bet, "intents.v1.jsonl")
    to_wednesday(team)
    assert "*First evidence* after 2 days" in words(team.messages(thread_of(team, bet))[0])
    push(team, other, "tldr.v1.jsonl")
    to_next_wednesday(team)
    ana.command("show B-2")
    assert "*First evidence* after 9 days" in ana.saw()
    ana.command("show B-3")
    assert "First evidence" not in ana.saw()
    lead.command("summary")
    assert "Median time to first evidence: 6 days (2 bets); 1 live bet has shown none yet" in lead.saw()


def test_a_request_takes_no_buttons_from_the_packet_that_stands(team: Office, ana: Person) -> None:
    bet = place(team, "Rank tickets", ana)
    ana.press("More", next(m for m in team.messages() if "B-1" in words(m)))
    ana.press("Edit")
    ana.fill_in({"Kill criteria": "too slow by 2026-12-01"}).submit()
    to_wednesday(team)
    ana.press("It happened: stop", thread=thread_of(team, bet))
    to_next_wednesday(team)
    assert len(asked(team, bet)) == 1
    ana.press("More", next(m for m in team.messages() if "B-1" in words(m)))
    ana.press("Edit")
    ana.fill_in({"Kill criteria": "much too slow by 2026-12-18"}).submit()
    team.at(WEDNESDAY_11 + timedelta(weeks=1, days=2, hours=5))
    [packet] = [m for m in team.messages() if "A hard fact" in words(m)]
    assert "Kill" in [label_of(block, element) for block, element in elements(packet)]
