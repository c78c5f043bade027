"""Whether the bot can still post in a team's channel, and who is in it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.actions.people import do_hear_presence
from bot.actions.teams import do_welcome
from bot.domain.records import Post, Team
from bot.render.teams import lost_message, unposted_message
from bot.store import reach, teams
from bot.store.claims import update_stale
from bot.store.outbox import insert_post

Event = dict[str, Any]
WINDOW = timedelta(days=7)
# How long to wait before another message is tried where Slack's description of the channel shows nothing wrong: a
# refusal that lasts must not become a loop of losing the channel and finding it again.
PAUSES = (timedelta(minutes=10), timedelta(days=1))


def do_hear_membership(tx: Connection, now: datetime, event: Event, bot_user: str) -> None:
    """Somebody came into a channel or left it; when it is the bot itself, it says hello or falls silent."""
    joined, channel = event["type"] == "member_joined_channel", str(event["channel"])
    team = teams.get_team_of_channel(tx, channel)
    if event["user"] != bot_user:
        if team is not None:
            do_hear_presence(tx, now, team, str(event["user"]), joined)
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
    """Nothing more is posted in the channel; `code` is Slack's word for why. Its leads are told once, and again only
    if a message has gone through in between."""
    if team is None or team.unreachable:
        return
    teams.update_team(tx, team.id, unreachable=code)
    loss = reach.get_loss(tx, team.id)
    tries = loss.tries if loss else 0
    reach.update_loss(tx, team.id, reach.Loss(now + PAUSES[min(tries, len(PAUSES) - 1)], tries))
    for lead in team.leads if loss is None else ():
        key = f"unreachable:{team.id}:{team.version}:{lead}"
        insert_post(tx, now, key, lost_message(team.channel, code), team_id=team.id, user=lead)


def do_regain_channel(tx: Connection, now: datetime, team: Team | None) -> None:
    """The channel is back: the week goes on by itself, and what waited goes out unless it is more than a week old."""
    if team is not None and team.unreachable:
        teams.update_team(tx, team.id, unreachable=None)
        update_stale(tx, team.id, now - WINDOW)


def do_look_at_channel(tx: Connection, now: datetime, team: Team, lost: bool | None) -> bool:
    """What follows from Slack's description of a channel that is out of reach (None: it gave none): True when
    messages may be tried there again. Where it never showed anything wrong, that is tried ever more rarely."""
    loss = reach.get_loss(tx, team.id) or reach.Loss(now)
    if lost is not False:
        reach.update_loss(tx, team.id, replace(loss, look_at=now + PAUSES[0], seen=loss.seen or lost is True))
        return False
    reach.update_loss(tx, team.id, replace(loss, seen=False, tries=loss.tries + (0 if loss.seen else 1)))
    do_regain_channel(tx, now, team)
    return True


def do_tell_of_unposted(tx: Connection, now: datetime, team: Team, post: Post, code: str) -> None:
    """A message that the channel never gets is told to the leads, once, since nothing else would show it."""
    text = unposted_message(team.channel, code, str(post.payload.get("text") or ""))
    for lead in team.leads:
        insert_post(tx, now, f"unposted:{post.id}:{lead}", text, team_id=team.id, user=lead)
