"""Several people edit one draft: what each typed is kept, and where two changed the same, both texts are there."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from bot.domain.scope_checks import TEXT_LIMIT
from bot.domain.scoping import Document

# Fields of one value: two of them cannot stand side by side.
_SINGLE = ("title", "appetite_weeks", "reviewer")
_KEYS: dict[str, Callable[[Any], Hashable]] = {
    "sources": lambda one: one.what,
    "assumptions": lambda one: one.id or one.text,
    "criteria": lambda one: one,
    "owners": lambda one: one,
}


@dataclass(frozen=True)
class Conflict:
    """Two people changed the same field at once. `mine` came later; `kept` says whether the merged text holds both."""

    field: str
    mine: Any
    theirs: Any
    kept: bool


def merge(base: Document, mine: Document, theirs: Document) -> tuple[Document, tuple[Conflict, ...]]:
    """What two people made of the same `base`, field by field: `theirs` is saved already, `mine` comes now.

    A field that one of them changed is as that one has it. Of a text that both changed, both stand one below the other
    where there is room; else `theirs` stays, and the conflict alone holds `mine`. In lists each item counts for itself,
    and one that both changed is there twice.
    """
    found: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for one in fields(Document):
        sides = tuple(getattr(doc, one.name) for doc in (base, mine, theirs))
        found[one.name], clash = _merge_field(one.name, *sides)
        conflicts += [clash] if clash else []
    return replace(theirs, **found), tuple(conflicts)


def _merge_field(name: str, base: Any, mine: Any, theirs: Any) -> tuple[Any, Conflict | None]:
    if mine in (base, theirs):
        return theirs, None
    if theirs == base:
        return mine, None
    if name in _KEYS:
        merged, twice = _merge_items(base, mine, theirs, _KEYS[name])
        return merged, Conflict(name, mine, theirs, True) if twice else None
    both = _both(mine, theirs)
    if name in _SINGLE or len(both) > TEXT_LIMIT:
        return theirs or mine, Conflict(name, mine, theirs, not (mine and theirs))
    return both, Conflict(name, mine, theirs, True)


def _both(mine: str, theirs: str) -> str:
    if mine in theirs or theirs in mine:
        return max(theirs, mine, key=len)
    return f"{theirs}\n\n{mine}"


def _merge_items(
    base: Sequence[Any], mine: Sequence[Any], theirs: Sequence[Any], key: Callable[[Any], Hashable]
) -> tuple[tuple[Any, ...], bool]:
    """The items of both, and whether one of them was changed by both."""
    was, my, their = _keyed(base, key), _keyed(mine, key), _keyed(theirs, key)
    merged, twice = [], False
    for name, item in their.items():
        if name in my:
            here = _pick(was.get(name), my[name], item)
            merged += here
            twice = twice or len(here) > 1
        elif name not in was or item != was[name]:
            merged.append(item)  # new, or changed while it was taken out
    added = (name for name in my if name not in their and (name not in was or my[name] != was[name]))
    return (*merged, *(my[name] for name in added)), twice


def _pick(base: Any, mine: Any, theirs: Any) -> list[Any]:
    if mine in (base, theirs):
        return [theirs]
    return [mine] if theirs == base else [theirs, mine]


def _keyed(items: Iterable[Any], key: Callable[[Any], Hashable]) -> dict[tuple[Hashable, int], Any]:
    """The items by their keys; the second of the same key is told from the first."""
    found: dict[tuple[Hashable, int], Any] = {}
    for item in items:
        number = 0
        while (key(item), number) in found:
            number += 1
        found[(key(item), number)] = item
    return found
