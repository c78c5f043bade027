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
# What is shown and told item by item.
ITEMS = ("sources", "assumptions", "criteria")


@dataclass(frozen=True)
class Conflict:
    """Two people changed the same field at once. `mine` came later; `kept` says whether the merged text holds both.

    Of a list, `mine` and `theirs` are the items on which they clash; one of the two is missing where it was taken out.
    """

    field: str
    mine: Any
    theirs: Any
    kept: bool


def merge(base: Document, mine: Document, theirs: Document) -> tuple[Document, tuple[Conflict, ...]]:
    """What two people made of the same `base`, field by field: `theirs` is saved already, `mine` comes now.

    A field that one of them changed is as that one has it. Of a text that both changed, both stand one below the other
    where there is room; else `theirs` stays, and the conflict alone holds `mine`. In lists each item counts for itself:
    one that both changed is there twice, and one that was changed by one and taken out by the other stays.
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
        merged, clashes = _merge_items(base, mine, theirs, _KEYS[name])
        my, their = (tuple(side[place] for side in clashes if side[place] is not None) for place in (0, 1))
        return merged, Conflict(name, my, their, True) if clashes else None
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
) -> tuple[tuple[Any, ...], list[tuple[Any, Any]]]:
    """The items of both, and as (mine, theirs) those that one changed and the other too, or took out (then None)."""
    was, my, their = _keyed(base, key), _keyed(mine, key), _keyed(theirs, key)
    merged, clashes = [], []
    for name, item in their.items():
        if name in my:
            here = _pick(was.get(name), my[name], item)
            merged += here
            clashes += [(my[name], item)] if len(here) > 1 else []
        elif name not in was or item != was[name]:
            merged.append(item)  # new, or changed while it was taken out
            clashes += [(None, item)] if name in was else []
    added = [name for name in my if name not in their and (name not in was or my[name] != was[name])]
    clashes += [(my[name], None) for name in added if name in was]
    if any(name not in my and name not in their for name in was):  # what has other words has another key
        new = [item for name, item in their.items() if name not in was and name not in my]
        clashes += list(zip((my[name] for name in added if name not in was), new, strict=False))
    return (*merged, *(my[name] for name in added)), clashes


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
