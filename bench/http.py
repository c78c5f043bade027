"""Limits 1 to 4, 7 and 8: requests over HTTP."""

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench.driver import Driver, Measured, form
from bench.processes import DRIVER_CPU, Server, free_port, on_cpu
from bench.stage import Mix, environment, forget_presses, furnish, list_updates, prepare, write_manifest
from bench.table import Row
from bot.demo.fake_slack import RemoteWorld

BUDGETS = {"full": (5, 300, 30.0, 600), "quick": (5, 100, 2.0, 300)}
WARM_UP, RUSHES = 200, 25


class App:
    """One of the two apps with everything that drives it."""

    def __init__(self, name: str, world: Any, home: Path) -> None:
        self.name, self.home, self.port = name, home, free_port()
        env = environment(world, home, SLACK_SIGNING_SECRET=world.signing_secret, PORT=str(self.port))
        self.env = env | {"HOST": "127.0.0.1"}
        self.driver = Driver(self.port, world.signing_secret)
        self.command = [sys.executable, "-m", "bot", "run", "--mode", "http"]
        if name == "reference":
            self.command = [sys.executable, "-m", "bench.reference", "http", str(self.port), str(home)]
        else:
            prepare(self.env, home)
        updates = [] if name == "reference" else list_updates(home)
        self.mix = Mix(f"{world.api_url.removesuffix('api/')}response/none", updates)
        self.found: dict[str, list[float]] = {}

    def start(self, **env: str) -> float:
        """Starts it; returns seconds to its first acknowledgement."""
        self.server = Server(self.command, self.env | env, self.home / "log.txt")
        return self.server.until(self._answers)

    def _answers(self) -> bool:
        try:
            return self.driver.closed_loop(self.mix.as_form("command"), 1, 1).wrong == 0
        except OSError:
            return False

    def note(self, name: str, value: float) -> None:
        self.found.setdefault(name, []).append(value)

    def __getitem__(self, name: str) -> float:
        return median(self.found[name])

    def turn(self, count: int, seconds: float) -> None:
        """One round of one request at a time, and of fifty a second."""
        for kind in ("command", "press"):
            self.note(f"{kind} p50", self._drive(kind, 1, count).percentile(0.5))
        self._begin_anew()
        opened = self.driver.open_loop(self.mix.as_form("both"), 50, seconds)
        self.note("open p99", opened.percentile(0.99))
        self.note("open max", max(opened.ms))
        self.note("wrong", opened.wrong)

    def rush(self, many: int) -> None:
        """One round of eight at once."""
        cpu = self.server.cpu()
        mixed = self._drive("both", 8, many)
        self.note("per second", many / mixed.seconds)
        self.note("cpu", (self.server.cpu() - cpu) / many * 1e6)

    def _begin_anew(self) -> None:
        if self.name == "bets":
            forget_presses(self.home)

    def _drive(self, kind: str, connections: int, count: int) -> Measured:
        self._begin_anew()
        measured = self.driver.closed_loop(self.mix.as_form(kind), connections, count)
        self.note("wrong", measured.wrong)
        return measured


def measure(folder: Path, budget: str) -> list[Row]:
    """The rows of the table."""
    turns, count, seconds, many = BUDGETS[budget]
    slack, world = start_slack(folder)
    try:
        apps = [App("reference", world, folder / "reference"), App("bets", world, folder / "bets")]
        cold = _measure_cold(apps, turns)
        for app in apps:
            app.start()
            app.driver.closed_loop(app.mix.as_form("both"), 4, WARM_UP)
        for _ in range(turns):
            for app in apps:
                app.turn(count, seconds)
        # Short turns, and many: whatever else the machine does for some seconds is in both apps' figures.
        for _ in range(RUSHES):
            for app in apps:
                app.rush(many)
        rows = _rows(*apps) + cold + _measure_memory(*apps, 50_000 if budget == "full" else 3_000)
        for app in apps:
            app.server.stop()
        return rows
    finally:
        slack.terminate()
        slack.wait()


