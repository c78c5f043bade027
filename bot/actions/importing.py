"""Takes in what an export wrote, or simple CSV rows: all or nothing, every bad row with its line.

Ids are kept where they are free, so that a database that is exported, imported and exported again reads the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time

from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.exc import IntegrityError

from bot.actions import import_fields as f
from bot.actions.bets import do_post_card
from bot.actions.import_fields import Values
from bot.domain.bets import appetite_people_weeks, parse_kill_criteria, validate_appetite, validate_title
from bot.domain.calendar import Week
from bot.domain.errors import Refusal
from bot.domain.records import Heard, KillCriterion, Person, Team
from bot.domain.teams import KEYS, default_settings, read_settings
from bot.domain.words import parse_confidence_field, parse_days, parse_key
from bot.domain.zones import local_instant
from bot.holidays import find_country
from bot.store import bets as bet_store
from bot.store import people as people_store
from bot.store import tables as t
from bot.store import teams as team_store
from bot.store.db import inserted_id
from bot.store.occurrences import insert_occurrence
from bot.store.replies import update_reply

WITH_CARD = ("live", "paused", "lapsed")
APPETITE = 4
# Whoever acts is looked up in Slack again first.
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

Rows = list[tuple[str, str, int, Values]]


class Follows(Exception):
    """A row that is only wrong because another one is: that one is told."""


@dataclass
class Import:
    """What is being taken in: where its rows go, what is known by name so far, and what was wrong."""

    tx: Connection
    now: datetime
    only: frozenset[str]
    problems: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    bets: dict[str, int] = field(default_factory=dict)
    decisions: dict[int, int] = field(default_factory=dict)
    cards: list[int] = field(default_factory=list)
    # Channels and keys of rows that were refused.
    broken: set[str] = field(default_factory=set)


def do_import(tx: Connection, now: datetime, rows: Rows, only: frozenset[str] = frozenset()) -> Import:
    """Stores rows of (kind, file, line, values); `only` these channels, or all.

    The caller rolls back when `problems` is not empty. Cards of bets that are under way are owed to their channel and
    go out at the usual pace; ended bets get none.
    """
    state = Import(tx, now, only, teams={team.channel: team for team in team_store.list_teams(tx)})
    order = list(_TAKE)
    for kind, file, line, values in sorted(rows, key=lambda row: order.index(row[0]) if row[0] in order else -1):
        if only and "team" in values and values["team"] not in only:
            continue
        problem = _take(state, kind, values)
        if problem:
            state.problems.append(f"{file}, line {line}: {problem}")
    if not state.problems:
        _finish(state)
    return state


def _take(state: Import, kind: str, values: Values) -> str:
    """Stores one row; returns what is wrong with it."""
    try:
        if kind not in _TAKE:
            raise Refusal(f"this version of Bets keeps no {kind.replace('_', ' ')} yet.")
        _TAKE[kind](state, values)
    except Refusal as refusal:
        problem = refusal.message
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError, IntegrityError):
        problem = "a value is not as an export writes it."
    except Follows:
        return ""
    else:
        name = kind.removeprefix("simple_")
        state.counts[name] = state.counts.get(name, 0) + 1
        return ""
    state.broken |= {str(values[name]) for name in ("channel", "key", "title") if values.get(name)}
    return problem


def _finish(state: Import) -> None:
    """Single versions for updates that came without any, and the cards that are owed."""
    names = ("text", "confidence", "days", "blocked_by", "source", "version")
    has_one = select(t.update_versions.c.update_id)
    for row in state.tx.execute(select(t.updates).where(t.updates.c.id.not_in(has_one))).all():
        values = {name: row._mapping[name] for name in names}
        state.tx.execute(insert(t.update_versions).values(**values, update_id=row.id, at=row.created_at))
    for bet_id in state.cards:
        bet = bet_store.get_bet(state.tx, bet_id)
        do_post_card(state.tx, state.now, team_store.get_team(state.tx, bet.team_id), bet)


def _free_id(state: Import, table: Table, values: Values) -> dict[str, int]:
    """The row's own id, where nobody has it here."""
    wanted = values.get("id")
    if not isinstance(wanted, int) or isinstance(wanted, bool) or not 0 < wanted < 2**62:
        return {}
    taken = state.tx.execute(select(table.c.id).where(table.c.id == wanted)).first()
    return {} if taken else {"id": wanted}


def _team_of(state: Import, values: Values) -> Team:
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


