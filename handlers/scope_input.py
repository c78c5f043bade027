"""What is typed in a window of a scope, as a document: its steps, and the views of what comes one by one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain.errors import Refusal
from bot.domain.scoping import AssumptionText, Document, Source
from bot.render.ids import Modal
from bot.render.scope_lists import join_criterion
from bot.render.scope_steps import LABELS
from handlers import forms
from handlers.forms import Form

# What comes one by one: its list in the document, and its form.
KINDS = {
    "source": ("sources", Modal.SCOPE_SOURCE),
    "assumption": ("assumptions", Modal.SCOPE_ASSUMPTION),
    "criterion": ("criteria", Modal.SCOPE_CRITERION),
}


def read_step(view: dict[str, Any]) -> dict[str, Any]:
    """The fields of the document that stand in this window, by name; what has no field here is left out."""
    typed = {name.partition(":")[0]: value for name, value in forms.values(view).items()}
    known = {name: typed[name] for name in LABELS if name in typed}
    return known | ({"owners": tuple(known["owners"])} if "owners" in known else {})


def read_item(kind: str, form: Form, before: Any = None) -> Any:
    """A data source, an assumption or a kill criterion as its form has it; `before` is the one that is changed."""
    if kind == "source":
        return Source(*(str(form.get(name) or "").strip() for name in ("what", "where", "exists", "checked_by", "why")))
    text = str(form.get("text") or "").strip()
    if kind == "criterion":
        return join_criterion(text, str(form.get("due") or ""))
    day = str(form.get("check_at") or "")
    return AssumptionText(
        text=text,
        kind=str(form.get("kind") or "other"),
        critical=bool(form.get("critical")),
        owner=str(form.get("owner") or "") or None,
        check_at=date.fromisoformat(day) if day else None,
        how=str(form.get("how") or "").strip(),
        id=before.id if isinstance(before, AssumptionText) else None,
    )


def put_item(doc: Document, kind: str, place: Any, form: Form | None) -> Document:
    """The document with one of a list as its form has it: that at `place`, else one more; without it for no form."""
    name, _ = KINDS[kind]
    items = list(getattr(doc, name))
    here = place if isinstance(place, int) and place < len(items) else len(items)
    before = items[here] if here < len(items) else None
    items[here : here + 1] = [] if form is None else [read_item(kind, form, before)]
    changed: dict[str, Any] = {name: tuple(items)}
    return replace(doc, **changed)


@contextmanager
def at_fields(view: dict[str, Any], names: dict[str, str] | None = None) -> Iterator[None]:
    """A refusal names the blocks of this window; `names` says which of its fields answers for one of the document."""
    try:
        yield
    except Refusal as refusal:
        blocks = {str(block["block_id"]).partition(":")[0]: str(block["block_id"]) for block in view["blocks"]
                  if block["type"] == "input"}  # fmt: skip
        told = {(names or {}).get(name, name): sentence for name, sentence in refusal.fields.items()}
        found = {blocks[name]: sentence for name, sentence in told.items() if name in blocks}
        raise Refusal(next(iter(found.values()), refusal.message), fields=found) from None
