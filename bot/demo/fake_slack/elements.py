"""Block Kit's interactive elements: the keys each may have and how long they may be (Slack's published limits)."""

from datetime import date
from typing import Any

from .rules import Problems, Rule, anything, array, boolean, integer, one_of, problem, record, string, text, typed

ACTION_ID = string(255, least=1)
USER = string(30, pattern=r"[UW][A-Z0-9]+")
CONVERSATION = string(30, pattern=r"[CGD][A-Z0-9]+")
NUMBER = string(50, pattern=r"-?\d+(\.\d+)?")
URL = string(3000, pattern=r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")
CONFIRM = record(
    {"title": text(100), "text": text(300, plain=False), "confirm": text(30), "deny": text(30)},
    {"style": one_of("primary", "danger")},
)


def day(value: Any, path: str, problems: Problems) -> None:
    """A day that there is, as YYYY-MM-DD."""
    try:
        found = date.fromisoformat(value).isoformat() == value
    except (TypeError, ValueError):
        found = False
    if not found:
        problem(problems, "invalid format", path)


def option(plain: bool = True, **more: Rule) -> Rule:
    return record({"text": text(75, plain), "value": string(150, least=1)}, {"description": text(75, plain), **more})


OPTION, RICH_OPTION, LINKED_OPTION = option(), option(plain=False), option(url=URL)
OPTION_GROUP = record({"label": text(75), "options": array(OPTION, 1, 100)})
FILTER = record(
    {},
    {
        "include": array(one_of("im", "mpim", "private", "public"), 1),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
DISPATCH = record({}, {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 1)})


def element(required: dict[str, Rule] | None = None, optional: dict[str, Rule] | None = None) -> Rule:
    return record({"type": anything, **(required or {})}, {"action_id": ACTION_ID, **(optional or {})})


FIELD: dict[str, Rule] = {"placeholder": text(150), "focus_on_load": boolean}
MENU: dict[str, Rule] = {**FIELD, "confirm": CONFIRM}
OPTIONS: dict[str, Rule] = {"options": array(OPTION, 1, 100), "option_groups": array(OPTION_GROUP, 1, 100)}
MANY: dict[str, Rule] = {"max_selected_items": integer(1, 10_000)}
TYPED: dict[str, Rule] = {**FIELD, "dispatch_action_config": DISPATCH}

SHAPES: dict[str, Rule] = {
    "button": element(
        {"text": text(75)},
        {
            "value": string(2000),
            "url": URL,
            "style": one_of("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "static_select": element(optional={**MENU, **OPTIONS, "initial_option": OPTION}),
    "multi_static_select": element(optional={**MENU, **OPTIONS, **MANY, "initial_options": array(OPTION, 1, 100)}),
    "users_select": element(optional={**MENU, "initial_user": USER}),
    "multi_users_select": element(optional={**MENU, **MANY, "initial_users": array(USER)}),
    "conversations_select": element(
        optional={
            **MENU,
            "initial_conversation": CONVERSATION,
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": FILTER,
        }
    ),
    "multi_conversations_select": element(
        optional={
            **MENU,
            **MANY,
            "initial_conversations": array(CONVERSATION),
            "default_to_current_conversation": boolean,
            "filter": FILTER,
        }
    ),
    "channels_select": element(optional={**MENU, "initial_channel": CONVERSATION, "response_url_enabled": boolean}),
    "multi_channels_select": element(optional={**MENU, **MANY, "initial_channels": array(CONVERSATION)}),
    "overflow": element({"options": array(LINKED_OPTION, 1, 5)}, {"confirm": CONFIRM}),
    "datepicker": element(optional={**MENU, "initial_date": day}),
    "timepicker": element(
        optional={**MENU, "initial_time": string(5, pattern=r"([01]\d|2[0-3]):[0-5]\d"), "timezone": string(100)}
    ),
    "datetimepicker": element(
        optional={"confirm": CONFIRM, "focus_on_load": boolean, "initial_date_time": integer(10**9, 10**10 - 1)}
    ),
    "checkboxes": element(
        {"options": array(RICH_OPTION, 1, 10)},
        {"initial_options": array(RICH_OPTION, 1, 10), "confirm": CONFIRM, "focus_on_load": boolean},
    ),
    "radio_buttons": element(
        {"options": array(RICH_OPTION, 1, 10)},
        {"initial_option": RICH_OPTION, "confirm": CONFIRM, "focus_on_load": boolean},
    ),
    "plain_text_input": element(
        optional={
            **TYPED,
            "initial_value": string(3000),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        }
    ),
    "number_input": element(
        {"is_decimal_allowed": boolean}, {**TYPED, "initial_value": NUMBER, "min_value": NUMBER, "max_value": NUMBER}
    ),
    "email_text_input": element(optional={**TYPED, "initial_value": string(3000)}),
    "url_text_input": element(optional={**TYPED, "initial_value": string(3000)}),
}
INPUTS_ONLY = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
MULTI = {name for name in SHAPES if name.startswith("multi_")}
IN_SECTION = set(SHAPES) - INPUTS_ONLY - {"datetimepicker"}
IN_ACTIONS = set(SHAPES) - INPUTS_ONLY - MULTI
IN_INPUT = set(SHAPES) - {"button", "overflow"}


def element_rule(allowed: set[str]) -> Rule:
    shape = typed(SHAPES, allowed)

    def check(value: Any, path: str, problems: Problems) -> None:
        before = len(problems)
        shape(value, path, problems)
        if len(problems) == before:
            _check_sense(value, path, problems)

    return check


def _check_sense(value: dict[str, Any], path: str, problems: Problems) -> None:
    """What no table of keys can say: options where a menu needs them, initial values among them, lengths in order."""
    if value["type"] in ("static_select", "multi_static_select") and ("options" in value) == ("option_groups" in value):
        problem(problems, "must have either options or option_groups", path)
        return
    _check_initial_options(value, path, problems)
    if value["type"] == "number_input":
        _check_numbers(value, path, problems)
    if value.get("max_length") is not None and value.get("min_length", 0) > value["max_length"]:
        problem(problems, "min_length must not be greater than max_length", path)
    if len(str(value.get("initial_value", ""))) > value.get("max_length", 3000):
        problem(problems, f"must be less than {value['max_length'] + 1} characters", f"{path}/initial_value")


def _check_initial_options(value: dict[str, Any], path: str, problems: Problems) -> None:
    known = all_options(value)
    initial = value.get("initial_options") or ([value["initial_option"]] if "initial_option" in value else [])
    if any(chosen not in known for chosen in initial):
        problem(problems, "initial option must exactly match one of the options", path)
    chosen = max(
        (len(found) for name, found in value.items() if name.startswith("initial_") and name[-1] == "s"), default=0
    )
    if chosen > value.get("max_selected_items", chosen):
        problem(problems, "no more initial choices than max_selected_items allowed", path)


def _check_numbers(value: dict[str, Any], path: str, problems: Problems) -> None:
    """Whole numbers where no others are allowed, and in order: the least, the initial one, the most."""
    given = [value[name] for name in ("min_value", "initial_value", "max_value") if name in value]
    if not value["is_decimal_allowed"] and any("." in number for number in given):
        problem(problems, "must be whole numbers", path)
    if sorted(given, key=float) != given:
        problem(problems, "min_value, initial_value and max_value must be in order", path)


def all_options(element: dict[str, Any]) -> list[dict[str, Any]]:
    """Every option of a menu, out of its groups too."""
    groups = [group["options"] for group in element.get("option_groups", [])]
    return [chosen for options in [element.get("options", []), *groups] for chosen in options]
