"""Listeners and words for a scope's forms: opening them, going through the steps, and saving at every press."""

from dataclasses import replace
from typing import Any

from slack_bolt import Ack
from sqlalchemy import Connection

from bot.actions.decisions import refuse_if_over
from bot.actions.placing import BetForm
from bot.actions.rights import refuse_unless
from bot.actions.scope_gaps import get_missing
from bot.actions.scoping import as_it_runs, do_begin_scope_from
from bot.domain.bets import is_over
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, Team
from bot.domain.scope_checks import TEXT_LIMIT
from bot.domain.scoping import LOCKED, Document
from bot.domain.words import parse_key
from bot.render.bet_forms import MAX_TITLE, new_bet_modal
from bot.render.ids import Act, Modal, Shortcut
from bot.render.kit import with_wrong
from bot.render.scope_forms import STEPS, Draft, change_modal, saved_modal, scope_modal
from bot.render.scope_steps import gaps
from bot.runtime import Bot
from bot.store.scopes import get_scope, get_scope_or_none
from bot.store.teams import get_team_of_channel
from handlers import commands, context, forms
from handlers.bets import bet_form
from handlers.commands import Ask, Reply, Word
from handlers.forms import Click
from handlers.routing import Routes
from handlers.scope_input import at_fields, read_step
from handlers.scope_saving import NO_TITLE, Saved, draft_of, draw, save, wrong_in

SAVED = "Saved. The thread shows it, and anybody in the team may go on from there."
SAVED_WRONG = "Saved as it is; what to change stands under its field."


def register(routes: Routes) -> None:
    """Every window of a scope, and what opens one."""
    routes.action(Act.SCOPE_IT)(on_scope_it)
    routes.action(Act.SCOPE_NOW)(on_scope_now)
    routes.action(f"{Act.DO}:scope")(on_scope)
    routes.shortcut(Shortcut.SCOPE_THIS)(on_shortcut)
    for step in STEPS:
        routes.view(step)(on_next)
    routes.action(Act.SCOPE_BACK)(on_back)
    for act in (Act.SCOPE_SAVE, Act.SCOPE_PICK):
        routes.action(act)(on_save)
    hint = "writes down a new bet, or one that runs, before the work"
    commands.add_words(Word("scope", "scope [B-7|title]", hint, run_scope, writes=True, modal=True))


def run_scope(ask: Ask) -> Reply:
    """`/bets scope [B-7|title]`: the form of a bet's scope, or of a new one with that title."""
    first = ask.words.partition(" ")[0]
    if parse_key(first) is None and not (ask.bet and not ask.words):
        return Reply(modal=new_scope(ask.actor, ask.team, ask.words, ask.request.channel))
    bet, team = commands.find_one_bet(ask)
    return Reply(modal=_open(ask.tx, ask.actor, team, bet))


def new_scope(actor: Actor, team: Team, title: str, channel: str, problem: str = "") -> dict[str, Any]:
    """The first step of a scope that is not begun before it is saved: a window that is closed again leaves nothing."""
    refuse_unless(actor, team, "place")
    title = " ".join(title.split())
    problem = problem or (title if len(title) > MAX_TITLE else "")
    doc = Document(title=title[:MAX_TITLE], problem=problem, owners=(actor.user,))
    return scope_modal(Draft(doc, {"team": team.id, "channel": channel}), 1)


def _open(tx: Connection, actor: Actor, team: Team, bet: Bet, quoted: str = "") -> dict[str, Any]:
    """The first step of a bet's draft, of one that it has not begun what the bet says; of a locked one the question
    why it changes. `quoted` is the message from which it was opened."""
    refuse_unless(actor, team, "edit", bet.owners)
    refuse_if_over(tx, team, bet)
    scope = get_scope(tx, bet.id)
    if scope is None:
        doc = as_it_runs(Document(), bet)
        return scope_modal(Draft(doc, {"bet": bet.id}, bet.key, here=team.channel, quoted=quoted), 1)
    if scope.status == LOCKED:
        return change_modal(bet, {"bet": bet.id}, quoted[:TEXT_LIMIT])
    return scope_modal(replace(draft_of(bet, team, scope), quoted=quoted), 1)


