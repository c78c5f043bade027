"""Asks Slack about people before they are named or asked: who came or left while nobody listened, or where Slack's word
of it never arrived, would else stay unnoticed."""

from collections.abc import Collection
from datetime import UTC, datetime

from bot.actions.people import NOT_OVER, do_describe, do_hear_members
from bot.domain.records import Person, Team
from bot.runtime import Bot
from bot.slack import NoAnswer
from bot.store.bets import list_team_bets
from bot.store.people import FRESH, list_people
from bot.store.teams import list_teams

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
    if (answer := _ask(bot, stale, [team.channel])) is None:
        return
    people, members = answer
    here, me = members.get(team.channel, set()), bot.identity.user_id
    with bot.transaction() as tx:
        for person in people.values():
            do_describe(tx, bot.now(), person)
        if me in here:  # of a channel that the bot is not in Slack may tell anything
            do_hear_members(tx, bot.now(), team, here - {me})


def name_owners(bot: Bot) -> None:
    """Looks up the owners of bets that are not over of whom nothing is known, so that they are called by their names
    from the first message on; they stay as they are where Slack does not answer."""
    with bot.reading() as tx:
        bets = [bet for team in list_teams(tx) for bet in list_team_bets(tx, team.id, NOT_OVER)]
        owners = {user for bet in bets for user in bet.owners}
        unknown = sorted(owners.difference(list_people(tx, owners)))
    if not unknown or not bot.slack.token or (answer := _ask(bot, unknown, [])) is None:
        return
    with bot.transaction() as tx:
        for person in answer[0].values():
            do_describe(tx, bot.now(), person)


def _ask(bot: Bot, users: list[str], channels: Collection[str]) -> tuple[dict[str, Person], dict[str, set[str]]] | None:
    """What Slack says of the first of these people and of the channels; None where it cannot be asked."""
    try:
        return bot.slack.look_up(users[:MOST], channels, bot.identity.team_id, SECONDS)
    except NoAnswer:
        return None
