"""Limit 12: envelopes over a web socket, and how soon a lost line is back."""

import asyncio
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench.driver import Measured
from bench.processes import Server
from bench.stage import CHANNEL, PEOPLE, Mix, environment, forget_presses, furnish, list_updates, prepare
from bench.table import Row
from bot.demo.fake_slack import Clock, FakeSlack, World
from bot.demo.fake_slack.sockets import Socket
from bot.transport.manifest import manifest

BUDGETS = {"full": (300, 600), "quick": (100, 300)}
# Short turns, and many: whatever else the machine does for some seconds is in both apps' figures.
TURNS, TRIES = 25, 5


class App:
    """One of the two apps on its line to a workspace of its own."""

    def __init__(self, name: str, slack: FakeSlack, home: Path) -> None:
        self.name, self.home = name, home
        self.world = slack.add_world(World(Clock(), manifest("socket"), pace=0))
        furnish(self.world)
        env = environment(self.world, home, SLACK_APP_TOKEN=self.world.app_token, PORT="0")
        command = [sys.executable, "-m", "bench.reference", "socket", str(home)]
        if name == "bets":
            prepare(env, home)
            command = [sys.executable, "-m", "bot", "run", "--mode", "socket"]
        updates = list_updates(home) if name == "bets" else []
        self.mix = Mix(f"{self.world.api_url.removesuffix('api/')}response/none", updates)
        self.p50: list[float] = []
        self.rate: list[float] = []
        self.server = Server(command, env, home / "log.txt")
        self.server.until(self.is_there)

    def is_there(self) -> bool:
        return self.world.command(PEOPLE[0], CHANNEL, "list").status == 200

    def turn(self, count: int, many: int) -> None:
        """One round: one envelope at a time, then eight."""
        self.p50.append(self._drive(1, count).percentile(0.5))
        mixed = self._drive(8, many)
        self.rate.append(many / mixed.seconds)

    def _drive(self, lanes: int, count: int) -> Measured:
        if self.name == "bets":
            forget_presses(self.home)
        line = self.world.delivery.open[0]  # type: ignore[union-attr]
        return asyncio.run_coroutine_threadsafe(self._send_all(line, lanes, count), line.loop).result(300)

    async def _send_all(self, line: Socket, lanes: int, count: int) -> Measured:
        found, began = Measured(), time.perf_counter()
        left = iter(range(count))

        async def lane() -> None:
            for number in left:
                found.ms.append(await self._send(line, number))

        await asyncio.gather(*(lane() for _ in range(lanes)))
        found.seconds = time.perf_counter() - began
        return found

    async def _send(self, line: Socket, number: int) -> float:
        kind, payload = ("interactive", self.mix.press()) if number % 2 else ("slash_commands", self.mix.command())
        name = f"{time.time()}-{number}"
        acked: Any = asyncio.get_running_loop().create_future()
        line.waiting[name] = acked
        envelope = {"envelope_id": name, "type": kind, "payload": payload, "accepts_response_payload": True}
        began = time.perf_counter()
        await line.line.send_json(envelope)
        await asyncio.wait_for(acked, 30)
        return (time.perf_counter() - began) * 1000


def measure(folder: Path, budget: str) -> list[Row]:
    """The rows of the table."""
    count, many = BUDGETS[budget]
    slack = FakeSlack().start()
    apps = [App(name, slack, folder / name) for name in ("reference", "bets")]
    try:
        for _ in range(TURNS):
            for app in apps:
                app.turn(count, many)
        reference, bets = apps
        p50, bare = median(bets.p50), median(reference.p50)
        rate, most = median(bets.rate), median(reference.rate)
        return [
            Row(12, "socket: ack p50, one at a time", p50 / bare, 4, f"{p50:.2f} ms against {bare:.2f}"),
            Row(12, "socket: throughput, eight at once", rate / most, 0.35, f"{rate:.0f}/s against {most:.0f}", True),
            Row(12, "socket: back after an aborted line, s", max(_lose_line(bets) for _ in range(TRIES)), 3),
            Row(12, "socket: missed during refreshes", sum(_refresh(bets) for _ in range(TRIES)), 0),
        ]
    finally:
        for app in apps:
            app.server.stop()
        slack.stop()


def _lose_line(app: App) -> float:
    app.world.abort_sockets()
    began = time.perf_counter()
    time.sleep(0.05)  # the abort is under way
    while not app.is_there():
        time.sleep(0.01)
    return time.perf_counter() - began


def _refresh(app: App) -> int:
    app.world.disconnect_sockets("refresh_requested")
    return sum(not app.is_there() for _ in range(100))
