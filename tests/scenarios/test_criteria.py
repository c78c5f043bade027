"""Kill criteria that are due: asked in the check-in, answered by a press, and a hard fact on the same day."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.records import KillCriterion
from bot.store.bets import get_bet_by_number
from bot.store.history import list_history
from bot.store.outbox import list_posts
from bot.store.tables import history
from tests.conftest import ANA, GUEST, Office, lived_once
from tests.scenarios.rounds import MONDAY, NEXT_MONDAY, THURSDAY, TUESDAY, told
from tests.scenarios.test_bets import card
from tests.scenarios.test_bets import place as place_by_form
from tests.scenarios.test_decisions import in_thread_of
from tests.scenarios.test_nudges import SAID, WEEK, answer_weekly, nudges, packets
from tests.talk import Person, elements, label_of, words

CRITERION = "F1 below 60% on *real* tickets by 2026-12-04"
THREE = ["It happened: stop", "It did not happen", "Not known yet"]


def criteria(office: Office, number: int = 1) -> tuple[KillCriterion, ...]:
    with office.bot.reading() as tx:
        bet = get_bet_by_number(tx, number)
        assert bet is not None
        return bet.kill_criteria


def prompt(office: Office, ts: str) -> dict[str, Any]:
    """The newest question in the bet's thread."""
    return [m for m in in_thread_of(office, ts) if "What do we know" in words(m)][-1]


@pytest.fixture
@lived_once
def asked(team: Office, ana: Person, raj: Person) -> Office:
    """B-1 of Ana has a criterion due this week and one due later; B-2 of Raj has none. It is Monday, ten o'clock."""
    fields = {"Kill criteria": f"{CRITERION}\nnobody uses it by 2026-12-18", "Owners": [ANA, GUEST]}
    team.ts, team.other = place_by_form(ana, **fields), place_by_form(raj, "Another")
    team.at(MONDAY)
    return team


def test_a_due_criterion_is_asked_word_for_word_in_the_prompt(asked: Office) -> None:
    shown = prompt(asked, asked.ts)
    assert CRITERION in words(shown) and "nobody uses it" not in words(shown)
    assert [label_of(b, e) for b, e in elements(shown)] == ["No change", *THREE]
    assert "Kill criterion" not in words(prompt(asked, asked.other))


@pytest.mark.parametrize(("label", "state"), [(THREE[1], "passed"), (THREE[2], "open")])
def test_an_answer_is_kept_and_shown_with_its_author(asked: Office, ana: Person, label: str, state: str) -> None:
    ana.press(label, prompt(asked, asked.ts))
    (first, second) = criteria(asked)
    assert (first.state, first.answered_by, second.state, second.answered_by) == (state, ANA, "open", None)
    assert f"*{label}*, answered by Ana on Mon 30 Nov 2026" in words(prompt(asked, asked.ts))
    assert f"Noted on B-1: {label}" in told(ana, thread=asked.ts)[-1]
    assert not packets(asked)
    if state == "passed":
        assert "did not happen" in card(asked, asked.ts)


def test_what_is_not_known_yet_is_asked_again_next_week(asked: Office, ana: Person) -> None:
    ana.press(THREE[2], prompt(asked, asked.ts))
    asked.at(NEXT_MONDAY)
    again = prompt(asked, asked.ts)
    assert CRITERION in words(again) and "answered by" not in words(again)
    old = next(m for m in in_thread_of(asked, asked.ts) if "What do we know" in words(m))
    assert not elements(old) and "Another press" not in words(old)
    ana.press(THREE[1], again)
    asked.at(NEXT_MONDAY + timedelta(weeks=1))
    assert CRITERION not in words(prompt(asked, asked.ts)) and "nobody uses it" in words(prompt(asked, asked.ts))


