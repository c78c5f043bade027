"""What is typed into a scope: refused at its field where it cannot be, and never lost."""

import json
from typing import Any

import pytest

from tests.conftest import ANA, GUEST, LEE, STRANGER, Office
from tests.scenarios.rounds import told
from tests.scenarios.test_scope_forms import (
    PROBLEM,
    add,
    bets,
    card,
    close_all,
    doc,
    document,
    drafted,
    go_on,
    labels,
    thread,
)
from tests.talk import Person, elements, label_of, words

__all__ = ["drafted"]


def choose(person: Person, label: str, value: Any) -> None:
    """A choice in a select, date or people field of the window on top, which is sent at once."""
    view = person.modal
    assert view is not None
    person.fill_in({label: value})
    block, element = next((b, e) for b, e in elements(view) if label_of(b, e) == label)
    person.world.click_view(person.user, view["id"], element["action_id"], block["block_id"], value, state=person.typed)
    person.settle()
    person.typed = {}


def at_step_2(person: Person) -> None:
    person.command("scope Ticket router")
    go_on(person, **{"Problem and whose it is": PROBLEM})


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"Title": ""}, "required"),
        ({"Title": "x" * 151}, "at most 150"),
        ({"Appetite (weeks)": "99"}, "not above 26"),
        ({"Technical reviewer": ANA}, "must not own"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(team: Office, ana: Person, fields: dict[str, Any], said: str) -> None:
    ana.command("scope Ticket router")
    ana.fill_in({"Problem and whose it is": PROBLEM, **fields}).submit()
    assert said in ana.errors() and len(json.loads(ana.errors())) == 1
    assert not bets(team), "a refusal begins nothing"


def test_a_criterion_whose_day_has_passed_is_refused_at_its_field(team: Office, ana: Person) -> None:
    ana.command("scope Ticket router")
    go_on(ana, **{"Problem and whose it is": PROBLEM})
    go_on(ana)
    ana.press("Add kill criterion")
    ana.typed = {}
    ana.fill_in({"Kill criterion": "F1 below 60 %", "Date": "2026-11-03"}).submit()
    assert "has passed" in ana.errors() and '"due"' in ana.errors() and not doc(team).criteria


@pytest.mark.parametrize("fields", [{"Date": "2026-12-18"}, {}, {"Kill criterion": " by 2026-12-18 "}])
def test_a_criterion_without_words_is_refused_at_its_field(team: Office, ana: Person, fields: dict[str, Any]) -> None:
    at_step_2(ana)
    go_on(ana)
    ana.press("Add kill criterion")
    ana.typed = {}
    ana.fill_in({"Kill criterion": "   ", **fields}).submit()
    assert "Say what has to happen" in ana.errors() and '"text"' in ana.errors() and not doc(team).criteria


def test_an_item_can_be_changed_and_removed(team: Office, ana: Person) -> None:
    ana.command("scope Ticket router")
    go_on(ana, **{"Problem and whose it is": PROBLEM})
    add(ana, "Add data source", {"What": "Tickets"})
    add(ana, "Change", {"Where": "the lake"})
    assert [(one.what, one.where) for one in doc(team).sources] == [("Tickets", "the lake")]
    add(ana, "Change", {"Remove": ["yes"]})
    assert not doc(team).sources and "none yet" in words(ana.modal), "and no window is left over"


def test_a_choice_in_an_items_view_saves_what_is_typed_there(team: Office, ana: Person) -> None:
    at_step_2(ana)
    ana.press("Add assumption")
    ana.typed = {}
    choose(ana, "Check date", "2026-12-03")
    assert not doc(team).assumptions, "it says nothing yet"
    ana.fill(Assumption="Labels exist")
    choose(ana, "Kind", "labels")
    choose(ana, "Check date", "2026-12-04")
    ana.close()
    (one,) = doc(team).assumptions
    assert (one.text, one.kind, str(one.check_at)) == ("Labels exist", "labels", "2026-12-04")
    assert "Scope 2/3" in words(ana.modal) and "Labels exist" in words(ana.modal)


def test_a_choice_in_an_items_view_waits_where_somebody_else_wrote_meanwhile(
    team: Office, ana: Person, raj: Person
) -> None:
    at_step_2(ana)
    for person in (ana, raj):
        if person is raj:
            raj.press("Scope it", document(team))
            go_on(raj)
        person.press("Add assumption")
        person.typed = {}
    raj.fill(Assumption="From Raj").submit()
    ana.fill(Assumption="From Ana")
    choose(ana, "Kind", "labels")
    assert [one.text for one in doc(team).assumptions] == ["From Raj"]
    ana.fill(Assumption="From Ana").submit()
    assert [one.text for one in doc(team).assumptions] == ["From Raj", "From Ana"]


def both_open(team: Office, ana: Person, raj: Person) -> None:
    """Ana and Raj have the same assumption open."""
    at_step_2(ana)
    add(ana, "Add assumption", {"Assumption": "Labels exist"})
    raj.press("Scope it", document(team))
    go_on(raj)
    for person in (ana, raj):
        person.press("Change")
        person.typed = {}


def test_two_people_who_change_one_assumption_are_told_and_both_are_kept(
    team: Office, ana: Person, raj: Person
) -> None:
    both_open(team, ana, raj)
    raj.fill(Assumption="Labels exist since May").submit()
    assert "Somebody else" not in words(raj.modal)
    ana.fill(Assumption="Labels are right").submit()
    assert [one.text for one in doc(team).assumptions] == ["Labels exist since May", "Labels are right"]
    said = words(ana.modal)
    assert "Somebody else changed the same one meanwhile" in said and "You wrote: Labels are right" in said
    close_all(ana)
    ana.command("history B-1")
    assert "“Labels are right”" in ana.saw() and "“Labels exist since May”" in ana.saw()


@pytest.mark.parametrize("first", ["removes", "changes"])
def test_who_removes_what_another_changes_is_told_that_it_stays(
    team: Office, ana: Person, raj: Person, first: str
) -> None:
    both_open(team, ana, raj)
    for person in (raj, ana):
        removes = (first == "removes") == (person is raj)
        person.fill_in({"Remove": ["yes"]} if removes else {"Assumption": "Labels exist since May"}).submit()
    assert [one.text for one in doc(team).assumptions] == ["Labels exist since May"]
    assert "Somebody else changed the same one meanwhile, or took it out" in words(ana.modal)
    close_all(ana)
    ana.command("history B-1")
    assert "taken out" in ana.saw()


def test_two_people_who_reword_one_criterion_are_told_and_both_are_kept(
    drafted: Office, ana: Person, raj: Person
) -> None:
    for person in (ana, raj):
        person.press("Scope it", document(drafted))
        go_on(person)
        go_on(person)
        person.press("Change")
        person.typed = {}
    raj.fill_in({"Kill criterion": "F1 below 50 %"}).submit()
    ana.fill_in({"Kill criterion": "F1 below 70 %"}).submit()
    assert set(doc(drafted).criteria) == {"F1 below 50 % by 2026-12-18", "F1 below 70 % by 2026-12-18"}
    assert "Somebody else changed the same one meanwhile" in words(ana.modal)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("Check date", "2026-11-29", "That day has passed"),
        ("Owner", STRANGER, "Sam Stranger is not in the channel: invite them first."),
        ("Owner", GUEST, "Gus Guest is a guest here"),
    ],
)
def test_an_assumption_that_nobody_can_check_is_refused_at_its_field(
    team: Office, ana: Person, field: str, value: str, said: str
) -> None:
    at_step_2(ana)
    ana.press("Add assumption")
    ana.typed = {}
    ana.fill_in({"Assumption": "Labels exist", field: value}).submit()
    assert said in ana.errors() and len(json.loads(ana.errors())) == 1
    ana.fill(Assumption="Labels exist")
    choose(ana, field, value)
    assert said in words(ana.modal) and not doc(team).assumptions, "at once, too"


