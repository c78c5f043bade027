"""Sends signed requests over kept-alive connections, from one thread, and measures how long each answer takes."""

import hashlib
import hmac
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote_plus

Body = bytes


@dataclass
class Measured:
    """Milliseconds to each answer, and how long it all took."""

    ms: list[float] = field(default_factory=list)
    seconds: float = 0.0
    wrong: int = 0

    def percentile(self, share: float) -> float:
        ordered = sorted(self.ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Connection:
    """One kept-alive connection with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.began = 0.0
        self.heard = b""

    def is_whole(self) -> bool:
        head, separator, rest = self.heard.partition(b"\r\n\r\n")
        if not separator:
            return False
        length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b":0")
        return len(rest) >= int(length.partition(b":")[2])


class Driver:
    """Drives the server on `port`; `bodies` makes the next form to send."""

    def __init__(self, port: int, secret: str) -> None:
        self._port, self._secret = port, secret.encode()

    def closed_loop(self, bodies: Callable[[], Body], connections: int, count: int) -> Measured:
        """`connections` at once, each sending its next request when it has its answer."""
        return self._run(bodies, connections, iter([0.0] * count))

    def open_loop(self, bodies: Callable[[], Body], rate: float, seconds: float) -> Measured:
        """`rate` requests a second whatever becomes of them; each is timed from when it should have gone out."""
        began = time.perf_counter()
        return self._run(bodies, 32, iter([began + n / rate for n in range(int(rate * seconds))]))

    def _run(self, bodies: Callable[[], Body], connections: int, starts: Iterator[float]) -> Measured:
        found, busy = Measured(), selectors.DefaultSelector()
        # Opened when they are needed: a server's threads wait on connections that say nothing.
        free: list[Connection] = []
        everybody: list[Connection] = []
        under_way, began, due = 0, time.perf_counter(), next(starts, None)
        while due is not None or under_way:
            now = time.perf_counter()
            may_start = free or len(everybody) < connections
            if due is not None and may_start and due <= now:
                if not free:
                    free.append(Connection(self._port))
                    everybody.append(free[-1])
                one = free.pop()
                one.began, one.heard = due or now, b""
                one.socket.sendall(self._request(bodies()))
                busy.register(one.socket, selectors.EVENT_READ, one)
                under_way, due = under_way + 1, next(starts, None)
                continue
            wait = 5.0 if due is None or not may_start else max(0.0, due - now)
            for key, _ in busy.select(wait) if under_way else self._sleep(wait):
                one = key.data
                one.heard += one.socket.recv(65536)
                if one.is_whole():
                    found.ms.append((time.perf_counter() - one.began) * 1000)
                    found.wrong += not one.heard.startswith(b"HTTP/1.1 200")
                    busy.unregister(one.socket)
                    free.append(one)
                    under_way -= 1
        found.seconds = time.perf_counter() - began
        for one in everybody:
            one.socket.close()
        return found

    @staticmethod
    def _sleep(seconds: float) -> tuple[()]:
        time.sleep(seconds)
        return ()

    def _request(self, body: Body) -> bytes:
        stamp = str(int(time.time())).encode()
        signature = hmac.new(self._secret, b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest().encode()
        return (
            b"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"X-Slack-Request-Timestamp: " + stamp + b"\r\nX-Slack-Signature: v0=" + signature + b"\r\n"
            b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body
        )


def form(fields: dict[str, str]) -> Body:
    """Fields as Slack posts them."""
    return "&".join(f"{name}={quote_plus(value)}" for name, value in fields.items()).encode()
