"""A file dropped in a bet's thread is read, shown with a preview, and in use once somebody says *Use it*."""

import json

import pytest

from bot.domain.predictions import PredictionSet
from bot.domain.records import Bet
from bot.store.inbox import get_counts
from bot.store.predictions import list_sets
from tests.conftest import Office, lived_once
from tests.scenarios.judging import FILES, push
from tests.scenarios.rounds import MONDAY, checkin_text, end, in_thread, place, reactions, thread_of, told, updates_of
from tests.talk import Person, words


@pytest.fixture
@lived_once
def bet(team: Office, ana: Person) -> Bet:
    return place(team, "Rank tickets", ana)


def drop(office: Office, person: Person, bet: Bet, name: str, data: bytes | None = None) -> str:
    """Drops a file in the bet's thread; returns what only this person then sees there last."""
    content = (FILES / name).read_bytes() if data is None else data
    person.say("", thread_of(office, bet), files=[(name, content)])
    return (told(person, thread_of(office, bet)) or [""])[-1]


def sets(office: Office) -> list[PredictionSet]:
    with office.bot.reading() as tx:
        return list_sets(tx)


@pytest.mark.parametrize(
    "name", sorted(path.name for path in FILES.iterdir() if path.suffix in (".csv", ".tsv", ".jsonl"))
)
def test_every_real_file_is_offered_with_a_preview_and_used(team: Office, bet: Bet, raj: Person, name: str) -> None:
    assert drop(team, raj, bet, name) == ""
    offer = in_thread(team, bet)[-1]
    assert f"{name} can be a prediction set of B-1" in words(offer) and "read as id, input, prediction" in words(offer)
    assert [one.state for one in sets(team)] == ["offered"]
    raj.press("Use it", offer)
    assert "B-1 has it as" in told(raj, thread_of(team, bet))[-1]
    text = words(in_thread(team, bet)[-1])
    assert "In use, says Raj" in text and "Use it" not in text
    [found] = sets(team)
    assert (found.state, found.label, found.source, found.by) == ("ready", name.rpartition(".")[0], "file", raj.user)
    raj.command("history B-1")
    assert f"Raj: added a prediction set: \u201c{found.label}\u201d" in raj.saw()


def test_until_somebody_says_so_it_is_in_no_story_and_no_round(team: Office, bet: Bet, raj: Person) -> None:
    drop(team, raj, bet, "intents.v1.csv")
    raj.command("predictions B-1")
    assert "No prediction set yet" in raj.saw()


def test_other_names_of_columns_are_shown_to_be_confirmed(team: Office, bet: Bet, raj: Person) -> None:
    drop(team, raj, bet, "x.csv", b"id;text;pred;split\n1;<!channel> hi;*yes*;test\n")
    text = words(in_thread(team, bet)[-1])
    assert "input from `text`, prediction from `pred`" in text and "Not used: split." in text
    assert "<!channel>" not in text


def test_of_many_columns_that_are_not_used_the_number_is_shown(team: Office, bet: Bet, raj: Person) -> None:
    others = ",".join(f"column_{number:03}" for number in range(197))
    drop(team, raj, bet, "x.csv", f"id,input,prediction,{others}\n1,a,b{',x' * 197}\n".encode())
    assert "column_018, column_019 and 177 more." in words(in_thread(team, bet)[-1])


