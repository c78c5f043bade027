"""Friday's scope prompt: what it says to a team, and who has answered that nothing new is begun."""

from datetime import datetime

from sqlalchemy import Connection

from bot.actions.asof import put_back
from bot.actions.rails import may_prompt_new_work
from bot.actions.rights import refuse_unless
from bot.domain.calendar import week_of
from bot.domain.records import Actor, Team
from bot.domain.scope_state import weeks_running
from bot.render.scope_prompt import ScopePrompt
from bot.store.bets import list_team_bets
from bot.store.history import insert_team_history, list_history
from bot.store.scopes import list_locked_by
from bot.store.tables import history

NOTHING_NEW = "nothing_new"
# What a bet that was live once, and not by mistake, may be now.
EVER_LIVE = ("live", "paused", "lapsed", "shipped", "killed")


def get_scope_prompt(tx: Connection, at: datetime, team: Team) -> ScopePrompt:
    """The bets that were live at `at` without a locked scope, the oldest first; no call for new work where there were
    too many of them for the team."""
    known = [bet for bet in list_team_bets(tx, team.id, EVER_LIVE) if bet.started_at and bet.started_at <= at]
    live = [bet for bet in put_back(tx, team, known, at) if bet.status == "live"]
    locked = list_locked_by(tx, [bet.id for bet in live], at)
    aged = [(bet, weeks_running(bet, at)) for bet in live if bet.id not in locked]
    rail = may_prompt_new_work(tx, team, len(live))
    return ScopePrompt(team.id, sorted(aged, key=lambda one: (-one[1], one[0].number)), rail.text if rail else "")


def do_note_nothing_new(tx: Connection, now: datetime, actor: Actor, team: Team) -> bool:
    """Keeps that this person begins nothing new, once a week; returns whether it was kept already."""
    refuse_unless(actor, team, "place")
    week = week_of(now, team.zone).label
    mine = (history.c.team_id == team.id, history.c.kind == NOTHING_NEW, history.c.by == actor.user)
    if any(row.after["week"] == week for row in list_history(tx, *mine)):
        return True
    insert_team_history(tx, now, team, NOTHING_NEW, actor.user, after={"week": week})
    return False
