"""Listeners for the forms in which people answer, and `/bets update`."""

from typing import Any

from slack_bolt import Ack

from bot.actions.answers import do_answer, do_give_opinion, refuse_opinion
from bot.actions.updates import do_send_updates, get_answer_form, get_opinion_facts, get_updates_form
from bot.domain.answers import Content
from bot.domain.errors import Refusal, own
from bot.domain.records import Actor, Team
from bot.domain.words import has_number, parse_key, read_confidence, split_command_update
from bot.render.checkins import confidence_question
from bot.render.ids import Act, Modal
from bot.render.updates import (
    CONFIDENCE,
    TEXT,
    opinion_modal,
    opinion_noted_modal,
    recorded_answer,
    sent_answer,
    sent_modal,
    updates_modal,
)
from bot.runtime import Bot
from bot.store.bets import list_team_bets
from bot.store.teams import get_team_or_none
from handlers import commands, context, forms
from handlers.commands import Ask, Reply, Word, find_bet
from handlers.routing import Routes

GONE = "This team is gone, or you are not in its channel, so nothing was saved: join that channel, then send it again."


def register(routes: Routes) -> None:
    """The card's buttons, the forms behind them, and the command."""
    routes.action(Act.CARD_ANSWER)(on_card_answer)
    routes.action(Act.SECOND_OPINION)(on_second_opinion)
    routes.action(Act.MORE_BETS)(on_more_bets)
    routes.view(Modal.UPDATES)(on_send)
    routes.view(Modal.SECOND_OPINION)(on_opinion)
    hint = "your update on a bet; without words a form for it, without a key one for all your bets"
    commands.add_words(
        Word("update", "update [B-7] [70%] [text]", hint, run_update, writes=True, modal=True, act="answer")
    )


def on_card_answer(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Answer* on a card: the form for that bet."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    with bot.reading() as tx:
        bet, team = context.find_bet(tx, actor, click.value.get("bet"))
        form = get_answer_form(tx, bot.now(), actor, team, bet)
    context.show_modal(bot, click, updates_modal(form))
    ack()


def on_second_opinion(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Second opinion* on a card: for everybody but the owners."""
    click = forms.click(body)
    actor = context.who(bot, click.user, click.channel)
    with bot.reading() as tx:
        bet, team = context.find_bet(tx, actor, click.value.get("bet"))
        refuse_opinion(actor, team, bet)
        given, owners = get_opinion_facts(tx, actor, team, bet)
    context.show_modal(bot, click, opinion_modal(bet, given, owners))
    ack()


def on_opinion(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """The form behind *Second opinion*."""
    sent = forms.submission(body)
    value = read_confidence(sent.form.get(CONFIDENCE), CONFIDENCE)
    text = str(sent.form.get(TEXT) or "").strip() or None
    with context.acting(bot, body, sent.user) as (tx, actor):
        bet, team = context.find_bet(tx, actor, sent.private.get("bet"))
        done = do_give_opinion(tx, bot.now(), actor, team, bet, value, text)
    ack(response_action="update", view=opinion_noted_modal(bet, done.update, early=done.early))


def sender(bot: Bot, user: str, team_id: Any) -> tuple[Actor, Team]:
    """Who sent a form of which team; refused for a team that is gone or that they are not in."""
    with bot.reading() as tx:
        team = get_team_or_none(tx, team_id)
    if team is None:
        raise Refusal(GONE)
    return context.who_in(bot, user, team, GONE), team


def on_send(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*Send*: saved, which is said; while bets are left the same window says so."""
    sent = forms.submission(body)
    actor, team = sender(bot, sent.user, sent.private.get("team"))
    asked, rest = list(sent.private.get("bets") or []), list(sent.private.get("rest") or [])
    with context.once(bot, body) as tx:
        done = do_send_updates(tx, bot.now(), actor, team, asked, rest, sent.form)
    saved = [bet.key for bet, _ in done.recorded]
    if done.rest:
        ack(response_action="update", view=sent_modal(saved, team.id, done.rest))
        return
    ack()
    if saved:
        context.tell_sent(bot, sent, team.channel, sent_answer(saved))


def on_more_bets(ack: Ack, body: dict[str, Any], bot: Bot) -> None:
    """*More bets*: the next ten, in the same window."""
    click = forms.click(body)
    actor, team = sender(bot, click.user, click.private.get("team"))
    with bot.reading() as tx:
        form = get_updates_form(tx, bot.now(), actor, team, list(click.private.get("rest") or []))
    context.change_modal(bot, click, updates_modal(form))
    ack()


def run_update(ask: Ask) -> Reply:
    """`/bets update [B-7] [70%] [text]`: recorded as it stands, or a form when there is nothing to record."""
    words = ask.words
    if not words and ask.bet is None:
        return Reply(modal=updates_modal(get_updates_form(ask.tx, ask.now, ask.actor, ask.team)))
    first = words.split(maxsplit=1)[0] if words else ""
    if parse_key(first) is None and ask.bet is None:
        words = f"{_only_bet(ask)} {words}"
    bet, team, said = find_bet(ask, words)
    confidence, text = split_command_update(said)
    if confidence is None and not text:
        return Reply(modal=updates_modal(get_answer_form(ask.tx, ask.now, ask.actor, team, bet)))
    given = Content(text or None, confidence)
    done = do_answer(ask.tx, ask.now, ask.actor, team, bet, given, "command")
    unread = confidence is None and has_number(text)
    answer = recorded_answer(bet, done.update, early=done.early, unread=unread)
    if unread or done.update.confidence is None:
        # Doubtful numbers are never guessed: it is asked, with one-click values.
        answer["blocks"] += confidence_question(done.update.id, bet.key, by_reply=False)["blocks"]
    return Reply(answer)


def _only_bet(ask: Ask) -> str:
    """The key of the one live bet that the person owns; with several they are asked which."""
    bets = list_team_bets(ask.tx, ask.team.id, ("live",))
    mine = [bet.key for bet in bets if ask.actor.user in bet.owners]
    if len(mine) == 1:
        return mine[0]
    example = mine[0] if mine else "B-7"
    raise Refusal(own(f"Which bet? Send it again with its key: `/bets update {example} ...`."))