def test_that_it_happened_is_said_in_the_channel_the_same_day(asked: Office, ana: Person, raj: Person) -> None:
    asked.at(TUESDAY)
    ana.press(THREE[0], prompt(asked, asked.ts))
    (message,) = packets(asked)
    text = words(message)
    assert "A hard fact about B-1, Tue 1 Dec 2026" in text and "you agreed to stop" in text
    assert f"“{CRITERION[:15]}" in text and "*happened*" in text
    assert "The channel hears of it now" in told(ana, thread=asked.ts)[-1] and "happened" in card(asked, asked.ts)
    assert [(one.advice, len(one.hard)) for one in nudges(asked)] == [("kill", 1)]
    asked.at(THURSDAY)
    assert len(packets(asked)) == 1, "the same thing is not said twice in a week"


def test_a_number_that_is_not_open_is_not_in_the_nudge(asked: Office, ana: Person) -> None:
    ana.command("update B-1 13% it looks bad")
    ana.press(THREE[0], prompt(asked, asked.ts))
    assert "13" not in words(packets(asked)[0]).replace("2026", "")


def test_the_same_answer_again_changes_nothing_and_is_no_new_fact(asked: Office, ana: Person, lead: Person) -> None:
    ana.press(THREE[0], prompt(asked, asked.ts))
    before = criteria(asked)
    for person, days in ((ana, 1), (lead, 2)):
        asked.at(TUESDAY + timedelta(days=days))
        person.press(THREE[0], prompt(asked, asked.ts))
        assert criteria(asked) == before
    asked.at(THURSDAY + WEEK)
    assert len(packets(asked)) == 1
    with asked.bot.reading() as tx:
        assert len(list_history(tx, history.c.kind == "criterion")) == 1


def test_a_fact_that_was_taken_back_and_happened_after_all_is_not_told_again(asked: Office, ana: Person) -> None:
    for day, label in enumerate((THREE[0], THREE[1], THREE[0])):
        asked.at(TUESDAY + timedelta(days=day))
        ana.press(label, prompt(asked, asked.ts))
    asked.at(THURSDAY + WEEK)
    (packet,) = packets(asked)
    assert "A hard fact stands against it" in words(packet) and "*happened*" in words(packet)
    assert "It counts against the bet from now on." in told(ana, thread=asked.ts)[-1]


def test_an_earlier_packet_takes_over_again_when_the_fact_after_it_is_taken_back_in_time(
    team: Office, ana: Person, raj: Person
) -> None:
    ts = place_by_form(ana, **{"Kill criteria": "too slow by 2026-12-18"})
    place_by_form(raj, "Another")
    answer_weekly(team, THURSDAY + 2 * WEEK, B_1=(ana, [70, 70, 15]), B_2=(raj, [70]))
    hold, ana.settle = ana.settle, lambda: None
    ana.press(THREE[0], prompt(team, ts))
    ana.settle = hold
    ana.press(THREE[1], prompt(team, ts))
    (packet,) = packets(team)
    assert "newer packet" not in words(packet) and "Kill" in [label_of(b, e) for b, e in elements(packet)]


def test_votes_on_a_packet_count_in_the_one_that_took_its_place(
    team: Office, ana: Person, raj: Person, lee: Person, lead: Person
) -> None:
    ts = place_by_form(ana, **{"Kill criteria": "too slow by 2026-12-18"})
    place_by_form(raj, "Another")
    answer_weekly(team, THURSDAY + 2 * WEEK, B_1=(ana, [70, 70, 15]), B_2=(raj, [70]))
    for person, vote in ((raj, "no"), (lee, "yes")):
        person.press("Would we start it today?", packets(team)[0])
        person.fill_in({"Would we start it today?": vote}).submit()
        person.close()
    ana.press(THREE[0], prompt(team, ts))
    lee.press("Would we start it today?", packets(team)[1])
    lee.fill_in({"Would we start it today?": "no"}).submit()
    assert "0 yes, 2 no" in words(lee.modal), "the last vote of each person counts"
    lead.press("Kill", packets(team)[1])
    lead.fill_in(SAID).submit()
    first, second = (words(one) for one in packets(team))
    assert "0 yes, 2 no" in second and "no, 0 unsure" not in first
    assert "Killed by Mia Lead" in first and "Killed by Mia Lead" in second


