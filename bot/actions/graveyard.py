"""Reading what dead bets have taught, in every team whose channel the asker is in."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from bot.actions.rights import may, refuse_unless
from bot.domain.appetite import weeks_run_ever
from bot.domain.graveyard import words_of
from bot.domain.records import Actor, Bet, Decision, Team
from bot.domain.words import parse_key
from bot.render.bet_lists import page_of
from bot.render.graveyard import PAGE, Grave, graveyard_message
from bot.store import graveyard as store
from bot.store.bets import get_bet_by_number, list_bets_by_id, list_standing_decisions, list_standing_kills
from bot.store.people import list_names
from bot.store.teams import list_teams

# More than anybody pages through; a search that finds more should have more words.
MOST = 300
MOST_SIMILAR = 3


def get_graveyard(
    tx: Connection, actor: Actor, team: Team, typed: str = "", page: int = 0, *, alone: bool = False
) -> dict:
    """One page of the dead bets of the asker's teams, or of `team` alone: newest first, or those that the words fit,
    best first."""
    refuse_unless(actor, team, "list")
    words, teams = " ".join(words_of(typed)), {team.id: team} if alone else _readable(tx, actor)
    found = _find(tx, teams, typed, words) if typed.strip() else store.list_dead(tx, teams)
    page, pages = page_of(len(found), PAGE, page)
    graves = list_graves(tx, found[page * PAGE : (page + 1) * PAGE])
    shown = words or " ".join(typed.split())
    return graveyard_message(graves, page, pages, len(found), shown, team.id, team.channel, alone=alone)


def _find(tx: Connection, teams: Collection[int], typed: str, words: str) -> list[int]:
    """The dead bet of that key, where a key was typed and is one's; else what the words fit."""
    number = parse_key(typed.strip())
    bet = get_bet_by_number(tx, number) if number is not None else None
    if bet and bet.team_id in teams and bet.status == "killed":
        return [bet.id]
    return store.search(tx, teams, words, MOST)


def get_similar(
    tx: Connection, actor: Actor, title: str, problem: str, hypothesis: str, apart: int | None = None
) -> list[Grave]:
    """At most three bets of the asker's teams that were killed, shipped or lapsed and resemble a new one enough to be
    worth reading, best first; `apart` from the bet itself."""
    found = store.list_similar(tx, _readable(tx, actor), title, problem, hypothesis, MOST_SIMILAR + 1, True)
    return list_graves(tx, [bet_id for bet_id in found if bet_id != apart][:MOST_SIMILAR])


def _readable(tx: Connection, actor: Actor) -> dict[int, Team]:
    return {team.id: team for team in list_teams(tx) if may(actor, team, "list")}


def list_graves(tx: Connection, bet_ids: Iterable[int]) -> list[Grave]:
    """The killed, shipped or lapsed bets of these ids with what is told of them, in the same order."""
    order = list(bet_ids)
    bets = {bet.id: bet for bet in list_bets_by_id(tx, order)}
    other = [bet_id for bet_id, bet in bets.items() if bet.status != "killed"]
    ends = list_standing_kills(tx, order) | list_standing_decisions(tx, other)
    names = list_names(tx, {end.by for end in ends.values()})
    teams = {team.id: team for team in list_teams(tx)}

    def grave(bet: Bet, end: Decision | None) -> Grave:
        team, by = teams[bet.team_id], end.by if end else ""
        return Grave(bet, end, names.get(by, by), _weeks(bet, team), team.channel, team.zone)

    return [grave(bets[bet_id], ends.get(bet_id)) for bet_id in order]


def _weeks(bet: Bet, team: Team) -> float | None:
    """How long the bet ran, all its appetites together, pauses not counted."""
    if bet.appetite_started_at is None or bet.ended_at is None:
        return None
    return weeks_run_ever(bet, bet.ended_at, team.zone)
