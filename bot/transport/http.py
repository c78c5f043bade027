"""HTTP mode: a small WSGI application in front of Bolt, under gunicorn.

The signature is checked on the raw bytes before anything is parsed, because unsigned junk must reach no parser; and
forms are parsed here, because Bolt's own parsing takes any form that holds the word "payload" for an interaction.
"""

import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

from bot.runtime import Bot
from bot.transport import health, pushes
from bot.transport.intake import take

log = logging.getLogger("bets.http")

BODY_LIMIT = 1_000_000
FORM_FIELDS = 100
SIGNED_SECONDS = 300
STOP_SECONDS = 8
EVENTS, HEALTH = "/slack/events", health.PATH

Answer = tuple[int, str, bytes]
StartResponse = Callable[..., Any]
STATUS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 405: "Method Not Allowed",
          408: "Request Timeout", 413: "Content Too Large", 429: "Too Many Requests", 500: "Internal Server Error",
          503: "Service Unavailable"}  # fmt: skip


class Rejected(Exception):
    """A request that gets no further; `status` and a few words say why, `allow` what gets further there."""

    def __init__(self, status: int, words: str, allow: str = "") -> None:
        super().__init__(words)
        self.status = status
        self.words = words
        self.allow = allow


def create_wsgi(
    bot: Bot, signing_secret: str, connected: Callable[[], bool]
) -> Callable[[dict[str, Any], StartResponse], Iterable[bytes]]:
    """The WSGI application: Slack's deliveries, pushes of prediction sets, and the health page."""

    def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if pushes.PATH.fullmatch(environ.get("PATH_INFO", "")):
            return _take_push(bot, environ, start_response)
        allow = ""
        try:
            status, kind, body = _answer(bot, signing_secret, connected, environ)
        except Rejected as rejected:
            log.info("refused with %s: %s", rejected.status, rejected.words)
            status, kind, body = rejected.status, "text/plain; charset=utf-8", rejected.words.encode()
            allow = rejected.allow
        headers = [("Content-Type", kind), ("Content-Length", str(len(body))), *([("Allow", allow)] if allow else [])]
        start_response(f"{status} {STATUS.get(status, '')}".rstrip(), headers)
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]

    return application


def _answer(bot: Bot, signing_secret: str, connected: Callable[[], bool], environ: dict[str, Any]) -> Answer:
    path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")
    if path == HEALTH and method in ("GET", "HEAD"):
        status, report = health.check(bot, connected)
        return status, "application/json", json.dumps(report).encode()
    if path not in (EVENTS, HEALTH):
        raise Rejected(404, health.NOTHING)
    if path == HEALTH or method != "POST":
        raise Rejected(405, health.NO_SUCH, allow="GET, HEAD" if path == HEALTH else "POST")
    raw = _read(environ)
    _verify(bot, signing_secret, environ, raw)
    return _dispatch(bot, _parse(raw, str(environ.get("CONTENT_TYPE", ""))))


