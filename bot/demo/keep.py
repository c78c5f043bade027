"""Keeps the simulated workspace between two runs of the demo, as one JSON file beside the bot's database."""

import base64
import itertools
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .fake_slack import World
from .fake_slack.state import Channel, File, Message, User, View

VERSION = 1


def save(world: World, path: Path) -> None:
    """Writes people, channels, messages, home tabs and files; what only one person saw is not kept, as in Slack."""
    with world.lock:
        kept: dict[str, Any] = {
            "version": VERSION,
            "now": world.clock.now(),
            "last_ts": world._last_ts,
            "counters": {name: next(count) for name, count in world._counters.items()},
            "users": [asdict(user) for user in world.users.values()],
            "channels": [asdict(channel) for channel in world.channels_by_id.values()],
            "messages": [asdict(one) for found in world.messages_by_channel.values() for one in found.values()],
            "threads": [[channel, ts, replies] for (channel, ts), replies in world.threads.items()],
            "homes": [asdict(view) for view in world.homes.values()],
            "files": [_packed(file) for file in world.files_by_id.values()],
        }
        world._counters = {name: itertools.count(value) for name, value in kept["counters"].items()}
    draft = path.with_suffix(".part")
    draft.unlink(missing_ok=True)
    with open(draft, "x", encoding="utf-8", opener=_open_private) as out:
        out.write(json.dumps(kept))
    os.replace(draft, path)


def _open_private(path: str, flags: int) -> int:
    """For its user alone, like the database beside it: people's words are in it."""
    return os.open(path, flags, 0o600)


def load(world: World, path: Path) -> float | None:
    """Puts back what `save` wrote; returns the workspace's time then, None when there is nothing that can be used."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if kept.get("version") != VERSION:
        return None
    with world.lock:
        world._last_ts = kept["last_ts"]
        world._counters = {name: itertools.count(value) for name, value in kept["counters"].items()}
        world.users = {one["id"]: User(**one) for one in kept["users"]}
        world.channels_by_id = {one["id"]: Channel(**one) for one in kept["channels"]}
        world.messages_by_channel = {one["id"]: {} for one in kept["channels"]}
        for one in kept["messages"]:
            world.messages_by_channel[one["channel"]][one["ts"]] = Message(**one)
        world.threads = {(channel, ts): replies for channel, ts, replies in kept["threads"]}
        world.homes = {one["user"]: View(**one) for one in kept["homes"]}
        world.files_by_id = {one["id"]: _unpacked(one) for one in kept["files"]}
    return float(kept["now"])


def _packed(file: File) -> dict[str, Any]:
    content = base64.b64encode(file.content).decode() if file.content is not None else None
    return asdict(file) | {"content": content}


def _unpacked(kept: dict[str, Any]) -> File:
    content = kept["content"]
    return File(**(kept | {"content": base64.b64decode(content) if content is not None else None}))
