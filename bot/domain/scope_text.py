"""A scope as a Markdown file: what people typed stays text, whatever marks it holds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.scoping import EXISTS, KINDS, AssumptionText, Document, Source, named

# What means something to CommonMark or its tables, and only where it does: `12:00`, `snake_case` and `2 * 3` stay.
_MARKS = re.compile(
    r"""\\(?=[!-/:-@\[-`{-~]|$)       # before another mark, or as a line break
    |[`\[\]|]
    |(?<!\ )\*|\*(?!\ )              # between blanks it is no emphasis
    |(?<![^\W_])_|_(?![^\W_])         # inside a word neither
    |~(?=.*~)|(?<=~)~
    |<(?=[A-Za-z/!?]|\S*>)
    |&(?=\#?\w+;)
    |^\#(?=\#{0,5}(?:\ |$))           # what would begin a heading, a quote, a list or an underline
    |(?<!\S)\#(?=\#*$)
    |^>
    |^[-+*](?=\ |$)
    |^[-=:](?=[-=: ]*$)""",
    re.VERBOSE | re.ASCII,
)
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?= |$)", re.ASCII)
# Directions could turn the rest of a line around; a NUL ends a file for many readers.
_CONTROLS = dict.fromkeys([0, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
NOT_SAID = "_Not said._"


@dataclass(frozen=True)
class Meta:
    """What stands around a scope's text: the bet's key, which version it is and how that stands, and people's names.

    `states` says of each assumption, by its id, how it stands now (`verified`, `false`, `open`); `earlier` of each kill
    criterion that was changed what it said before.
    """

    key: str
    version: int = 1
    status: str = "draft"
    reason: str = ""
    signed_off: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    earlier: Mapping[str, str] = field(default_factory=dict)


def markdown(doc: Document, meta: Meta) -> str:
    """The scope as Markdown (CommonMark with tables), ending in a line break."""
    parts = [f"# {meta.key} {_line(doc.title, meta) or 'Untitled'}", _head(doc, meta)]
    if meta.reason:
        parts += ["## Why this version", _block(meta.reason, meta)]
    for title, text in (
        ("Problem, and whose it is", doc.problem),
        ("Hypothesis", doc.hypothesis),
        ("Inputs", doc.inputs),
        ("Outputs", doc.outputs),
    ):
        parts += [f"## {title}", _block(text, meta)]
    no_data = [f"Uses no data: {_block(doc.no_data, meta)}"] if doc.no_data.strip() else []
    parts += ["## Data sources", *([*(_source(one, meta) for one in doc.sources), *no_data] or [NOT_SAID])]
    parts += ["## Assumptions", *([_assumption(one, meta) for one in doc.assumptions] or [NOT_SAID])]
    parts += ["## Success statement", _block(doc.success, meta)]
    parts += ["## Kill criteria", "\n".join(_criterion(line, meta) for line in doc.criteria) or NOT_SAID]
    for title, text in (
        ("Metric", doc.metric),
        ("The tent version", doc.tent),
        ("Demo plan", doc.demo),
        ("Out of scope", doc.out_of_scope),
    ):
        parts += [f"## {title}", _block(text, meta)]
    return "\n\n".join(parts) + "\n"


def _head(doc: Document, meta: Meta) -> str:
    weeks = _line(doc.appetite_weeks, meta) or "not said"
    lines = [
        f"Version {meta.version}, {meta.status}" + (f", {_line(meta.signed_off, meta)}" if meta.signed_off else "")
    ]
    lines.append("Owners: " + (", ".join(_name(user, meta) for user in doc.owners) or "not said"))
    lines.append("Technical reviewer: " + (_name(doc.reviewer, meta) if doc.reviewer else "not said"))
    return "\n".join(f"- {line}" for line in [*lines, f"Appetite: {weeks} weeks"])


def _source(one: Source, meta: Meta) -> str:
    rows = [f"- **{_line(one.what, meta)}**", f"  - Where: {_line(one.where, meta) or 'not said'}"]
    rows.append(f"  - Exists: {EXISTS.get(one.exists, 'not said')}")
    rows.append(f"  - Checked by: {_name(one.checked_by, meta) or 'nobody yet'}")
    return "\n".join([*rows, f"  - Why it is stored that way: {_line(one.why, meta) or 'not said'}"])


def _assumption(one: AssumptionText, meta: Meta) -> str:
    critical = ", critical" if one.critical else ""
    state = f" ({meta.states[one.id]})" if one.id and one.id in meta.states else ""
    rows = [f"- **{_line(one.text, meta)}**{state}", f"  - Kind: {KINDS.get(one.kind, 'other')}{critical}"]
    day = f", by {one.check_at.isoformat()}" if one.check_at else ""
    rows.append(f"  - Checked by: {_name(one.owner or '', meta) or 'nobody yet'}{day}")
    return "\n".join([*rows, f"  - How: {_line(one.how, meta) or 'not said'}"])


def _criterion(line: str, meta: Meta) -> str:
    before = f" (before: “{_line(meta.earlier[line], meta)}”)" if line in meta.earlier else ""
    return f"- {_line(line, meta)}{before}"


def _name(user: str, meta: Meta) -> str:
    return _line(meta.names.get(user, user), meta)


def _line(text: str, meta: Meta) -> str:
    return _escaped(" ".join(text.split()), meta)


def _block(text: str, meta: Meta) -> str:
    """Paragraphs as typed: each line break stays one."""
    paragraphs = re.split(r"\n\s*\n", text.strip().replace("\r\n", "\n"))
    lines = (re.split(r"\n", paragraph) for paragraph in paragraphs)
    return "\n\n".join("\\\n".join(_line(one, meta) for one in group) for group in lines) or NOT_SAID


def _escaped(text: str, meta: Meta) -> str:
    read = named(text.translate(_CONTROLS), meta.names)
    return _NUMBERED.sub(r"\1\\\2", _MARKS.sub(r"\\\g<0>", read))
