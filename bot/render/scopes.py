"""A scope in its bet's thread: the document with its buttons, and what is said at the sign-off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bot.domain.bets import is_over
from bot.domain.records import Bet
from bot.domain.scoping import Document, Scope, named, with_names
from bot.domain.zones import describe_date, local_date
from bot.render import kit
from bot.render.bets import heading, mentions
from bot.render.criteria import old_and_new
from bot.render.ids import Act
from bot.render.scope_lists import MOST, assumption_line, source_line
from bot.render.scope_steps import LABELS, LISTS

# All of a document's words in one message; Slack refuses somewhat above 11,000 characters.
ROOM = 8_000
_FEW = 3
# How long each part of a document that does not fit whole may be, and how many items of a list: the widest that fits.
_TIGHTER = ((1_800, 12), (1_200, 8), (800, 5))
# What a message shows that has the whole document as a file, and how long each text may be there.
_CORE, _SHORT = ("problem", "success", "appetite_weeks", "assumptions", "criteria"), 900


@dataclass(frozen=True)
class ScopeFacts:
    """A scope with what its message says beside: names of people, and how each assumption stands, by its place;
    `newest`: no later version has been begun; `earlier` is what its kill criteria said before they were changed, as
    people read it."""

    bet: Bet
    scope: Scope
    zone: str
    missing: Sequence[str] = ()
    states: Sequence[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    newest: bool = True
    earlier: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def doc(self) -> Document:
        """As people read it."""
        return with_names(self.scope.doc, self.names)

    @property
    def reason(self) -> str:
        """Why this version was begun, as people read it."""
        return named(self.scope.reason, self.names)

    def name(self, user: str | None) -> str:
        """A person's name, escaped."""
        return kit.esc_line(self.names.get(user or "", user or "somebody"), 80)


def scope_message(facts: ScopeFacts) -> dict[str, Any]:
    """The document as it stands, with what can be done about it now."""
    title = f"Scope of {heading(facts.bet, 100)}, version {facts.scope.version}"
    parts = _fitting(facts)
    blocks = [kit.header(f"Scope of {facts.bet.key}, version {facts.scope.version}"), kit.section(_status(facts))]
    if facts.reason:
        blocks.append(kit.section(f"*Why it is changed*\n{kit.esc(facts.reason, 600)}"))
    blocks += [kit.section(f"*{label}*\n{text}") for label, text in parts]
    if facts.scope.status != "locked" and not is_over(facts.bet.status):
        blocks += _missing(facts)
    blocks.append(kit.context("Comment by reply. `update:` or a pushpin keeps a reply in the bet's history."))
    return kit.message(f"{title}: {_word(facts)}", [*blocks, *_buttons(facts)])


def _word(facts: ScopeFacts) -> str:
    if facts.scope.status != "locked" and is_over(facts.bet.status):
        return f"not locked, and the bet is {facts.bet.status}"
    return {"draft": "a draft", "review": "waits for its sign-off", "locked": "locked"}.get(
        facts.scope.status, facts.scope.status
    )


def _status(facts: ScopeFacts) -> str:
    doc = facts.doc
    if facts.scope.status == "locked":
        when = f" on {describe_date(local_date(facts.scope.locked_at, facts.zone))}" if facts.scope.locked_at else ""
        return (
            f"*locked*{when}, signed off by {facts.name(facts.scope.signed_off_by)}. A change makes the next version."
        )
    if is_over(facts.bet.status):
        return f"*not locked*: {facts.bet.key} is {facts.bet.status}, so nobody signs this version off any more."
    if facts.scope.status == "review":
        who = f"<@{doc.reviewer}>" if doc.reviewer else "somebody technical who does not own it"
        return f"*in review*: {who}, please read it and sign it off. An edit makes it a draft again."
    return "*draft*: anybody in the team may edit it."


