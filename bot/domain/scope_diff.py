"""What changed between two versions of a scope: word by word in texts, item by item in lists, so that the changes in
order make each version from the one before."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from bot.domain.scoping import Document, to_plain

SAME, GONE, NEW = "same", "gone", "new"
# In the order in which a scope is read.
_ORDER = tuple(to_plain(Document()))

Part = tuple[str, Any]


@dataclass(frozen=True)
class FieldDiff:
    """One field's change as (`same`, `gone` or `new`, what): pieces of text, or whole items of a list as JSON."""

    field: str
    parts: tuple[Part, ...]

    def pairs(self) -> list[tuple[Any | None, Any | None]]:
        """Of a list: each changed item as (old, new), where a new one stands in an old one's place; None for none."""
        found: list[tuple[Any | None, Any | None]] = []
        gone: list[Any] = []
        new: list[Any] = []
        for op, item in [*self.parts, (SAME, None)]:
            if op == SAME:
                found += zip_longest(gone, new)
                gone, new = [], []
            else:
                (gone if op == GONE else new).append(item)
        return found

    @property
    def old(self) -> str:
        """Of a text: how it read before."""
        return "".join(str(text) for op, text in self.parts if op != NEW)

    @property
    def new(self) -> str:
        """Of a text: how it reads now."""
        return "".join(str(text) for op, text in self.parts if op != GONE)


def diff_words(old: str, new: str) -> list[tuple[str, str]]:
    """The change from one text to another by words, each with the blanks behind it: `same` and `gone` pieces make the
    old text, `same` and `new` ones the new."""
    words = re.compile(r"\S+\s*|\s+")
    return [(op, "".join(items)) for op, items in _runs(words.findall(old), words.findall(new))]


def earlier_words(changes: Iterable[tuple[Sequence[str], Sequence[str]]]) -> dict[str, str]:
    """What the lines of a list said at first, by how they read now; `changes` are (before, after), oldest first.

    What only moved, was added or taken back to its first words is not in it.
    """
    first: dict[str, str] = {}
    for before, after in changes:
        pairs = FieldDiff("", tuple(_diff(list(before), list(after)))).pairs()
        said = {new: first.get(old, old) for old, new in pairs if old and new and new not in before}
        first = {line: words for line, words in (first | said).items() if line in after and line != words}
    return first


def diff_documents(old: Document, new: Document) -> tuple[FieldDiff, ...]:
    """The fields that differ, in the order in which a scope is read."""
    before, after = to_plain(old), to_plain(new)
    changed = (name for name in _ORDER if before[name] != after[name])
    return tuple(FieldDiff(name, tuple(_diff(before[name], after[name]))) for name in changed)


def _diff(old: Any, new: Any) -> list[Part]:
    if isinstance(old, str):
        return list(diff_words(old, new))
    return [(op, item) for op, items in _runs(old, new) for item in items]


def _runs(old: Sequence[Any], new: Sequence[Any]) -> list[tuple[str, Sequence[Any]]]:
    found: list[tuple[str, Sequence[Any]]] = []
    matcher = SequenceMatcher(None, [repr(one) for one in old], [repr(one) for one in new], autojunk=False)
    for op, start, end, new_start, new_end in matcher.get_opcodes():
        if op == "equal":
            found.append((SAME, old[start:end]))
            continue
        found += [(GONE, old[start:end])] if end > start else []
        found += [(NEW, new[new_start:new_end])] if new_end > new_start else []
    return found


def diff_to_plain(diffs: Iterable[FieldDiff]) -> list[dict[str, Any]]:
    """The changes as JSON has them."""
    return [{"field": one.field, "parts": [list(part) for part in one.parts]} for one in diffs]
