"""Listeners for what is pressed on the check-in, on prompts, on reminders and under replies."""

from typing import Any

from slack_bolt import Ack
from sqlalchemy import Connection

from bot.actions.answers import do_give_confidence, do_say_no_change, say_why_not
from bot.actions.declaring import do_take_back
from bot.actions.reminders import do_snooze
from bot.actions.updates import get_updates_form
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Team
from bot.domain.words import read_confidence
from bot.domain.zones import local_date
from bot.render.absences import away_modal
from bot.render.ids import Act, Modal
from bot.render.kit import notice_modal
from bot.render.updates import (
    CONFIDENCE,
    confidence_answer,
    confidence_modal,
    recorded_answer,
    taken_back_answer,
    updates_modal,
)
from bot.runtime import Bot
from bot.store.bets import get_bet
from bot.store.checkins import get_checkin
from bot.store.teams import get_team_of_channel, get_team_or_none
from bot.store.updates import get_update_by_id
from handlers import context, forms
from handlers.forms import Click
from handlers.routing import Routes

NO_TEAM = "There is no such check-in here, or you are not in its channel: join that channel, then press again."


def register(routes: Routes) -> None:
    """Every button of this feature but those of the forms."""
    routes.action(Act.GIVE_UPDATES)(on_give_updates)
    routes.action(Act.DM_ANSWER)(on_give_updates)
    routes.action(Act.NO_CHANGE)(on_no_change)
    routes.action(Act.SNOOZE)(on_snooze)
    routes.action(Act.AWAY)(on_away)
    routes.action(Act.CONFIDENCE)(on_confidence)
    routes.action(Act.CONFIDENCE_OTHER)(on_other_confidence)
    routes.action(Act.NOT_AN_UPDATE)(on_not_an_update)
    routes.view(Modal.CONFIDENCE)(on_typed_confidence)


def find_team(tx: Connection, click: Click) -> Team:
    """The team of a press: that of its check-in, else the one it names, else of the channel."""
    checkin_id = click.value.get("checkin")
    checkin = get_checkin(tx, checkin_id) if isinstance(checkin_id, int) else None
    team = get_team_or_none(tx, checkin.team_id if checkin else click.value.get("team"))
    team = team or get_team_of_channel(tx, str(click.channel))
    if team is None:
        raise Refusal(NO_TEAM)
    return team


def presser(bot: Bot, click: Click) -> tuple[Actor, Team]:
    """Who pressed, in which team; the same answer for no team and for one they are not in, but for its owners."""
    with bot.reading() as tx:
        team = find_team(tx, click)
    return context.who_in(bot, click.user, team, NO_TEAM), team


def on_give_updates(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Give my updates* and the reminder's *Answer*: one form for all of the person's bets."""
    click = forms.click(body)
    actor, team = presser(bot, click)
    with bot.reading() as tx:
        form = get_updates_form(tx, bot.now(), actor, team)
    context.show_modal(bot, click, updates_modal(form))
    ack()


def on_no_change(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*No change* under a prompt."""
    click = forms.click(body)
    with context.acting(bot, body, click.user, click.channel) as (tx, actor):
        bet, team = context.find_bet(tx, actor, click.value.get("bet"))
        done = do_say_no_change(tx, bot.now(), actor, team, bet, forms.whole(click.value.get("checkin")))
    context.tell(bot, click, recorded_answer(bet, done.update, early=done.early))
    ack()


def on_snooze(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Snooze* on a reminder: the DM itself then says when the next one comes."""
    click = forms.click(body)
    actor, team = presser(bot, click)
    with context.once(bot, body) as tx:
        do_snooze(tx, bot.now(), actor, team, forms.whole(click.value.get("checkin")))
    ack()


def on_away(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*I'm away* on a reminder."""
    click = forms.click(body)
    actor, team = presser(bot, click)
    context.show_modal(bot, click, away_modal(team.id, local_date(bot.now(), actor.zone_or(team.zone))))
    ack()


def on_confidence(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """One of the values under a reply."""
    click = forms.click(body)
    value = read_confidence(click.value.get("value"))
    reply = _confidence(bot, body, click.user, click.channel, click.value.get("update"), value)
    context.tell(bot, click, reply, replace=True)
    ack()


def on_other_confidence(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Other...* under a reply: a form for any number."""
    click = forms.click(body)
    with bot.reading() as tx:
        update = get_update_by_id(tx, forms.whole(click.value.get("update")))
        if update is None or update.user != click.user:
            raise Refusal("That is not your update: only its author can say how sure they are.")
        key = get_bet(tx, update.bet_id).key
    context.show_modal(bot, click, confidence_modal(update.id, key, click.response_url))
    ack()


def on_typed_confidence(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """The form behind *Other...*."""
    sent = forms.submission(body)
    value = read_confidence(sent.form.get(CONFIDENCE), CONFIDENCE)
    noted = _confidence(bot, body, sent.user, None, sent.private.get("update"), value)
    context.replace(bot, sent.private.get("question"), noted)
    ack(response_action="update", view=notice_modal(Modal.NOTICE, "Bets", noted["text"]))


def _confidence(
    bot: Bot, body: dict[str, Any], user: str, channel: str | None, update_id: Any, value: int
) -> dict[str, Any]:
    with context.acting(bot, body, user, channel) as (tx, actor):
        key, update = do_give_confidence(tx, bot.now(), actor, forms.whole(update_id), value)
    return confidence_answer(update, key)


def on_not_an_update(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Not an update* under a reply."""
    click = forms.click(body)
    with context.acting(bot, body, click.user, click.channel) as (tx, actor):
        bet = do_take_back(tx, bot.now(), actor, forms.whole(click.value.get("update")))
    context.tell(bot, click, taken_back_answer(bet.key, say_why_not(bet)), replace=True)
    ack()
