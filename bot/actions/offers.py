"""A file dropped in a bet's thread: noticed, offered with a preview, and in use once somebody says *Use it*."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.comparisons import do_compare_new
from bot.actions.predictions import Incoming, insert_incoming, kept_of, note_added, refuse_set
from bot.actions.rights import refuse_unless
from bot.domain.errors import Refusal
from bot.domain.hearing import SEE_FILE
from bot.domain.prediction_kinds import is_prediction_file, why_unread
from bot.domain.predictions import free_label
from bot.domain.records import Actor, Bet, Whisper
from bot.render.predictions import (
    offer_message,
    unfit_message,
    used_answer,
    used_blindly_answer,
    used_blindly_message,
    used_message,
)
from bot.store import predictions as store
from bot.store.bets import get_bet
from bot.store.inbox import insert_event
from bot.store.outbox import get_post_by_key, get_shown_payload, insert_post, update_message
from bot.store.replies import get_reply
from bot.store.tables import prediction_sets
from bot.store.teams import get_team

# What waits in the inbox like an event: fetching takes its time, and may have to be tried again.
KIND = "prediction_file"


@dataclass(frozen=True)
class Dropped:
    """A file in a bet's thread, and who dropped it where: with the message at `ts`. `owed`: that could be an answer to
    the check-in, were it not for samples."""

    file_id: str
    name: str
    bet_id: int
    user: str
    channel: str
    thread_ts: str
    permalink: str = ""
    ts: str = ""
    owed: bool = False


def do_hear_files(tx: Connection, now: datetime, bet: Bet, event: dict[str, Any], *, samples: bool) -> None:
    """Notes the files of a message that can be prediction sets, or may be meant as one, each once: to be fetched, or
    refused, soon after; `samples`: it is nothing but prediction files."""
    if event.get("subtype") not in (None, "file_share", "thread_broadcast"):
        return
    for file in event.get("files") or []:
        file_id, name = str(file.get("id") or ""), str(file.get("name") or "")
        if file_id and (is_prediction_file(name) or why_unread(name)):
            where = (str(event["user"]), str(event["channel"]), str(event["thread_ts"]))
            link, owed = str(file.get("permalink") or ""), samples and str(event["user"]) in bet.owners
            dropped = Dropped(file_id, name, bet.id, *where, permalink=link, ts=str(event["ts"]), owed=owed)
            insert_event(tx, now, f"file:{file_id}:{bet.id}", {"event": {"type": KIND} | asdict(dropped)})


def refused(dropped: Dropped, why: str) -> Whisper:
    """What whoever dropped a file hears when it cannot be used."""
    message = unfit_message(dropped.name, why, dropped.ts if dropped.owed else "")
    return Whisper(dropped.channel, dropped.user, dropped.thread_ts, message)


def get_unread(tx: Connection, dropped: Dropped, why: str) -> list[Whisper]:
    """What whoever dropped a file of another kind hears: nothing where it is their answer to the check-in, since they
    are asked about that."""
    reply = get_reply(tx, dropped.channel, dropped.ts)
    is_answer = reply is not None and reply.role == "update" and (reply.text or "").startswith(SEE_FILE)
    return [] if is_answer else [refused(dropped, why)]


def do_offer_set(tx: Connection, now: datetime, dropped: Dropped, incoming: Incoming) -> list[Whisper]:
    """Stores what was read, unused as yet, and shows it in the thread with *Use it*."""
    bet = get_bet(tx, dropped.bet_id)
    try:
        refuse_set(tx, bet, incoming.digest)
        incoming = kept_of(get_team(tx, bet.team_id), replace(incoming, link=dropped.permalink))
    except Refusal as refusal:
        return [refused(dropped, refusal.marked)]
    given = {"state": store.OFFERED, "file_id": dropped.file_id}
    found = insert_incoming(tx, now, bet, incoming, "file", dropped.user, **given)
    message = offer_message(bet, found, incoming.reading.rows, incoming.reading.unused, dropped.ts)
    where: dict[str, Any] = {"team_id": bet.team_id, "channel": dropped.channel, "parent_id": bet.card_id}
    insert_post(tx, now, _key(found.id), message, **where)
    store.update_named(tx, now, found.id)
    return []


def _key(set_id: int) -> str:
    return f"offer:{set_id}"


def do_use_set(tx: Connection, now: datetime, actor: Actor, set_id: Any) -> dict[str, Any]:
    """*Use it*: the set is in use, under its file's name or the next free one like it. Returns what to say of it; where
    it is compared blindly at once, nothing names it from here on."""
    found = store.get_set_or_none(tx, set_id)
    bet = get_bet(tx, found.bet_id) if found else None
    if found is None or bet is None or bet.team_id not in actor.team_ids:
        raise Refusal("There is no such file here.")
    team = get_team(tx, bet.team_id)
    refuse_unless(actor, team, "vote")
    if found.state != store.OFFERED:
        raise Refusal("Somebody was faster: the file is in use.")
    refuse_set(tx, bet, found.digest)
    label = free_label(found.label, [one.label for one in store.list_ready(tx, [bet.id]).get(bet.id, [])])
    store.update_set(tx, found.id, store.OFFERED, state=store.READY, label=label, created_at=now)
    note_added(tx, now, bet, found, actor.user)
    compared = do_compare_new(tx, now, team, bet)
    post = get_post_by_key(tx, _key(found.id))
    if post is not None:
        name, shown = actor.person.name, get_shown_payload(tx, post)
        update_message(tx, now, post.id, used_blindly_message(bet, name) if compared else used_message(shown, name))
    [found] = store.list_sets(tx, prediction_sets.c.id == found.id)
    return used_blindly_answer(bet) if compared else used_answer(bet, found)
