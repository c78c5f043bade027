"""How a scope reads: in its forms, in the thread, and in what a change says."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.scope_diff import diff_documents
from bot.domain.scoping import Assumption, AssumptionText, Document, Scope, Source
from bot.render import assumptions, scope_changes, scope_forms, scope_lists, scope_prompt, scopes
from bot.render.scope_changes import diff_lines, marked_words
from bot.render.scope_forms import Clash, Draft
from bot.render.scope_lists import join_criterion, split_criterion
from bot.render.scopes import ScopeFacts
from tests.render.golden import check_golden
from tests.render.surfaces import bet_of
from tests.render.test_hostile_text import problems

T0 = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
DAY = date(2026, 12, 4)
DOC = Document(
    title="Ticket router", problem="Support sorts 900 tickets a day by hand", hypothesis="A small model is enough",
    inputs="a ticket", outputs="a queue", sources=(Source("Tickets of 2025", "warehouse", "yes", "Raj", "billing"),),
    assumptions=(AssumptionText("Labels exist", "labels", True, "U0RAJ", DAY, "Count them", "a1"),),
    success="I never sort again", tent="50 tickets by hand", demo="A page", criteria=("F1 below 60 % by 2026-12-18",),
    out_of_scope="Chats", owners=("U0ANA",), reviewer="U0LEE",
)  # fmt: skip
BET = bet_of("Ticket router", status="idea")
SCOPE = Scope(1, 7, 1, "draft", DOC, 3, "U0ANA", "", None, None, None, None, T0, T0)
NAMES = {"U0ANA": "Ana", "U0RAJ": "Raj", "U0LEE": "Lee"}
FACTS = ScopeFacts(BET, SCOPE, "Europe/Berlin", (), ("holds",), NAMES)
LOCKED = replace(SCOPE, status="locked", locked_at=T0, signed_off_by="U0LEE", version=2, reason="More tickets")
DRAFT = Draft(DOC, {"scope": 1, "revision": 3}, "B-7", here="C0TEAM")
CHANGED = replace(DOC, problem=DOC.problem.replace("900", "1200"), criteria=("F1 below 70 % by 2026-12-18",))
ASSUMPTION = Assumption(
    3, 7, "a1", 1, None, 0, "Labels exist", "labels", True, "Count", "U0RAJ", DAY, "untested", None, None
)

VIEWS = {
    "scope_1": scope_forms.scope_modal(DRAFT, 1),
    "scope_1_review": scope_forms.scope_modal(replace(DRAFT, in_review=True), 1),
    "scope_2": scope_forms.scope_modal(DRAFT, 2),
    "scope_3": scope_forms.scope_modal(DRAFT, 3),
    "scope_new": scope_forms.scope_modal(Draft(Document(), {"team": 1}), 1),
    "scope_clash": scope_forms.scope_modal(
        replace(DRAFT, mark=4, clashes={"problem": Clash("mine", True), "title": Clash("Mine", False)}), 1
    ),
    "scope_saved": scope_forms.saved_modal(DRAFT, []),
    "scope_saved_missing": scope_forms.saved_modal(DRAFT, ["Say what a user would say if it worked."]),
    "scope_change": scope_forms.change_modal(BET, {"bet": 7}),
    "scope_source": scope_lists.source_modal(None, {"scope": 1}),
    "scope_assumption": scope_lists.assumption_modal(DOC.assumptions[0], {"scope": 1}),
    "scope_criterion": scope_lists.criterion_modal(DOC.criteria[0], {"scope": 1}),
    "scope_document": scopes.scope_message(replace(FACTS, missing=("Name a technical reviewer.",))),
    "scope_document_review": scopes.scope_message(replace(FACTS, scope=replace(SCOPE, status="review"))),
    "scope_document_locked": scopes.scope_message(replace(FACTS, scope=LOCKED)),
    "scope_asked": scopes.asked_message(replace(FACTS, scope=replace(SCOPE, status="review", requested_by="U0ANA"))),
    "scope_asked_signed": scopes.answered_message(replace(FACTS, scope=LOCKED)),
    "scope_asked_changed": scopes.answered_message(FACTS, "Raj"),
    "scope_asked_over": scopes.answered_message(replace(FACTS, bet=replace(BET, status="killed"))),
    "scope_locked": scopes.locked_message(replace(FACTS, scope=LOCKED)),
    "scope_document_change": scopes.scope_message(replace(FACTS, scope=replace(SCOPE, version=2, reason="More"))),
    "scope_dropped": scopes.dropped_message(BET, LOCKED, "Ana"),
    "scope_passed": scopes.passed_message(BET, SCOPE, "The day of 'F1 below 60 %' has passed: give it a later one."),
    "scope_changed": scope_changes.changed_message(replace(FACTS, scope=LOCKED), diff_documents(DOC, CHANGED)),
    "scope_prompt": {"text": "x", "blocks": scope_prompt.scope_prompt_blocks(scope_prompt.ScopePrompt(1, [(BET, 5)]))},
    "scope_prompt_muted": {
        "text": "x",
        "blocks": scope_prompt.scope_prompt_blocks(scope_prompt.ScopePrompt(1, [], "7 bets for 6 people")),
    },
    "assumption_asked": {
        "text": "x",
        "blocks": assumptions.assumption_blocks(BET, assumptions.AskedAssumption(ASSUMPTION)),
    },
    "assumption_later": assumptions.later_modal(BET, ASSUMPTION, DAY, {"bet": 7}),
    "assumption_false": assumptions.false_message(BET, ASSUMPTION, "Ana"),
    "assumption_corrected": assumptions.false_message(BET, replace(ASSUMPTION, state="holds"), "Ana", "Lee"),
}


@pytest.mark.parametrize("name", VIEWS)
def test_it_reads_as_it_was_looked_at(name: str) -> None:
    check_golden(name, VIEWS[name])


@pytest.mark.parametrize("name", VIEWS)
def test_slack_takes_it(name: str) -> None:
    assert not problems(VIEWS[name])


def test_a_change_shows_old_and_new_with_only_the_ends_of_what_stayed() -> None:
    long = "word " * 100
    (diff,) = diff_documents(Document(problem=f"{long}old {long}"), Document(problem=f"{long}new {long}"))
    old, new = diff_lines(diff, {})
    assert old.startswith("- …") and new.startswith("+ …") and "old" in old and "new" in new and len(old) < 120


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Support sorts 900 a day", "Support sorts 1200 a day", "Support sorts ~900~ *1200* a day"),
        ("It is slow", "It is slow and *dear* <!here>", "It is ~slow~ *slow and ∗dear∗ &lt;!here&gt;*"),
        ("one\ntwo three", "one\nfour\nthree", "one\n~two~ *four*\nthree"),
        ("a 2 * 3 b", "a ~ b", "a ~2 ∗ 3~ *∼* b"),
        ("all", "else", ""),
    ],
)
def test_a_short_text_shows_which_words_changed(old: str, new: str, shown: str) -> None:
    (diff,) = diff_documents(Document(problem=old), Document(problem=new))
    assert marked_words(diff) == shown


@pytest.mark.parametrize(
    ("line", "parts"), [("a by 2026-12-18", ("a", "2026-12-18")), ("a by week 3", ("a by week 3", ""))]
)
def test_a_criterion_is_taken_apart_and_put_together(line: str, parts: tuple[str, str]) -> None:
    assert split_criterion(line) == parts and join_criterion(*parts) == line


def test_a_reason_that_begins_with_because_says_so_once() -> None:
    line = scope_lists.source_line(replace(DOC.sources[0], why="Because billing wants it"))
    assert line.endswith("stored so because billing wants it")


def test_a_document_that_is_too_long_for_a_message_says_so() -> None:
    doc = replace(DOC, problem="word " * 600, sources=DOC.sources * 20)
    text = str(scopes.scope_message(replace(FACTS, scope=replace(SCOPE, doc=doc))))
    assert "…" in text and "more: the Markdown has all" in text
