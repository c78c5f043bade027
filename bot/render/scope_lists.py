"""What a scope has several of: its data sources, assumptions and kill criteria, each in a line and in a form."""

import re
from collections.abc import Sequence
from typing import Any

from bot.domain.scoping import EXISTS, KINDS, AssumptionText, Source
from bot.domain.zones import describe_date
from bot.render import kit
from bot.render.ids import Act, Modal

STATES = {"holds": "verified", "false": "false", "untested": "open"}
# How many of each a form or a message shows, and how long each may be there.
MOST, LONGEST = 20, 300
_BECAUSE = re.compile(r"^\s*because\s+", re.IGNORECASE)
_DATE = re.compile(r"\s+by\s+(\d{4}-\d{2}-\d{2})\s*$", re.IGNORECASE | re.ASCII)


def source_line(source: Source, limit: int = LONGEST) -> str:
    """`what`, where it is, whether it exists, who checked, and why it is stored so."""
    parts = [f"*{kit.esc_line(source.what, limit)}*"]
    parts += [kit.esc_line(source.where, limit)] if source.where else []
    parts.append(f"exists: {EXISTS.get(source.exists, EXISTS[''])}")
    parts += [f"checked by {kit.esc_line(source.checked_by, 80)}"] if source.checked_by else []
    why = _BECAUSE.sub("", source.why)
    parts += [f"stored so because {kit.esc_line(why, limit)}"] if why else []
    return " · ".join(parts)


def assumption_line(one: AssumptionText, state: str = "untested", limit: int = LONGEST) -> str:
    """The text with its kind, whether it is critical, who checks it when and how, and how it stands."""
    parts = [f"*{kit.esc_line(one.text, limit)}*", KINDS.get(one.kind, one.kind)]
    parts += ["critical"] if one.critical else []
    parts += [f"<@{one.owner}>"] if one.owner else []
    parts += [f"check by {describe_date(one.check_at)}"] if one.check_at else []
    parts += [f"how: {kit.esc_line(one.how, limit)}"] if one.how else []
    return " · ".join([*parts, STATES.get(state, state)])


def split_criterion(line: str) -> tuple[str, str]:
    """A kill criterion as its form has it: the text, and the ISO date behind its last `by`, if there is one."""
    found = _DATE.search(line)
    return (line[: found.start()], found[1]) if found else (line, "")


def join_criterion(text: str, day: str) -> str:
    """The line of a kill criterion; without a date the text says by when."""
    line = " ".join(text.split())
    return f"{line} by {day}" if day and not line.endswith(f"by {day}") else line


def source_rows(sources: Sequence[Source]) -> list[kit.Block]:
    """The data sources of a form, each with its *Change*."""
    return _rows("source", [source_line(one) for one in sources])


def assumption_rows(assumptions: Sequence[AssumptionText]) -> list[kit.Block]:
    """The assumptions of a form, each with its *Change*."""
    return _rows("assumption", [assumption_line(one) for one in assumptions])


def criterion_rows(criteria: Sequence[str], happened: Sequence[str] = ()) -> list[kit.Block]:
    """The kill criteria of a form, each with its *Change*; those that `happened` say that they stay."""
    stays = dict.fromkeys(happened, " · happened, so it stays: add the new one beside it")
    return _rows("criterion", [f"*{kit.esc_line(one, LONGEST)}*{stays.get(one, '')}" for one in criteria])


def _rows(kind: str, lines: Sequence[str]) -> list[kit.Block]:
    rows = [
        kit.section(
            line, kit.button("Change", Act.SCOPE_ITEM, {"kind": kind, "place": place}, suffix=f"{kind}-{place}")
        )
        for place, line in enumerate(lines[:MOST])
    ]
    more = len(lines) - MOST
    return [*rows, kit.context(f"and {more} more")] if more > 0 else rows


def source_modal(source: Source | None, private: dict[str, Any]) -> dict[str, Any]:
    """One data source."""
    one = source or Source(what="")
    exists = kit.select([(key, label) for key, label in EXISTS.items() if key], one.exists or None)
    what = kit.text_input(one.what, max_length=500)
    blocks = [
        kit.field("what", "What", what, hint="Such as: all support tickets of 2025."),
        kit.field("where", "Where", kit.text_input(one.where, max_length=500), optional=True),
        _pick("exists", "Does it exist?", exists, optional=True),
        kit.field("checked_by", "Who checked", kit.text_input(one.checked_by, max_length=200), optional=True),
        kit.field("why", "Why is it stored the way it is?", kit.text_input(one.why, multiline=True), optional=True),
    ]
    return _item_modal(Modal.SCOPE_SOURCE, "Data source", blocks, private, source is not None)


def assumption_modal(found: AssumptionText | None, private: dict[str, Any]) -> dict[str, Any]:
    """One assumption."""
    one = found or AssumptionText(text="")
    day = one.check_at.isoformat() if one.check_at else None
    critical = kit.check_input("the bet fails if it is false", checked=one.critical)
    blocks = [
        kit.field("text", "Assumption", kit.text_input(one.text, multiline=True), hint="What has to be true?"),
        _pick("kind", "Kind", kit.select(list(KINDS.items()), one.kind)),
        _pick("critical", "Critical", critical, optional=True),
        _pick("owner", "Owner", kit.person_input(one.owner or ""), optional=True),
        _pick("check_at", "Check date", kit.date_input(day), optional=True),
        kit.field("how", "How to check it", kit.text_input(one.how, multiline=True), optional=True),
    ]
    return _item_modal(Modal.SCOPE_ASSUMPTION, "Assumption", blocks, private, found is not None)


def criterion_modal(line: str | None, private: dict[str, Any]) -> dict[str, Any]:
    """One kill criterion with its date."""
    text, day = split_criterion(line or "")
    hint = "If it holds on that day, the team stops. A week will do as well: end the text with 'by week 3'."
    blocks = [
        kit.field("text", "Kill criterion", kit.text_input(text, max_length=500), hint=hint),
        _pick("due", "Date", kit.date_input(day or None), optional=True),
    ]
    return _item_modal(Modal.SCOPE_CRITERION, "Kill criterion", blocks, private, line is not None)


def _pick(name: str, label: str, element: kit.Block, *, optional: bool = False) -> kit.Block:
    """A choice, saved as soon as it is made."""
    field = kit.field(name, label, element | {"action_id": f"{Act.SCOPE_ITEM_PICK}:{name}"}, optional=optional)
    return field | {"dispatch_action": True}


def _item_modal(
    callback: Modal, title: str, blocks: list[kit.Block], private: dict[str, Any], known: bool
) -> dict[str, Any]:
    submit = "Save" if known else "Add"
    # Slack closes it without sending what is typed: so no label may promise to go back with the words.
    unsaved = f"*{submit}* keeps it, and so does every choice. What you typed since then goes when you close this."
    if known:
        blocks = [*blocks, kit.field("remove", "Remove", kit.check_input("take it out of the scope"), optional=True)]
    return kit.modal(callback, title, [kit.context(unsaved), *blocks], submit=submit, close="Close", private=private)
