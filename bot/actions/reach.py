"""Whether the bot can still post in a team's channel, and who is in it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.actions.teams import do_welcome
from bot.domain.records import Team
from bot.render.teams import lost_message
from bot.store import teams
from bot.store.claims import update_stale
from bot.store.outbox import insert_post
from bot.store.people import update_membership

Event = dict[str, Any]
WINDOW = timedelta(days=7)


def do_hear_membership(tx: Connection, now: datetime, event: Event, bot_user: str) -> None:
    """Somebody came into a channel or left it; when it is the bot itself, it says hello or falls silent."""
    joined, channel = event["type"] == "member_joined_channel", str(event["channel"])
    team = teams.get_team_of_channel(tx, channel)
    if event["user"] != bot_user:
        if team is not None:
            update_membership(tx, now, team.id, str(event["user"]), joined)
    elif not joined:
        do_lose_channel(tx, now, team, "not_in_channel")
    elif team is not None:
        do_regain_channel(tx, now, team)
    else:
        do_welcome(tx, now, channel)


def do_hear_channel(tx: Connection, now: datetime, event: Event, bot_user: str) -> None:
    """The channel was archived or brought back, or the bot was removed from it."""
    kind, team = str(event["type"]), teams.get_team_of_channel(tx, str(event["channel"]))
    if kind.endswith("_unarchive"):
        do_regain_channel(tx, now, team)
    else:
        do_lose_channel(tx, now, team, "is_archived" if kind.endswith("_archive") else "not_in_channel")


def do_lose_channel(tx: Connection, now: datetime, team: Team | None, code: str) -> None:
    """Nothing more is posted in the channel, and its leads are told once; `code` is Slack's word for why."""
    if team is None or team.unreachable:
        return
    teams.update_team(tx, team.id, unreachable=code)
    for lead in team.leads:
        key = f"unreachable:{team.id}:{team.version}:{lead}"
        insert_post(tx, now, key, lost_message(team.channel, code), team_id=team.id, user=lead)


def do_regain_channel(tx: Connection, now: datetime, team: Team | None) -> None:
    """The channel is back: the week goes on by itself, and what waited goes out unless it is more than a week old."""
    if team is not None and team.unreachable:
        teams.update_team(tx, team.id, unreachable=None)
        update_stale(tx, team.id, now - WINDOW)
