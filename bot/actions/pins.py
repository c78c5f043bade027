"""The pushpin, which saves a message to its bet's history."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.domain.hearing import role_of
from bot.domain.records import Heard
from bot.store import replies
from bot.store.people import get_person
from bot.store.teams import get_team_of_channel

PIN = "pushpin"


def do_hear_reaction(tx: Connection, now: datetime, event: dict[str, Any], bot_user: str) -> None:
    """Saves a message to the bet's history when somebody pins it, as long as any pin is on."""
    item = event.get("item") or {}
    user, channel, ts = str(event.get("user")), str(item.get("channel")), str(item.get("ts"))
    person = get_person(tx, user)
    if event.get("reaction") != PIN or item.get("type") != "message" or user == bot_user:
        return
    if get_team_of_channel(tx, channel) is None or (person and (person.limited or person.bot)):
        return
    heard = replies.get_reply(tx, channel, ts) or Heard(channel, ts, now)
    changed_at, on = str(event.get("event_ts") or ""), event.get("type") == "reaction_added"
    if heard.pins.get(user, ["", False])[0] < changed_at:
        pinned = replace(heard, pins=heard.pins | {user: [changed_at, on]})
        role = role_of(pinned, ts if pinned.role == "update" else None)
        replies.update_reply(tx, replace(pinned, role=role))
