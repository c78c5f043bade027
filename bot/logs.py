"""One line an event, as text or JSON; no secret and nobody's words at any level."""

import json
import logging
import random
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

HIDDEN = "[hidden]"
# Tokens, those of training jobs too, response addresses, web socket tickets and triggers, wherever in a line.
_SECRETS = re.compile(
    r"xox[a-z]-[\w.-]+|xapp-[\w-]+|\bbets-[\w-]{40,}"
    r"|https?://[^\s\"']*(?:hooks\.slack|/commands/|/actions/|response)[^\s\"']*"
    r"|wss?://[^\s\"']+|ticket=[^\s\"'&]+|\b\d{6,}\.\d{6,}\.[0-9a-f]{16,}\b"
)
# These log request and response bodies, other people's words among them, some even as warnings, and Bolt gives its
# loggers levels of their own: so no line of theirs gets through. What matters of it we log ourselves.
_SILENCED = ("slack_sdk", "slack_bolt", "websocket", "bets.socket.line")
# These may say what is wrong, not what they do.
_QUIET = ("urllib3", "apscheduler", "alembic", "sqlalchemy", "PIL")
# And this one warns of what costs nothing but a moment: a service has no home to keep its cache in.
_QUIETER = "matplotlib"
_PLACES = 8
# What SQLite says of a file or a disk: an operator has to know it, and no row is quoted in it.
_OF_THE_DISK = {
    "attempt to write a readonly database",
    "database disk image is malformed",
    "database is locked",
    "database or disk is full",
    "disk I/O error",
    "unable to open database file",
}

_request: ContextVar[str] = ContextVar("request", default="")


@contextmanager
def request() -> Iterator[str]:
    """Marks every line of this thread, until the end of the block, with one id: what one delivery caused."""
    token = _request.set(f"{random.getrandbits(32):08x}")
    try:
        yield _request.get()
    finally:
        _request.reset(token)


def places(error: BaseException) -> str:
    """What kind of error it was and where; not its own text, which may quote a row, and so a person's words, unless it
    is one that SQLite has for a disk."""
    trace, found = error.__traceback__, []
    while trace:
        code = trace.tb_frame.f_code
        found.append(f"{'/'.join(code.co_filename.rsplit('/', 2)[-2:])}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    cause = error.__cause__ or error.__context__
    because = f" because of {type(cause).__name__}" if cause else ""
    because += f" ({cause})" if str(cause) in _OF_THE_DISK else ""
    return f"{type(error).__name__}{because} at " + " < ".join(reversed(found[-_PLACES:]))


class Redaction(logging.Filter):
    """Hides the secrets it knows by value, and whatever looks like one."""

    def __init__(self, known: tuple[str, ...]) -> None:
        super().__init__()
        self._known = tuple(secret for secret in known if len(secret) >= 6)

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets the line through without its secrets, or not at all."""
        if record.name.startswith(_SILENCED):
            return False
        record.msg, record.args = self.clean(record.getMessage()), ()
        return True

    def clean(self, text: str) -> str:
        """`text` without secrets."""
        for secret in self._known:
            text = text.replace(secret, HIDDEN)
        return _SECRETS.sub(HIDDEN, text)


class Lines(logging.Formatter):
    """`form` is `text` or `json`; a line break inside a message does not begin a new line."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": _request.get(),
            "trace": places(record.exc_info[1]) if record.exc_info and record.exc_info[1] else "",
        }
        if self._form == "json":
            return json.dumps({name: value for name, value in line.items() if value})
        marks = "".join(f" [{name} {line[name]}]" for name in ("request", "trace") if line[name])
        words = line["message"].replace("\n", " ")
        return f"{line['at']} {line['level']:7} {line['logger']}: {words}{marks}"


def set_up(level: str, form: str, known: tuple[str, ...] = ()) -> None:
    """Sends every line to stderr without the `known` secrets, also of errors that nobody caught in a thread."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Redaction(known))
    handler.setFormatter(Lines(form))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger(_QUIETER).setLevel(logging.ERROR)
    for name in _SILENCED:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    threading.excepthook = _on_thread_error


def _on_thread_error(error: threading.ExceptHookArgs) -> None:
    where: tuple[type[BaseException], BaseException, TracebackType | None] | None = None
    if error.exc_value is not None:
        where = (error.exc_type, error.exc_value, error.exc_traceback)
    logging.getLogger("bets").error("thread %s ended", error.thread.name if error.thread else "?", exc_info=where)
