"""Finds out whether a lost channel is back, should Slack's word of it never have come."""

from http.client import HTTPException

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.actions.reach import do_look_at_channel
from bot.domain.records import Team
from bot.runtime import Bot
from bot.store import reach, teams
from bot.work.classify import CHANNEL_GONE, classify


def once(bot: Bot) -> int:
    """Looks at each channel that is out of reach and whose time to be looked at has come; returns how many are back."""
    with bot.reading() as tx:
        now = bot.now()
        lost = [team for team in teams.list_teams(tx) if team.unreachable]
        losses = {team.id: reach.get_loss(tx, team.id) for team in lost}
    due = [team for team in lost if (loss := losses[team.id]) is None or loss.look_at <= now]
    return sum(_look(bot, team) for team in due)


def _look(bot: Bot, team: Team) -> bool:
    lost = _is_lost(bot, team.channel)
    with bot.transaction() as tx:
        now_team = teams.get_team(tx, team.id)
        return bool(now_team.unreachable) and do_look_at_channel(tx, bot.now(), now_team, lost)


def _is_lost(bot: Bot, channel: str) -> bool | None:
    """Whether Slack's description of the channel says that nothing can be posted there; None without an answer."""
    try:
        found = bot.slack.read.conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        return True if classify(error).code in CHANNEL_GONE else None
    except (SlackClientError, OSError, HTTPException, ValueError):
        return None
    return bool(found.get("is_archived") or not found.get("is_member"))
