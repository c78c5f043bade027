"""Takes in what an export wrote, or simple CSV rows: all or nothing, every bad row with its line.

Ids are kept where they are free, so that a database that is exported, imported and exported again reads the same.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from bot.actions import import_fields as f
from bot.actions.bets import do_post_card
from bot.actions.import_fields import Follows, Values
from bot.actions.import_state import Import, bet_of, free_id, team_of
from bot.actions.importing_bets import take_bet, take_decision, take_nudge, take_simple_bet
from bot.actions.importing_comparisons import take_comparison
from bot.actions.importing_predictions import take_sample, take_set, take_vote
from bot.actions.importing_scopes import take_assumption, take_scope
from bot.actions.importing_updates import take_checkin, take_note, take_simple_update, take_update, take_version
from bot.actions.teams import PLAIN
from bot.domain.errors import Refusal
from bot.domain.records import Person
from bot.domain.teams import KEYS, default_settings, read_settings
from bot.domain.words import clip
from bot.holidays import find_country
from bot.store import bets as bet_store
from bot.store import people as people_store
from bot.store import tables as t
from bot.store import teams as team_store
from bot.store.exporting import KINDS, list_rows
from bot.store.graveyard import refresh_grave
from bot.store.updates import update_sources

# Whoever acts is looked up in Slack again first.
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

_STRANGE = "a value is not as an export writes it."
_HERE = "what it tells is here already: leave the row out."

Rows = list[tuple[str, str, int, Values]]


def do_import(tx: Connection, now: datetime, rows: Rows, only: frozenset[str] = frozenset()) -> Import:
    """Stores rows of (kind, file, line, values); `only` these channels, or all.

    The caller rolls back when `problems` is not empty; where all of it is `repeated`, nothing is stored. Cards of bets
    that are under way are owed to their channel and go out at the usual pace; ended bets get none.
    """
    state = Import(tx, now, only, teams={team.channel: team for team in team_store.list_teams(tx)})
    _refuse_unknown_teams(state, rows)
    order = list(_TAKE)
    rows = [row for row in rows if not only or "team" not in row[3] or row[3]["team"] in [*only]]
    if _is_here(state, rows):
        state.repeated = True
        return state
    for kind, file, line, values in sorted(rows, key=lambda row: order.index(row[0])):
        state.problems += [(file, line, problem) for problem in _take(state, kind, values)]
    if not state.problems:
        _finish(state)
    return state


def _refuse_unknown_teams(state: Import, rows: Rows) -> None:
    """Refused before any row is looked at, where `--team` names one that is neither here nor comes with the files."""
    coming = {str(values.get("channel")) for kind, _, _, values in rows if kind == "teams"}
    if unknown := state.only - set(state.teams) - coming:
        name = clip(min(unknown), 40)
        raise Refusal(f"There is no team {name}: `bets team list` shows them, and `bets team add {name}` sets one up.")


def _is_here(state: Import, rows: Rows) -> bool:
    """Whether an export of now would write every one of these rows: then it was imported before, or came from here."""
    kinds = {kind for kind, *_ in rows}
    if not kinds or not state.teams or not kinds <= {*KINDS}:
        return False
    ids = [team.id for team in state.teams.values()]
    for kind in sorted(kinds):
        here = {_as_text(row) for row in list_rows(state.tx, kind, ids)}
        if not all(_as_text(values) in here for one, _, _, values in rows if one == kind):
            return False
    return True


def _as_text(values: Values) -> str:
    return json.dumps(values, sort_keys=True)


def _take(state: Import, kind: str, values: Values) -> list[str]:
    """Stores one row; returns what is wrong with it."""
    try:
        if kind != "teams" and f.text_or_none(values, "team") in state.broken:
            raise Follows
        _TAKE[kind](state, values)
    except Refusal as refusal:
        problems = list(refusal.fields.values()) or [refusal.message]
    except IntegrityError as error:
        problems = [_HERE if "unique" in str(error.orig).casefold() else _STRANGE]
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError):
        problems = [_STRANGE]
    except Follows:
        return []
    else:
        name = kind.removeprefix("simple_")
        state.counts[name] = state.counts.get(name, 0) + 1
        return []
    state.broken |= {str(values[name]) for name in ("channel", "key", "title") if values.get(name)}
    return problems


def _finish(state: Import) -> None:
    """Single versions for updates that came without any, whose words the others have, the graveyard's text, and the
    cards that are owed."""
    names = ("text", "confidence", "days", "blocked_by", "source", "version")
    has_one = select(t.update_versions.c.update_id)
    for row in state.tx.execute(select(t.updates).where(t.updates.c.id.not_in(has_one))).all():
        values = {name: row._mapping[name] for name in names}
        state.tx.execute(insert(t.update_versions).values(**values, update_id=row.id, at=row.created_at))
    update_sources(state.tx, state.said)
    for bet_id in state.killed:
        refresh_grave(state.tx, bet_id)
    for bet_id in state.cards:
        bet = bet_store.get_bet(state.tx, bet_id)
        do_post_card(state.tx, state.now, team_store.get_team(state.tx, bet.team_id), bet)


def _take_team(state: Import, values: Values) -> None:
    channel = f.text(values, "channel")
    if channel in state.teams:
        raise Refusal(f"the team {channel} exists already: import into a database without it.")
    typed: Values = {key: f.text(values, key) for key in KEYS if key in values and key != "leads"}
    # First the hours, then the days: giving an hour turns a line on that its day may turn off again.
    typed = dict(sorted(typed.items(), key=lambda item: item[0].endswith("_day")))
    if values.get("leads"):  # a team that an operator set up may have none
        typed |= {"leads": f.users(values, "leads")}
    settings = read_settings(typed, default_settings("UTC"), find_country)
    row: Values = {name: getattr(settings, name) for name in PLAIN}
    row |= {"leads": list(settings.leads), "set_up_by": f.text_or_none(values, "set_up_by")}
    row |= {"paused_at": f.instant(values, "paused_at"), "paused_until": f.day(values, "paused_until")}
    # What was due before it came here is not made up.
    row |= {"set_up_at": f.instant(values, "set_up_at") or state.now, "active_since": state.now}
    row |= free_id(state, t.teams, values)
    team_id = team_store.insert_team(state.tx, channel, settings.days, settings.times, **row)
    state.teams[channel] = team_store.get_team(state.tx, team_id)


def _take_member(state: Import, values: Values) -> None:
    team, user = team_of(state, values), f.user(values, "user")
    name, zone = f.text_or_none(values, "name"), f.text_or_none(values, "zone")
    if name and people_store.get_person(state.tx, user) is None:
        person = Person(user, name, zone, f.flag(values, "guest"), f.flag(values, "outsider"),
                        f.flag(values, "deactivated"), f.flag(values, "bot"))  # fmt: skip
        people_store.update_person(state.tx, person)
    people_store.update_membership(state.tx, LONG_AGO, team.id, user, f.flag(values, "present"))


def _take_absence(state: Import, values: Values) -> None:
    row: Values = {"team_id": team_of(state, values).id, "user": f.user(values, "user"), "by": f.text(values, "by")}
    row |= {"first": f.day_of(values, "first"), "last": f.day_of(values, "last")}
    if row["last"] < row["first"]:
        raise Refusal("the absence ends before it begins: mend `first` or `last`.")
    row |= {"created_at": f.instant_of(values, "created_at"), "ended_at": f.instant(values, "ended_at")}
    state.tx.execute(insert(t.absences).values(**row, **free_id(state, t.absences, values)))


def _take_history(state: Import, values: Values) -> None:
    kept_elsewhere = {"update_version": take_version, "note": take_note, "checkin": take_checkin}
    kind = f.text(values, "kind")
    if kind in kept_elsewhere:
        kept_elsewhere[kind](state, values)
        return
    row: Values = {"kind": kind, "before": _side(state, kind, values, "before")}
    row["after"] = _side(state, kind, values, "after")
    row |= {"subject": f.text(values, "subject"), "by": f.text(values, "by"), "at": f.instant_of(values, "at")}
    row |= {"team_id": team_of(state, values).id, "bet_id": bet_of(state, values) if values.get("bet") else None}
    state.tx.execute(insert(t.history).values(**row, **free_id(state, t.history, values)))


def _side(state: Import, kind: str, values: Values, side: str) -> Any:
    """What was `before` or `after`; where it names another row, that row may have another id here."""
    found = f.get(values, side)
    name, kinds = _REFERS.get(kind, ("", ""))
    if not isinstance(found, dict) or name not in found:
        return found
    ids: dict[int, int] = getattr(state, kinds)
    return found | {name: ids.get(found[name], found[name])}


# History lines that name another row by its id: in which field, and of which kind.
_REFERS = {
    "undo": ("of", "decisions"),
    "hindsight": ("decision", "decisions"),
    "start_vote": ("nudge", "nudges"),
    "criterion": ("criterion", "criteria"),
    "assumption": ("assumption", "assumptions"),
    "prediction_set": ("set", "sets"),
    "prediction_metric": ("set", "sets"),
    "prediction_set_deleted": ("set", "sets"),
}


def _take_learning(state: Import, values: Values) -> None:
    """Part of its decision, which is imported already."""


# In this order: what others hang on comes first.
_TAKE: dict[str, Callable[[Import, Values], None]] = {
    "teams": _take_team,
    "members": _take_member,
    "bets": take_bet,
    "simple_bets": take_simple_bet,
    "updates": take_update,
    "simple_updates": take_simple_update,
    "scopes": take_scope,
    "assumptions": take_assumption,
    "decisions": take_decision,
    "nudges": take_nudge,
    "prediction_sets": take_set,
    "samples": take_sample,
    "votes": take_vote,
    "comparisons": take_comparison,
    "absences": _take_absence,
    "history": _take_history,
    "learnings": _take_learning,
}
