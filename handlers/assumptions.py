"""Listeners for the three answers to an assumption that is due, in the thread's prompt and in *My updates*."""

from datetime import date, timedelta
from typing import Any

from slack_bolt import Ack
from sqlalchemy import Connection

from bot.actions.assumptions import do_answer_assumption
from bot.actions.updates import get_form_again
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, Team
from bot.domain.scoping import FALSE, UNTESTED, Assumption
from bot.domain.zones import describe_date, local_date
from bot.render.assumptions import assumption_answer, later_modal
from bot.render.ids import Act, Modal
from bot.render.kit import notice_modal
from bot.render.updates import updates_modal
from bot.runtime import Bot
from bot.store.scopes import get_assumption
from handlers import context, forms
from handlers.forms import Click
from handlers.routing import Routes

# When it is asked again, unless somebody names another day.
LATER = timedelta(weeks=2)


def register(routes: Routes) -> None:
    """*Verified*, *False*, *Still unknown*, and the day on which the last one is asked again."""
    routes.action(Act.ASSUMPTION)(on_answer)
    routes.view(Modal.ASSUMPTION_LATER)(on_later)


def on_answer(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """One of the three answers; what is still unknown is asked again in two weeks, or on the day chosen then."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    wanted = forms.whole(click.value.get("assumption"))
    with context.once(bot, body) as tx:
        bet, team = context.find_bet(tx, actor, click.value.get("bet"))
        day = local_date(bot.now(), team.zone) + LATER if click.suffix == UNTESTED else None
        before = get_assumption(tx, bet.id, wanted)
        found, nudged = _answer(tx, bot, actor, team, bet, wanted, click.suffix, day)
        shown = _form_again(tx, bot, click, actor, team, found)
    if day:
        private = {"bet": bet.id, "assumption": wanted}
        context.show_modal(bot, click, later_modal(bet, found, day, private))
    else:
        again = before is not None and before.state == click.suffix == FALSE
        context.tell(bot, click, assumption_answer(bet, found, click.suffix, nudged, again))
    if shown and click.view:
        context.change_below(bot, str(click.view["id"]), shown)
    ack()


def _form_again(
    tx: Connection, bot: Bot, click: Click, actor: Actor, team: Team, found: Assumption
) -> dict[str, Any] | None:
    """*My updates* without the question, if it was answered there."""
    if not click.view or click.view.get("callback_id") != Modal.UPDATES:
        return None
    shown, rest = click.private.get("shown"), click.private.get("rest")
    form = get_form_again(tx, bot.now(), actor, team, shown, rest, found)
    return updates_modal(form) if form else None


def on_later(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """Another day for what is still unknown."""
    sent = forms.submission(body)
    actor = context.who(bot, sent.user)
    wanted = forms.whole(sent.private.get("assumption"))
    try:
        day = date.fromisoformat(str(sent.form.get("check_at") or ""))
    except ValueError:
        raise Refusal("Choose a day: by then somebody looks.", "check_at") from None
    with context.once(bot, body) as tx:
        bet, team = context.find_bet(tx, actor, sent.private.get("bet"))
        _answer(tx, bot, actor, team, bet, wanted, UNTESTED, day)
    noted = f"Noted on {bet.key}: still unknown. I ask again by {describe_date(day)} ({team.zone})."
    ack(response_action="update", view=notice_modal(Modal.NOTICE, "Bets", noted))


def _answer(
    tx: Connection, bot: Bot, actor: Actor, team: Team, bet: Bet, wanted: int, state: str, day: date | None
) -> tuple[Assumption, bool]:
    nudged = do_answer_assumption(tx, bot.now(), actor, team, bet, wanted, state, day)
    found = get_assumption(tx, bet.id, wanted)
    assert found is not None
    return found, nudged
