"""What people and the log are told when something fails that should not."""

import re
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

import handlers.bets
from tests.conftest import ANA, CHANNEL, Office

FULL = OperationalError("INSERT INTO bets", None, sqlite3.OperationalError("database or disk is full"))
FAILURES = [(RuntimeError("Ana said: secret"), "bug"), (FULL, "the database failed")]


@pytest.mark.parametrize(("failure", "what"), FAILURES, ids=["bug", "database"])
def test_who_runs_into_a_failure_gets_a_reference_under_which_the_log_has_it(
    team: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, failure: Exception, what: str
) -> None:
    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(handlers.bets, "get_list", fail)
    answer = team.world.command(ANA, CHANNEL, "list")
    said = str(answer.body)
    found = re.search(r"nothing was changed\. Please try again; .* operator reference ([0-9a-f]{8})\.", said)
    assert answer.status == 200 and found, said
    assert f"{what} {found[1]}" in [record.getMessage() for record in caplog.records]
    assert "secret" not in said and "disk" not in said
