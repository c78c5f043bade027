"""The forms of a scope: *Scope 1/3* to *3/3*, which replace one another in one window.

A field's block is called by its name in the document, and behind a colon by the `mark`: a new mark makes Slack forget
what stood in the window, so that it shows what somebody else has written meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.records import Bet
from bot.domain.scope_questions import open_questions
from bot.domain.scoping import Document
from bot.render import kit
from bot.render.bet_forms import MAX_TITLE
from bot.render.bets import heading
from bot.render.graveyard import Grave, similar_blocks
from bot.render.ids import Act, Modal
from bot.render.scope_lists import assumption_rows, criterion_rows, source_rows
from bot.render.scope_steps import LABELS

STEPS = (Modal.SCOPE_1, Modal.SCOPE_2, Modal.SCOPE_3)
_UNSAVED = "Saved at every button, choice and step. What you typed since then goes when you close this window."
_IN_REVIEW = "*In review.* Saving a change takes it back from review, and its reviewer must be asked anew."
_HINTS = {
    "reviewer": "Needed to lock. Somebody technical who does not own it: they sign off.",
    "owners": "Needed to lock. Whom I ask every week.",
    "appetite_weeks": "Needed to lock. How long to spend before deciding again, 1 to 26.",
    "inputs": "What goes in: one example says more than a schema.",
    "outputs": "What comes out, and who or what takes it.",
    "no_data": "Only if it needs no data source: why?",
    "tent": "The smallest thing that tests the idea.",
    "demo": "What will people look at and play with?",
    "success": "Needed to lock. In words, not in numbers.",
    "metric": "Only if a number helps: people judge.",
}


@dataclass(frozen=True)
class Clash:
    """Somebody else changed the same field while this form was open: what this person typed, and whether the field
    now holds both texts."""

    mine: str
    both: bool


@dataclass(frozen=True)
class Draft:
    """A scope as its forms show it to one person.

    `key` is missing before the first save. `private` comes back with every press; `clashes` are the fields into
    which others have written meanwhile too; `similar` is past work that resembles it, in the channel `here`;
    `quoted` is the message from which the form was opened; `happened` are kill criteria that stay, since they did.
    """

    doc: Document
    private: Mapping[str, Any]
    key: str = ""
    mark: int = 0
    clashes: Mapping[str, Clash] = field(default_factory=dict)
    similar: Sequence[Grave] = ()
    here: str = ""
    note: str = ""
    quoted: str = ""
    in_review: bool = False
    happened: Sequence[str] = ()

    def name(self, name: str) -> str:
        """What the block of a field is called in this window."""
        return f"{name}:{self.mark}" if self.mark else name


def scope_modal(draft: Draft, step: int) -> dict[str, Any]:
    """Step 1 to 3 of a scope's draft."""
    blocks = [kit.context(f"*{draft.key}* " + _UNSAVED if draft.key else _UNSAVED)]
    blocks += [kit.section(_IN_REVIEW)] if draft.in_review else []
    if draft.quoted:
        blocks += [kit.context("You opened it from this message:"), kit.typed(draft.quoted)]
    blocks += (_basics, _data, _stop)[step - 1](draft)
    if draft.note:  # beside the button that was pressed: the top may be out of sight
        blocks.append(kit.section(draft.note))
    buttons = [kit.button("Back", Act.SCOPE_BACK)] if step > 1 else []
    blocks.append(kit.actions(*buttons, kit.button("Save draft", Act.SCOPE_SAVE)))
    private = {**draft.private, "step": step, "mark": draft.mark}
    title = f"Scope {step}/3"
    return kit.modal(STEPS[step - 1], title, blocks, submit="Next", close="Close", private=private)


def _basics(draft: Draft) -> list[kit.Block]:
    doc = draft.doc
    weeks = kit.number_input(_number(doc.appetite_weeks), low="1", high="26")
    return [
        *_field(draft, "title", kit.text_input(doc.title, max_length=MAX_TITLE), optional=False),
        *_text(draft, "problem", optional=False),
        *_text(draft, "hypothesis"),
        *_pick(draft, "owners", kit.people_input(doc.owners), optional=False),
        *_pick(draft, "reviewer", kit.person_input(doc.reviewer)),
        *_field(draft, "appetite_weeks", weeks, optional=False),
    ]


def _data(draft: Draft) -> list[kit.Block]:
    doc = draft.doc
    return [
        *similar_blocks(draft.similar, draft.here),
        *_text(draft, "inputs"),
        *_text(draft, "outputs"),
        kit.divider(),
        kit.section("*Data sources*" if doc.sources else "*Data sources*: none yet."),
        *source_rows(doc.sources),
        *_twice(draft, "sources"),
        *_questions(doc, "sources"),
        kit.actions(kit.button("Add data source", Act.SCOPE_ADD, suffix="source")),
        *([] if doc.sources and not doc.no_data else _text(draft, "no_data")),
        kit.section(
            "*Assumptions*" if doc.assumptions else "*Assumptions*: none yet. Most bets die of one about data."
        ),
        *assumption_rows(doc.assumptions),
        *_twice(draft, "assumptions"),
        *_questions(doc, "assumptions"),
        kit.actions(kit.button("Add assumption", Act.SCOPE_ADD, suffix="assumption")),
    ]


