"""Pictures and files in messages: made, uploaded unshared, and shown in one message as soon as Slack has them ready.

An upload that is shared posts a message that carries no key of ours, so it could not be reconciled. An unshared one is
invisible and may be repeated. Slack scans a file before it may be shown; a message does not wait longer than half a
minute for that: it goes without its picture, which is put in later by an edit. A file always is, since Slack takes one
in no other way.
"""

import json
import logging
from datetime import timedelta
from functools import lru_cache
from http.client import HTTPException
from typing import Any
from urllib.request import Request, urlopen

from slack_sdk.errors import SlackClientError

from bot.domain.records import Post
from bot.reports.charts import draw
from bot.runtime import Bot
from bot.store import claims, outbox

log = logging.getLogger("bets.pictures")

# How often Slack is asked whether it has the picture ready: at first, and once it takes long.
READY_EVERY, READY_SELDOM, OFTEN = timedelta(seconds=2), timedelta(minutes=1), 30
LONGEST_WAIT = timedelta(seconds=30)
GIVE_UP = timedelta(minutes=30)
# An upload that is not ready by then may have come in blank: it is made once more.
UPLOAD_AGAIN = 40
UPLOAD_SECONDS = 10
# Pictures that are kept drawn: each is about a hundred kilobytes.
KEPT = 8

Payload = dict[str, Any]


class CannotDraw(Exception):
    """A chart that its values do not allow; its message goes without it."""


def prepare(bot: Bot, post: Post) -> tuple[Payload, dict[str, Any] | None]:
    """The payload with its picture or file in it, or the row's new values when it has to wait for that."""
    picture = post.payload.get("picture") or post.payload.get("file")
    if not picture:
        return post.payload, None
    if "file" in post.payload and post.action == "post":
        return _goes_first(bot, post), None
    try:
        file_id = post.file_id if post.file_id and post.attempts != UPLOAD_AGAIN else _upload(bot, post, picture)
        if _is_ready(bot, file_id):
            return _with_picture(post.payload, file_id), None
    except CannotDraw as error:
        log.error("the picture of %s cannot be drawn: %s", post.key, error)
        return _without_picture(post.payload), None
    except (SlackClientError, OSError, HTTPException, ValueError) as error:
        log.warning("the picture of %s is not there yet: %s", post.key, type(error).__name__)
    now = bot.now()
    waited = now - (post.first_attempt_at or now)
    if waited < (LONGEST_WAIT if post.action == "post" else GIVE_UP):
        wait = READY_EVERY if post.action == "post" or post.attempts < OFTEN else READY_SELDOM
        return post.payload, {"state": "pending", "sent_at": None, "not_before": now + wait}
    return _goes_first(bot, post) if post.action == "post" else _without_picture(post.payload), None


def _goes_first(bot: Bot, post: Post) -> Payload:
    """The message without its picture or file."""
    with bot.transaction() as tx:
        # Decided before the message goes out: killed in between, the picture still follows it.
        outbox.insert_picture_edit(tx, bot.now(), post)
    return _without_picture(post.payload)


def _upload(bot: Bot, post: Post, picture: dict[str, Any]) -> str:
    if "content" in picture:
        name, content, told = picture["name"], picture["content"].encode(), {}
    else:
        name, content, told = f"{picture['chart']}.png", _draw(picture), {"alt_txt": picture["alt"][:1000]}
    place = bot.slack.post.files_getUploadURLExternal(filename=name, length=len(content), **told)
    request = Request(str(place["upload_url"]), data=content, headers={"Content-Type": "application/octet-stream"})
    with urlopen(request, timeout=UPLOAD_SECONDS) as answer:
        answer.read()
    bot.slack.post.files_completeUploadExternal(files=[{"id": place["file_id"], "title": picture["title"][:150]}])
    with bot.transaction() as tx:
        claims.update_row(tx, post.id, file_id=place["file_id"])
    return str(place["file_id"])


def _draw(picture: dict[str, Any]) -> bytes:
    try:
        return _drawn(picture["chart"], json.dumps(picture["data"], sort_keys=True))
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise CannotDraw(type(error).__name__) from error


@lru_cache(maxsize=KEPT)
def _drawn(name: str, data: str) -> bytes:
    """Drawn once while its upload is tried again and again, or the same picture is owed to several people."""
    return draw(name, json.loads(data))


def _is_ready(bot: Bot, file_id: str) -> bool:
    return bool((bot.slack.read.files_info(file=file_id)["file"] or {}).get("mimetype"))


def _with_picture(payload: Payload, file_id: str) -> Payload:
    if "file" in payload:
        return _without_picture(payload) | {"file_ids": [file_id]}
    picture = payload["picture"]
    block = {"type": "image", "slack_file": {"id": file_id}, "alt_text": picture["alt"][:1900]}
    return _without_picture(payload) | {"blocks": [*payload.get("blocks", []), block]}


def _without_picture(payload: Payload) -> Payload:
    return {name: value for name, value in payload.items() if name not in ("picture", "file")}
