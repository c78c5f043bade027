"""A bot of a few lines: enough to answer, ask and open forms, so that the page is tested without Bets."""

from typing import Any

from slack_sdk import WebClient

Json = dict[str, Any]
SCOPES = ["chat:write", "commands", "channels:history", "im:history", "reactions:write", "users:read"]


def toy_manifest() -> Json:
    return {
        "features": {
            "bot_user": {"display_name": "Bets"},
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "slash_commands": [{"command": "/bets", "should_escape": True}],
            "shortcuts": [{"name": "Scope this", "type": "message", "callback_id": "scope_this"}],
        },
        "oauth_config": {"scopes": {"bot": SCOPES}},
        "settings": {
            "event_subscriptions": {"bot_events": ["message.channels", "message.im", "app_home_opened"]},
            "interactivity": {"is_enabled": True},
        },
    }


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def buttons(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "buttons", "elements": list(elements)}


def field(block_id: str, label: str, kind: str = "plain_text_input", optional: bool = False, **more: Any) -> Json:
    element = {"type": kind, "action_id": "value", **more}
    return {"type": "input", "block_id": block_id, "label": plain(label), "optional": optional, "element": element}


def form(title: str = "My updates", more: int = 0) -> Json:
    sizes = [{"text": plain(size), "value": size} for size in ("S", "M", "L")]
    fields = [
        field("learned", "What do we know now?", multiline=True),
        field("sure", "Confidence", "number_input", True, is_decimal_allowed=False, max_value="100"),
        field("size", "Upside", "static_select", options=sizes, initial_option=sizes[1]),
        field("owners", "Owners", "multi_users_select", True),
        *[field(f"more{number}", f"Source {number}", optional=True) for number in range(1, more + 1)],
    ]
    tail = buttons(button("Add data source", "add"), button("More bets", "push"))
    labels = {"title": plain(title), "submit": plain("Send"), "close": plain("Cancel")}
    return {"type": "modal", "callback_id": "form", **labels, "blocks": [*fields, tail]}


def saved() -> Json:
    """What stands in the form's place once it is sent, while there is more to fill in."""
    blocks = [section("Saved: B-1. 1 bet is still open."), buttons(button("More bets", "push"))]
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("My updates"),
        "close": plain("Done"),
        "blocks": blocks,
    }


class ToyBot:
    """Answers what the workspace delivers; `submitted` holds the values of forms that were sent."""

    def __init__(self, world: Any, client: WebClient) -> None:
        self.world, self.client = world, client
        self.submitted: list[Json] = []
        self.clicked: list[str] = []

    def answer(self, kind: str, body: Json) -> tuple[int, Any, Json]:
        if kind == "slash_commands":
            return 200, self.command(body), {}
        if kind == "interactive":
            return 200, self.interactive(body), {}
        self.event(body["event"])
        return 200, None, {}

    def command(self, body: Json) -> Json | None:
        if body["text"] == "new":
            self.client.views_open(trigger_id=body["trigger_id"], view=form("New bet"))
            return None
        return {"text": f"You said {body['text']}", "blocks": [section(f"*Summary* of `{body['text']}`")]}

    def interactive(self, body: Json) -> Json | None:
        if body["type"] == "view_submission":
            return self.submission(body["view"]["state"]["values"])
        if body["type"] != "block_actions":
            return None
        action = body["actions"][0]["action_id"]
        self.clicked.append(action)
        if action == "open":
            self.client.views_open(trigger_id=body["trigger_id"], view=form())
        elif action == "push":
            self.client.views_push(trigger_id=body["trigger_id"], view=form("More bets"))
        elif action == "add":
            self.client.views_update(view_id=body["view"]["id"], view=form(more=1))
        return None

    def submission(self, values: Json) -> Json | None:
        learned = values["learned"]["value"]["value"]
        if "nothing" in learned:
            return {"response_action": "errors", "errors": {"sure": "Say how sure you are."}}
        self.submitted.append(values)
        return {"response_action": "update", "view": saved()} if "more" in learned else None

    def event(self, event: Json) -> None:
        if event["type"] == "app_home_opened":
            waiting = section("*B-1* waits for you", accessory=button("Answer", "open"))
            self.client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [waiting]})
        elif event["type"] == "message" and event.get("thread_ts") and not event.get("bot_id"):
            where = {"channel": event["channel"], "user": event["user"], "thread_ts": event["thread_ts"]}
            ask = buttons(button("70%", "sure70"), button("Not an update", "never"))
            self.client.chat_postEphemeral(
                **where, text="How sure are you?", blocks=[section("How sure are you?"), ask]
            )
