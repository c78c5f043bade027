"""The world's memory: who and what is there, names and timestamps for new things, what the manifest allows."""

import itertools
import random
import threading
import uuid
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .blocks import slack_files
from .clock import Clock
from .delivery import Answer, Delivery
from .errors import SlackError
from .events import Queued
from .faults import Faults
from .files import file_object, is_ready
from .state import Call, Channel, File, Json, Message, ResponseUrl, Trigger, User, View

if TYPE_CHECKING:
    from .world import World

MOST_CALLS = 50_000
_numbers = itertools.count(1)


class Chance:
    """Disturbs the delivery of events as a test asked for; chance is seeded."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.to_drop = self.to_duplicate = 0
        self.shuffled = False

    def apply(self, events: list[Queued]) -> list[Queued]:
        result: list[Queued] = []
        for event in events:
            if self.to_drop and event.attempt == 0:
                self.to_drop -= 1
                continue
            result.append(event)
            if self.to_duplicate and event.attempt == 0:
                self.to_duplicate -= 1
                result.append(Queued(event.body, event.due, event.first_tried))
        if self.shuffled:
            self.random.shuffle(result)
        return result


class Ground:
    """State and look-ups; `World` adds what people do and see. Everything is guarded by one lock."""

    def __init__(
        self,
        clock: Clock | None = None,
        manifest: Json | None = None,
        pace: float = 1.0,
        seed: int = 1,
        name: str | None = None,
    ) -> None:
        self.lock = threading.RLock()
        self.clock, self.manifest, self.pace = clock or Clock(), manifest, pace
        self.name = name or f"w{next(_numbers)}"
        self.random, self.chance, self.faults = random.Random(seed), Chance(seed), Faults()
        self.team_id, self.domain, self.app_id, self.bot_id = "T0000DEMO", "demo", "A0000BETS", "B0000BETS"
        self.bot_user_id = "U0000BETS"
        self.bot_token, self.app_token = f"xoxb-{self.name}-bot", f"xapp-1-{self.app_id}-{self.name}"
        self.signing_secret, self.verification_token = f"signing-secret-{self.name}", f"verification-{self.name}"
        self.token_state = "ok"
        self.base_url = f"http://127.0.0.1/{self.name}/"
        self.trigger_seconds = self.ack_seconds = 3.0  # real time
        self.file_delay, self.broadcast_twice = 0.0, False
        self.users: dict[str, User] = {}
        self.channels_by_id: dict[str, Channel] = {}
        self.messages_by_channel: dict[str, dict[str, Message]] = {}
        self.threads: dict[tuple[str, str], list[str]] = {}
        self.ephemerals: dict[str, dict[str, Message]] = {}
        self.views_by_id: dict[str, View] = {}
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.files_by_id: dict[str, File] = {}
        self.queue: list[Queued] = []
        self.lost_events: list[Json] = []
        self.recorded: deque[Call] = deque(maxlen=MOST_CALLS)
        self.refused: list[Json] = []
        self.late: list[Json] = []
        self.buckets: dict[str, tuple[float, float]] = {}
        self.delivery: Delivery
        self.wake = threading.Condition()
        self._listeners: list[Callable[[Json], None]] = []
        self._counters: dict[str, itertools.count[int]] = {}
        self._last_ts = 0

    # names for new things
    def next_number(self) -> int:
        return next(self._counters.setdefault("", itertools.count(1_000_000)))

    def next_id(self, prefix: str) -> str:
        return f"{prefix}{next(self._counters.setdefault(prefix + '-', itertools.count(1))):08d}"

    def next_uuid(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def random_id(self, length: int) -> str:
        return "".join(self.random.choices("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=length))

    def random_hex(self, length: int) -> str:
        return f"{self.random.getrandbits(4 * length):0{length}x}"

    def next_ts(self) -> str:
        """A new timestamp: the world's time, unique and rising, in steps of 100 microseconds as Slack's."""
        with self.lock:
            now = int(self.clock.now() * 10_000) * 100
            self._last_ts = max(now, self._last_ts) + 100
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    # look-ups
    def find_message(self, channel: str, ts: str, as_user: str | None = None) -> Message | None:
        found = self.messages_by_channel.get(channel, {}).get(ts)
        if found is None and as_user is not None:
            found = self.ephemerals.get(channel, {}).get(ts)
            return found if found and found.visible_to == as_user else None
        return found

    def replies_to(self, message: Message) -> list[Message]:
        kept = self.messages_by_channel.get(message.channel, {})
        return [kept[ts] for ts in self.threads.get((message.channel, message.ts), []) if ts in kept]

    def file_object(self, file: File) -> Json:
        return file_object(self, file)

    def check_files(self, blocks: list[Json], path: str, code: str) -> None:
        """A picture block may name a file only once Slack has looked at it."""
        for name, where in slack_files(blocks, path):
            file = self.files_by_id.get(name)
            if file is None or not is_ready(self, file):
                raise SlackError(code, [f"invalid slack file [json-pointer:{where}]"])

    def bot_profile(self) -> Json:
        name = self.users[self.bot_user_id].real_name
        return {"id": self.bot_id, "app_id": self.app_id, "name": name, "team_id": self.team_id, "deleted": False}

    # what the manifest allows; without one, everything
    def _setting(self, *path: str) -> Any:
        value: Any = self.manifest
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def has_scope(self, scope: str) -> bool:
        return self.manifest is None or scope in self.scopes()

    def scopes(self) -> list[str]:
        return list(self._setting("oauth_config", "scopes", "bot") or [])

    def subscribed(self, event: str) -> bool:
        return self.manifest is None or event in (self._setting("settings", "event_subscriptions", "bot_events") or [])

    @property
    def interactive(self) -> bool:
        return self.manifest is None or bool(self._setting("settings", "interactivity", "is_enabled"))

    def declared_command(self, name: str) -> Json | None:
        if self.manifest is None:
            return {"command": name, "should_escape": True}
        commands = self._setting("features", "slash_commands") or []
        return next((command for command in commands if command["command"] == name), None)

    def declared_shortcut(self, callback_id: str) -> bool:
        shortcuts = self._setting("features", "shortcuts") or []
        return self.manifest is None or any(
            shortcut["callback_id"] == callback_id and shortcut["type"] == "message" for shortcut in shortcuts
        )

    def home_tab(self) -> bool:
        return self.manifest is None or bool(self._setting("features", "app_home", "home_tab_enabled"))

    def messages_tab(self, to_read: bool = False) -> bool:
        """May people write to the app in its Messages tab (or at least read it)?"""
        tab = self._setting("features", "app_home") or {}
        writable = to_read or not tab.get("messages_tab_read_only_enabled")
        return self.manifest is None or bool(tab.get("messages_tab_enabled") and writable)

    # telling and noting
    def changed(self, kind: str, **about: Any) -> None:
        """Tells listeners of a visible change; they are called under the lock and must only take note."""
        for listener in self._listeners:
            listener({"kind": kind, **about})

    def on_change(self, callback: Callable[[Json], None]) -> None:
        self._listeners.append(callback)

    def enqueue(self, event: Queued) -> None:
        with self.lock:
            self.queue.append(event)
        with self.wake:
            self.wake.notify_all()

    def note_ack(self, kind: str, answer: Answer, what: str) -> None:
        if answer.late:
            self.late.append({"kind": kind, "what": what, "ms": answer.ms, "at": self.clock.now()})

    def note_refusal(self, method: str, args: Any, error: SlackError) -> None:
        entry = {
            "method": method,
            "args": args,
            "error": error.code,
            "messages": error.messages,
            "status": error.status,
        }
        self.refused.append({**entry, "at": self.clock.now()})


def note_response(world: "World", call: Call) -> None:
    """Records a finished call, and among the refusals too if it was one."""
    world.recorded.append(call)
    body = call.response or {}
    if not body.get("ok", True) or call.status == 429:
        messages = body.get("response_metadata", {}).get("messages", [])
        entry = {"method": call.method, "args": call.args, "error": body.get("error"), "messages": messages}
        world.refused.append({**entry, "status": call.status, "at": call.at})
