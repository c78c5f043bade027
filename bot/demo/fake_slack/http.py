"""The HTTP and WebSocket face of the worlds: Web API, uploads, downloads, response_url, Socket Mode."""

import asyncio
import email.utils
import json
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl

from . import control, files, methods, responses
from .errors import SlackError
from .faults import Fault
from .ground import note_response
from .lines import Receive, Scope, Send, SocketLine, reset, transport_of, until_gone
from .state import Call, Json

if TYPE_CHECKING:
    from .world import World

LOGIN_PAGE = b"<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in</body></html>"
ERROR_PAGE = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
log = logging.getLogger(__name__)


@dataclass
class Outcome:
    """An answer that is ready to go, and what the fault script does to it on its way."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    fault: Fault = field(default_factory=Fault)


def as_json(body: Any, status: int = 200) -> Outcome:
    return Outcome(status, json.dumps(body).encode())


async def handle(world: "World", path: str, scope: Scope, receive: Receive, send: Send, controlled: bool) -> None:
    """`path` is what follows the world's own prefix."""
    if scope["type"] == "websocket":
        await _socket(world, scope, receive, send)
        return
    raw = await _read(receive)
    part, _, rest = path.partition("/")
    if part == "control" and controlled:
        await _send(world, scope, receive, send, await asyncio.to_thread(control.answer, world, rest, raw))
        return
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
    outcome = await _route(world, part, rest, scope, headers, raw)
    await _send(world, scope, receive, send, outcome)


async def _read(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _route(world: "World", part: str, rest: str, scope: Scope, headers: dict[str, str], raw: bytes) -> Outcome:
    if part == "api":
        token, args, wrong = _arguments(headers, scope, raw)
        return await _with_fault(world, rest, args, lambda: methods.answer(world, rest, token, args, wrong))
    if part == "response":
        return await _with_fault(world, "response_url", _loads(raw), lambda: _respond(world, rest, _loads(raw)))
    if part == "upload":
        return await _with_fault(world, "upload", {"file": rest}, lambda: _upload(world, rest, raw))
    if part == "files-pri":
        return _download(world, rest.split("/")[0], headers)
    return as_json({"ok": False, "error": "not_found"}, 404)


def _loads(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None


def _arguments(headers: dict[str, str], scope: Scope, raw: bytes) -> tuple[str | None, Json, str | None]:
    """(token, arguments, what is wrong with them) out of the query, a form or a JSON body. A token is taken out of the
    header or a form only."""
    args: Json = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
    args.pop("token", None)
    token, wrong = None, None
    if headers.get("content-type", "").startswith("application/json"):
        body = _loads(raw)
        wrong = None if isinstance(body, dict) or not raw else "invalid_json" if body is None else "json_not_object"
        args |= body if isinstance(body, dict) else {}
        args.pop("token", None)
    else:
        args |= dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))
        token = args.pop("token", None)
    bearer = headers.get("authorization", "")
    return (bearer[7:] if bearer.lower().startswith("bearer ") else token), args, wrong


def _respond(world: "World", url_id: str, body: Any) -> Json:
    with world.lock:
        responses.use_url(world, url_id, body)
    return {"ok": True}


def _upload(world: "World", file_id: str, raw: bytes) -> Json:
    with world.lock:
        return {"ok": True, "text": files.take_bytes(world, file_id, raw)}


def _download(world: "World", file_id: str, headers: dict[str, str]) -> Outcome:
    """Without the token, or without files:read, Slack answers 200 with its login page."""
    file = world.files_by_id.get(file_id)
    allowed = headers.get("authorization") == f"Bearer {world.bot_token}" and world.has_scope("files:read")
    hidden = file is None or file.deleted or not files.is_seen(world, file)
    if file is None or hidden or not allowed or world.token_state != "ok":
        return Outcome(200, LOGIN_PAGE, "text/html; charset=utf-8")
    return Outcome(200, file.content or b"", files.file_object(world, file)["mimetype"] or "application/octet-stream")


