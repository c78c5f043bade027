"""Listeners and words for a scope's forms: opening them, going through the steps, and saving at every press."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy import Connection

from bot.actions.graveyard import get_similar
from bot.actions.rights import refuse_unless
from bot.actions.scope_posts import do_show_scope
from bot.actions.scoping import do_begin_scope, do_begin_scope_of, do_save_draft, get_missing, get_wrong
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, Team
from bot.domain.scoping import DRAFT, REVIEW, Document, Scope
from bot.domain.words import parse_key
from bot.render.bet_forms import MAX_TITLE
from bot.render.ids import Act, Modal, Shortcut, decode, pattern
from bot.render.kit import notice_modal
from bot.render.scope_forms import STEPS, Clash, Draft, change_modal, saved_modal, scope_modal
from bot.render.scope_lists import assumption_modal, criterion_modal, source_modal
from bot.runtime import Bot
from bot.store.bets import get_bet
from bot.store.scopes import get_draft, get_scope, get_scope_or_none
from handlers import commands, context, forms
from handlers.commands import Ask, Reply, Word
from handlers.forms import Click
from handlers.scope_input import KINDS, at_fields, from_new_bet, put_item, read_step

ITEM_MODALS: dict[str, Any] = {"source": source_modal, "assumption": assumption_modal, "criterion": criterion_modal}
# Which field of an item's form answers for its list.
_ANSWERS = {"source": "what", "assumption": "text", "criterion": "text"}
NO_TITLE = "Give it a title first: what would you say in one breath?"
SAVED = "Saved. The thread shows it, and anybody in the team may go on from there."


@dataclass(frozen=True)
class Saved:
    """What a save left: the scope as it is now, and the window that shows it."""

    bet: Bet
    team: Team
    scope: Scope
    draft: Draft

    @property
    def clashed(self) -> bool:
        return bool(self.draft.clashes)


def register(app: App) -> None:
    """Every window of a scope, and what opens one."""
    app.action(pattern(Act.SCOPE_IT))(on_scope_it)
    app.action(pattern(Act.SCOPE_NOW))(on_scope_now)
    app.action(f"{Act.DO}:scope")(on_scope)
    app.shortcut(Shortcut.SCOPE_THIS)(on_shortcut)
    for step in STEPS:
        app.view(step)(on_next)
    app.action(pattern(Act.SCOPE_BACK))(on_back)
    for act in (Act.SCOPE_SAVE, Act.SCOPE_PICK):
        app.action(pattern(act))(on_save)
    for act in (Act.SCOPE_ADD, Act.SCOPE_ITEM):
        app.action(pattern(act))(on_item_form)
    for _, modal in KINDS.values():
        app.view(modal)(on_item)
    app.action(pattern(Act.SCOPE_REMOVE))(on_remove)
    hint = "writes down a new bet, or one that runs, before the work"
    commands.add_words(Word("scope", "scope [B-7|title]", hint, run_scope, writes=True, modal=True))


def run_scope(ask: Ask) -> Reply:
    """`/bets scope [B-7|title]`: the form of a bet's scope, or of a new one with that title."""
    first = ask.words.partition(" ")[0]
    if parse_key(first) is None and not (ask.bet and not ask.words):
        return Reply(modal=new_scope(ask.actor, ask.team, ask.words, ask.request.channel))
    bet, _ = commands.find_bet(ask, ask.words)
    bet, team = context.find_bet(ask.tx, ask.actor, bet.id)
    return Reply(modal=_open(ask.tx, ask.bot, ask.actor, team, bet))


def new_scope(actor: Actor, team: Team, title: str, channel: str, problem: str = "") -> dict[str, Any]:
    """The first step of a scope that is not begun before it is saved: a window that is closed again leaves nothing."""
    refuse_unless(actor, team, "place")
    title = " ".join(title.split())
    problem = problem or (title if len(title) > MAX_TITLE else "")
    doc = Document(title=title[:MAX_TITLE], problem=problem, owners=(actor.user,))
    return scope_modal(Draft(doc, {"team": team.id, "channel": channel}), 1)


def _open(tx: Connection, bot: Bot, actor: Actor, team: Team, bet: Bet) -> dict[str, Any]:
    """The first step of a bet's draft, begun if it has none; of a locked one the question why it changes."""
    refuse_unless(actor, team, "edit", bet.owners)
    scope = get_scope(tx, bet.id)
    if scope is not None and scope.status not in (DRAFT, REVIEW):
        return change_modal(bet, {"bet": bet.id})
    if scope is None:
        scope = do_begin_scope_of(tx, bot.now(), actor, team, bet)
        do_show_scope(tx, bot.now(), bet.id)
    return scope_modal(draft_of(bet, team, scope), 1)


