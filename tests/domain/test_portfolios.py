"""In a small world of our own the ledger is worth more than stopping at the deadline.

The bars are those of policy.md section 5, as far as so few seeds can show; `python -m tests.domain.portfolios` prints
the whole table from more of them.
"""

from tests.domain.portfolios import TEAMS, calibration_error, ratio, share, tallies

SEEDS = 3


def test_the_ledger_keeps_more_value_than_the_deadline_in_all_kinds_of_teams_together() -> None:
    value, lower = ratio("ledger", "deadline", SEEDS)
    assert value > lower >= 1.25


def test_its_kills_and_doublings_are_mostly_right_and_its_nudges_few() -> None:
    found = list(tallies("ledger", SEEDS).values())
    assert share(found, "kills_right", "kills") >= 0.88
    assert share(found, "losers_early", "losers") >= 0.45
    assert share(found, "big_ended", "big") <= 0.15
    assert share(found, "doubles_right", "doubles") >= 0.65
    assert 30 / 7 * share(found, "nudges", "bet_weeks") <= 1.3
    assert calibration_error([one for tally in found for one in tally.chances]) <= 0.10


def test_every_kind_of_team_was_there() -> None:
    assert {kind for kind, _ in tallies("deadline", SEEDS)} == {team.name for team in TEAMS}
