"""What people wrote under samples, for the result of their round and for *Show all*."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.render import kit

# A handful is read; the others stand where they were written.
MOST, WORDS, NAME = 5, 200, 60
_BLOCK = "notes"


@dataclass(frozen=True)
class Noted:
    """One person's words on the sample of that printed number, as typed and without the number; `name` is empty where
    the bot has not met them yet."""

    number: int | None
    name: str
    text: str


def with_notes(result: dict[str, Any], notes: Sequence[Noted]) -> dict[str, Any]:
    """A round's result with these notes, in the place of those that it had."""
    *said, small = [block for block in result["blocks"] if block.get("block_id") != _BLOCK]
    return result | {"blocks": [*said, *notes_blocks(notes), small]}


def notes_blocks(notes: Sequence[Noted]) -> list[kit.Block]:
    """Nothing without any."""
    if not notes:
        return []
    lines = ["*Notes*", *(_line(one) for one in notes[:MOST])]
    lines += [f"and {len(notes) - MOST} more in the thread"] if len(notes) > MOST else []
    return [kit.named(_BLOCK, kit.section("\n".join(lines)))]


def _line(one: Noted) -> str:
    by = f" ({kit.esc_line(one.name, NAME)})" if one.name else ""
    return f"*{one.number}.* {kit.esc_line(one.text, WORDS)}{by}"
