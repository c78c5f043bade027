"""Which listener takes what: one table, in which a press is looked up by its id.

Bolt tries its listeners one after the other, which for the last of a hundred takes longer than the listener itself; so
it gets one listener for each kind of delivery, and the rest is a look into a dictionary.
"""

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack

from bot.runtime import Bot

Listener = Callable[[Ack, dict[str, Any], Bot], None]
ANY = re.compile(".*", re.DOTALL)


class Routes:
    """The listeners by what they take. `unknown_press` and `unknown_form` take what nobody else does."""

    def __init__(self, unknown_press: Listener, unknown_form: Listener) -> None:
        self._press, self._form = unknown_press, unknown_form
        self._actions: dict[str, Listener] = {}
        self._views: dict[str, Listener] = {}
        self._shortcuts: dict[str, Listener] = {}

    def action(self, name: str) -> Callable[[Listener], None]:
        """Presses whose id is `name`, or begins with it before a colon; the longer name wins."""
        return _into(self._actions, name)

    def view(self, name: str) -> Callable[[Listener], None]:
        """Sent forms of that callback id."""
        return _into(self._views, name)

    def shortcut(self, name: str) -> Callable[[Listener], None]:
        """Shortcuts of that callback id."""
        return _into(self._shortcuts, name)

    def on_press(self, ack: Ack, body: dict[str, Any], bot: Bot) -> None:
        """A press."""
        action_id = str(body["actions"][0]["action_id"])
        name = action_id.partition(":")[0]
        (self._actions.get(action_id) or self._actions.get(name) or self._press)(ack, body, bot)

    def on_form(self, ack: Ack, body: dict[str, Any], bot: Bot) -> None:
        """A sent form."""
        self._views.get(str(body["view"]["callback_id"]), self._form)(ack, body, bot)

    def on_shortcut(self, ack: Ack, body: dict[str, Any], bot: Bot) -> None:
        """A shortcut."""
        self._shortcuts.get(str(body["callback_id"]), on_nothing)(ack, body, bot)


def _into(table: dict[str, Listener], name: str) -> Callable[[Listener], None]:
    def add(listener: Listener) -> None:
        assert name not in table, f"{name} has a listener already"
        table[str(name)] = listener

    return add


def on_nothing(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """Nothing was asked: a form that was closed, or a shortcut of another version of Bets."""
    ack()