def test_structured_inputs_are_fields_in_the_preview_and_in_show_all(team: Office, bet: Bet, raj: Person) -> None:
    email = {"from": "Ana", "subject": "Late again", "body": "word " * 700}
    rows = (json.dumps({"id": str(n), "input": email, "prediction": "complaint"}) for n in range(4))
    drop(team, raj, bet, "mails.jsonl", "\n".join(rows).encode())
    offer = in_thread(team, bet)[-1]
    assert "*subject*\nLate again" in words(offer) and '{"' not in words(offer)
    raj.press("Use it", offer)
    raj.press("Post samples now", thread=thread_of(team, bet))
    raj.press("Show all", in_thread(team, bet)[-1])
    whole = words(raj.modal)
    assert "*subject*\nLate again" in whole and whole.count("word ") == 700 and '{"' not in whole


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("x.csv", b"id,input,prediction\n1,a,b\n1,c,d\n", "line 3: the id '1' stands on line 2 already"),
        ("x.csv", b"a,b\n1,2\n", "no column `id` and no `input` and no `prediction`; its first line names a, b"),
        ("x.csv", b"\x1f\x8b\x08\x00abc", "is packed with gzip"),
        ("x.jsonl", b"\x80\x04\x95pickle", "is a pickle"),
        ("../../etc/x.csv", b"PK\x03\x04", "is an archive"),
    ],
)
def test_what_is_wrong_is_told_to_whoever_dropped_it_alone(
    team: Office, bet: Bet, raj: Person, name: str, data: bytes, sentence: str
) -> None:
    before = in_thread(team, bet)
    said = drop(team, raj, bet, name, data)
    assert "cannot be a prediction set" in said and sentence in said
    assert len(in_thread(team, bet)) == len(before) + 1 and sets(team) == []
    with team.bot.reading() as tx:
        assert get_counts(tx)["failed"] == 0


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("x.csv.gz", "It is packed: unpack it, and drop a CSV, TSV or JSONL file in UTF-8."),
        ("x.tsv.GZ", "It is packed"),
        ("z.zip", "It is packed"),
        ("a.xlsx", "It is a spreadsheet: save it as a CSV, TSV or JSONL file in UTF-8, and drop that."),
        ("p.pkl", "It is a binary file: write its rows as a CSV, TSV or JSONL file in UTF-8, and drop that."),
        ("a.json", "The file is a JSON array: write one object a line"),
    ],
)
def test_a_file_of_another_kind_that_may_be_meant_as_a_set_gets_one_sentence_for_its_sender(
    team: Office, bet: Bet, raj: Person, ana: Person, name: str, sentence: str
) -> None:
    before, fetched = in_thread(team, bet), len(team.world.calls("files.info"))
    drop(team, raj, bet, name, b'[{"id": 1}]')
    [said] = told(raj, thread_of(team, bet))
    assert f"{name} cannot be a prediction set" in said and sentence in said
    assert told(ana, thread_of(team, bet)) == [] and sets(team) == [] and len(in_thread(team, bet)) == len(before) + 1
    assert len(team.world.calls("files.info")) == fetched + (name == "a.json")


def test_a_json_file_that_holds_json_lines_is_offered(team: Office, bet: Bet, raj: Person) -> None:
    assert drop(team, raj, bet, "x.json", (FILES / "intents.v1.jsonl").read_bytes()) == ""
    assert "x.json can be a prediction set of B-1" in words(in_thread(team, bet)[-1])


@pytest.mark.parametrize("name", ["notes.txt", "chart.png", "paper.pdf", "notes.md", "run.log", "train.py", "x"])
def test_other_files_are_left_alone(team: Office, bet: Bet, raj: Person, name: str) -> None:
    assert drop(team, raj, bet, name, b"PK\x03\x04") == "" and sets(team) == []


def test_a_file_in_the_channel_is_nobodys_set(team: Office, bet: Bet, raj: Person) -> None:
    raj.say("", files=[("x.csv", b"id,input,prediction\n1,a,b\n")])
    assert sets(team) == [] and told(raj) == []