def _questions(doc: Document, place: str) -> list[kit.Block]:
    """What scoping forgets to ask there, as long as nobody has answered it."""
    asked = open_questions(doc, place)
    return [kit.context("\n".join(["Scoping forgets to ask:", *(f"• {one}" for one in asked)]))] if asked else []


def _stop(draft: Draft) -> list[kit.Block]:
    doc = draft.doc
    none = "*Kill criteria*: none yet. Without one with a date a scope cannot be locked."
    return [
        *_questions(doc, "success"),
        *_text(draft, "success"),
        kit.section("*Kill criteria*" if doc.criteria else none),
        *criterion_rows(doc.criteria, draft.happened),
        *_twice(draft, "criteria"),
        kit.actions(kit.button("Add kill criterion", Act.SCOPE_ADD, suffix="criterion")),
        # What a lock needs comes first: on a phone the rest is a long way down.
        *(block for name in ("metric", "tent", "demo", "out_of_scope") for block in _text(draft, name)),
    ]


def _twice(draft: Draft, name: str) -> list[kit.Block]:
    """Under a list, that one of it is there for two people."""
    clash = draft.clashes.get(name)
    if clash is None:
        return []
    yours = f" You wrote: {kit.esc_line(clash.mine, 500)}" if clash.mine else ""
    told = "Somebody else changed the same one meanwhile, or took it out: what each of you wrote stands above. "
    return [kit.section(f"{told}Change or remove what is not meant.{yours}")]


def _number(text: str) -> str:
    return text if text.isascii() and text.isdigit() else ""


def _text(draft: Draft, name: str, *, optional: bool = True) -> list[kit.Block]:
    text = getattr(draft.doc, name)
    if len(text) > kit.INPUT:
        long = f"*{LABELS[name]}* is longer than Slack's forms can hold ({len(text):,} characters) and stays as it is."
        return [kit.context(long)]
    return _field(draft, name, kit.text_input(text, multiline=True), optional=optional)


def _pick(draft: Draft, name: str, element: kit.Block, *, optional: bool = True) -> list[kit.Block]:
    """A choice of people, saved as soon as it is made."""
    first, *rest = _field(draft, name, element | {"action_id": f"{Act.SCOPE_PICK}:{name}"}, optional=optional)
    return [first | {"dispatch_action": True}, *rest]


def _field(draft: Draft, name: str, element: kit.Block, *, optional: bool = True) -> list[kit.Block]:
    """A field, and under it what this person typed where somebody else has written meanwhile."""
    block = kit.field(draft.name(name), LABELS[name], element, optional=optional, hint=_HINTS.get(name, ""))
    clash = draft.clashes.get(name)
    if clash is None:
        return [block]
    if clash.both:
        return [block, kit.context("Somebody else wrote here meanwhile: both texts stand above, make one of them.")]
    told = "Somebody else changed this meanwhile, and theirs stands above. You wrote:"
    return [block, kit.context(told), kit.typed(clash.mine)]


def saved_modal(draft: Draft, missing: Sequence[str]) -> dict[str, Any]:
    """After the third step: what is still missing, or the way to the sign-off."""
    blocks = [kit.section(f"*{draft.key} {kit.esc_line(draft.doc.title, 100)}* is saved. Its thread shows the scope.")]
    if missing:
        lines = "\n".join(f"• {kit.esc_line(line, 300)}" for line in missing[:20])
        blocks.append(kit.section(f"Before it can be signed off:\n{lines}"))
    buttons = [kit.button("Back", Act.SCOPE_BACK)]
    if not missing:
        blocks.append(kit.section("Nothing is missing. The technical reviewer can be asked now."))
        buttons.append(kit.button("Request sign-off", Act.SCOPE_ASK, style="primary"))
    private = {**draft.private, "step": 4, "mark": draft.mark}
    return kit.modal(Modal.NOTICE, "Scope", [*blocks, kit.actions(*buttons)], close="Close", private=private)


def change_modal(bet: Bet, private: dict[str, Any], reason: str = "") -> dict[str, Any]:
    """*Change scope*: why, before what."""
    blocks = [
        kit.section(f"*{heading(bet)}*\nThe locked version stays as it is; this begins the next one."),
        kit.field(
            "reason", "Reason", kit.text_input(reason, multiline=True), hint="The thread shows it with what changes."
        ),
    ]
    return kit.modal(Modal.SCOPE_CHANGE, "Change scope", blocks, submit="Next", private=private)
