"""The one place where an error becomes something a person can read."""

import json
import logging
import secrets
from typing import Any

from slack_bolt import BoltResponse
from sqlalchemy.exc import OperationalError

from bot.domain.errors import Duplicate, Refusal, in_backticks
from bot.render.ids import Modal
from bot.render.kit import esc_refusal, notice_modal, refusal_answer
from bot.runtime import Bot
from bot.slack import NoAnswer
from handlers import context, forms

log = logging.getLogger("bets.handlers")

CANNOT_REACH = "I cannot reach Slack just now, so nothing was changed: please try again in a minute."


def on_error(error: Exception, body: dict[str, Any], bot: Bot) -> BoltResponse:
    """Answers in place of a listener that raised.

    A refusal becomes its sentence (beside the fields it names, with everything typed still there; after a command with
    the words given back), a repeated delivery an empty acknowledgement. Where Slack does not say what is needed to act,
    the person is asked to try again. Anything else is a bug, or a database that fails: the person gets a reference, the
    log the trace. An event gets a 503 or a 500 then, so that Slack delivers it again.
    """
    if isinstance(error, Duplicate):
        return BoltResponse(status=200, body="")
    if isinstance(error, Refusal):
        return _answer(bot, body, error.marked, error.fields)
    is_event = body.get("type") == "event_callback"
    if isinstance(error, NoAnswer):
        log.warning("Slack cannot be reached (%s), so somebody was asked to try again", error)
        return BoltResponse(status=503, body="") if is_event else _answer(bot, body, CANNOT_REACH, {})
    reference = secrets.token_hex(4)
    what = "the database failed" if isinstance(error, OperationalError) else "bug"
    log.error("%s %s", what, reference, exc_info=error)
    if is_event:
        return BoltResponse(status=500, body="")
    sentence = (
        "Something went wrong on my side, and nothing was changed. Please try again; "
        f"if it stays so, tell your operator reference {reference}."
    )
    return _answer(bot, body, sentence, {})


def _answer(bot: Bot, body: dict[str, Any], sentence: str, fields: dict[str, str]) -> BoltResponse:
    kind = body.get("type")
    if kind == "view_submission" and not fields and not _first_input(body["view"]):
        return _json({"response_action": "update", "view": notice_modal(Modal.NOTICE, "Bets", esc_refusal(sentence))})
    if kind == "view_submission":
        return _json(
            {"response_action": "errors", "errors": fields or {_first_input(body["view"]): in_backticks(sentence)}}
        )
    if kind == "block_actions":
        click = forms.click(body)
        context.tell(bot, click, refusal_answer(sentence, str(click.value.get("words") or "")))
        return BoltResponse(status=200, body="")
    if kind == "message_action":
        context.tell(bot, forms.shortcut(body), refusal_answer(sentence))
        return BoltResponse(status=200, body="")
    words = f"/bets {forms.command(body).text}" if body.get("command") else ""
    return _json({"response_type": "ephemeral"} | refusal_answer(sentence, words))


def _first_input(view: dict[str, Any]) -> str:
    blocks = [block for block in view.get("blocks") or [] if isinstance(block, dict)]
    return next((str(block.get("block_id")) for block in blocks if block.get("type") == "input"), "")


def _json(answer: dict[str, Any]) -> BoltResponse:
    return BoltResponse(status=200, body=json.dumps(answer), headers={"content-type": ["application/json"]})