def _take_team(state: Import, values: Values) -> None:
    channel = f.text(values, "channel")
    if channel in state.teams:
        raise Refusal(f"the team {channel} exists already: import into a database without it.")
    typed = {key: f.texts(values, key) if key == "leads" else f.text(values, key) for key in KEYS if key in values}
    # First the hours, then the days: giving an hour turns a line on that its day may turn off again.
    typed = dict(sorted(typed.items(), key=lambda item: item[0].endswith("_day")))
    if not typed.get("leads", True):
        typed.pop("leads")  # set up by an operator who named nobody
    settings = read_settings(typed, default_settings("UTC"), find_country)
    row: Values = {name: getattr(settings, name) for name in ("zone", "country", "deciders", "maturity", "lead_dm")}
    row |= {"leads": list(settings.leads), "set_up_by": f.text_or_none(values, "set_up_by")}
    row |= {"paused_at": f.instant(values, "paused_at"), "paused_until": f.day(values, "paused_until")}
    # What was due before it came here is not made up.
    row |= {"set_up_at": f.instant(values, "set_up_at") or state.now, "active_since": state.now}
    row |= _free_id(state, t.teams, values)
    team_id = team_store.insert_team(state.tx, channel, settings.days, settings.times, **row)
    state.teams[channel] = team_store.get_team(state.tx, team_id)


def _take_member(state: Import, values: Values) -> None:
    team, user = _team_of(state, values), f.user(values, "user")
    name, zone = f.text_or_none(values, "name"), f.text_or_none(values, "zone")
    if name and people_store.get_person(state.tx, user) is None:
        person = Person(user, name, zone, f.flag(values, "guest"), f.flag(values, "outsider"),
                        f.flag(values, "deactivated"), f.flag(values, "bot"))  # fmt: skip
        people_store.update_person(state.tx, person)
    people_store.update_membership(state.tx, LONG_AGO, team.id, user, f.flag(values, "present"))


def _take_bet(state: Import, values: Values) -> None:
    team, owners = _team_of(state, values), f.users(values, "owners")
    row: Values = {name: f.text(values, name) for name in ("problem", "area", "upside", "status")}
    row |= {"hypothesis": f.text_or_none(values, "hypothesis") or "", "author": values.get("author") or owners[0]}
    row |= {name: f.instant(values, name) for name in ("started_at", "ended_at", "paused_at")}
    row["created_at"] = f.instant(values, "created_at") or row["started_at"] or state.now
    row["appetite_started_at"] = f.instant(values, "appetite_started_at") or row["started_at"]
    row |= {name: f.day(values, name) for name in ("appetite_until", "paused_until")}
    row |= {"title": validate_title(f.text(values, "title")), "tags": f.texts(values, "tags"), "team_id": team.id}
    row |= {"appetite_weeks": validate_appetite(f.number(values, "appetite_weeks"))}
    row |= {"appetite_people_weeks": f.number(values, "appetite_people_weeks", float)}
    row |= {"paused_days": f.number({"paused_days": 0} | values, "paused_days")} | _free_id(state, t.bets, values)
    criteria = [
        KillCriterion(f.text(one, "text"), f.day_of(one, "due"), f.text(one, "state"))
        for one in f.get(values, "kill_criteria")
    ]
    _insert_bet(state, f.text(values, "key"), owners, criteria, row)


def _take_simple_bet(state: Import, values: Values) -> None:
    team, title = _team_of(state, values), validate_title(values.get("title") or "")
    owners, problem = f.users(values, "owners"), (values.get("problem") or "").strip()
    if not problem:
        raise Refusal("it names no problem: fill the column `problem`.")
    weeks, day = validate_appetite(values.get("appetite_weeks") or APPETITE), f.day(values, "started_at")
    started = local_instant(day, time(9), team.zone) if day else state.now
    row: Values = {"title": title, "problem": problem, "team_id": team.id, "status": "live", "author": owners[0]}
    row |= {"appetite_weeks": weeks, "appetite_people_weeks": appetite_people_weeks(weeks, len(owners)), "tags": []}
    row |= {"created_at": started, "started_at": started, "appetite_started_at": started}
    criteria = parse_kill_criteria(values.get("kill_criteria") or "", started.date(), weeks)
    _insert_bet(state, (values.get("key") or "").strip() or None, owners, criteria, row)


