"""A database that a team has lived in, made by an earlier version, keeps every row when it is brought to this one."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, MetaData, select, text

from bot.store import migrate
from bot.store.bets import list_bets, list_decisions
from bot.store.db import reading, writing
from bot.store.graveyard import list_dead, list_similar, search
from bot.store.nudges import list_nudges
from bot.store.teams import list_teams
from tests.store.versions import filled, reflected

Row = dict[str, Any]
AT, LATER = "2026-11-30T09:00:00.000000+00:00", "2026-12-04T14:00:00.000000+00:00"
DAY = date(2026, 12, 11)
STATUSES = ("idea", "scoped", "live", "paused", "lapsed", "shipped", "killed", "withdrawn")
# The numbers of the bets by status: B-1 is an idea, B-7 is killed.
IDS = {status: number for number, status in enumerate(STATUSES, 1)}


def post(row_id: int, key: str, **values: Any) -> Row:
    row: Row = {"id": row_id, "key": key, "action": "post", "team_id": 1, "channel": "C1", "payload": {"text": key}}
    return row | {"state": "sent", "version": 1, "attempts": 1, "looks": 0, "created_at": AT} | values


def bet(status: str) -> Row:
    number = IDS[status]
    row: Row = {"id": number, "number": number, "team_id": 1, "title": f"Rank {status} tickets", "tags": ["nlp"]}
    row |= {"problem": "Support waits\n<!here>", "hypothesis": "A small model", "area": "NLP", "upside": "L"}
    row |= {"status": status, "author": "U1", "appetite_weeks": 4, "appetite_people_weeks": 8.0, "created_at": AT}
    row |= {"started_at": AT, "appetite_started_at": AT, "paused_days": 3, "card_id": number, "version": 5}
    row |= {"ended_at": LATER, "appetite_until": DAY, "paused_at": AT, "paused_until": DAY}
    return row | {"warned_75_at": AT, "warned_100_at": LATER}


def decision(row_id: int, status: str, kind: str, **values: Any) -> Row:
    row: Row = {"id": row_id, "bet_id": IDS[status], "kind": kind, "by": "U1", "reason": "Nobody used it", "of": None}
    return row | {"learning": "Agents sort by age", "outcome": "no", "created_at": LATER} | values


# Every table of schema 0001 with what a team puts there, in the order in which rows hang on one another.
LIVED: dict[str, list[Row]] = {
    "meta": [{"key": "clock_offset", "value": "0"}],
    "channels": [{"channel": "C1", "tokens": 4.5, "refilled_at": 1.0, "parked_until": AT}],
    "receipts": [{"key": "click:U1:1:x", "at": AT}],
    "inbox": [
        {"id": 1, "event_id": "Ev1", "payload": {"a": 1}, "state": "done", "tries": 0, "received_at": AT},
    ],
    "people": [
        {"user": user, "name": f"{user} \u202e", "zone": "Asia/Kolkata", "guest": user == "U2", "outsider": False,
         "deleted": False, "bot": False, "dm_channel": "D1", "looked_up_at": AT}
        for user in ("U1", "U2")
    ],
    "teams": [
        {"id": 1, "channel": "C1", "zone": "Europe/Berlin", "country": "DE", "leads": ["U1"], "deciders": "anyone",
         "maturity": "young", "set_up_by": "U1", "set_up_at": AT, "active_since": AT, "version": 3},
    ],
    "schedule": [{"team_id": 1, "line": line, "day": 0, "at": "10:00"} for line in ("checkin", "close")],
    "members": [{"team_id": 1, "user": user, "present": True, "looked_up_at": AT} for user in ("U1", "U2")],
    "absences": [
        {"id": 1, "team_id": 1, "user": "U2", "first": DAY, "last": DAY, "by": "U1", "created_at": AT},
    ],
    "occurrences": [
        {"id": 1, "team_id": 1, "kind": "checkin", "subject": "", "local_date": DAY, "due_at": AT,
         "state": "done", "at": AT},
    ],
    "outbox": [
        *(post(number, f"card:{number}", ts=f"1.{number}", sent_at=AT) for number in IDS.values()),
        post(20, "checkin:1", guard={"if": "checkin_open", "checkin": 1}, state="pending", not_before=LATER),
        post(21, "edit:20", action="edit", target_id=20, state="uncertain", error="timeout", lease_until=LATER),
    ],
    "bets": [bet(status) for status in STATUSES],
    "bet_owners": [{"bet_id": number, "user": user, "position": place} for number in IDS.values()
                   for place, user in enumerate(("U2", "U1"))],
    "kill_criteria": [
        {"id": number, "bet_id": number, "position": 0, "text": "recall < 80%", "due": DAY, "state": "failed",
         "answered_by": "U1", "answered_at": LATER}
        for number in IDS.values()
    ],
    "checkins": [
        {"id": 1, "team_id": 1, "week": "2026-W49", "prompted_at": AT, "open_numbers_at": LATER, "missed": ["2026-W48"],
         "moved_from": DAY, "outbox_id": 20},
    ],
    "prompts": [
        {"id": 1, "checkin_id": 1, "bet_id": IDS["live"], "owners": ["U2", "U1"], "question": "q", "outbox_id": 20},
    ],
    "updates": [
        {"id": 1, "bet_id": IDS["live"], "user": "U1", "week": "2026-W49", "second_opinion": False, "text": "b",
         "confidence": 70, "days": 1.5, "late": False, "deleted": False, "version": 2, "source": "thread",
         "question": "q", "created_at": AT, "channel": "C1", "ts": "2.0"},
        {"id": 2, "bet_id": IDS["killed"], "user": "U2", "week": "2026-W49", "second_opinion": True, "text": None,
         "late": True, "deleted": True, "version": 1, "source": "modal", "question": "", "created_at": AT},
    ],
    "update_versions": [
        {"update_id": 1, "version": 1, "text": "a", "confidence": 60, "source": "thread", "edit_ts": "2.0", "at": AT},
        {"update_id": 1, "version": 2, "text": "b", "days": 1.5, "source": "thread", "edit_ts": "2.5", "at": LATER},
        {"update_id": 2, "version": 1, "source": "modal", "at": AT},
    ],
    "replies": [
        {"channel": "C1", "ts": "2.0", "bet_id": IDS["live"], "user": "U1", "role": "update", "text": "b",
         "edit_ts": "2.5", "deleted": False, "plain": True, "pins": {"U2": ["3.0", True]}, "at": AT},
    ],
    "decisions": [
        decision(1, "shipped", "ship", outcome="yes"),
        decision(2, "killed", "kill", reason="An older reason", learning="An older learning"),
        decision(3, "killed", "undo", of=2, reason="", learning="", outcome=""),
        decision(4, "killed", "kill"),
        decision(5, "lapsed", "lapse", by="clock", reason="", learning="", outcome=""),
        decision(6, "withdrawn", "withdraw", reason="", learning="", outcome=""),
    ],
    "history": [
        {"id": 1, "team_id": 1, "bet_id": IDS["killed"], "kind": "kill", "subject": "B-7", "by": "U1", "at": LATER,
         "before": {"status": "live"}, "after": {"status": "killed"}},
        {"id": 2, "team_id": 1, "bet_id": None, "kind": "set_up", "subject": "C1", "by": "U1", "at": AT},
    ],
}  # fmt: skip
# What later schemas add, and what its columns hold in a row that was there before.
ADDED: dict[str, Row] = {
    "teams": {"lead_dm": False, "samples_kept_days": 365, "samples_link_only": False},
    "bets": {"earlier_weeks": 0.0, "earlier_people_weeks": 0.0, "demo_link": None},
    "decisions": {"before": None, "against_at": None, "late_people_weeks": None},
}


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Engine]:
    """A filled database of schema 0001."""
    engine = filled(tmp_path, "0001", LIVED)
    yield engine
    engine.dispose()


def contents(tx: Connection, tables: MetaData) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of these tables, by their columns of that time, as the file has them."""
    found = {}
    for table in tables.sorted_tables:
        if table.name != "alembic_version":
            names = ", ".join(f'"{column.name}"' for column in table.c)
            found[table.name] = sorted(map(tuple, tx.execute(text(f'SELECT {names} FROM "{table.name}"'))), key=repr)
    return found


