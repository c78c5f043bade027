"""Limit 9: `bets --help` against importing click alone, as whole processes; and `bets advise` on a thousand lines."""

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from bench.processes import SERVER_CPU, on_cpu
from bench.table import Row
from tests.domain.portfolios import sample_lines

TURNS = 11


def measure(_folder: Path, budget: str) -> list[Row]:
    """The row of the table."""
    commands = {"bare": ["-c", "import click"], "help": ["-m", "bot", "--help"]}
    found: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(TURNS):
        for name, words in commands.items():
            began = time.perf_counter()
            subprocess.run([sys.executable, *words], capture_output=True, check=True, preexec_fn=on_cpu(SERVER_CPU))
            found[name].append((time.perf_counter() - began) * 1000)
    ours, bare = median(found["help"]), median(found["bare"])
    return [Row(9, "bets --help", ours / bare, 3, f"{ours:.0f} ms against {bare:.0f}"), _advise()]


def _advise() -> Row:
    lines = "".join(json.dumps(line) + "\n" for line in sample_lines(2, 40) * 25)
    took = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "bot", "advise"], input=lines, capture_output=True, text=True, check=True,
                       preexec_fn=on_cpu(SERVER_CPU))  # fmt: skip
        took.append(time.perf_counter() - began)
    return Row(0, "bets advise, 1,000 lines, start included, s", median(took), 1, f"{lines.count(chr(10)):,} lines")
