"""Thursday's decisions message: advice with its evidence, and what becomes of it."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.actions.decisions import do_change
from bot.actions.nudges import settle_nudges
from bot.actions.snoozing import do_snooze_nudge
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, Nudge
from bot.store.bets import get_bet, get_decision, insert_decision, update_bet
from bot.store.history import list_history
from bot.store.nudges import list_nudges
from bot.store.people import get_person
from bot.store.tables import history
from bot.store.teams import get_team, update_team
from bot.work import planner
from tests.conftest import ANA, LEAD, Office, lived_once
from tests.scenarios.rounds import FRIDAY, MONDAY, THURSDAY, card_text, in_thread, place, told
from tests.talk import Person, elements, label_of, words

WEEK = timedelta(weeks=1)
THIRD_THURSDAY = THURSDAY + 2 * WEEK
SAID = {"Reason": "It does not beat chance", "What did we learn?": "Ask first"}
SAID["Did it meet its success statement?"] = "no"


def packets(office: Office) -> list[dict[str, Any]]:
    """The decisions messages in the channel."""
    return [m for m in office.messages() if "Decisions, week of" in words(m) or "A hard fact" in words(m)]


def nudges(office: Office) -> list[Nudge]:
    with office.bot.reading() as tx:
        return list_nudges(tx)


def buttons(message: dict[str, Any]) -> list[str]:
    return [label_of(b, e) for b, e in elements(message)]


def answer_weekly(office: Office, until: datetime, week: int = 0, **said: tuple[Person, list[int]]) -> None:
    """Each Monday evening, from that week on, everybody says how sure they are, the last number again and again.

    Stops at `until`, so that the last Thursday or Friday may lack.
    """
    monday = MONDAY + week * WEEK
    while monday < until:
        office.at(monday)
        for key, (person, numbers) in said.items():
            person.command(f"update {key.replace('_', '-')} {numbers[min(week, len(numbers) - 1)]}% we tried")
        thursday, friday = monday + (THURSDAY - MONDAY), monday + (FRIDAY - MONDAY)
        for instant in (thursday, friday):
            if instant <= until:
                office.at(instant)
        monday, week = monday + WEEK, week + 1


@pytest.fixture
@lived_once
def calm(team: Office, ana: Person, raj: Person) -> Office:
    """Two weeks are over in which B-1 of Ana and B-2 of Raj did well."""
    team.bet, team.other = place(team, "Rank *tickets* <!here>", ana), place(team, "Find duplicates", raj)
    answer_weekly(team, THURSDAY + WEEK + timedelta(days=3), B_1=(ana, [70]), B_2=(raj, [70]))
    return team


@pytest.fixture
@lived_once
def doubted(calm: Office, ana: Person, raj: Person) -> Office:
    """It is the third Thursday, ten o'clock: B-1 of Ana lost her confidence and has a packet, B-2 of Raj does well."""
    answer_weekly(calm, THIRD_THURSDAY, 2, B_1=(ana, [15]), B_2=(raj, [70]))
    with calm.bot.reading() as tx:
        calm.bet, calm.other = get_bet(tx, 1), get_bet(tx, 2)
    return calm


@pytest.fixture
@lived_once
def both_doubted(team: Office, ana: Person, raj: Person) -> Office:
    """It is the third Wednesday: B-1 of Ana and B-2 of Raj lost their confidence this week, B-3 does well."""
    team.bet, team.other = place(team, "Rank tickets", ana), place(team, "Find duplicates", raj)
    place(team, "A third", raj)
    said = {"B_1": (ana, [70, 70, 15]), "B_2": (raj, [70, 70, 10]), "B_3": (raj, [70])}
    answer_weekly(team, THIRD_THURSDAY - timedelta(days=1), **said)
    return team


