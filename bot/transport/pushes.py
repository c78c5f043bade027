"""`POST /api/v1/bets/B-7/predictions`: how training jobs push prediction sets, in both modes.

Who sends is known before anything of the body is read, what is too large is never read, and slow or many uploads hold
up nobody else: so many are taken at once, each for so long, and one at a time is put into the database. Nothing of a
body, an address or a token is logged.
"""

import json
import logging
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.actions.pushing import MOST_BYTES, Denied, Pushed, do_admit, do_push, read_push, refuse_token
from bot.runtime import Bot

log = logging.getLogger("bets.pushes")

PATH = re.compile(r"/api/v1/bets/(.*)/predictions/?", re.DOTALL)
AT_ONCE, BODY_SECONDS, BUSY_SECONDS = 2, 60.0, 5
# What is still read and thrown away after a refusal, so that the client gets to read the answer.
DRAIN_BYTES, DRAIN_SECONDS = 2 * MOST_BYTES, 2.0
_CHUNK = 64 * 1024
_AS_BODY = "send the file itself as the body, as curl does with --data-binary @FILE."
# What the answer to a push tells of its set.
TOLD = ("set", "label", "rows", "metric", "columns", "unused", "compared")
_STATUS = {"token": 401, "bet": 404, "often": 429, "file": 400}

_places, _drains = threading.BoundedSemaphore(AT_ONCE), threading.BoundedSemaphore(AT_ONCE)
_storing = threading.Lock()


@dataclass
class Upload:
    """A request whose body was not read yet.

    `length` is what it says of its body (None: nothing), `read` gives the body's next bytes, b"" at its end; `hang_up`
    makes a `read` that waits end at once. `left`: there may be more of the body on the line.
    """

    path: str
    query: str
    headers: Callable[[str], str]
    length: str | None
    chunked: bool
    read: Callable[[int], bytes]
    hang_up: Callable[[], None]
    method: str = "POST"
    left: bool = field(default=True, init=False)


