"""A message that mentions the bot: the words of `/bets` where Slack takes no commands. Only its writer is answered."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from bot.actions.home import do_refresh_home
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Whisper
from bot.domain.words import slack_unescape
from bot.render.help import open_form_answer
from bot.render.kit import refusal_answer
from bot.runtime import Bot
from bot.store.teams import get_team_of_channel
from handlers import commands, context
from handlers.forms import Command

Answer = Callable[[Connection], list[Whisper]]


def listen(bot: Bot, event: dict[str, Any]) -> Answer:
    """Looks up who mentions the bot; what it returns does what the words say, in the event's transaction."""
    request = _request(bot, event)
    with bot.reading() as tx:
        lacks_team = commands.lacks_team(get_team_of_channel(tx, request.channel), request.channel)
    try:
        if lacks_team:
            way = commands.way_to_team(bot, request)
            return lambda tx: [_whisper(request, way)]
        actor = context.who(bot, request.user, commands.place_of(request))
    except Refusal as refusal:
        sentence = refusal.marked
        return lambda tx: [_whisper(request, refusal_answer(sentence))]
    return lambda tx: [_whisper(request, _answer(bot, tx, actor, request))]


def _request(bot: Bot, event: dict[str, Any]) -> Command:
    said = re.split(rf"<@{bot.identity.user_id}(?:\|[^>]*)?>", str(event.get("text") or ""), maxsplit=1)
    # `hey @Bets summary`: what stands behind the mention is meant, and what stands before it if nothing does.
    text = next((words for part in reversed(said) if (words := slack_unescape(part).strip(" \t\n,:;"))), "")
    return Command(str(event["user"]), str(event["channel"]), text, None, thread_ts=event.get("thread_ts"))


def _answer(bot: Bot, tx: Connection, actor: Actor, request: Command) -> dict[str, Any]:
    form = open_form_answer(request.channel, request.text, request.thread_ts)
    try:
        # A refusal takes back what was done so far; that the mention was answered stays.
        with tx.begin_nested():
            word, rest = commands.find_word(request.text)
            if word is None:
                return commands.help_answer(actor.person, rest)
            team = get_team_of_channel(tx, request.channel)
            reply = commands.run(bot, tx, word, rest, actor, request, team)
            if word.writes:
                do_refresh_home(tx, bot.now(), request.user)
            return form if reply.modal or not reply.message else reply.message
    except Refusal as refusal:
        return refusal_answer(refusal.marked)


def _whisper(request: Command, payload: dict[str, Any]) -> Whisper:
    return Whisper(request.channel, request.user, request.thread_ts, payload)