def _fitting(facts: ScopeFacts) -> list[tuple[str, str]]:
    """Label and mrkdwn of what is filled in, whole if that fits into one message, else the long parts cut alike."""
    for room, items in ((kit.TEXT, MOST), *_TIGHTER):
        parts = _labelled(_parts(facts, room, items))
        if sum(len(text) for _, text in parts) <= ROOM and all(len(text) < kit.TEXT - 200 for _, text in parts):
            return parts
    return _labelled(_parts(facts, max(250, ROOM // max(len(parts), 1)), _FEW))


def _labelled(parts: Sequence[tuple[str, str, str]]) -> list[tuple[str, str]]:
    return [(label, text) for _, label, text in parts]


def _parts(facts: ScopeFacts, room: int, items: int) -> list[tuple[str, str, str]]:
    """(field, label, mrkdwn) in the order of the forms: each text at most `room` long, of each list at most so many
    `items`, which share that room; as many as a list may have are whole."""
    doc = facts.doc

    def each(listed: Sequence[Any]) -> int:
        return room if items == MOST else max(40, room // (3 * max(1, min(len(listed), items))))

    states = [*facts.states, *["untested"] * len(doc.assumptions)]
    lists = {
        "sources": [source_line(one, each(doc.sources)) for one in doc.sources],
        "assumptions": [
            assumption_line(one, state, each(doc.assumptions))
            for one, state in zip(doc.assumptions, states, strict=False)
        ],
        "criteria": [old_and_new(one, facts.earlier, 2 * each(doc.criteria)) for one in doc.criteria],
    }
    made = _made(doc) | {name: _lines(lines, items) for name, lines in lists.items()}
    texts = {name: made[name] if name in made else kit.esc(getattr(doc, name), room) for name in _ORDER}
    return [(name, (LABELS | LISTS)[name], text) for name, text in texts.items() if text.strip()]


def _made(doc: Document) -> dict[str, str]:
    weeks = f"{kit.esc_line(doc.appetite_weeks, 20)} {'week' if doc.appetite_weeks == '1' else 'weeks'}"
    return {
        "owners": mentions(doc.owners),
        "reviewer": f"<@{doc.reviewer}>" if doc.reviewer else "",
        "appetite_weeks": weeks if doc.appetite_weeks.strip() else "",
    }


def _lines(lines: Sequence[str], most: int) -> str:
    more = [f"and {len(lines) - most} more: the Markdown has all"] if len(lines) > most else []
    return "\n".join([*(f"• {line}" for line in lines[:most]), *more])


_ORDER = (
    "title", "problem", "hypothesis", "owners", "reviewer", "appetite_weeks", "inputs", "outputs", "sources", "no_data",
    "assumptions", "success", "metric", "tent", "demo", "criteria", "out_of_scope",
)  # fmt: skip


def _missing(facts: ScopeFacts) -> list[kit.Block]:
    if not facts.missing:
        return []
    lines = "\n".join(f"• {kit.esc_line(line, 300)}" for line in facts.missing[:20])
    return [kit.section(f"*Still missing before the sign-off*\n{lines}")]


def _buttons(facts: ScopeFacts) -> list[kit.Block]:
    """What fits the state, for whoever has the right when they press."""
    value = {"bet": facts.bet.id, "scope": facts.scope.id, "revision": facts.scope.revision}
    start = facts.bet.status in ("idea", "scoped")
    if is_over(facts.bet.status) or not facts.newest:
        return []
    if facts.scope.status == "locked":
        buttons = [kit.button("Change scope", Act.SCOPE_CHANGE, value)]
        first = [kit.button("Start", Act.DO, value, suffix="start", style="primary")] if start else []
        return [kit.actions(*first, *buttons)]
    edit = kit.button("Scope it", Act.DO, value, suffix="scope")
    drop = [_drop_button(value)] if facts.scope.version > 1 else []
    if facts.scope.status == "review":
        sign = kit.button("Sign off", Act.SCOPE_SIGN, value, style="primary")
        return [kit.actions(sign, edit, *drop)]
    return [kit.actions(edit, kit.button("Request sign-off", Act.SCOPE_ASK, value, style="primary"), *drop)]


def _drop_button(value: dict[str, Any]) -> kit.Block:
    told = "The locked version holds on; history keeps what this one would have changed."
    confirm = {"title": kit.plain("Drop this change?", 100), "text": kit.plain(told, 300)}
    confirm |= {"confirm": kit.plain("Drop change", 30), "deny": kit.plain("Cancel", 30)}
    return kit.button("Drop change", Act.SCOPE_DROP, value) | {"confirm": confirm}


def dropped_message(bet: Bet, scope: Scope, by: str) -> dict[str, Any]:
    """In the place of the document of a change that was given up."""
    which = f"Version {scope.version} of the scope of {bet.key}"
    return kit.answer(f"{which} was dropped by {kit.esc_line(by, 80)}: the one before holds.")


def asked_message(facts: ScopeFacts) -> dict[str, Any]:
    """In the thread, to the technical reviewer: the document above waits for them."""
    by = facts.name(facts.scope.requested_by)
    text = f"{_reviewer(facts)}{by} asks you to read the scope of {facts.bet.key} above and to sign it off."
    return kit.message(text, [kit.section(text), _whole(facts), *_buttons(facts)])


def answered_message(facts: ScopeFacts, changed_by: str = "") -> dict[str, Any]:
    """In the place of that request once it is over: somebody (a name) changed what was to be read, it is signed off, or
    its bet has ended."""
    key, scope = facts.bet.key, facts.scope
    if changed_by:
        text = (
            f"{_reviewer(facts)}{kit.esc_line(changed_by, 80)} changed the scope of {key} meanwhile, so it is a draft "
        )
        text += "again: wait until you are asked anew."
    elif scope.status == "locked":
        by = facts.name(scope.signed_off_by)
        text = f"{by} read version {scope.version} of the scope of {key} and signed it off."
    else:
        text = f"{key} is {facts.bet.status}, so its scope needs no sign-off any more."
    return kit.message(text, [kit.section(text)])


def _reviewer(facts: ScopeFacts) -> str:
    return f"<@{facts.doc.reviewer}>: " if facts.doc.reviewer else ""


def passed_message(bet: Bet, scope: Scope, sentence: str) -> dict[str, Any]:
    """In the thread, to the author and the reviewer: why it cannot be signed off any more, and what to do."""
    who = mentions(tuple(dict.fromkeys((scope.requested_by or scope.author, scope.author, scope.doc.reviewer))))
    told = kit.esc_line(sentence[:1].lower() + sentence[1:].rstrip("."), 300)
    return kit.answer(f"{who}: {told} (*Scope it*, step 3 of {bet.key}), then request the sign-off again.")


def file_name(facts: ScopeFacts) -> str:
    """What the Markdown file of a version is called."""
    draft = "" if facts.scope.status == "locked" else "-draft"
    return f"{facts.bet.key}-scope-v{facts.scope.version}{draft}.md"


def _whole(facts: ScopeFacts) -> kit.Block:
    return kit.context(f"All of it stands in `{file_name(facts)}`, which is added to this message.")


def locked_message(facts: ScopeFacts) -> dict[str, Any]:
    """In the thread, once a version is locked: who signed it off, and its core; all of it is in the file."""
    by = facts.name(facts.scope.signed_off_by)
    text = f"The scope of {facts.bet.key} is locked: version {facts.scope.version}, signed off by {by}."
    core = [(label, said) for name, label, said in _parts(facts, _SHORT, _FEW) if name in _CORE]
    blocks = [kit.section(f"*{text}*"), *(kit.section(f"*{label}*\n{said}") for label, said in core)]
    return kit.message(text, [*blocks, _whole(facts), *_buttons(facts)])


def scope_line(bet: Bet, what: str) -> str:
    """What was done about a scope, in one line."""
    done = {
        "draft": f"The scope of {heading(bet)} is saved: its thread shows it.",
        "ask": f"The sign-off of {heading(bet)} is requested: its thread says so.",
        "sign": f"The scope of {heading(bet)} is signed off and locked.",
        "drop": f"The change of the scope of {heading(bet)} is dropped: the locked version holds.",
    }
    return done[what]