def test_an_assumption_keeps_what_stood_there_when_another_word_changes(team: Office, ana: Person, raj: Person) -> None:
    at_step_2(ana)
    add(ana, "Add assumption", {"Assumption": "Labels exist", "Check date": "2026-12-01"})
    close_all(ana)
    team.after(days=3)
    ana.press("Scope it", document(team))
    go_on(ana)
    add(ana, "Change", {"How to check it": "Count them"})
    assert [(one.how, str(one.check_at)) for one in doc(team).assumptions] == [("Count them", "2026-12-01")]


WRONG_PEOPLE = [
    ("Owners", [ANA, STRANGER], "Sam Stranger is not in the channel: invite them first."),
    ("Technical reviewer", STRANGER, "Sam Stranger is not in the channel: invite them first."),
    ("Technical reviewer", GUEST, "Gus Guest is a guest here: name a member of the team."),
    ("Technical reviewer", "BOT", "is a bot, and only people can do this"),
    ("Technical reviewer", ANA, "must not own the bet"),
    ("Owners", [LEE], "Nobody signs off their own scope"),
]


@pytest.mark.parametrize(("field", "value", "said"), WRONG_PEOPLE)
@pytest.mark.parametrize("press", ["Next", "Save draft"])
def test_people_who_cannot_do_it_are_refused_at_their_field(
    team: Office, ana: Person, field: str, value: Any, said: str, press: str
) -> None:
    ana.command("scope Ticket router")
    named = {field: team.world.bot_user_id if value == "BOT" else value}
    if value == [LEE]:
        named["Technical reviewer"] = ANA
    ana.fill_in({"Problem and whose it is": PROBLEM, **named})
    if press == "Next":
        ana.submit()
        assert said in ana.errors() and len(json.loads(ana.errors())) == 1
        return
    ana.press(press)
    shown = words(ana.modal)
    assert said in shown and "Saved as it is" in shown and PROBLEM in shown
    label = "Technical reviewer" if "Technical reviewer" in named else field
    assert shown.index(f"*{said[:3]}" if said[0].isupper() else said) > shown.index(label)