def on_scope_it(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Scope it* under the digest: a new scope."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    with bot.reading() as tx:
        team = context.find_team(tx, actor, click.value.get("team"))
    context.show_modal(bot, click, new_scope(actor, team, "", team.channel))
    ack()


def on_scope_now(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Scope it now* in *New bet*: a draft with all that was typed there, in the place of that form; what *Place bet*
    would refuse is said at its field."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    with bot.reading() as tx:
        team = context.find_team(tx, actor, click.private.get("team"))
    try:
        view = _scope_now(bot, body, actor, team, bet_form(click.form))
    except Refusal as refusal:
        if not refusal.fields:
            raise
        view = with_wrong(new_bet_modal(actor.user, "", click.private), refusal.fields)
    context.change_modal(bot, click, view)
    ack()


def _scope_now(bot: Bot, body: dict[str, Any], actor: Actor, team: Team, form: BetForm) -> dict[str, Any]:
    context.know_people(bot, set(form.owners) - {actor.user}, team, "owners", "press Scope it now")
    with context.once(bot, body) as tx:
        bet, scope = do_begin_scope_from(tx, bot.now(), actor, team, form)
    return scope_modal(draft_of(bet, team, scope), 1)


def on_shortcut(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Scope this* on a message: its text is the problem of a new scope, its first line the title.

    On a bet's card or in its thread it opens the scope of that bet.
    """
    request = forms.shortcut(body)
    actor = context.who(bot, request.user, request.channel)
    with bot.reading() as tx:
        team = get_team_of_channel(tx, request.channel)
        # The card is no reply to itself, but it begins the bet's thread.
        first = str(body["message"]["ts"])
        there = replace(request, thread_ts=request.thread_ts or first)
        quoted = "" if there.thread_ts == first else request.text
        word = Word("scope", "", "", lambda ask: _run_this(ask, quoted))
        reply = commands.run(bot, tx, word, request.text, actor, there, team)
    if reply.modal:
        context.show_modal(bot, request, reply.modal)
    elif reply.message:
        context.tell(bot, request, reply.message)
    ack()


def _run_this(ask: Ask, quoted: str) -> Reply:
    text = ask.words.strip()
    if ask.bet and not is_over(ask.bet.status):
        bet, team = context.find_bet(ask.tx, ask.actor, ask.bet.id)
        return Reply(modal=_open(ask.tx, ask.actor, team, bet, quoted.strip()))
    title = next((line for line in text.splitlines() if line.strip()), "")
    return Reply(modal=new_scope(ask.actor, ask.team, title, ask.request.channel, text[:3_000]))


def on_scope(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Scope it* in a card's menu or under the document: the draft where it was left."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    with bot.reading() as tx:
        bet, team = context.find_bet(tx, actor, click.value.get("bet"))
        view = _open(tx, actor, team, bet)
    # Its own small forms lie on it, and redraw what is below them: so it takes the menu's place, never lies on it.
    (context.change_modal if context.menu_of(click) else context.show_modal)(bot, click, view)
    ack()


def on_next(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Next*: saved, and the next step in the same window; after the third what is still missing."""
    view, step = body["view"], STEPS.index(Modal(body["view"]["callback_id"])) + 1
    with at_fields(view):
        saved = save(bot, body, view, "Next", strict=True)
    ack(response_action="update", view=_next(bot, context.who(bot, str(body["user"]["id"])), saved, step))


def _next(bot: Bot, actor: Actor, saved: Saved, step: int) -> dict[str, Any]:
    if saved.clashed:
        return draw(bot, actor, saved.draft, step)
    if step < len(STEPS):
        return draw(bot, actor, saved.draft, step + 1)
    with bot.reading() as tx:
        return saved_modal(saved.draft, gaps(get_missing(tx, bot.now(), saved.team, saved.scope, saved.bet)))


def on_back(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Back*: saved, and the step before, with what was typed there."""
    click = forms.click(body)
    view, step = click.view or {}, int(click.private.get("step") or 2)
    if step > len(STEPS):
        draft = _reread(bot, click)
    else:
        saved = save(bot, body, view, "Back")
        draft, step = saved.draft, step + 1 if saved.clashed else step
    context.change_modal(bot, click, draw(bot, context.who(bot, click.user), draft, step - 1))
    ack()


def _reread(bot: Bot, click: Click) -> Draft:
    actor = context.who(bot, click.user)
    with bot.reading() as tx:
        scope = get_scope_or_none(tx, click.private.get("scope"))
        bet, team = context.find_bet(tx, actor, scope.bet_id if scope else None)
        assert scope is not None
        return draft_of(bet, team, scope)


def on_save(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Save draft*, and every choice of people: saved, and the window stays as it is; what is wrong is said at its
    field."""
    click = forms.click(body)
    view, typed = click.view or {}, read_step(click.view or {})
    chosen, step = click.action_id.startswith(Act.SCOPE_PICK), int(click.private.get("step") or 1)
    if not {"scope", "bet"} & set(click.private) and not str(typed.get("title") or "").strip():
        if not chosen:  # a scope begins with its title
            shown = scope_modal(Draft(Document(**typed), click.private), 1)
            context.change_modal(bot, click, with_wrong(shown, {"title": NO_TITLE}))
        ack()
        return
    saved = save(bot, body, view, "Save draft")
    wrong = wrong_in(saved, typed)
    note = "" if chosen or saved.clashed else SAVED_WRONG if wrong else SAVED
    draft = draft_of(saved.bet, saved.team, saved.scope, saved.draft.mark, clashes=saved.draft.clashes, note=note)
    context.change_modal(bot, click, with_wrong(draw(bot, context.who(bot, click.user), draft, step), wrong))
    ack()
