"""Reading bets back: the team's list, and a bet's story from its first day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.actions.bets import list_facts
from bot.actions.demos import list_tried
from bot.actions.rights import may, refuse_unless
from bot.domain.answers import strip_note_prefix
from bot.domain.bets import ENDED, NOT_OVER
from bot.domain.calendar import Week
from bot.domain.numbers import decisions_hour, numbers_open
from bot.domain.predictions import PredictionSet
from bot.domain.records import Actor, Bet, Team, Update
from bot.domain.words import parse_confidence
from bot.render import bet_lists
from bot.render.bet_lists import Entry, page_of
from bot.render.ids import Act
from bot.render.kit import without
from bot.store import bets as store
from bot.store.cards import list_card_links
from bot.store.checkins import list_checkins
from bot.store.comparisons import list_hidden
from bot.store.history import list_history
from bot.store.people import list_names
from bot.store.predictions import list_sets
from bot.store.replies import list_notes
from bot.store.start_votes import KIND as START_VOTE
from bot.store.tables import checkins, history, prediction_sets, updates
from bot.store.updates import list_updates


def get_list(
    tx: Connection, now: datetime, actor: Actor, team: Team, everything: bool = False, page: int = 0
) -> dict[str, Any]:
    """One page of the team's bets: those that have not ended, or all."""
    refuse_unless(actor, team, "list")
    bets = store.list_team_bets(tx, team.id, (*NOT_OVER, *ENDED) if everything else NOT_OVER)
    page, pages = page_of(len(bets), bet_lists.LIST_PAGE, page)
    start = page * bet_lists.LIST_PAGE
    facts = list_facts(tx, now, team, bets[start : start + bet_lists.LIST_PAGE], in_full=False)
    shown = bet_lists.list_message(facts, page, pages, len(bets), team.id, everything)
    return shown if may(actor, team, "place") else without(shown, Act.NEW_BET)


def get_shown(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet) -> dict[str, Any]:
    """One bet in full. Only the asker sees it, so it has the buttons that are theirs."""
    refuse_unless(actor, team, "list")
    facts, tried = list_facts(tx, now, team, [bet])[0], list_tried(tx, [bet.id]).get(bet.id, "")
    shown = bet_lists.show_message(facts, tried, list_card_links(tx, [bet]).get(bet.id))
    others = [Act.SECOND_OPINION if actor.user in bet.owners else Act.CARD_ANSWER]
    if not may(actor, team, "edit", bet.owners):  # a guest, who gives no second opinion either
        others += [Act.SECOND_OPINION, Act.CARD_MORE]
    for act in others:
        shown = without(shown, act)
    return shown


def get_history(
    tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, page: int | None = None
) -> dict[str, Any]:
    """One page of the bet's story, the newest unless another is asked for."""
    refuse_unless(actor, team, "list")
    entries = list_entries(tx, now, actor, team, bet)
    page, pages = page_of(len(entries), bet_lists.HISTORY_PAGE, len(entries) if page is None else page)
    start = page * bet_lists.HISTORY_PAGE
    shown = entries[start : start + bet_lists.HISTORY_PAGE]
    owners = {user for entry in shown for side in (entry.before, entry.after) for user in _owners(side)}
    names = list_names(tx, owners | {entry.by for entry in shown})
    return bet_lists.history_message(bet, shown, names, team.zone, now, page, pages)


def _owners(side: Mapping[str, Any]) -> list[str]:
    owners = side.get("owners")
    return [user for user in owners if isinstance(user, str)] if isinstance(owners, list) else []


def list_entries(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet) -> list[Entry]:
    """Everything that happened to the bet, in order: changes, decisions, updates and saved notes."""
    # A blind vote stays blind: its result is in the packet.
    changes = list_history(tx, history.c.bet_id == bet.id, history.c.kind != START_VOTE)
    named = _list_named(tx, bet) if any(row.kind in bet_lists.OF_SETS for row in changes) else {}
    entries = [Entry(row.at, row.kind, row.by, row.before or {}, _after(row, named)) for row in changes]
    notes = list_notes(tx, [bet.id])
    entries += [
        Entry(heard.at, "note", heard.user or "", {}, {"text": strip_note_prefix(heard.text or "")}) for heard in notes
    ]
    rounds = {checkin.week: checkin for checkin in list_checkins(tx, checkins.c.team_id == team.id)}
    for update in list_updates(tx, updates.c.bet_id == bet.id):
        is_shown = update.user == actor.user or numbers_open(team, update.week, rounds, now)
        entries.append(_update_entry(update, None if is_shown else decisions_hour(team, Week.parse(update.week))))
    return sorted(entries, key=lambda entry: entry.at)


def _list_named(tx: Connection, bet: Bet) -> dict[Any, PredictionSet]:
    """The bet's prediction sets that may be named now, by id."""
    hidden = list_hidden(tx, bet.id)
    return {one.id: one for one in list_sets(tx, prediction_sets.c.bet_id == bet.id) if one.id not in hidden}


def _after(row: Row[Any], named: Mapping[Any, PredictionSet]) -> dict[str, Any]:
    """What a change brought; a prediction set, which it knows by id alone, with its label."""
    after: dict[str, Any] = row.after or {}
    if row.kind not in bet_lists.OF_SETS:
        return after
    found = next((one for set_id, one in named.items() if set_id == after.get("set")), None)
    metric = found.metric.typed if found and found.metric and row.kind == "prediction_metric" else None
    return {"label": found.label if found else None, "metric": metric}


def _update_entry(update: Update, opens_at: datetime | None) -> Entry:
    """One answer; words that state a number wait, as the number does, until `opens_at`."""
    kept = ("week", "text", "blocked_by", "second_opinion", "confidence", "version", "deleted")
    after: dict[str, Any] = {name: getattr(update, name) for name in kept}
    if opens_at:
        states = parse_confidence(update.text or "") is not None
        after |= {"confidence": None} | ({"text": None, "opens_at": opens_at} if states else {})
    return Entry(update.created_at, "update", update.user, {}, after)
