"""The home tab: what waits for a person, their bets, what they may still judge, and whether they are away."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.bets import list_facts
from bot.actions.reminders import list_owed
from bot.actions.waiting import get_waiting
from bot.domain.bets import NOT_OVER
from bot.domain.calendar import week_of
from bot.domain.records import Team
from bot.domain.zones import describe_instant, local_date
from bot.render.bets import BetFacts
from bot.render.home import Ballot, HomePart, home_view
from bot.store.bets import list_bets_by_id, list_owned_bets, list_team_bets
from bot.store.cards import list_card_links
from bot.store.checkins import get_newest_checkin
from bot.store.open_votes import list_open_votes
from bot.store.outbox import get_post_by_key, update_home
from bot.store.people import get_person, list_absences, list_team_ids
from bot.store.teams import list_teams


def do_hear_home(tx: Connection, now: datetime, event: dict[str, Any], bot_user: str) -> None:
    """Somebody opened the home tab."""
    if event.get("tab") == "home":
        update_home(tx, now, str(event["user"]), get_home(tx, now, str(event["user"])))


def do_refresh_home(tx: Connection, now: datetime, user: str) -> None:
    """Keeps the home tab true after an act of that person, if they ever opened it."""
    post = get_post_by_key(tx, f"home:{user}")
    if post is None:
        return
    view = get_home(tx, now, user)
    if view != post.payload:
        update_home(tx, now, user, view)


def get_home(tx: Connection, now: datetime, user: str) -> dict[str, Any]:
    """The person's home tab as it should read now."""
    mine = list_team_ids(tx, user)
    parts = [_part(tx, now, team, user) for team in list_teams(tx) if team.id in mine]
    cards = list_card_links(tx, [bet for part in parts for bet in part.list_bets()])
    return home_view([replace(part, cards=cards) for part in parts])


def _part(tx: Connection, now: datetime, team: Team, user: str) -> HomePart:
    checkin = get_newest_checkin(tx, team.id)
    unanswered, unsure = list_owed(tx, checkin, user) if checkin and not checkin.closed_at else ([], [])
    bets = [bet for bet in list_owned_bets(tx, user, NOT_OVER) if bet.team_id == team.id]
    person = get_person(tx, user)
    today = local_date(now, (person and person.zone) or team.zone)
    away = [absence for absence in list_absences(tx, team.id, today, date.max) if absence.user == user]
    facts = list_facts(tx, now, team, bets)
    guest = person is not None and person.limited
    waiting = get_waiting(tx, team.id, user, week_of(now, team.zone))
    return HomePart(
        team_id=team.id,
        channel=team.channel,
        unanswered=unanswered,
        unsure=unsure,
        bets=facts,
        away_until=max((absence.last for absence in away if absence.first <= today), default=None),
        planned=[(absence.first, absence.last) for absence in away if absence.first > today],
        is_lead=user in team.leads,
        paused=team.paused_at is not None,
        paused_until=team.paused_until,
        undecided=[] if guest else _list_undecided(tx, now, team, user, facts),
        may_place=not guest,
        sign_offs=waiting.sign_offs,
        due=waiting.due,
        ballots=[] if guest else _list_ballots(tx, now, team, user),
    )


def _list_ballots(tx: Connection, now: datetime, team: Team, user: str) -> list[Ballot]:
    found = list_open_votes(tx, now, team.id, user)
    bets = {bet.id: bet for bet in list_bets_by_id(tx, {one.bet_id for one in found})}
    return [
        Ballot(bets[one.bet_id], one.blind, one.in_thread, describe_instant(one.closes_at, team.zone)) for one in found
    ]


def _list_undecided(tx: Connection, now: datetime, team: Team, user: str, mine: list[BetFacts]) -> list[BetFacts]:
    """The bets that lapsed, or whose appetite is spent, about which this person may decide."""
    if user in team.leads:
        mine = list_facts(tx, now, team, list_team_bets(tx, team.id, ("live", "lapsed")))
    elif team.deciders == "leads":
        return []
    return [one for one in mine if one.bet.status == "lapsed" or (one.bet.status == "live" and one.is_spent)]
