"""A scope: what is agreed on before the work, version by version, and the assumptions that live on after it.

A document is plain values; it travels as JSON, and everything that somebody typed into it is kept as typed.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import Any

DRAFT, REVIEW, LOCKED = "draft", "review", "locked"
UNTESTED, HOLDS, FALSE = "untested", "holds", "false"
# What a kind is called in the database, and to people.
KINDS: dict[str, str] = {
    "exists": "data exists",
    "access": "data access",
    "matches": "data matches",
    "labels": "labels",
    "interface": "inputs/outputs",
    "integration": "integration",
    "people": "people",
    "other": "other",
}
EXISTS: dict[str, str] = {"": "not said", "yes": "yes", "no": "no", "unsure": "nobody has looked"}


@dataclass(frozen=True)
class Source:
    """One data source as somebody described it. `exists` is a key of EXISTS, `checked_by` says who looked."""

    what: str
    where: str = ""
    exists: str = ""
    checked_by: str = ""
    why: str = ""


@dataclass(frozen=True)
class AssumptionText:
    """One assumption as a scope states it. `id` (`a1`, `a2`) follows it through the versions; None until it is saved.

    `kind` is a key of KINDS, `owner` a Slack user id.
    """

    text: str
    kind: str = "other"
    critical: bool = False
    owner: str | None = None
    check_at: date | None = None
    how: str = ""
    id: str | None = None


@dataclass(frozen=True)
class Document:
    """What a scope says, as typed; `problem` also says whose it is.

    `appetite_weeks` is the text of its field; `criteria` are kill criteria as lines, each best ending `by DATE` or
    `by week N`; `owners` and `reviewer` are Slack user ids.
    """

    title: str = ""
    problem: str = ""
    hypothesis: str = ""
    inputs: str = ""
    outputs: str = ""
    sources: tuple[Source, ...] = ()
    no_data: str = ""
    assumptions: tuple[AssumptionText, ...] = ()
    success: str = ""
    metric: str = ""
    tent: str = ""
    demo: str = ""
    appetite_weeks: str = "4"
    criteria: tuple[str, ...] = ()
    out_of_scope: str = ""
    owners: tuple[str, ...] = ()
    reviewer: str = ""


@dataclass(frozen=True)
class Scope:
    """One version of a bet's scope. `revision` counts its saved drafts from 1; a locked one stays as it is."""

    id: int
    bet_id: int
    version: int
    status: str
    doc: Document
    revision: int
    author: str
    reason: str
    requested_by: str | None
    requested_at: datetime | None
    signed_off_by: str | None
    locked_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Assumption:
    """An assumption of a locked scope, from version `since_version` on until version `gone_version`, if any.

    `state` is `untested`, `holds` or `false`; `answered_*` tell of the last answer, also of one that left it open.
    """

    id: int
    bet_id: int
    ref: str
    since_version: int
    gone_version: int | None
    position: int
    text: str
    kind: str
    critical: bool
    how: str
    owner: str | None
    check_at: date | None
    state: str
    answered_by: str | None
    answered_at: datetime | None


_MENTION = re.compile(r"<@([A-Z0-9]{2,})(?:\|[^>]*)?>")
TEXTS = tuple(one.name for one in fields(Document) if one.type in ("str", str))
LISTS = tuple(one.name for one in fields(Document) if one.name not in TEXTS)


def says(item: Source | AssumptionText | str) -> str:
    """What one of a list says in a line: what a data source is, what is assumed, a kill criterion, a person."""
    return item if isinstance(item, str) else item.what if isinstance(item, Source) else item.text


def to_plain(doc: Document) -> dict[str, Any]:
    """The document as JSON has it."""
    plain = asdict(doc)
    for one in plain["assumptions"]:
        one["check_at"] = one["check_at"].isoformat() if one["check_at"] else None
    return plain | {name: list(plain[name]) for name in LISTS}


def from_plain(values: Mapping[str, Any]) -> Document:
    """What `to_plain` gave; a missing field has its default. A ValueError for what no document can hold."""
    found: dict[str, Any] = {name: _text(values[name]) for name in TEXTS if values.get(name) is not None}
    found |= {name: tuple(map(_text, values[name])) for name in ("criteria", "owners") if values.get(name)}
    found["sources"] = tuple(_source(one) for one in values.get("sources") or ())
    found["assumptions"] = tuple(_assumption(one) for one in values.get("assumptions") or ())
    return Document(**found)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")
    return value


def _source(values: Mapping[str, Any]) -> Source:
    return Source(**{one.name: _text(values.get(one.name) or "") for one in fields(Source)})


def _assumption(values: Mapping[str, Any]) -> AssumptionText:
    kind, day = values.get("kind") or "other", values.get("check_at")
    return AssumptionText(
        text=_text(values["text"]),
        kind=kind if kind in KINDS else "other",
        critical=values.get("critical") is True,
        owner=values.get("owner") and _text(values["owner"]),
        check_at=date.fromisoformat(day) if day else None,
        how=_text(values.get("how") or ""),
        id=values.get("id") and _text(values["id"]),
    )


def people_of(doc: Document, beside: str = "") -> set[str]:
    """The Slack user ids of everybody whom a scope, or the text `beside` it, names."""
    named = {*doc.owners, doc.reviewer, *(one.owner or "" for one in doc.assumptions)}
    return (named | set(_MENTION.findall(json.dumps([to_plain(doc), beside])))) - {""}


def named(text: str, names: Mapping[str, str]) -> str:
    """The text in which `<@U1>` is `@Ana`, which calls nobody."""
    return _MENTION.sub(lambda found: "@" + names.get(found[1], found[1]), text)


def with_names(doc: Document, names: Mapping[str, str]) -> Document:
    """The document as people read it, with their names in its words."""

    def read(value: Any) -> Any:
        if isinstance(value, str):
            return named(value, names)
        if isinstance(value, dict):
            return {name: read(one) for name, one in value.items()}
        return [read(one) for one in value] if isinstance(value, list) else value

    return from_plain(read(to_plain(doc)))


def number_assumptions(doc: Document, taken: Iterable[str] = ()) -> Document:
    """The same with an id for every assumption that has none, or that shares its own with an earlier one.

    `taken` are those that the bet's other versions use.
    """
    used = {*taken, *(one.id for one in doc.assumptions if one.id)}
    numbers = (f"a{number}" for number in range(1, len(used) + len(doc.assumptions) + 2))
    free = (name for name in numbers if name not in used)
    seen: set[str] = set()
    kept = []
    for one in doc.assumptions:
        name = one.id if one.id and one.id not in seen else next(free)
        seen.add(name)
        kept.append(replace(one, id=name))
    return replace(doc, assumptions=tuple(kept))
