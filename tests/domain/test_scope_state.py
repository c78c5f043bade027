"""How a bet's scope stands, in words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.scope_state import ScopeState, agreement_words, scope_words, state_of, weeks_running
from tests.render.surfaces import T0, bet_of

IDEA = bet_of("Rank tickets", status="idea", started_at=None)
LIVE = bet_of("Rank tickets")
DRAFT, REVIEW, LOCKED = ScopeState(0, 1, False, "U0LEE"), ScopeState(0, 1, True, "U0LEE"), ScopeState(1)


@pytest.mark.parametrize(
    ("state", "weeks", "words"),
    [
        (ScopeState(), None, "no scope yet"),
        (DRAFT, None, "scope a draft"),
        (REVIEW, None, "scope in review by Lee"),
        (LOCKED, None, "scope v1 locked"),
        (ScopeState(), 0, "unscoped"),
        (ScopeState(), 1, "unscoped for 1 week"),
        (DRAFT, 5, "unscoped for 5 weeks, its scope a draft"),
        (replace(REVIEW, locked=2, open=3), 5, "scope v2 locked, v3 in review by Lee"),
        (replace(DRAFT, locked=2, open=3), 5, "scope v2 locked, v3 a draft"),
    ],
)
def test_a_scope_says_how_it_stands(state: ScopeState, weeks: int | None, words: str) -> None:
    bet = IDEA if weeks is None else LIVE
    assert scope_words(state, bet, T0 + timedelta(weeks=weeks or 0, days=6), "Lee") == words


def test_a_bet_of_an_export_that_was_ahead_has_run_for_no_weeks() -> None:
    ahead = replace(LIVE, started_at=T0 + timedelta(weeks=23))
    assert weeks_running(ahead, T0) == 0 and scope_words(ScopeState(), ahead, T0, "") == "unscoped"


def test_the_newest_lock_and_what_is_open_after_it_count() -> None:
    assert state_of([]) == ScopeState()
    assert state_of([(1, "draft", "U0LEE")]) == DRAFT
    assert state_of([(1, "locked", "U0LEE"), (2, "locked", "U0LEE")]) == ScopeState(2)
    assert state_of([(1, "locked", "U0LEE"), (2, "review", "U0ANA")]) == ScopeState(1, 2, True, "U0ANA")


@pytest.mark.parametrize(
    ("state", "assumptions", "words"),
    [
        (ScopeState(), [], "none"),
        (DRAFT, [], "a draft"),
        (REVIEW, [], "in review"),
        (LOCKED, ["holds"], "v1 locked"),
        (ScopeState(2, 3), ["false", "untested"], "v2 locked, changed once, 1 assumption false, 1 assumption open"),
        (ScopeState(4), ["untested"] * 2, "v4 locked, changed 3 times, 2 assumptions open"),
    ],
)
def test_before_a_decision_its_drift_and_its_open_and_false_assumptions_are_told(
    state: ScopeState, assumptions: list[str], words: str
) -> None:
    assert agreement_words(state, assumptions) == words
