"""What a summary says of the portfolio as a whole, and of advice that waits for a decision."""

from datetime import datetime

from sqlalchemy import Connection

from bot.actions.first_evidence import get_note
from bot.actions.rails import may_prompt_new_work
from bot.domain.bets import NOT_STARTED
from bot.domain.corrections import find_corrections
from bot.domain.portfolio import (
    begun_note,
    explore_note,
    kill_note,
    kinds_note,
    lone_workers,
    unscoped_note,
    untested_note,
)
from bot.domain.rails import lone_researcher, same_area
from bot.domain.records import Bet, Team
from bot.domain.scope_state import weeks_running
from bot.domain.summary import Line, advised_reason
from bot.domain.zones import describe_date, local_date
from bot.store.bets import list_kill_days, list_team_bets
from bot.store.nudges import list_nudges
from bot.store.scope_tables import assumptions
from bot.store.scopes import get_oldest_untested, list_assumptions, list_kind_stats, list_locks
from bot.store.tables import nudges

MOST_ALONE = 3


def list_notes(tx: Connection, now: datetime, team: Team, live: list[Line]) -> tuple[str, ...]:
    """A sentence for each rail that is told in the summary, and the figures of exploring and stopping; `live` are the
    lines of the team's live bets."""
    found = [explore_note([(line.bet, line.spent) for line in live]), get_note(tx, team, [line.bet for line in live])]
    found.append(kill_note(list_kill_days(tx, team.id)))
    found += _list_scope_notes(tx, now, team, live)
    rails = [same_area([(line.bet.area, line.spent_appetite) for line in live], team.maturity)]
    rails.append(may_prompt_new_work(tx, team, len(list_team_bets(tx, team.id, ("live",)))))
    # Those whom the portfolio's sentence counts: who shares another bet has somebody to see their errors. But for those
    # whom the other owners left behind, since it is not known for how long they have been alone.
    lone = lone_workers([line.bet for line in live if not line.ownerless])
    alone = [line for line in live if set(line.bet.owners) & set(lone)]
    told = [
        lone_researcher(line.owners[0], weeks_running(line.bet, now), team.maturity, line.bet.key) for line in alone
    ]
    rails += [rail for rail in told if rail and rail.place == "summary"][:MOST_ALONE]
    return tuple(note for note in found if note) + tuple(rail.text for rail in rails if rail)


def _list_scope_notes(tx: Connection, now: datetime, team: Team, live: list[Line]) -> list[str]:
    """What runs without a scope, what was never looked at, and which kinds of assumptions break."""
    ids = [line.bet.id for line in live]
    locks, oldest = list_locks(tx, ids), get_oldest_untested(tx, ids)
    unscoped = [(line.bet.key, weeks_running(line.bet, now)) for line in live if line.bet.id not in locks]
    begun = list_team_bets(tx, team.id, NOT_STARTED)
    found = [unscoped_note(unscoped, len(live)), begun_note([bet.key for bet in begun])]
    if oldest:
        assumption, since = oldest
        key = next(line.bet.key for line in live if line.bet.id == assumption.bet_id)
        found.append(untested_note(assumption.text, key, (now - since).days))
    return [*found, kinds_note(list_kind_stats(tx, team.id))]


def list_advised(tx: Connection, team: Team, bets: list[Bet], for_lead: bool) -> dict[int, tuple[int, str]]:
    """Each bet's newest advice that nobody has acted on, as a reason to look with its rank; what only a lead is told,
    for a lead alone."""
    of_these = {bet.id: bet for bet in bets}
    found = list_nudges(tx, nudges.c.bet_id.in_(of_these), nudges.c.answer == "none")
    newest = {nudge.bet_id: nudge for nudge in found if nudge.posted_at is not None or for_lead}
    rests_on = list_assumptions(tx, assumptions.c.bet_id.in_(newest))
    advised = {}
    for bet_id, nudge in newest.items():
        mine = [one for one in rests_on if one.bet_id == bet_id]
        withdrawn = find_corrections(nudge, of_these[bet_id].kill_criteria, mine).hard
        day = describe_date(local_date(nudge.created_at, team.zone))
        advised[bet_id] = advised_reason(nudge, day, withdrawn)
    return advised
