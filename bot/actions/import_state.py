"""What an import knows while it runs: where rows go, and what the rows before them were called."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Table, select

from bot.actions import import_fields as f
from bot.actions.import_fields import Follows, Values
from bot.domain.errors import Refusal
from bot.domain.records import Team
from bot.domain.words import parse_key
from bot.store import bets as bet_store
from bot.store import tables as t


@dataclass
class Import:
    """What is being taken in: where its rows go, what is known by name so far, and what was wrong."""

    tx: Connection
    now: datetime
    only: frozenset[str]
    # Each with its file and line.
    problems: list[tuple[str, int, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    # Every row is here already, as it stands in the files.
    repeated: bool = False
    teams: dict[str, Team] = field(default_factory=dict)
    bets: dict[str, int] = field(default_factory=dict)
    # What has an id of its own, from the one in the file to the one here.
    decisions: dict[int, int] = field(default_factory=dict)
    nudges: dict[int, int] = field(default_factory=dict)
    criteria: dict[int, int] = field(default_factory=dict)
    assumptions: dict[int, int] = field(default_factory=dict)
    sets: dict[int, int] = field(default_factory=dict)
    sample_rounds: dict[int, int] = field(default_factory=dict)
    draws: dict[int, int] = field(default_factory=dict)
    samples: dict[int, int] = field(default_factory=dict)
    # Updates of which versions came.
    said: set[int] = field(default_factory=set)
    killed: list[int] = field(default_factory=list)
    cards: list[int] = field(default_factory=list)
    # Channels and keys of rows that were refused.
    broken: set[str] = field(default_factory=set)


def free_id(state: Import, table: Table, values: Values) -> dict[str, int]:
    """The row's own id, where nobody has it here."""
    wanted = values.get("id")
    if not isinstance(wanted, int) or isinstance(wanted, bool) or not 0 < wanted < 2**62:
        return {}
    taken = state.tx.execute(select(table.c.id).where(table.c.id == wanted)).first()
    return {} if taken else {"id": wanted}


def team_of(state: Import, values: Values) -> Team:
    channel = f.text_or_none(values, "team")
    if channel is None and len(state.only) == 1:
        channel = next(iter(state.only))
    if channel is None and len(state.teams) == 1:
        return next(iter(state.teams.values()))
    if channel is None:
        raise Refusal("it does not say which team it belongs to: give one with --team CHANNEL.")
    if channel in state.broken:
        raise Follows
    if channel not in state.teams:
        raise Refusal(
            f"there is no team {channel[:40]}: import teams.jsonl with it, or run `bets team add {channel[:40]}` first."
        )
    return state.teams[channel]


def bet_of(state: Import, values: Values) -> int:
    name = (f.text_or_none(values, "bet") or "").strip()
    if name not in state.bets:
        state.bets[name] = _find_bet(state, name)
    return state.bets[name]


def _find_bet(state: Import, name: str) -> int:
    number = parse_key(name)
    if name in state.broken or (number is not None and f"B-{number}" in state.broken):
        raise Follows
    found = bet_store.get_bet_by_number(state.tx, number) if number is not None else None
    if found is not None:
        return found.id
    teams = [team.id for channel, team in state.teams.items() if not state.only or channel in state.only]
    titled = bet_store.list_bets(state.tx, t.bets.c.title == name, t.bets.c.team_id.in_(teams))
    if len(titled) == 1:
        return titled[0].id
    if titled:
        raise Refusal(f"{len(titled)} bets are called '{name[:60]}': name its key.")
    raise Refusal(f"there is no bet '{name[:60]}': name its key or its exact title.")
