"""The line of `bets advise` is read with patience, and what it says does not depend on what it need not depend on."""

import json
import random
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.case_lines import read_case
from bot.domain.cases import Case
from bot.domain.policy import Advice, advise
from tests.domain.portfolios import sample_lines

EXAMPLE: dict[str, Any] = {
    "v": 1, "id": "x1", "today": 35,
    "team": {"people": 6, "maturity": "mixed", "resolved": [{"conf": 70, "worked": 0}]},
    "bet": {
        "bet": "b7", "area": "ner", "people": ["ana", "raj"], "upside": "M",
        "appetite_pw": 8.0, "spent_pw": 6.0, "deadline": 42,
        "scope": {
            "status": "locked",
            "assumptions": [{"id": "labels exist", "critical": True, "state": "holds", "at": 9}],
        },
        "kill": [{"id": "F1 over 0.6", "by": 21, "state": "open", "at": None}],
        "updates": [
            {"at": 7, "by": "ana", "conf": 75, "blocked": False}, {"at": 28, "by": "ana", "conf": 45, "blocked": True},
        ],
        "asked": [{"at": day, "to": "ana"} for day in (7, 14, 21, 28)],
        "votes": [{"at": 28, "up": 1, "down": 5}],
        "ab": [], "nudges": [], "decisions": [],
    },
    "portfolio": [],
}  # fmt: skip

lines = st.sampled_from(sample_lines(2, 40))
# What nobody should send and somebody will.
odd = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just(10**400), st.just("8.0"),
    st.just([]), st.just({}), st.lists(st.none(), max_size=2), st.just([{}, None, "x", {"at": None, "id": "x" * 300}]),
)  # fmt: skip


def advised(line: dict) -> Advice:
    return advise(read_case(line))


def check(found: Advice) -> None:
    """What holds of every answer."""
    assert found.advice in ("keep", "ask", "kill", "double_down") and 0 <= found.p <= 1
    assert bool(found.reasons) is (found.advice != "keep")
    assert all(len(one.text) <= 200 for one in (*found.reasons, *found.lines))
    assert all(re.search(r"\d", one.text) for one in found.lines)


def test_the_example_of_the_policy_is_a_kill() -> None:
    found = advised(EXAMPLE)
    assert found.advice == "kill" and found.p < 0.05
    votes = next(one for one in found.reasons if one.code == "votes")
    assert votes.text == "1 of 6 thumbs up on the newest samples (could be 4 to 50%)"
    overdue = next(one for one in found.lines if one.code == "criterion_overdue")
    assert overdue.text == "Kill criterion 'F1 over 0.6' was due 14 days ago and nobody has answered it"


def test_an_empty_line_is_a_bet_of_which_nothing_is_known() -> None:
    assert read_case({}) == Case()


def test_every_field_of_the_contract_is_read() -> None:
    found = read_case(EXAMPLE)
    assert (found.day, found.head_count, found.maturity, found.bet, found.area) == (35, 6, "mixed", "b7", "ner")
    assert (found.appetite_pw, found.spent_pw, found.deadline, found.people) == (8.0, 6.0, 42, ("ana", "raj"))
    assert (found.finished[0].conf, found.finished[0].worked) == (70, False)
    assert (found.assumptions[0].state, found.assumptions[0].critical, found.scope_status) == ("holds", True, "locked")
    assert [(one.at, one.conf, one.blocked) for one in found.said] == [(7, 75, False), (28, 45, True)]
    assert (found.criteria[0].by, found.criteria[0].state, found.criteria[0].at) == (21, "open", None)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("6", 6.0),
        (-6, 0.0),
        (None, 0.0),
        ("six", 0.0),
        (float("nan"), 0.0),
        (float("inf"), 0.0),
        (True, 0.0),
        ([6], 0.0),
    ],
)
def test_a_number_may_be_text_and_what_is_none_counts_as_not_given(value: object, read: float) -> None:
    assert read_case({"bet": {"appetite_pw": 8, "spent_pw": value}}).spent_pw == read


def test_without_an_appetite_a_bet_is_in_the_first_half_of_one() -> None:
    assert read_case({"bet": {"spent_pw": 30}}).share_spent == 0.5
    assert read_case({"bet": {"spent_pw": 1, "appetite_pw": 0}}).appetite_pw == 4.0


def test_a_confidence_over_100_is_no_confidence() -> None:
    assert read_case({"today": 9, "bet": {"updates": [{"at": 7, "by": "a", "conf": 170}]}}).said[0].conf is None


def test_a_day_to_come_is_today() -> None:
    assert read_case({"today": 9, "bet": {"votes": [{"at": 70, "up": 1, "down": 0}]}}).votes[0].at == 9


def test_of_two_criteria_with_one_name_the_graver_counts() -> None:
    kill = [{"id": "k1", "state": "open", "by": 3}, {"id": "k1", "state": "failed", "at": 5}, {"state": "passed"}]
    assert [one.state for one in read_case({"today": 9, "bet": {"kill": kill}}).criteria] == ["failed", "passed"]


def test_only_the_last_forty_finished_bets_count() -> None:
    found = read_case({"team": {"resolved": [{"worked": 1}] * 10 + [{"conf": 50, "worked": 0}] * 40}})
    assert len(found.finished) == 40 and not any(one.worked for one in found.finished)


@pytest.mark.parametrize("word", ["enormous", None, 3, ["M"], ""])
def test_an_unknown_upside_is_an_ordinary_one(word: object) -> None:
    assert advised(EXAMPLE | {"bet": EXAMPLE["bet"] | {"upside": word}}).index == advised(EXAMPLE).index


@given(lines, st.text(max_size=10), odd)
def test_unknown_fields_and_the_id_change_nothing(line: dict, name: str, value: object) -> None:
    more = json.loads(json.dumps(line)) | {f"x-{name}": value, "id": value}
    more["bet"][f"x-{name}"] = more["team"][f"x-{name}"] = value
    for part in ("updates", "votes", "kill", "nudges"):
        for one in more["bet"][part]:
            one[f"x-{name}"] = value
    assert advised(more) == advised(line)


@given(lines, st.integers(0, 1000))
def test_the_order_of_independent_lists_changes_nothing(line: dict, seed: int) -> None:
    mixed = json.loads(json.dumps(line))
    for part in ("kill", "updates", "asked", "votes", "ab", "nudges", "decisions", "people"):
        random.Random(seed).shuffle(mixed["bet"][part])
    random.Random(seed).shuffle(mixed["bet"]["scope"]["assumptions"])
    random.Random(seed).shuffle(mixed["portfolio"])
    random.Random(seed).shuffle(mixed["team"]["resolved"])
    assert advised(mixed) == advised(line)


@given(lines, st.data())
@settings(max_examples=300)
def test_odd_values_anywhere_crash_nothing(line: dict, data: st.DataObject) -> None:
    bent: Any = json.loads(json.dumps(line))
    place = bent
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        deeper = isinstance(place[key], dict | list) and place[key]
        if not deeper or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(odd)
    check(advised(bent))


@given(st.dictionaries(st.sampled_from(["today", "team", "bet", "portfolio", "v"]), odd))
def test_lines_of_nothing_but_odd_values_crash_nothing(line: dict) -> None:
    check(advised(line))


@given(lines)
def test_the_same_line_gets_the_same_answer(line: dict) -> None:
    found = advised(line)
    check(found)
    assert advised(json.loads(json.dumps(line))) == found