def test_a_criterion_says_by_when_once(team: Office, ana: Person) -> None:
    at_step_2(ana)
    go_on(ana)
    add(ana, "Add kill criterion", {"Kill criterion": "F1 below 60 % by 2026-12-18", "Date": "2026-12-18"})
    assert doc(team).criteria == ("F1 below 60 % by 2026-12-18",)
    ana.press("Add kill criterion")
    ana.typed = {}
    ana.fill_in({"Kill criterion": "F1 below 70 % by week 3", "Date": "2026-12-18"}).submit()
    assert "say it once, there or here" in ana.errors() and '"due"' in ana.errors()
    close_all(ana)
    assert "• F1 below 60 % by 2026-12-18\n" in words(card(team)) + "\n", "nor twice on the card"


def test_a_cleared_title_is_asked_for_at_its_field_and_renames_nothing(drafted: Office, ana: Person) -> None:
    ana.press("Scope it", document(drafted))
    ana.fill(Title="")
    ana.press("Save draft")
    assert "Give it a title first" in words(ana.modal)
    assert "Ticket router" in words(card(drafted)) and "Untitled" not in words(card(drafted))
    ana.submit()
    assert "required" in ana.errors()
    close_all(ana)
    ana.command("scope")
    ana.press("Save draft")
    assert "Give it a title first" in words(ana.modal) and len(bets(drafted)) == 1


def test_what_scoping_forgets_is_asked_where_it_belongs_until_it_is_answered(team: Office, ana: Person) -> None:
    ana.command("scope Ticket router")
    assert "forgets to ask" not in words(ana.modal)
    go_on(ana, **{"Problem and whose it is": PROBLEM})
    asked = ("Is it stored at all", "Who has looked", "Why is it stored the way it is, and", "Who may read it",
             "Does the sample", "What does the current system emit")  # fmt: skip
    assert all(question in words(ana.modal) for question in asked)
    whole = {"What": "Tickets", "Where": "the lake", "Does it exist?": "yes", "Who checked": "Raj"}
    add(ana, "Add data source", {**whole, "Why is it stored the way it is?": "For billing"})
    assert [question in words(ana.modal) for question in asked] == [False] * 3 + [True] * 3
    for kind in ("access", "matches", "interface"):
        add(ana, "Add assumption", {"Assumption": f"It {kind}", "Kind": kind})
    assert not any(question in words(ana.modal) for question in asked) and "forgets" not in words(ana.modal)
    go_on(ana)
    assert "What would a user say if it worked?" in words(ana.modal)
    ana.fill_in({"Success statement": "I never sort again"})
    ana.press("Save draft")
    assert "What would a user say" not in words(ana.modal)