def draft_of(bet: Bet, team: Team, scope: Scope, mark: int = 0, **more: Any) -> Draft:
    """A saved scope as its forms show it."""
    private = {"scope": scope.id, "revision": scope.revision}
    return Draft(scope.doc, private, bet.key, mark, here=team.channel, **more)


def on_scope_it(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Scope it* under the digest: a new scope."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    with bot.reading() as tx:
        team = context.find_team(tx, actor, click.value.get("team"))
    context.show_modal(bot, click, new_scope(actor, team, "", team.channel))
    ack()


def on_scope_now(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Scope it now* in *New bet*: a draft with all that was typed there, in the place of that form."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    doc, beside = from_new_bet(click.form)
    with bot.reading() as tx:
        team = context.find_team(tx, actor, click.private.get("team"))
    context.know_people(bot, set(doc.owners) - {actor.user}, team, "owners", "Scope it now")
    with context.once(bot, body) as tx:
        if not doc.title.strip():
            raise Refusal(NO_TITLE)
        bet, scope = do_begin_scope(tx, bot.now(), actor, team, doc, **beside)
        do_show_scope(tx, bot.now(), bet.id)
    context.change_modal(bot, click, scope_modal(draft_of(bet, team, scope), 1))
    ack()


def on_shortcut(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Scope this* on a message: its text is the problem, its first line the title."""
    request = forms.shortcut(body)
    actor = context.who(bot, request.user, request.channel)
    with bot.reading() as tx:
        reply = commands.run(bot, tx, Word("scope", "", "", _run_new), request.text, actor, request)
    if reply.modal:
        context.show_modal(bot, request, reply.modal)
    elif reply.message:
        context.tell(bot, request, reply.message)
    ack()


def _run_new(ask: Ask) -> Reply:
    text = ask.words.strip()
    title = next((line for line in text.splitlines() if line.strip()), "")
    return Reply(modal=new_scope(ask.actor, ask.team, title, ask.request.channel, text[:3_000]))


def on_scope(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Scope it* in a card's menu or under the document: the draft where it was left."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    with context.once(bot, body) as tx:
        bet, team = context.find_bet(tx, actor, click.value.get("bet"))
        view = _open(tx, bot, actor, team, bet)
    context.show_modal(bot, click, view)
    ack()


def on_next(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Next*: saved, and the next step in the same window; after the third what is still missing."""
    view, step = body["view"], STEPS.index(Modal(body["view"]["callback_id"])) + 1
    with at_fields(view):
        saved = save(bot, body, view, "Next", strict=True)
    actor = context.who(bot, str(body["user"]["id"]))
    with bot.reading() as tx:
        shown = _next(tx, bot, actor, saved, step)
    ack(response_action="update", view=shown)


def _next(tx: Connection, bot: Bot, actor: Actor, saved: Saved, step: int) -> dict[str, Any]:
    draft = saved.draft
    if saved.clashed:
        return scope_modal(draft, step)
    if step == len(STEPS):
        return saved_modal(draft, list(get_missing(tx, bot.now(), saved.team, saved.scope, saved.bet).values()))
    if step == 1:
        doc = draft.doc
        found = get_similar(tx, actor, doc.title, doc.problem, doc.hypothesis)
        draft = draft_of(saved.bet, saved.team, saved.scope, draft.mark, similar=found)
    return scope_modal(draft, step + 1)


def save(bot: Bot, body: dict[str, Any], view: dict[str, Any], button: str, *, strict: bool = False) -> Saved:
    """Saves what stands in a step's window, and begins the scope if this is the first time.

    `strict`: what is wrong in this window is refused, and nothing saved; else it is kept as it is.
    """
    private, user = decode(view.get("private_metadata")), str(body["user"]["id"])
    actor = context.who(bot, user, private.get("channel"))
    typed = read_step(view)
    _know_people(bot, actor, private, typed, button)
    with context.once(bot, body) as tx:
        if private.get("scope"):
            saved = _save(tx, bot, actor, private, typed)
        else:
            saved = _begin(tx, bot, actor, private, typed)
        if strict:
            _refuse_wrong(tx, bot, saved, typed)
        do_show_scope(tx, bot.now(), saved.bet.id)
    return saved


def _know_people(bot: Bot, actor: Actor, private: dict[str, Any], typed: dict[str, Any], button: str) -> None:
    """Looks up whoever is named in this window for the first time."""
    with bot.reading() as tx:
        scope = get_scope_or_none(tx, private.get("scope"))
        known = {actor.user, "", *((*scope.doc.owners, scope.doc.reviewer) if scope else ())}
        bet = context.find_bet(tx, actor, scope.bet_id) if scope else None
        team = bet[1] if bet else context.find_team(tx, actor, private.get("team"))
    for name in ("owners", "reviewer"):
        given = typed.get(name) or ()
        if named := {given} - known if isinstance(given, str) else set(given) - known:
            context.know_people(bot, named, team, name, button)


def _begin(tx: Connection, bot: Bot, actor: Actor, private: dict[str, Any], typed: dict[str, Any]) -> Saved:
    team = context.find_team(tx, actor, private.get("team"))
    if not str(typed.get("title") or "").strip():
        raise Refusal(NO_TITLE, "title")
    bet, scope = do_begin_scope(tx, bot.now(), actor, team, Document(**typed))
    return Saved(bet, team, scope, draft_of(bet, team, scope))


def _save(tx: Connection, bot: Bot, actor: Actor, private: dict[str, Any], typed: Document | dict[str, Any]) -> Saved:
    before, seen = get_scope_or_none(tx, private.get("scope")), private.get("revision")
    bet, team = context.find_bet(tx, actor, before.bet_id if before else None)
    assert before is not None
    result = do_save_draft(tx, bot.now(), actor, team, before.id, seen, typed)
    # Somebody else has saved since this window was drawn: it forgets its fields and shows what is there now.
    mark = result.scope.revision if before.revision != seen else int(private.get("mark") or 0)
    clashes = {one.field: Clash(_as_text(one.mine), one.kept) for one in result.conflicts}
    bet = get_bet(tx, bet.id)
    return Saved(bet, team, result.scope, draft_of(bet, team, result.scope, mark, clashes=clashes))


def _as_text(mine: Any) -> str:
    return mine if isinstance(mine, str) else ", ".join(str(one) for one in mine)


def _refuse_wrong(tx: Connection, bot: Bot, saved: Saved, names: Iterable[str]) -> None:
    wrong = get_wrong(tx, bot.now(), saved.team, saved.bet, saved.scope.doc)
    found = {name: sentence for name, sentence in wrong.items() if name in names}
    if found:
        raise Refusal(next(iter(found.values())), fields=found)


def on_back(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Back*: saved, and the step before, with what was typed there."""
    click = forms.click(body)
    view, step = click.view or {}, int(click.private.get("step") or 2)
    if step > len(STEPS):
        draft = _reread(bot, click)
    else:
        saved = save(bot, body, view, "Back")
        draft, step = saved.draft, step + 1 if saved.clashed else step
    context.change_modal(bot, click, scope_modal(draft, step - 1))
    ack()


def _reread(bot: Bot, click: Click) -> Draft:
    actor = context.who(bot, click.user)
    with bot.reading() as tx:
        scope = get_scope_or_none(tx, click.private.get("scope"))
        bet, team = context.find_bet(tx, actor, scope.bet_id if scope else None)
        assert scope is not None
        return draft_of(bet, team, scope)


def on_save(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Save draft*, and every choice of people: saved, and the window stays as it is."""
    click = forms.click(body)
    chosen = click.action_id.startswith(Act.SCOPE_PICK)
    if chosen and not click.private.get("scope") and not str(read_step(click.view or {}).get("title") or "").strip():
        ack()  # a scope begins with its title
        return
    saved = save(bot, body, click.view or {}, "Save draft")
    note = "" if chosen or saved.clashed else SAVED
    draft = draft_of(saved.bet, saved.team, saved.scope, saved.draft.mark, clashes=saved.draft.clashes, note=note)
    context.change_modal(bot, click, scope_modal(draft, int(click.private.get("step") or 1)))
    ack()


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
        saved = _save(tx, bot, actor, private, put_item(_shown(tx, private), kind, place, form))
        if form is not None:
            _refuse_wrong(tx, bot, saved, [KINDS[kind][0]])
        do_show_scope(tx, bot.now(), saved.bet.id)
    below = scope_modal(saved.draft, int(private.get("step") or 2))
    context.change_below(bot, str(view.get("root_view_id")), below)


def _shown(tx: Connection, private: dict[str, Any]) -> Document:
    """What the scope said when the window was drawn."""
    scope = get_scope_or_none(tx, private.get("scope"))
    found = get_draft(tx, scope.id, private.get("revision")) if scope else None
    return found or (scope.doc if scope else Document())
