"""Listeners and words for a scope's forms: opening them, going through the steps, and saving at every press."""

from typing import Any

from slack_bolt import Ack
from sqlalchemy import Connection

from bot.actions.graveyard import get_similar
from bot.actions.rights import refuse_unless
from bot.actions.scoping import do_begin_scope, do_begin_scope_of, get_missing
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, Team
from bot.domain.scoping import DRAFT, REVIEW, Document
from bot.domain.words import parse_key
from bot.render.bet_forms import MAX_TITLE
from bot.render.ids import Act, Modal, Shortcut
from bot.render.scope_forms import STEPS, Draft, change_modal, saved_modal, scope_modal
from bot.runtime import Bot
from bot.store.scopes import get_scope, get_scope_or_none
from bot.store.teams import get_team_of_channel
from handlers import commands, context, forms
from handlers.commands import Ask, Reply, Word
from handlers.forms import Click
from handlers.routing import Routes
from handlers.scope_input import at_fields, from_new_bet, read_step
from handlers.scope_saving import NO_TITLE, Saved, draft_of, save

SAVED = "Saved. The thread shows it, and anybody in the team may go on from there."


def register(app: Routes) -> None:
    """Every window of a scope, and what opens one."""
    app.action(Act.SCOPE_IT)(on_scope_it)
    app.action(Act.SCOPE_NOW)(on_scope_now)
    app.action(f"{Act.DO}:scope")(on_scope)
    app.shortcut(Shortcut.SCOPE_THIS)(on_shortcut)
    for step in STEPS:
        app.view(step)(on_next)
    app.action(Act.SCOPE_BACK)(on_back)
    for act in (Act.SCOPE_SAVE, Act.SCOPE_PICK):
        app.action(act)(on_save)
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
    return scope_modal(draft_of(bet, team, scope), 1)


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
    context.change_modal(bot, click, scope_modal(draft_of(bet, team, scope), 1))
    ack()


def on_shortcut(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Scope this* on a message: its text is the problem, its first line the title."""
    request = forms.shortcut(body)
    actor = context.who(bot, request.user, request.channel)
    with bot.reading() as tx:
        team = get_team_of_channel(tx, request.channel)
        reply = commands.run(bot, tx, Word("scope", "", "", _run_new), request.text, actor, request, team)
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
    # Its own small forms lie on it, and redraw what is below them: so it takes the menu's place, never lies on it.
    (context.change_modal if context.menu_of(click) else context.show_modal)(bot, click, view)
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
