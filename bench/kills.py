"""Limit 14: the bot is killed 500 times while it works, and says everything exactly once all the same."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from bench.table import Row

KILLS = {"full": 500, "quick": 30}


def measure(folder: Path, budget: str) -> list[Row]:
    """The row of the table; none where the tests are not there."""
    if find_spec("tests.work.kills") is None:
        print("kills: skipped, tests/work/kills.py is not there", file=sys.stderr)
        return []
    from bot.demo.fake_slack import FakeSlack
    from tests.work.kills import run_kills

    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    slack = FakeSlack().start()
    try:
        done = run_kills(slack, folder, KILLS[budget], seed=1)
    finally:
        slack.stop()
    for failure in done.failures[:10]:
        print(f"kills: {failure}", file=sys.stderr)
    detail = f"{done.kills} kills, {done.died} died, {done.seconds:.0f} s"
    return [Row(14, "kills after which something was wrong", len(done.failures), 0, detail)]
