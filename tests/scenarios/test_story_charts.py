"""`/bets predictions` draws a bet's versions: once, for the one who asks, and without what is compared blindly."""

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain.records import Bet
from bot.store.tables import comparisons
from tests.conftest import Office, lived_once
from tests.scenarios.judging import FRIDAY_11, push, rounds, to_wednesday
from tests.scenarios.rounds import place
from tests.scenarios.test_samples import vote
from tests.talk import Person, words


@pytest.fixture
def sketched() -> None:
    """What people typed is in the charts that are drawn here."""


@pytest.fixture
@lived_once
def bet(team: Office, ana: Person) -> Bet:
    return place(team, "Sum up papers", ana)


def charts(office: Office, person: Person) -> list[dict[str, Any]]:
    """The charts in a person's DM, oldest first."""
    office.settle()
    blocks = [block for message in person.messages(channel=person.dm()) for block in message.get("blocks", [])]
    return [block for block in blocks if block["type"] == "image"]


def let_the_comparison_close(office: Office) -> None:
    """A second version is compared blindly with the first by itself, and both are named from its close on."""
    with office.bot.reading() as tx:
        closes_at = tx.execute(select(func.max(comparisons.c.closes_at))).scalar_one()
    office.at(closes_at)


def test_two_versions_are_a_chart_in_the_direct_message_and_the_text_says_so(
    team: Office, bet: Bet, raj: Person, ana: Person
) -> None:
    push(team, bet, "tldr.v2.jsonl", metric="ROUGE-1=0.282")
    to_wednesday(team)
    for person in (raj, ana):
        vote(person, rounds(team)[0], "Good", "Bad", "Weird", "Good")
    team.at(FRIDAY_11)
    push(team, bet, "tldr.v4.jsonl", metric="ROUGE-1=0.381")
    let_the_comparison_close(team)
    raj.command("predictions B-1")
    assert "v4" in raj.saw() and "The chart is in our direct message." in raj.saw()
    [chart] = charts(team, raj)
    said = "v2: ROUGE-1 0.282, 2 of 6 looked right, 10-70%, weird 2 of 6; v4: ROUGE-1 0.381"
    assert chart["alt_text"] == f"Predictions of B-1 by version: {said}"
    [file] = team.world.files_by_id.values()
    assert (file.name, file.shared_in) == ("predictions-B-1.png", [])
    assert charts(team, ana) == []


def test_the_same_story_is_drawn_once_and_a_new_version_anew(team: Office, bet: Bet, raj: Person) -> None:
    push(team, bet, "tldr.v1.jsonl", metric="ROUGE-1=0.209")
    raj.command("predictions B-1")
    assert "The chart" not in raj.saw() and charts(team, raj) == []
    push(team, bet, "tldr.v2.jsonl", metric="ROUGE-1=0.282")
    let_the_comparison_close(team)
    for _ in range(3):
        raj.command("predictions B-1")
    assert len(charts(team, raj)) == 1
    push(team, bet, "tldr.v4.jsonl", metric="ROUGE-1=0.381")
    raj.command("predictions B-1")
    assert len(charts(team, raj)) == 2


def test_what_is_compared_blindly_is_in_no_chart_until_that_closes(team: Office, bet: Bet, raj: Person) -> None:
    for number in (1, 2, 3, 4):
        push(team, bet, f"tldr.v{number}.jsonl", metric=f"ROUGE-1=0.{number}7")
    raj.command("predictions B-1")
    [chart] = charts(team, raj)
    assert chart["alt_text"] == "Predictions of B-1 by version: v3: ROUGE-1 0.37; v4: ROUGE-1 0.47"
    let_the_comparison_close(team)
    raj.command("predictions B-1")
    assert "v1: ROUGE-1 0.17; v2: ROUGE-1 0.27" in charts(team, raj)[-1]["alt_text"]


def test_labels_of_any_kind_are_drawn_and_wake_nobody(team: Office, bet: Bet, raj: Person) -> None:
    for number, label in enumerate(("<!channel> $x_{$", "\u65e5\u672c\u8a9e *b*"), 1):
        push(team, bet, f"tldr.v{number}.jsonl", label, metric="$$=1")
    let_the_comparison_close(team)
    raj.command("predictions B-1")
    [chart] = charts(team, raj)
    assert "<!channel> $x_{$: $$ 1" in chart["alt_text"]
    sent = json.dumps([call["args"] for call in team.world.calls("chat.postMessage")])
    assert "*<!channel>" not in sent and words(raj.last(channel=raj.dm())).startswith("Predictions of B-1")


def test_labels_that_would_read_alike_in_the_chart_are_numbered_and_told_below_it(
    team: Office, bet: Bet, raj: Person
) -> None:
    labels = ("baseline", *(f"distilbert-base-epoch-{epoch} with a very long label <!here>" for epoch in (3, 8)))
    for number, label in enumerate(labels, 1):
        push(team, bet, f"tldr.v{number}.jsonl", label, metric=f"ROUGE-1=0.{number}")
    let_the_comparison_close(team)
    raj.command("predictions B-1")
    told = words(raj.last(channel=raj.dm()))
    assert "*1.* baseline\n*2.* distilbert-base-epoch-3 with" in told and "*3.* distilbert-base-epoch-8 with" in told
    [chart] = charts(team, raj)
    assert "by version: 1. baseline: ROUGE-1 0.1; 2. distilbert-base-epoch-3 with" in chart["alt_text"]


@pytest.mark.parametrize(("slow", "words_go_first"), [(20, False), (60, True)])
def test_a_chart_that_waits_while_a_comparison_opens_is_dropped_and_drawn_again_after_it(
    team: Office, bet: Bet, raj: Person, ana: Person, slow: int, words_go_first: bool
) -> None:
    for number in (1, 2):
        push(team, bet, f"tldr.v{number}.jsonl", metric=f"ROUGE-1=0.{number}7")
    let_the_comparison_close(team)
    team.world.set_file_delay(slow)
    raj.command("predictions B-1")
    for _ in range(20 if words_go_first else 2):
        team.after(seconds=2)
    assert charts(team, raj) == []
    ana.command("compare B-1")
    for _ in range(40):
        team.after(seconds=2)
    assert charts(team, raj) == []
    said = [words(message) for message in raj.messages(channel=raj.dm())]
    assert any("version by version" in text for text in said) is words_go_first
    assert "v2" not in json.dumps(said)
    team.world.set_file_delay(0)
    let_the_comparison_close(team)
    raj.command("predictions B-1")
    assert len(charts(team, raj)) == 1
