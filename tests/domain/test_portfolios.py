"""In a small world of our own the ledger is worth more than stopping at the deadline.

The bars are those of policy.md section 5, as far as so few seeds can show; `python -m tests.domain.portfolios` prints
the whole table from more of them.
"""

import pytest

from bot.domain.case_lines import read_case
from bot.domain.proofs import find_proof
from tests.domain.portfolios import TEAMS, calibration_error, ratio, share, tallies
from tests.domain.worlds import Team, line_of, make_bet

SEEDS = 4
MOST_NUDGES, MOST_NUDGES_OF_A_KIND = 1.10, 1.30


def test_the_ledger_keeps_more_value_than_the_deadline_in_all_kinds_of_teams_together() -> None:
    value, lower = ratio("ledger", "deadline", SEEDS)
    assert value > lower >= 1.25


def test_its_kills_and_doublings_are_mostly_right_and_its_nudges_few() -> None:
    found = list(tallies("ledger", SEEDS).values())
    assert share(found, "kills_right", "kills") >= 0.88
    assert share(found, "losers_early", "losers") >= 0.45
    assert share(found, "big_ended", "big") <= 0.15
    assert share(found, "doubles_right", "doubles") >= 0.65
    assert 30 / 7 * share(found, "nudges", "bet_weeks") <= MOST_NUDGES
    assert calibration_error([one for tally in found for one in tally.chances]) <= 0.10


@pytest.mark.parametrize("team", TEAMS, ids=lambda team: team.name)
def test_no_kind_of_team_hears_much_more_often(team: Team) -> None:
    found = [tallies("ledger", SEEDS)[team.name, seed] for seed in range(SEEDS)]
    assert 30 / 7 * share(found, "nudges", "bet_weeks") <= MOST_NUDGES_OF_A_KIND


@pytest.mark.parametrize("spent", [0.5, 1.0, 1.5])
def test_proofs_come_as_seldom_as_the_ledger_supposes(spent: float) -> None:
    """Where proofs come sooner, bets end sooner, and since each end is a nudge there are more of them in a month."""
    bets = [bet for number in range(400) if (bet := make_bet(TEAMS[0], 0, number)).works]
    for bet in bets:
        bet.week = max(1, round(spent * bet.appetite / bet.heads))
        bet.spent = float(bet.week * bet.heads)
    proved = sum(find_proof(read_case(line_of(TEAMS[0], bet, (), ()))) is not None for bet in bets)
    assert proved / len(bets) == pytest.approx(0.6 * (spent - 0.35), abs=0.1)


def test_every_kind_of_team_was_there() -> None:
    assert {kind for kind, _ in tallies("deadline", SEEDS)} == {team.name for team in TEAMS}
