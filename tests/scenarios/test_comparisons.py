"""Blind comparisons: begun by a command or by a second set, voted on without names, and told at the close."""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.actions.disagreement import get_newest_conflict
from bot.actions.predictions import do_add_set, read_incoming
from bot.actions.pushing import do_take
from bot.domain.blind import Comparison, Pair
from bot.domain.predictions import PredictionSet
from bot.domain.records import Bet
from bot.store.bets import get_bet
from bot.store.comparisons import list_comparisons, list_pairs
from bot.store.predictions import list_sets
from bot.store.tables import prediction_sets
from bot.store.teams import get_team
from tests.conftest import Office, at_length, lived_once
from tests.scenarios.cases import case_of
from tests.scenarios.judging import FRIDAY_11, WEDNESDAY_11, push, rounds, to_wednesday
from tests.scenarios.rounds import MONDAY, THURSDAY, end, in_thread, place, thread_of, told
from tests.scenarios.test_dropped_files import drop
from tests.scenarios.test_mentions import mention
from tests.scenarios.test_nudges import answer_weekly, nudges, packets
from tests.scenarios.test_sample_images import image as coloured
from tests.talk import Person, elements, label_of, words

TITLE = "Blind comparison of two versions"
OPEN_AT = MONDAY + timedelta(hours=2)
CLOSES = OPEN_AT + timedelta(days=2)


@pytest.fixture
@lived_once
def bet(team: Office, ana: Person) -> Bet:
    placed = place(team, "Rank tickets", ana)
    team.at(MONDAY)
    return placed


def rows_of(prediction: str, count: int = 12, model: str = "m", image: str | None = None) -> bytes:
    """A file whose every row predicts the same, so that one can see which version stands where."""
    said = {"prediction": prediction, "model": model} | ({"image": image} if image else {})
    return "\n".join(json.dumps({"id": str(n), "input": f"ticket {n}"} | said) for n in range(count)).encode()


def give(office: Office, bet: Bet, prediction: str, metric: str = "", count: int = 12) -> PredictionSet:
    """A set of the bet in which every row says `prediction`; its label is that too."""
    incoming = read_incoming(f"{prediction}.jsonl", rows_of(prediction, count), f"label-{prediction}", metric)
    with office.bot.transaction() as tx:
        found = do_add_set(tx, office.bot.now(), get_team(tx, bet.team_id), bet, incoming, "push", "the command line")
    office.settle()
    return found


def compared(office: Office) -> list[Comparison]:
    with office.bot.reading() as tx:
        return list_comparisons(tx)


def pairs_of(office: Office) -> list[Pair]:
    with office.bot.reading() as tx:
        return list_pairs(tx)


def posted(office: Office, bet: Bet) -> list[dict[str, Any]]:
    """The messages with pairs in the bet's thread, oldest first."""
    return [m for m in in_thread(office, bet) if TITLE in words(m)]


def result_of(office: Office, bet: Bet) -> str:
    return next(text for m in reversed(in_thread(office, bet)) if "E-value" in (text := words(m)))


def labels(message: dict[str, Any] | None) -> list[str]:
    return [label_of(*one) for one in elements(message or {})]


def side_of(message: dict[str, Any], nth: int, prediction: str) -> str:
    """On which side of the nth pair the version that predicts so stands, as anybody can read."""
    text = [b["text"]["text"] for b in message["blocks"] if "*Left*" in b.get("text", {}).get("text", "")][nth]
    return "Left" if f"*Left* {prediction}" in text else "Right"


def choose(person: Person, message: dict[str, Any], prediction: str, pairs: int = 6) -> None:
    """Votes for the version that predicts so, in the first pairs of a message."""
    for nth in range(pairs):
        person.press(side_of(message, nth, prediction), message, nth=nth)


