"""Whether the bot can work, and why not: for `/healthz`, in both modes."""

import errno
import os
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy.exc import SQLAlchemyError

from bot.runtime import Bot
from bot.store import claims, meta
from bot.transport import pushes
from bot.transport.chunks import Chunks

OVERDUE = timedelta(minutes=10)
# Bytes that the longest answer and its messages may take.
ROOM = 100_000
PATH = "/healthz"
NOTHING, NO_SUCH = "There is nothing here.", "This address takes no such request."


def check(bot: Bot, connected: Callable[[], bool]) -> tuple[int, dict[str, Any]]:
    """200 once connected and able to work, else 503; with what is wrong in words. Never a text of anybody."""
    reason = _reason(bot, connected)
    return (503, {"ok": False, "reason": reason}) if reason else (200, {"ok": True})


def _reason(bot: Bot, connected: Callable[[], bool]) -> str:
    if not connected():
        return "not connected to Slack"
    try:
        with bot.reading() as tx:
            broken = meta.get_meta(tx, meta.BREAKER)
            overdue = claims.count_overdue(tx, bot.now() - OVERDUE)
    except SQLAlchemyError:
        return "the database cannot be read"
    if unsafe := _why_unsafe(Path(str(bot.engine.url.database)).resolve()):
        return unsafe
    if broken:
        return f"Slack refuses the bot's token: {broken}"
    return f"{overdue} messages are more than ten minutes overdue" if overdue else ""


def _why_unsafe(database: Path) -> str:
    """Why no answer could be stored for good; nothing is written to find that out, since the page is asked often."""
    if not database.exists():
        return "the database's file was moved or deleted: put it back and restart"
    disk = os.statvfs(database.parent)
    full = disk.f_bavail * disk.f_frsize < ROOM or disk.f_flag & os.ST_RDONLY
    return "the database's disk is full or read-only" if full else ""


def refusal(host: str, port: int) -> str:
    """Why nothing can listen at that address, in one sentence; empty when something can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"Port {port} is taken: set PORT to another."
            place, names = (f"{host}:{port}", "HOST and PORT") if port else (host, "HOST")
            return f"Nothing can listen at {place} ({error.strerror}): set {names} to what this machine has."
    return ""


class _Server(ThreadingHTTPServer):
    """A thread for each request."""

    daemon_threads = True

    def __init__(self, bot: Bot, connected: Callable[[], bool], host: str, port: int) -> None:
        self.bot = bot
        self.connected = connected
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Page)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Somebody hung up in the middle of an answer; nobody else learns of it, and nobody has to."""


class _Page(BaseHTTPRequestHandler):
    server: _Server
    timeout = 5
    server_version, sys_version = "bets", ""
    protocol_version = "HTTP/1.1"  # so that a client that asks first is told to go on

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Every method is answered here, also one that nobody knows."""
        if not name.startswith("do_"):
            raise AttributeError(name)
        return self._take

    def _take(self) -> None:
        try:
            address = urlsplit(self.path)
        except ValueError:
            return self.send_error(400)
        path = unquote(address.path)
        chunked = self.headers.get("Transfer-Encoding", "").strip().lower() == "chunked"
        read = Chunks(self.rfile).read if chunked else self.rfile.read
        header: Callable[[str], str] = lambda name: self.headers.get(name, "")  # noqa: E731
        length = self.headers.get("Content-Length")
        hang_up = pushes.hanging_up(self.connection)
        upload = pushes.Upload(path, address.query, header, length, chunked, read, hang_up, self.command)
        if pushes.PATH.fullmatch(path):
            return pushes.serve(self.server.bot, upload, self._answer)
        self._answer(pushes.refuse(upload, self._ask(path)))
        return pushes.drain(upload)

    def _ask(self, path: str) -> pushes.Answered:
        if path != PATH:
            return pushes.Answered(404, {"reason": NOTHING})
        if self.command not in ("GET", "HEAD"):
            return pushes.Answered(405, {"reason": NO_SUCH}, {"Allow": "GET, HEAD"})
        return pushes.Answered(*check(self.server.bot, self.server.connected))

    def _answer(self, answered: pushes.Answered) -> None:
        self.send_response(answered.status)
        for name, value in answered.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answered.content)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answered.content)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What cannot be read as a request is a bad one: never a 5xx for what others send, and no page."""
        self.request_version = "HTTP/1.1"  # an older one would get the answer without its head
        self._answer(pushes.Answered(code if code < 500 else 400, {"reason": "The request cannot be read."}))

    def log_message(self, format: str, *args: Any) -> None:
        """A health page is asked every few seconds; that is no news."""


def serve(bot: Bot, connected: Callable[[], bool], host: str, port: int) -> ThreadingHTTPServer:
    """The health page of a bot in Socket Mode, and the way in for pushes, in threads of their own; OSError when the
    port is taken."""
    server = _Server(bot, connected, host, port)
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server
