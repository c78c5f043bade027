"""What both transports do with a delivery once it is known to come from Slack."""

import logging
import time
from typing import Any

from slack_bolt import BoltRequest, BoltResponse

from bot import logs
from bot.runtime import Bot

log = logging.getLogger("bets.intake")


def take(bot: Bot, body: dict[str, Any]) -> BoltResponse:
    """Bolt's answer to a parsed delivery; 200 only when its effect, or the event itself, is stored.

    Bolt gets the payload alone, as in Socket Mode: no header of a request (they are not signed) reaches it, and its
    own form parsing, which takes any text with the word "payload" for an interaction, has nothing left to parse.
    What has not the shape of its kind gets a 400; what nobody listens to is taken and left at that.
    """
    assert bot.bolt is not None
    with logs.request():
        began = time.monotonic()
        kind = str(body.get("type") or "command")[:40]
        if not is_whole(body):
            log.info("a %s that cannot be read", kind)
            return BoltResponse(status=400)
        if kind.startswith("view_"):
            body["view"].setdefault("type", "modal")  # without it Bolt stumbles
        try:
            answer = bot.bolt.dispatch(BoltRequest(mode="socket_mode", body=body))
        except (AttributeError, KeyError, IndexError, TypeError):
            # Bolt looks for the workspace in places that a payload of Slack has.
            log.info("a %s that cannot be read", kind)
            return BoltResponse(status=400)
        log.debug("%s answered with %s after %.0f ms", kind, answer.status, (time.monotonic() - began) * 1000)
        return BoltResponse(status=200, body="") if answer.status == 404 else answer


def is_whole(body: dict[str, Any]) -> bool:
    """Whether a delivery has what every one of its kind has, so that no listener trips over it."""
    kind = body.get("type")
    if "command" in body:
        return _has_texts(body, "command", "user_id", "channel_id")
    if kind == "event_callback":
        return _has_texts(body, "event_id") and _has_texts(body.get("event"), "type")
    if not _has_texts(body, "type") or not _has_texts(body.get("user"), "id"):
        return False
    if any(body.get(name) is not None and not isinstance(body[name], dict) for name in _PARTS):
        return False
    if kind == "block_actions":
        actions = body.get("actions")
        return isinstance(actions, list) and bool(actions) and _has_texts(actions[0], "action_id")
    if kind in ("view_submission", "view_closed"):
        return _has_texts(body.get("view"), "id", "callback_id") and _has_fields(body["view"])
    if kind == "message_action":
        return _has_texts(body, "callback_id") and _has_texts(body.get("channel"), "id")
    return True


_PARTS = ("channel", "container", "message", "view", "team")


def _has_texts(value: Any, *names: str) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(name), str) and value[name] for name in names)


def _has_fields(view: dict[str, Any]) -> bool:
    """Whether what was typed into a form can be read."""
    state = view.get("state") or {}
    typed = (state.get("values") or {}) if isinstance(state, dict) else None
    if not isinstance(typed, dict):
        return False
    elements = [element for block in typed.values() for element in (block.values() if isinstance(block, dict) else [0])]
    return all(isinstance(element, dict) for element in elements)
