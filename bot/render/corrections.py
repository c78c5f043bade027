"""A nudge whose facts were corrected: the same message, in which nothing stands that is not so any more."""

import re
from typing import Any

from bot.domain.corrections import Corrections
from bot.domain.policy import HARD_FACT
from bot.render import kit

_HEADLINE = re.compile(re.escape(HARD_FACT) + r"[^;\n]*")
_WITHDRAWN = "The hard fact behind this advice was corrected since: look at what is left before you decide."


def corrected(payload: dict[str, Any], found: Corrections, name: str = "") -> dict[str, Any]:
    """The message as it was posted, with what is said now in the place of each sentence that was corrected.

    Only the blocks whose name begins with `name` are looked at, and the text of the notification.
    """
    blocks = [
        block | {"text": block["text"] | {"text": _amended(block["text"]["text"], found)}}
        if block["type"] == "section" and str(block.get("block_id", "")).startswith(name)
        else block
        for block in payload["blocks"]
    ]
    text = _HEADLINE.sub(_WITHDRAWN, payload["text"]) if found.hard else payload["text"]
    return payload | {"blocks": blocks, "text": text}


def _amended(text: str, found: Corrections) -> str:
    if found.hard:
        text = _HEADLINE.sub(_WITHDRAWN, text)
    return "\n".join(_line(line, found) if line.startswith("• ") else line for line in text.split("\n"))


def _line(line: str, found: Corrections) -> str:
    said = next((now for begins, now in found.sentences if _escaped(begins) in line), "")
    return f"• Corrected since: {kit.esc_line(said, 250)}" if said else line


def _escaped(begins: str) -> str:
    """As it stands within a line; what runs right to left is isolated there with the rest of its sentence."""
    return kit.esc_line(begins).strip("\u2068\u2069")