def test_thursday_brings_one_message_with_the_advice_and_its_numbers(doubted: Office) -> None:
    (message,) = packets(doubted)
    text = words(message)
    assert "Decisions, week of 14 Dec" in text and "B-1" in text and "B-2" not in text
    assert "The evidence is against it: stop it and free 1.4 people-weeks." in text
    assert "against this team's usual 70%" in text and "in 100" in text
    assert "*Confidence* 70% → 15%" in text and "2.6 of 4.0 weeks, 2.6 of 4.0 people-weeks" in text
    assert buttons(message) == ["Kill", "Double down", "Keep", "Ship", "Snooze 2 weeks", "Would we start it today?"]
    assert "<@" not in json.dumps(message), "it is addressed to the bet, never to a person"
    (nudge,) = nudges(doubted)
    assert (nudge.advice, nudge.answer) == ("kill", "none") and nudge.posted_at is not None
    assert nudge.evidence[0]["code"] == "confidence" and nudge.evidence[0]["points"] < 0


def test_the_details_stand_in_the_bets_thread_with_a_picture(doubted: Office) -> None:
    (details,) = [m for m in in_thread(doubted, doubted.bet) if "Evidence on" in words(m)]
    lines = words(details).splitlines()
    assert "• A fresh bet here starts at 25 in 100" in lines[1:3] and "+0.0" not in words(details)
    assert "doubles or halves the odds" in words(details) and "people-weeks spent" in json.dumps(details)
    assert any(block["type"] == "image" for block in details["blocks"])
    assert not [m for m in in_thread(doubted, doubted.other) if "Evidence on" in words(m)]


def test_a_kill_from_the_packet_takes_its_buttons_and_says_who_and_when(doubted: Office, ana: Person) -> None:
    ana.press("Kill")
    ana.fill_in(SAID).submit()
    (message,) = packets(doubted)
    assert "Killed by Ana on Thu 17 Dec 2026" in words(message) and buttons(message) == []
    assert "against this team's usual" in words(message), "the evidence stays"
    assert "That frees about 1.4 people-weeks for the next bet" in words(in_thread(doubted, doubted.bet)[-1])
    (nudge,) = nudges(doubted)
    assert (nudge.answer, nudge.answered_by) == ("done", ANA) and nudge.decision_id is not None


def test_a_bet_that_is_kept_declines_the_advice(doubted: Office, lead: Person) -> None:
    settle(doubted, doubted.bet, "keep")
    (message,) = packets(doubted)
    assert "Kept by Mia Lead on Thu 17 Dec 2026" in words(message) and buttons(message) == []
    assert nudges(doubted)[0].answer == "declined"


def test_snooze_is_said_with_its_date_and_only_once(doubted: Office, ana: Person, raj: Person) -> None:
    ana.press("Snooze 2 weeks")
    (message,) = packets(doubted)
    assert "Snoozed by Ana: it is not said again before Thu 31 Dec 2026" in words(message)
    assert buttons(message) == ["Kill", "Double down", "Keep", "Ship", "Would we start it today?"]
    assert (nudges(doubted)[0].answer, str(nudges(doubted)[0].snoozed_until)) == ("snoozed", "2026-12-31")
    doubted.at(THIRD_THURSDAY + WEEK)
    assert [one["ts"] for one in packets(doubted)] == [message["ts"]], "put off, and no other one came"


def test_a_second_press_before_the_packet_changed_is_told(doubted: Office, ana: Person, lead: Person) -> None:
    settle, ana.settle = ana.settle, lambda: None
    ana.press("Snooze 2 weeks")
    ana.settle = settle
    lead.press("Snooze 2 weeks")
    assert "Ana has snoozed this already, until Thu 31 Dec 2026" in told(lead)[-1]
    assert nudges(doubted)[0].answered_by == ANA


def test_who_may_not_decide_may_not_snooze(doubted: Office, raj: Person, guest: Person) -> None:
    raj.press("Snooze 2 weeks")
    assert "decide about B-1: ask one of them" in told(raj)[-1]
    guest.press("Snooze 2 weeks")
    assert "Guests of this workspace" in told(guest)[-1]
    assert nudges(doubted)[0].answer == "none"


def test_a_stale_button_changes_nothing_and_says_who_was_first(doubted: Office, ana: Person, lead: Person) -> None:
    for person in (ana, lead):
        person.settle = lambda: None
    ana.press("Kill")
    ana.fill_in(SAID).submit()
    lead.press("Snooze 2 weeks")
    lead.press("Kill")
    doubted.settle()
    assert all("B-1 is already killed: Ana decided that" in said for said in told(lead)[-2:])
    assert lead.modal is None and nudges(doubted)[0].answer == "done"