@dataclass(frozen=True)
class Answered:
    """Status, body and headers of an answer."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """The body as it is sent: a line of JSON."""
        return json.dumps(self.body).encode() + b"\n"


_NO_POST = Answered(405, {"error": "Only POST is answered here: send a prediction file."}, {"Allow": "POST"})


class _Unfit(Exception):
    """A request that cannot be taken, whoever sent it."""

    def __init__(self, status: int, sentence: str, wait: int = 0) -> None:
        super().__init__(status)
        self.status = status
        self.sentence = sentence
        self.wait = wait


def hanging_up(line: socket.socket) -> Callable[[], None]:
    """What ends a `read` that waits on that line, on which an answer can still be sent."""

    def hang_up() -> None:
        with suppress(OSError):  # it is closed already
            line.shutdown(socket.SHUT_RD)

    return hang_up


def serve(bot: Bot, upload: Upload, send: Callable[[Answered], None]) -> None:
    """Takes an upload; `send` is called once, with the answer."""
    with logs.request():
        answered = _answer(bot, upload) if upload.method == "POST" else refuse(upload, _NO_POST)
        log.info("a push is answered with %s", answered.status)
        send(answered)
        drain(upload)


def refuse(upload: Upload, answered: Answered) -> Answered:
    """That answer, to a request of which no body is expected; there may be one all the same."""
    upload.left = upload.chunked or upload.length not in (None, "", "0")
    return answered


def drain(upload: Upload) -> None:
    """After the answer: a client that is still sending would find the line broken, and never read why."""
    if upload.left and _drains.acquire(blocking=False):
        try:
            _drain(upload)
        finally:
            _drains.release()


def _answer(bot: Bot, upload: Upload) -> Answered:
    try:
        pushed = _take(bot, upload)
    except Denied as denied:
        return _denied(denied)
    except _Unfit as unfit:
        return Answered(unfit.status, {"error": unfit.sentence}, _retry_after(unfit.wait))
    except SQLAlchemyError as error:
        log.warning("a push could not be stored: %s", type(error).__name__)
        return Answered(503, {"error": "The database is busy: try again in a minute."}, _retry_after(60))
    return Answered(200, {name: getattr(pushed, name) for name in TOLD})


def _denied(denied: Denied) -> Answered:
    body: dict[str, Any] = {"error": denied.sentence}
    if denied.lines:
        body["lines"] = [{"line": line, "problem": problem} for line, problem in denied.lines]
    headers = {"WWW-Authenticate": "Bearer"} if denied.why == "token" else {}
    return Answered(_STATUS[denied.why], body, headers | _retry_after(denied.wait))


def _retry_after(seconds: int) -> dict[str, str]:
    return {"Retry-After": str(seconds)} if seconds else {}


def _take(bot: Bot, upload: Upload) -> Pushed:
    token = _token(upload.headers("Authorization"))
    with bot.reading() as tx:  # strangers take no place, and no lock
        refuse_token(tx, token)
    with _place():
        return _take_in(bot, upload, token)


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        sentence = f"{AT_ONCE} uploads are under way: try again in {BUSY_SECONDS} seconds."
        raise _Unfit(429, sentence, BUSY_SECONDS)
    try:
        yield
    finally:
        _places.release()


def _take_in(bot: Bot, upload: Upload, token: str) -> Pushed:
    found = PATH.fullmatch(upload.path)
    with bot.transaction() as tx:
        bet = do_admit(tx, bot.now(), token, found[1] if found else "")
    if isinstance(bet, Denied):
        raise bet
    asked, kind = _read_query(upload.query), upload.headers("Content-Type")
    if kind.lower().startswith("multipart/"):
        raise _Unfit(400, f"A form was sent: {_AS_BODY}")
    body = _read_body(upload)
    with _storing:
        said = [asked.get(name, "") for name in ("file", "label", "metric", "link")]
        incoming = replace(read_push(said[0], kind, body, said[1], said[2], bot.unpack), link=said[3])
        with bot.transaction() as tx:
            return do_push(tx, bot.now(), token, bet, incoming)


def _token(header: str) -> str:
    scheme, _, token = header.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _read_query(query: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise _Unfit(400, "The address has too many parameters: label, metric, link and file are known.") from None
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise _Unfit(400, f"The address has {twice[:40]} twice: a set has one of each.")
    return dict(pairs)


def _read_body(upload: Upload) -> bytes:
    """All of the body; refused before it is read where it says that it is too large, else as soon as it is."""
    length = _length(upload)
    with _limited(upload, BODY_SECONDS) as late:
        body, whole = _read_to_end(upload, length)
    if late.is_set():
        raise _Unfit(408, f"The body took longer than {BODY_SECONDS:.0f} seconds: send a smaller part of the file.")
    if not whole:
        raise _Unfit(400, "The body broke off: send it again.")
    return body


def _length(upload: Upload) -> int | None:
    if upload.chunked:
        return None
    if not (upload.length and upload.length.isascii() and upload.length.isdecimal()):
        upload.left = False
        raise _Unfit(400, f"There is no body: {_AS_BODY}")
    if len(upload.length) > 12 or int(upload.length) > MOST_BYTES:
        raise _too_large()
    return int(upload.length)


def _read_to_end(upload: Upload, length: int | None) -> tuple[bytes, bool]:
    """What came of the body, and whether that is all of it."""
    body = bytearray()
    try:
        while length is None or len(body) < length:
            part = upload.read(_CHUNK if length is None else min(_CHUNK, length - len(body)))
            if not part:
                break
            body += part
            if len(body) > MOST_BYTES:
                raise _too_large()
    except (OSError, ValueError):
        upload.left = False
        return b"", False
    upload.left = False
    return bytes(body), length is None or len(body) == length


def _too_large() -> _Unfit:
    return _Unfit(413, f"The file is larger than {MOST_BYTES // 1024 // 1024} MB: send a random part of it.")


def _drain(upload: Upload) -> None:
    drained = 0
    with _limited(upload, DRAIN_SECONDS), suppress(OSError, ValueError):
        while drained < DRAIN_BYTES and (part := upload.read(_CHUNK)):
            drained += len(part)


@contextmanager
def _limited(upload: Upload, seconds: float) -> Iterator[threading.Event]:
    """Hangs up on whoever takes longer to send; the event says that it came to that."""
    late = threading.Event()

    def hang_up() -> None:
        late.set()
        upload.hang_up()

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
