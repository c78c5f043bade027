"""Listeners and words for deciding about bets: the forms of kill, ship, double down, keep and bet again, and the ways
back: undo and reopen."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from slack_bolt import Ack
from sqlalchemy import Connection

from bot.actions import rails
from bot.actions.appetites import do_bet_again, do_double_bet, do_keep_bet, list_untold
from bot.actions.decisions import (
    Ending,
    do_kill_bet,
    do_ship_bet,
    get_seen,
    refuse_if_decided,
    refuse_if_newer,
    refuse_to_begin,
)
from bot.actions.undoing import do_reopen, do_undo, refuse_to_reopen
from bot.domain.appetite import KEEP_WEEKS, proposed_weeks
from bot.domain.records import Actor, Bet, Team
from bot.domain.zones import local_date
from bot.render.decisions import FORMS, decided_line, decision_modal
from bot.render.ids import Act, Modal
from bot.render.kit import answer
from bot.runtime import Bot
from handlers import commands, context, forms
from handlers.commands import Ask, Reply, Word
from handlers.forms import Form, Submission
from handlers.routing import Routes

_KINDS = {form.callback: kind for kind, form in FORMS.items()}


def register(routes: Routes) -> None:
    """The forms, from a card's menu, a packet or a notice, and by their words."""
    for kind, form in FORMS.items():
        routes.action(f"{Act.DO}:{kind}")(on_form)
        routes.view(form.callback)(on_decide)
    routes.action(Act.UNDO)(on_undo)
    commands.add_words(
        Word("kill", "kill B-7 [because ...]", "ends a bet, with what it taught", run_form("kill"), modal=True),
        Word("double", "double B-7 [because ...]", "a new, larger appetite", run_form("double"), modal=True),
        Word("keep", "keep B-7 [until DATE]", "goes on until a day, with a criterion", run_form("keep"), modal=True),
        Word("ship", "ship B-7 [because ...]", "ends a bet that made it", run_form("ship"), modal=True),
        Word(
            "again",
            "again B-7 [because ...]",
            "bets again once it is spent",
            run_form("rebet"),
            modal=True,
        ),
        Word("reopen", "reopen B-7 [because ...]", "brings a killed bet back, within 14 days", run_reopen, True, True),
    )


def run_form(kind: str) -> Callable[[Ask], Reply]:
    """`/bets kill B-7 [because ...]` and the like: the form, prefilled; sending it is the confirmation."""

    def run(ask: Ask) -> Reply:
        bet, team, rest = commands.find_bet(ask, ask.words)
        _refuse(ask.now, ask.tx, ask.actor, team, bet, kind)
        until, reason = _read_until(ask, team, rest) if kind == "keep" else (None, _read_reason(rest))
        form = _form(ask.tx, ask.now, team, kind, bet, {"channel": ask.request.channel}, reason, until)
        return commands.with_form(ask, form, reason)

    return run


def _read_reason(text: str) -> str:
    first, _, reason = text.partition(" ")
    return reason.strip() if first.lower() in ("because", "because:") else text


def _read_until(ask: Ask, team: Team, text: str) -> tuple[date | None, str]:
    """The day of `until DATE`, and what stands there instead or behind `because`."""
    first, _, rest = text.partition(" ")
    if first.lower() != "until":
        return None, _read_reason(text)
    day, _, reason = rest.partition(" because ")
    return commands.read_date(ask, team, day), reason.strip()


def _form(
    tx: Connection,
    now: datetime,
    team: Team,
    kind: str,
    bet: Bet,
    private: dict[str, Any],
    reason: str = "",
    until: date | None = None,
) -> dict[str, Any]:
    until = until or local_date(now, team.zone) + timedelta(weeks=KEEP_WEEKS)
    touched = rails.list_touched(tx, team, bet, kind, proposed_weeks(kind, bet))
    private = private | {"bet": bet.id, "seen": get_seen(tx, bet)}
    return decision_modal(kind, bet, private, reason, until, touched)


