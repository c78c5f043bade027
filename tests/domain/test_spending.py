"""What a bet has cost, by what was reported and by who owned it when."""

import pytest

from bot.domain.spending import people_weeks_spent


@pytest.mark.parametrize(
    ("days", "reported", "used", "owners", "spent"),
    [(0, 0, 3, 2, 6), (10, 2, 2, 2, 2), (5, 1, 3, 2, 5), (5, 4, 3, 2, 1), (0, 0, 0, 2, 0)],
)
def test_effort_is_what_was_reported_else_owners_times_weeks(
    days: float, reported: int, used: float, owners: int, spent: float
) -> None:
    assert people_weeks_spent(days, reported, used, owners) == spent
