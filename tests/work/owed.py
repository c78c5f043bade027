"""Messages that a test puts straight into the outbox, and what became of them."""

from typing import Any

from bot.domain.records import Post
from bot.render.kit import section
from bot.store import outbox
from bot.store.teams import get_team_of_channel
from tests.conftest import ANA, CHANNEL, Office


def payload(text: str) -> dict[str, Any]:
    return {"text": text, "blocks": [section(text)]}


def owe(office: Office, key: str, *, place: str = "channel", text: str = "", **more: Any) -> int:
    """One message in the channel, in the DM with Ana, or in the thread of row `parent_id`; nothing is sent yet."""
    with office.bot.transaction() as tx:
        team = get_team_of_channel(tx, CHANNEL)
        where = {"user": ANA} if place == "dm" else {"channel": CHANNEL}
        return outbox.insert_post(
            tx, office.bot.now(), key, payload(text or key), team_id=team.id if team else None, **where, **more
        )


def row(office: Office, post_id: int) -> Post:
    with office.bot.reading() as tx:
        post = outbox.get_post(tx, post_id)
    assert post is not None
    return post


def copies(office: Office, key: str, thread: str | None = None) -> list[dict[str, Any]]:
    """Every message in the workspace that carries this key."""
    places = [CHANNEL, office.world.open_dm(ANA)]
    shown = [
        m for place in places for m in office.world.messages(place, thread_ts=thread if place == CHANNEL else None)
    ]
    return [m for m in shown if ((m["metadata"] or {}).get("event_payload") or {}).get("key") == key]


def posts_of(office: Office, key: str) -> list[dict[str, Any]]:
    """Every call that asked Slack to post this key."""
    calls = office.world.calls("chat.postMessage")
    return [call for call in calls if f'"{key}"' in str(call["args"].get("metadata")).replace("'", '"')]