def test_the_same_file_again_is_told_and_a_second_press_finds_it_in_use(
    team: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    drop(team, raj, bet, "intents.v1.csv")
    drop(team, ana, bet, "intents.v1.csv")
    first, second = (message for message in in_thread(team, bet) if "Use it" in words(message))
    raj.press("Use it", first)
    ana.press("Use it", second)
    assert "has this file already, as 'intents.v1'" in told(ana, thread_of(team, bet))[-1]
    assert "has this file already" in drop(team, raj, bet, "intents.v1.csv")


def test_a_name_that_is_taken_gets_a_number(team: Office, bet: Bet, raj: Person) -> None:
    push(team, bet, "intents.v1.csv", "x")
    for number in (1, 2):
        drop(team, raj, bet, "x.csv", b"id,input,prediction\n%d,a,b\n" % number)
        raj.press("Use it", in_thread(team, bet)[-1])
    assert [one.label for one in sets(team)] == ["x", "x 2", "x 3"]


def test_guests_cannot_use_a_file_and_a_bet_that_ended_takes_none(
    team: Office, bet: Bet, raj: Person, guest: Person
) -> None:
    drop(team, raj, bet, "intents.v1.csv")
    guest.press("Use it", in_thread(team, bet)[-1])
    assert "Guests" in told(guest, thread_of(team, bet))[-1] and sets(team)[0].state == "offered"
    end(team, bet)
    assert "B-1 has ended" in drop(team, raj, bet, "intents.v2.csv")


def test_without_the_right_to_read_files_it_says_so(team: Office, bet: Bet, raj: Person) -> None:
    team.expects_refusals = True
    assert team.world.manifest is not None
    team.world.manifest["oauth_config"]["scopes"]["bot"].remove("files:read")
    assert "files:read" in drop(team, raj, bet, "intents.v1.csv")


def test_a_file_that_slack_does_not_hand_out_at_first_is_fetched_later(team: Office, bet: Bet, raj: Person) -> None:
    team.expects_refusals = True
    team.world.fail("files.info", 1, "refuse:internal_error")
    drop(team, raj, bet, "intents.v1.csv")
    assert sets(team) == []
    team.after(seconds=10)
    assert [one.state for one in sets(team)] == ["offered"]


def test_a_file_that_cannot_be_had_after_the_last_try_is_told_to_its_sender_once(
    team: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    team.expects_refusals = True
    team.world.fail("files.info", None, "refuse:internal_error")
    assert drop(team, raj, bet, "v1.csv", b"id,input,prediction\n1,a,b\n") == ""
    for _ in range(6):
        team.after(minutes=1)
    [said] = told(raj, thread_of(team, bet))
    assert "v1.csv cannot be a prediction set" in said and "drop it here once more in a few minutes" in said
    assert told(ana, thread_of(team, bet)) == []
    team.world.clear_faults()
    drop(team, raj, bet, "v1.csv", b"id,input,prediction\n1,a,b\n")
    assert [one.state for one in sets(team)] == ["offered"]


def test_a_file_that_cannot_be_had_keeps_no_answer_waiting(team: Office, bet: Bet, ana: Person, raj: Person) -> None:
    team.at(MONDAY)
    team.expects_refusals = True
    team.world.fail("files.info", None, "refuse:internal_error")
    thread = thread_of(team, bet)
    team.world.say(raj.user, raj.channel, "", thread_ts=thread, files=[("x.csv", b"id,input,prediction\n1,a,b\n")])
    team.world.say(ana.user, ana.channel, "70% it works", thread_ts=thread)
    team.settle()
    assert [one.confidence for one in updates_of(team, bet)] == [70]


@pytest.fixture
@lived_once
def asked(team: Office, bet: Bet) -> Office:
    """The check-in of the week is open and waits for the owner."""
    team.at(MONDAY)
    return team


ROWS = b"id,input,prediction\n1,a,b\n"


@pytest.mark.parametrize("data", [ROWS, b"a,b\n1,2\n"])
def test_a_file_without_words_is_no_answer_and_the_next_words_are(
    asked: Office, bet: Bet, ana: Person, data: bytes
) -> None:
    drop(asked, ana, bet, "v1.csv", data)
    assert "Noted as your update" not in "".join(told(ana, thread_of(asked, bet)))
    assert updates_of(asked, bet) == [] and "0 of 1" in checkin_text(asked)
    ana.say("70% it works", thread_of(asked, bet))
    assert [one.text for one in updates_of(asked, bet)] == ["70% it works"] and "1 of 1" in checkin_text(asked)


def test_with_words_the_words_are_the_answer_and_the_file_is_offered(asked: Office, bet: Bet, ana: Person) -> None:
    ana.say("60% see the new run", thread_of(asked, bet), files=[("v1.csv", ROWS)])
    assert [one.text for one in updates_of(asked, bet)] == ["60% see the new run"]
    offer = in_thread(asked, bet)[-1]
    ana.press("Not samples", offer)
    assert "Your check-in stays as it was" in told(ana, thread_of(asked, bet))[-1] and sets(asked) == []
    assert "v1.csv is no prediction set, says Ana" in words(in_thread(asked, bet)[-1])
    assert [(one.text, one.version) for one in updates_of(asked, bet)] == [("60% see the new run", 1)]


def test_words_added_to_a_file_later_are_the_answer(asked: Office, bet: Bet, ana: Person) -> None:
    thread = thread_of(asked, bet)
    ts = ana.say("", thread, files=[("v1.csv", ROWS)])
    asked.world.edit(ana.user, ana.channel, ts, "70% it works")
    asked.settle()
    assert [one.text for one in updates_of(asked, bet)] == ["70% it works"] and len(sets(asked)) == 1


def test_a_picture_beside_the_file_is_an_answer_like_any_other_file(asked: Office, bet: Bet, ana: Person) -> None:
    ana.say("", thread_of(asked, bet), files=[("v1.csv", ROWS), ("plot.png", b"x")])
    [update] = updates_of(asked, bet)
    assert update.text.startswith("see file ") and len(sets(asked)) == 1


def test_an_offered_file_that_was_not_meant_as_samples_is_the_answer(asked: Office, bet: Bet, ana: Person) -> None:
    thread = thread_of(asked, bet)
    ts = ana.say("", thread, files=[("costs.csv", ROWS)])
    ana.press("Not samples", in_thread(asked, bet)[-1])
    assert "Noted as your update on B-1. How sure are you" in told(ana, thread)[-1]
    [update] = updates_of(asked, bet)
    assert update.text.startswith("see file ") and reactions(asked, thread, ts) == ["white_check_mark"]
    assert sets(asked) == [] and "1 of 1" in checkin_text(asked)
    ana.press("30%", thread=thread)
    assert updates_of(asked, bet)[0].confidence == 30


def test_a_refused_file_that_was_not_meant_as_samples_is_the_answer(asked: Office, bet: Bet, ana: Person) -> None:
    said = drop(asked, ana, bet, "costs.csv", b"week,costs\n1,2\n")
    assert "does not count as an answer" in said
    ana.press("Not samples", thread=thread_of(asked, bet))
    [question] = told(ana, thread_of(asked, bet))
    assert "Noted as your update on B-1" in question and len(updates_of(asked, bet)) == 1


def test_an_answer_given_since_is_not_replaced_by_the_file(asked: Office, bet: Bet, ana: Person) -> None:
    drop(asked, ana, bet, "costs.csv", ROWS)
    offer = in_thread(asked, bet)[-1]
    ana.say("70% it works", thread_of(asked, bet))
    ana.press("Not samples", offer)
    assert [(one.text, one.version) for one in updates_of(asked, bet)] == [("70% it works", 1)]
    ana.say("and more", thread_of(asked, bet))
    assert [one.text for one in updates_of(asked, bet)] == ["70% it works"]


def test_only_its_sender_says_what_a_file_is_meant_as_and_only_until_it_is_used(
    asked: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    drop(asked, ana, bet, "v1.csv", ROWS)
    offer = in_thread(asked, bet)[-1]
    raj.press("Not samples", offer)
    assert "only whoever sent it" in told(raj, thread_of(asked, bet))[-1]
    raj.press("Use it", offer)
    assert "Not samples" not in words(in_thread(asked, bet)[-1])
    assert [one.state for one in sets(asked)] == ["ready"] and updates_of(asked, bet) == []


def test_a_file_of_another_kind_that_is_the_answer_gets_no_second_answer(asked: Office, bet: Bet, ana: Person) -> None:
    thread = thread_of(asked, bet)
    ana.say("", thread, files=[("costs.xlsx", b"PK")])
    [question] = told(ana, thread)
    assert "Noted as your update on B-1" in question and len(updates_of(asked, bet)) == 1
    ana.say("more", thread, files=[("v1.csv.gz", b"PK")])
    assert "v1.csv.gz cannot be a prediction set" in told(ana, thread)[-1] and len(told(ana, thread)) == 2


def test_a_packed_file_without_words_is_no_answer_and_is_told_to_be_unpacked(
    asked: Office, bet: Bet, ana: Person
) -> None:
    thread = thread_of(asked, bet)
    ana.say("", thread, files=[("v1.csv.gz", b"PK")])
    [said] = told(ana, thread)
    assert "It is packed: unpack it" in said and "does not count as an answer" in said and "Not samples" in said
    assert updates_of(asked, bet) == []


def test_somebody_who_owes_no_answer_is_not_asked_about_one(asked: Office, bet: Bet, raj: Person) -> None:
    assert "answer to the check-in" not in drop(asked, raj, bet, "costs.csv", b"a,b\n1,2\n")
    drop(asked, raj, bet, "v1.csv", ROWS)
    raj.press("Not samples", in_thread(asked, bet)[-1])
    assert "file like any other" in told(raj, thread_of(asked, bet))[-1]
    assert sets(asked) == [] == updates_of(asked, bet)