def _insert_bet(state: Import, key: str | None, owners: list[str], criteria: list[KillCriterion], row: Values) -> None:
    number = parse_key(key) if key else None
    if key and number is None:
        raise Refusal(f"'{key[:20]}' is no key: write it like B-7.")
    if number is not None and bet_store.get_bet_by_number(state.tx, number):
        raise Refusal(f"B-{number} exists already: import into a database without it, or leave its key out of a CSV.")
    bet_id = bet_store.insert_bet(state.tx, owners, criteria, number, **row)
    if row["status"] in WITH_CARD:
        state.cards.append(bet_id)


def _bet_of(state: Import, values: Values) -> int:
    name = (f.text_or_none(values, "bet") or "").strip()
    if name not in state.bets:
        state.bets[name] = _find_bet(state, name)
    return state.bets[name]


def _find_bet(state: Import, name: str) -> int:
    number = parse_key(name)
    found = bet_store.get_bet_by_number(state.tx, number) if number is not None else None
    if found is not None:
        return found.id
    teams = [team.id for channel, team in state.teams.items() if not state.only or channel in state.only]
    titled = bet_store.list_bets(state.tx, t.bets.c.title == name, t.bets.c.team_id.in_(teams))
    if len(titled) == 1:
        return titled[0].id
    if titled:
        raise Refusal(f"{len(titled)} bets are called '{name[:60]}': name its key.")
    if name in state.broken or (number is not None and f"B-{number}" in state.broken):
        raise Follows
    raise Refusal(f"there is no bet '{name[:60]}': name its key or its exact title.")


def _take_update(state: Import, values: Values) -> None:
    numbers = {"version": f.number(values, "version"), "confidence": _confidence(values), "days": _days(values)}
    row: Values = {name: f.flag(values, name) for name in ("second_opinion", "late", "deleted")}
    row |= {name: f.text_or_none(values, name) for name in ("text", "blocked_by", "channel", "ts")}
    row |= {"source": f.text(values, "source"), "question": f.text_or_none(values, "question") or ""}
    row |= numbers | {"created_at": f.instant_of(values, "created_at")}
    _insert_update(state, values, row | _free_id(state, t.updates, values))


def _take_simple_update(state: Import, values: Values) -> None:
    week = Week.parse(values.get("week") or "")
    bet = bet_store.get_bet(state.tx, _bet_of(state, values))
    team = team_store.get_team(state.tx, bet.team_id)
    if local_instant(week.monday, time(0), team.zone) > state.now:
        raise Refusal(f"the week {week} has not begun yet.")
    row: Values = {"confidence": _confidence(values), "days": _days(values), "source": "import"}
    row["text"] = (values.get("text") or "").strip() or None
    if row["text"] is None and row["confidence"] is None and row["days"] is None:
        raise Refusal("it says nothing: fill `text`, `confidence` or `days`.")
    row["created_at"] = min(state.now, local_instant(week.day(4), time(12), team.zone))
    _insert_update(state, values, row)


def _insert_update(state: Import, values: Values, row: Values) -> None:
    bet_id, user, week = _bet_of(state, values), f.user(values, "user"), Week.parse(f.text(values, "week")).label
    same = (t.updates.c.bet_id == bet_id, t.updates.c.user == user, t.updates.c.week == week)
    opinion = t.updates.c.second_opinion.is_(row.get("second_opinion", False))
    if state.tx.execute(select(t.updates.c.id).where(*same, opinion)).first():
        raise Refusal(f"{user} has an update on this bet for {week} already.")
    state.tx.execute(insert(t.updates).values(bet_id=bet_id, user=user, week=week, **row))


def _confidence(values: Values) -> int | None:
    found = values.get("confidence")
    return None if found in (None, "") else parse_confidence_field(str(found))


def _days(values: Values) -> float | None:
    found = values.get("days")
    return None if found in (None, "") else parse_days(str(found))


def _take_decision(state: Import, values: Values) -> None:
    of = values.get("of")
    if of is not None and of not in state.decisions:
        raise Refusal(f"the decision {str(of)[:20]} that it is of is not there: it must stand above.")
    row: Values = {name: f.text_or_none(values, name) or "" for name in ("reason", "learning", "outcome")}
    row |= {
        "kind": f.text(values, "kind"),
        "by": f.text(values, "by"),
        "of": None if of is None else state.decisions[of],
    }
    row |= {"bet_id": _bet_of(state, values), "created_at": f.instant_of(values, "created_at")}
    new = inserted_id(state.tx.execute(insert(t.decisions).values(**row, **_free_id(state, t.decisions, values))))
    state.decisions[f.number(values, "id")] = new


