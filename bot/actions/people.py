"""What the bot learns about people from Slack."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.actions.bets import refresh_card
from bot.actions.checkins import refresh_week
from bot.domain.bets import NOT_OVER, is_ownerless
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Person, Team
from bot.render.teams import ownerless_message
from bot.store import people as store
from bot.store.bets import list_owned_bets, list_team_bets
from bot.store.checkins import get_newest_checkin
from bot.store.outbox import insert_post
from bot.store.teams import get_team, list_teams

LEFT = (
    "You are not in the team's channel any more, so nothing was changed: join it again, or have somebody there invite "
    "you, then press once more."
)


def do_know(tx: Connection, now: datetime, person: Person | None, user: str, present: dict[int, bool]) -> Actor:
    """Remembers how Slack describes a person and in which teams' channels they are; returns them as an actor."""
    if person is not None:
        do_describe(tx, now, person)
    for team_id, there in present.items():
        do_hear_presence(tx, now, get_team(tx, team_id), user, there)
    actor = store.get_actor(tx, user, now)
    assert actor is not None
    return actor


def do_hear_presence(tx: Connection, now: datetime, team: Team, user: str, there: bool) -> None:
    """Somebody is in the team's channel, or is not; where that is news, the week and the leads are told."""
    before = store.is_present(tx, team.id, user)
    store.update_membership(tx, now, team.id, user, there)
    if before is not there and not (before is None and there):
        _do_follow(tx, now, team, user)


def do_hear_members(tx: Connection, now: datetime, team: Team, here: set[str], asked: Iterable[str] = ()) -> None:
    """Slack's list of who is in the team's channel: whoever was known to be there, or is `asked` about, and is not on
    it, has left."""
    for user in sorted(here.symmetric_difference(store.list_members(tx, team.id)).union(asked)):
        do_hear_presence(tx, now, team, user, user in here)


def do_hear_user(tx: Connection, now: datetime, person: Person) -> None:
    """The account of somebody who is known changed."""
    known = store.get_person(tx, person.user)
    if known is not None:
        do_describe(tx, now, replace(person, outsider=person.outsider or known.outsider))


def do_describe(tx: Connection, now: datetime, person: Person) -> None:
    """Somebody is as Slack describes them now; another name, or an account that was closed or opened again, is news
    for each of their teams."""
    known = store.get_person(tx, person.user) or Person(person.user, person.user)
    store.update_person(tx, replace(person, looked_up_at=now))
    if (person.name, person.deleted) != (known.name, known.deleted):
        for team in list_teams(tx):
            _do_follow(tx, now, team, person.user)


def _do_follow(tx: Connection, now: datetime, team: Team, user: str) -> None:
    """This owner's name has changed, or whether the bot can ask them: cards and the week tell it, and the leads are
    asked once who takes over the bets on which nobody is left."""
    owned = [bet for bet in list_team_bets(tx, team.id, NOT_OVER) if user in bet.owners]
    checkin = get_newest_checkin(tx, team.id)
    if owned and checkin is not None:
        refresh_week(tx, now, team, checkin.week)
    for bet in owned:
        refresh_card(tx, now, bet.id)
    left = store.list_left(tx, team.id)
    orphans = [(bet.key, bet.title) for bet in owned if is_ownerless(bet, left)] if user in left else []
    if orphans:
        person = store.get_person(tx, user) or Person(user, user)
        text = ownerless_message(person.name, orphans, None if person.deleted else team.channel)
        for lead in team.leads:
            if lead not in left:
                insert_post(tx, now, f"ownerless:{team.id}:{user}:{lead}", text, team_id=team.id, user=lead)


def refuse_who_left(tx: Connection, actor: Actor, team_id: int) -> None:
    """Refused with the true reason for who owns a bet of the team but is not in its channel any more. Others learn
    nothing: to them it is as if there were no such team."""
    if team_id not in actor.team_ids and any(
        bet.team_id == team_id for bet in list_owned_bets(tx, actor.user, NOT_OVER)
    ):
        raise Refusal(LEFT)
