"""Finds out whether a lost channel is back, should Slack's word of it never have come."""

from datetime import timedelta
from http.client import HTTPException

from slack_sdk.errors import SlackClientError

from bot.actions.reach import do_regain_channel
from bot.runtime import Bot
from bot.store import meta, teams

EVERY = timedelta(minutes=10)


def once(bot: Bot) -> int:
    """Looks at each channel that is out of reach, every ten minutes; returns how many are back."""
    with bot.reading() as tx:
        now = bot.now()
        last = meta.get_instant(tx, meta.LOOKED)
        lost = [team for team in teams.list_teams(tx) if team.unreachable]
    if not lost or (last and timedelta(0) <= now - last < EVERY):
        return 0
    with bot.transaction() as tx:
        meta.update_instant(tx, meta.LOOKED, now)
    return sum(_look(bot, team.id, team.channel) for team in lost)


def _look(bot: Bot, team_id: int, channel: str) -> bool:
    try:
        found = bot.slack.read.conversations_info(channel=channel)["channel"]
    except (SlackClientError, OSError, HTTPException, ValueError):
        return False
    if found.get("is_archived") or not found.get("is_member"):
        return False
    with bot.transaction() as tx:
        do_regain_channel(tx, bot.now(), teams.get_team(tx, team_id))
    return True