def start_slack(folder: Path) -> tuple[subprocess.Popen[str], RemoteWorld]:
    """The simulated Slack in a process of its own, beside the driver."""
    command = [sys.executable, "-m", "bot.demo.fake_slack", "--pace", "0"]
    command += ["--manifest", str(write_manifest(folder / "manifest.json"))]
    slack = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=on_cpu(DRIVER_CPU))
    assert slack.stdout is not None
    world = RemoteWorld(json.loads(slack.stdout.readline())["control_url"])
    furnish(world)
    return slack, world


def _measure_cold(apps: list[App], turns: int) -> list[Row]:
    for _ in range(turns):
        for app in apps:
            app.note("cold", app.start())
            app.server.stop()
    reference, bets = apps
    bets.start(PYTHONPROFILEIMPORTTIME="1")
    bets.server.stop()
    imported = {line.rpartition("|")[2].strip() for line in bets.server.log.read_text().splitlines()}
    heavy = sorted({"pandas", "numpy", "matplotlib", "alembic", "holidays"} & imported)
    return [
        Row(7, "cold start to first ack", bets["cold"] / reference["cold"], 2.5, f"{bets['cold']:.2f} s"),
        Row(7, "heavy libraries imported by then", len(heavy), 0, ", ".join(heavy) or "none"),
    ]


def _rows(reference: App, bets: App) -> list[Row]:
    slowest = max(bets.found["open max"])
    ms, p50 = "{:.2f} ms against {:.2f}".format, ("command p50", "press p50")
    rows = [
        Row(1, f"ack p50, one at a time, {name.removesuffix(' p50')}", bets[name] / reference[name], 4,
            ms(bets[name], reference[name]))
        for name in p50
    ]  # fmt: skip
    share = bets["per second"] / reference["per second"]
    said = "{:.0f} µs against {:.0f}".format(bets["cpu"], reference["cpu"])
    rates = "{:.0f}/s against {:.0f}".format(bets["per second"], reference["per second"])
    return [
        *rows,
        Row(1, "slowest of these p50, ms", max(bets[name] for name in p50), 8, ""),
        Row(2, "ack p99, 50 a second", bets["open p99"] / reference["open p99"], 4,
            ms(bets["open p99"], reference["open p99"])),
        Row(2, "slowest ack, ms", slowest, 250, ""),
        Row(3, "throughput, eight at once", share, 0.35, rates, at_least=True),
        Row(4, "CPU a request", bets["cpu"] / reference["cpu"], 3.5, said),
        Row(0, "answers that were not 200", sum(bets.found["wrong"]), 0, ""),
    ]  # fmt: skip


def _measure_memory(reference: App, bets: App, more: int) -> list[Row]:
    rss = {}
    for app in (reference, bets):
        app.driver.closed_loop(app.mix.as_form("command"), 4, 10_000 if more > 10_000 else 1_000)
        rss[app.name] = app.server.rss()
    before = bets.server.rss()
    bets.driver.closed_loop(bets.mix.as_form("command"), 8, more)
    after = bets.server.rss()
    bare = rss["reference"]
    return [
        Row(8, "memory before any chart", rss["bets"] / bare, 1.6, f"{rss['bets']:.0f} MiB against {bare:.0f}"),
        Row(8, f"its growth over {more:,} more requests", after / before, 1.05, f"{after - before:+.1f} MiB"),
        Row(8, "memory after the first chart", _draw_a_chart(bets) / bare, 2.5, f"{bets.server.rss():.0f} MiB"),
    ]


def _draw_a_chart(bets: App) -> float:
    """Asks for a summary, and waits until the library that draws it is there and the picture is drawn."""
    before = bets.server.rss()
    bets.driver.closed_loop(lambda: form(bets.mix.command("summary")), 1, 1)
    bets.server.began = time.perf_counter()
    bets.server.until(lambda: bets.server.rss() > before + 10)
    time.sleep(2)
    return bets.server.rss()