def on_form(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Kill*, *Double down*, *Keep*, *Ship*, *Bet again*, *Reopen*: the form."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    with bot.reading() as tx:
        bet, team = context.find_bet(tx, actor, click.value.get("bet"))
        _refuse(bot.now(), tx, actor, team, bet, click.suffix)
        view = _form(tx, bot.now(), team, click.suffix, bet, context.menu_of(click))
    context.show_modal(bot, click, view)
    ack()


def _refuse(now: datetime, tx: Connection, actor: Actor, team: Team, bet: Bet, kind: str) -> None:
    if kind == "reopen":
        refuse_to_reopen(now, actor, team, bet)
    else:
        refuse_to_begin(tx, now, actor, team, bet, kind)


def on_decide(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """A form was sent: rights and the bet's state are checked as they are now."""
    sent = forms.submission(body)
    kind = _KINDS[Modal(sent.callback_id)]
    with context.acting(bot, body, sent.user) as (tx, actor):
        bet, team = context.find_bet(tx, actor, sent.private.get("bet"))
        (refuse_if_newer if kind == "reopen" else refuse_if_decided)(tx, team, bet, sent.private.get("seen"))
        again = _untold_form(tx, kind, actor, team, bet, sent)
        if not again:
            bet = _decide(tx, bot, kind, actor, team, bet, sent.form)
    if again:
        ack(response_action="update", view=again)
        return
    ack()
    context.tell_result(bot, sent, team.channel, decided_line(bet, kind, team.zone))


def _untold_form(
    tx: Connection, kind: str, actor: Actor, team: Team, bet: Bet, sent: Submission
) -> dict[str, Any] | None:
    """The form again, with the guard rails that its weeks touch, if it had not named them; None if all is told."""
    if kind not in ("double", "rebet"):
        return None
    weeks, told = _weeks(kind, bet, sent.form), sent.private.get("rails")
    untold = list_untold(tx, actor, team, bet, kind, weeks, told if isinstance(told, list) else ())
    reason = str(sent.form.get("reason") or "")
    return decision_modal(kind, bet, sent.private, reason, rails=untold, weeks=weeks) if untold else None


def _weeks(kind: str, bet: Bet, form: Form) -> str:
    return str(form.get("appetite_weeks") or proposed_weeks(kind, bet))


def _decide(tx: Connection, bot: Bot, kind: str, actor: Actor, team: Team, bet: Bet, form: Form) -> Bet:
    now, reason = bot.now(), str(form.get("reason") or "")
    if kind in ("kill", "ship"):
        ending = Ending(reason, str(form.get("learning") or ""), str(form.get("outcome") or ""))
        return (do_kill_bet if kind == "kill" else do_ship_bet)(tx, now, actor, team, bet, ending)
    if kind == "keep":
        until, criterion = _date_of(form, local_date(now, team.zone)), str(form.get("criterion") or "")
        return do_keep_bet(tx, now, actor, team, bet, reason, until, criterion)
    if kind == "double":
        return do_double_bet(tx, now, actor, team, bet, reason, _weeks(kind, bet, form))
    if kind == "reopen":
        return do_reopen(tx, now, actor, team, bet, reason)
    return do_bet_again(tx, now, actor, team, bet, reason, _weeks(kind, bet, form))


def _date_of(form: Form, today: date) -> date:
    try:
        return date.fromisoformat(str(form.get("until") or ""))
    except ValueError:
        return today + timedelta(weeks=KEEP_WEEKS)


def on_undo(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Undo* of a notice: for leads, for a day."""
    click = forms.click(body)
    with context.acting(bot, body, click.user, click.channel) as (tx, actor):
        bet, team = context.find_bet(tx, actor, click.value.get("bet"))
        bet = do_undo(tx, bot.now(), actor, team, bet, click.value.get("decision"))
    ack()
    context.tell(bot, click, answer(decided_line(bet, "undo", team.zone)))


def run_reopen(ask: Ask) -> Reply:
    """`/bets reopen B-7 because ...` reopens it; without a reason it is the form that asks for one."""
    bet, team, rest = commands.find_bet(ask, ask.words)
    reason = _read_reason(rest)
    if not reason:
        return run_form("reopen")(ask)
    bet = do_reopen(ask.tx, ask.now, ask.actor, team, bet, reason)
    return Reply(answer(decided_line(bet, "reopen", team.zone)))
