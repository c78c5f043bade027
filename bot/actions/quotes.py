"""Messages of the bot that quote what somebody said: when that is taken back, so is the quote."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.domain.records import Team
from bot.render.portfolio import learning_line
from bot.render.rails import quoted
from bot.store.outbox import list_posts, update_message, update_posted_payload

TAKEN_BACK = "(taken back by its author)"


def forget_quotes(tx: Connection, now: datetime, team: Team, texts: Iterable[str]) -> None:
    """Edits every shared summary and thread message that quotes one of these texts; digests are told anew."""
    quotes = {quote(text): quote(TAKEN_BACK) for text in texts for quote in (learning_line, quoted)}
    for post in [*list_posts(tx, team.id, "summary:"), *list_posts(tx, team.id, "split:")] if quotes else []:
        payload = _replaced(post.payload, quotes)
        if payload != post.payload:
            update_message(tx, now, post.id, payload)
            update_posted_payload(tx, post.id, payload)


def _replaced(node: Any, quotes: dict[str, str]) -> Any:
    if isinstance(node, dict):
        return {key: _replaced(value, quotes) for key, value in node.items()}
    if isinstance(node, list):
        return [_replaced(value, quotes) for value in node]
    if isinstance(node, str):
        for quote, instead in quotes.items():
            node = node.replace(quote, instead)
    return node
