"""`bets predictions push --url`: sends a file to a bot on another machine, through its HTTP API."""

import json
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from bot.cli_inline import read_sent
from bot.domain.errors import Refusal
from bot.domain.prediction_files import Reading

ANSWER_SECONDS = 90
_MOST_ANSWER = 256 * 1024
_SECURE = "must begin with https://, since the token goes with it (http:// only to this machine)"


def push(url: str, token: str, key: str, file: Path, label: str, metric: str, link: str = "") -> dict[str, Any]:
    """Sends the file, with the images beside it; returns the answer, and in it as `columns` and `unused` which of
    the file's columns were read as what. A Refusal says in one sentence why it was not taken.

    The token goes to `url` and nowhere else: no redirect is followed, and nothing but https leaves this machine.
    """
    base = read_url(url)
    if not token.isascii() or not token.isprintable() or not token.strip():
        raise Refusal("--token is no token: copy it as it was shown with New token in /bets config.")
    asked = {"label": label, "file": file.name} | ({"metric": metric} if metric else {})
    asked |= {"link": link} if link else {}
    path = f"{base.path.rstrip('/')}/api/v1/bets/{quote(key, safe='')}/predictions?{urlencode(asked, errors='replace')}"
    sent = read_sent(file)
    headers = {"Authorization": f"Bearer {token.strip()}"} | ({"Content-Type": sent.kind} if sent.kind else {})
    answer = _answer(base, lambda line: line.request("POST", path, sent.body, headers))
    return answer | _columns(answer, sent.reading)


def _columns(answer: dict[str, Any], reading: Reading | None) -> dict[str, Any]:
    """As this machine read them, since what was sent may be its rows; else as the bot says, whatever that is."""
    if reading is not None:
        return {"columns": reading.columns, "unused": reading.unused}
    columns, unused = answer.get("columns"), answer.get("unused")
    pairs = columns.items() if isinstance(columns, dict) else ()
    names = unused if isinstance(unused, list) else ()
    return {"columns": {str(ours): str(name) for ours, name in pairs}, "unused": tuple(map(str, names))}


def read_url(url: str) -> SplitResult:
    """The bot's address; refused where a token sent there could be read on the way."""
    try:
        parts = urlsplit(url)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        parts, port_is_fine = urlsplit(""), False
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_fine or not url.isascii():
        raise Refusal("--url is no address of a bot: write it like https://bets.example.com.")
    if parts.username is not None or parts.query or parts.fragment:
        raise Refusal("--url has more than an address in it: write it like https://bets.example.com.")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise Refusal(f"--url {_SECURE}.")
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _answer(base: SplitResult, send: Callable[[HTTPConnection], None]) -> dict[str, Any]:
    kind = HTTPSConnection if base.scheme == "https" else HTTPConnection
    line = kind(str(base.hostname), base.port, timeout=ANSWER_SECONDS)
    try:
        line.connect()
    except OSError as error:
        why = error.strerror or str(error) or "no answer"
        raise Refusal(
            f"No connection to {base.netloc} ({why.lower()[:100]}): check --url and whether the bot runs."
        ) from None
    try:
        with suppress(BrokenPipeError, ConnectionResetError):  # it was answered before all was sent
            send(line)
        with line.getresponse() as response:
            return _read(base, response)
    except (OSError, HTTPException):
        raise Refusal(f"{base.netloc} broke off before it answered: push again, nothing is stored twice.") from None
    finally:
        line.close()


def _read(base: SplitResult, response: HTTPResponse) -> dict[str, Any]:
    status = response.status
    if 300 <= status < 400:
        raise Refusal(f"{base.netloc} sends on to another address: give --url the one at which the bot itself answers.")
    try:
        answer = json.loads(response.read(_MOST_ANSWER))
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise Refusal(f"What answers at {base.netloc} is no bot (status {status}): check --url and your proxy.")
    if status != 200 or not {"label", "rows"} <= set(answer):
        said = str(answer.get("error") or f"{base.netloc} answered with status {status}: check --url.")
        raise Refusal("".join(letter if letter.isprintable() else " " for letter in said)[:2_000])
    return answer