async def _with_fault(world: "World", name: str, args: Any, act: Any) -> Outcome:
    """Applies the call (or not), records it, and says what happens to the answer."""
    with world.lock:
        fault = world.faults.next(name, args.get("channel") if isinstance(args, dict) else None)
    call = Call(name, args if isinstance(args, dict) else {"body": args}, world.clock.now(), fault=fault.kind)
    killed = fault.kill("before")
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    outcome = Outcome(500, b"") if killed else _applied(world, call, fault, act)
    if fault.kill("applied"):
        killed = True
    outcome.fault = Fault("apply+drop") if killed else fault
    with world.lock:
        note_response(world, call)
    return outcome


def _applied(world: "World", call: Call, fault: Fault, act: Any) -> Outcome:
    if fault.kind == "apply_after":
        world.later(fault.seconds, lambda: _run(call, act))
        return Outcome()
    if fault.kind.startswith("refuse:"):
        act = _refusing(SlackError(fault.kind.partition(":")[2]))
    elif fault.kind.startswith("429"):
        wait = fault.kind.partition(":")[2]
        act = _refusing(SlackError("ratelimited", status=429, retry_after=int(wait) if wait else None))
    elif not fault.applies:
        return Outcome()
    return _run(call, act)


def _refusing(error: SlackError) -> Any:
    def refuse() -> Json:
        raise error

    return refuse


def _run(call: Call, act: Any) -> Outcome:
    headers = {}
    try:
        body, status = act(), 200
    except SlackError as error:
        body, status = error.body(), error.status
        if error.retry_after is not None:
            headers["Retry-After"] = str(error.retry_after)
    call.response, call.status = body, status
    if call.method == "upload" and status == 200:
        return Outcome(status, body["text"].encode(), "text/plain; charset=utf-8")
    outcome = as_json(body, status)
    outcome.headers = headers
    return outcome


async def _send(world: "World", scope: Scope, receive: Receive, send: Send, outcome: Outcome) -> None:
    line = outcome.fault.line
    if line in ("drop", "rst", "hang", "cut"):
        await _break(scope, receive, line, _raw(world, outcome))
        return
    if line == "500":
        outcome = Outcome(500, b"")
    elif line == "502html":
        outcome = Outcome(502, ERROR_PAGE, "text/html")
    elif line == "html":
        outcome = Outcome(200, ERROR_PAGE, "text/html")
    elif line == "internal_error":
        outcome = as_json({"ok": False, "error": "internal_error"})
    headers = [(name.encode(), value.encode()) for name, value in _headers(world, outcome).items()]
    await send({"type": "http.response.start", "status": outcome.status, "headers": headers})
    await send({"type": "http.response.body", "body": outcome.body})
    outcome.fault.kill("answered")


def _headers(world: "World", outcome: Outcome) -> dict[str, str]:
    return {
        "Date": email.utils.formatdate(world.clock.now(), usegmt=True),
        "Content-Type": outcome.content_type,
        "Content-Length": str(len(outcome.body)),
        "X-OAuth-Scopes": ",".join(world.scopes()),
        "X-Slack-Req-Id": world.random_hex(16),
        **outcome.headers,
    }


def _raw(world: "World", outcome: Outcome) -> bytes:
    """The whole answer as bytes; `cut` sends half of it."""
    lines = [f"HTTP/1.1 {outcome.status} OK", *(f"{name}: {value}" for name, value in _headers(world, outcome).items())]
    return "\r\n".join([*lines, "", ""]).encode() + outcome.body[: len(outcome.body) // 2]


async def _break(scope: Scope, receive: Receive, line: str, half: bytes) -> None:
    """Ends the line without a whole answer, or leaves it open without any."""
    transport = transport_of(scope)
    if line == "rst":
        reset(transport)
    elif line == "drop":
        transport.close()
    elif line == "cut":
        transport.write(half)
        transport.close()
    await until_gone(receive)


async def _socket(world: "World", scope: Scope, receive: Receive, send: Send) -> None:
    ticket = parse_qs(scope["query_string"].decode()).get("ticket", [""])[0]
    await receive()  # websocket.connect
    if ticket not in world.sockets.tickets:
        await send({"type": "websocket.close", "code": 4403})
        return
    world.sockets.tickets.discard(ticket)
    await send({"type": "websocket.accept"})
    socket = await world.sockets.serve(world, SocketLine(scope, send))
    try:
        while socket is not None:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            world.sockets.heard(world, socket, _loads((message.get("text") or "").encode()))
    finally:
        if socket is not None:
            world.sockets.gone(world, socket)
