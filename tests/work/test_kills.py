"""Killed at any step, the bot says everything exactly once (S2)."""

import os
from pathlib import Path

import pytest

from bot.demo.fake_slack import FakeSlack
from tests.work.kills import Stage, run_kills

full = pytest.mark.skipif(not os.environ.get("BETS_FULL"), reason="a long run: set BETS_FULL=1")


def test_thirty_kills_lose_nothing_and_double_nothing(slack: FakeSlack, tmp_path: Path) -> None:
    result = run_kills(slack, tmp_path, 30, seed=1)
    assert not result.failures, "\n".join(result.failures)
    assert (result.kills, result.died >= 25) == (30, True)


@full
@pytest.mark.full
@pytest.mark.timeout(1200)
def test_two_hundred_kills_lose_nothing_and_double_nothing(slack: FakeSlack, tmp_path: Path) -> None:
    result = run_kills(slack, tmp_path, 200, seed=2)
    assert not result.failures, "\n".join(result.failures)


def test_every_request_and_every_commit_is_a_point_to_die_at(slack: FakeSlack, tmp_path: Path) -> None:
    stage = Stage(slack, tmp_path)
    assert stage.requests >= 5 and stage.commits >= 10
    assert sorted(key for key in stage.wanted if not key.startswith("card:")) == [
        "checkin:1", "notice:1", "prompt:1:1", "prompt:1:2", "prompt:1:3"
    ]  # fmt: skip
    stage.close()
