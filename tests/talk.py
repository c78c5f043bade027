"""People who talk to the bot through the simulated Slack, as people do: by labels, never by ids of ours.

`ana.command("list")`, `ana.reply(thread, "70% ...")`, `ana.press("Give my updates")`,
`ana.fill(Confidence="70").submit()`. What they see is read from the simulated Slack's world alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from bot.demo.fake_slack import World


def words(message: dict[str, Any] | None) -> str:
    """Everything readable in a message or view, in order, one text a line."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key in ("text", "alt_text", "title") and isinstance(value, str):
                    found.append(value)
                elif key == "initial_value":
                    found.append(str(value))
                elif key != "metadata":
                    walk(value)
        elif isinstance(node, list):
            for item in node:
                walk(item)

    walk(message or {})
    return "\n".join(found)


def elements(surface: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Every (block, element) that can be pressed or filled in a message or view."""
    found = []
    for block in surface.get("blocks") or []:
        parts = list(block.get("elements") or []) + [block[k] for k in ("accessory", "element") if k in block]
        found += [(block, part) for part in parts if isinstance(part, dict) and "action_id" in part]
    return found


def label_of(block: dict[str, Any], element: dict[str, Any]) -> str:
    """What a person reads on a button or above a field."""
    text = (block.get("label") or {}) if block["type"] == "input" else (element.get("text") or {})
    return str(text.get("text", ""))


@dataclass
class Person:
    """One person at their Slack."""

    world: World
    settle: Any
    user: str
    channel: str
    typed: dict[str, dict[str, Any]] = field(default_factory=dict)
    reply: Any = None

    def say(self, text: str, thread: str | None = None, **more: Any) -> str:
        """Writes a message; returns its ts."""
        ts = self.world.say(self.user, self.channel, text, thread_ts=thread, **more)
        self.settle()
        return ts

    def command(self, text: str = "", channel: str | None = None) -> Any:
        """Types `/bets text`; the answer is in `.saw()` or in `.modal`."""
        self.reply = self.world.command(self.user, channel or self.channel, text)
        self.settle()
        return self.reply

    def messages(self, thread: str | None = None, channel: str | None = None) -> list[dict[str, Any]]:
        """What this person sees in the channel or thread, ephemeral messages to them included."""
        return self.world.messages(channel or self.channel, thread_ts=thread, as_user=self.user)

    def dm(self) -> str:
        """The DM with the bot."""
        return self.world.open_dm(self.user)

    def last(self, thread: str | None = None, channel: str | None = None) -> dict[str, Any]:
        """The newest message this person sees."""
        return self.messages(thread, channel)[-1]

    def saw(self, thread: str | None = None, channel: str | None = None) -> str:
        """The words of the newest message this person sees."""
        return words(self.last(thread, channel))

    def press(self, label: str, message: dict[str, Any] | None = None, *, nth: int = 0, **where: Any) -> Any:
        """Presses the button called `label` in `message`, else in the newest message that has one."""
        if message is None and self.modal is not None and not where:
            return self.press_in_modal(label, nth=nth)
        seen = [message] if message else list(reversed(self.messages(**where)))
        for candidate in seen:
            hits = [(b, e) for b, e in elements(candidate) if e["type"] == "button" and label_of(b, e) == label]
            if hits:
                block, element = hits[nth]
                place = candidate.get("channel") or where.get("channel") or self.channel
                self.typed = {}
                self.reply = self.world.click(
                    self.user, place, candidate["ts"], element["action_id"], block.get("block_id")
                )
                self.settle()
                return self.reply
        raise AssertionError(f"{self.user} sees no button {label!r}")

    @property
    def modal(self) -> dict[str, Any] | None:
        """The modal on top, if any is open."""
        stack = self.world.views(self.user)
        return stack[-1] if stack else None

    def press_in_modal(self, label: str, *, nth: int = 0) -> Any:
        """Presses a button in the open modal, with what is typed so far."""
        view = self.modal
        assert view is not None, "no modal is open"
        hits = [(b, e) for b, e in elements(view) if e["type"] == "button" and label_of(b, e) == label]
        assert hits, f"no button {label!r} in modal: {words(view)}"
        block, element = hits[nth]
        self.reply = self.world.click_view(
            self.user, view["id"], element["action_id"], block.get("block_id"), state=self.typed
        )
        self.settle()
        return self.reply

    def fill(self, _nth: int = 0, **fields: Any) -> Person:
        """Types into the open modal's fields by their labels (an underscore stands for a blank)."""
        return self.fill_in({name.replace("_", " "): value for name, value in fields.items()}, nth=_nth)

    def fill_in(self, fields: dict[str, Any], nth: int = 0) -> Person:
        """Types into the open modal's fields by their exact labels; `nth` when a label stands there several times."""
        view = self.modal
        assert view is not None, f"no modal is open (last reply {self.reply})"
        inputs = [(b, e) for b, e in elements(view) if b["type"] == "input"]
        for label, value in fields.items():
            hits = [(b, e) for b, e in inputs if label_of(b, e) == label]
            assert hits, f"no field {label!r} among {[label_of(b, e) for b, e in inputs]}"
            block, element = hits[nth]
            self.typed.setdefault(block["block_id"], {})[element["action_id"]] = value
        return self

    def submit(self) -> Any:
        """Sends the open modal."""
        view = self.modal
        assert view is not None, "no modal is open"
        self.reply = self.world.submit(self.user, view["id"], self.typed)
        if not self.reply.errors:
            self.typed = {}
        self.settle()
        return self.reply

    def close(self) -> None:
        """Closes the modal on top."""
        assert self.modal is not None
        self.world.close(self.user, self.modal["id"])
        self.typed = {}
        self.settle()

    def errors(self) -> str:
        """The field errors of the last submission, as one text."""
        return json.dumps(self.reply.errors or {}, ensure_ascii=False)