def test_a_press_that_slack_delivers_twice_counts_once(doubted: Office, ana: Person) -> None:
    deliver = doubted.world.delivery

    class Twice:
        def __getattr__(self, name: str) -> Any:
            return getattr(deliver, name)

        def send(self, world: Any, kind: str, body: dict[str, Any]) -> Any:
            deliver.send(world, kind, body)
            return deliver.send(world, kind, body)

    doubted.world.delivery = Twice()
    ana.press("Snooze 2 weeks")
    doubted.world.delivery = deliver
    assert [said for said in told(ana) if "snoozed this already" in said] == []
    with doubted.bot.reading() as tx:
        assert len(list_history(tx, history.c.kind == "snoozed")) == 1


def test_a_forged_button_finds_nothing(doubted: Office, ana: Person) -> None:
    for value in ({"bet": 2, "nudge": 1}, {"bet": 1, "nudge": 99}, {"bet": 1, "nudge": "1; drop"}, {"bet": 1}):
        with doubted.bot.transaction() as tx, pytest.raises(Refusal, match="no such nudge"):
            bet = get_bet(tx, value["bet"])
            team, person = get_team(tx, bet.team_id), get_person(tx, LEAD)
            assert person is not None
            actor = Actor(person, frozenset({team.id}))
            do_snooze_nudge(tx, doubted.bot.now(), actor, team, bet, value.get("nudge"))


def test_a_bet_that_ended_before_the_message_went_out_is_not_in_it(both_doubted: Office) -> None:
    both_doubted.clock.move_to(THIRD_THURSDAY)
    planner.once(both_doubted.bot)
    settle(both_doubted, both_doubted.bet, "kill")
    (message,) = packets(both_doubted)
    assert "B-2" in words(message) and buttons(message)[0] == "Kill"
    assert all("Rank tickets" not in words(block) for block in message["blocks"])
    assert not [m for m in in_thread(both_doubted, both_doubted.bet) if "Evidence on" in words(m)]


def test_nothing_is_posted_when_the_only_packet_is_gone(calm: Office, ana: Person, raj: Person) -> None:
    answer_weekly(calm, THIRD_THURSDAY - timedelta(days=1), 2, B_1=(ana, [15]), B_2=(raj, [70]))
    calm.clock.move_to(THIRD_THURSDAY)
    planner.once(calm.bot)
    settle(calm, calm.bet, "kill")
    assert packets(calm) == []


def test_only_one_packet_changes_when_one_of_two_is_decided(both_doubted: Office) -> None:
    both_doubted.at(THIRD_THURSDAY)
    before = packets(both_doubted)[-1]
    assert [label for label in buttons(before) if label == "Kill"] == ["Kill"] * 2
    settle(both_doubted, both_doubted.bet, "kill")
    after = packets(both_doubted)[-1]
    name = f"nudge-{next(one.id for one in nudges(both_doubted) if one.bet_id == both_doubted.other.id)}-"

    def part(message: dict[str, Any]) -> list[Any]:
        return [block for block in message["blocks"] if block.get("block_id", "").startswith(name)]

    assert part(before) == part(after) and part(after)
    assert buttons(after).count("Kill") == 1 and "Killed by Mia Lead" in words(after)


def test_at_most_three_nudges_and_the_strongest_first(team: Office, ana: Person) -> None:
    for number in range(5):
        place(team, f"Idea {number}", ana)
    falling = {f"B_{number}": (ana, [70, 70, 10 + number]) for number in range(1, 6)}
    answer_weekly(team, THIRD_THURSDAY, **falling)
    (message,) = packets(team)
    assert [word for word in words(message).split() if word.startswith("*B-")] == ["*B-1", "*B-2", "*B-3"]
    assert len(nudges(team)) == 3


def test_leads_hear_of_it_directly_only_if_the_team_wants_it(doubted: Office, lead: Person, ana: Person) -> None:
    assert not [m for m in lead.messages(channel=lead.dm()) if "Decisions, week of" in words(m)]


