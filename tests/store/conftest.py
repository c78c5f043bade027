"""A database of this version with two teams, and a transaction in it that is taken back."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, insert

from bot.store import migrate
from bot.store.db import begin, open_engine
from bot.store.tables import teams
from tests.conftest import share_compiled
from tests.store.graves import OTHER, T0, TEAM


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path_factory.mktemp('store') / 'bets.db'}"
    migrate.upgrade(url)
    engine = share_compiled(open_engine(url))
    yield engine
    engine.dispose()


@pytest.fixture
def tx(migrated: Engine) -> Iterator[Connection]:
    with migrated.connect() as tx:
        begin(tx)
        for team_id in (TEAM, OTHER):
            team = {"id": team_id, "channel": f"C{team_id}", "zone": "UTC", "leads": ["U1"], "maturity": "mixed"}
            tx.execute(insert(teams).values(**team, deciders="anyone", set_up_at=T0, active_since=T0))
        yield tx
        tx.rollback()
