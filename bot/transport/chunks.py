"""Bodies that do not say their length, which Python's own small server does not read (RFC 9112, section 7.1)."""

from typing import Protocol

_LONGEST_LINE = 1_000
_HEX = frozenset(b"0123456789abcdefABCDEF")


class Line(Protocol):
    """What is read from."""

    def read(self, size: int, /) -> bytes: ...
    def readline(self, size: int, /) -> bytes: ...


class Chunks:
    """The bytes of a chunked body on `line`. ValueError where it is none, or ends too early."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._left = 0
        self._ended = False

    def read(self, size: int) -> bytes:
        """At most `size` bytes, b"" at the end."""
        if not self._left and not self._ended:
            self._begin()
        if self._ended:
            return b""
        part = self._line.read(min(size, self._left))
        self._left -= len(part)
        if not part or (not self._left and self._read_line()):
            raise ValueError("a chunk ends too early, or too late")
        return part

    def _begin(self) -> None:
        digits = self._read_line().partition(b";")[0].strip()
        if not 0 < len(digits) <= 8 or not _HEX.issuperset(digits):
            raise ValueError("no chunk begins here")
        self._left = int(digits, 16)
        if not self._left:
            self._ended = True
            while self._read_line():  # trailers, which say nothing here; the line hangs up on who sends them for ever
                pass

    def _read_line(self) -> bytes:
        line = self._line.readline(_LONGEST_LINE)
        if not line.endswith(b"\n"):
            raise ValueError("a line of a chunked body is too long, or ends too early")
        return line.strip(b"\r\n")