def test_a_lead_who_wants_it_gets_a_copy_that_follows(calm: Office, lead: Person, ana: Person, raj: Person) -> None:
    with calm.bot.transaction() as tx:
        update_team(tx, 1, lead_dm=True)
    answer_weekly(calm, THIRD_THURSDAY, 2, B_1=(ana, [15]), B_2=(raj, [70]))
    settle(calm, calm.bet, "kill")
    (copy,) = [m for m in lead.messages(channel=lead.dm()) if "Decisions, week of" in words(m)]
    assert "Killed by Mia Lead" in words(copy) and buttons(copy) == []
    assert not [m for m in ana.messages(channel=ana.dm()) if "Decisions, week of" in words(m)]


def test_a_second_kill_nudge_names_the_lead_and_a_third_is_not_posted(
    doubted: Office, lead: Person, ana: Person, raj: Person
) -> None:
    with doubted.bot.transaction() as tx:
        update_bet(tx, doubted.other.id, appetite_weeks=26, appetite_people_weeks=26.0)
    lead.press("Keep")
    lead.fill(Reason="One more try", Until="2027-02-26", Criterion="Still at chance").submit()
    assert not lead.reply.errors and "Kept by Mia Lead on Thu 17 Dec 2026" in words(packets(doubted)[0])
    for week in range(3, 11):
        doubted.at(MONDAY + week * WEEK)
        ana.command("update B-1 10% still bad")
        raj.command("update B-2 70% fine")
        doubted.at(THURSDAY + week * WEEK)
    kills = [one for one in nudges(doubted) if one.advice == "kill" and one.bet_id == doubted.bet.id]
    assert [one.posted_at is not None for one in kills] == [True, True, False]
    assert kills[1].created_at - kills[0].created_at >= 2 * WEEK
    said = [words(m) for m in packets(doubted) if "*B-1 " in words(m) and "stop it" in words(m)]
    assert len(said) == 2 and f"a lead is asked: <@{LEAD}>" in said[1] and "<@" not in said[0]


def test_after_a_long_keep_packet_and_summary_name_the_same_appetite(
    calm: Office, lead: Person, ana: Person, raj: Person
) -> None:
    lead.command("keep B-1 until 2027-05-10")
    lead.fill(Reason="One more try", Criterion="Still at chance").submit()
    assert not lead.reply.errors
    answer_weekly(calm, THIRD_THURSDAY, 2, B_1=(ana, [5]), B_2=(raj, [70]))
    packet = words(packets(calm)[-1])
    assert "stop it and free 20.6 people-weeks" in packet
    assert "1.0 of 21.6 weeks, 1.0 of 21.6 people-weeks; 2.7 of 23.3 over all appetites" in packet
    lead.command("summary")
    assert "1.0 of 21.6 weeks" in lead.saw()


def test_appetites_that_run_out_are_reason_enough_and_said_once(team: Office, ana: Person, raj: Person) -> None:
    first, other = place(team, "Rank tickets", ana), place(team, "Find duplicates", raj)
    answer_weekly(team, THURSDAY + 4 * WEEK, B_1=(ana, [85]), B_2=(raj, [85]))
    said = [words(m) for m in packets(team) if "Appetites" in words(m)]
    assert "21 Dec" in said[0] and "B-1* Rank tickets: day 25 of 28, 89% of the appetite is used." in said[0]
    assert "28 Dec" in said[1] and "day 32 of 28, the appetite is used up" in said[1] and "lapses" in said[1]
    assert len(said) == 2 and said[1].count("lapses in a week") == 1
    assert buttons(packets(team)[-1]).count("Bet again") == 2 and "Bet again" not in buttons(packets(team)[-2])
    settle(team, first, "keep")
    settle(team, other, "withdraw")
    newest, before = packets(team)[-1], packets(team)[-2]
    assert "used up" not in words(newest) and "decided about" in words(newest) and "B-1" not in words(before)


