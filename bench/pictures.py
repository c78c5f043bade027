"""Limit 10: the summary's chart against bare matplotlib that draws as many lines on as large a picture."""

import json
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

from bench.processes import SERVER_CPU, on_cpu
from bench.table import Row

BETS, WEEKS = 20, 12
TURNS, WARM = 5, 8


def data() -> dict[str, Any]:
    """Twenty bets over twelve weeks."""
    bets = [
        {
            "key": f"B-{n}",
            "title": f"Bet {n} that ranks tickets",
            "confidence": [(n * 7 + w * 5) % 101 for w in range(WEEKS)],
            "spent": n % 6 + 0.5,
            "appetite": n % 4 + 4.0,
        }
        for n in range(1, BETS + 1)
    ]
    return {"weeks": [f"2026-W{w:02}" for w in range(30, 30 + WEEKS)], "bets": bets}


def draw_bare() -> bytes:
    """Twenty lines over twenty bars on a picture of the same size, nothing else."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from bot.reports.charts import DPI, WIDTH, summary_height

    figure = Figure(figsize=(WIDTH, summary_height(BETS)), dpi=DPI)
    FigureCanvasAgg(figure)
    above, below = figure.subplots(2, 1)
    for bet in data()["bets"]:
        above.plot(range(WEEKS), bet["confidence"], marker="o", label=bet["key"])
    below.barh([bet["title"] for bet in data()["bets"]], [bet["spent"] for bet in data()["bets"]])
    out = BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


def draw_ours() -> bytes:
    from bot.reports.charts import draw

    return draw("summary", data())


def _time_draws(name: str) -> None:
    """In a process of its own: milliseconds of the first draw, imports included, and of a warm one."""
    draw = {"bare": draw_bare, "ours": draw_ours}[name]
    times = []
    for _ in range(WARM):
        began = time.perf_counter()
        draw()
        times.append((time.perf_counter() - began) * 1000)
    print(json.dumps([times[0], median(times[1:])]))


def measure(_folder: Path, budget: str) -> list[Row]:
    """The rows of the table."""
    found: dict[str, list[list[float]]] = {"bare": [], "ours": []}
    for _ in range(TURNS):
        for name, times in found.items():
            command = [sys.executable, "-m", "bench.pictures", name]
            done = subprocess.run(command, capture_output=True, check=True, preexec_fn=on_cpu(SERVER_CPU))
            times.append(json.loads(done.stdout))
    rows = []
    for index, what in enumerate(("first in a process", "warm")):
        ours, bare = (median(times[index] for times in found[name]) for name in ("ours", "bare"))
        rows.append(Row(10, f"summary chart, {what}", ours / bare, 1.5, f"{ours:.0f} ms against {bare:.0f}"))
    return rows


if __name__ == "__main__":
    _time_draws(sys.argv[1])
