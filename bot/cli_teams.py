"""`bets team`: what *Set up this team* and `/bets config` do, without Slack."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import click
from sqlalchemy import Connection

from bot.domain.errors import Refusal
from bot.domain.records import Person, Team
from bot.runtime import Bot

LOOKUP_SECONDS = 2.0
INVITE = "`/invite @Bets`"


@dataclass(frozen=True)
class Found:
    """What Slack says of the people who were named, and who is in the channel besides the bot; `here` is None where
    Slack shows no such channel."""

    people: dict[str, Person]
    here: set[str] | None
    invited: bool


@contextmanager
def _running() -> Iterator[Bot]:
    """A bot; a refusal ends the command with its sentence."""
    from bot.cli_open import open_bot

    bot = open_bot()
    try:
        yield bot
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None
    finally:
        bot.engine.dispose()


@contextmanager
def _opened() -> Iterator[tuple[Bot, Connection, datetime]]:
    """The database in one transaction."""
    with _running() as bot, bot.transaction() as tx:
        yield bot, tx, bot.now()


def _look_up(bot: Bot, channel: str, named: Collection[str]) -> Found | None:
    """What Slack says of these people and of the channel; None where it cannot be asked. Refused for whom Slack does
    not know."""
    from bot.slack import NoAnswer

    if not bot.slack.token:
        return None
    try:
        me = bot.identity
        people, members = bot.slack.look_up(named, [channel], me.team_id, LOOKUP_SECONDS)
    except NoAnswer:
        return None
    if unknown := [user for user in named if user not in people]:
        raise Refusal(
            f"Slack knows nobody with the id {' or '.join(unknown)}: copy it from the person's profile in Slack."
        )
    here = members.get(channel)
    if here is None:
        return Found(people, None, invited=False)
    return Found(people, here - {me.user_id}, invited=me.user_id in here)


def _know(tx: Connection, now: datetime, team: Team, found: Found | None) -> None:
    """Remembers what Slack said of them and of the channel."""
    from bot.actions.people import do_describe, do_hear_members

    if found is None:
        return
    for person in found.people.values():
        do_describe(tx, now, person)
    if found.here is not None:
        do_hear_members(tx, now, team, found.here, found.people)


def _team_of(tx: Connection, channel: str) -> Team:
    from bot.store.teams import get_team_of_channel, list_teams

    team = get_team_of_channel(tx, channel)
    if team is None:
        known = ", ".join(team.channel for team in list_teams(tx))
        has = f"there is one in {known}" if known else "`bets team add` makes one"
        raise Refusal(f"There is no team in {channel}: {has}.")
    return team


@click.group()
def team() -> None:
    """Teams: list, add, set, pause, resume."""


@team.command("list")
def list_() -> None:
    """Show each team with its next check-in."""
    from bot.store.teams import list_teams

    with _opened() as (_, tx, now):
        teams = list_teams(tx)
        for found in teams:
            click.echo(_line(tx, found, now))
    if not teams:
        click.echo("No team yet: `bets team add CHANNEL` makes one, or *Set up this team* in Slack.", err=True)


@team.command()
@click.argument("channel")
@click.option("--zone", help="Time zone, such as Europe/Berlin. Default: BETS_TIMEZONE.")
@click.option("--leads", help="Slack user ids with commas between. Default: BETS_LEADS.")
@click.option("--country", help="Whose holidays count, such as DE. Default: none.")
def add(channel: str, zone: str | None, leads: str | None, country: str | None) -> None:
    """Set up a team with the defaults; nothing is posted."""
    from bot.actions.teams import do_add_team, refuse_absent_leads, refuse_unfit_leads
    from bot.domain.slack_ids import is_channel_id
    from bot.domain.teams import default_settings, read_settings
    from bot.holidays import find_country

    given = {"zone": zone, "leads": leads, "country": country}
    typed = {key: value for key, value in given.items() if value is not None}
    with _running() as bot:
        if not is_channel_id(channel):
            raise Refusal(
                f"'{channel[:40]}' is no channel id: it looks like C012AB3CD (Slack: channel details, at the end)."
            )
        settings = read_settings(typed, default_settings(bot.default_zone, bot.default_leads), find_country)
        found = _look_up(bot, channel, settings.leads if leads else ())
        with bot.transaction() as tx:
            added = do_add_team(tx, bot.now(), channel, settings, None)
            _know(tx, bot.now(), added, found)
            refuse_unfit_leads(tx, added.leads)
            refuse_absent_leads(tx, added.id, added.leads, bot.default_leads, sure=False)
            line = _line(tx, added, bot.now())
    click.echo(line)
    if found and found.here is None:  # so it is, too, of a private channel to which nobody has invited the bot yet
        click.echo(f"Slack shows me no channel {channel} yet: check the id, and invite me there: {INVITE}.", err=True)
    elif found and not found.invited:
        click.echo(f"I am not in {channel} yet, and can post nothing there: invite me with {INVITE}.", err=True)
    if not added.leads:
        click.echo(f"Nobody is a lead yet: `bets team set {channel} leads=U012AB3CD` names one.", err=True)


@team.command("set")
@click.argument("channel")
@click.argument("settings", nargs=-1, required=True, metavar="KEY=VALUE...")
def set_(channel: str, settings: tuple[str, ...]) -> None:
    """Change settings: zone, checkin_day, checkin_time, reminder_time, samples_day, samples_time, decisions_day,
    decisions_time, close_day, close_time, country, leads, deciders, maturity, lead_dm, samples_kept_days,
    samples_link_only. A day, the reminder, lead_dm (the week's nudges to the leads by direct message) and
    samples_link_only (of samples only ids, a link and votes are kept) may be off."""
    from bot.actions.teams import do_change
    from bot.domain.teams import read_leads

    typed = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals:
            raise click.UsageError(f"'{setting}' is not KEY=VALUE, such as zone=Europe/Berlin.")
        typed[key.strip()] = value.strip()
    with _running() as bot:
        leads = read_leads(typed["leads"]) if typed.get("leads") else ()
        found = _look_up(bot, channel, leads) if leads else None
        with bot.transaction() as tx:
            team = _team_of(tx, channel)
            _know(tx, bot.now(), team, found)
            line = _line(tx, do_change(tx, bot.now(), None, team, None, typed), bot.now())
    click.echo(line)


@team.command()
@click.argument("channel")
@click.option("--until", help="The last day of the pause, such as 2026-12-31. Default: until `bets team resume`.")
def pause(channel: str, until: str | None) -> None:
    """Stop asking, reminding and closing, from now on."""
    from bot.actions.pauses import do_pause_team
    from bot.domain.dates import parse_date
    from bot.domain.zones import local_date
    from bot.holidays import holidays_around

    with _opened() as (_, tx, now):
        found = _team_of(tx, channel)
        today = local_date(now, found.zone)
        last = parse_date(until, today, holidays_around(found.country, today)) if until else None
        line = _line(tx, do_pause_team(tx, now, None, found, last), now)
    click.echo(line)


@team.command()
@click.argument("channel")
def resume(channel: str) -> None:
    """Go on after a pause; what was due during it is not made up."""
    from bot.actions.pauses import do_resume_team

    with _opened() as (_, tx, now):
        line = _line(tx, do_resume_team(tx, now, None, _team_of(tx, channel)), now)
    click.echo(line)


def _line(tx: Connection, found: Team, now: datetime) -> str:
    from bot.actions.teams import get_set_up
    from bot.domain.zones import describe_date

    if found.paused_at:
        state = f"paused until {describe_date(found.paused_until)}" if found.paused_until else "paused"
    elif found.unreachable:
        state = f"cannot post: {found.unreachable}"
    else:
        team = get_set_up(tx, now, found)
        state = f"next check-in {team.first}" if team.next_checkin else "check-ins off"
    return f"{found.channel}  {state}  leads {', '.join(found.leads) or 'none'}"
