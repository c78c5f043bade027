"""Wednesday's samples: drawn, judged, kept current, and closed with an honest result."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.records import Bet
from bot.work import tick
from tests.conftest import Office, lived_once
from tests.scenarios.cases import case_of
from tests.scenarios.judging import (
    FILES,
    FRIDAY_11,
    NEXT_FRIDAY,
    TITLE,
    WEDNESDAY_11,
    printed,
    push,
    rounds,
    to_next_wednesday,
    to_wednesday,
)
from tests.scenarios.rounds import (
    MONDAY,
    THURSDAY,
    end,
    in_thread,
    place,
    reactions,
    shown_text,
    stored_text,
    thread_of,
    told,
    updates_of,
)
from tests.scenarios.test_nudges import answer_weekly, nudges, packets
from tests.talk import Person, elements, label_of, words


@pytest.fixture
@lived_once
def bet(team: Office, ana: Person) -> Bet:
    return place(team, "Rank tickets", ana)


def vote(person: Person, message: dict[str, Any], *values: str) -> None:
    """Judges the printed samples of a message, from the first on."""
    for nth, value in enumerate(values):
        person.press(value, message, nth=nth)


def result_of(office: Office, bet: Bet) -> str:
    return next(text for m in reversed(in_thread(office, bet)) if "Samples of" in (text := words(m)))


def test_one_bet_shows_four_numbered_samples_with_their_provenance(team: Office, bet: Bet) -> None:
    found = push(team, bet, "intents.v1.jsonl", metric="accuracy=0.5")
    to_wednesday(team)
    [message] = rounds(team)
    text = words(message)
    assert printed(message) == [1, 2, 3, 4]
    assert f"intents.v1.jsonl, 200 rows, seed {found.seed}, label v1, accuracy 0.5" in text
    assert "on Fri 4 Dec 2026, 11:00 Europe/Berlin" in text and "Nobody has judged so far." in text
    assert "the lowest score" in text and "tfidf-logreg" not in json.dumps(message)
    labels = [label_of(*one) for one in elements(message)]
    assert [labels.count(label) for label in ("Good", "Bad", "Weird", "Judge more")] == [4, 4, 4, 1]


@pytest.mark.parametrize(("bets", "numbers", "per_bet"), [(2, 6, 3), (3, 6, 2), (4, 6, 2)])
def test_more_bets_share_six_samples(team: Office, ana: Person, bets: int, numbers: int, per_bet: int) -> None:
    for number in range(bets):
        push(team, place(team, f"Bet {number}", ana), "tldr.v2.jsonl")
    to_wednesday(team)
    [message] = rounds(team)
    assert printed(message) == list(range(1, numbers + 1))
    assert words(message).count("seed") == min(bets, 3) == numbers // per_bet


def test_bets_take_turns(team: Office, ana: Person) -> None:
    placed = [place(team, f"Bet {number}", ana) for number in range(4)]
    for one in placed:
        push(team, one, "tldr.v2.jsonl")
    to_wednesday(team)
    team.at(FRIDAY_11)
    to_next_wednesday(team)
    first, second = rounds(team)
    assert "B-4" not in words(first) and "B-4" in words(second)


def test_without_a_fresh_set_nothing_is_posted(team: Office, bet: Bet, ana: Person) -> None:
    push(team, ended := place(team, "Over", ana), "tldr.v2.jsonl")
    end(team, ended)
    push(team, bet, "tldr.v1.jsonl")
    team.at(WEDNESDAY_11 + timedelta(weeks=5))
    assert rounds(team) == []


def test_the_message_is_posted_once_however_often_the_clock_knocks(team: Office, bet: Bet) -> None:
    push(team, bet, "tldr.v2.jsonl")
    to_wednesday(team)
    for _ in range(3):
        tick.once(team.new_bot())
        team.after(minutes=5)
    assert len(rounds(team)) == 1


def test_a_line_that_is_off_posts_nothing(team: Office, bet: Bet, lead: Person) -> None:
    lead.command("config")
    lead.fill_in({"Samples day": "off"}).submit()
    push(team, bet, "tldr.v2.jsonl")
    to_wednesday(team)
    team.at(FRIDAY_11)
    assert rounds(team) == []


def test_while_open_only_the_number_of_judges_is_shown_and_after_the_last_vote_one_answer(
    team: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    push(team, bet, "intents.v2.jsonl")
    to_wednesday(team)
    [message] = rounds(team)
    vote(raj, message, "Good", "Good", "Good")
    assert told(raj) == [] and "1 person has judged so far." in words(rounds(team)[0])
    raj.press("Weird", message, nth=3)
    [answer] = told(raj)
    assert "You have judged all samples of B-1" in answer and "4. you said weird; all votes: 1 weird" in answer.replace(
        "*", ""
    )
    raj.press("Bad", message, nth=3)
    assert len(told(raj)) == 1
    ana.press("Bad", message)
    [message] = rounds(team)
    assert "2 people have judged so far." in words(message)
    assert "good" not in words(message).lower().replace("good\n", "") and told(ana) == []


def test_whoever_changes_a_vote_sees_what_it_is_now_and_nothing_piles_up(team: Office, bet: Bet, raj: Person) -> None:
    push(team, bet, "intents.v2.jsonl")
    to_wednesday(team)
    [message] = rounds(team)
    raj.press("Good", message, nth=1)
    assert raj.modal is None and told(raj) == []
    told_then = {"Weird": "*weird* now, no more good", "Bad": "*bad* now, no more weird", "bad": "still *bad*"}
    for value, said in told_then.items():
        raj.press(value.title(), message, nth=1)
        assert f"Your vote on sample 2 of B-1 Rank tickets is {said}." in words(raj.modal)
        raj.close()
    assert told(raj) == [] and raj.modal is None
    raj.press("Judge more", message)
    assert "*2.* you said bad" in words(raj.modal)


def test_judge_more_shows_ones_own_votes_and_pages_through_the_rest(
    team: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    push(team, bet, "intents.v2.jsonl")
    to_wednesday(team)
    [message] = rounds(team)
    vote(ana, message, "Bad")
    raj.press("Judge more", message)
    assert words(raj.modal).count("not judged by you yet") == 4 and "bad" not in words(raj.modal)
    assert "page 1 of 2" in words(raj.modal) and [label_of(*e) for e in elements(raj.modal or {})].count("Good") == 5
    raj.press("Good")
    assert "You said good; all votes: 1 good." in words(raj.modal)
    first = words(raj.modal)
    raj.press("Next")
    assert "page 2 of 2" in words(raj.modal) and words(raj.modal) != first
    raj.press("Previous")
    assert words(raj.modal) == first
    raj.close()
    ana.press("Judge more", message)
    assert "1. you said bad; all votes: 1 bad" in words(ana.modal).replace("*", "")
    assert "all votes: 1 good" not in words(ana.modal)


def test_guests_and_strangers_do_not_vote(team: Office, bet: Bet, guest: Person) -> None:
    push(team, bet, "intents.v2.jsonl")
    to_wednesday(team)
    [message] = rounds(team)
    guest.press("Good", message)
    assert "Guests of this workspace read, and answer for bets they own" in told(guest)[-1]
    guest.press("Judge more", message)
    assert guest.modal is None and "Nobody has judged" in words(rounds(team)[0])


def test_at_the_close_the_result_stands_in_the_bets_thread_and_the_buttons_are_gone(
    team: Office, bet: Bet, ana: Person, raj: Person, lee: Person
) -> None:
    push(team, bet, "intents.v2.jsonl", "v2")
    to_wednesday(team)
    [message] = rounds(team)
    vote(ana, message, "Good", "Good", "Good", "Bad")
    vote(raj, message, "Good", "Bad", "Good", "Bad")
    vote(lee, message, "Good", "Weird", "Weird")
    team.at(FRIDAY_11 - timedelta(minutes=1))
    assert not any("Samples of" in words(m) for m in in_thread(team, bet))
    team.at(FRIDAY_11)
    text = result_of(team, bet)
    # The fourth is the row with the lowest score, which does not count.
    assert "6 of 9 looked right, 35-88%." in text and "Weird: 2 of 9." in text
    assert "agreed in 56% of the cases: both *Good*, or neither." in text and "seed" in text
    quoted = next(line for line in words(message).splitlines() if line.startswith("*2.*")).removeprefix("*2.* ")
    assert f"Most disputed: sample 2.\n“{quoted}”" in text
    [message] = rounds(team)
    assert "Closed. 3 people have judged" in words(message)
    assert not [one for one in elements(message) if label_of(*one) in ("Good", "Bad", "Weird", "Judge more")]
    team.at(FRIDAY_11 + timedelta(hours=1))
    assert sum("Samples of" in words(m) for m in in_thread(team, bet)) == 1


@pytest.mark.parametrize(("votes", "said"), [((), "nobody judged"), (("Good", "Bad"), "1 of 2 looked right")])
def test_few_votes_are_said_to_be_too_few(
    team: Office, bet: Bet, raj: Person, votes: tuple[str, ...], said: str
) -> None:
    push(team, bet, "intents.v2.jsonl")
    to_wednesday(team)
    vote(raj, rounds(team)[0], *votes)
    team.at(FRIDAY_11)
    assert f"Too few votes to say: {said}." in result_of(team, bet)


def test_a_vote_after_the_close_is_refused(team: Office, bet: Bet, raj: Person) -> None:
    push(team, bet, "intents.v2.jsonl")
    to_wednesday(team)
    [message] = rounds(team)
    team.clock.move_to(FRIDAY_11 + timedelta(minutes=1))
    raj.press("Good", message)
    assert "These samples are closed" in told(raj)[-1]


def test_a_disliked_row_comes_back_in_the_next_version_and_no_random_row_does(
    team: Office, bet: Bet, raj: Person
) -> None:
    push(team, bet, "intents.v1.jsonl")
    to_wednesday(team)
    [message] = rounds(team)
    vote(raj, message, "Bad", "Good")
    disliked = text_of(message, 1)
    team.at(FRIDAY_11)
    push(team, bet, "intents.v2.jsonl")
    to_next_wednesday(team)
    message = rounds(team)[-1]
    again = next(number for number in printed(message) if "still wrong?" in text_of(message, number))
    assert text_of(message, again).replace(" _still wrong?_", "").split("\n")[0][6:] == disliked.split("\n")[0][6:]


def text_of(message: dict[str, Any], number: int) -> str:
    found = (block["text"]["text"] for block in message["blocks"] if block["type"] == "section")
    return next(text for text in found if text.startswith(f"*{number}.*"))


def test_a_long_or_structured_sample_is_clipped_and_shown_whole_on_request(team: Office, bet: Bet, raj: Person) -> None:
    push(team, bet, "forecast.v1.jsonl")
    to_wednesday(team)
    [message] = rounds(team)
    fields = [field["text"] for block in message["blocks"] for field in block.get("fields", ())]
    assert any(text.startswith("*year*\n") for text in fields) and len(fields) == 8
    other = place(team, "Summaries", raj)
    push(team, other, "tldr.v1.jsonl")
    team.at(FRIDAY_11)
    to_next_wednesday(team)
    raj.press("Show all", rounds(team)[-1])
    whole = words(raj.modal)
    assert "Input" in whole and "Expected" in whole and len(whole) > 600 and "\u2026" not in whole


def test_a_reply_that_begins_with_a_printed_number_is_that_samples_note(team: Office, bet: Bet, raj: Person) -> None:
    push(team, bet, "intents.v2.jsonl")
    to_wednesday(team)
    [message] = rounds(team)
    note = raj.say("2. the label itself is wrong", message["ts"])
    other = raj.say("nice ones", message["ts"])
    assert reactions(team, message["ts"], note) == ["white_check_mark"]
    assert reactions(team, message["ts"], other) == []
    assert notes(team) == {"2. the label itself is wrong": 2}
    team.world.edit(raj.user, raj.channel, note, "3. I meant this one")
    team.settle()
    assert notes(team) == {"3. I meant this one": 3}
    team.world.remove(raj.user, raj.channel, note)
    team.settle()
    assert notes(team) == {None: 3}


def notes(office: Office) -> dict[str | None, int | None]:
    from sqlalchemy import select

    from bot.store.tables import replies, sample_notes, samples

    query = (
        select(replies.c.text, samples.c.number)
        .join(sample_notes, (sample_notes.c.ts == replies.c.ts) & (sample_notes.c.channel == replies.c.channel))
        .join(samples, samples.c.id == sample_notes.c.sample_id)
    )
    with office.bot.reading() as tx:
        return {row.text: row.number for row in tx.execute(query)}


def test_notes_stand_in_the_result_by_number_with_names_and_follow_what_becomes_of_them(
    team: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    push(team, bet, "intents.v2.jsonl")
    to_wednesday(team)
    thread = rounds(team)[0]["ts"]
    vote(raj, rounds(team)[0], "Good")
    late = raj.say("3) *cut* off <!here>", thread)
    ana.say("1. the label itself\nis wrong", thread)
    team.at(FRIDAY_11)
    notes_told = "*Notes*\n*1.* the label itself is wrong (Ana)\n*3.* \u2217cut\u2217 off &lt;!here&gt; (Raj)"
    assert notes_told in result_of(team, bet)
    team.world.edit(raj.user, raj.channel, late, "4. canaryword")
    team.settle()
    assert "*4.* canaryword (Raj)" in result_of(team, bet) and "*3.*" not in result_of(team, bet)
    team.world.remove(raj.user, raj.channel, late)
    team.settle()
    assert result_of(team, bet).count("(Ana)") == 1 and "canaryword" not in shown_text(team) + stored_text(team)
    for number in range(7):
        raj.say(f"2. thought {number}", thread)
    assert result_of(team, bet).count("(Raj)") == 4 and "and 3 more in the thread" in result_of(team, bet)


def test_show_all_shows_the_notes_on_a_sample(team: Office, bet: Bet, ana: Person, raj: Person) -> None:
    push(team, bet, "tldr.v1.jsonl")
    to_wednesday(team)
    [message] = rounds(team)
    for number in printed(message):
        ana.say(f"{number}. seen before", message["ts"])
    raj.press("Show all", message)
    assert words(raj.modal).count("seen before (Ana)") == 1


def test_in_the_bets_thread_a_note_is_no_update(team: Office, bet: Bet, ana: Person, raj: Person) -> None:
    team.at(MONDAY)
    push(team, bet, "intents.v2.jsonl")
    raj.command("predictions B-1")
    raj.press("Post samples now")
    assert "are in its thread, to be judged until Wed 2 Dec 2026, 10:00 Europe/Berlin" in told(raj)[-1]
    thread = thread_of(team, bet)
    message = in_thread(team, bet)[-1]
    assert printed(message) == [1, 2, 3, 4] and rounds(team) == []
    note = ana.say("1. cut off in the middle", thread)
    assert updates_of(team, bet) == [] and reactions(team, thread, note) == ["white_check_mark"]
    ana.say("70% it works on the easy ones", thread)
    assert [one.text for one in updates_of(team, bet)] == ["70% it works on the easy ones"]
    team.world.edit(ana.user, ana.channel, note, "one more thing")
    team.settle()
    # Now it is the first thing she said to the question, and that is the update.
    assert notes(team) == {} and [one.text for one in updates_of(team, bet)] == ["one more thing"]
    vote(raj, message, "Good")
    team.after(days=2)
    assert "Too few votes" in result_of(team, bet)


def test_samples_cannot_be_posted_twice_or_of_nothing(
    team: Office, bet: Bet, raj: Person, lead: Person, guest: Person
) -> None:
    raj.command("predictions B-1")
    assert "No prediction set yet" in raj.saw() and "Post samples now" not in raj.saw()
    push(team, bet, "intents.v2.jsonl", metric="accuracy=0.94")
    raj.command("predictions B-1")
    assert "v2, Mon 30 Nov 2026, 200 rows\naccuracy 0.94\nnot judged yet" in raj.saw().replace("*", "")
    asked = raj.last()
    lead.command("predictions B-1")
    guest.command("predictions B-1")
    assert "not judged yet" in guest.saw() and "Post samples now" not in guest.saw(), "what a guest may read"
    raj.press("Post samples now", asked)
    lead.press("Post samples now")
    assert "Samples of B-1 are open until" in told(lead)[-1]
    raj.command("predictions B-1")
    assert "Samples are being judged now" in raj.saw()


def test_the_story_tells_how_each_version_was_judged(team: Office, bet: Bet, ana: Person, raj: Person) -> None:
    push(team, bet, "intents.v1.jsonl")
    to_wednesday(team)
    vote(ana, rounds(team)[0], "Bad", "Bad", "Weird")
    vote(raj, rounds(team)[0], "Bad", "Bad", "Good")
    team.at(FRIDAY_11)
    push(team, bet, "intents.v2.jsonl")
    to_next_wednesday(team)
    team.at(NEXT_FRIDAY)
    raj.command("predictions B-1")
    newest, first = raj.saw().index("v2"), raj.saw().index("v1")
    assert newest < first and "1 of 6 looked right" in raj.saw() and "weird 1 of 6" in raj.saw()
    assert "Too few votes to say: nobody judged" in raj.saw()


REAL = sorted(path.name for path in FILES.iterdir() if path.suffix in (".csv", ".tsv", ".jsonl"))
# In `make test` one of each format, with images and with odd texts; `.ci/run` tries every one.
FEW = ("awkward.jsonl", "digits.v1.jsonl", "intents.v2.csv", "intents.v1.tsv")


@pytest.mark.parametrize("names", [FEW, pytest.param(REAL, marks=pytest.mark.full)], ids=["few", "all"])
def test_every_real_file_is_drawn_judged_and_closed(
    team: Office, ana: Person, raj: Person, names: Sequence[str]
) -> None:
    for name in names:
        bet = place(team, name, ana)
        push(team, bet, name)
        ana.command(f"predictions {bet.key}")
        ana.press("Post samples now")
        message = in_thread(team, bet)[-1]
        assert TITLE in words(message) and printed(message) == [1, 2, 3, 4]
        vote(raj, message, "Good", "Bad", "Weird", "Good")
        vote(ana, message, "Good", "Good", "Good", "Good")
        raj.press("Judge more", message)
        raj.press("Next")
        raj.close()
    team.after(days=3)
    results = office_threads(team)
    assert len(results) == len(names)
    assert all("looked right" in words(message) for message in results)


def office_threads(office: Office) -> list[dict[str, Any]]:
    roots = [m for m in office.messages() if words(m).startswith("B-")]
    return [m for root in roots for m in office.messages(root["ts"]) if "Samples of" in words(m)]


def case(office: Office, bet: Bet) -> dict[str, Any]:
    found: dict[str, Any] = case_of(office, bet)["bet"]
    return found


def test_the_policy_sees_votes_on_random_rows_once_the_round_is_closed(
    team: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    push(team, bet, "intents.v1.jsonl")
    to_wednesday(team)
    [message] = rounds(team)
    vote(ana, message, "Bad", "Bad", "Weird", "Bad")
    vote(raj, message, "Good", "Bad", "Weird", "Bad")
    assert case(team, bet)["votes"] == []
    team.at(FRIDAY_11)
    assert case(team, bet)["votes"] == [{"at": 4, "up": 1, "down": 5}]
    assert case(team, bet)["ab"] == []


def test_a_packet_tells_what_people_said_of_the_samples_with_one_interval(
    team: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    team.at(MONDAY)
    push(team, bet, "intents.v1.jsonl")
    ana.command("predictions B-1")
    ana.press("Post samples now")
    message = in_thread(team, bet)[-1]
    for person in (ana, raj):
        vote(person, message, "Bad", "Bad", "Bad")
    team.after(days=2)
    for week in range(1, 4):
        for day in (0, 3, 4):
            team.at(MONDAY + timedelta(weeks=week, days=day, hours=5 * (day == 4)))
        if packets(team):
            break
    packet = words(packets(team)[-1])
    assert "0 of 6 thumbs up on the newest samples (could be 0 to 31%)" in packet
    assert "*Samples* 0 of 6 looked right" in packet and "39%" not in packet
    [details] = [text for m in in_thread(team, bet) if "thumbs up" in (text := words(m))]
    assert "“Could be” is meant 9 times in 10; a result of samples, 19 times in 20, is wider." in details


def test_a_line_that_is_turned_on_later_in_the_week_makes_nothing_up(team: Office, bet: Bet, lead: Person) -> None:
    push(team, bet, "tldr.v2.jsonl")
    lead.command("config")
    lead.fill_in({"Samples day": "off"}).submit()
    to_wednesday(team)
    team.after(hours=20)
    lead.command("config")
    lead.fill_in({"Samples day": "wednesday"}).submit()
    team.after(hours=1)
    assert rounds(team) == []
    to_next_wednesday(team)
    assert len(rounds(team)) == 1


def test_after_an_absence_the_channel_gets_one_message_and_no_samples(team: Office, bet: Bet) -> None:
    push(team, bet, "tldr.v2.jsonl")
    team.at(WEDNESDAY_11)
    assert rounds(team) == []


def test_samples_that_wait_for_the_next_line_of_the_week_are_left_out(team: Office, bet: Bet) -> None:
    push(team, bet, "tldr.v2.jsonl")
    team.at(MONDAY)
    team.at(FRIDAY_11)
    assert rounds(team) == []


def test_a_holiday_moves_the_close_to_the_second_working_day(team: Office, bet: Bet, lead: Person) -> None:
    push(team, bet, "tldr.v2.jsonl")
    lead.command("config")
    lead.fill_in({"Holidays (country)": "DE", "Samples day": "thursday"}).submit()
    day = MONDAY + timedelta(weeks=3)
    team.at(day)
    push(team, bet, "tldr.v1.jsonl")
    team.at(day + timedelta(days=3, hours=1))
    # Christmas Eve is a Thursday; Friday is a holiday, so the days after are Monday and Tuesday.
    assert "on Tue 29 Dec 2026, 11:00 Europe/Berlin" in words(rounds(team)[-1])


def test_samples_that_are_shown_are_what_a_weak_bet_was_asked_for(team: Office, bet: Bet, ana: Person) -> None:
    answer_weekly(team, THURSDAY, B_1=(ana, [40]))
    [asked] = packets(team)
    assert "show 5 samples" in words(asked) and nudges(team)[0].answer == "none"
    push(team, bet, "intents.v1.jsonl")
    to_next_wednesday(team)
    assert nudges(team)[0].answer == "done" and "Answered on Wed 9 Dec 2026" in words(packets(team)[0])


def test_the_story_of_a_bet_that_ended_has_no_samples_to_post(team: Office, bet: Bet, raj: Person) -> None:
    push(team, bet, "tldr.v1.jsonl")
    raj.command("predictions B-1")
    assert "Post samples now" in raj.saw()
    end(team, bet)
    raj.command("predictions B-1")
    assert "label" not in raj.saw() and "v1" in raj.saw() and "Post samples now" not in raj.saw()
