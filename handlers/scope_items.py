"""Listeners for what a scope has several of: data sources, assumptions and kill criteria, one by one."""

from typing import Any

from slack_bolt import Ack
from sqlalchemy import Connection

from bot.domain.scoping import Document
from bot.render.ids import Act, Modal
from bot.render.kit import notice_modal
from bot.render.scope_forms import scope_modal
from bot.render.scope_lists import assumption_modal, criterion_modal, source_modal
from bot.runtime import Bot
from bot.store.scopes import get_draft, get_scope_or_none
from handlers import context, forms
from handlers.routing import Routes
from handlers.scope_input import KINDS, at_fields, put_item
from handlers.scope_saving import refuse_wrong, save, save_typed

ITEM_MODALS: dict[str, Any] = {"source": source_modal, "assumption": assumption_modal, "criterion": criterion_modal}
# Which field of an item's form answers for its list.
_ANSWERS = {"source": "what", "assumption": "text", "criterion": "text"}


def register(app: Routes) -> None:
    """*Add ...*, *Change* and *Remove*, and the views behind them."""
    for act in (Act.SCOPE_ADD, Act.SCOPE_ITEM):
        app.action(act)(on_item_form)
    for _, modal in KINDS.values():
        app.view(modal)(on_item)
    app.action(Act.SCOPE_REMOVE)(on_remove)


def on_item_form(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Add data source* and the like, or *Change* of one: the step is saved, and one view laid on top of it."""
    click = forms.click(body)
    step, place = int(click.private.get("step") or 2), click.value.get("place")
    kind = str(click.value.get("kind") or click.suffix)
    saved = save(bot, body, click.view or {}, "Add")
    context.change_modal(bot, click, scope_modal(saved.draft, step))
    if not saved.clashed and kind in ITEM_MODALS:
        items = getattr(saved.draft.doc, KINDS[kind][0])
        known = isinstance(place, int) and place < len(items)
        private = {**saved.draft.private, "step": step, "mark": saved.draft.mark, "kind": kind}
        private |= {"place": place} if known else {}
        context.show_modal(bot, click, ITEM_MODALS[kind](items[place] if known else None, private))
    ack()


def on_item(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Add* or *Save* of one data source, assumption or kill criterion: the step below shows it."""
    view, sent = body["view"], forms.submission(body)
    kind = str(sent.private.get("kind"))
    name = KINDS[kind][0]
    with at_fields(view, {name: _ANSWERS[kind]}):
        _change_item(bot, body, view, sent.private, sent.form)
    ack()


def on_remove(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Remove* of one of them."""
    click = forms.click(body)
    _change_item(bot, body, click.view or {}, click.private, None)
    context.change_modal(bot, click, notice_modal(Modal.NOTICE, "Scope", "Removed. Close this to go on."))
    ack()


def _change_item(
    bot: Bot, body: dict[str, Any], view: dict[str, Any], private: dict[str, Any], form: dict[str, Any] | None
) -> None:
    actor, kind, place = context.who(bot, str(body["user"]["id"])), str(private.get("kind")), private.get("place")
    with context.once(bot, body) as tx:
        saved = save_typed(tx, bot, actor, private, put_item(_shown(tx, private), kind, place, form))
        if form is not None:
            refuse_wrong(tx, bot, saved, [KINDS[kind][0]])
    below = scope_modal(saved.draft, int(private.get("step") or 2))
    context.change_below(bot, str(view.get("root_view_id")), below)


def _shown(tx: Connection, private: dict[str, Any]) -> Document:
    """What the scope said when the window was drawn."""
    scope = get_scope_or_none(tx, private.get("scope"))
    found = get_draft(tx, scope.id, private.get("revision")) if scope else None
    return found or (scope.doc if scope else Document())
