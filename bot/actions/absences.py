"""Being away: entered by the person or by a lead, with dates; who is away is never missing."""

import re
from datetime import date, datetime

from sqlalchemy import Connection

from bot.actions.checkins import refresh_checkin
from bot.domain.errors import Refusal
from bot.domain.records import Absence, Actor, Person, Team
from bot.domain.words import clip
from bot.domain.zones import describe_date, local_date
from bot.store.people import (
    get_person,
    insert_absence,
    list_absences,
    list_members,
    list_people,
    update_absences_ended,
)

_WHO = re.compile(r"\s*(?:<@(?P<user>\w+)(?:\|[^>]*)?>|@(?P<name>\S+))\s*(?P<rest>.*)", re.S)


def do_go_away(
    tx: Connection, now: datetime, actor: Actor, team: Team, first: date, last: date, user: str | None = None
) -> None:
    """Somebody is away from `first` to `last`, both included: the person themselves, or a lead says so for `user`."""
    who = user or actor.user
    _refuse_for_others(actor, team, who)
    if who != actor.user:
        _refuse_stranger(tx, team, who)
    if last < local_date(now, actor.zone_or(team.zone)):
        raise Refusal(f"{describe_date(last)} is over already: give a day that is still to come.", "until")
    known = list_absences(tx, team.id, first, last)
    if (who, first, last) not in [(one.user, one.first, one.last) for one in known]:  # it is said again
        insert_absence(tx, now, team.id, who, first, last, actor.user)
    refresh_checkin(tx, now, team.id)


def do_come_back(tx: Connection, now: datetime, actor: Actor, team: Team, user: str | None = None) -> list[Absence]:
    """Ends the absence that today is in and takes back planned ones; returns them as they were."""
    who = user or actor.user
    _refuse_for_others(actor, team, who)
    ended = update_absences_ended(tx, now, team.id, who, local_date(now, actor.zone_or(team.zone)))
    refresh_checkin(tx, now, team.id)
    return ended


def _refuse_for_others(actor: Actor, team: Team, user: str) -> None:
    role = actor.role(team)
    if role == "none":
        raise Refusal("You are not in this team's channel: join it first.")
    if user != actor.user and role != "lead":
        raise Refusal("Only a lead can enter an absence for somebody else: ask one, or let them say it themselves.")


def _refuse_stranger(tx: Connection, team: Team, user: str) -> None:
    """An absence of somebody whom nobody knows, or who is not here, would mean nothing."""
    person = get_person(tx, user)
    if person is None:
        raise Refusal(f"I know no {clip(user, 40)} in Slack: pick the person from Slack's list.")
    if person.deleted or user not in list_members(tx, team.id):
        raise Refusal(f"{clip(person.name, 80)} is not in the channel: invite them first.")


def find_named(text: str) -> list[str]:
    """The id of the person whom the words mention first, if they do."""
    found = _WHO.fullmatch(text)
    return [found["user"]] if found and found["user"] else []


def find_person(tx: Connection, team: Team, text: str) -> tuple[Person | None, str]:
    """The person that the words begin with (a mention or `@name`), if any, and the rest of the words."""
    found = _WHO.fullmatch(text)
    if found is None:
        return None, text
    if found["user"]:
        return get_person(tx, found["user"]) or Person(found["user"], found["user"]), found["rest"]
    members = list_people(tx, list_members(tx, team.id)).values()
    wanted = found["name"].casefold()
    named = [person for person in members if wanted in person.name.casefold().split()]
    if len(named) != 1:
        raise Refusal(f"I do not know @{clip(found['name'], 40)} in this team: pick the person from Slack's list.")
    return named[0], found["rest"]
