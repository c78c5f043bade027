"""What the bot learns about people from Slack."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.records import Actor, Person, Team
from bot.render.teams import ownerless_message
from bot.store import people as store
from bot.store.bets import list_team_bets
from bot.store.outbox import insert_post
from bot.store.teams import list_teams

NOT_OVER = ("idea", "scoped", "live", "paused", "lapsed")


def do_know(tx: Connection, now: datetime, person: Person | None, user: str, present: dict[int, bool]) -> Actor:
    """Remembers how Slack describes a person and in which teams' channels they are; returns them as an actor."""
    if person is not None:
        store.update_person(tx, replace(person, looked_up_at=now))
    for team_id, there in present.items():
        store.update_membership(tx, now, team_id, user, there)
    actor = store.get_actor(tx, user, now)
    assert actor is not None
    return actor


def do_hear_user(tx: Connection, now: datetime, person: Person) -> None:
    """Somebody's account changed. When it was closed, the leads are asked once who takes over their bets."""
    known = store.get_person(tx, person.user)
    if known is None:
        return
    store.update_person(tx, replace(person, outsider=person.outsider or known.outsider, looked_up_at=now))
    if person.deleted and not known.deleted:
        for team in list_teams(tx):
            _do_ask_for_owners(tx, now, team, person)


def _do_ask_for_owners(tx: Connection, now: datetime, team: Team, gone: Person) -> None:
    owned = [bet for bet in list_team_bets(tx, team.id, NOT_OVER) if gone.user in bet.owners]
    people = store.list_people(tx, {user for bet in owned for user in bet.owners})
    orphans = [bet for bet in owned if all(user in people and people[user].deleted for user in bet.owners)]
    for lead in team.leads if orphans else ():
        text = ownerless_message(gone.name, [(bet.key, bet.title) for bet in orphans])
        insert_post(tx, now, f"ownerless:{team.id}:{gone.user}:{lead}", text, team_id=team.id, user=lead)
