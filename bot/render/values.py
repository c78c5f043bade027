"""Values of prediction files as people read them: text as it is, fields by their names, anything else as JSON."""

import json
from collections.abc import Sequence
from typing import Any

from bot.render import kit

# Six samples of these sizes, with everything around them, stay below what Slack takes in one message.
INPUT, SAYS, EXPECTED = 400, 300, 150
_FIELDS, _KEY, _VALUE = 6, 40, 90
_LINES = 8
BULLET = "•"
# What Slack takes in one section: so many fields, each so long. More than so many of them are no reading.
_IN_SECTION, _FIELD, _MOST_FIELDS = 10, 2_000, 60


def row_blocks(name: str, value: Any, said: str, more: kit.Block | None = None, limit: int = INPUT) -> list[kit.Block]:
    """What went in, drawn as fields where it has several, and below it what came out, in words of ours."""
    if isinstance(value, dict) and value:
        first = kit.section(name, more) | {"fields": _fields(value)}
        if name == BULLET:  # above fields it marks nothing
            del first["text"]
        return [first, kit.section(said)]
    return [kit.section(f"{name} {short(value, limit)}\n{said}", more)]


def _fields(values: dict[str, Any]) -> list[dict[str, Any]]:
    shown = [(str(key), value) for key, value in values.items()][:_FIELDS]
    return [kit.mrkdwn(f"*{kit.esc_line(key, _KEY) or '-'}*\n{short(value, _VALUE)}") for key, value in shown]


def in_words(value: Any, *, indent: int | None = None) -> str:
    """A value as people read it: text as it is, anything else as JSON, and what cannot be seen in words."""
    if isinstance(value, str):
        seen = any(letter.isprintable() and not letter.isspace() for letter in value)
        return value if seen else "(nothing visible)" if value else "(empty)"
    return "(none)" if value is None else json.dumps(value, ensure_ascii=False, indent=indent)


def short(value: Any, limit: int) -> str:
    """A value in words inside a line of ours, in a few lines of at most `limit` characters."""
    lines = in_words(value).splitlines()
    return kit.esc("\n".join([*lines[:_LINES], *(["…"] if len(lines) > _LINES else [])]), limit)


def in_line(value: Any, limit: int) -> str:
    """A value in one line of at most `limit` characters; the fields of one that has several by name."""
    if isinstance(value, dict) and value:
        value = ", ".join(f"{key}: {in_words(inner)}" for key, inner in value.items())
    return kit.esc_line(in_words(value), limit)


def is_cut(value: Any, *said: tuple[Any, int]) -> bool:
    """Whether an input, or anything `said` about it within so many characters, cannot be shown whole."""
    parts = [(inner, _VALUE) for inner in value.values()] if isinstance(value, dict) else [(value, INPUT)]
    cut = any(short(one, limit).rstrip("\u2069").endswith("…") for one, limit in [*parts, *said])
    return cut or (isinstance(value, dict) and len(value) > _FIELDS)


def whole_blocks(parts: Sequence[tuple[str, Any]]) -> list[kit.Block]:
    """Values with nothing left out, each under its title; what is absent has none."""
    blocks = []
    for title, value in parts:
        if value is not None:
            several = isinstance(value, dict) and 0 < len(value) <= _MOST_FIELDS
            blocks += [kit.section(f"*{title}*"), *(_whole_fields(value) if several else _whole_text(value))]
    return blocks


def _whole_fields(values: dict[str, Any]) -> list[kit.Block]:
    """The fields that fit side by side, and after them each longer one below its name."""
    names = {key: f"*{kit.esc_line(str(key), _FIELD // 2) or '-'}*" for key in values}
    texts = {key: f"{names[key]}\n{kit.esc(in_words(value), 2 * _FIELD)}" for key, value in values.items()}
    beside = [text for text in texts.values() if len(text) <= _FIELD]
    groups = (beside[at : at + _IN_SECTION] for at in range(0, len(beside), _IN_SECTION))
    blocks: list[kit.Block] = [{"type": "section", "fields": [kit.mrkdwn(text) for text in group]} for group in groups]
    for key in values:
        if len(texts[key]) > _FIELD:
            blocks += [kit.section(names[key]), *_whole_text(values[key])]
    return blocks


def _whole_text(value: Any) -> list[kit.Block]:
    text = in_words(value, indent=1)
    cut = (text[at : at + kit.TEXT] for at in range(0, len(text), kit.TEXT))
    return [{"type": "section", "text": kit.plain(part)} for part in cut]
