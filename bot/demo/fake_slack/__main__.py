"""Runs the simulated Slack as a process of its own: prints one JSON line with its addresses and tokens, then serves."""

import argparse
import json
import signal
import sys
import threading
from datetime import datetime
from pathlib import Path

from .clock import Clock
from .control import facts
from .server import FakeSlack
from .world import World


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.demo.fake_slack", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--pace", type=float, default=1.0, help="seconds a message in a channel, 0 for no limit")
    parser.add_argument("--manifest", type=Path, help="the app's manifest (JSON); without it everything is allowed")
    parser.add_argument("--at", type=datetime.fromisoformat, help="where the clock starts (ISO 8601 with an offset)")
    parser.add_argument("--frozen", action="store_true", help="the clock stands still until it is moved")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    manifest = json.loads(options.manifest.read_text()) if options.manifest else None
    server = FakeSlack(port=options.port, control=True).start()
    clock = Clock(options.at, running=not options.frozen)
    world = server.add_world(World(clock, manifest, options.pace, options.seed, name="world"))
    sys.stdout.write(json.dumps(facts(world)) + "\n")
    sys.stdout.flush()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
    server.stop()


if __name__ == "__main__":
    main()
