"""slack_sdk's client on lines that are kept for a moment: for a burst of calls Slack is greeted once."""

import json
import os
import select
import time
from collections import defaultdict, deque
from http.client import HTTPConnection, HTTPSConnection
from io import BytesIO
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request

from slack_sdk import WebClient

# An idle line is Slack's to hang up when it likes, and what is sent into that moment may have been heard or not. So it
# is used again only within a time in which no server gives one up.
KEPT_SECONDS = 1.0

_lines: dict[tuple[str, str], deque[tuple[float, HTTPConnection]]] = defaultdict(deque)
os.register_at_fork(after_in_child=_lines.clear)  # they are the other process's


class Client(WebClient):
    """As slack_sdk's; through a proxy it is just that."""

    def respond(self, url: str, body: dict[str, Any]) -> None:
        """Posts to an address that came with a press; OSError or HTTPException when it does not get through."""
        headers = {"Content-Type": "application/json;charset=utf-8"} | self.headers
        self._perform_urllib_http_request_internal(url, Request(url, json.dumps(body).encode(), headers, method="POST"))

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        if self.proxy or req.type not in ("http", "https"):
            return super()._perform_urllib_http_request_internal(url, req)
        line = self._line(req)
        try:
            line.request(req.get_method(), req.selector, req.data, {"Connection": "keep-alive", **req.headers})
        except OSError as error:
            line.close()
            raise URLError(error) from error  # as urllib says it
        return _hear(req, line)

    def _line(self, req: Request) -> HTTPConnection:
        kept = _lines[req.type, req.host]
        while kept:
            since, line = kept.pop()
            if time.monotonic() - since < KEPT_SECONDS and not _says_something(line):
                line.sock.settimeout(self.timeout)
                return line
            line.close()
        if req.type == "http":
            return HTTPConnection(req.host, timeout=self.timeout)
        return HTTPSConnection(req.host, timeout=self.timeout, context=self.ssl)


def _says_something(line: HTTPConnection) -> bool:
    """Whether there is something to read where nothing was asked: the other end hung up."""
    poll = select.poll()
    poll.register(line.sock, select.POLLIN)
    return bool(poll.poll(0))


def _hear(req: Request, line: HTTPConnection) -> dict[str, Any]:
    try:
        answer = line.getresponse()
        body = answer.read()
    except BaseException:
        line.close()
        raise
    if line.sock is not None:
        _lines[req.type, req.host].append((time.monotonic(), line))
    if answer.status >= 300:
        raise HTTPError(req.full_url, answer.status, answer.reason, answer.headers, BytesIO(body))
    charset = answer.headers.get_content_charset() or "utf-8"
    return {"status": answer.status, "headers": answer.headers, "body": body.decode(charset)}
