"""Payloads of Slack as typed input: who, where, what was pressed, what was typed."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any

from bot.domain.words import slack_unescape
from bot.render.ids import decode

Form = dict[str, Any]


@dataclass(frozen=True)
class Command:
    """`/bets ...` or a mention with the same words; `trigger_id` is missing for a mention. `chosen`: in a DM, where
    *Which team?* was asked first, and `channel` is the chosen team's."""

    user: str
    channel: str
    text: str
    trigger_id: str | None
    response_url: str | None = None
    thread_ts: str | None = None
    chosen: bool = False


@dataclass(frozen=True)
class Click:
    """A press of a button or a choice in a select, in a message or in a view."""

    user: str
    channel: str | None
    message_ts: str | None
    thread_ts: str | None
    action_id: str
    value: dict[str, Any]
    trigger_id: str
    response_url: str | None
    ephemeral: bool
    view: dict[str, Any] | None

    @property
    def suffix(self) -> str:
        """What stands behind the colon of the action id."""
        return self.action_id.partition(":")[2]

    @property
    def private(self) -> dict[str, Any]:
        """What the view carries."""
        return decode((self.view or {}).get("private_metadata"))

    @property
    def in_modal(self) -> bool:
        """Whether it was made in a modal, and not in a message or the home tab."""
        return self.view is not None and self.view.get("type") == "modal"

    @property
    def form(self) -> Form:
        """What is typed in the view so far."""
        return values(self.view or {})


@dataclass(frozen=True)
class Submission:
    """A modal that was sent."""

    user: str
    callback_id: str
    private: dict[str, Any]
    form: Form


def command(body: dict[str, Any]) -> Command:
    """A slash command."""
    return Command(
        user=str(body["user_id"]),
        channel=str(body["channel_id"]),
        text=slack_unescape(body.get("text") or "").strip(),
        trigger_id=body.get("trigger_id"),
        response_url=body.get("response_url"),
        thread_ts=body.get("thread_ts"),
    )


def click(body: dict[str, Any]) -> Click:
    """A press; of a select, `value` is {"value": the chosen value}."""
    action = body["actions"][0]
    container = body.get("container") or {}
    message = body.get("message") or {}
    chosen = action.get("selected_option")
    return Click(
        user=str(body["user"]["id"]),
        channel=(body.get("channel") or {}).get("id") or container.get("channel_id"),
        message_ts=container.get("message_ts") or message.get("ts"),
        thread_ts=message.get("thread_ts") or container.get("thread_ts"),
        action_id=str(action["action_id"]),
        value={"value": chosen.get("value")} if isinstance(chosen, dict) else decode(action.get("value")),
        trigger_id=str(body.get("trigger_id") or ""),
        response_url=body.get("response_url"),
        ephemeral=bool(container.get("is_ephemeral")),
        view=body.get("view"),
    )


def whole(value: Any) -> int:
    """An id or a page as a button carried it; 0, which no id is and the first page has, for anything else."""
    return value if isinstance(value, int) else 0


def submission(body: dict[str, Any]) -> Submission:
    """A sent modal."""
    view = body["view"]
    return Submission(
        user=str(body["user"]["id"]),
        callback_id=str(view["callback_id"]),
        private=decode(view.get("private_metadata")),
        form=values(view),
    )


def values(view: dict[str, Any]) -> Form:
    """The typed values by block id: text, number text, chosen value(s), date or people; '' or [] where empty."""
    state = (view.get("state") or {}).get("values") or {}
    return {block_id: _value(next(iter(elements.values()))) for block_id, elements in state.items() if elements}


def _value(element: dict[str, Any]) -> Any:
    kind = element.get("type")
    if kind in ("multi_users_select", "users_select"):
        return element.get("selected_users") or element.get("selected_user") or ([] if kind[0] == "m" else "")
    if kind in ("multi_static_select", "checkboxes"):
        return [choice["value"] for choice in element.get("selected_options") or []]
    if kind in ("static_select", "radio_buttons"):
        return (element.get("selected_option") or {}).get("value", "")
    if kind == "datepicker":
        return element.get("selected_date") or ""
    # A person's text comes as typed, not escaped, in a view's state.
    return element.get("value") or ""


def receipt_key(body: dict[str, Any]) -> str:
    """What tells one delivery of a command, click or submission from another; the same when Slack repeats it."""
    kind = body.get("type")
    if kind == "view_submission" and body["view"].get("hash"):
        return f"view:{body['view']['id']}:{body['view']['hash']}"
    if kind == "block_actions" and body["actions"][0].get("action_ts"):
        action = body["actions"][0]
        return f"click:{body['user']['id']}:{action['action_ts']}:{action['action_id']}"
    trigger = body.get("trigger_id")
    if trigger and kind not in ("view_submission", "block_actions"):
        return f"{kind or 'command'}:{trigger}"
    # Without Slack's own mark all of it is one; where nothing in it is of this one delivery, none is taken for another.
    if not trigger and not body.get("response_url") and kind != "view_submission":
        return f"{kind or 'command'}:{secrets.token_hex(16)}"
    return f"{kind or 'command'}:{hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()}"


def shortcut(body: dict[str, Any]) -> Command:
    """A message shortcut: the message's text is its words."""
    return Command(
        user=str(body["user"]["id"]),
        channel=str(body["channel"]["id"]),
        text=slack_unescape((body.get("message") or {}).get("text") or ""),
        trigger_id=body.get("trigger_id"),
        response_url=body.get("response_url"),
        thread_ts=(body.get("message") or {}).get("thread_ts"),
    )
