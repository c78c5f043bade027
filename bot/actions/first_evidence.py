"""Asks a bet that has shown nothing for samples, however bad; what is shown then answers it (`do_note_evidence`)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.bets import card_of
from bot.domain.bets import day_of, days_total
from bot.domain.first_evidence import (
    NO_SAMPLES,
    days_to_first,
    first_evidence_note,
    may_ask,
    third_of,
)
from bot.domain.records import Bet, Team
from bot.domain.zones import local_date
from bot.render.first_evidence import evidence_text, samples_wanted_message
from bot.store import nudges as store
from bot.store.bets import list_team_bets
from bot.store.first_evidence import list_first_shown, list_starts
from bot.store.outbox import insert_post
from bot.store.people import list_away, list_left
from bot.store.predictions import list_ready
from bot.store.tables import nudges


def do_ask_for_samples(tx: Connection, now: datetime, team: Team) -> int:
    """In the thread of each live bet that has brought no samples by a third of its appetite: a request for some, once a
    third and at most every three weeks. Returns how many messages that are."""
    live = list_team_bets(tx, team.id, ("live",))
    ids = [bet.id for bet in live]
    some = {*list_first_shown(tx, ids), *list_ready(tx, ids)}
    away = list_away(tx, team, local_date(now, team.zone)) | list_left(tx, team.id)
    return sum(_do_ask(tx, now, team, bet, away) for bet in live if bet.id not in some)


def _do_ask(tx: Connection, now: datetime, team: Team, bet: Bet, away: set[str]) -> bool:
    day, total = day_of(bet, now, team.zone), days_total(bet, team.zone)
    third, owners = third_of(day, total), [user for user in bet.owners if user not in away]
    asks = store.list_nudges(tx, nudges.c.bet_id == bet.id, nudges.c.advice == "ask")
    # Where everybody is away, or has left, nobody could answer: they are asked when they are back.
    if not owners or not may_ask(third, asks, bet.appetite_started_at or bet.created_at, now):
        return False
    why = {"code": NO_SAMPLES, "points": 0.0, "text": f"{evidence_text(day, total)}.", "third": third}
    nudge = store.insert_nudge(tx, now, bet.id, "ask", [why], [])
    guard = {"if": "nudge_open", "nudges": [nudge]}
    where: dict[str, Any] = {"team_id": team.id, "channel": team.channel, "parent_id": card_of(tx, now, team, bet)}
    message = samples_wanted_message(bet, day, total, owners)
    post = insert_post(tx, now, f"samples_wanted:{nudge}", message, **where, guard=guard)
    store.update_nudge(tx, nudge, posted_at=now, outbox_id=post)
    return True


def get_note(tx: Connection, team: Team, live: list[Bet]) -> str:
    """How soon the team's bets show something, for its summary."""
    starts = list_starts(tx, team.id)
    first = list_first_shown(tx, starts)
    days = [days_to_first(starts[bet_id], at, team.zone) for bet_id, at in first.items()]
    return first_evidence_note(days, sum(bet.id not in first for bet in live))
