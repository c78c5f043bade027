"""What is said about dead bets, as it was looked at."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.records import Decision
from bot.render import bet_forms
from bot.render.graveyard import PAGE, Grave, graveyard_message
from bot.render.ids import decode
from tests.render.golden import check_golden
from tests.render.surfaces import T0, bet_of
from tests.render.test_hostile_text import problems
from tests.talk import elements, words

KILL = Decision(1, 7, "kill", "U0ANA", "Too dear", "Ask <support> first", "no", None, T0 + timedelta(days=20))
BET = replace(bet_of("x"), title="Cheaper labels", status="killed", ended_at=KILL.created_at)
GRAVE = Grave(BET, KILL, "Ana <Smith>", 3.0, "C0TEAM", "Europe/Berlin")
ELSEWHERE = replace(GRAVE, bet=replace(BET, number=9, started_at=None), weeks=None, channel="C0OTHER")
VIEWS: dict[str, dict[str, Any]] = {
    "graveyard": graveyard_message([GRAVE, ELSEWHERE], 1, 3, 14, "", 1, "C0TEAM"),
    "graveyard_words": graveyard_message([GRAVE], 0, 1, 1, "labels", 1, "C0TEAM"),
    "graveyard_alone": graveyard_message([GRAVE], 0, 2, 7, "", 1, "C0TEAM", alone=True),
    "graveyard_none_alone": graveyard_message([], 0, 1, 0, "unicorns", 1, "C0TEAM", alone=True),
    "graveyard_none": graveyard_message([], 0, 1, 0, "unicorns", 1, "C0TEAM"),
    "graveyard_empty": graveyard_message([], 0, 1, 0, "", 1, "C0TEAM"),
    "graveyard_imported": graveyard_message([replace(GRAVE, end=None, by="")], 0, 1, 1, "", 1, "C0TEAM"),
    "bet_placed_similar": bet_forms.placed_answer(bet_of("x", title="Fewer labels"), "C0TEAM", [GRAVE, ELSEWHERE]),
}


@pytest.mark.parametrize("name", VIEWS)
def test_it_reads_as_it_was_looked_at(name: str) -> None:
    check_golden(name, VIEWS[name])
    assert not problems(VIEWS[name])


@pytest.mark.parametrize(
    ("weeks", "said"),
    [(None, "before it started"), (0.4, "in its first week"), (0.9, "after 1 week"), (5.6, "after 6 weeks")],
)
def test_it_says_how_long_a_bet_ran(weeks: float | None, said: str) -> None:
    assert f" {said}" in words(
        graveyard_message(
            [replace(GRAVE, bet=replace(BET, started_at=None if weeks is None else T0), weeks=weeks)],
            0,
            1,
            1,
            "",
            1,
            "C0TEAM",
        )
    )


def test_very_long_words_travel_in_the_page_buttons_as_far_as_they_fit() -> None:
    shown = graveyard_message([GRAVE] * PAGE, 5, 99, 600, "漢字" * 20_000, 1, "C0TEAM")
    values = [decode(element["value"]) for _, element in elements(shown)]
    assert [value["page"] for value in values] == [4, 6]
    assert all(value["words"].startswith("漢字") and value["team"] == 1 for value in values)
