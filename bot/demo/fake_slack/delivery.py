"""Carries payloads to the bot: by a callable, by signed HTTP, or (socket.py) over its sockets; events with retries."""

import hashlib
import hmac
import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode

from .events import RETRY_DELAYS, Queued
from .state import Json

if TYPE_CHECKING:
    from .world import World

BATCH = 20


@dataclass
class Answer:
    """What the bot answered: no status when it did not, `reason` in Slack's words for retries."""

    status: int = 0
    body: Json | None = None
    headers: dict[str, str] = field(default_factory=dict)
    ms: float = 0.0
    reason: str = ""
    late: bool = False  # not within the world's ack_seconds

    @property
    def acked(self) -> bool:
        return 200 <= self.status < 300 and not self.late


class Delivery(Protocol):
    def send(self, world: "World", kind: str, body: Json, attempt: int = 0, reason: str = "") -> Answer: ...

    def send_events(self, world: "World", batch: list[Queued]) -> list[Answer]: ...


class OneByOne:
    """Events one after the other, each acknowledged before the next goes out."""

    def send(self, world: "World", kind: str, body: Json, attempt: int = 0, reason: str = "") -> Answer:
        raise NotImplementedError

    def send_events(self, world: "World", batch: list[Queued]) -> list[Answer]:
        return [self.send(world, "events_api", event.body, event.attempt, event.reason) for event in batch]


class DirectDelivery(OneByOne):
    """For tests: callable(kind, body) -> (status, body or None, headers)."""

    def __init__(self, target: Callable[[str, Json], tuple[int, Any, dict[str, str]]]) -> None:
        self.target = target

    def send(self, world: "World", kind: str, body: Json, attempt: int = 0, reason: str = "") -> Answer:
        started = time.monotonic()
        status, answer, headers = self.target(kind, body)
        reason, ms = "" if status < 300 else "http_error", _ms(started)
        return Answer(status, as_body(answer), headers or {}, ms, reason, ms > world.ack_seconds * 1000)


class HttpDelivery(OneByOne):
    """POSTs to the bot's address, signed as Slack signs. An answer that does not call itself JSON is plain words."""

    def __init__(self, url: str, signing_secret: str | None = None) -> None:
        self.url, self.secret = url, signing_secret

    def send(self, world: "World", kind: str, body: Json, attempt: int = 0, reason: str = "") -> Answer:
        content_type, raw = encode(kind, body)
        headers = signed(self.secret or world.signing_secret, raw, world.clock.now())
        headers |= {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        return _post(urllib.request.Request(self.url, raw, headers, method="POST"), world.ack_seconds)


def _post(request: urllib.request.Request, patience: float) -> Answer:
    started = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=patience) as response:
            answer, headers = response.read().decode(), _lower(response.headers)
            typed = headers.get("content-type", "").startswith("application/json")
            body = as_body(answer) if typed or not answer else {"text": answer}
            return Answer(response.status, body, headers, _ms(started))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, None, _lower(error.headers), _ms(started), "http_error")
    except TimeoutError:
        return Answer(0, None, {}, _ms(started), "http_timeout", late=True)
    except OSError:  # refused, reset or cut
        return Answer(0, None, {}, _ms(started), "connection_failed")
    except http.client.HTTPException:
        return Answer(0, None, {}, _ms(started), "http_error")


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def encode(kind: str, body: Json) -> tuple[str, bytes]:
    """(content type, bytes) as Slack posts them: events as JSON, commands as a form, interactions as `payload`."""
    if kind == "events_api":
        return "application/json", json.dumps(body).encode()
    form = body if kind == "slash_commands" else {"payload": json.dumps(body)}
    return "application/x-www-form-urlencoded", urlencode(form).encode()


def signed(secret: str, raw: bytes, now: float) -> dict[str, str]:
    stamp = str(int(now))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + raw, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def as_body(answer: Any) -> Json | None:
    """The ack's body as an object; plain text is a message's text."""
    if not answer or isinstance(answer, dict):
        return answer or None
    try:
        parsed = json.loads(answer)
    except ValueError:
        return {"text": str(answer)}
    return parsed if isinstance(parsed, dict) else {"text": str(answer)}


def _ms(started: float) -> float:
    return (time.monotonic() - started) * 1000


def deliver_due(world: "World") -> int:
    """Sends what is due, first tries before retries of the same moment; returns how many were acknowledged."""
    acked = 0
    while batch := _take(world):
        for event, answer in zip(batch, world.delivery.send_events(world, batch), strict=True):
            world.note_ack("events_api", answer, event.body["event_id"])
            if answer.acked:
                acked += 1
            else:
                _retry(world, event, answer)
    return acked


def _take(world: "World") -> list[Queued]:
    """The next due events; seeded chance may drop, double or shuffle the new ones where a test asked for it."""
    with world.lock:
        now = world.clock.now()
        due = [event for event in world.queue if event.due <= now][:BATCH]
        taken = {id(event) for event in due}
        world.queue = [event for event in world.queue if id(event) not in taken]
        for event in due:
            event.first_tried = event.first_tried or now
        return world.chance.apply(due)


def _retry(world: "World", event: Queued, answer: Answer) -> None:
    with world.lock:
        if event.attempt >= len(RETRY_DELAYS) or answer.headers.get("x-slack-no-retry") == "1":
            world.lost_events.append(event.body)
            return
        reason = answer.reason or ("http_timeout" if answer.late or not answer.status else "http_error")
        due = event.first_tried + RETRY_DELAYS[event.attempt]
        world.queue.append(Queued(event.body, due, event.first_tried, event.attempt + 1, reason))
        world.queue.sort(key=lambda queued: queued.due)
