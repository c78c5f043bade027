"""The graveyard finds what is killed, in the teams it may look into, whatever is typed."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from bot.store.bets import update_status
from bot.store.graveyard import list_dead, refresh_grave, search
from tests.conftest import examples
from tests.store.graves import OTHER, TEAM, bury, grave, kill


def test_a_bet_is_found_exactly_while_it_is_killed_by_its_newest_words(tx: Connection) -> None:
    bet_id = bury(tx, grave("Rank tickets", learning="labels were wrong"))
    for words in ("ticket", "labels wrong", "nobody", "h"):
        assert search(tx, [TEAM], words, 9) == [bet_id], words
    update_status(tx, bet_id, "killed", "live", ended_at=None)
    refresh_grave(tx, bet_id)
    assert search(tx, [TEAM], "ticket", 9) == [] == list_dead(tx, [TEAM])
    kill(tx, bet_id, "slow", "agents sort by age")
    assert search(tx, [TEAM], "labels", 9) == [] and search(tx, [TEAM], "sorted", 9) == [bet_id]
    assert tx.execute(text("SELECT count(*) FROM graveyard")).scalar_one() == 1


def test_a_killed_bet_of_which_no_decision_is_known_is_found_by_its_own_words(tx: Connection) -> None:
    bet_id = bury(tx, grave("Rank tickets", learning="labels were wrong"))
    tx.execute(text("DELETE FROM decisions"))
    refresh_grave(tx, bet_id)
    assert search(tx, [TEAM], "ticket", 9) == [bet_id] == list_dead(tx, [TEAM])
    assert search(tx, [TEAM], "labels", 9) == []


def test_only_the_teams_asked_for_are_looked_into(tx: Connection) -> None:
    here, there = bury(tx, grave("Rank tickets")), bury(tx, grave("Rank tickets again"), OTHER)
    assert search(tx, [TEAM], "ticket", 9) == [here] == list_dead(tx, [TEAM])
    assert search(tx, [OTHER], "ticket", 9) == [there]
    assert search(tx, [], "ticket", 9) == [] == list_dead(tx, [])
    assert set(search(tx, [TEAM, OTHER], "ticket", 9)) == {here, there}


def test_what_holds_all_words_alone_is_found_and_the_title_counts_most(tx: Connection) -> None:
    in_problem = bury(tx, grave("Sort the inbox", "agents read tickets twice"))
    in_title = bury(tx, grave("Duplicate tickets"))
    bury(tx, grave("Forecast stock", "shelves are empty"))
    assert search(tx, [TEAM], "tickets", 9) == [in_title, in_problem]
    assert search(tx, [TEAM], "tickets twice", 9) == [in_problem]
    assert search(tx, [TEAM], "tickets unicorn", 9) == [in_title, in_problem]
    assert search(tx, [TEAM], "dupl", 9) == [in_title]
    assert search(tx, [TEAM], "tickets", 1) == [in_title]


def test_without_words_the_newest_death_comes_first(tx: Connection) -> None:
    old, new, middle = bury(tx, grave("A"), after=1), bury(tx, grave("B"), after=9), bury(tx, grave("C"), after=5)
    assert list_dead(tx, [TEAM]) == [new, middle, old]


TYPED = [
    "", " ", '"', "'",
    '""', "*", "-", "-ticket", "ticket*", "tick* OR", "AND", "OR", "NOT ticket", "NEAR(a b)", "NEAR",
    "title:ticket", "{title} : x", "^ticket", "a + b", "(", "))(", '"ticket', "ticket AND (", "; DROP TABLE graveyard",
    "x" * 40_000, "ticket " * 6_000, " ".join(map(str, range(9_000))),
    "\U0001f600", "תקלה בכרטיס", "\u202eticket", "漢字",
    "\0", "a\0b", "\ud800", "%", "_", "c++", "e-mail", "²", "ª", "ﬁ", "🧑‍🚀 ticket", "--", "/*", "\\", ":x", "@here",
]  # fmt: skip


@pytest.mark.parametrize("typed", TYPED, ids=[ascii(typed[:20]) for typed in TYPED])
def test_nothing_typed_is_a_syntax_error(tx: Connection, typed: str) -> None:
    bet_id = bury(tx, grave("Rank tickets"))
    assert search(tx, [TEAM], typed, 9) in ([], [bet_id])


@settings(max_examples=examples(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=60) | st.text(alphabet="\"'*-^:(){}+ANDORET ticke", max_size=60))
def test_nothing_at_all_is_a_syntax_error(tx: Connection, typed: str) -> None:
    assert search(tx, [TEAM], typed, 9) == []
