"""Pictures and files in messages: made, uploaded unshared, and shown in one message as soon as Slack has them ready.

An upload that is shared posts a message that carries no key of ours, so it could not be reconciled. An unshared one is
invisible and may be repeated. Slack scans a file before it may be shown; a message does not wait longer than half a
minute for that: it goes without its picture, which is put in later by an edit. A file always is, since Slack takes one
in no other way.
"""

import json
import logging
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from http.client import HTTPException
from typing import Any
from urllib.request import Request, urlopen

from slack_sdk.errors import SlackClientError

from bot.actions.pictures import get_images
from bot.domain.records import Post
from bot.reports.charts import draw
from bot.reports.grids import draw_grid
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
Picture = dict[str, Any]


class CannotDraw(Exception):
    """A picture that its values do not allow; its message goes without it."""


def list_pictures(payload: Payload) -> list[Picture]:
    """What a message owes beside its words: one `picture` at its end, `pictures` each in a place of its own, or a
    `file`."""
    one = payload.get("picture") or payload.get("file")
    return [one] if one else list(payload.get("pictures") or [])


def prepare(bot: Bot, post: Post) -> tuple[Payload, dict[str, Any] | None]:
    """The payload with its pictures or file in it, or the row's new values when it has to wait for them."""
    if not list_pictures(post.payload):
        return post.payload, None
    if "file" in post.payload and post.action == "post":
        return _goes_first(bot, post), None
    try:
        shown = _upload_all(bot, post)
        if all(_is_ready(bot, file_id) for _, file_id in shown):
            return _with_pictures(post.payload, shown), None
    except (SlackClientError, OSError, HTTPException, ValueError) as error:
        log.warning("the picture of %s is not there yet: %s", post.key, type(error).__name__)
    now = bot.now()
    waited = now - (post.first_attempt_at or now)
    if waited < (LONGEST_WAIT if post.action == "post" else GIVE_UP):
        wait = READY_EVERY if post.action == "post" or post.attempts < OFTEN else READY_SELDOM
        return post.payload, {"state": "pending", "sent_at": None, "not_before": now + wait}
    return _goes_first(bot, post) if post.action == "post" else without_pictures(post.payload), None


def _goes_first(bot: Bot, post: Post) -> Payload:
    """The message without its picture or file."""
    with bot.transaction() as tx:
        # Decided before the message goes out: killed in between, the picture still follows it.
        outbox.insert_picture_edit(tx, bot.now(), outbox.get_post(tx, post.id) or post)
    return without_pictures(post.payload)


def _upload_all(bot: Bot, post: Post) -> list[tuple[Picture, str]]:
    """Each picture that can be drawn with its file in Slack, which is remembered as soon as it is there."""
    shown = []
    for place, picture in enumerate(list_pictures(post.payload)):
        file_id = picture.get("file_id") if "pictures" in post.payload else post.file_id
        if not file_id or post.attempts == UPLOAD_AGAIN:
            try:
                content = picture["content"].encode() if "content" in picture else _draw(bot, picture)
            except CannotDraw as error:
                log.error("a picture of %s cannot be drawn: %s", post.key, error)
                continue
            file_id = _upload(bot, picture, content)
            post = _remember(bot, post, place, file_id)
        shown.append((picture, file_id))
    return shown


def _remember(bot: Bot, post: Post, place: int, file_id: str) -> Post:
    with bot.transaction() as tx:
        if "pictures" not in post.payload:
            claims.update_row(tx, post.id, file_id=file_id)
            return post
        pictures = list_pictures(post.payload)
        pictures[place] = pictures[place] | {"file_id": file_id}
        claims.update_payload(tx, post, payload := post.payload | {"pictures": pictures})
        return replace(post, payload=payload)


def _upload(bot: Bot, picture: Picture, content: bytes) -> str:
    name = picture.get("name") or f"{picture['chart']}.png"
    told = {"alt_txt": picture["alt"][:1000]} if "alt" in picture else {}
    place = bot.slack.post.files_getUploadURLExternal(filename=name, length=len(content), **told)
    request = Request(str(place["upload_url"]), data=content, headers={"Content-Type": "application/octet-stream"})
    with urlopen(request, timeout=UPLOAD_SECONDS) as answer:
        answer.read()
    bot.slack.post.files_completeUploadExternal(files=[{"id": place["file_id"], "title": picture["title"][:150]}])
    return str(place["file_id"])


def _draw(bot: Bot, picture: Picture) -> bytes:
    try:
        if "grid" in picture:
            return _draw_images(bot, picture["grid"])
        return _drawn(picture["chart"], json.dumps(picture["data"], sort_keys=True))
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise CannotDraw(type(error).__name__) from error


def _draw_images(bot: Bot, grid: list[Any]) -> bytes:
    with bot.reading() as tx:
        numbered = get_images(tx, grid)
    if not any(image for _, images in numbered for image in images):
        raise LookupError
    return draw_grid(numbered)


@lru_cache(maxsize=KEPT)
def _drawn(name: str, data: str) -> bytes:
    """Drawn once while its upload is tried again and again, or the same picture is owed to several people."""
    return draw(name, json.loads(data))


def _is_ready(bot: Bot, file_id: str) -> bool:
    return bool((bot.slack.read.files_info(file=file_id)["file"] or {}).get("mimetype"))


def _with_pictures(payload: Payload, shown: list[tuple[Picture, str]]) -> Payload:
    if "file" in payload:
        return without_pictures(payload) | {"file_ids": [file_id for _, file_id in shown]}
    blocks = list(payload.get("blocks", []))
    for picture, file_id in shown:
        block = {"type": "image", "slack_file": {"id": file_id}, "alt_text": picture["alt"][:1900]}
        at = picture.get("at")
        place = next((place for place, one in enumerate(blocks) if at and one.get("block_id") == at), len(blocks))
        blocks[place : place + 1] = [block | ({"block_id": at} if at else {})]
    return without_pictures(payload) | {"blocks": blocks}


def without_pictures(payload: Payload) -> Payload:
    """The message as it reads until its pictures or its file can be shown."""
    return {name: value for name, value in payload.items() if name not in ("picture", "pictures", "file")}