def _take_push(bot: Bot, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """The answer goes out before this returns, since what is left of a body is read after it."""

    def send(answered: pushes.Answered) -> None:
        headers = {"Content-Type": "application/json", "Content-Length": str(len(answered.content))} | answered.headers
        write = start_response(f"{answered.status} {STATUS[answered.status]}", list(headers.items()))
        write(answered.content)

    def header(name: str) -> str:
        name = name.upper().replace("-", "_")
        return str(environ.get(f"HTTP_{name}") or environ.get(name) or "")

    line, chunked = environ.get("gunicorn.socket"), bool(environ.get("HTTP_TRANSFER_ENCODING"))
    upload = pushes.Upload(
        path=environ["PATH_INFO"],
        query=str(environ.get("QUERY_STRING") or ""),
        headers=header,
        length=environ.get("CONTENT_LENGTH"),
        chunked=chunked,
        read=environ["wsgi.input"].read,
        hang_up=pushes.hanging_up(line) if line else lambda: None,
        method=str(environ.get("REQUEST_METHOD") or ""),
    )
    pushes.serve(bot, upload, send)
    return []


def _read(environ: dict[str, Any]) -> bytes:
    """The body; too large a one is refused before it is read, and one that does not say its length while it is."""
    length = str(environ.get("CONTENT_LENGTH") or "")
    if length.isdecimal() and int(length) > BODY_LIMIT:
        raise Rejected(413, "The request is too large.")
    chunked = bool(environ.get("HTTP_TRANSFER_ENCODING"))
    raw = bytes(environ["wsgi.input"].read(int(length) if length.isdecimal() else BODY_LIMIT + 1 if chunked else 0))
    if len(raw) > BODY_LIMIT:
        raise Rejected(413, "The request is too large.")
    return raw


def _verify(bot: Bot, signing_secret: str, environ: dict[str, Any], raw: bytes) -> None:
    """Refuses what Slack did not sign, or signed more than five minutes ago. The bytes count, whatever they are."""
    timestamp = str(environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", ""))
    signature = str(environ.get("HTTP_X_SLACK_SIGNATURE", ""))
    readable = timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 12 and signature.isascii()
    if not readable or not _is_fresh(bot, int(timestamp)):
        raise Rejected(401, "The signature does not fit.")
    signed = hmac.new(signing_secret.encode(), b"v0:" + timestamp.encode() + b":" + raw, hashlib.sha256)
    if not hmac.compare_digest(f"v0={signed.hexdigest()}", signature):
        raise Rejected(401, "The signature does not fit.")


def _is_fresh(bot: Bot, timestamp: int) -> bool:
    # A simulated Slack whose clock was moved signs by that clock.
    clocks = [time.time(), *([bot.now().timestamp()] if bot.loopback else [])]
    return any(abs(now - timestamp) <= SIGNED_SECONDS for now in clocks)


def _parse(raw: bytes, kind: str) -> dict[str, Any]:
    """The payload: JSON of an event, or a form that is a command, or one whose `payload` is an interaction."""
    try:
        text = raw.decode("utf-8")
        if kind.startswith("application/json"):
            body = _load(text)
        else:
            form = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), max_num_fields=FORM_FIELDS))
            body = _load(form["payload"]) if "payload" in form and "command" not in form else form
    except (ValueError, RecursionError):
        raise Rejected(400, "The request cannot be read.") from None
    if not isinstance(body, dict):
        raise Rejected(400, "The request cannot be read.")
    return body


def _load(text: str) -> Any:
    body = json.loads(text)
    if "\\ud" in text.lower():
        json.dumps(body, ensure_ascii=False).encode()  # half a surrogate pair cannot be stored, a whole one can
    return body


def _dispatch(bot: Bot, body: dict[str, Any]) -> Answer:
    if body.get("type") == "url_verification":
        return 200, "text/plain; charset=utf-8", str(body.get("challenge", ""))[:500].encode()
    if body.get("ssl_check") == "1":
        return 200, "text/plain; charset=utf-8", b""
    answer = take(bot, body)
    if answer.status == 400:
        raise Rejected(400, "The request is nothing that I know.")
    kind = "application/json" if answer.body.startswith("{") else "text/plain; charset=utf-8"
    return answer.status, kind, answer.body.encode()


def run(
    bot: Bot,
    signing_secret: str,
    host: str,
    port: int,
    connected: Callable[[], bool],
    on_start: Callable[[], None],
    on_stop: Callable[[], None],
) -> None:
    """Serves until it is told to stop: one process, eight threads; work starts after the fork."""
    from gunicorn.app.base import BaseApplication
    from gunicorn.http.errors import InvalidHeader, UnsupportedTransferCoding
    from gunicorn.workers.gthread import ThreadWorker

    class Worker(ThreadWorker):
        def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
            """A coding that nobody asked for is a bad request, and no 501."""
            unknown = isinstance(exc, UnsupportedTransferCoding)
            super().handle_error(req, client, addr, InvalidHeader("Transfer-Encoding") if unknown else exc)

    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def begin(_worker: Any) -> None:
        on_start()
        log.info("Bets is running: HTTP mode, listening at %s", address)

    class Server(BaseApplication):
        def load_config(self) -> None:
            options = {
                "bind": address,
                "workers": 1,
                "worker_class": Worker,
                "threads": 8,
                "graceful_timeout": STOP_SECONDS,
                "timeout": 30,
                "accesslog": None,
                "loglevel": "critical",
                "control_socket_disable": True,
                "post_worker_init": begin,
                "worker_exit": lambda server, worker: on_stop(),
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return create_wsgi(bot, signing_secret, connected)

    Server().run()
