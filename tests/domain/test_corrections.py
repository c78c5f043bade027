"""What a nudge has told and people corrected since."""

from datetime import UTC, date, datetime

from bot.domain.corrections import find_corrections
from bot.domain.records import KillCriterion, Nudge
from bot.domain.scoping import Assumption

DAY, LONG = date(2026, 12, 4), "Labels of every ticket since 2019 exist, "
TOLD = "Critical assumption 'Labels exist' was found false on day 9"


def nudge(*hard: str) -> Nudge:
    return Nudge(1, 7, "kill", (), hard, datetime(2026, 12, 3, tzinfo=UTC))


def assumed(text: str, state: str, critical: bool = True) -> Assumption:
    return Assumption(3, 7, "a1", 1, None, 0, text, "labels", critical, "", None, DAY, state, None, None)


def test_what_stands_is_not_corrected() -> None:
    found = find_corrections(nudge(TOLD), [], [assumed("Labels exist", "false")])
    assert not found.sentences and not found.hard


def test_a_fact_that_was_taken_back_is_replaced_by_what_is_known_now() -> None:
    found = find_corrections(nudge(TOLD), [], [assumed("Labels  exist", "holds")])
    told = "Critical assumption 'Labels exist'"
    assert found.sentences == ((f"{told} was found false", f"{told} is verified"),) and found.hard


def test_of_two_hard_facts_one_is_enough() -> None:
    failed = KillCriterion("F1 below 60 %", DAY, "failed")
    met = "Kill criterion 'F1 below 60 %' was met on day 9: you agreed to stop"
    found = find_corrections(nudge(TOLD, met), [failed], [assumed("Labels exist", "untested")])
    assert [said for _, said in found.sentences] == ["Critical assumption 'Labels exist' is open again"]
    assert not found.hard


def test_a_criterion_that_did_not_happen_after_all_says_so() -> None:
    found = find_corrections(nudge(), [KillCriterion("F1 below 60 %", DAY, "passed")], [])
    assert found.sentences == (
        ("Kill criterion 'F1 below 60 %' was met", "Kill criterion 'F1 below 60 %' did not happen"),
    )
    assert not found.hard, "no hard fact was told"


def test_of_two_that_begin_alike_the_one_that_stands_is_not_taken_back() -> None:
    told = nudge(f"Critical assumption '{LONG}by hand' was found false on day 9")
    both = [assumed(f"{LONG}by hand", "false"), assumed(f"{LONG}by machine", "holds")]
    found = find_corrections(told, [], both)
    assert not found.sentences and not found.hard
