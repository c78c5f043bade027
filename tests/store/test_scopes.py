"""Scopes in the database: a locked one stays as it is whoever writes, and an open one is saved by whoever read it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from bot.domain.scoping import AssumptionText, Document, Scope
from bot.store.bets import insert_bet
from bot.store.scopes import (
    get_draft,
    get_locked,
    get_oldest_untested,
    get_scope,
    insert_assumption,
    insert_scope,
    list_assumptions,
    list_kind_stats,
    list_scopes,
    update_assumption,
    update_draft,
    update_scope,
)
from tests.store.graves import T0, TEAM

DOC = Document(title="Rank tickets", problem="Support waits <!here>")
LOCKED_AT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def bet(tx: Connection) -> int:
    values = {"team_id": TEAM, "title": "Rank", "problem": "p", "status": "live", "author": "U1", "tags": []}
    return insert_bet(tx, ["U1"], [], **values, appetite_weeks=4, appetite_people_weeks=4.0, created_at=T0)


@pytest.fixture
def locked(tx: Connection, bet: int) -> Scope:
    scope = insert_scope(tx, T0, bet, 1, "U1", DOC)
    assert update_scope(tx, T0, scope, "locked", signed_off_by="U2", locked_at=LOCKED_AT)
    found = get_locked(tx, bet)
    assert found is not None
    return found


COLUMNS = "bet_id, version, status, doc, revision, author, reason, created_at, updated_at"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE scopes SET doc = '{}'",
        "UPDATE scopes SET status = 'draft'",
        "UPDATE scopes SET revision = revision",
        "UPDATE OR REPLACE scopes SET id = 99",
        "DELETE FROM scopes",
        "DELETE FROM scopes WHERE status = 'locked'",
        f"INSERT OR REPLACE INTO scopes (id, {COLUMNS})"
        " SELECT id, bet_id, 7, 'draft', '{}', 1, author, '', created_at, updated_at FROM scopes",
        f"INSERT OR REPLACE INTO scopes ({COLUMNS})"
        " SELECT bet_id, version, 'locked', '{}', 1, author, '', created_at, updated_at FROM scopes",
        f"INSERT INTO scopes (id, {COLUMNS})"
        " SELECT id, bet_id, 7, 'draft', '{}', 1, author, '', created_at, updated_at FROM scopes WHERE true"
        " ON CONFLICT (id) DO UPDATE SET doc = '{}'",
    ],
)
def test_a_locked_scope_can_be_neither_changed_nor_deleted(tx: Connection, locked: Scope, statement: str) -> None:
    with pytest.raises(IntegrityError, match="stays as it is"):
        tx.execute(text(statement))
    assert list_scopes(tx) == [locked]


def test_its_bet_cannot_be_deleted_from_under_it(tx: Connection, locked: Scope) -> None:
    with pytest.raises(IntegrityError):
        tx.execute(text("DELETE FROM bets"))


def test_an_open_version_beside_it_can(tx: Connection, locked: Scope, bet: int) -> None:
    second = insert_scope(tx, T0, bet, 2, "U1", DOC, "because")
    tx.execute(text("UPDATE scopes SET reason = 'x' WHERE version = 2"))
    tx.execute(text("DELETE FROM scopes WHERE version = 2"))
    assert list_scopes(tx) == [locked] and get_draft(tx, second.id, 1) is None


def test_the_store_writes_no_locked_scope_either(tx: Connection, locked: Scope) -> None:
    assert not update_draft(tx, T0, locked, Document(title="x"))
    assert not update_scope(tx, T0, locked, "review")


def test_a_draft_is_saved_once_for_each_revision_that_was_read(tx: Connection, bet: int) -> None:
    first = insert_scope(tx, T0, bet, 1, "U1", DOC)
    assert update_draft(tx, T0, first, Document(title="second"))
    assert not update_draft(tx, T0, first, Document(title="too late")) and not update_scope(tx, T0, first, "review")
    now = get_scope(tx, bet)
    assert now is not None and (now.revision, now.doc.title) == (2, "second")
    assert [get_draft(tx, first.id, revision) for revision in (1, 2, 3, "1", None)] == [DOC, now.doc, None, None, None]
    assert update_scope(tx, T0, now, "locked", locked_at=LOCKED_AT)
    assert get_draft(tx, first.id, 1) is None, "what nobody can edit any more needs no drafts"


def test_a_version_is_there_once(tx: Connection, locked: Scope, bet: int) -> None:
    insert_scope(tx, T0, bet, 2, "U1", DOC)
    with pytest.raises(IntegrityError):
        insert_scope(tx, T0, bet, 2, "U1", DOC)


@pytest.fixture
def assumption(tx: Connection, bet: int) -> int:
    """One of a locked scope, of kind labels and critical."""
    given = AssumptionText("labels exist", "labels", True, id="a1")
    scope = insert_scope(tx, T0, bet, 1, "U1", replace(DOC, assumptions=(given,)))
    assert update_scope(tx, T0, scope, "locked", signed_off_by="U2", locked_at=LOCKED_AT)
    return insert_assumption(tx, bet, 1, 0, given)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assumptions SET text = 'other words'",
        "UPDATE assumptions SET critical = 0",
        "UPDATE assumptions SET kind = 'people'",
        "UPDATE OR REPLACE assumptions SET id = 99",
        "UPDATE assumptions SET ref = 'a9'",
        "DELETE FROM assumptions",
        "INSERT OR REPLACE INTO assumptions SELECT * FROM assumptions",
        "INSERT INTO assumptions SELECT * FROM assumptions WHERE true ON CONFLICT (id) DO UPDATE SET text = 'x'",
    ],
)
def test_an_assumption_of_a_locked_scope_can_be_neither_changed_nor_deleted(
    tx: Connection, assumption: int, statement: str
) -> None:
    before = list_assumptions(tx)
    with pytest.raises(IntegrityError, match="stays as it is"):
        tx.execute(text(statement))
    assert list_assumptions(tx) == before


def test_how_it_stands_and_who_looks_when_can_be(tx: Connection, assumption: int) -> None:
    said = {"state": "false", "answered_by": "U1", "answered_at": T0, "owner": "U3", "check_at": LOCKED_AT.date()}
    update_assumption(tx, assumption, **said, kind="labels", critical=True)
    [found] = list_assumptions(tx)
    assert {name: getattr(found, name) for name in said} == said


def test_the_next_locked_version_may_give_it_another_weight(tx: Connection, assumption: int, bet: int) -> None:
    lighter = replace(DOC, assumptions=(AssumptionText("labels exist", "labels", False, id="a1"),))
    second = insert_scope(tx, T0, bet, 2, "U1", lighter, "because")
    with pytest.raises(IntegrityError, match="stays as it is"):
        update_assumption(tx, assumption, critical=False)
    assert update_scope(tx, T0, second, "locked", signed_off_by="U2", locked_at=LOCKED_AT)
    update_assumption(tx, assumption, critical=False)
    assert [one.critical for one in list_assumptions(tx)] == [False]


def test_which_kinds_break_and_what_waits_longest(tx: Connection, locked: Scope, bet: int) -> None:
    given = [
        AssumptionText(f"t{n}", kind, n < 3, id=f"a{n}")
        for n, kind in enumerate(("labels", "labels", "people", "labels"))
    ]
    ids = [insert_assumption(tx, bet, 1, position, one) for position, one in enumerate(given)]
    oldest = get_oldest_untested(tx, [bet])
    assert oldest is not None and (oldest[0].id, oldest[1]) == (ids[0], LOCKED_AT)
    update_assumption(tx, ids[0], state="false", answered_at=T0 + timedelta(days=1))
    update_assumption(tx, ids[1], state="holds", gone_version=2)
    assert [(one.kind, one.total, one.holds, one.false) for one in list_kind_stats(tx, TEAM)] == [
        ("labels", 3, 1, 1), ("people", 1, 0, 0),
    ]  # fmt: skip
    oldest = get_oldest_untested(tx, [bet])
    assert oldest is not None and oldest[0].id == ids[2]
    tx.execute(text("UPDATE bets SET status = 'withdrawn'"))
    assert list_kind_stats(tx, TEAM) == [] and get_oldest_untested(tx, []) is None