def test_a_second_set_is_compared_by_itself_in_the_bets_thread(team: Office, bet: Bet) -> None:
    team.at(OPEN_AT)
    old = give(team, bet, "cat")
    assert posted(team, bet) == []
    new = give(team, bet, "dog")
    [message] = posted(team, bet)
    [one] = compared(team)
    assert (one.old_id, one.new_id, one.by, one.closes_at) == (old.id, new.id, None, CLOSES)
    text = words(message)
    assert "from 12 rows on which they differ, of 12 that both have" in text and "Nobody has voted so far." in text
    assert "told on Wed 2 Dec 2026, 12:00 Europe/Berlin" in text and "seven days" not in text
    shown = labels(message)
    assert [shown.count(label) for label in ("Left", "Right", "Same", "Both bad", "Judge more")] == [6, 6, 6, 6, 1]
    stored = pairs_of(team)
    assert [pair.number for pair in stored] == list(range(1, 13))
    assert sum(pair.left_id == new.id for pair in stored) == 6 == 2 * sum(pair.left_id == new.id for pair in stored[:6])
    for nth, pair in enumerate(stored[:6]):
        assert side_of(message, nth, "dog") == ("Left" if pair.left_id == new.id else "Right")


def test_what_only_one_file_has_tells_no_side(team: Office, bet: Bet) -> None:
    give(team, bet, "cat")
    rows = "".join(f"{n},another input of {n},dog,cow\n" for n in range(12))
    full = read_incoming("full.csv", f"id,input,prediction,expected\n{rows}".encode(), "full")
    with team.bot.transaction() as tx:
        do_add_set(tx, team.bot.now(), get_team(tx, 1), bet, full, "push", "the command line")
    team.settle()
    [message] = posted(team, bet)
    assert {side_of(message, nth, "dog") for nth in range(6)} == {"Left", "Right"}
    text = words(message)
    assert text.count("*Expected* cow") == 6 == text.count(".* ticket ")
    assert "another input" not in text


@pytest.mark.parametrize(("first", "second"), [(9, 12), (12, 9)])
def test_fewer_than_ten_shared_ids_are_compared_on_request_only(
    team: Office, bet: Bet, raj: Person, first: int, second: int
) -> None:
    give(team, bet, "cat", count=first)
    give(team, bet, "dog", count=second)
    assert posted(team, bet) == []
    raj.command("compare B-1")
    assert "A blind comparison of B-1 Rank tickets is in its thread; the result comes on Wed" in raj.saw()
    [message] = posted(team, bet)
    assert labels(message).count("Left") == 6 and compared(team)[0].by == raj.user


def test_a_paused_bet_is_not_compared_by_itself(team: Office, bet: Bet) -> None:
    give(team, bet, "cat")
    end(team, bet, "paused")
    with team.bot.reading() as tx:
        paused = get_bet(tx, bet.id)
    give(team, paused, "dog")
    assert posted(team, bet) == []


def test_with_more_sets_two_are_chosen_in_a_form(team: Office, bet: Bet, raj: Person) -> None:
    for name in ("cat", "dog", "emu"):
        give(team, bet, name, count=5)
    raj.command("compare B-1")
    assert "label-cat" in words(raj.modal) and posted(team, bet) == []
    ids = [str(one.id) for one in sets(team)]
    raj.fill_in({"Baseline": ids[0], "New version": ids[0]}).submit()
    assert "Choose two different sets" in raj.errors()
    raj.fill_in({"Baseline": ids[0], "New version": ids[2]}).submit()
    [message] = posted(team, bet)
    assert "cat" in words(message) and "emu" in words(message) and "label" not in json.dumps(message)
    assert "A blind comparison of B-1 Rank tickets is in its thread" in told(raj)[-1]


def sets(office: Office) -> list[PredictionSet]:
    with office.bot.reading() as tx:
        return list_sets(tx)


