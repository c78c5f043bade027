"""Keeps messages true after answers, decisions and changes of a scope: these only note what shows them, so that it
costs nobody any time, and many at once are one refresh."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from bot.actions.bets import refresh_card
from bot.actions.checkins import refresh_week
from bot.actions.comparisons import refresh_comparison
from bot.actions.home import do_refresh_home
from bot.actions.reminders import refresh_reminder
from bot.actions.samples import refresh_round
from bot.actions.scope_posts import do_show_scope, refresh_scope
from bot.domain.records import Team, Update
from bot.store.bets import get_bet
from bot.store.checkins import get_checkin_of_week
from bot.store.scopes import get_scope, list_standing
from bot.store.stale import delete_stale, insert_stale, list_stale
from bot.store.teams import get_team


def refresh_after(tx: Connection, team_id: int, update: Update) -> None:
    """Notes everything that shows this update, or that it is there."""
    notes = [f"week:{team_id}:{update.week}", f"card:{team_id}:{update.week}:{update.bet_id}"]
    insert_stale(tx, *notes, *([] if update.second_opinion else [f"reminder:{team_id}:{update.user}"]))


def refresh_owners(tx: Connection, team_id: int, before: Iterable[str], after: Iterable[str]) -> None:
    """Notes the reminders of those who own a bet now and did not before, or the other way round."""
    insert_stale(tx, *(f"reminder:{team_id}:{user}" for user in set(before) ^ set(after)))


def do_refresh_stale(tx: Connection, now: datetime) -> None:
    """Makes everything that was noted read what is true now."""
    for note in list_stale(tx):
        kind, team_id, *rest = note.split(":")
        team = get_team(tx, int(team_id))
        if kind == "week":
            refresh_week(tx, now, team, rest[0])
        elif kind == "scope":
            _do_show_scope(tx, now, team, int(rest[0]), posts=rest[1] == "post")
        elif kind == "card":
            _refresh_card(tx, now, team, *rest)
        elif kind == "samples":
            refresh_round(tx, now, int(rest[0]))
        elif kind == "comparison":
            refresh_comparison(tx, now, int(rest[0]))
        else:
            refresh_reminder(tx, now, team, rest[0])
    delete_stale(tx)


def _do_show_scope(tx: Connection, now: datetime, team: Team, bet_id: int, *, posts: bool) -> None:
    """The thread, and what tells each of the bet's people what waits for them."""
    (do_show_scope if posts else refresh_scope)(tx, now, bet_id)
    scope, standing = get_scope(tx, bet_id), list_standing(tx, [bet_id]).get(bet_id, [])
    reviewer = scope.doc.reviewer if scope else ""
    people = {*get_bet(tx, bet_id).owners, reviewer, *(one.owner for one in standing)}
    for user in sorted(user for user in people if user):
        refresh_reminder(tx, now, team, user)
        do_refresh_home(tx, now, user)


def _refresh_card(tx: Connection, now: datetime, team: Team, week: str, bet_id: str) -> None:
    checkin = get_checkin_of_week(tx, team.id, week)
    if checkin is not None and checkin.open_numbers_at is not None:
        refresh_card(tx, now, int(bet_id))
