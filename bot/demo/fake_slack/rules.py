"""Small rules that check a JSON value and note each problem with its path, in the words Slack uses."""

import re
from collections.abc import Callable, Iterable
from typing import Any

Problems = list[str]
Rule = Callable[[Any, str, Problems], None]


def problem(problems: Problems, message: str, path: str) -> None:
    problems.append(f"{message} [json-pointer:{path}]")


def string(most: int, least: int = 0, pattern: str | None = None) -> Rule:
    def check(value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, str):
            problem(problems, "must be a string", path)
        elif len(value) > most:
            problem(problems, f"must be less than {most + 1} characters", path)
        elif len(value) < least:
            problem(problems, f"must be more than {least - 1} characters", path)
        elif pattern and not re.fullmatch(pattern, value):
            problem(problems, "invalid format", path)

    return check


def boolean(value: Any, path: str, problems: Problems) -> None:
    if not isinstance(value, bool):
        problem(problems, "must be a boolean", path)


def integer(least: int, most: int) -> Rule:
    def check(value: Any, path: str, problems: Problems) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            problem(problems, "must be an integer", path)
        elif not least <= value <= most:
            problem(problems, f"must be between {least} and {most}", path)

    return check


def one_of(*allowed: str) -> Rule:
    def check(value: Any, path: str, problems: Problems) -> None:
        if value not in allowed:
            problem(problems, f"must be one of {', '.join(allowed)}", path)

    return check


def array(rule: Rule, least: int = 0, most: int = 10_000) -> Rule:
    def check(value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, list):
            problem(problems, "must be an array", path)
            return
        if len(value) > most:
            problem(problems, f"no more than {most} items allowed", path)
        if len(value) < least:
            problem(problems, f"no less than {least} items allowed", path)
        for number, item in enumerate(value):
            rule(item, f"{path}/{number}", problems)

    return check


def anything(value: Any, path: str, problems: Problems) -> None:
    """Takes every value; for parts that Slack fills itself."""


def record(required: dict[str, Rule], optional: dict[str, Rule] | None = None) -> Rule:
    known = {**(optional or {}), **required}

    def check(value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problem(problems, "must be an object", path)
            return
        for name in required:
            if name not in value:
                problem(problems, f"missing required field: {name}", path)
        for name, item in value.items():
            if name in known:
                known[name](item, f"{path}/{name}", problems)
            else:
                problem(problems, f"invalid additional property: {name}", path)

    return check


def typed(kinds: dict[str, Rule], allowed: Iterable[str] | None = None) -> Rule:
    """Chooses the rule by the object's own `type`; a type that is unknown or out of place is a problem."""
    names = set(kinds if allowed is None else allowed)

    def check(value: Any, path: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problem(problems, "must be an object", path)
        elif value.get("type") not in names:
            problem(problems, f"unsupported type: {value.get('type')}", f"{path}/type")
        else:
            kinds[value["type"]](value, path, problems)

    return check


def text(most: int, plain: bool = True) -> Rule:
    """A text object; `plain` refuses mrkdwn."""
    length = string(most, least=1)
    kinds = {"plain_text": record({"type": anything, "text": length}, {"emoji": boolean})}
    if not plain:
        kinds["mrkdwn"] = record({"type": anything, "text": length}, {"verbatim": boolean})
    return typed(kinds)
