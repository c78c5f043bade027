"""Listeners for what a scope has several of: data sources, assumptions and kill criteria, one by one."""

from typing import Any

from slack_bolt import Ack
from sqlalchemy import Connection

from bot.actions.scope_gaps import refuse_assumption
from bot.domain.bets import behind_by
from bot.domain.errors import Refusal, own
from bot.domain.scoping import Document
from bot.domain.words import clip
from bot.render.ids import Act
from bot.render.kit import with_wrong
from bot.render.scope_lists import assumption_modal, criterion_modal, source_modal
from bot.runtime import Bot
from bot.store.scopes import get_draft, get_scope_or_none
from handlers import context, forms
from handlers.routing import Routes
from handlers.scope_input import KINDS, at_fields, put_item, read_item
from handlers.scope_saving import Saved, draw, know_named, refuse_wrong, save, save_typed
from handlers.unknown import FORM

ITEM_MODALS: dict[str, Any] = {"source": source_modal, "assumption": assumption_modal, "criterion": criterion_modal}
# Which field of an item's form answers for its list.
_ANSWERS = {"source": "what", "assumption": "text", "criterion": "text"}


def register(routes: Routes) -> None:
    """*Add ...* and *Change*, and the views behind them."""
    for act in (Act.SCOPE_ADD, Act.SCOPE_ITEM):
        routes.action(act)(on_item_form)
    for _, modal in KINDS.values():
        routes.view(modal)(on_item)
    routes.action(Act.SCOPE_ITEM_PICK)(on_item_pick)


def on_item_form(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Add data source* and the like, or *Change* of one: the step is saved, and one view laid on top of it."""
    click = forms.click(body)
    step, place = int(click.private.get("step") or 2), click.value.get("place")
    kind = str(click.value.get("kind") or click.suffix)
    saved = save(bot, body, click.view or {}, "Add")
    context.change_modal(bot, click, draw(bot, context.who(bot, click.user), saved.draft, step))
    if not saved.clashed and kind in ITEM_MODALS:
        found = _item_at(saved.draft.doc, kind, place)
        private = {**saved.draft.private, "step": step, "mark": saved.draft.mark, "kind": kind}
        private |= {"place": place} if found is not None else {}
        context.show_modal(bot, click, ITEM_MODALS[kind](found, private))
    ack()


def on_item(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Add* or *Save* of one data source, assumption or kill criterion: the step below shows it, or shows it no more
    where *Remove* was ticked."""
    sent = forms.submission(body)
    form = None if sent.form.get("remove") else sent.form
    with at_fields(body["view"], _names(_kind_of(sent.private), sent.form)):
        _keep_item(bot, body, sent.private, form)
    ack()


def on_item_pick(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """A choice in one of them: kept with what is typed, once that says what it is; what is wrong is said at its
    field."""
    click = forms.click(body)
    kind, form, private = _kind_of(click.private), click.form, click.private
    if str(form.get(_ANSWERS[kind]) or "").strip() and not form.get("remove") and not _is_stale(bot, private):
        context.change_modal(bot, click, _picked(bot, body, kind, private, form))
    ack()


def _kind_of(private: dict[str, Any]) -> str:
    """Which of the three a view is about; refused where it says none of them."""
    kind = str(private.get("kind"))
    if kind not in KINDS:
        raise Refusal(own(FORM))
    return kind


def _picked(bot: Bot, body: dict[str, Any], kind: str, private: dict[str, Any], form: dict[str, Any]) -> dict[str, Any]:
    """The view as it is after a choice in it."""
    try:
        saved = _keep_item(bot, body, private, form)
    except Refusal as refusal:
        if not refusal.fields:
            raise
        known, names = read_item(kind, form) if "place" in private else None, _names(kind, form)
        wrong = {names.get(name, name): said for name, said in refusal.fields.items()}
        return with_wrong(ITEM_MODALS[kind](known, private), wrong)
    items = getattr(saved.scope.doc, KINDS[kind][0])
    place = private.get("place", len(items) - 1)
    private = {**private, "revision": saved.scope.revision, "place": place}
    return ITEM_MODALS[kind](items[place], private)


def _names(kind: str, form: dict[str, Any]) -> dict[str, str]:
    """Which field of the view answers for its list: of a kill criterion with words the date, where one was chosen."""
    dated = kind == "criterion" and form.get("due") and str(form.get("text") or "").strip()
    return {KINDS[kind][0]: "due" if dated else _ANSWERS[kind]}


def _is_stale(bot: Bot, private: dict[str, Any]) -> bool:
    """Whether somebody else saved since: then only *Add* or *Save* brings the two together."""
    with bot.reading() as tx:
        scope = get_scope_or_none(tx, private.get("scope"))
    return scope is None or scope.revision != private.get("revision")


def _keep_item(bot: Bot, body: dict[str, Any], private: dict[str, Any], form: dict[str, Any] | None) -> Saved:
    """Saves one item, or takes it out for no form, and redraws the step below."""
    actor, kind, place = context.who(bot, str(body["user"]["id"])), _kind_of(private), private.get("place")
    _refuse_two_days(kind, form or {})
    know_named(bot, actor, private, {"owner": {str((form or {}).get("owner") or "")}}, "Add or Save")
    with context.once(bot, body) as tx:
        shown = _shown(tx, private)
        saved = save_typed(tx, bot, actor, private, put_item(shown, kind, place, form))
        if form is not None:
            refuse_wrong(saved, [KINDS[kind][0]])
        if form is not None and kind == "assumption":
            before = _item_at(shown, kind, place)
            refuse_assumption(tx, bot.now(), saved.team, saved.bet, read_item(kind, form), before)
    below = draw(bot, actor, saved.draft, int(private.get("step") or 2))
    context.change_below(bot, str(body["view"].get("root_view_id")), below)
    return saved


def _refuse_two_days(kind: str, form: dict[str, Any]) -> None:
    """A kill criterion that says by when has that day, not another one beside it."""
    said, day = behind_by(str(form.get("text") or "")), str(form.get("due") or "")
    if kind == "criterion" and said and day and said != day:
        raise Refusal(f"The text says already by when, '{clip(said, 40)}': say it once, there or here.", "due")


def _item_at(doc: Document, kind: str, place: Any) -> Any:
    items = getattr(doc, KINDS[kind][0])
    return items[place] if isinstance(place, int) and place < len(items) else None


def _shown(tx: Connection, private: dict[str, Any]) -> Document:
    """What the scope said when the window was drawn."""
    scope = get_scope_or_none(tx, private.get("scope"))
    found = get_draft(tx, scope.id, private.get("revision")) if scope else None
    return found or (scope.doc if scope else Document())
