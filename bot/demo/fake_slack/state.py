"""What the world is made of."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


def copied(value: Any) -> Any:
    """A JSON value of one's own: `copy.deepcopy` takes five times as long, since it expects anything."""
    if isinstance(value, dict):
        return {name: copied(item) for name, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


@dataclass
class User:
    id: str
    name: str
    real_name: str
    tz: str = "UTC"
    restricted: bool = False
    ultra_restricted: bool = False
    admin: bool = False
    deleted: bool = False
    is_bot: bool = False
    team_id: str = ""


@dataclass
class Channel:
    id: str
    name: str
    kind: str = "channel"  # channel (public), group (private) or im
    members: list[str] = field(default_factory=list)
    archived: bool = False
    created: int = 0

    @property
    def event_kind(self) -> str:
        """The word of `channel_type` and of the scopes: channel, group or im."""
        return self.kind


@dataclass
class Message:
    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    by_bot: bool = False
    subtype: str | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    metadata: Json | None = None
    edited: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    visible_to: str | None = None  # set: an ephemeral message
    attachments: list[Json] = field(default_factory=list)
    client_msg_id: str | None = None
    state: Json = field(default_factory=dict)  # what was chosen in its menus

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class View:
    id: str
    user: str
    view: Json  # as the app sent it, with ids filled in
    hash: str
    root: str
    previous: str | None = None
    state: Json = field(default_factory=dict)  # {block_id: {action_id: state value}}, what was typed


@dataclass
class Trigger:
    id: str
    user: str
    made: float  # time.monotonic() of the delivery
    view: str | None = None
    used: bool = False


@dataclass
class ResponseUrl:
    id: str
    user: str
    channel: str
    made: float  # world seconds
    uses: int = 0
    message: Message | None = None
    thread_ts: str | None = None


@dataclass
class File:
    id: str
    name: str
    length: int
    ready_at: float
    user: str
    created: float
    title: str = ""
    alt_text: str = ""
    content: bytes | None = None
    complete: bool = False
    deleted: bool = False
    shared_in: list[str] = field(default_factory=list)


@dataclass
class Call:
    """One recorded call of the Web API."""

    method: str
    args: Json
    at: float
    response: Json | None = None
    status: int = 200
    fault: str = "ok"


@dataclass
class Reply:
    """What came of something that a person did."""

    status: int = 0
    body: Json | None = None
    errors: dict[str, str] = field(default_factory=dict)
    late: bool = False
    error: str | None = None
    ms: float = 0.0

    @property
    def ok(self) -> bool:
        return self.error is None and not self.errors
