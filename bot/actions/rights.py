"""Who may do what, checked when the act arrives."""

from bot.domain.bets import allowed
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Team


def may(actor: Actor, team: Team, act: str, owners: tuple[str, ...] = ()) -> bool:
    """Whether this person may do `act` in the team, as an owner of the bet if they are among `owners`."""
    return allowed(act, actor.role(team, owners))


def refuse_unless(actor: Actor, team: Team, act: str, owners: tuple[str, ...] = ()) -> None:
    """Refused in one sentence when this person may not do `act`."""
    if may(actor, team, act, owners):
        return
    role = actor.role(team, owners)
    if role == "none":
        raise Refusal("You are not in this team's channel: join it first.")
    if role in ("guest", "guest_owner"):
        who = "member" if allowed(act, "member") else "lead"
        raise Refusal(f"Guests of this workspace read, and answer for bets they own: ask a {who} to do it.")
    raise Refusal("Only a lead of this team may do that: ask one.")
