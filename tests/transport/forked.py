"""`python -m bot run` in a process that is forked from one which has imported all of it already.

To import takes longer than most of these tests, and the bot that then runs is the same: a process of its own, which is
signalled, killed and asked for its exit code. How a fresh process starts is for test_start to see.
"""

import multiprocessing
import os
import sys
from pathlib import Path

LOADED = [
    "bot.cli_run",
    "bot.app",
    "bot.work.ticker",
    "bot.store.migrate",
    "bot.transport.http",
    "bot.transport.socket",
]
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__, *LOADED, "gunicorn.app.base", "gunicorn.workers.gthread"])
Process = multiprocessing.process.BaseProcess


def run_bot(env: dict[str, str], home: Path, log: Path) -> Process:
    """A bot with this environment in this folder; what it says on stderr goes to the end of `log`."""
    process = _PROCESSES.Process(target=_run, args=(env, str(home), str(log)))
    process.start()
    return process


def _run(env: dict[str, str], home: str, log: str) -> None:
    from bot.cli import main

    os.setsid()
    os.chdir(home)
    os.environ.clear()
    os.environ.update(env)
    os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT), sys.stderr.fileno())
    sys.argv = ["bets", "run"]
    main()
