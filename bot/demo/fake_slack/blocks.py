"""Checks the blocks of a message and whole views as strictly as Slack does."""

import json
from collections.abc import Iterator
from typing import Any

from .elements import IN_ACTIONS, IN_INPUT, IN_SECTION, element_rule
from .rules import Problems, Rule, anything, array, boolean, problem, record, string, text, typed

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
# Slack publishes no figure for the sum; it took 9,597 characters and refused 11,341 (bolt-js#2867).
MESSAGE_BLOCK_TEXT = 11_000
VIEW_BYTES = 250_000

BLOCK: dict[str, Rule] = {"type": anything}
BLOCK_ID: dict[str, Rule] = {"block_id": string(255)}
IMAGE: dict[str, Rule] = {
    "image_url": string(3000, pattern=r"https?://\S+"),
    "slack_file": record({}, {"id": string(30), "url": string(3000)}),
}
IMAGE_ELEMENT = record({**BLOCK, "alt_text": string(2000, least=1)}, IMAGE)


def _section_accessory(value: Any, path: str, problems: Problems) -> None:
    if isinstance(value, dict) and value.get("type") == "image":
        IMAGE_ELEMENT(value, path, problems)
    else:
        element_rule(IN_SECTION)(value, path, problems)


def _context_element(value: Any, path: str, problems: Problems) -> None:
    if isinstance(value, dict) and value.get("type") == "image":
        IMAGE_ELEMENT(value, path, problems)
    else:
        text(3000, plain=False)(value, path, problems)


_rich = record({**BLOCK, "elements": array(anything)}, dict.fromkeys(("style", "indent", "offset", "border"), anything))
RICH_TEXT = record(
    {
        **BLOCK,
        "elements": array(
            typed({f"rich_text_{kind}": _rich for kind in ("section", "list", "preformatted", "quote")}), 1
        ),
    },
    BLOCK_ID,
)
CELL = typed({"raw_text": record({**BLOCK, "text": string(10_000, least=1)}), "rich_text": RICH_TEXT})
COMMON: dict[str, Rule] = {
    "section": record(
        BLOCK,
        {
            **BLOCK_ID,
            "text": text(3000, plain=False),
            "fields": array(text(2000, plain=False), 1, 10),
            "accessory": _section_accessory,
            "expand": boolean,
        },
    ),
    "header": record({**BLOCK, "text": text(150)}, BLOCK_ID),
    "divider": record(BLOCK, BLOCK_ID),
    "context": record({**BLOCK, "elements": array(_context_element, 1, 10)}, BLOCK_ID),
    "actions": record({**BLOCK, "elements": array(element_rule(IN_ACTIONS), 1, 25)}, BLOCK_ID),
    "image": record({**BLOCK, "alt_text": string(2000, least=1)}, {**BLOCK_ID, **IMAGE, "title": text(2000)}),
    "rich_text": RICH_TEXT,
}
INPUT: dict[str, Rule] = {
    "input": record(
        {**BLOCK, "label": text(2000), "element": element_rule(IN_INPUT)},
        {**BLOCK_ID, "hint": text(2000), "optional": boolean, "dispatch_action": boolean},
    )
}
ONLY_MESSAGES: dict[str, Rule] = {
    "markdown": record({**BLOCK, "text": string(12_000, least=1)}, BLOCK_ID),
    "table": record({**BLOCK, "rows": array(array(CELL, 1, 20), 1, 100)}, {**BLOCK_ID, "column_settings": anything}),
}
_message_rule = array(typed({**COMMON, **ONLY_MESSAGES}), 0, MESSAGE_BLOCKS)
_view_rule = array(typed({**COMMON, **INPUT}), 0, VIEW_BLOCKS)
VIEW_KEYS: dict[str, Rule] = {
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
_modal = record(
    {"type": anything, "title": text(24), "blocks": _view_rule},
    {**VIEW_KEYS, "submit": text(24), "close": text(24), "clear_on_close": boolean, "notify_on_close": boolean},
)
_home = record({"type": anything, "blocks": _view_rule}, VIEW_KEYS)


def check_message_blocks(blocks: Any, path: str = "/blocks") -> Problems:
    problems: Problems = []
    _message_rule(blocks, path, problems)
    if not problems:
        _check_whole(blocks, path, problems)
    return problems


def check_view(view: Any, kind: str) -> Problems:
    """`kind` is modal or home; paths begin with /view."""
    problems: Problems = []
    typed({"modal": _modal, "home": _home}, [kind])(view, "/view", problems)
    if not problems:
        _check_whole(view["blocks"], "/view/blocks", problems)
        if kind == "modal" and "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
            problem(problems, "missing required field: submit", "/view")
        focused = sum(bool(element.get("focus_on_load")) for _, element in interactive(view["blocks"]))
        if focused > 1:
            problem(problems, "only one element may have focus_on_load", "/view/blocks")
    return problems


def _check_whole(blocks: list[dict[str, Any]], path: str, problems: Problems) -> None:
    if sum(block["type"] == "table" for block in blocks) > 1:
        problem(problems, "only_one_table_allowed", path)
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        here = f"{path}/{number}"
        _check_block(block, here, problems)
        block_id = block.get("block_id")
        if block_id and block_id in seen:
            problem(problems, f"duplicate block_id: {block_id}", f"{here}/block_id")
        seen.add(block_id or "")
        names = [element["action_id"] for element in elements_of(block) if "action_id" in element]
        for name in sorted({name for name in names if names.count(name) > 1}):
            problem(problems, f"duplicate action_id: {name}", here)


def _check_block(block: dict[str, Any], here: str, problems: Problems) -> None:
    if block["type"] == "section" and "text" not in block and "fields" not in block:
        problem(problems, "missing required field: text", here)
    for image, where in _images(block, here):
        if ("image_url" in image) == ("slack_file" in image):
            problem(problems, "must have either image_url or slack_file", where)


def _images(block: dict[str, Any], here: str) -> Iterator[tuple[dict[str, Any], str]]:
    if block["type"] == "image":
        yield block, here
    if block.get("accessory", {}).get("type") == "image":
        yield block["accessory"], f"{here}/accessory"
    if block["type"] == "context":
        for number, element in enumerate(block["elements"]):
            if element["type"] == "image":
                yield element, f"{here}/elements/{number}"


def slack_files(blocks: list[dict[str, Any]], path: str = "/blocks") -> Iterator[tuple[str, str]]:
    """(file id, path) of each picture that is a file in Slack."""
    for number, block in enumerate(blocks):
        for image, where in _images(block, f"{path}/{number}"):
            if "slack_file" in image:
                yield str(image["slack_file"].get("id")), f"{where}/slack_file"


def elements_of(block: dict[str, Any]) -> list[dict[str, Any]]:
    """The interactive elements of one block."""
    if block["type"] == "actions":
        return list(block["elements"])
    found = block.get("accessory") or block.get("element")
    return [found] if found and found["type"] != "image" else []


def interactive(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(block, element) pairs, top to bottom."""
    for block in blocks:
        for element in elements_of(block):
            yield block, element


def text_length(value: Any) -> int:
    """Characters of all texts in a tree of blocks."""
    if isinstance(value, list):
        return sum(text_length(item) for item in value)
    if isinstance(value, dict):
        return sum(
            len(item) if key == "text" and isinstance(item, str) else text_length(item) for key, item in value.items()
        )
    return 0


def too_large(view: dict[str, Any]) -> bool:
    return len(json.dumps(view)) > VIEW_BYTES
