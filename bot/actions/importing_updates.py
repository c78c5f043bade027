"""Takes in what people said: updates with their versions, saved notes, and the rounds they were asked in."""

from datetime import date, time

from sqlalchemy import insert, select

from bot.actions import import_fields as f
from bot.actions.import_fields import Values
from bot.actions.import_state import Import, bet_of, free_id, team_of
from bot.domain.calendar import Week
from bot.domain.dates import FARTHEST
from bot.domain.errors import Refusal
from bot.domain.records import Heard
from bot.domain.words import parse_confidence_field, parse_days
from bot.domain.zones import local_date, local_instant
from bot.store import bets as bet_store
from bot.store import tables as t
from bot.store import teams as team_store
from bot.store.db import inserted_id
from bot.store.occurrences import insert_occurrence
from bot.store.replies import update_reply


def take_update(state: Import, values: Values) -> None:
    numbers = {"version": f.number(values, "version"), "confidence": _confidence(values), "days": _days(values)}
    row: Values = {name: f.flag(values, name) for name in ("second_opinion", "late", "deleted")}
    row |= {name: f.text_or_none(values, name) for name in ("text", "blocked_by", "channel", "ts")}
    row |= {"source": f.text(values, "source"), "question": f.text_or_none(values, "question") or ""}
    row |= numbers | {"created_at": f.instant_of(values, "created_at")}
    _insert_update(state, values, row | free_id(state, t.updates, values))


def take_simple_update(state: Import, values: Values) -> None:
    found = f.gather(
        bet=lambda: bet_store.get_bet(state.tx, bet_of(state, values)),
        user=lambda: f.user(values, "user"),
        week=lambda: Week.parse(values.get("week") or ""),
        confidence=lambda: _confidence(values),
        days=lambda: _days(values),
    )
    week, team = found["week"], team_store.get_team(state.tx, found["bet"].team_id)
    _refuse_week(week, local_date(state.now, team.zone))
    row: Values = {"confidence": found["confidence"], "days": found["days"], "source": "import"}
    row["text"] = (values.get("text") or "").strip() or None
    if row["text"] is None and row["confidence"] is None and row["days"] is None:
        raise Refusal("it says nothing: fill `text`, `confidence` or `days`.")
    row["created_at"] = min(state.now, local_instant(week.day(4), time(12), team.zone))
    _insert_update(state, values, row)


def _refuse_week(week: Week, today: date) -> None:
    """A week that nobody can have answered for, seen from a day there."""
    if week.monday > today:
        raise Refusal(f"the week {week} has not begun yet: give the week it was said in.")
    if today - week.monday > FARTHEST:
        raise Refusal(f"the week {week} is more than ten years ago: give the week it was said in.")


def _insert_update(state: Import, values: Values, row: Values) -> None:
    bet_id, user, week = bet_of(state, values), f.user(values, "user"), Week.parse(f.text(values, "week")).label
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


def take_version(state: Import, values: Values) -> None:
    after, bet_id = f.get(values, "after"), bet_of(state, values)
    same = (t.updates.c.bet_id == bet_id, t.updates.c.user == values["by"], t.updates.c.week == after["week"])
    query = select(t.updates.c.id).where(*same, t.updates.c.second_opinion == f.flag(after, "second_opinion"))
    update_id = state.tx.execute(query).scalar_one_or_none()
    if update_id is None:
        raise Refusal("the update it is a version of is not there: import updates.jsonl with it.")
    row: Values = {name: f.text_or_none(after, name) for name in ("text", "blocked_by", "edit_ts")}
    row |= {"confidence": _confidence(after), "days": _days(after), "source": f.text(after, "source")}
    row |= {"version": f.number(after, "version"), "at": f.instant_of(values, "at"), "update_id": update_id}
    state.tx.execute(insert(t.update_versions).values(**row))
    state.said.add(update_id)


def take_note(state: Import, values: Values) -> None:
    after = f.get(values, "after")
    row: Values = {name: f.text(after, name) for name in ("channel", "ts", "role", "text", "edit_ts")}
    row |= {"plain": f.flag(after, "plain"), "taken_back_ts": f.text_or_none(after, "taken_back_ts")}
    row |= {"pins": dict(f.get(after, "pins")), "user": f.user(values, "by"), "at": f.instant_of(values, "at")}
    update_reply(state.tx, Heard(bet_id=bet_of(state, values), **row))


def take_checkin(state: Import, values: Values) -> None:
    """A round: who was asked about what. It counts as done, so that its week is not asked about again."""
    team, week, after = team_of(state, values), Week.parse(f.text(values, "subject")), f.get(values, "after")
    prompted = f.instant_of(values, "at")
    row: Values = {"team_id": team.id, "week": week.label}
    row |= {"prompted_at": prompted, "missed": f.texts(after, "missed"), "moved_from": f.day(after, "moved_from")}
    row |= {name: f.instant(after, name) for name in ("open_numbers_at", "closed_at")}
    checkin_id = inserted_id(state.tx.execute(insert(t.checkins).values(**row)))
    for asked in f.get(after, "asked"):
        prompt = {"bet_id": bet_of(state, asked), "owners": f.texts(asked, "owners"), "question": asked["question"]}
        state.tx.execute(insert(t.prompts).values(checkin_id=checkin_id, **prompt))
    for line, at in (("checkin", prompted), ("decisions", row["open_numbers_at"]), ("close", row["closed_at"])):
        if at is not None:
            insert_occurrence(state.tx, state.now, team.id, line, "", week.monday, at)
