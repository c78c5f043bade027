"""Asks Slack about a team's people before they are asked themselves: who came or left while nobody listened, or where
Slack's word of it never arrived, would else stay unnoticed."""

from datetime import UTC, datetime

from bot.actions.people import do_describe, do_hear_members
from bot.domain.records import Team
from bot.runtime import Bot
from bot.slack import NoAnswer
from bot.store.bets import list_team_bets
from bot.store.people import FRESH, list_people

SECONDS = 5.0
# Slack allows some hundred look-ups a minute; whom nobody looked up for longest comes first.
MOST = 40
NEVER = datetime.min.replace(tzinfo=UTC)


def once(bot: Bot, team: Team) -> None:
    """Hears who is in the channel, and how Slack describes the owners of live bets whom nobody looked up in the last
    day. Without an answer all stays as it was."""
    with bot.reading() as tx:
        owners = {user for bet in list_team_bets(tx, team.id, ("live",)) for user in bet.owners}
        known, since = list_people(tx, owners), bot.now() - FRESH
    if not owners:
        return
    seen = dict.fromkeys(owners, NEVER) | {user: one.looked_up_at for user, one in known.items() if one.looked_up_at}
    stale = sorted((user for user in owners if seen[user] < since), key=lambda user: (seen[user], user))
    try:
        me = bot.identity
        people, members = bot.slack.look_up(stale[:MOST], [team.channel], me.team_id, SECONDS)
    except NoAnswer:
        return
    here = members.get(team.channel, set())
    with bot.transaction() as tx:
        for person in people.values():
            do_describe(tx, bot.now(), person)
        if me.user_id in here:  # of a channel that the bot is not in Slack may tell anything
            do_hear_members(tx, bot.now(), team, here - {me.user_id}, owners)
