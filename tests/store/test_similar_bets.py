"""A new bet that repeats a dead one finds it, and one on another subject finds none, fast enough for a press."""

from itertools import cycle, islice

import pytest
from sqlalchemy import Connection

from bot.store.graveyard import list_similar
from tests.dead_bets import DEAD, PAIRS, UNRELATED, Dead, New
from tests.store.graves import OTHER, TEAM, bury

NAMES = {dead.name for dead in DEAD}


def similar(tx: Connection, new: New, names: dict[int, str], *teams: int) -> list[str]:
    return [names[bet_id] for bet_id in list_similar(tx, teams or [TEAM], new.title, new.problem, new.hypothesis)]


@pytest.fixture
def buried(tx: Connection) -> dict[int, str]:
    """The names of all dead bets by id."""
    return {bury(tx, dead): dead.name for dead in DEAD}


def test_the_lists_are_as_large_as_promised() -> None:
    assert len(NAMES) == len(DEAD) >= 60 and len(PAIRS) == 50
    assert all(new.resembles in NAMES for new in PAIRS) and not any(new.resembles for new in UNRELATED)


def test_of_fifty_labelled_pairs_the_right_one_is_among_the_first_three(tx: Connection, buried: dict[int, str]) -> None:
    missed = [new.resembles for new in PAIRS if new.resembles not in similar(tx, new, buried)]
    share = 1 - len(missed) / len(PAIRS)
    print(f"\nThe right dead bet is among the first three for {share:.0%} of {len(PAIRS)} new bets; missed: {missed}")  # noqa: T201
    assert share >= 0.80


def test_a_new_bet_on_another_subject_is_shown_none(tx: Connection, buried: dict[int, str]) -> None:
    shown = {new.title: found for new in UNRELATED if (found := similar(tx, new, buried))}
    print(f"\nOf {len(UNRELATED)} new bets on other subjects, these are shown a dead one: {shown}")  # noqa: T201
    assert len(shown) <= 1  # a word of two meanings, such as "sound", may deceive once


def test_in_a_graveyard_of_one_a_repetition_is_shown_and_hardly_ever_another(tx: Connection) -> None:
    """How rare a word is must not hang on the few bets that are dead so far."""
    right, wrong = 0, 0
    with_other = islice(zip(PAIRS, cycle(DEAD[7:])), 50)
    for new, other in with_other:
        dead = next(dead for dead in DEAD if dead.name == new.resembles)
        for one in {dead, other}:
            with tx.begin_nested() as alone:
                found = similar(tx, new, {bury(tx, one): one.name})
                alone.rollback()
            right, wrong = right + (found == [dead.name]), wrong + (found not in ([], [dead.name]))
    assert right >= 40 and wrong <= 1


def test_without_dead_bets_or_without_words_there_is_none(tx: Connection, buried: dict[int, str]) -> None:
    assert similar(tx, PAIRS[0], buried, OTHER) == []
    for text in ("", "the of and", "\U0001f600", '" OR (', "x" * 40_000, "שלום"):
        assert similar(tx, New(text, text, text), buried) == []


def test_another_teams_dead_bets_neither_show_nor_change_what_shows(tx: Connection, buried: dict[int, str]) -> None:
    before = [similar(tx, new, buried) for new in PAIRS]
    for dead in DEAD:
        bury(tx, dead, OTHER)
    assert [similar(tx, new, buried) for new in PAIRS] == before


def test_one_shared_word_is_not_enough(tx: Connection) -> None:
    bury(tx, Dead("", "Kettle", "Kettle kettle", "Kettle", "Kettle", "Kettle"))
    assert list_similar(tx, [TEAM], "Kettle", "Kettle", "Kettle") == []


@pytest.mark.full
def test_among_a_thousand_dead_bets_three_are_named(tx: Connection) -> None:
    for number, dead in enumerate(islice(cycle(DEAD), 1_000)):
        bury(tx, dead._replace(title=f"{dead.title} {number}", problem=f"{dead.problem}. {dead.problem}"))
    found = [list_similar(tx, [TEAM], new.title, f"{new.problem}. " * 3, new.hypothesis) for new in PAIRS[:20]]
    assert sum(len(similar) == 3 for similar in found) > 10
