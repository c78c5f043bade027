"""What the bot keeps of what Slack says happened: what a person did that some feature hears of."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.domain.hearing import TYPED
from bot.store import inbox as store

Event = dict[str, Any]

# What some feature hears; which one, `work/hearing` says.
KINDS = (
    "message",
    "app_mention",
    "reaction_added",
    "reaction_removed",
    "member_joined_channel",
    "member_left_channel",
    "channel_archive",
    "channel_left",
    "channel_unarchive",
    "group_archive",
    "group_left",
    "group_unarchive",
    "user_change",
    "app_home_opened",
)
# What each kind must have, as text; whatever lacks it is nobody's business.
_NEEDED = {
    "app_mention": ("user", "channel", "ts"),
    "app_home_opened": ("user",),
    "message": ("channel",),
    "reaction_added": ("user", "event_ts"),
    "reaction_removed": ("user", "event_ts"),
    "user_change": (),
} | dict.fromkeys(("member_joined_channel", "member_left_channel"), ("user", "channel"))


def do_keep_event(tx: Connection, now: datetime, body: dict[str, Any]) -> bool:
    """Keeps an event that somebody here listens to; False when it is known, or nobody's business."""
    event = body.get("event") or {}
    if not is_heard(event) or not body.get("event_id"):
        return False
    return store.insert_event(tx, now, str(body["event_id"]), {"event": event})


def is_heard(event: Event) -> bool:
    """Whether it is something that a person did and that a feature listens to: never the bot's own echo."""
    kind = event.get("type")
    if not isinstance(kind, str) or kind not in KINDS or not _is_whole(kind, event):
        return False
    if kind == "message":
        message = event.get("message") or event.get("previous_message") or event
        by_machine = message.get("bot_id") or message.get("user") in (None, "USLACKBOT")
        return event.get("subtype") in TYPED and not by_machine
    return not event.get("bot_id")


def _is_whole(kind: str, event: Event) -> bool:
    """Whether it has what whoever hears it needs, each of its kind."""
    if not all(isinstance(event.get(name), str) and event[name] for name in _NEEDED.get(kind, ("channel",))):
        return False
    inner = [event[name] for name in ("message", "previous_message") if event.get(name)]
    if kind in ("reaction_added", "reaction_removed"):
        inner.append(event.get("item"))
    if kind == "user_change":
        inner.append(event.get("user"))
        return isinstance(inner[-1], dict) and isinstance(inner[-1].get("id"), str)
    return all(isinstance(one, dict) for one in inner)