def _take_absence(state: Import, values: Values) -> None:
    row: Values = {"team_id": _team_of(state, values).id, "user": f.user(values, "user"), "by": f.text(values, "by")}
    row |= {"first": f.day_of(values, "first"), "last": f.day_of(values, "last")}
    row |= {"created_at": f.instant_of(values, "created_at"), "ended_at": f.instant(values, "ended_at")}
    state.tx.execute(insert(t.absences).values(**row, **_free_id(state, t.absences, values)))


def _take_history(state: Import, values: Values) -> None:
    kept_elsewhere = {"update_version": _take_version, "note": _take_note, "checkin": _take_checkin}
    kind = f.text(values, "kind")
    if kind in kept_elsewhere:
        kept_elsewhere[kind](state, values)
        return
    row: Values = {"kind": kind, "before": f.get(values, "before"), "after": f.get(values, "after")}
    row |= {"subject": f.text(values, "subject"), "by": f.text(values, "by"), "at": f.instant_of(values, "at")}
    row |= {"team_id": _team_of(state, values).id, "bet_id": _bet_of(state, values) if values.get("bet") else None}
    state.tx.execute(insert(t.history).values(**row, **_free_id(state, t.history, values)))


def _take_version(state: Import, values: Values) -> None:
    after, bet_id = f.get(values, "after"), _bet_of(state, values)
    same = (t.updates.c.bet_id == bet_id, t.updates.c.user == values["by"], t.updates.c.week == after["week"])
    query = select(t.updates.c.id).where(*same, t.updates.c.second_opinion == f.flag(after, "second_opinion"))
    update_id = state.tx.execute(query).scalar_one_or_none()
    if update_id is None:
        raise Refusal("the update it is a version of is not there: import updates.jsonl with it.")
    row: Values = {name: f.text_or_none(after, name) for name in ("text", "blocked_by", "edit_ts")}
    row |= {"confidence": _confidence(after), "days": _days(after), "source": f.text(after, "source")}
    row |= {"version": f.number(after, "version"), "at": f.instant_of(values, "at"), "update_id": update_id}
    state.tx.execute(insert(t.update_versions).values(**row))


def _take_note(state: Import, values: Values) -> None:
    after = f.get(values, "after")
    row: Values = {name: f.text(after, name) for name in ("channel", "ts", "role", "text", "edit_ts")}
    row |= {"plain": f.flag(after, "plain"), "taken_back_ts": f.text_or_none(after, "taken_back_ts")}
    row |= {"pins": dict(f.get(after, "pins")), "user": f.user(values, "by"), "at": f.instant_of(values, "at")}
    update_reply(state.tx, Heard(bet_id=_bet_of(state, values), **row))


def _take_checkin(state: Import, values: Values) -> None:
    """A round: who was asked about what. It counts as done, so that its week is not asked about again."""
    team, week, after = _team_of(state, values), Week.parse(f.text(values, "subject")), f.get(values, "after")
    prompted = f.instant_of(values, "at")
    row: Values = {"team_id": team.id, "week": week.label}
    row |= {"prompted_at": prompted, "missed": f.texts(after, "missed"), "moved_from": f.day(after, "moved_from")}
    row |= {name: f.instant(after, name) for name in ("open_numbers_at", "closed_at")}
    checkin_id = inserted_id(state.tx.execute(insert(t.checkins).values(**row)))
    for asked in f.get(after, "asked"):
        prompt = {"bet_id": _bet_of(state, asked), "owners": f.texts(asked, "owners"), "question": asked["question"]}
        state.tx.execute(insert(t.prompts).values(checkin_id=checkin_id, **prompt))
    for line, at in (("checkin", prompted), ("decisions", row["open_numbers_at"]), ("close", row["closed_at"])):
        if at is not None:
            insert_occurrence(state.tx, state.now, team.id, line, "", week.monday, at)


def _take_learning(state: Import, values: Values) -> None:
    """Part of its decision, which is imported already."""


# In this order: what others hang on comes first.
_TAKE: dict[str, Callable[[Import, Values], None]] = {
    "teams": _take_team,
    "members": _take_member,
    "bets": _take_bet,
    "simple_bets": _take_simple_bet,
    "updates": _take_update,
    "simple_updates": _take_simple_update,
    "decisions": _take_decision,
    "absences": _take_absence,
    "history": _take_history,
    "learnings": _take_learning,
}
