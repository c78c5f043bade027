"""What Slack's message events say about one message, and what is known of it after another one of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.answers import is_empty_note, is_note, is_saved_note
from bot.domain.prediction_kinds import is_meant_as_one
from bot.domain.records import Heard
from bot.domain.words import parse_confidence, slack_unescape

# The reaction by which the bot says that it recorded a message.
MARK = "white_check_mark"
# The subtypes of what a person typed just now, edited or deleted: no joins or topics, nor what a bot or workflow says.
TYPED = (None, "thread_broadcast", "file_share", "message_changed", "message_deleted")
# How the text begins of a message that has none, but a file.
SEE_FILE = "see file"


@dataclass(frozen=True)
class Message:
    """A message as one event tells it. `edit_ts`: as of when the text is; `deleted_ts`: when it was deleted;
    `samples`: it is nothing but prediction files, without a word."""

    channel: str
    ts: str
    thread_ts: str | None
    user: str
    text: str
    edit_ts: str
    deleted_ts: str | None = None
    samples: bool = False


def read_message(event: dict[str, Any]) -> Message | None:
    """The event as a message that a person wrote, edited or deleted; None for anything else.

    An edit that carries no mark of one is Slack unfolding a link: nobody wrote anything.
    """
    kind = event.get("subtype")
    told = event
    if kind == "message_changed":
        told = event.get("message") or {}
        if not told.get("edited"):
            return None
    elif kind == "message_deleted":
        told = event.get("previous_message") or {}
    if kind not in TYPED:
        return None
    user, ts = told.get("user"), event.get("deleted_ts") or told.get("ts")
    if not user or user == "USLACKBOT" or told.get("bot_id") or not ts or told.get("subtype") == "tombstone":
        return None
    deleted_ts = str(event.get("event_ts") or event.get("ts") or ts) if kind == "message_deleted" else None
    where = (str(event["channel"]), str(ts), told.get("thread_ts"))
    return Message(*where, str(user), _text(told), _edit_ts(told, str(ts)), deleted_ts, _is_samples(told))


def _edit_ts(told: dict[str, Any], ts: str) -> str:
    """As of when the text is. Slack marks an edit in whole seconds: one in the message's own second, whose mark lies
    before the message, is the next that was said after it."""
    edited = str((told.get("edited") or {}).get("ts") or "")
    if not edited or edited > ts:
        return edited or ts
    seconds, _, fraction = ts.partition(".")
    return f"{seconds}.{int(fraction or 0) + 1:06d}"


def _text(told: dict[str, Any]) -> str:
    """The text as typed; a file without any, but for an `update:`, becomes "see file" with its link."""
    text = slack_unescape(str(told.get("text") or ""))
    files = [str(file.get("permalink") or file.get("name") or "") for file in told.get("files") or []]
    alone = files and (not text.strip() or is_empty_note(text))
    return " ".join([text, SEE_FILE, *files]).strip() if alone else text


def _is_samples(told: dict[str, Any]) -> bool:
    files, typed = told.get("files") or [], str(told.get("text") or "").strip()
    return bool(files) and not typed and all(is_meant_as_one(str(file.get("name") or "")) for file in files)


def is_plain(text: str, bot_user: str) -> bool:
    """Whether these words can be an answer: they are no note, and no command to the bot."""
    return not is_note(text) and f"<@{bot_user}>" not in text and f"<@{bot_user}|" not in text


def merge(known: Heard | None, message: Message, bet_id: int, bot_user: str, now: datetime) -> Heard:
    """What is known of a message after this event, whatever came before: the newest text, and never one that was
    deleted. Prediction files without a word are samples, and no answer."""
    heard = known or Heard(message.channel, message.ts, now)
    heard = replace(heard, bet_id=bet_id, user=message.user)
    # Of two edits in one second, which bear the same mark, the one that is heard later counts.
    if not heard.deleted and message.edit_ts >= heard.edit_ts:
        plain = is_plain(message.text, bot_user) and not message.samples
        heard = replace(heard, text=message.text, edit_ts=message.edit_ts, plain=plain)
    if message.deleted_ts is not None and not heard.deleted:
        # One that was taken back before stays so as of then: what was said since is the answer.
        taken_back = heard.taken_back_ts or message.deleted_ts
        heard = replace(heard, text=None, deleted=True, taken_back_ts=taken_back)
    return heard


def is_meant_as_answer(heard: Heard, said: Iterable[Heard], status: str) -> bool:
    """Whether an owner means this reply as an answer on a bet that takes none in this `status`; `said` is all they
    replied to the question, this among it.

    It states a confidence, or it is the first that is said to the question of a bet that may go on. All else in the
    thread of a bet that ended is talk, and nobody is to be told about that.
    """
    first = min(reply.ts for reply in said if reply.plain) == heard.ts
    return parse_confidence(heard.text or "") is not None or (first and status in ("paused", "lapsed"))


def is_said_anew(known: Heard | None, heard: Heard, status: str) -> bool:
    """Whether an edit makes a refused reply one of the edit's own hour: its bet is live again, or it states a
    confidence only now, so that its author is told why it is not taken."""
    if known is None or not known.refused or heard.deleted or heard.edit_ts == known.edit_ts:
        return False
    before, after = parse_confidence(known.text or ""), parse_confidence(heard.text or "")
    return status == "live" or (before is None and after is not None)


def role_of(heard: Heard, answer_ts: str | None) -> str:
    """What a message is: the update, a note (`update:` or a pin), or discussion."""
    if heard.ts == answer_ts and (heard.deleted or heard.taken_back_ts is None):
        return "update"
    if heard.deleted:
        return heard.role if heard.role == "note" else "discussion"
    noted = heard.pinned or is_saved_note(heard.text)
    return "note" if noted and heard.text is not None else "discussion"