def test_one_such_message_a_day_and_the_next_waits_for_thursday(asked: Office, ana: Person, raj: Person) -> None:
    again = place_by_form(ana, "A third", **{"Kill criteria": "too slow by 2026-12-07"})
    asked.at(NEXT_MONDAY)
    ana.press(THREE[0], prompt(asked, asked.ts))
    ana.press(THREE[0], prompt(asked, again))
    assert len(packets(asked)) == 1 and "in line for the next decisions message" in told(ana, thread=again)[-1]
    asked.at(NEXT_MONDAY + (THURSDAY - MONDAY))
    assert len(packets(asked)) == 2 and "B-3" in words(packets(asked)[1]) and "too slow" in words(packets(asked)[1])


def test_another_press_changes_it_and_a_message_on_its_way_is_not_sent(asked: Office, ana: Person) -> None:
    hold = ana.settle
    ana.settle = lambda: None
    ana.press(THREE[0], prompt(asked, asked.ts))
    ana.settle = hold
    ana.press(THREE[1], prompt(asked, asked.ts))
    assert not packets(asked) and criteria(asked)[0].state == "passed"
    with asked.bot.reading() as tx:
        assert [post.state for post in list_posts(tx, 1, "nudges:")] == ["dropped"]


def test_a_packet_in_the_channel_follows_a_changed_answer(asked: Office, ana: Person) -> None:
    ana.press(THREE[0], prompt(asked, asked.ts))
    ana.press(THREE[1], prompt(asked, asked.ts))
    assert "*did not happen*" in words(packets(asked)[0]) and "*happened*" not in words(packets(asked)[0])


def test_others_than_owners_and_deciders_are_refused(asked: Office, raj: Person, lead: Person, guest: Person) -> None:
    raj.press(THREE[0], prompt(asked, asked.ts))
    assert "for its owners and the leads to say" in told(raj, thread=asked.ts)[-1]
    assert criteria(asked)[0].state == "open"
    lead.press(THREE[2], prompt(asked, asked.ts))
    assert "answered by Mia Lead" in words(prompt(asked, asked.ts))
    guest.press(THREE[1], prompt(asked, asked.ts))
    assert criteria(asked)[0].state == "passed", "a guest answers for a bet of theirs"


def test_a_criterion_of_a_bet_that_ended_stays_as_it_was(asked: Office, ana: Person) -> None:
    ana.command("kill B-1")
    ana.fill_in(SAID)
    before, settle = prompt(asked, asked.ts), ana.settle
    ana.settle = lambda: None
    ana.submit()
    ana.settle = settle
    ana.press(THREE[0], before)
    assert not set(THREE) & {label_of(b, e) for b, e in elements(prompt(asked, asked.ts))}
    assert "already killed" in told(ana, thread=asked.ts)[-1] and criteria(asked)[0].state == "open"


def test_a_criterion_that_was_edited_away_is_told_so(asked: Office, ana: Person) -> None:
    before = prompt(asked, asked.ts)
    ana.press("More", next(m for m in ana.messages() if m["ts"] == asked.ts))
    ana.press("Edit")
    ana.fill_in({"Kill criteria": "nobody uses it by 2026-12-18"}).submit()
    while ana.modal:
        ana.close()
    ana.press(THREE[0], before)
    assert "not among those of B-1 any more" in told(ana, thread=asked.ts)[-1]
    assert "happened" not in json.dumps([one.state for one in criteria(asked)])


