"""A database of the schema before prediction sets, filled, keeps every row, and can hold them afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, text

from bot.store import migrate
from bot.store import tables as t
from bot.store.bets import get_bet
from bot.store.db import reading, writing
from bot.store.teams import get_team
from tests.store.graves import T0
from tests.store.test_upgrade_to_scopes import NUDGE
from tests.store.test_upgrades import AT, DAY, IDS, LATER, LIVED, Row, contents
from tests.store.versions import filled, reflected, without_search

# What schema 0003 holds beyond the one before it.
SCOPES: list[Row] = [
    {"id": 1, "bet_id": IDS["live"], "version": 1, "status": "locked", "doc": {"title": "x"}, "revision": 2,
     "author": "U1", "reason": "", "signed_off_by": "U2", "locked_at": LATER, "created_at": AT, "updated_at": LATER},
    {"id": 2, "bet_id": IDS["live"], "version": 2, "status": "draft", "doc": {"title": "y"}, "revision": 1,
     "author": "U1", "reason": "Two languages", "created_at": LATER, "updated_at": LATER},
]  # fmt: skip
DRAFTS: list[Row] = [{"scope_id": 2, "revision": 1, "doc": {"title": "y"}}]
ASSUMPTIONS: list[Row] = [
    {"id": 1, "bet_id": IDS["live"], "ref": "a1", "since_version": 1, "position": 0, "text": "labels exist",
     "kind": "data", "critical": True, "how": "ask", "owner": "U1", "check_at": DAY, "state": "false",
     "answered_by": "U1", "answered_at": LATER},
]  # fmt: skip
LIVED_3 = LIVED | {"nudges": [NUDGE], "scopes": SCOPES, "scope_drafts": DRAFTS, "assumptions": ASSUMPTIONS}


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Engine]:
    """A filled database of schema 0003."""
    engine = filled(tmp_path, "0003", LIVED_3)
    yield engine
    engine.dispose()


def test_every_row_is_kept(old: Engine) -> None:
    tables = without_search(reflected(old))
    with reading(old) as tx:
        before = contents(tx, tables)
    assert all(before.values()) and {*before} == {*LIVED_3}
    migrate.upgrade(str(old.url))
    with reading(old) as tx:
        assert contents(tx, tables) == before
        assert tx.execute(text("PRAGMA foreign_key_check")).all() == []
    migrate.check(old)


def test_a_team_of_before_keeps_samples_for_a_year_and_its_bets_have_no_demo_link(old: Engine) -> None:
    migrate.upgrade(str(old.url))
    with reading(old) as tx:
        assert tx.execute(select(t.teams.c.samples_kept_days, t.teams.c.samples_link_only)).one() == (365, False)
        assert set(tx.execute(select(t.bets.c.demo_link)).scalars()) == {None}
        assert get_team(tx, 1).channel == "C1" and get_bet(tx, IDS["live"]).status == "live"


def test_a_set_with_its_rows_a_round_and_a_vote_can_be_kept_there(old: Engine) -> None:
    migrate.upgrade(str(old.url))
    kept = {"id": 1, "bet_id": IDS["live"], "label": "v1", "file": "v1.csv", "columns": {}, "count": 1, "seed": 7}
    kept |= {"digest": "0" * 64, "source": "push", "by": "U1", "state": "ready", "created_at": T0}
    with writing(old) as tx:
        tx.execute(insert(t.prediction_sets).values(kept))
        tx.execute(insert(t.predictions).values(set_id=1, position=0, row="a", prediction={"x": 1}))
        tx.execute(insert(t.sample_rounds).values(id=1, team_id=1, posted_at=T0, closes_at=T0))
        tx.execute(insert(t.sample_draws).values(id=1, round_id=1, bet_id=IDS["live"], set_id=1, place=0, seed=7))
        tx.execute(insert(t.samples).values(id=1, draw_id=1, place=0, number=1, position=0, row="a", why="random"))
        tx.execute(insert(t.votes).values(sample_id=1, user="U2", value="weird", at=T0))
    with reading(old) as tx:
        assert tx.execute(select(t.predictions.c.prediction)).scalar_one() == {"x": 1}
        assert tx.execute(select(t.votes.c.value)).scalar_one() == "weird"
