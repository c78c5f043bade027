"""Prediction sets are forgotten: deleted by somebody, or kept long enough; and teams that keep a link only."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.actions.predictions import do_add_set, read_incoming
from bot.domain.errors import Refusal
from bot.domain.predictions import PredictionSet
from bot.domain.records import Bet
from bot.render.ids import Act
from bot.store.teams import get_team
from bot.work import tick
from tests.conftest import Office, at_length, lived_once
from tests.scenarios.judging import FILES, FRIDAY_11, printed, push, rounds, to_wednesday
from tests.scenarios.rounds import in_thread, place, stored_text, thread_of, told
from tests.scenarios.test_dropped_files import drop
from tests.scenarios.test_forged import press as forge
from tests.talk import Person, elements, label_of, words

CANARY = "canaryword"
ROWS = "\n".join(json.dumps({"id": f"r{n}", "input": f"{CANARY} {n}", "prediction": CANARY}) for n in range(9))
ACT = f"{Act.DELETE_SET}:1"
LINK = "https://files.example/v1?a=1&b=2"


@pytest.fixture
@lived_once
def bet(team: Office, ana: Person) -> Bet:
    return place(team, "Rank tickets", ana)


def add(office: Office, bet: Bet, link: str = "") -> PredictionSet:
    """A set of nine rows that all hold the canary."""
    incoming = replace(read_incoming("rows.jsonl", ROWS.encode(), "v1"), link=link)
    with office.bot.transaction() as tx:
        return do_add_set(tx, office.bot.now(), get_team(tx, 1), bet, incoming, "push", "the command line")


def configure(lead: Person, **fields: str) -> None:
    lead.command("config")
    lead.fill_in(fields).submit()
    assert not lead.reply.errors, lead.reply.errors


def in_files(office: Office) -> bool:
    """Whether the canary is anywhere in the database's files, wiped pages and log included."""
    found = [path.read_bytes() for path in office.home.iterdir() if path.name.startswith("bets.db")]
    return any(CANARY.encode() in data for data in found)


def in_slack(office: Office) -> str:
    return json.dumps([office.messages(root["ts"]) for root in office.messages()])


def delete(person: Person) -> None:
    person.command("predictions B-1")
    person.press("Delete")


