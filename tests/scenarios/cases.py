"""What the nudge policy reads of a team's bets, as lines of `bets advise`."""

from datetime import datetime
from typing import Any

from bot.actions.asof import View
from bot.actions.cases import build_case
from bot.domain.records import Bet
from bot.store.evidence import get_evidence
from bot.store.teams import get_team
from tests.conftest import Office


def view_of(office: Office, at: datetime | None = None) -> View:
    """The evidence of the office's team now, or as of `at`."""
    with office.bot.reading() as tx:
        return View(get_evidence(tx, 1), get_team(tx, 1), office.bot.now(), at or office.bot.now())


def case_of(office: Office, bet: Bet, at: datetime | None = None) -> dict[str, Any]:
    """One bet's case now, or as of `at`."""
    view = view_of(office, at)
    found = view.find(bet.id)
    assert found is not None
    return build_case(view, found)


def live_cases(office: Office, at: datetime | None = None) -> dict[int, dict[str, Any]]:
    """The case of every bet that is live now, or was live at `at`, by the bet's id."""
    view = view_of(office, at)
    return {bet.id: build_case(view, bet) for bet in view.live}
