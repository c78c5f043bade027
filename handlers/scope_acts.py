"""Listeners for what becomes of a scope: its sign-off, a change of a locked one, the start, and *Nothing new*."""

from typing import Any

from slack_bolt import Ack
from sqlalchemy import Connection

from bot.actions.scope_gaps import get_missing
from bot.actions.scope_locking import do_sign_off
from bot.actions.scope_posts import do_show_dropped, do_tell_passed
from bot.actions.scope_prompt import do_note_nothing_new
from bot.actions.scoping import do_change_scope, do_drop_change, do_request_sign_off, do_start_bet, refuse_to_change
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, Team
from bot.domain.scoping import LOCKED, Scope
from bot.render.decisions import decided_line
from bot.render.ids import Act, Modal
from bot.render.kit import answer, notice_modal
from bot.render.scope_forms import change_modal, scope_modal
from bot.render.scope_prompt import nothing_new_answer
from bot.render.scope_steps import unsigned_line
from bot.render.scopes import scope_line
from bot.runtime import Bot
from bot.store.scopes import get_scope, get_scope_or_none
from handlers import commands, context, forms
from handlers.commands import Ask, Reply, Word
from handlers.forms import Click
from handlers.routing import Routes
from handlers.scope_saving import draft_of

NO_SCOPE = "It has no scope yet: press Scope it first."


def register(routes: Routes) -> None:
    """The buttons of the document in the thread, and `/bets start`."""
    routes.action(Act.SCOPE_ASK)(on_ask)
    routes.action(Act.SCOPE_SIGN)(on_sign)
    routes.action(Act.SCOPE_CHANGE)(on_change)
    routes.action(f"{Act.DO}:change_scope")(on_change)
    routes.view(Modal.SCOPE_CHANGE)(on_reason)
    routes.action(Act.SCOPE_DROP)(on_drop)
    routes.action(f"{Act.DO}:start")(on_start)
    routes.action(Act.SCOPE_NOTHING)(on_nothing_new)
    commands.add_words(Word("start", "start B-7", "makes a scoped bet live", run_start, writes=True))


def find_scope(tx: Connection, actor: Actor, click: Click) -> tuple[Bet, Team, Scope]:
    """The bet and the scope of the document's button or of the form's last window, else its newest."""
    held = get_scope_or_none(tx, click.private.get("scope") or click.value.get("scope"))
    bet, team = context.find_bet(tx, actor, held.bet_id if held else click.value.get("bet"))
    scope = held or get_scope(tx, bet.id)
    if scope is None:
        raise Refusal(f"{bet.key}: {NO_SCOPE}")
    return bet, team, scope


def _done(bot: Bot, click: Click, text: str) -> None:
    """Says what was done: in the place of a modal, else beside the message."""
    if click.in_modal:
        context.change_modal(bot, click, notice_modal(Modal.NOTICE, "Done", text))
    else:
        context.tell(bot, click, answer(text))


def on_ask(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Request sign-off*: refused with what is missing, else the reviewer is asked in the thread."""
    click = forms.click(body)
    with context.acting(bot, body, click.user, click.channel) as (tx, actor):
        bet, team, scope = find_scope(tx, actor, click)
        do_request_sign_off(tx, bot.now(), actor, team, scope.id)
    _done(bot, click, scope_line(bet, "ask"))
    ack()


def on_sign(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Sign off*: the version that was read is locked."""
    click = forms.click(body)
    with context.acting(bot, body, click.user, click.channel) as (tx, actor):
        bet, team, scope = find_scope(tx, actor, click)
        # A day may have passed since the sign-off was asked for: then its author hears of it too.
        passed = do_tell_passed(tx, bot.now(), actor, bet, scope)
        if not passed:
            do_sign_off(tx, bot.now(), actor, team, click.value.get("scope"), click.value.get("revision"))
    _done(bot, click, passed or scope_line(bet, "sign"))
    ack()


def on_change(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Change scope*: first the reason."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    with bot.reading() as tx:
        bet, team, _ = find_scope(tx, actor, click)
        refuse_to_change(tx, actor, team, bet)
    view = change_modal(bet, {"bet": bet.id})
    (context.change_modal if context.menu_of(click) else context.show_modal)(bot, click, view)
    ack()


def on_reason(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """The reason was given: the next version's first step, in the same window."""
    sent = forms.submission(body)
    with context.acting(bot, body, sent.user) as (tx, actor):
        bet, team = context.find_bet(tx, actor, sent.private.get("bet"))
        scope = do_change_scope(tx, bot.now(), actor, team, bet, str(sent.form.get("reason") or ""))
    ack(response_action="update", view=scope_modal(draft_of(bet, team, scope), 1))


def on_drop(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Drop change*: the locked version holds on."""
    click = forms.click(body)
    with context.acting(bot, body, click.user, click.channel) as (tx, actor):
        bet, team, _ = find_scope(tx, actor, click)
        scope = do_drop_change(tx, bot.now(), actor, team, click.value.get("scope"))
        do_show_dropped(tx, bot.now(), team, bet, scope, actor.person.name)
    _done(bot, click, scope_line(bet, "drop"))
    ack()


def on_start(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Start*, from the menu or the thread: the bet is live."""
    click = forms.click(body)
    with context.acting(bot, body, click.user, click.channel) as (tx, actor):
        bet, team = context.find_bet(tx, actor, click.value.get("bet"))
        line = _start(tx, bot, actor, team, bet)
    _done(bot, click, line)
    ack()


def run_start(ask: Ask) -> Reply:
    """`/bets start B-7`."""
    bet, team = commands.find_one_bet(ask)
    return Reply(answer(_start(ask.tx, ask.bot, ask.actor, team, bet)))


def _start(tx: Connection, bot: Bot, actor: Actor, team: Team, bet: Bet) -> str:
    """What was done; for an idea that nobody signed off also what its scope lacks."""
    bet = do_start_bet(tx, bot.now(), actor, team, bet)
    line, scope = decided_line(bet, "start", team.zone), get_scope(tx, bet.id)
    if scope is None or scope.status == LOCKED:
        return line
    return f"{line} {unsigned_line(get_missing(tx, bot.now(), team, scope, bet))}"


def on_nothing_new(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Nothing new* under the digest: thanked, and kept in history."""
    click = forms.click(body)
    with context.acting(bot, body, click.user, click.channel) as (tx, actor):
        team = context.find_team(tx, actor, click.value.get("team"))
        again = do_note_nothing_new(tx, bot.now(), actor, team)
    context.tell(bot, click, nothing_new_answer(again))
    ack()
