"""Guard rails of the portfolio: what a doubling would touch, and what is said in a bet's thread about its people."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.actions.asof import View
from bot.domain.bets import appetite_people_weeks, without_left
from bot.domain.calendar import week_of
from bot.domain.rails import Rail, concentration, doubling_is_rare, lone_researcher, split_team, too_scattered
from bot.domain.records import Bet, Team
from bot.domain.scope_state import weeks_running
from bot.domain.zones import local_instant
from bot.render.rails import alone_message, split_message
from bot.store.bets import list_doubled, list_team_bets
from bot.store.evidence import Answer
from bot.store.occurrences import insert_occurrence, list_done
from bot.store.outbox import insert_post
from bot.store.people import count_heads, list_names

# What was said in a thread is not said again for so long; numbers older than three weeks are no disagreement.
QUIET, FRESH = timedelta(weeks=4), timedelta(weeks=3)


def list_touched(tx: Connection, team: Team, bet: Bet, kind: str, weeks: int) -> list[Rail]:
    """Each rail that a new appetite of so many weeks would touch, by doubling down (`double`) or by betting again on
    more than before (`rebet`)."""
    if kind != "double" and (kind != "rebet" or weeks <= bet.appetite_weeks):
        return []
    live = list_team_bets(tx, team.id, ("live",))
    others = [one for one in live if one.id != bet.id]
    planned = bet.appetite_people_weeks or 1.0
    factor = appetite_people_weeks(weeks, len(bet.owners)) / planned
    doubled = list_doubled(tx, [one.id for one in others])
    deed = "Doubling this" if kind == "double" else f"An appetite of {weeks} weeks"
    found = [concentration(planned, [one.appetite_people_weeks for one in others], team.maturity, factor, deed)]
    if kind == "double":
        found.append(doubling_is_rare(len(doubled), len(live)))
    return [rail for rail in found if rail]


def may_prompt_new_work(tx: Connection, team: Team, live: int) -> Rail | None:
    """None if a team with so many live bets may be asked for new work; else the rail against it: more than it has heads
    for."""
    return too_scattered(live, count_heads(tx, team.id), team.maturity)


def do_say_rails(tx: Connection, now: datetime, view: View) -> None:
    """In the threads of live bets: two owners far apart are asked to talk, and in a young team one who is alone is told
    so; each at most every four weeks."""
    names = list_names(tx, {user for bet in view.live for user in bet.owners})
    for bet in view.live:
        sides = _sides(view, bet, now)
        if split_team({user: float(one.confidence or 0) for user, one in sides.items()}):
            ends = sorted(sides, key=lambda user: (-(sides[user].confidence or 0), user))
            told = [
                (user, names.get(user, user), sides[user].confidence or 0, sides[user].text or "")
                for user in (ends[0], ends[-1])
            ]
            _do_say(tx, now, view.team, bet, "split", split_message(bet, told))
        rail = lone_researcher(names.get(bet.owners[0], bet.owners[0]), weeks_running(bet, now), view.team.maturity)
        if len(bet.owners) == 1 and bet.owners[0] not in view.known.gone and rail and rail.place == "thread":
            _do_say(tx, now, view.team, bet, "alone", alone_message(bet, rail.text))


def _sides(view: View, bet: Bet, now: datetime) -> dict[str, Answer]:
    """Each owner's newest open number, as far as it is fresh and they are there to talk about it."""
    given = (one for one in view.answers(bet) if one.confidence is not None and now - one.created_at <= FRESH)
    here = without_left(bet, view.known.gone).owners
    return {one.user: one for one in given if one.user in here}


def _do_say(tx: Connection, now: datetime, team: Team, bet: Bet, kind: str, message: dict[str, Any]) -> None:
    monday = week_of(now, team.zone).monday
    said = list_done(tx, team.id, monday - QUIET + timedelta(days=1))
    if any(key[:2] == (kind, str(bet.id)) for key in said) or bet.card_id is None:
        return
    due = local_instant(monday, team.times["decisions"], team.zone)
    if insert_occurrence(tx, now, team.id, kind, str(bet.id), monday, due):
        guard = {"if": "bet_is", "bet": bet.id, "statuses": ["live"]}
        key = f"{kind}:{bet.id}:{monday.isoformat()}"
        insert_post(tx, now, key, message, team_id=team.id, channel=team.channel, parent_id=bet.card_id, guard=guard)
