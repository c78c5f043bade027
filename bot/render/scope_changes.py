"""What a new version of a scope changes, in the bet's thread: old and new, with what stayed only as far as it helps."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.scope_diff import GONE, NEW, SAME, FieldDiff
from bot.domain.scoping import EXISTS, KINDS, TEXTS
from bot.render import kit
from bot.render.scope_steps import LABELS, LISTS
from bot.render.scopes import ROOM, ScopeFacts

MOST = 14
_MARKS = {GONE: "~", NEW: "*"}
# A change of a text up to this length is shown within it.
_SHORT = 600
# How much of a stretch of words that stayed is shown beside a change.
_AROUND = 40


def changed_message(facts: ScopeFacts, diffs: Sequence[FieldDiff]) -> dict[str, Any]:
    """The change with its reason: in a short text the words that went are struck and new ones bold; else `-` marks what
    stood there before, `+` what stands there now."""
    scope, by = facts.scope, facts.name(facts.scope.author)
    text = f"The scope of {facts.bet.key} has changed: version {scope.version} by {by}."
    blocks = [kit.section(f"*{text}*"), kit.section(f"*Reason*\n{kit.esc(facts.reason, 1_000)}")]
    room = min(kit.TEXT, max(200, ROOM // max(len(diffs), 1)))
    for diff in diffs[:MOST]:
        blocks.append(kit.section(f"*{(LABELS | LISTS).get(diff.field, diff.field)}*"))
        within = marked_words(diff)
        whole = kit.typed("\n".join(diff_lines(diff, facts.names)), room)
        blocks.append(kit.section(within) if within and len(within) <= min(_SHORT, room) else whole)
        blocks += _happened(facts) if diff.field == "criteria" else []
    if len(diffs) > MOST:
        blocks.append(kit.context(f"and {len(diffs) - MOST} more parts: the document above has them."))
    if not diffs:
        blocks.append(kit.section("Nothing that it says is different."))
    return kit.message(f"{text} Reason: {kit.esc_line(facts.reason, 300)}", blocks)


def _happened(facts: ScopeFacts) -> list[kit.Block]:
    """Beside changed kill criteria those that no change undoes."""
    found = [one.text for one in facts.bet.kill_criteria if one.state == "failed"]
    told = "\n".join(f"“{kit.esc_line(one, 300)}” *happened*, so it stays as it was." for one in found[:5])
    return [kit.context(told)] if told else []


def marked_words(diff: FieldDiff) -> str:
    """A text's change within its lines, as mrkdwn: ~gone~ and *new* words; empty where nothing stayed to stand between,
    and for what is no text of words."""
    if diff.field not in TEXTS or diff.field == "reviewer" or all(op != SAME for op, _ in diff.parts):
        return ""
    shown, last = "", len(diff.parts) - 1
    for place, (op, text) in enumerate(diff.parts):
        said = kit.esc(_ends(text, not place, place == last) if op == SAME else text)
        if op in _MARKS:
            # A mark needs a blank before it and none within; Slack ends it with the line.
            said = re.sub(r"\S(?:.*\S)?", rf"{_MARKS[op]}\g<0>{_MARKS[op]}", said.replace("*", "∗").replace("~", "∼"))
        shown += said if not shown or shown[-1].isspace() else f" {said}"
    return shown.strip()


def diff_lines(diff: FieldDiff, names: Mapping[str, str]) -> list[str]:
    """The lines of one field's change, as typed; people by their `names`."""
    if diff.field in TEXTS:
        before, after = (_side(diff, without) for without in (NEW, GONE))
        return [*_marked("- ", names.get(before, before)), *_marked("+ ", names.get(after, after))]
    lines = []
    for old, new in diff.pairs():
        lines += [] if old is None else _marked("- ", _item(old, names))
        lines += [] if new is None else _marked("+ ", _item(new, names))
    return lines


def _side(diff: FieldDiff, without: str) -> str:
    """How the text reads on one side of the change, with only the ends of what stayed."""
    parts = [part for part in diff.parts if part[0] != without]
    return "".join(_ends(text, not place, place == len(parts) - 1) if op == SAME else text
                   for place, (op, text) in enumerate(parts))  # fmt: skip


def _ends(text: str, first: bool, last: bool) -> str:
    if len(text) <= 2 * _AROUND + 1:
        return text
    before, after = "" if first else text[:_AROUND], "" if last else text[-_AROUND:]
    return f"{before}…{after}"


def _marked(mark: str, text: str) -> list[str]:
    return [mark + line for line in text.splitlines() if line.strip()]


def _item(item: Any, names: Mapping[str, str]) -> str:
    """One item of a list as text: a kill criterion, a person, a data source or an assumption."""
    if not isinstance(item, dict):
        return names.get(str(item), str(item))
    if "what" in item:
        exists = f"exists: {EXISTS.get(item['exists'], item['exists'])}"
        said = [item["what"], item["where"], exists, item["checked_by"], item["why"]]
        return " · ".join(part for part in said if part)
    said = [item["text"], KINDS.get(item["kind"], item["kind"]), "critical" if item["critical"] else ""]
    said += [names.get(item["owner"], item["owner"]) if item["owner"] else ""]
    said += [f"check by {item['check_at']}" if item["check_at"] else "", item["how"]]
    return " · ".join(part for part in said if part)