def test_every_table_of_the_old_schema_is_filled(old: Engine) -> None:
    assert {*reflected(old).tables} == {*LIVED, "alembic_version"}


def test_every_row_is_kept_and_new_columns_have_their_defaults(old: Engine) -> None:
    tables = reflected(old)
    with reading(old) as tx:
        before = contents(tx, tables)
    assert all(before.values())
    migrate.upgrade(str(old.url))
    with reading(old) as tx:
        assert contents(tx, tables) == before
        assert tx.execute(text("PRAGMA foreign_key_check")).all() == []
    now = reflected(old)
    for name, columns in ADDED.items():
        assert {column.name for column in now.tables[name].c} - {c.name for c in tables.tables[name].c} == {*columns}
        with reading(old) as tx:
            for row in tx.execute(select(*(now.tables[name].c[column] for column in columns))).mappings():
                assert {key: row[key] for key in columns} == columns, name


def test_what_was_killed_before_is_found_in_the_graveyard_by_its_newest_kill(old: Engine) -> None:
    migrate.upgrade(str(old.url))
    with reading(old) as tx:
        assert list_dead(tx, [1]) == search(tx, [1], "agents sorted", 9) == search(tx, [1], "nobody", 9) == [7]
        assert search(tx, [1], "older", 9) == []
        assert list_similar(tx, [1], "Rank tickets of support", "Support waits", "A small model ranks tickets") == [7]


def test_the_upgraded_rows_read_as_values_of_this_version(old: Engine) -> None:
    migrate.upgrade(str(old.url))
    with reading(old) as tx:
        assert [bet.status for bet in list_bets(tx)] == list(STATUSES)
        assert [team.lead_dm for team in list_teams(tx)] == [False]
        assert [decision.of for decision in list_decisions(tx)] == [None, None, 2, None, None, None]
        assert list_nudges(tx) == []
    migrate.check(old)


def test_history_is_still_append_only_afterwards(old: Engine) -> None:
    migrate.upgrade(str(old.url))
    with pytest.raises(Exception, match="append-only"), writing(old) as tx:
        tx.execute(text("DELETE FROM history"))
