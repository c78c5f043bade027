"""Who may do what, checked when the act arrives."""

from bot.domain.bets import allowed
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Team

_REFUSALS = {
    "none": "You are not in this team's channel: join it first.",
    "guest": "Guests of this workspace only answer for bets they own: ask a member to do it.",
    "guest_owner": "Guests of this workspace only answer for bets they own: ask a member to do it.",
}


def may(actor: Actor, team: Team, act: str, owners: tuple[str, ...] = ()) -> bool:
    """Whether this person may do `act` in the team, as an owner of the bet if they are among `owners`."""
    return allowed(act, actor.role(team, owners))


def refuse_unless(actor: Actor, team: Team, act: str, owners: tuple[str, ...] = ()) -> None:
    """Refused in one sentence when this person may not do `act`."""
    if not may(actor, team, act, owners):
        raise Refusal(_REFUSALS.get(actor.role(team, owners), "Only a lead of this team may do that: ask one."))
