"""Takes in bets, the decisions about them and the advice they got."""

import re
from datetime import datetime, time, timedelta

from sqlalchemy import insert

from bot.actions import import_fields as f
from bot.actions.import_fields import Values
from bot.actions.import_state import Import, bet_of, free_id, team_of
from bot.domain.bets import NOT_OVER, USUAL_APPETITE, appetite_people_weeks, validate_appetite, validate_title
from bot.domain.dates import FARTHEST
from bot.domain.errors import Refusal
from bot.domain.links import read_link
from bot.domain.records import Team
from bot.domain.words import parse_key
from bot.domain.zones import local_date, local_instant
from bot.store import bets as bet_store
from bot.store import tables as t
from bot.store.db import inserted_id
from bot.store.undo import CRITERION

# What a team has settled on for next week may come in before it begins; a start months ahead is a slip.
PLANNED = timedelta(weeks=2)


def take_bet(state: Import, values: Values) -> None:
    team, owners = team_of(state, values), f.users(values, "owners")
    row: Values = {name: f.text(values, name) for name in ("problem", "status")}
    row |= {"area": f.text_or(values, "area", ""), "upside": f.text_or(values, "upside", "M")}
    row |= {"hypothesis": f.text_or_none(values, "hypothesis") or "", "author": values.get("author") or owners[0]}
    row |= {name: f.instant(values, name) for name in ("started_at", "ended_at", "paused_at")}
    row["created_at"] = f.instant(values, "created_at") or row["started_at"] or state.now
    row["appetite_started_at"] = f.instant(values, "appetite_started_at") or row["started_at"]
    row |= {name: f.day(values, name) for name in ("appetite_until", "paused_until")}
    row |= {
        "title": validate_title(f.text(values, "title")),
        "tags": f.texts_or_none(values, "tags"),
        "team_id": team.id,
    }
    row |= {"appetite_weeks": validate_appetite(f.number(values, "appetite_weeks"))}
    row |= {"appetite_people_weeks": f.number(values, "appetite_people_weeks", float)}
    row |= {"paused_days": f.number({"paused_days": 0} | values, "paused_days")} | free_id(state, t.bets, values)
    row |= {name: f.amount(values, name) for name in ("earlier_weeks", "earlier_people_weeks")}
    row |= {name: f.instant(values, name) for name in ("warned_75_at", "warned_100_at")}
    row["demo_link"] = read_link(f.text_or_none(values, "demo_link") or "", "demo_link")
    bet_id = _insert_bet(state, _number(f.text(values, "key")), owners, row)
    for position, one in enumerate(f.objects_or_none(values, "kill_criteria")):
        _insert_criterion(state, bet_id, position, one)


def _insert_criterion(state: Import, bet_id: int, position: int, values: Values) -> None:
    row: Values = {"bet_id": bet_id, "position": position, "text": f.text(values, "text")}
    row |= {"due": f.day_of(values, "due"), "state": f.text(values, "state")}
    row |= {"answered_by": f.text_or_none(values, "answered_by"), "answered_at": f.instant(values, "answered_at")}
    added = insert(t.kill_criteria).values(**row, **free_id(state, t.kill_criteria, values))
    new = inserted_id(state.tx.execute(added))
    if isinstance(values.get("id"), int):
        state.criteria[values["id"]] = new


def take_simple_bet(state: Import, values: Values) -> None:
    team = team_of(state, values)
    row = f.gather(
        title=lambda: validate_title(values.get("title") or ""),
        problem=lambda: _problem(values),
        owners=lambda: f.users(values, "owners"),
        appetite_weeks=lambda: validate_appetite(values.get("appetite_weeks") or USUAL_APPETITE),
        started_at=lambda: _started(state, values, team),
        key=lambda: _number((values.get("key") or "").strip()),
    )
    owners, number = row.pop("owners"), row.pop("key")
    _refuse_twin(state, team, row["title"], owners, row["started_at"])
    started = row["started_at"] or state.now
    row |= {"team_id": team.id, "status": "live", "author": owners[0], "tags": []}
    row |= {"appetite_people_weeks": appetite_people_weeks(row["appetite_weeks"], len(owners))}
    row |= {"created_at": started, "started_at": started, "appetite_started_at": started}
    _insert_bet(state, number, owners, row)


def _problem(values: Values) -> str:
    problem: str = (values.get("problem") or "").strip()
    if not problem:
        raise Refusal("it names no problem: fill the column `problem`.")
    return problem


def _started(state: Import, values: Values, team: Team) -> datetime | None:
    """When it was started, by its first day there or an instant; refused when that is not soon, or long ago."""
    found = _read_start(values, team)
    if found is None:
        return None
    day, today = local_date(found, team.zone), local_date(state.now, team.zone)
    if day - today > PLANNED:
        raise Refusal(f"`started_at` {day} is more than two weeks from now: give the day it began, or import it then.")
    if today - day > FARTHEST:
        raise Refusal(f"`started_at` {day} is more than ten years ago: give the day it began.")
    return found


