"""What people write under samples: a reply that starts with a printed number is kept as that sample's note."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.samples import result_key, round_of_key
from bot.domain.hearing import MARK, Message, merge
from bot.domain.predictions import SampleDraw, noted_number, noted_words
from bot.domain.records import Heard, Post
from bot.render.sample_notes import Noted, with_notes
from bot.store import replies
from bot.store import samples as store
from bot.store.outbox import (
    get_post_at,
    get_post_by_key,
    get_shown_payload,
    update_message,
    update_posted_payload,
    update_reaction,
    update_reaction_dropped,
)
from bot.store.people import list_names
from bot.store.samples import Placed
from bot.store.tables import sample_draws, samples


def do_hear_note(tx: Connection, now: datetime, message: Message, bot_user: str) -> bool:
    """Keeps a note as long as it begins with the number; returns whether it is one, since then it is no update.

    What was recorded as an update already stays one, whatever it is edited to.
    """
    known, before = replies.get_reply(tx, message.channel, message.ts), store.get_noted(tx, message.channel, message.ts)
    if known is not None and known.role == "update":
        return False
    heard = merge(known, message, (known.bet_id if known else None) or 0, bot_user, now)
    noted = _find_noted(tx, message, heard)
    if noted is not None:
        replies.update_reply(tx, replace(heard, bet_id=noted.draw.bet_id, plain=False))
        store.update_note(tx, heard.channel, heard.ts, noted.sample.id)
        update_reaction(tx, now, noted.round.team_id, heard.channel, heard.ts, MARK, True)
        _refresh_results(tx, now, noted.sample.id, before)
        return True
    if before is None:
        return False
    replies.update_reply(tx, heard)
    if heard.deleted:
        update_reaction_dropped(tx, heard.channel, heard.ts, MARK)
        _refresh_results(tx, now, before)
        return True
    store.update_note(tx, heard.channel, heard.ts, None)
    _refresh_results(tx, now, before)
    placed = store.get_placed(tx, before)
    assert placed is not None
    update_reaction(tx, now, placed.round.team_id, heard.channel, heard.ts, MARK, False)
    return False


def _refresh_results(tx: Connection, now: datetime, *sample_ids: int | None) -> None:
    """The results that tell of notes on these samples tell them as they are now; how they read before is kept nowhere,
    since it may have been taken back."""
    ids = [one for one in sample_ids if one is not None]
    for draw_id in {one.draw_id for one in store.list_samples(tx, samples.c.id.in_(ids))}:
        post = get_post_by_key(tx, result_key(draw_id))
        if post is not None:
            payload = with_notes(get_shown_payload(tx, post), list_noted(tx, samples.c.draw_id == draw_id))
            update_message(tx, now, post.id, payload)
            update_posted_payload(tx, post.id, payload)


def list_noted(tx: Connection, *where: Any) -> list[Noted]:
    """The notes on samples that meet the conditions, with their authors' names."""
    found = store.list_notes(tx, *where)
    names = list_names(tx, {one.user for one in found})
    return [Noted(one.number, names.get(one.user, ""), noted_words(one.text)) for one in found]


def _find_noted(tx: Connection, message: Message, heard: Heard) -> Placed | None:
    """The printed sample that the words begin with."""
    number = noted_number(heard.text or "")
    if number is None or not message.thread_ts or message.thread_ts == message.ts:
        return None
    post = get_post_at(tx, message.channel, message.thread_ts)
    draws = [draw.id for draw in _list_draws(tx, heard, post)] if post else []
    found = store.list_samples(tx, samples.c.draw_id.in_(draws), samples.c.number == number)
    return store.get_placed(tx, found[0].id) if found else None


def _list_draws(tx: Connection, heard: Heard, post: Post) -> list[SampleDraw]:
    """What is judged in a thread: the round of its first message, or in a bet's thread the open one posted there."""
    found = round_of_key(post.key)
    if found is None and post.key.startswith("card:"):
        running = store.get_open_round(tx, int(post.key.split(":")[1]))
        found = running.id if running and running.by and running.posted_at <= heard.at else None
    return store.list_draws(tx, sample_draws.c.round_id == found) if found else []
