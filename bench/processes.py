"""Servers under measurement: processes of their own, on a CPU of their own."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

SERVER_CPU, DRIVER_CPU = 0, 1
# As it was at the start: the driver keeps itself to one of them, and what it starts would inherit that.
_CPUS = os.sched_getaffinity(0)
SECONDS = 30.0


def on_cpu(cpu: int) -> Callable[[], None]:
    """What a new process does first, to run on that CPU alone (where there is one)."""
    return lambda: os.sched_setaffinity(0, {cpu} & _CPUS or _CPUS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A process that serves; `cpu` and `rss` are its own and its children's."""

    def __init__(self, command: list[str], env: dict[str, str], log: Path) -> None:
        self.log = log
        self.began = time.perf_counter()
        with log.open("ab") as out:
            self.process = subprocess.Popen(command, env=env, stdout=out, stderr=out, preexec_fn=on_cpu(SERVER_CPU))

    def until(self, check: Callable[[], bool]) -> float:
        """Seconds from its start until `check` holds."""
        while not check():
            if self.process.poll() is not None or time.perf_counter() - self.began > SECONDS:
                raise SystemExit(f"bench: {self.process.args} does not serve:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.002)
        return time.perf_counter() - self.began

    def cpu(self) -> float:
        """Seconds of CPU time so far."""
        ticks = 0
        for pid in self._pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def rss(self) -> float:
        """MiB of memory of its own and its children; what they share is counted once."""
        lines = [line for pid in self._pids() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
        return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024

    def peak(self) -> float:
        """MiB: the most that its processes ever had."""
        lines = [line for pid in self._pids() for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
        return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024

    def _pids(self) -> list[int]:
        pid = self.process.pid
        return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