def test_what_would_say_nothing_is_refused_in_one_sentence(team: Office, bet: Bet, raj: Person, guest: Person) -> None:
    raj.command("compare B-1")
    assert "A comparison needs two prediction sets, and B-1 has none" in raj.saw()
    give(team, bet, "cat", count=5)
    raj.command("compare B-1")
    assert "B-1 has 1: add another" in raj.saw()
    same = read_incoming("again.csv", b"id,input,prediction\n0,other words,cat\n", "again")
    with team.bot.transaction() as tx:
        do_add_set(tx, team.bot.now(), get_team(tx, 1), bet, same, "push", "the command line")
    raj.command("compare B-1")
    assert "predict the same on every row that both have" in raj.saw()
    guest.command("compare B-1")
    assert "Guests" in guest.saw()
    raj.command("compare B-9")
    assert "There is no B-9 here" in raj.saw()
    assert compared(team) == []


def test_sets_without_a_shared_id_are_refused(team: Office, bet: Bet, raj: Person) -> None:
    give(team, bet, "cat", count=5)
    other = read_incoming("other.csv", b"id,input,prediction\nx,words,dog\n", "other")
    with team.bot.transaction() as tx:
        do_add_set(tx, team.bot.now(), get_team(tx, 1), bet, other, "push", "the command line")
    raj.command("compare B-1")
    assert "These two share no ids" in raj.saw()
    end(team, bet)
    raj.command("compare B-1")
    assert "B-1 has ended" in raj.saw()


def test_a_second_comparison_while_one_is_open_is_refused(team: Office, bet: Bet, raj: Person) -> None:
    give(team, bet, "cat")
    give(team, bet, "dog")
    raj.command("compare B-1")
    assert "A comparison of B-1 is open until Wed 2 Dec 2026, 10:00 Europe/Berlin: vote in that one first." in raj.saw()
    give(team, bet, "emu")
    assert len(posted(team, bet)) == 1 == len(compared(team))


