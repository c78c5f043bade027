"""Listeners for being away: the form, and `/bets away`."""

from datetime import date
from typing import Any

from slack_bolt import Ack

from bot.actions.absences import do_come_back, do_go_away, find_named, find_person
from bot.domain.dates import check_away, parse_away
from bot.domain.errors import Refusal
from bot.domain.zones import local_date
from bot.holidays import holidays_around
from bot.render.absences import away_answer, away_modal, back_answer
from bot.render.ids import Modal
from bot.runtime import Bot
from handlers import commands, context, forms
from handlers.commands import Ask, Reply, Word
from handlers.routing import Routes
from handlers.updates import sender


def register(routes: Routes) -> None:
    """The form and the command."""
    routes.view(Modal.AWAY)(on_save)
    hint = "no reminders while you are away; a lead may name somebody: `away @raj until Friday`"
    usage = "away [until DATE | from DATE to DATE | back]"
    commands.add_words(Word("away", usage, hint, run_away, writes=True, modal=True, names=find_named, act="away"))


def run_away(ask: Ask) -> Reply:
    """`/bets away ...`: the answer repeats the dates; without any it opens the form."""
    zone = ask.actor.zone_or(ask.team.zone)
    today = local_date(ask.now, zone)
    person, words = find_person(ask.tx, ask.team, ask.words)
    if person is None and not words:
        return Reply(modal=away_modal(ask.team.id, today))
    other = person if person and person.user != ask.actor.user else None
    user, name = (other.user, other.name) if other else (None, None)
    channel = ask.team.channel if ask.request.chosen else None
    days = parse_away(words, today, holidays_around(ask.team.country, today))
    if days == "back":
        return Reply(back_answer(name, do_come_back(ask.tx, ask.now, ask.actor, ask.team, user), today, channel))
    do_go_away(ask.tx, ask.now, ask.actor, ask.team, *days, user)
    return Reply(away_answer(name, *days, zone, today, channel))


def on_save(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Save* in *I'm away*."""
    sent = forms.submission(body)
    actor, team = sender(bot, sent.user, sent.private.get("team"))
    if not sent.form.get("from"):
        raise Refusal("Say from which day on you are away.", "from")
    until = sent.form.get("until")
    days = check_away(date.fromisoformat(sent.form["from"]), date.fromisoformat(until) if until else None, "until")
    with context.once(bot, body) as tx:
        do_go_away(tx, bot.now(), actor, team, *days)
    ack()
    zone = actor.zone_or(team.zone)
    told = away_answer(None, *days, zone, local_date(bot.now(), zone))
    context.tell_sent(bot, sent, team.channel, told)
