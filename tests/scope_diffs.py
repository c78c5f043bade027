"""The diffs of scopes in history, read as whoever has an export would: applied in order they give each version."""

from collections.abc import Iterable
from typing import Any

from bot.domain.scope_diff import GONE, NEW, FieldDiff
from bot.domain.scoping import TEXTS, Document, from_plain, to_plain


def diffs_of(rows: Iterable[dict[str, Any]]) -> list[FieldDiff]:
    """The changes that stand in a line of history."""
    return [FieldDiff(one["field"], tuple((op, what) for op, what in one["parts"])) for one in rows]


def apply_diffs(doc: Document, diffs: Iterable[FieldDiff]) -> Document:
    """The version that they make of `doc`, which must be the one they were made from."""
    plain = to_plain(doc)
    for one in diffs:
        before = [item for op, item in one.parts if op != NEW]
        after = [item for op, item in one.parts if op != GONE]
        is_text = one.field in TEXTS
        assert plain[one.field] == ("".join(before) if is_text else before), f"{one.field} was another text before"
        plain[one.field] = "".join(after) if is_text else after
    return from_plain(plain)
