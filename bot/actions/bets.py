"""A bet's card in its team's channel: posted once, kept current, replaced when it is gone."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.scope_state import list_earlier_criteria
from bot.domain.bets import UNDER_WAY, is_ownerless
from bot.domain.first_evidence import days_to_first
from bot.domain.records import Bet, Team
from bot.domain.scope_state import ScopeState
from bot.render.bets import BetFacts, card_message
from bot.store import bets as store
from bot.store.checkins import list_confidences
from bot.store.first_evidence import list_first_shown
from bot.store.outbox import get_post, get_post_by_key, insert_post, update_message
from bot.store.people import list_left, list_names
from bot.store.scopes import list_states
from bot.store.teams import get_team

GOING_ON = ("idea", "scoped", "live", "paused")


def list_facts(tx: Connection, now: datetime, team: Team, bets: list[Bet], *, in_full: bool = True) -> list[BetFacts]:
    """The bets with what is said beside them, in the same order; a few queries for any number of them.

    What only a bet's card has room for is looked up `in_full` alone.
    """
    over = [bet.id for bet in bets if bet.status not in GOING_ON]
    endings = store.list_standing_decisions(tx, over) if over else {}
    states = list_states(tx, [bet.id for bet in bets])
    users = {user for bet in bets for user in (*bet.owners, bet.author)} | {end.by for end in endings.values()}
    users |= {state.reviewer for state in states.values() if state.reviewer}
    names = list_names(tx, users)
    numbers = list_confidences(tx, team, [bet.id for bet in bets], now)
    shown = list_first_shown(tx, [bet.id for bet in bets]) if in_full else {}
    left = list_left(tx, team.id) if len(over) < len(bets) else set()
    earlier = list_earlier_criteria(tx, [bet.id for bet in bets if bet.kill_criteria]) if in_full else {}
    unscoped = ScopeState()
    return [
        BetFacts(bet, now, team.zone, names, numbers[bet.id], endings.get(bet.id), states.get(bet.id, unscoped),
                 _days_to_first(bet, shown.get(bet.id), team.zone), earlier.get(bet.id, {}),
                 is_ownerless(bet, left))
        for bet in bets
    ]  # fmt: skip


def _days_to_first(bet: Bet, first: datetime | None, zone: str) -> int | None:
    return days_to_first(bet.started_at, first, zone) if bet.started_at and first else None


def do_post_card(tx: Connection, now: datetime, team: Team, bet: Bet) -> None:
    """Owes the channel the bet's card; its thread is the bet's home from then on."""
    _do_post_card(tx, now, team, bet, f"card:{bet.id}")


def card_of(tx: Connection, now: datetime, team: Team, bet: Bet) -> int | None:
    """The bet's thread; one that came in from elsewhere may have no card yet, and gets it now."""
    if bet.card_id is not None:
        return bet.card_id
    do_post_card(tx, now, team, bet)
    return store.get_bet(tx, bet.id).card_id


def _do_post_card(tx: Connection, now: datetime, team: Team, bet: Bet, key: str) -> None:
    card = _card(list_facts(tx, now, team, [bet])[0], key)
    store.update_card(tx, bet.id, insert_post(tx, now, key, card, team_id=team.id, channel=team.channel))


def _card(facts: BetFacts, key: str) -> dict[str, Any]:
    """The card as it should read now; one that stands for an earlier one says so."""
    return card_message(facts, goes_on=key != f"card:{facts.bet.id}")


def refresh_card(tx: Connection, now: datetime, bet_id: int) -> None:
    """Makes the card read what is true now; a bet without a card stays without."""
    bet = store.get_bet(tx, bet_id)
    _refresh(tx, now, get_team(tx, bet.team_id), [bet])


def do_refresh_cards(tx: Connection, now: datetime, team: Team) -> None:
    """Once a day: the day each running bet is in."""
    _refresh(tx, now, team, store.list_team_bets(tx, team.id, UNDER_WAY))


def _refresh(tx: Connection, now: datetime, team: Team, bets: list[Bet]) -> None:
    for facts in list_facts(tx, now, team, bets):
        post = get_post(tx, facts.bet.card_id) if facts.bet.card_id is not None else None
        if post:
            update_message(tx, now, post.id, _card(facts, post.key))


def do_replace_card(tx: Connection, now: datetime, bet_id: int) -> None:
    """The card or its thread is gone or locked: a new card says that the story goes on there."""
    bet = store.get_bet(tx, bet_id)
    number = 2
    while get_post_by_key(tx, f"card:{bet_id}:{number}"):
        number += 1
    _do_post_card(tx, now, get_team(tx, bet.team_id), bet, f"card:{bet_id}:{number}")
