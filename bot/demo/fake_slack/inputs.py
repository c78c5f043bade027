"""The values of Block Kit's elements: from plain Python to what Slack's client sends; what the client checks itself."""

import re
from typing import TYPE_CHECKING, Any

from .blocks import elements_of, interactive
from .elements import all_options
from .errors import NotPossible
from .state import Json, View

if TYPE_CHECKING:
    from .world import World

REQUIRED = "Please complete this required field."
TEXTS = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
# element type -> (key of its value, key of its initial value); options are converted, the others are taken as they are
PICKED = {
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
ONE_OPTION = {"static_select", "radio_buttons", "overflow"}
MANY_OPTIONS = {"multi_static_select", "checkboxes"}
STATELESS = {"button", "overflow", "image"}
FORMATS = {
    "datepicker": r"\d{4}-\d{2}-\d{2}",
    "timepicker": r"([01]\d|2[0-3]):[0-5]\d",
    "email_text_input": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "url_text_input": r"\w+://\S+",
}


def value_key(kind: str) -> str:
    """Where the value of an element of this type stands in its state."""
    if kind in PICKED:
        return PICKED[kind][0]
    return "selected_option" if kind in ONE_OPTION else "selected_options" if kind in MANY_OPTIONS else "value"


def initial(element: Json) -> Json:
    """The state of an untouched element."""
    kind = element["type"]
    if kind in PICKED:
        empty: Any = [] if kind.startswith("multi_") else None
        found = element.get(PICKED[kind][1], empty)
    elif kind in ONE_OPTION:
        found = element.get("initial_option")
    elif kind in MANY_OPTIONS:
        found = element.get("initial_options", [])
    else:
        found = element.get("initial_value") or None
    return {"type": kind, value_key(kind): found}


def convert(world: "World", element: Json, value: Any) -> Json:
    """What a person put in, as Slack's client would send it. A choice that is not on offer raises NotPossible."""
    kind, key = element["type"], value_key(element["type"])
    if isinstance(value, dict) and value.get("type") == kind and key in value:
        return value
    if kind in ONE_OPTION:
        found: Any = None if value in (None, "") else _option(element, value)
    elif kind in MANY_OPTIONS:
        found = [_option(element, item) for item in value or []]
    elif kind in TEXTS:
        found = None if value in (None, "") else str(value)
    elif kind.startswith("multi_"):
        found = [_known(world, kind, item) for item in value or []]
    else:
        found = None if value in (None, "") else _known(world, kind, value)
    return {"type": kind, key: found}


def _option(element: Json, value: Any) -> Json:
    for option in all_options(element):
        if value in (option["value"], option["text"]["text"]) or value == option:
            return option
    raise NotPossible(f"{value!r} is not an option of {element.get('action_id')}")


def _known(world: "World", kind: str, value: Any) -> Any:
    if "users" in kind and value not in world.users:
        raise NotPossible(f"there is no user {value!r}")
    if ("conversations" in kind or "channels" in kind) and value not in world.channels_by_id:
        raise NotPossible(f"there is no conversation {value!r}")
    return value if kind == "datetimepicker" else str(value)


def refusal(block: Json, state: Json) -> str | None:
    """The sentence Slack's client shows at a field before it sends anything; None when the field is fine."""
    element = block["element"]
    kind, value = element["type"], state[value_key(element["type"])]
    if value in (None, [], ""):
        return None if block.get("optional") else REQUIRED
    if kind == "number_input":
        return _number_refusal(element, value)
    if kind in FORMATS and not re.fullmatch(FORMATS[kind], value):
        return f"Please enter a valid {kind.split('_')[0]}."
    if kind == "plain_text_input":
        most, least = element.get("max_length", 3000), element.get("min_length", 0)
        if len(value) > most:
            return f"Please use at most {most} characters."
        if len(value) < least:
            return f"Please use at least {least} characters."
    if kind.startswith("multi_") and len(value) > element.get("max_selected_items", len(value)):
        return f"Please select at most {element['max_selected_items']}."
    return None


def _number_refusal(element: Json, value: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Please enter a number." if element["is_decimal_allowed"] else "Please enter a whole number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter a number not below {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter a number not above {element['max_value']}."
    return None


def find(blocks: list[Json], action_id: str, block_id: str | None) -> tuple[Json, Json]:
    """The (block, element) that a person means; raises NotPossible when it is not there or not the only one."""
    found = [
        (block, element)
        for block, element in interactive(blocks)
        if element.get("action_id") == action_id and block_id in (None, block.get("block_id"))
    ]
    if len(found) != 1:
        raise NotPossible(f"{len(found)} elements are called {action_id!r} in block {block_id!r}")
    return found[0]


def values(blocks: list[Json], typed: Json) -> Json:
    """`state.values`: what was typed, else the initial value, of every element that has one."""
    result: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] not in STATELESS:
                here = result.setdefault(block["block_id"], {})
                state = typed.get(block["block_id"], {}).get(element["action_id"])
                here[element["action_id"]] = state or initial(element)
    return result


def keep_typed(old: View, blocks: list[Json]) -> Json:
    """What survives an update: values of elements whose block_id and action_id (and type) are unchanged."""
    before = values(old.view["blocks"], old.state)
    kept: Json = {}
    for block, element in interactive(blocks):
        state = before.get(block["block_id"], {}).get(element["action_id"])
        if state and state["type"] == element["type"] and state[value_key(state["type"])] not in (None, []):
            kept.setdefault(block["block_id"], {})[element["action_id"]] = state
    return kept


def type_into(world: "World", view: View, state: Json | None) -> None:
    """Stores what a person typed: {block_id: {action_id: plain value}}."""
    for block_id, fields in (state or {}).items():
        for action_id, value in fields.items():
            _, element = find(view.view["blocks"], action_id, block_id)
            view.state.setdefault(block_id, {})[action_id] = convert(world, element, value)
