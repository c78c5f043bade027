"""Run as a program: reads a Parquet file from standard input and writes its rows as JSON lines.

It knows nothing of the rest of Bets. It ends with code 3 and the rest of a sentence on stderr where a limit is passed,
and with anything else where the file is broken or its own memory ends.
"""

import json
import resource
import sys
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

BATCH = 100


class TooMuch(Exception):
    """A limit is passed; the text is the rest of a sentence."""


def main() -> None:
    """Everything on standard input to lines on standard output."""
    rows, columns, size, memory, seconds = json.loads(sys.argv[1])
    data = sys.stdin.buffer.read()
    import pyarrow as pa
    import pyarrow.parquet as pq

    pa.set_cpu_count(1)
    _limit(memory, seconds)
    file = pq.ParquetFile(pa.BufferReader(data))
    if file.metadata.num_rows > rows:
        raise TooMuch(f"has more than {rows:,} rows")
    if max(file.metadata.num_columns, len(file.schema_arrow)) > columns:
        raise TooMuch(f"has more than {columns} columns")
    written = 0
    for batch in file.iter_batches(batch_size=BATCH, use_threads=False):
        for row in batch.to_pylist():
            line = json.dumps(row, ensure_ascii=False, default=_plain).encode("utf-8", "replace") + b"\n"
            written += len(line)
            if written > size:
                raise TooMuch(f"unpacks to more than {size // 1024 // 1024} MB")
            sys.stdout.buffer.write(line)


def _limit(memory: int, seconds: int) -> None:
    """So much memory beyond what is in use now, and so much of a processor's time; more ends this program."""
    statm = Path("/proc/self/statm")
    if statm.exists():  # elsewhere than on Linux nobody says how much is in use
        used = int(statm.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _plain(value: Any) -> Any:
    """A value that JSON does not have, as people would write it; raw bytes are nothing that people read."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return None if isinstance(value, bytes) else str(value)


if __name__ == "__main__":
    try:
        main()
    except TooMuch as error:
        sys.stderr.write(str(error))
        sys.exit(3)