def test_a_spent_bet_is_bet_on_again_from_its_packet_or_the_line_of_its_appetite(
    team: Office, ana: Person, raj: Person, lead: Person
) -> None:
    first, other = place(team, "Rank tickets", ana), place(team, "Find duplicates", raj)
    answer_weekly(team, THURSDAY + 4 * WEEK, B_1=(ana, [70]), B_2=(raj, [70, 70, 70, 10]))
    (packet,) = [m for m in packets(team) if "bet again or stop" in words(m)]
    assert buttons(packet)[:3] == ["Kill", "Bet again", "Double down"]
    lead.press("Bet again", packet)
    lead.fill(Reason="The labels came").submit()
    (packet,) = [m for m in packets(team) if m["ts"] == packet["ts"]]
    assert "Bet again by Mia Lead" in words(packet) and "B-1* Rank tickets: day" not in words(packet)
    assert "B-2* Find duplicates: day 32 of 28, the appetite is used up" in words(packet)
    raj.press("Bet again", packet)
    raj.fill(Reason="It works").submit()
    with team.bot.reading() as tx:
        assert [get_bet(tx, one.id).earlier_weeks > 4 for one in (first, other)] == [True, True]


def test_a_bet_with_a_packet_is_not_listed_again_before_its_appetite_is_used(
    calm: Office, ana: Person, raj: Person
) -> None:
    answer_weekly(calm, THIRD_THURSDAY + WEEK, 2, B_1=(ana, [70, 70, 70, 5]), B_2=(raj, [70]))
    text = words(packets(calm)[-1])
    assert "B-2* Find duplicates: day 25 of 28" in text and text.count("*B-1") == 1 and "lapses" not in text


def test_after_an_absence_a_late_line_adds_no_second_message(team: Office, ana: Person, raj: Person) -> None:
    place(team, "Rank tickets", ana), place(team, "Find duplicates", raj)
    answer_weekly(team, THIRD_THURSDAY - WEEK, B_1=(ana, [70, 70, 15]), B_2=(raj, [70]))
    before = len(team.messages())
    team.at(FRIDAY + 2 * WEEK)
    assert len(team.messages()) == before + 1 and packets(team) == [] and nudges(team) == []


def test_a_line_that_alone_is_late_is_still_said(calm: Office, ana: Person, raj: Person) -> None:
    answer_weekly(calm, THIRD_THURSDAY - timedelta(hours=1), 2, B_1=(ana, [15]), B_2=(raj, [70]))
    calm.at(THIRD_THURSDAY + timedelta(hours=7))
    assert len(packets(calm)) == 1


def test_a_paused_team_hears_nothing(doubted: Office, lead: Person, ana: Person, raj: Person) -> None:
    lead.command("pause")
    before = len(doubted.messages())
    doubted.at(THIRD_THURSDAY + 2 * WEEK)
    assert len(doubted.messages()) == before


def settle(office: Office, bet: Bet, kind: str) -> None:
    """The lead decides, whichever way."""
    with office.bot.transaction() as tx:
        now, team, known = office.bot.now(), get_team(tx, bet.team_id), get_bet(tx, bet.id)
        if kind == "kill":
            texts = {"reason": "It does not beat chance", "learning": "Ask first", "outcome": "no"}
            do_change(tx, now, LEAD, team, known, kind, texts, {"ended_at": now})
        else:
            decision = insert_decision(tx, now, bet.id, kind, LEAD, reason="One more week")
            settle_nudges(tx, now, team, known, get_decision(tx, decision))
    office.settle()


def test_a_teams_last_bet_is_not_spared_in_silence(team: Office, ana: Person) -> None:
    bet = place(team, "Rank tickets", ana)
    answer_weekly(team, THIRD_THURSDAY, B_1=(ana, [70, 70, 5]))
    [message] = packets(team)
    assert "stop it" in words(message) and "would leave 0 active bets. Scope a next one first." in words(message)
    assert nudges(team)[0].bet_id == bet.id


def test_the_path_ends_with_the_confidence_that_the_reasons_speak_of(team: Office, ana: Person, lee: Person) -> None:
    bet = place(team, "Rank tickets", ana, lee)
    team.at(MONDAY)
    lee.command("update B-1 55% we tried")
    answer_weekly(team, THIRD_THURSDAY, B_1=(ana, [60, 30, 5]))
    text = words(packets(team)[-1])
    said = text.split("• Confidence ")[1].split("%")[0]
    assert f"*Confidence* 58% → {said}% (in the evidence; 5% on the card)" in text and said != "5"
    assert "*Confidence* 5%" in card_text(team, bet)