def test_while_open_only_heads_are_counted_and_a_vote_can_be_changed(
    team: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    give(team, bet, "cat")
    give(team, bet, "dog")
    [message] = posted(team, bet)
    for nth, label in enumerate(("Left", "Right", "Same", "Both bad", "Left")):
        raj.press(label, message, nth=nth)
    thread = thread_of(team, bet)
    assert told(raj, thread) == [] and "1 person has voted so far." in words(posted(team, bet)[0])
    raj.press("Right", message, nth=5)
    [answer] = told(raj, thread)
    assert "You have compared all pairs of B-1 Rank tickets" in answer and "*4.* you said both bad" in answer
    assert "*Judge more* has 6 more" in answer
    raj.press("Left", message, nth=5)
    assert len(told(raj, thread)) == 1
    assert "Your vote on pair 6 of B-1 Rank tickets is *left* now, no more right." in words(raj.modal)
    ana.press("Same", message)  # an owner: the vote is blind
    [message] = posted(team, bet)
    assert "2 people have voted so far." in words(message)
    before = json.dumps([b for b in message["blocks"] if "people" not in b["block_id"]])
    assert before == json.dumps([b for b in posted(team, bet)[0]["blocks"] if "people" not in b["block_id"]])


def test_judge_more_shows_ones_own_votes_and_pages_through_the_other_pairs(
    team: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    push(team, bet, "tldr.v1.jsonl")
    push(team, bet, "tldr.v2.jsonl")
    team.settle()
    [message] = posted(team, bet)
    ana.press("Right", message)
    raj.press("Judge more", message)
    assert words(raj.modal).count("no vote of yours yet") == 6 and "page 1 of 2" in words(raj.modal)
    assert labels(raj.modal).count("Both bad") == 5
    raj.press("Both bad")
    assert "You said both bad." in words(raj.modal)
    raj.press("Next")
    assert "page 2 of 2" in words(raj.modal) and "*16.*" in words(raj.modal)
    raj.press("Previous")
    raj.press("Show all")
    assert "\u2026" not in words(raj.modal) and "Left" in words(raj.modal) and "Right" in words(raj.modal)
    raj.close()
    assert "you said right" not in words(raj.modal)
    raj.close()
    ana.press("Judge more", message)
    assert "*1.* you said right" in words(ana.modal)


def test_guests_and_strangers_do_not_vote(team: Office, bet: Bet, guest: Person) -> None:
    give(team, bet, "cat")
    give(team, bet, "dog")
    [message] = posted(team, bet)
    guest.press("Left", message)
    guest.press("Judge more", message)
    assert all("Guests" in said for said in told(guest, thread_of(team, bet))) and guest.modal is None
    assert "Nobody has voted" in words(posted(team, bet)[0])


def test_at_the_close_the_result_is_told_and_the_sides_are_shown(
    team: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    team.at(OPEN_AT)
    give(team, bet, "cat", metric="accuracy=0.8")
    give(team, bet, "dog", metric="accuracy=0.9")
    [message] = posted(team, bet)
    choose(raj, message, "dog")
    choose(ana, message, "dog", 1)
    ana.press("Same", message, nth=1)
    team.at(CLOSES - timedelta(minutes=1))
    assert "label-dog" not in "".join(words(m) for m in in_thread(team, bet))
    team.at(CLOSES)
    text = result_of(team, bet)
    assert "*Blind comparison*\n7 of 7 preferred the new one.\n" in text
    assert "The old one is label-cat (cat.jsonl, accuracy 0.8)." in text
    assert "The new one is label-dog (dog.jsonl, accuracy 0.9)." in text
    [one] = compared(team)
    assert f"Seed {one.seed}. " in text and "1 was for neither" in text and "E-value 31.9" in text
    assert "*2.* 1 new, 1 neither (left: " in text and "Numbers against people" not in text
    [message] = posted(team, bet)
    assert "Closed. 2 people have voted; how it went stands below." in words(message)
    assert not {"Left", "Right", "Same", "Both bad", "Judge more"} & set(labels(message))
    for pair in pairs_of(team)[:6]:
        told_side = "Left label-dog, right label-cat" if pair.left_id == one.new_id else "Left label-cat, right label-d"
        assert told_side in words(message)
    team.after(hours=1)
    assert sum("E-value" in words(m) for m in in_thread(team, bet)) == 1


@pytest.mark.parametrize(
    ("votes", "said"),
    [
        ({}, "Too few votes to say: nobody chose a side"),
        ({"raj": ("dog", 4)}, "Too few votes to say: 4 of 4 preferred the new one"),
        ({"raj": ("dog", 6)}, "Leaning to the new one: 6 of 6 preferred it"),
        ({"raj": ("cat", 6), "ana": ("cat", 6)}, "12 of 12 preferred the old one"),
        ({"raj": ("dog", 6), "ana": ("cat", 6)}, "No clear preference: 6 of 12 preferred the new one"),
    ],
)
def test_the_result_says_how_sure_it_is(
    team: Office, bet: Bet, ana: Person, raj: Person, votes: dict[str, tuple[str, int]], said: str
) -> None:
    give(team, bet, "cat")
    give(team, bet, "dog")
    [message] = posted(team, bet)
    for name, (prediction, pairs) in votes.items():
        choose({"ana": ana, "raj": raj}[name], message, prediction, pairs)
    team.after(days=2)
    assert f"*Blind comparison*\n{said}.\n" in result_of(team, bet)


def test_a_vote_after_the_close_is_refused(team: Office, bet: Bet, raj: Person) -> None:
    give(team, bet, "cat")
    give(team, bet, "dog")
    [message] = posted(team, bet)
    team.clock.move_to(MONDAY + timedelta(days=2, minutes=1))
    raj.press("Left", message)
    assert "This comparison is closed: how it went stands in B-1's thread." in told(raj, thread_of(team, bet))[-1]


def test_no_samples_of_the_bet_are_shown_while_its_sets_are_compared(team: Office, bet: Bet, raj: Person) -> None:
    team.at(WEDNESDAY_11 - timedelta(hours=1))
    give(team, bet, "cat")
    give(team, bet, "dog")
    team.at(WEDNESDAY_11)
    assert rounds(team) == []
    raj.command("predictions B-1")
    story = json.dumps(raj.last())
    assert "Two versions are compared blindly now" in story and "label" not in story and "Post samples now" not in story
    give(team, bet, "emu")
    raj.command("predictions B-1")
    assert "label-emu" in raj.saw() and "label-dog" not in raj.saw()


def test_the_history_names_the_compared_sets_and_their_metrics_only_when_it_is_over(
    team: Office, bet: Bet, raj: Person
) -> None:
    for name in ("cat", "dog", "emu"):
        give(team, bet, name)
    late = read_incoming("dog.jsonl", rows_of("dog"), "label-dog", "f1=0.25")
    with team.bot.transaction() as tx:
        taken = do_take(tx, team.bot.now(), get_team(tx, 1), bet, late, "push", "the command line")
    assert (taken.again, taken.compared, taken.metric) == (True, True, "f1=0.25")
    raj.command("history B-1")
    said = json.dumps(raj.last())
    assert "label-emu" in said and "gave a prediction set its metric" in said
    assert not any(name in said for name in ("label-cat", "label-dog", "0.25"))
    team.at(MONDAY + timedelta(days=2, minutes=1))
    raj.command("history B-1")
    assert "added a prediction set: \u201clabel-cat\u201d" in raj.saw()
    assert "gave a prediction set its metric: \u201clabel-dog\u201d, \u201cf1=0.25\u201d" in raj.saw()


def test_samples_that_were_asked_for_before_are_refused_while_sets_are_compared(
    team: Office, bet: Bet, raj: Person
) -> None:
    give(team, bet, "cat")
    raj.command("predictions B-1")
    asked = raj.last()
    give(team, bet, "dog")
    raj.press("Post samples now", asked)
    assert "A blind comparison of B-1 is open until Wed 2 Dec 2026, 10:00 Europe/Berlin" in told(raj)[-1]


def test_a_set_that_comes_while_samples_are_judged_is_compared_when_they_close(
    team: Office, bet: Bet, raj: Person
) -> None:
    give(team, bet, "cat")
    to_wednesday(team)
    give(team, bet, "dog")
    raj.command("compare B-1")
    assert "Samples of B-1 are open until Fri 4 Dec 2026, 11:00 Europe/Berlin: compare when" in raj.saw()
    assert compared(team) == []
    team.at(FRIDAY_11)
    [message] = posted(team, bet)
    assert "named here less than seven days ago" in words(message)
    team.after(days=4)
    team.after(days=1)
    assert len(posted(team, bet)) == 1  # once is enough


def test_a_job_that_pushes_each_day_leaves_room_for_samples(team: Office, bet: Bet) -> None:
    for day in range(12):
        team.at(MONDAY + timedelta(days=day))
        give(team, bet, f"animal{day}.")
        for hours in (1, 2):
            team.at(MONDAY + timedelta(days=day, hours=hours))
    [samples] = rounds(team)  # those of the second Wednesday: on the first, a comparison was open
    assert "animal9." in words(samples)
    first, second = posted(team, bet)
    assert "animal0." in words(first) and "animal1." in words(first)
    # The samples were closed on Friday: then the two newest of that day had their turn.
    assert "animal10." in words(second) and "animal11." in words(second)


def test_a_team_without_samples_compares_one_version_after_the_other(team: Office, bet: Bet, lead: Person) -> None:
    lead.command("config")
    lead.fill_in({"Samples day": "off"}).submit()
    for name in ("cat", "dog", "emu"):
        give(team, bet, name)
        team.after(days=5)
    assert len(posted(team, bet)) == 2


def test_a_dropped_file_is_compared_with_a_warning_and_named_nowhere_from_then_on(
    team: Office, bet: Bet, raj: Person
) -> None:
    give(team, bet, "cat")
    drop(team, raj, bet, "dog.jsonl", rows_of("dog"))
    raj.press("Use it", in_thread(team, bet)[-1])
    assert "B-1 has it, and its thread compares it blindly" in told(raj, thread_of(team, bet))[-1]
    [message] = posted(team, bet)
    assert "named here less than seven days ago" in words(message)
    said = [m for m in in_thread(team, bet) if m.get("bot_id")]
    assert "dog.jsonl" not in json.dumps(said) and any("A file for B-1 is in use, says Raj" in words(m) for m in said)
    drop(team, raj, bet, "again.jsonl", rows_of("dog"))
    assert "B-1 has this file already: send another version." in told(raj, thread_of(team, bet))[-1]


def test_a_name_that_was_told_a_week_ago_is_no_warning(team: Office, bet: Bet) -> None:
    give(team, bet, "cat")
    with team.bot.transaction() as tx:
        tx.execute(update(prediction_sets).values(named_at=team.bot.now() - timedelta(days=7)))
    give(team, bet, "dog")
    assert "seven days" not in words(posted(team, bet)[0])


def test_the_policy_hears_of_it_once_it_is_closed(team: Office, bet: Bet, raj: Person) -> None:
    give(team, bet, "cat")
    give(team, bet, "dog")
    [message] = posted(team, bet)
    choose(raj, message, "dog", 4)
    raj.press("Both bad", message, nth=4)

    def facts() -> Any:
        return case_of(team, bet)["bet"]["ab"]

    assert facts() == []
    team.after(days=2)
    assert facts() == [{"at": 2, "for": 4, "against": 0, "tie": 1}]


def test_pairs_that_are_shown_are_what_a_weak_bet_was_asked_for(team: Office, bet: Bet, ana: Person) -> None:
    answer_weekly(team, THURSDAY, B_1=(ana, [40]))
    assert nudges(team)[0].answer == "none"
    give(team, bet, "cat")
    give(team, bet, "dog")
    assert nudges(team)[0].answer == "done"


def test_a_mention_in_the_thread_compares_that_bet(team: Office, bet: Bet, raj: Person) -> None:
    for name in ("cat", "dog"):
        give(team, bet, name, count=5)
    assert "is in its thread; the result comes" in mention(team, raj, "compare", thread_of(team, bet))
    assert len(posted(team, bet)) == 1


def test_numbers_against_people_are_told_at_the_close_and_in_the_packet(
    team: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    give(team, bet, "cat", metric="accuracy=0.8")
    give(team, bet, "dog", metric="accuracy=0.9")
    [message] = posted(team, bet)
    for person in (ana, raj):
        choose(person, message, "cat")
    team.after(days=2)
    line = "*Numbers against people* accuracy got better (0.8 to 0.9), but 12 of 12 votes preferred the old one."
    assert line in result_of(team, bet)
    for week in range(1, 4):
        for day in (0, 3, 4):
            team.at(MONDAY + timedelta(weeks=week, days=day, hours=5 * (day == 4)))
        if packets(team):
            break
    packet = words(packets(team)[-1])
    assert line in packet and "*Blind comparison* 12 of 12 preferred the old one" in packet


def test_numbers_against_people_rest_while_one_of_the_versions_is_compared_again(
    team: Office, bet: Bet, raj: Person, ana: Person
) -> None:
    def conflict() -> str:
        with team.bot.reading() as tx:
            return get_newest_conflict(tx, bet.id, {})

    give(team, bet, "cat", metric="accuracy=0.9")
    give(team, bet, "dog", metric="accuracy=0.8")
    assert conflict() == ""
    [message] = posted(team, bet)
    for person in (ana, raj):
        choose(person, message, "dog")
    team.after(days=2)
    assert "accuracy got worse (0.9 to 0.8), but 12 of 12 votes preferred the new one." in conflict()
    give(team, bet, "emu")
    raj.command("compare B-1")
    raj.submit()
    assert len(posted(team, bet)) == 2 and conflict() == ""
    team.after(days=2)
    assert "accuracy got worse" in conflict()


def test_samples_that_people_liked_less_though_the_metric_rose_are_told_at_their_close(
    team: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    for name, metric, verdict in (("cat", "error=0.3", "Good"), ("dog", "error=0.2", "Bad")):
        give(team, bet, name, metric, count=9)
        ana.command("predictions B-1")
        ana.press("Post samples now")
        message = in_thread(team, bet)[-1]
        for person in (ana, raj):
            for nth in range(4):
                person.press(verdict, message, nth=nth)
        team.after(days=2)
    text = next(words(m) for m in reversed(in_thread(team, bet)) if "Samples of" in words(m))
    line = "error got better (0.3 to 0.2, lower is better), but 0 of 8 looked right, after 8 of 8 looked right."
    assert f"*Numbers against people* {line}" in text


CANARIES = ("CanaryLabel", "CanaryFile", "CanaryModel", "CanaryMetric", "0.876543")


def canary(which: str, image: str | None) -> Any:
    data = rows_of("cat" if which == "A" else "dog", 12, f"CanaryModel{which}", image)
    return read_incoming(f"CanaryFile{which}.jsonl", data, f"CanaryLabel{which}", f"CanaryMetric={which == 'B'}.876543"
                         .replace("False", "1").replace("True", "0"))  # fmt: skip


@pytest.mark.parametrize("images", [{}, {"A": coloured("red"), "B": coloured("blue")}], ids=["texts", "images"])
@pytest.mark.parametrize(
    "begin", [WEDNESDAY_11 - timedelta(minutes=30), *at_length(MONDAY + timedelta(days=3, hours=6))]
)
def test_nothing_that_is_sent_before_the_close_names_a_set(
    team: Office,
    ana: Person,
    raj: Person,
    lead: Person,
    begin: datetime,
    images: dict[str, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Every call, answer and log line from the first on; the two sets come between Wednesday and Monday."""
    caplog.set_level(logging.DEBUG)
    answers = record_answers(team)
    bet = place(team, "Rank tickets", ana)
    team.at(MONDAY)
    ana.command("update B-1 40% it is hard")
    team.at(begin)
    for which in ("A", "B"):
        with team.bot.transaction() as tx:
            do_add_set(
                tx, team.bot.now(), get_team(tx, 1), bet, canary(which, images.get(which)), "push", "the command line"
            )
    team.settle()
    [message] = posted(team, bet)
    choose(raj, message, "dog")
    lead.press("Both bad", message)
    raj.press("Judge more", message)
    raj.press("Left")
    raj.press("Next")
    raj.close()
    for text in ("predictions B-1", "compare B-1", "show B-1", "history B-1", "list", "summary"):
        lead.command(text)
    lead.press("Share in channel")
    team.world.open_home(ana.user)
    team.settle()
    drop(team, raj, bet, "twice.jsonl", rows_of("dog", 12, "CanaryModelB"))
    [one] = compared(team)
    for hours in (1, 24, 28, 48, 71, 95):
        instant = begin + timedelta(hours=hours)
        if instant < one.closes_at:
            team.at(instant)
    assert packets(team), "the policy asks about a weak bet"
    sent = json.dumps([team.world.calls(), answers, [team.world.messages(ana.channel, as_user=p.user) for p in
                       (ana, raj, lead)]], default=str)  # fmt: skip
    assert len(sent) > 10_000 and TITLE in sent
    drawn = [file for file in team.world.files_by_id.values() if file.name.startswith("compare-B-1-2026-W")]
    assert len(drawn) == len(images)  # the message's pairs, and those of Judge more
    for word in CANARIES:
        assert word not in sent and word not in caplog.text, word
    team.at(one.closes_at)
    told_at_last = result_of(team, bet)
    assert "CanaryLabelA" in told_at_last and "CanaryMetric 0.876543" in told_at_last


def record_answers(office: Office) -> list[Any]:
    """What the bot answers to deliveries and sends to their response addresses, from now on."""
    found: list[Any] = []
    deliver: Callable[..., Any] = office.deliver
    respond = office.bot.slack.respond

    def record(kind: str, body: dict[str, Any]) -> Any:
        found.append(deliver(kind, body)[1])
        return 200, found[-1], {}

    def record_response(url: str, answer: dict[str, Any]) -> None:
        found.append(answer)
        respond(url, answer)

    office.world.delivery.target = record  # type: ignore[union-attr]
    office.bot.slack.respond = record_response  # type: ignore[method-assign]
    return found