def _read_start(values: Values, team: Team) -> datetime | None:
    """The day, as nine o'clock there, or the instant that stands there."""
    typed = str(values.get("started_at") or "").strip()
    if not re.match(r"[\d-]+[ T]", typed, re.I | re.ASCII):
        day = f.day(values, "started_at")
        return local_instant(day, time(9), team.zone) if day else None
    at = f.instant({"started_at": typed}, "started_at")
    return at if at is None or _names_zone(typed) else local_instant(at.date(), at.time(), team.zone)


def _names_zone(typed: str) -> bool:
    return datetime.fromisoformat(typed).tzinfo is not None


def _refuse_twin(state: Import, team: Team, title: str, owners: list[str], started: datetime | None) -> None:
    """The same table twice would make every bet twice."""
    for bet in bet_store.list_bets(state.tx, t.bets.c.title == title, t.bets.c.team_id == team.id):
        day = local_date(bet.started_at, team.zone) if bet.started_at else None
        same_start = started is None or local_date(started, team.zone) == day
        if same_start and set(bet.owners) == set(owners):
            raise Refusal(f"{bet.key} has the same title, owners and start: leave the row out, or change its title.")


def _number(key: str) -> int | None:
    """The number of a key; none of no key."""
    number = parse_key(key) if key else None
    if key and number is None:
        raise Refusal(f"'{key[:20]}' is no key: write it like B-7.")
    return number


def _insert_bet(state: Import, number: int | None, owners: list[str], row: Values) -> int:
    if number is not None and bet_store.get_bet_by_number(state.tx, number):
        raise Refusal(f"B-{number} exists already: import into a database without it, or leave its key out of a CSV.")
    bet_id = bet_store.insert_bet(state.tx, owners, (), number, **row)
    if row["status"] in NOT_OVER:
        state.cards.append(bet_id)
    if row["status"] == "killed":
        state.killed.append(bet_id)
    return bet_id


def take_decision(state: Import, values: Values) -> None:
    of = values.get("of")
    if of is not None and of not in state.decisions:
        raise Refusal(f"the decision {str(of)[:20]} that it is of is not there: it must stand above.")
    row: Values = {name: f.text_or_none(values, name) or "" for name in ("reason", "learning", "outcome")}
    row |= {
        "kind": f.text(values, "kind"),
        "by": f.text(values, "by"),
        "of": None if of is None else state.decisions[of],
    }
    row |= {"bet_id": bet_of(state, values), "created_at": f.instant_of(values, "created_at")}
    row |= {"before": _before(state, values), "against_at": f.instant(values, "against_at")}
    late = "late_people_weeks"
    row[late] = None if values.get(late) is None else f.amount(values, late)
    new = inserted_id(state.tx.execute(insert(t.decisions).values(**row, **free_id(state, t.decisions, values))))
    state.decisions[f.number(values, "id")] = new


def _before(state: Import, values: Values) -> Values | None:
    """What an undo restores; the criterion that came with the decision may have another id here."""
    before = f.object_or_none(values, "before")
    if before is None or CRITERION not in before:
        return before
    return before | {CRITERION: state.criteria.get(before[CRITERION], before[CRITERION])}


def take_nudge(state: Import, values: Values) -> None:
    """Advice as it was given; its message stays where it was, so it can no longer be answered there."""
    row: Values = {"bet_id": bet_of(state, values), "advice": f.text(values, "advice"), "evidence": _evidence(values)}
    row |= {name: f.instant(values, name) for name in ("posted_at", "answered_at", "tallied_at")}
    row |= {"created_at": f.instant(values, "created_at") or row["posted_at"] or state.now}
    row |= {"answered_by": f.text_or_none(values, "answered_by"), "hard": f.texts({"hard": []} | values, "hard")}
    row["answer"] = f.text_or_none(values, "answer") or ("done" if row["answered_by"] else "none")
    row |= {"snoozed_until": f.day(values, "snoozed_until"), "decision_id": _decision(state, values)}
    new = inserted_id(state.tx.execute(insert(t.nudges).values(**row, **free_id(state, t.nudges, values))))
    if isinstance(values.get("id"), int):
        state.nudges[values["id"]] = new


def _evidence(values: Values) -> list[Values]:
    evidence = f.objects(values, "evidence")
    for one in evidence:
        f.text(one, "code"), f.text(one, "text"), f.number(one, "points", float)
    return evidence


def _decision(state: Import, values: Values) -> int | None:
    of = values.get("decision")
    if of is not None and of not in state.decisions:
        raise Refusal(f"the decision {str(of)[:20]} that answered it is not there: import decisions.jsonl with it.")
    return None if of is None else state.decisions[of]
