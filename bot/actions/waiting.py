"""What waits for a person in a team beside their updates: scopes to sign off, and assumptions whose day has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.calendar import Week
from bot.domain.records import Bet
from bot.domain.scoping import Assumption
from bot.store.bets import list_bets_by_id
from bot.store.scopes import list_due_in_team, list_reviews


@dataclass(frozen=True)
class Waiting:
    """Bets whose scope waits for this person's sign-off, and assumptions that they look at this week."""

    sign_offs: Sequence[Bet] = ()
    due: Sequence[tuple[Bet, Assumption]] = ()

    def __bool__(self) -> bool:
        return bool(self.sign_offs or self.due)


def get_waiting(tx: Connection, team_id: int, user: str, week: Week) -> Waiting:
    """What waits for the person in that week."""
    asked = [scope.bet_id for scope in list_reviews(tx, team_id) if scope.doc.reviewer == user]
    due = [one for looks, one in list_due_in_team(tx, team_id, week.sunday) if looks == user]
    bets = {bet.id: bet for bet in list_bets_by_id(tx, {*asked, *(one.bet_id for one in due)})}
    return Waiting([bets[bet_id] for bet_id in asked], [(bets[one.bet_id], one) for one in due])


def list_sign_offs(tx: Connection, team_id: int) -> dict[str, datetime]:
    """Whose sign-off the team's scopes wait for, and since when."""
    since: dict[str, datetime] = {}
    for scope in list_reviews(tx, team_id):
        if scope.requested_at is not None:
            since.setdefault(scope.doc.reviewer, scope.requested_at)
    return since


def list_waited_for(tx: Connection, team_id: int, week: Week, prompted: datetime) -> dict[str, datetime]:
    """For whom something waits in that week, and since when: a sign-off since it was requested, an assumption since the
    check-in that asked it."""
    since = {user: prompted for user, _ in list_due_in_team(tx, team_id, week.sunday)}
    for scope in list_reviews(tx, team_id):
        since.setdefault(scope.doc.reviewer, max(prompted, scope.requested_at or prompted))
    return since
