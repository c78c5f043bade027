"""The guard rails of the portfolio, by policy.md section 3: silent, or one sentence with its numbers."""

import pytest

from bot.domain import rails
from bot.domain.rails import Rail


def words(rail: Rail | None) -> str | None:
    return rail and rail.text


class TestConcentration:
    def test_doubling_one_of_two_unequal_bets_says_what_it_would_leave(self) -> None:
        found = rails.concentration(10, [5, 1], "mixed")
        assert words(found) == "Doubling this would leave you with the like of 1.6 bets"

    @pytest.mark.parametrize(
        ("maturity", "touched"), [("young", False), ("mixed", False), ("mature", True), ("odd", False)]
    )
    def test_a_mature_team_spreads_wider(self, maturity: str, touched: bool) -> None:
        # Shares of 10/18 and four times 2/18 make H = 0.36.
        assert bool(rails.concentration(5, [2] * 4, maturity)) is touched

    def test_few_bets_are_allowed_to_be_unequal(self) -> None:
        assert rails.concentration(8, [], "mature") is None
        assert rails.concentration(8, [8], "mature") is None
        assert rails.concentration(8, [8, 8], "mature") is None

    def test_without_any_plan_there_is_nothing_to_say(self) -> None:
        assert rails.concentration(0, [0, 0], "mixed") is None


@pytest.mark.parametrize(
    ("doubled", "bets", "said"),
    [
        (0, 1, None),
        (1, 2, "1 of 2 bets is doubled already"),
        (1, 5, "1 of 5 bets is doubled already"),
        (1, 6, None),
        (2, 6, "2 of 6 bets are doubled already"),
    ],
)
def test_doubling_is_rare(doubled: int, bets: int, said: str | None) -> None:
    assert words(rails.doubling_is_rare(doubled, bets)) == said


def test_there_is_room_to_double_unless_a_rail_is_touched() -> None:
    assert rails.room_to_double(8, [8, 8, 8], 0, "mixed") is None
    assert words(rails.room_to_double(8, [8, 8, 8], 1, "mixed")) == "1 of 4 bets is doubled already"
    found = rails.room_to_double(20, [2, 2, 2], 1, "mixed")
    assert found is not None and found.code == "concentration"


def test_a_larger_doubling_takes_more_room() -> None:
    assert rails.concentration(8, [8, 8, 8], "mixed", factor=6) is not None


def test_the_last_bet_is_not_killed_unless_a_scope_is_waiting() -> None:
    assert words(rails.last_bet(0, 0)) == "This kill would leave 0 active bets. Scope a next one first"
    assert rails.last_bet(1, 0) is rails.last_bet(0, 1) is None


@pytest.mark.parametrize(
    ("share", "maturity", "touched"),
    [
        (8, "young", False),
        (9, "young", True),
        (7, "mixed", False),
        (8, "mixed", True),
        (6, "mature", False),
        (7, "mature", True),
    ],
)
def test_one_area_may_have_so_much(share: int, maturity: str, touched: bool) -> None:
    found = rails.same_area([("retrieval", share - 1), ("retrieval", 1), ("ner", 10 - share)], maturity)
    assert words(found) == (f"{share} of 10 people-weeks are in retrieval" if touched else None)


def test_one_bet_or_bets_without_an_area_are_no_area() -> None:
    assert rails.same_area([("retrieval", 9)], "mature") is None
    assert rails.same_area([("", 5), ("", 5)], "mature") is rails.same_area([], "mature") is None


def test_somebody_who_is_alone_for_long_gets_company_where_the_team_is_young() -> None:
    young, mixed = rails.lone_researcher("Ana", 5, "young"), rails.lone_researcher("Ana", 5, "mixed")
    assert young == Rail(
        "lone_researcher", "Ana has been alone on this for 5 weeks: who could pair for a day?", "thread"
    )
    assert mixed == Rail("lone_researcher", "Ana has been alone on this for 5 weeks", "summary")
    assert rails.lone_researcher("Ana", 5, "mature") is rails.lone_researcher("Ana", 3, "young") is None


@pytest.mark.parametrize(
    ("bets", "people", "maturity", "said"),
    [
        (5, 6, "young", "5 bets for 6 people"),
        (6, 6, "mixed", None),
        (7, 6, "mature", "7 bets for 6 people"),
        (2, 1, "mixed", "2 bets for 1 person"),
        (3, 0, "mixed", None),
    ],
)
def test_too_many_bets_for_the_heads(bets: int, people: int, maturity: str, said: str | None) -> None:
    assert words(rails.too_scattered(bets, people, maturity)) == said


def test_a_split_team_is_shown_both_numbers() -> None:
    assert words(rails.split_team({"Ana": 30, "Lee": 50, "Raj": 85})) == "Raj 85%, Ana 30%"
    assert rails.split_team({"Ana": 30, "Raj": 69}) is rails.split_team({"Ana": 30}) is rails.split_team({}) is None
