"""`python -m bench [--quick]`: prints how the bot compares with the reference app; exit code 1 if a limit fails."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from bench import commands, http, kills, pictures, predictions, sockets
from bench.processes import DRIVER_CPU, on_cpu
from bench.table import Row, show

PARTS = {
    "http": http.measure,
    "sockets": sockets.measure,
    "commands": commands.measure,
    "pictures": pictures.measure,
    "predictions": predictions.measure,
    "kills": kills.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short turns: to look, not to judge")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"only these: {', '.join(PARTS)}")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"there is no part {min(unknown)}")
    on_cpu(DRIVER_CPU)()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="bets-bench-") as folder:
        for name, measure in PARTS.items():
            if not options.parts or name in options.parts:
                print(f"{name} ...", file=sys.stderr, flush=True)
                part = Path(folder) / name
                part.mkdir()
                rows += measure(part, "quick" if options.quick else "full")
    print(show(rows))
    print(f"{os.cpu_count()} CPUs; medians of interleaved turns; the reference is bench/reference.py.")
    return 0 if all(row.passed for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
