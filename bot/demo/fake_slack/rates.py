"""How often an app may call: one message a second in a channel, each method a number of times a minute (Slack's
published tiers). `pace` stretches both: 1 is Slack's own, 0 is no limit."""

import time
from typing import TYPE_CHECKING

from .errors import SlackError

if TYPE_CHECKING:
    from .world import World

BURST = 5
TIERS = {1: 1, 2: 20, 3: 50, 4: 100}  # calls a minute
# Others (posting, which is paced by channel, auth.test, permalinks) have limits that Slack does not put into figures.
TIER = {
    "apps.connections.open": 1,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.list": 2,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.replies": 3,
    "files.completeUploadExternal": 4,
    "files.delete": 3,
    "files.getUploadURLExternal": 4,
    "files.info": 4,
    "reactions.add": 3,
    "reactions.get": 3,
    "reactions.remove": 2,
    "users.conversations": 3,
    "users.info": 4,
    "users.list": 2,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}


def keep_pace(world: "World", channel: str) -> None:
    """One message in `pace` real seconds, five at once after a quiet spell."""
    _take(world, channel, BURST, world.pace)


def keep_tier(world: "World", method: str) -> None:
    """As many calls a minute as the method's tier says, all of them at once if need be."""
    if method in TIER:
        most = max(BURST, TIERS[TIER[method]])
        _take(world, method, most, 60 * world.pace / TIERS[TIER[method]])


def _take(world: "World", name: str, burst: int, seconds: float) -> None:
    """One of `burst` tokens, of which a new one comes in each `seconds`; refused with the wait when there is none."""
    if seconds <= 0:
        return
    now = time.monotonic()
    tokens, at = world.buckets.get(name, (float(burst), now))
    tokens = min(float(burst), tokens + (now - at) / seconds)
    if tokens < 1:
        world.buckets[name] = (tokens, now)
        raise SlackError("ratelimited", status=429, retry_after=max(1, round((1 - tokens) * seconds + 0.5)))
    world.buckets[name] = (tokens - 1, now)
