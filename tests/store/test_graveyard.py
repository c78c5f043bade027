"""The graveyard finds what is killed, in the teams it may look into, whatever is typed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, insert, text

from bot.store import migrate
from bot.store.bets import insert_bet, insert_decision, update_status
from bot.store.db import open_engine
from bot.store.graveyard import list_dead, refresh_grave, search
from bot.store.tables import teams
from tests.store.test_migrations import team_row

T0 = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
TEAM, OTHER = 1, 2


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path_factory.mktemp('grave') / 'bets.db'}"
    migrate.upgrade(url)
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def tx(engine: Engine) -> Iterator[Connection]:
    """A transaction that is taken back: two teams without bets."""
    with engine.connect() as tx:
        for team_id in (TEAM, OTHER):
            tx.execute(insert(teams).values(id=team_id, **team_row(f"C{team_id}")))
        yield tx
        tx.rollback()


def bury(tx: Connection, title: str, problem: str = "p", learning: str = "l", team: int = TEAM, after: int = 0) -> int:
    """A bet that was killed `after` so many days; returns its id."""
    values = {"team_id": team, "title": title, "problem": problem, "hypothesis": "h", "tags": [], "author": "U1"}
    values |= {"appetite_weeks": 4, "appetite_people_weeks": 4, "created_at": T0, "status": "live"}
    bet_id = insert_bet(tx, ["U1"], [], **values)
    kill(tx, bet_id, learning, after)
    return bet_id


def kill(tx: Connection, bet_id: int, learning: str, after: int = 0) -> None:
    at = T0 + timedelta(days=after)
    assert update_status(tx, bet_id, "live", "killed", ended_at=at)
    insert_decision(tx, at, bet_id, "kill", "U1", reason="nobody used it", learning=learning, outcome="no")
    refresh_grave(tx, bet_id)


def test_a_bet_is_found_exactly_while_it_is_killed_by_its_newest_words(tx: Connection) -> None:
    bet_id = bury(tx, "Rank tickets", learning="labels were wrong")
    for words in ("ticket", "labels wrong", "nobody", "h"):
        assert search(tx, [TEAM], words, 9) == [bet_id], words
    update_status(tx, bet_id, "killed", "live", ended_at=None)
    refresh_grave(tx, bet_id)
    assert search(tx, [TEAM], "ticket", 9) == [] == list_dead(tx, [TEAM])
    kill(tx, bet_id, "agents sort by age")
    refresh_grave(tx, bet_id)
    assert search(tx, [TEAM], "labels", 9) == [] and search(tx, [TEAM], "sorted", 9) == [bet_id]
    assert tx.execute(text("SELECT count(*) FROM graveyard")).scalar_one() == 1


def test_only_the_teams_asked_for_are_looked_into(tx: Connection) -> None:
    here, there = bury(tx, "Rank tickets"), bury(tx, "Rank tickets again", team=OTHER)
    assert search(tx, [TEAM], "ticket", 9) == [here] == list_dead(tx, [TEAM])
    assert search(tx, [OTHER], "ticket", 9) == [there]
    assert search(tx, [], "ticket", 9) == [] == list_dead(tx, [])
    assert set(search(tx, [TEAM, OTHER], "ticket", 9)) == {here, there}


def test_what_holds_all_words_alone_is_found_and_the_title_counts_most(tx: Connection) -> None:
    in_problem = bury(tx, "Sort the inbox", "agents read tickets twice")
    in_title = bury(tx, "Duplicate tickets")
    bury(tx, "Forecast stock", "shelves are empty")
    assert search(tx, [TEAM], "tickets", 9) == [in_title, in_problem]
    assert search(tx, [TEAM], "tickets twice", 9) == [in_problem]
    assert search(tx, [TEAM], "tickets unicorn", 9) == [in_title, in_problem]
    assert search(tx, [TEAM], "dupl", 9) == [in_title]
    assert search(tx, [TEAM], "tickets", 1) == [in_title]


def test_without_words_the_newest_death_comes_first(tx: Connection) -> None:
    old, new, middle = bury(tx, "A", after=1), bury(tx, "B", after=9), bury(tx, "C", after=5)
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
    bet_id = bury(tx, "Rank tickets")
    assert search(tx, [TEAM], typed, 9) in ([], [bet_id])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=60) | st.text(alphabet="\"'*-^:(){}+ANDORET ticke", max_size=60))
def test_nothing_at_all_is_a_syntax_error(tx: Connection, typed: str) -> None:
    assert search(tx, [TEAM], typed, 9) == []