def test_the_reason_for_no_data_is_asked_for_only_without_a_source(team: Office, ana: Person) -> None:
    at_step_2(ana)
    assert "Uses no data, because" in words(ana.modal)
    add(ana, "Add data source", {"What": "Tickets"})
    assert "Uses no data, because" not in words(ana.modal)
    add(ana, "Change", {"Remove": ["yes"]})
    assert "Uses no data, because" in words(ana.modal)


def test_what_a_lock_needs_stands_first_in_the_last_step(team: Office, ana: Person) -> None:
    at_step_2(ana)
    go_on(ana)
    text = words(ana.modal)
    order = [text.index(label) for label in ("Success statement", "Add kill criterion", "Metric", "Out of scope")]
    assert order == sorted(order)


def test_nothing_is_asked_about_data_that_is_not_used(team: Office, ana: Person) -> None:
    at_step_2(ana)
    ana.fill_in({"Uses no data, because": "It is a rule"})
    ana.press("Save draft")
    assert "forgets to ask" not in words(ana.modal)


def test_what_is_needed_to_lock_is_marked_so(team: Office, ana: Person) -> None:
    ana.command("scope Ticket router")
    assert words(ana.modal).count("Needed to lock.") == 3
    go_on(ana, **{"Problem and whose it is": PROBLEM})
    go_on(ana)
    assert words(ana.modal).count("Needed to lock.") == 1


def test_a_request_names_every_gap_with_its_step(team: Office, ana: Person) -> None:
    at_step_2(ana)
    close_all(ana)
    ana.press("Request sign-off", document(team))
    said = told(ana, thread=thread(team))[-1]
    for gap in (
        "Step 1: Name a technical reviewer",
        "Step 2: Add at least one data source",
        "Step 3: Say what a user would say",
        "Step 3: Add at least one kill criterion",
    ):
        assert gap in said and gap in words(document(team))
    ana.press("Start", document(team)) if "Start" in labels(document(team)) else ana.command("start B-1")
    assert "until its scope is locked. Before it can be signed off: Step 1" in ana.saw()
    assert "runs as a tent" in ana.saw() and "Step 1: Name a technical reviewer" in ana.saw()


def test_a_day_that_passes_during_the_review_is_told_to_author_and_reviewer(
    drafted: Office, ana: Person, lee: Person
) -> None:
    ana.press("Request sign-off", document(drafted))
    drafted.after(days=19)
    for _ in range(2):
        lee.press("Sign off", document(drafted))
        said = "the day of 'F1 below 60 % by 2026-12-18' has passed: give it a later one"
        assert said in told(lee, thread=thread(drafted))[-1]
    (message,) = [m for m in drafted.messages(thread(drafted)) if said in words(m)]
    assert f"<@{ANA}>, <@{LEE}>: {said} (*Scope it*, step 3 of B-1), then request" in words(message)
    assert "*in review*" in words(document(drafted))


def test_scope_it_now_says_at_the_field_what_is_wrong_and_keeps_the_words(team: Office, ana: Person) -> None:
    ana.command("new")
    ana.fill_in({"Problem, and whose it is": PROBLEM, "Appetite (weeks)": "99", "Kill criteria": "a by foo"})
    ana.press("Scope it now")
    shown = words(ana.modal)
    for said in ("A bet needs a title", "1 to 26", "I cannot read the date in 'a by foo'"):
        assert said in shown, shown
    assert not bets(team)
    ana.fill_in({"Title": "Ticket router", "Appetite (weeks)": "6", "Kill criteria": "a by friday"})
    ana.press("Scope it now")
    assert "Scope 1/3" in words(ana.modal) and (doc(team).problem, doc(team).appetite_weeks) == (PROBLEM, "6")
    assert doc(team).criteria == ("a by 2026-12-04",)
