"""The fault script: what goes wrong at the n-th call of a method."""

import os
import re
import signal
from dataclasses import dataclass, field

APPLIED = {"drop", "rst", "hang", "500", "502html", "cut", "html", "internal_error"}
_KNOWN = re.compile(
    r"ok|refuse:\w+|429(:\d+)?|apply\+(drop|rst|hang|500|502html|cut|html|internal_error)|noapply\+(500|drop|rst|hang)"
    r"|apply_after|slow|kill@(before|applied|answered)"
)


@dataclass
class Fault:
    """`seconds` belongs to slow and apply_after (world seconds there), `pid` to kill@..."""

    kind: str = "ok"
    seconds: float = 0.0
    pid: int | None = None

    def __post_init__(self) -> None:
        if not _KNOWN.fullmatch(self.kind):
            raise ValueError(f"unknown fault: {self.kind}")

    @property
    def line(self) -> str:
        """What happens to the connection: drop, rst, hang, 500, 502html, cut, html, internal_error, or nothing."""
        if self.kind == "apply_after":
            return "drop"
        return self.kind.split("+", 1)[1] if "+" in self.kind else ""

    @property
    def applies(self) -> bool:
        return not self.kind.startswith(("refuse:", "429", "noapply", "apply_after"))

    def kill(self, moment: str) -> bool:
        """Ends the bot's process if this is the moment; SIGKILL cannot be caught there."""
        if self.kind != f"kill@{moment}":
            return False
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
        return True


@dataclass
class _Entry:
    fault: Fault
    nth: int | None
    channel: str | None = None
    seen: int = 0


@dataclass
class Faults:
    """Entries count the calls of their method (into their channel, if they name one) from the moment they were made."""

    entries: dict[str, list[_Entry]] = field(default_factory=dict)

    def add(self, method: str, nth: int | None, fault: Fault, channel: str | None = None) -> None:
        self.entries.setdefault(method, []).append(_Entry(fault, nth, channel))

    def clear(self, method: str | None = None) -> None:
        if method is None:
            self.entries.clear()
        else:
            self.entries.pop(method, None)

    def next(self, method: str, channel: str | None = None) -> Fault:
        """The fault of this call; the entry made first wins."""
        chosen = Fault()
        for entry in [*self.entries.get(method, []), *self.entries.get("*", [])]:
            if entry.channel not in (None, channel):
                continue
            entry.seen += 1
            if chosen.kind == "ok" and entry.nth in (None, entry.seen):
                chosen = entry.fault
        return chosen