def test_a_deleted_set_is_gone_from_the_database_and_from_slack_and_keeps_its_line(
    team: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    add(team, bet)
    to_wednesday(team)
    for nth in range(4):
        raj.press("Good", rounds(team)[0], nth=nth)
    assert in_files(team) and CANARY in in_slack(team)
    delete(ana)
    assert not in_files(team) and CANARY not in in_slack(team) + stored_text(team)
    [message] = rounds(team)
    assert words(message).count("The rows of this set were deleted; votes and results stay.") == 1
    assert [label_of(*one) for one in elements(message)] == [] and printed(message) == []
    assert "v1, Mon 30 Nov 2026, 9 rows\ndeleted on Wed 2 Dec 2026" in ana.saw().replace("*", "")
    assert "Delete" not in [label_of(*one) for one in elements(ana.last())] and "Post samples now" not in ana.saw()
    team.at(FRIDAY_11)
    assert any("looked right" in words(m) for m in in_thread(team, bet))
    ana.command("history B-1")
    assert "Ana: deleted a prediction set: \u201cv1\u201d" in ana.saw()
    assert not in_files(team)


def test_a_result_quotes_its_most_disputed_sample_until_the_set_is_deleted(
    team: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    add(team, bet)
    to_wednesday(team)
    raj.press("Good", rounds(team)[0])
    ana.press("Bad", rounds(team)[0])
    team.at(FRIDAY_11)
    [result] = [m for m in in_thread(team, bet) if "Most disputed: sample 1." in words(m)]
    assert f"“{CANARY} " in words(result)
    delete(ana)
    assert CANARY not in in_slack(team) + stored_text(team) and not in_files(team)
    [result] = [m for m in in_thread(team, bet) if "Most disputed: sample 1." in words(m)]
    assert "“" not in words(result)


@pytest.mark.parametrize("fault", ["ok", "apply+drop", *at_length("noapply+500", "429:5", "refuse:missing_scope")])
def test_pictures_of_a_deleted_set_are_taken_out_of_slack_and_others_stay(
    team: Office, bet: Bet, ana: Person, raj: Person, lead: Person, fault: str
) -> None:
    other = place(team, "Read dates", lead)
    for one in (bet, other):
        push(team, one, "digits.v1.jsonl")
    to_wednesday(team)
    raj.press("Judge more", rounds(team)[0])
    team.settle()
    shown, others, rest = team.world.files_by_id.values()
    assert shown.content and others.content and rest.content
    team.world.fail("files.delete", 1, fault)
    team.expects_refusals = fault not in ("ok", "noapply+500")
    delete(ana)
    ana.say("update: the channel goes on", thread_of(team, bet))
    assert not others.deleted
    team.after(minutes=11)
    assert [file.deleted for file in (shown, others, rest)] == [True, False, True]
    team.after(days=366)
    assert others.deleted and tick.once(team.new_bot())["waiting"] == 0


def test_pictures_of_pairs_are_taken_out_of_slack_with_either_of_their_sets(
    team: Office, bet: Bet, ana: Person
) -> None:
    for version in ("v1", "v2"):
        push(team, bet, f"digits.{version}.jsonl")
    team.settle()
    [pairs] = team.world.files_by_id.values()
    team.after(days=3)
    delete(ana)
    assert pairs.deleted and not pairs.content


def test_an_owner_or_a_lead_deletes_it_once_and_nobody_else(
    team: Office, bet: Bet, ana: Person, raj: Person, lead: Person
) -> None:
    add(team, bet)
    raj.command("predictions B-1")
    assert "Delete" not in [label_of(*one) for one in elements(raj.last())]
    ana.command("predictions B-1")
    asked = ana.last()
    forge(team, ACT, '{"set":1}', user={"id": raj.user})
    assert CANARY in stored_text(team)
    delete(lead)
    ana.press("Delete", asked)
    assert "Somebody was faster" in told(ana)[-1]


def results(office: Office, bet: Bet) -> list[str]:
    return [text for m in in_thread(office, bet) if (text := words(m)).startswith(f"{bet.key}: Samples of ")]


def test_a_set_that_is_deleted_while_it_is_judged_ends_its_round_and_the_next_one_can_begin_at_once(
    team: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    add(team, bet)
    to_wednesday(team)
    push(team, bet, "tldr.v2.jsonl")
    ana.command("predictions B-1")
    ana.press("Delete", nth=1)
    [message] = rounds(team)
    assert "Closed: it was deleted before anybody judged." in words(message) and elements(message) == []
    assert "Post samples now" in ana.saw() and "being judged now" not in ana.saw()
    ana.press("Post samples now")
    assert "judged until" in told(ana)[-1] and any("tldr.v2.jsonl" in words(m) for m in in_thread(team, bet))
    team.at(FRIDAY_11)
    team.at(FRIDAY_11 + timedelta(days=3))
    [result] = results(team, bet)
    assert "label v2" in result


def test_what_people_said_of_a_set_before_it_was_deleted_is_told_at_once_and_once(
    team: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    add(team, bet)
    to_wednesday(team)
    for nth in range(4):
        raj.press("Good", rounds(team)[0], nth=nth)
    delete(ana)
    [result] = results(team, bet)
    assert "4 of 4 looked right" in result
    assert "Closed. 1 person has judged; how it went stands in the bet's thread." in words(rounds(team)[0])
    team.at(FRIDAY_11)
    assert len(results(team, bet)) == 1


def test_where_several_bets_are_judged_only_the_one_whose_set_is_deleted_is_over(
    team: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    other = place(team, "Sort mail", ana)
    add(team, bet)
    push(team, other, "tldr.v2.jsonl")
    to_wednesday(team)
    push(team, bet, "tldr.v1.jsonl", "next")
    ana.command("predictions B-1")
    ana.press("Delete", nth=1)
    [message] = rounds(team)
    assert "The rows of this set were deleted" in words(message) and "Nobody has judged so far." in words(message)
    assert [label_of(*one) for one in elements(message)].count("Good") == 3
    ana.press("Post samples now")
    assert any("tldr.v1.jsonl" in words(m) for m in in_thread(team, bet))
    raj.press("Good", message)
    team.at(FRIDAY_11)
    assert len(results(team, other)) == 1 and [text for text in results(team, bet) if "label v1" in text] == []


def test_every_set_of_many_is_reached_page_by_page_and_can_be_deleted_there(
    team: Office, bet: Bet, ana: Person
) -> None:
    for number in range(1, 13):
        incoming = read_incoming("rows.csv", b"id,input,prediction\n%d,a,b\n" % number, f"run {number}")
        with team.bot.transaction() as tx:
            do_add_set(tx, team.bot.now(), get_team(tx, 1), bet, incoming, "push", "the command line")
    ana.command("predictions B-1")
    assert "page 1 of 2" in ana.saw() and "*run 12*" in ana.saw() and "*run 2*" not in ana.saw()
    ana.press("Next")
    assert "page 2 of 2" in ana.saw() and "*run 2*" in ana.saw() and "*run 12*" not in ana.saw()
    ana.press("Delete", nth=1)
    assert "page 2 of 2" in ana.saw() and "*run 1*, Mon 30 Nov 2026, 1 row\ndeleted on" in ana.saw()
    ana.press("Previous")
    assert "page 1 of 2" in ana.saw() and len(told(ana)) == 1


def test_a_late_vote_on_a_deleted_set_is_refused(team: Office, bet: Bet, ana: Person, raj: Person) -> None:
    add(team, bet)
    to_wednesday(team)
    [message] = rounds(team)
    raj.press("Judge more", message)
    delete(ana)
    raj.press("Good")
    assert "there is nothing to judge" in words(raj.modal) + raj.saw()


def test_samples_are_kept_for_a_year_and_then_forgotten_by_the_clock_even_in_a_pause(
    team: Office, bet: Bet, lead: Person, ana: Person
) -> None:
    add(team, bet)
    to_wednesday(team)
    team.at(FRIDAY_11)
    lead.command("pause")
    team.at(FRIDAY_11 + timedelta(days=350))
    assert in_files(team)
    team.at(FRIDAY_11 + timedelta(days=366))
    assert not in_files(team) and CANARY not in in_slack(team)
    ana.command("history B-1")
    assert "a prediction set was kept long enough and is deleted" in ana.saw()
    assert tick.once(team.new_bot())["planned"] == 0


def test_a_team_keeps_them_for_as_long_as_it_says_and_what_is_judged_until_its_close(
    team: Office, bet: Bet, lead: Person
) -> None:
    configure(lead, **{"Keep samples for (days)": "3"})
    add(team, bet)
    to_wednesday(team)
    team.at(FRIDAY_11 - timedelta(hours=1))
    assert CANARY in stored_text(team) and printed(rounds(team)[0]) == [1, 2, 3, 4]
    team.at(FRIDAY_11)
    assert CANARY not in stored_text(team) + in_slack(team) and not in_files(team)
    assert any("Too few votes" in words(m) for m in in_thread(team, bet))


@pytest.mark.parametrize("typed", ["0", "3651", "a year", "-5", "1.5", ""])
def test_days_that_are_none_are_refused_at_the_field(team: Office, lead: Person, typed: str) -> None:
    lead.command("config")
    lead.fill_in({"Keep samples for (days)": typed}).submit()
    assert "samples_kept_days" in lead.errors()


def test_a_dropped_file_that_nobody_used_is_forgotten_with_its_preview(team: Office, bet: Bet, raj: Person) -> None:
    drop(team, raj, bet, "rows.jsonl", ROWS.encode())
    assert CANARY in in_slack(team)
    team.after(days=366)
    assert CANARY not in stored_text(team)
    assert not any(CANARY in words(m) for m in in_thread(team, bet) if m.get("bot_id"))


def test_a_team_that_keeps_links_only_stores_and_posts_no_texts(
    team: Office, bet: Bet, ana: Person, raj: Person, lead: Person
) -> None:
    configure(lead, **{"Rows of prediction sets": "on"})
    with pytest.raises(Refusal, match="keeps only a link"):
        add(team, bet)
    add(team, bet, LINK)
    to_wednesday(team)
    [message] = rounds(team)
    texts = words(message)
    assert "of <https://files.example/v1?a=1&amp;b=2|the set>" in texts and "*1.* row r" in texts
    for nth in range(4):
        raj.press("Good", message, nth=nth)
    raj.press("Judge more", message)
    assert "row r" in words(raj.modal)
    raj.close()
    team.at(FRIDAY_11)
    assert any("4 of 4 looked right" in words(m) for m in in_thread(team, bet))
    assert CANARY not in stored_text(team) + in_slack(team) and not in_files(team)


def test_a_result_where_links_are_kept_names_its_most_disputed_sample_by_number_alone(
    team: Office, bet: Bet, ana: Person, raj: Person, lead: Person
) -> None:
    configure(lead, **{"Rows of prediction sets": "on"})
    add(team, bet, LINK)
    to_wednesday(team)
    raj.press("Good", rounds(team)[0])
    ana.press("Bad", rounds(team)[0])
    team.at(FRIDAY_11)
    [result] = [words(m) for m in in_thread(team, bet) if "Samples of" in words(m)]
    assert "Most disputed: sample 1." in result and "“" not in result


def test_a_file_dropped_there_is_offered_by_its_link_alone(team: Office, bet: Bet, raj: Person, lead: Person) -> None:
    configure(lead, **{"Rows of prediction sets": "on"})
    drop(team, raj, bet, "rows.jsonl", ROWS.encode())
    offer = next(m for m in in_thread(team, bet) if "can be a prediction set" in words(m))
    assert "This team keeps a link only" in words(offer) and CANARY not in json.dumps(offer)
    raj.press("Use it", thread=thread_of(team, bet))
    to_wednesday(team)
    assert ".slack.com/files/" in words(rounds(team)[0]) and CANARY not in stored_text(team)


def test_both_settings_are_kept_in_the_form(team: Office, lead: Person) -> None:
    configure(lead, **{"Keep samples for (days)": "90", "Rows of prediction sets": "on"})
    with team.bot.reading() as tx:
        kept: Any = get_team(tx, 1)
    assert (kept.samples_kept_days, kept.samples_link_only) == (90, True)
    lead.command("config")
    assert "90" in words(lead.modal)


def test_sets_that_came_before_the_switch_stay_as_they_were(team: Office, bet: Bet, lead: Person) -> None:
    push(team, bet, "intents.v1.jsonl")
    configure(lead, **{"Rows of prediction sets": "on"})
    to_wednesday(team)
    assert "*Prediction*" in words(rounds(team)[0]) and (FILES / "intents.v1.jsonl").exists()


def test_what_a_deleted_set_said_is_gone_from_a_closed_comparison_too(team: Office, bet: Bet, ana: Person) -> None:
    for label in ("v1", "v2"):
        rows = [{"id": f"r{n}", "input": f"{CANARY} {n}", "prediction": f"{CANARY} {label}"} for n in range(12)]
        incoming = read_incoming("rows.jsonl", "\n".join(map(json.dumps, rows)).encode(), label)
        with team.bot.transaction() as tx:
            do_add_set(tx, team.bot.now(), get_team(tx, 1), bet, incoming, "push", "the command line")
        team.settle()
    ana.command("predictions B-1")
    assert "Delete" not in [label_of(*one) for one in elements(ana.last())]
    team.after(days=3)
    assert CANARY in in_slack(team)
    for _ in range(2):
        delete(ana)
    assert CANARY not in in_slack(team) + stored_text(team) and not in_files(team)
    assert any("The rows of this pair were deleted." in words(m) for m in in_thread(team, bet))
