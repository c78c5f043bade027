"""Files that people drop in a bet's thread: fetched from Slack alone, read, and offered as a prediction set.

The bot's token opens every file of the workspace, so it goes to Slack's own file hosts and nowhere else, whatever an
event, a file or a redirect names (reliability.md C33).
"""

import time
from collections.abc import Callable
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy import Connection

from bot.actions.offers import Dropped, do_offer_set, get_unread, refused
from bot.actions.predictions import read_incoming
from bot.domain.errors import Refusal, own
from bot.domain.prediction_files import MOST_BYTES
from bot.domain.prediction_kinds import why_unread
from bot.domain.records import Whisper
from bot.runtime import Bot
from bot.slack import NoAnswer

HOSTS = frozenset({"files.slack.com", "slack-files.com"})
SLACK = "slack.com"
REDIRECTS = 1
# For one answer of the host, and for all of the file.
ANSWER_SECONDS, FILE_SECONDS = 10, 30
_CHUNK = 64 * 1024
_LOGIN = own(
    "Slack showed me its login page instead of the file: the app lacks the scope files:read, so install it again with "
    "the manifest that `bets manifest` prints."
)


_NOT_HAD = "I could not get the file from Slack, however often I tried: drop it here once more in a few minutes."


class _Stay(HTTPRedirectHandler):
    """Follows nothing: where a redirect leads is looked at first."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


def listen(bot: Bot, event: dict[str, Any]) -> Callable[[Connection], list[Whisper]]:
    """Fetches and reads the file now, before the transaction; what it returns offers it there, or tells who dropped it
    what is wrong with it."""
    dropped = _dropped(event)
    if why := why_unread(dropped.name):
        return lambda tx: get_unread(tx, dropped, why)
    try:
        name, data = fetch(bot, dropped.file_id)
        incoming = read_incoming(name, data, unpack=bot.unpack, offered=True)
    except Refusal as refusal:
        whisper = refused(dropped, refusal.marked)
        return lambda tx: [whisper]
    return lambda tx: do_offer_set(tx, bot.now(), dropped, incoming)


def given_up(event: dict[str, Any]) -> Whisper:
    """For whoever dropped a file that could not be had, however often it was tried."""
    return refused(_dropped(event), _NOT_HAD)


def _dropped(event: dict[str, Any]) -> Dropped:
    return Dropped(**{name: event[name] for name in Dropped.__dataclass_fields__ if name in event})


def fetch(bot: Bot, file_id: str) -> tuple[str, bytes]:
    """The file's name and bytes. A Refusal when it cannot be had; NoAnswer when it may be had later."""
    try:
        file = bot.slack.read.files_info(file=file_id)["file"]
    except SlackApiError as error:
        code = str(error.response.get("error"))
        raise (Refusal(_LOGIN) if code == "missing_scope" else NoAnswer(code)) from None
    except (SlackClientError, OSError) as error:
        raise NoAnswer(type(error).__name__) from None
    if file.get("is_external") or file.get("mode") not in ("hosted", "snippet"):
        raise Refusal("The file is not kept in Slack: upload the file itself, since I open no other addresses.")
    if int(file.get("size") or 0) > MOST_BYTES:
        raise Refusal(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB: send a random part of it.")
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    try:
        return str(file.get("name") or ""), _download(url, bot.slack.token, bot.slack.base_url)
    except (OSError, HTTPException) as error:
        raise NoAnswer(type(error).__name__) from None


def is_slacks(url: str, base_url: str) -> bool:
    """Whether the token may go to that address: Slack's file hosts by https, or, where the bot talks to another base
    than Slack's (a simulated one), exactly that base's host."""
    try:
        to, base = urlsplit(url), urlsplit(base_url)
        port = to.port
    except ValueError:
        return False
    if to.username is not None or to.password is not None or "\\" in url or any(letter <= " " for letter in url):
        return False
    if to.scheme == "https" and to.hostname in HOSTS and port in (None, 443):
        return True
    ours = base.hostname is not None and base.hostname != SLACK and not base.hostname.endswith(f".{SLACK}")
    return ours and (to.scheme, to.hostname, port) == (base.scheme, base.hostname, base.port)


def _download(url: str, token: str, base_url: str) -> bytes:
    until = time.monotonic() + FILE_SECONDS
    for _ in range(1 + REDIRECTS):
        if not is_slacks(url, base_url):
            raise Refusal("The file is not kept in Slack: upload the file itself, since I open no other addresses.")
        request = Request(url, headers={"Authorization": f"Bearer {token}"})
        try:
            with build_opener(_Stay).open(request, timeout=ANSWER_SECONDS) as answer:
                return _read(answer, until)
        except HTTPError as error:
            error.close()
            if error.code not in (301, 302, 303, 307, 308):
                raise
            url = urljoin(url, error.headers.get("Location") or "")
    raise Refusal("Slack sent me from place to place for the file: upload it once more.")


def _read(answer: Any, until: float) -> bytes:
    data = bytearray()
    while chunk := answer.read1(_CHUNK):
        data += chunk
        if len(data) > MOST_BYTES:
            break  # too large, whatever was claimed: the reader says so
        if time.monotonic() > until:
            raise TimeoutError
    if str(answer.headers.get("Content-Type") or "").startswith("text/html"):
        raise Refusal(_LOGIN)
    return bytes(data)
