"""What people say of their own replies afterwards: that one was no update, or a file no samples."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.forgetting import do_withdraw_offer
from bot.actions.replies import owed, settle
from bot.domain.answers import Version
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet
from bot.render.predictions import not_samples_answer
from bot.store import replies, updates
from bot.store.bets import get_bet


def do_take_back(tx: Connection, now: datetime, actor: Actor, update_id: int) -> Bet:
    """*Not an update*: the record of a reply is taken back; the next thing its author says there is the first again."""
    update = updates.get_update_by_id(tx, update_id)
    if update is None or update.user != actor.user:
        raise Refusal("That is not your update: only its author can take it back.")
    reply = replies.get_reply(tx, update.channel or "", update.ts or "")
    if reply is None or update.deleted:
        raise Refusal("That was taken back already.")
    bet = get_bet(tx, update.bet_id)
    newest = max(said.ts for said in replies.list_replies(tx, bet.id, actor.user))
    taken_back = replace(reply, taken_back_ts=newest)
    replies.update_reply(tx, taken_back)
    settle(tx, now, bet, taken_back, None)
    return bet


def do_say_not_samples(
    tx: Connection, now: datetime, actor: Actor, channel: str, ts: Any, set_id: Any
) -> dict[str, Any]:
    """*Not samples*: the file that was sent with the message at `ts` is offered no more and counts as any other file,
    as its sender's answer if the check-in still waits for one. Returns what to say, or to ask, about it."""
    reply = replies.get_reply(tx, channel, str(ts))
    if reply is None or reply.bet_id is None or reply.user != actor.user:
        raise Refusal("That is not your file: only whoever sent it can say that it is no samples.")
    bet = get_bet(tx, reply.bet_id)
    if set_id is not None:
        do_withdraw_offer(tx, now, actor, set_id)
    asked = owed(tx, bet, reply)
    if asked is None or reply.plain or reply.deleted:
        return not_samples_answer(bet)
    meant = replace(reply, plain=True)
    replies.update_reply(tx, meant)
    questions = settle(tx, now, bet, meant, Version(reply.text, None, None, None, "thread", reply.edit_ts, now))
    return questions[0].payload if questions else not_samples_answer(bet)
