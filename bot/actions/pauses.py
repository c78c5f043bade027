"""A team's pause: nothing is asked, reminded or closed until it ends, by a lead or on the day that was named."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from bot.actions import decisions
from bot.actions.reach import do_regain_channel
from bot.actions.teams import by_whom, refuse_to_configure
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Team
from bot.domain.zones import describe_date, local_date, local_instant
from bot.render.decisions import CLOCK
from bot.store import teams
from bot.store.history import insert_team_history


def do_pause_team(tx: Connection, now: datetime, actor: Actor | None, team: Team, until: date | None) -> Team:
    """The team pauses from now, until that day (included) or until somebody resumes it."""
    refuse_to_configure(tx, actor, team, "team_pause", "pause the team")
    if until and until < local_date(now, team.zone):
        raise Refusal(f"{describe_date(until)} has passed: pause until today or later.")
    teams.update_team(tx, team.id, paused_at=team.paused_at or now, paused_until=until)
    _remember(tx, now, team, "team_paused", by_whom(actor), {"until": until.isoformat() if until else None})
    return teams.get_team(tx, team.id)


def do_resume_team(tx: Connection, now: datetime, actor: Actor | None, team: Team) -> Team:
    """The team goes on from now; what was due during the pause is not made up. Where the channel was out of reach it is
    tried again at once."""
    refuse_to_configure(tx, actor, team, "team_pause", "resume the team")
    do_regain_channel(tx, now, team)
    if team.paused_at is None and not team.unreachable:
        raise Refusal("This team is not paused.")
    if team.paused_at is None:
        return teams.get_team(tx, team.id)
    return _do_go_on(tx, now, team, by_whom(actor), now)


def do_end_pauses(tx: Connection, now: datetime, team: Team) -> Team:
    """Lets the team and its bets go on when the last day of their pause is over; returns the team as it is then."""
    decisions.do_end_pauses(tx, now, team)
    if team.paused_until is None or local_date(now, team.zone) <= team.paused_until:
        return team
    # It is over at midnight, however late somebody looks: a check-in that was due since then is not lost.
    return _do_go_on(tx, now, team, CLOCK, local_instant(team.paused_until + timedelta(days=1), time(0), team.zone))


def _do_go_on(tx: Connection, now: datetime, team: Team, by: str, since: datetime) -> Team:
    teams.update_team(tx, team.id, paused_at=None, paused_until=None, active_since=max(since, team.active_since))
    _remember(tx, now, team, "team_resumed", by, {})
    return teams.get_team(tx, team.id)


def _remember(tx: Connection, now: datetime, team: Team, kind: str, by: str, after: dict[str, str | None]) -> None:
    insert_team_history(tx, now, team, kind, by, after=after)
