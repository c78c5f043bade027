"""Parquet files as JSON lines, by the extra `samples`.

A Parquet file says how much it holds, and can lie: a few bytes unpack to gigabytes, and it is read by a library that is
not written in Python. So it is unpacked in a process of its own, which may use only so much memory and time, knows no
secret of the bot's, and gives back plain lines that are read like any other file.
"""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from bot.domain.errors import Refusal, own
from bot.domain.prediction_files import MOST_BYTES, MOST_COLUMNS, MOST_PACKED, MOST_ROWS

# What the other process may use: of a processor's time and of memory beside the library itself; and how long all of it
# may take on a machine that is busy.
CPU_SECONDS, MEMORY, SECONDS = 5, 192 * 1024 * 1024, 30
_KEPT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "TMPDIR")
# It multiplies nothing, and to start threads for that would be a third of its time.
_ALONE = {"OPENBLAS_NUM_THREADS": "1"}
_NOT_THERE = own(
    "The file is a Parquet file, which I read only with an extra that is not installed: send a CSV, TSV or JSONL file, "
    "or ask your operator for `pip install 'bets[samples]'`."
)


def unpack(data: bytes) -> bytes:
    """The rows of a Parquet file, each a line of JSON; a Refusal says why there are none."""
    if find_spec("pyarrow") is None:
        raise Refusal(_NOT_THERE)
    if len(data) > MOST_PACKED:
        raise Refusal(f"The Parquet file is larger than {MOST_PACKED // 1024 // 1024} MB: send a random part of it.")
    limits = [MOST_ROWS, MOST_COLUMNS, MOST_BYTES, MEMORY, CPU_SECONDS]
    command = [sys.executable, "-P", str(Path(__file__).with_name("parquet_child.py")), json.dumps(limits)]
    env = _ALONE | {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, env=env, check=False)
    except subprocess.TimeoutExpired:
        raise Refusal("The Parquet file takes too long to unpack: send a random part of it.") from None
    if done.returncode == 0:
        return done.stdout
    raise Refusal(_reason(done.returncode, done.stderr))


def _reason(code: int, said: bytes) -> str:
    """Why it ended: in the words that it chose itself, else by how it died."""
    if code == 3:
        return f"The Parquet file {said.decode('utf-8', 'replace').strip()[:300]}: send a random part of it."
    return "The Parquet file is broken, or unpacks to more than I take: send a CSV, TSV or JSONL file."