@pytest.mark.parametrize("snoozed", [False, True])
def test_a_hard_fact_on_the_day_of_a_packet_is_new_and_said_once(
    team: Office, ana: Person, raj: Person, snoozed: bool
) -> None:
    ts = place_by_form(ana, **{"Kill criteria": "too slow by 2026-12-18"})
    place_by_form(raj, "Another")
    answer_weekly(team, THURSDAY + 2 * WEEK, B_1=(ana, [70, 70, 15]), B_2=(raj, [70]))
    assert len(packets(team)) == 1
    if snoozed:
        ana.press("Snooze 2 weeks")
    ana.press(THREE[0], prompt(team, ts))
    said = packets(team)
    assert len(said) == 2 and "A hard fact about B-1, Thu 17 Dec 2026" in words(said[1])
    assert "A newer packet on B-1, of Thu 17 Dec 2026, stands below" in words(said[0])
    assert not elements(said[0]) and elements(said[1]), "one packet of a bet has buttons"
    assert "a lead is asked" not in words(said[1]), "nobody has declined anything yet"
    assert "The channel hears of it now" in told(ana, thread=ts)[-1]
    team.at(THURSDAY + 3 * WEEK)
    assert not [m for m in packets(team)[2:] if "you agreed to stop" in words(m)]


def test_the_answer_promises_no_message_that_does_not_come_and_offers_a_kill(
    asked: Office, ana: Person, lead: Person
) -> None:
    lead.command("pause")
    ana.press(THREE[0], prompt(asked, asked.ts))
    assert "It counts against the bet from now on." in told(ana, thread=asked.ts)[-1]
    assert not packets(asked)
    lead.command("resume")
    ana.press("Kill", thread=asked.ts)
    ana.fill_in(SAID).submit()
    assert "B-1 is killed" in words(in_thread_of(asked, asked.ts)[-1])


def test_a_packet_about_an_overdue_criterion_takes_its_answer(asked: Office, ana: Person, raj: Person) -> None:
    answer_weekly(asked, THURSDAY + WEEK, B_1=(ana, [75]), B_2=(raj, [75]))
    (packet,) = packets(asked)
    assert "did it happen or not?" in words(packet)
    assert [label_of(b, e) for b, e in elements(packet)][:3] == THREE
    ana.press(THREE[1], packet)
    (packet,) = packets(asked)
    assert not set(THREE) & {label_of(b, e) for b, e in elements(packet)} and "*did not happen*" in words(packet)
    assert [one.state for one in criteria(asked)] == ["passed", "open"]


def test_the_answer_to_what_was_asked_settles_the_request_and_a_decision_stays_possible(
    asked: Office, ana: Person, raj: Person, lead: Person
) -> None:
    answer_weekly(asked, THURSDAY + WEEK, B_1=(ana, [75]), B_2=(raj, [75]))
    ana.press(THREE[2], packets(asked)[0])
    assert nudges(asked)[0].answer == "none", "what is not known yet is no answer"
    ana.press(THREE[1], packets(asked)[0])
    (packet,) = packets(asked)
    assert "Answered by Ana on Thu 10 Dec 2026" in words(packet)
    assert [label_of(b, e) for b, e in elements(packet)] == [
        "Kill", "Double down", "Keep", "Ship", "Would we start it today?"
    ]  # fmt: skip
    assert (nudges(asked)[0].answer, nudges(asked)[0].answered_by) == ("done", ANA)
    lead.press("Kill", packet)
    lead.fill_in(SAID).submit()
    (packet,) = packets(asked)
    assert "Killed by Mia Lead" in words(packet) and not elements(packet)
    assert (nudges(asked)[0].answer, nudges(asked)[0].answered_by) == ("done", ANA)


def test_a_request_about_two_overdue_criteria_waits_for_both(team: Office, ana: Person, raj: Person) -> None:
    place_by_form(ana, **{"Kill criteria": "too slow by 2026-12-04\nnobody uses it by 2026-12-05"})
    place_by_form(raj, "Another")
    answer_weekly(team, THURSDAY + WEEK, B_1=(ana, [75]), B_2=(raj, [75]))
    for state in ("none", "done"):
        ana.press(THREE[1], packets(team)[0])
        assert nudges(team)[0].answer == state
    assert [one.state for one in criteria(team)] == ["passed", "passed"]
