"""What people say in the threads of bets: the answer to the week's question, notes, and discussion.

Events come late, twice and in any order, so each is first merged into what is known of its message, and then the
person's replies are looked at together: the outcome depends on what is known alone.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.answers import get_or_insert, save_versions, say_why_not
from bot.actions.offers import do_hear_files
from bot.actions.quotes import forget_quotes
from bot.actions.refreshing import refresh_after
from bot.actions.sample_notes import do_hear_note
from bot.domain.answers import (
    Asked,
    Said,
    Version,
    add_reply_version,
    drop_reply,
    find_answer,
    find_asked,
    is_empty_note,
    is_saved_note,
    take_back_reply,
)
from bot.domain.hearing import MARK, Message, is_meant_as_answer, is_said_anew, merge, read_message, role_of
from bot.domain.records import REFUSED, Bet, Checkin, Heard, Team, Update, Whisper
from bot.domain.words import is_rounded, parse_confidence
from bot.render.checkins import confidence_question, not_recorded_answer
from bot.render.updates import confidence_answer, empty_note_answer, no_update_now_answer
from bot.store import checkins, inbox, outbox, replies, updates
from bot.store.bets import get_bet
from bot.store.teams import get_team


def do_hear_message(tx: Connection, now: datetime, event: dict[str, Any], bot_user: str) -> list[Whisper]:
    """Takes a message, an edit or a deletion in a bet's thread; returns what its author is to be asked, once."""
    message = read_message(event)
    if message is None:
        return []
    if message.deleted_ts:
        inbox.update_text_forgotten(tx, message.channel, message.ts)
    if do_hear_note(tx, now, message, bot_user):
        return []
    bet = _bet_of_thread(tx, message)
    if bet is None:
        return []
    do_hear_files(tx, now, bet, event, samples=message.samples)
    known = replies.get_reply(tx, message.channel, message.ts)
    heard = merge(known, message, bet.id, bot_user, now)
    if heard == known and heard.edit_ts == message.edit_ts and heard.role != "discussion":
        return []
    anew = is_said_anew(known, heard, bet.status) and owed(tx, bet, heard) is not None
    if anew:
        heard = replace(heard, taken_back_ts=None)
    replies.update_reply(tx, heard)
    text = None if heard.deleted else message.text
    told = settle(tx, now, bet, heard, Version(text, None, None, None, "thread", message.edit_ts, now), anew=anew)
    if told or not is_empty_note(heard.text or "") or (known and known.text == heard.text):
        return told
    return [Whisper(heard.channel, message.user, _thread(tx, bet), empty_note_answer())]


def _bet_of_thread(tx: Connection, message: Message) -> Bet | None:
    """The bet whose card, the present or an earlier one, the thread hangs on."""
    if not message.thread_ts or message.thread_ts == message.ts:
        return None
    post = outbox.get_post_at(tx, message.channel, message.thread_ts)
    if post is None or not post.key.startswith("card:"):
        return None
    return get_bet(tx, int(post.key.split(":")[1]))


@dataclass(frozen=True)
class _Case:
    """What decides on a person's answer to one round: everything they said to it, and what was just heard of it.
    `version` is what the event brought of `heard`, None if nothing new was said; `anew`: as of its edit, not before."""

    now: datetime
    bet: Bet
    team: Team
    asked: Asked
    said: dict[str, Heard]
    heard: Heard
    version: Version | None
    anew: bool = False

    @property
    def answer(self) -> Heard | None:
        found = find_answer(Said(reply.ts, reply.plain, reply.taken_back_ts) for reply in self.said.values())
        return self.said[found.ts] if found else None


def settle(
    tx: Connection, now: datetime, bet: Bet, heard: Heard, version: Version | None, *, anew: bool = False
) -> list[Whisper]:
    """Finds the person's answer among their replies to the round that `heard` belongs to, and makes their update say
    it."""
    team, user = get_team(tx, bet.team_id), heard.user or ""
    rounds = checkins.list_asked(tx, team.id, bet.id)
    asked = find_asked(rounds, heard.ts, heard.at)
    if asked is None:
        return _hear_unasked(tx, now, team, bet, heard)
    said = {r.ts: r for r in replies.list_replies(tx, bet.id, user) if find_asked(rounds, r.ts, r.at) == asked}
    case = _Case(now, bet, team, asked, said, heard, version, anew)
    update = updates.get_update(tx, bet.id, user, asked.checkin.week)
    if _is_refused(case, update):
        return _refuse(tx, case)
    attached = _attach(tx, case, update)
    for reply in said.values():
        _store_role(tx, now, team, reply, attached.ts if attached else None)
    if attached is None:
        return []
    refresh_after(tx, team.id, attached)
    question = _question(case, update, attached)
    return [Whisper(heard.channel, user, _thread(tx, bet), question)] if question else []


def _question(case: _Case, update: Update | None, attached: Update) -> dict[str, Any] | None:
    """What the author of what was just heard is to be told or asked, now that their update reads so."""
    heard, key = case.heard, case.bet.key
    if case.version and not heard.plain and not heard.deleted and attached.deleted and update and not update.deleted:
        return no_update_now_answer(key, say_why_not(case.bet))
    taken = attached.ts == heard.ts and attached.confidence is not None
    if taken and case.version and is_rounded(case.version.text or ""):
        return confidence_answer(attached, key)
    # An edit that takes the number away leaves it open anew; one that was asked about before is not asked again.
    edited = update is not None and update.ts == heard.ts
    newly_open = not edited or (update is not None and update.confidence is not None)
    if attached.ts != heard.ts or not newly_open or attached.deleted or attached.confidence is not None:
        return None
    return confidence_question(attached.id, key, edited=edited)


