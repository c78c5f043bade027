"""A scope from its first draft to its lock and beyond, by direct calls of the actions."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.actions.assumptions import do_answer_assumption
from bot.actions.criteria import do_answer_criterion
from bot.actions.decisions import Ending, do_kill_bet
from bot.actions.editing import do_edit_bet
from bot.actions.placing import BetForm
from bot.actions.scope_locking import do_sign_off
from bot.actions.scope_state import get_earlier_criteria
from bot.actions.scoping import (
    do_begin_scope,
    do_begin_scope_of,
    do_change_scope,
    do_request_sign_off,
    do_save_draft,
    do_start_bet,
)
from bot.actions.undoing import do_reopen
from bot.domain.errors import Refusal
from bot.domain.records import Bet
from bot.domain.scoping import Document, Source
from bot.store.bets import list_decisions
from bot.store.history import list_history
from bot.store.scopes import get_locked, get_scope, list_due_assumptions, list_scopes, list_standing, list_states
from bot.store.tables import history
from tests.conftest import ANA, GUEST, LEAD, LEE, RAJ, Office
from tests.scenarios.rounds import place
from tests.scenarios.scoped import WHOLE, Scoping
from tests.scope_diffs import apply_diffs, diffs_of
from tests.talk import Person, words


@pytest.fixture
def scoping(team: Office) -> Scoping:
    return Scoping(team)


def card(office: Office, bet: Bet) -> str:
    return next(words(one) for one in office.messages() if f"{bet.key} " in words(one))


def test_an_idea_has_its_key_and_card_at_once_and_is_in_no_checkin(scoping: Scoping, team: Office) -> None:
    bet, scope = scoping.do(do_begin_scope, ANA, "Rank tickets")
    assert (bet.key, bet.status, bet.owners, bet.started_at) == ("B-1", "idea", (ANA,), None)
    assert (scope.version, scope.status, scope.revision, scope.doc.title) == (1, "draft", 1, "Rank tickets")
    team.settle()
    assert "idea" in card(team, bet) and "unscoped" not in card(team, bet)
    team.after(hours=2)
    assert len(team.messages()) == 1, "the card alone: nobody is asked about an idea"


def test_a_draft_that_says_little_is_kept_all_the_same(scoping: Scoping) -> None:
    bet, scope = scoping.do(do_begin_scope, ANA, "")
    assert bet.title == "Untitled idea"
    result = scoping.do(
        do_save_draft, ANA, scope.id, 1, {"title": "x" * 200, "appetite_weeks": "many", "criteria": ("a by foo",)}
    )
    assert set(result.wrong) == {"title", "appetite_weeks", "criteria"}
    assert result.scope.doc.title == "x" * 200 and result.scope.doc.appetite_weeks == "many"
    assert len(scoping.bet(bet).title) <= 150 and scoping.bet(bet).appetite_weeks == 4


def test_a_draft_is_what_the_idea_says(scoping: Scoping, team: Office) -> None:
    bet, scope = scoping.do(do_begin_scope, ANA, "Rank tickets")
    scoping.do(
        do_save_draft, RAJ, scope.id, 1, {"problem": "Support waits", "owners": (ANA, LEE), "appetite_weeks": "6"}
    )
    bet = scoping.bet(bet)
    assert (bet.problem, bet.owners, bet.appetite_weeks, bet.appetite_people_weeks) == (
        "Support waits",
        (ANA, LEE),
        6,
        12,
    )
    team.settle()
    assert "Support waits" in card(team, bet)


def test_a_day_in_words_is_written_out_when_it_is_typed(scoping: Scoping) -> None:
    _, scope = scoping.begin(
        replace(WHOLE, criteria=("half agree by friday", "all by week 3", "no date", "5 by 2026-12-20"))
    )
    assert scope.doc.criteria == ("half agree by 2026-12-04", "all by week 3", "no date", "5 by 2026-12-20")


def test_people_who_edit_one_after_another_lose_nothing(scoping: Scoping) -> None:
    _, scope = scoping.do(do_begin_scope, ANA, WHOLE)
    first = scoping.do(do_save_draft, ANA, scope.id, 1, {"problem": "Ana's words", "tent": "A sheet"})
    second = scoping.do(
        do_save_draft, RAJ, scope.id, 1, {"problem": "Raj's words", "sources": (*WHOLE.sources, Source("Mail"))}
    )
    assert not first.conflicts and [one.field for one in second.conflicts] == ["problem"]
    doc = second.scope.doc
    assert doc.problem == "Ana's words\n\nRaj's words" and doc.tent == "A sheet" and len(doc.sources) == 2
    third = scoping.do(do_save_draft, LEE, scope.id, 1, {"title": "Lee's title"})
    assert third.scope.doc.title == "Lee's title" and third.scope.doc.problem == doc.problem
    fourth = scoping.do(do_save_draft, RAJ, scope.id, 1, {"title": "Raj's title"})
    [clash] = fourth.conflicts
    assert (clash.mine, clash.theirs, clash.kept) == ("Raj's title", "Lee's title", False)
    with scoping.office.bot.reading() as tx:
        [kept] = list_history(tx, history.c.kind == "scope_conflict")
    assert kept.after == {"field": "title", "text": "Raj's title", "kept": "Lee's title"}


def test_a_form_of_an_unknown_revision_overwrites_nothing(scoping: Scoping) -> None:
    _, scope = scoping.begin()
    result = scoping.do(do_save_draft, RAJ, scope.id, 77, {"problem": "Other words"})
    assert result.scope.doc == replace(scope.doc, problem="Support waits for hours\n\nOther words")


def test_sign_off_is_asked_for_only_when_nothing_is_missing(scoping: Scoping) -> None:
    _, scope = scoping.do(do_begin_scope, ANA, "Rank tickets")
    with pytest.raises(Refusal) as refused:
        scoping.do(do_request_sign_off, ANA, scope.id)
    assert set(refused.value.fields) == {"problem", "success", "sources", "criteria", "reviewer"}
    for doc, field in (
        (replace(WHOLE, reviewer=ANA), "reviewer"),
        (replace(WHOLE, reviewer=GUEST), "reviewer"),
        (replace(WHOLE, criteria=("half agree",)), "criteria"),
        (replace(WHOLE, criteria=("half agree by 2026-11-01",)), "criteria"),
        (replace(WHOLE, sources=()), "sources"),
        (replace(WHOLE, appetite_weeks=""), "appetite_weeks"),
        (replace(WHOLE, owners=(ANA, "U0NOBODY")), "owners"),
    ):
        with pytest.raises(Refusal) as refused:
            scoping.do(do_request_sign_off, ANA, scoping.begin(doc)[1].id)
        assert set(refused.value.fields) == {field}, refused.value.fields
    _, scope = scoping.begin(replace(WHOLE, sources=(), no_data="It is a rule"))
    assert scoping.do(do_request_sign_off, LEE, scope.id).status == "review"


def test_the_reviewer_locks_what_they_read_and_nobody_else_does(scoping: Scoping, team: Office) -> None:
    bet, scope = scoping.begin()
    asked = scoping.do(do_request_sign_off, ANA, scope.id)
    for user, sentence in ((ANA, "own"), (LEE, "Raj signs"), (LEAD, "Raj signs"), (GUEST, "Guests")):
        with pytest.raises(Refusal, match=sentence):
            scoping.do(do_sign_off, user, asked.id, asked.revision)
    with pytest.raises(Refusal, match="changed since"):
        scoping.do(do_sign_off, RAJ, asked.id, asked.revision - 1)
    changed = scoping.do(do_save_draft, LEE, asked.id, asked.revision, {"tent": "A sheet"}).scope
    assert changed.status == "draft" and changed.requested_by is None
    with pytest.raises(Refusal, match="changed since"):
        scoping.do(do_sign_off, RAJ, changed.id, changed.revision)
    locked = scoping.lock(changed)
    assert (locked.status, locked.signed_off_by, locked.locked_at) == ("locked", RAJ, team.bot.now())
    bet = scoping.bet(bet)
    assert (bet.status, bet.owners, bet.appetite_weeks, bet.hypothesis) == ("scoped", (ANA,), 4, WHOLE.hypothesis)
    assert [(one.text, one.due) for one in bet.kill_criteria] == [(WHOLE.criteria[0], date(2026, 12, 11))]
    for act, more in ((do_save_draft, (1, {"tent": "no"})), (do_request_sign_off, ())):
        with pytest.raises(Refusal, match="is locked"):
            scoping.do(act, ANA, locked.id, *more)
    with team.bot.reading() as tx:
        found = list_standing(tx, [bet.id])[bet.id]
        assert [(one.ref, one.text, one.critical, one.state) for one in found] == [
            ("a1", "Labels exist", True, "untested"), ("a2", "Agents read the rank", False, "untested"),
        ]  # fmt: skip
        assert list_due_assumptions(tx, [bet.id], date(2026, 12, 6)) == {}
        assert [one.ref for one in list_due_assumptions(tx, [bet.id], date(2026, 12, 7))[bet.id]] == ["a1"]
        [row] = list_history(tx, history.c.kind == "scope_locked")
        assert (row.before["status"], row.after["status"], row.after["version"]) == ("idea", "scoped", 1)


def test_whoever_wrote_a_scope_does_not_sign_it_off(scoping: Scoping) -> None:
    _, scope = scoping.begin(WHOLE, by=RAJ)
    with pytest.raises(Refusal) as refused:
        scoping.do(do_request_sign_off, ANA, scope.id)
    assert set(refused.value.fields) == {"reviewer"}


def test_a_scoped_bet_starts_and_its_weeks_count_from_then(scoping: Scoping, team: Office) -> None:
    bet, _ = scoping.locked(replace(WHOLE, criteria=("half agree by week 2", "all by 2026-12-20", "judged useless")))
    team.at(team.bot.now() + timedelta(days=9))
    with pytest.raises(Refusal, match="owners and the leads"):
        scoping.do(do_start_bet, LEE, bet)
    started = scoping.do(do_start_bet, ANA, bet)
    assert started.status == "live" and started.started_at == started.appetite_started_at == team.bot.now()
    dues = [one.due for one in started.kill_criteria]
    assert dues == [date(2026, 12, 23), date(2026, 12, 20), date(2027, 1, 6)]
    team.settle()
    assert "day 1 of 28" in card(team, bet) and "unscoped" not in card(team, bet)
    with team.bot.reading() as tx:
        assert [one.kind for one in list_decisions(tx)] == ["start"]
    with pytest.raises(Refusal, match="running already"):
        scoping.do(do_start_bet, ANA, started)


def test_an_idea_may_start_as_a_tent_but_not_without_a_problem(scoping: Scoping, team: Office) -> None:
    bet, scope = scoping.do(do_begin_scope, ANA, "Rank tickets")
    with pytest.raises(Refusal, match="whose problem"):
        scoping.do(do_start_bet, ANA, bet)
    scoping.do(do_save_draft, ANA, scope.id, 1, {"problem": "Support waits"})
    started = scoping.do(do_start_bet, ANA, scoping.bet(bet))
    team.settle()
    assert started.status == "live" and "unscoped" in card(team, bet)
    assert scoping.do(do_begin_scope_of, RAJ, started).id == scope.id


def test_a_bet_that_runs_unscoped_is_scoped_while_it_runs(scoping: Scoping, team: Office, ana: Person) -> None:
    bet = place(team, "Find duplicates", ana)
    scope = scoping.do(do_begin_scope_of, ANA, bet)
    assert (scope.doc.title, scope.doc.owners, scope.doc.problem) == (bet.title, bet.owners, bet.problem)
    whole = replace(WHOLE, title=bet.title, appetite_weeks="6", owners=(ANA,))
    scope = scoping.do(do_save_draft, ANA, scope.id, 1, whole).scope
    scoping.lock(scope)
    fresh = scoping.bet(bet)
    assert (fresh.status, fresh.appetite_weeks, fresh.appetite_people_weeks) == ("live", 6, 6)
    assert fresh.started_at == bet.started_at
    team.settle()
    assert "unscoped" not in card(team, bet) and "of 42" in card(team, bet)
    with pytest.raises(Refusal, match="Change scope"):
        scoping.do(do_begin_scope_of, ANA, fresh)


def test_a_change_needs_a_reason_and_is_kept_as_its_diff(scoping: Scoping, team: Office) -> None:
    bet, first = scoping.locked()
    bet = scoping.do(do_start_bet, ANA, bet)
    with pytest.raises(Refusal) as refused:
        scoping.do(do_change_scope, ANA, bet, "  ")
    assert set(refused.value.fields) == {"reason"}
    second = scoping.do(do_change_scope, ANA, bet, "Labels are worse than said")
    assert (second.version, second.status, second.doc) == (2, "draft", first.doc)
    with pytest.raises(Refusal, match="open already"):
        scoping.do(do_change_scope, RAJ, bet, "Me too")
    typed = {"criteria": ("Fewer than a third agree by 2026-12-18",), "assumptions": second.doc.assumptions[1:]}
    second = scoping.do(do_save_draft, ANA, second.id, 1, typed).scope
    with team.bot.reading() as tx:
        assert get_locked(tx, bet.id) == first and get_scope(tx, bet.id) == second
        assert list_states(tx, [bet.id])[bet.id].drift == 0
    second = scoping.lock(second)
    bet = scoping.bet(bet)
    assert [one.text for one in bet.kill_criteria] == list(typed["criteria"]) and bet.status == "live"
    with team.bot.reading() as tx:
        assert list_states(tx, [bet.id])[bet.id].drift == 1
        assert get_earlier_criteria(tx, bet.id) == {typed["criteria"][0]: WHOLE.criteria[0]}
        [row] = list_history(tx, history.c.kind == "scope_changed")
        assert row.after["reason"] == "Labels are worse than said"
        diffs = diffs_of(row.after["diff"])
        assert apply_diffs(first.doc, diffs) == second.doc
        pairs = {one.field: one.pairs() for one in diffs}
        assert pairs["criteria"] == [(WHOLE.criteria[0], typed["criteria"][0])]
        assert [one.ref for one in list_standing(tx, [bet.id])[bet.id]] == ["a2"]
        assert [one.status for one in list_scopes(tx)] == ["locked", "locked"]


def test_a_week_of_a_running_bet_that_has_passed_is_refused_and_one_that_stood_there_stays(scoping: Scoping) -> None:
    bet, _ = scoping.locked(replace(WHOLE, criteria=("half agree by week 1", "most agree by week 4")))
    bet = scoping.do(do_start_bet, ANA, bet)
    due = bet.kill_criteria[1].due
    scoping.office.after(days=10)
    scope = scoping.do(do_change_scope, ANA, bet, "More")
    typed = {"criteria": (*scope.doc.criteria, "nobody uses it by week 1"), "appetite_weeks": "6"}
    wrong = scoping.do(do_save_draft, ANA, scope.id, 1, typed).wrong
    assert wrong == {"criteria": "The day of 'nobody uses it by week 1' has passed: give it a later one."}
    scope = scoping.do(do_save_draft, ANA, scope.id, 2, {"criteria": scope.doc.criteria}).scope
    scoping.lock(scope)
    assert scoping.bet(bet).kill_criteria[1].due == due, "week 4 is week 4, whatever the appetite"


def test_answers_stay_where_the_words_stayed(scoping: Scoping, team: Office) -> None:
    bet, _ = scoping.locked()
    bet = scoping.do(do_start_bet, ANA, bet)
    with team.bot.reading() as tx:
        first, other = list_standing(tx, [bet.id])[bet.id]
    scoping.do(do_answer_assumption, ANA, bet, first.id, "holds")
    second = scoping.do(do_change_scope, ANA, bet, "More")
    changed = replace(second.doc.assumptions[1], text="Agents trust the rank")
    scope = scoping.do(do_save_draft, ANA, second.id, 1, {"assumptions": (second.doc.assumptions[0], changed)}).scope
    scoping.lock(scope)
    with team.bot.reading() as tx:
        found = list_standing(tx, [bet.id])[bet.id]
    assert [(one.id == first.id, one.ref, one.state, one.since_version) for one in found] == [
        (True, "a1", "holds", 1), (False, "a2", "untested", 2),
    ]  # fmt: skip
    assert other.text == "Agents read the rank"


def test_what_a_scope_agreed_on_is_not_edited_beside_it(scoping: Scoping) -> None:
    bet, _ = scoping.locked()
    form = BetForm(bet.title, bet.problem, bet.hypothesis, bet.owners, "4", "L", "NLP", bet.kill_criteria[0].text, "a")
    edited, changed = scoping.do(do_edit_bet, ANA, bet, bet.version, form)
    assert set(changed) == {"upside", "area", "tags"}
    for field, value in (("appetite_weeks", "5"), ("kill_criteria", "none"), ("problem", "Another")):
        with pytest.raises(Refusal, match="Change scope") as refused:
            scoping.do(do_edit_bet, ANA, edited, edited.version, replace(form, **{field: value}))
        assert set(refused.value.fields) == {field}


def test_guests_and_people_of_elsewhere_write_no_scope(scoping: Scoping) -> None:
    _, scope = scoping.begin()
    for act, args in (
        (do_begin_scope, (Document(title="x"),)),
        (do_save_draft, (scope.id, 1, {"tent": "x"})),
        (do_request_sign_off, (scope.id,)),
    ):
        with pytest.raises(Refusal, match="Guests"):
            scoping.do(act, GUEST, *args)
    with pytest.raises(Refusal, match="no such scope"):
        scoping.do(do_save_draft, ANA, "99", 1, {})


def test_an_idea_that_was_killed_and_is_reopened_starts_then(scoping: Scoping, team: Office) -> None:
    bet, _ = scoping.locked()
    killed = scoping.do(do_kill_bet, ANA, bet, Ending("Nobody needs it", "Ask first", "unclear"))
    reopened = scoping.do(do_reopen, LEE, killed, "We do")
    assert (reopened.status, reopened.started_at) == ("live", team.bot.now())
    assert (reopened.earlier_weeks, reopened.earlier_people_weeks) == (0, 0)


def test_the_story_tells_of_the_scope_and_of_answers(scoping: Scoping, team: Office, ana: Person) -> None:
    bet, _ = scoping.locked()
    bet = scoping.do(do_start_bet, ANA, bet)
    scoping.do(do_answer_assumption, ANA, bet, 1, "holds")
    scoping.do(do_answer_criterion, ANA, bet, bet.kill_criteria[0].id, "open", 0)
    scoping.do(do_change_scope, ANA, bet, "Labels are worse")
    team.settle()
    ana.command("history B-1")
    seen = ana.saw()
    for said in ("Raj: signed off its scope", "Ana: started it", "assumption “Labels exist”: verified", "not known yet",
                 "reason “Labels are worse”"):  # fmt: skip
        assert said in seen, seen