def _hear_unasked(tx: Connection, now: datetime, team: Team, bet: Bet, heard: Heard) -> list[Whisper]:
    """Talk, since nothing is asked about the bet; an owner who states a confidence where none is taken is told why."""
    refused = heard.plain and heard.taken_back_ts is None and bet.status != "live"
    if not refused or parse_confidence(heard.text or "") is None:
        _store_role(tx, now, team, heard, None)
        return []
    _store_role(tx, now, team, replace(heard, taken_back_ts=REFUSED), None)
    return _tell_why_not(tx, bet, heard)


def _is_refused(case: _Case, update: Update | None) -> bool:
    """Whether what was just heard would be the answer, but for its bet, which takes none now."""
    answer = case.answer
    ours = answer is not None and answer.ts == case.heard.ts and answer.taken_back_ts is None
    return ours and case.bet.status != "live" and (update is None or update.deleted)


def _refuse(tx: Connection, case: _Case) -> list[Whisper]:
    """The reply never becomes the update, not even when its bet is live again, unless it is edited then: the next one
    does. An owner who meant it as one is told why."""
    heard, bet = replace(case.heard, taken_back_ts=REFUSED), case.bet
    _store_role(tx, case.now, case.team, heard, None)
    return _tell_why_not(tx, bet, heard) if is_meant_as_answer(heard, case.said.values(), bet.status) else []


def _tell_why_not(tx: Connection, bet: Bet, heard: Heard) -> list[Whisper]:
    if heard.user not in bet.owners:
        return []
    return [Whisper(heard.channel, heard.user, _thread(tx, bet), not_recorded_answer(say_why_not(bet)))]


def _attach(tx: Connection, case: _Case, update: Update | None) -> Update | None:
    """The update as the answer makes it; None when no reply is one: it was given by form or command, or by nobody."""
    answer, versions = case.answer, updates.list_versions(tx, update.id) if update else []
    if answer is not None and answer.refused:
        answer = None  # it never was one
    if update is not None and update.ts is not None and (answer is None or update.ts > answer.ts):
        versions = drop_reply(versions, update.ts)
    if answer is None:
        # What was said is no answer any more, so neither is the confidence that was clicked under it.
        return _save(tx, update, take_back_reply(versions), None) if update and update.ts else None
    if update is None or update.ts != answer.ts:
        if not _may_attach(case, update, versions):
            return None
        update = _begin(tx, case, answer)
        if answer.ts != case.heard.ts:
            versions = add_reply_version(versions, answer.text, answer.edit_ts, case.now)
    if answer.ts == case.heard.ts and case.version is not None:
        versions = add_reply_version(versions, case.version.text, case.version.edit_ts or "", case.now)
    if answer.taken_back_ts is not None:
        forget_quotes(tx, case.now, case.team, {version.text for version in versions if version.text})
        versions = take_back_reply(versions)
    return _save(tx, update, versions, answer)


def _may_attach(case: _Case, update: Update | None, versions: list[Version]) -> bool:
    """Whether a reply can become the update: of an owner, on a live bet, and not after an answer by form or command."""
    if any(version.alive and version.source != "thread" for version in versions):
        return False
    running = case.bet.status == "live" or (update is not None and not update.deleted)
    return running and case.heard.user in case.bet.owners


def _begin(tx: Connection, case: _Case, answer: Heard) -> Update:
    checkin, question = case.asked.checkin, case.asked.question or ""
    said = replace(answer, ts=answer.edit_ts, at=case.now) if case.anew and answer.ts == case.heard.ts else answer
    late = _is_late(tx, checkin, said)
    return get_or_insert(tx, case.now, case.bet, answer.user or "", checkin.week, late=late, question=question)


def _save(tx: Connection, update: Update, versions: list[Version], answer: Heard | None) -> Update:
    """Stores the update with the message it was said in."""
    saved = save_versions(tx, update, versions)
    channel, ts = (answer.channel, answer.ts) if answer else (None, None)
    updates.update_update(tx, update.id, channel=channel, ts=ts)
    return replace(saved, channel=channel, ts=ts)


def _store_role(tx: Connection, now: datetime, team: Team, reply: Heard, answer_ts: str | None) -> None:
    """Remembers what a message is, and shows its author by the mark whether it was recorded."""
    role = role_of(reply, answer_ts)
    replies.update_reply(tx, replace(reply, role=role))
    if reply.deleted:
        outbox.update_reaction_dropped(tx, reply.channel, reply.ts, MARK)
        return
    noted = is_saved_note(reply.text)
    recorded = noted or (role == "update" and reply.taken_back_ts is None)
    outbox.update_reaction(tx, now, team.id, reply.channel, reply.ts, MARK, recorded)


def _is_late(tx: Connection, checkin: Checkin, reply: Heard) -> bool:
    """Whether it was said after the week was closed: below the digest, in Slack's own time, where there is one."""
    if checkin.closed_at is None:
        return False
    digest = outbox.get_post_by_key(tx, f"digest:{checkin.id}")
    return digest.ts < reply.ts if digest and digest.ts else reply.at > checkin.closed_at


def _thread(tx: Connection, bet: Bet) -> str | None:
    card = outbox.get_post(tx, bet.card_id) if bet.card_id else None
    return card.ts if card else None


def owed(tx: Connection, bet: Bet, reply: Heard) -> Asked | None:
    """The round that a reply belongs to, if its author still owes that an answer."""
    asked = find_asked(checkins.list_asked(tx, bet.team_id, bet.id), reply.ts, reply.at)
    known = updates.get_update(tx, bet.id, reply.user or "", asked.checkin.week) if asked else None
    return None if known is not None and not known.deleted else asked
