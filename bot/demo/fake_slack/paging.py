"""Cursor paging as Slack does it: an opaque cursor, an empty one at the end."""

import base64
import binascii
from typing import Any

from .errors import SlackError
from .state import Json


def page(items: list[Any], limit: int, cursor: str | None) -> tuple[list[Any], str]:
    """(the page, next cursor); a cursor that Slack did not make is refused."""
    start = 0
    if cursor:
        try:
            start = int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
        except (ValueError, binascii.Error):
            raise SlackError("invalid_cursor") from None
    more = start + limit < len(items)
    return items[start : start + limit], base64.b64encode(f"next:{start + limit}".encode()).decode() if more else ""


def limit_of(args: Json, default: int, most: int) -> int:
    limit = args.get("limit", default)
    if limit < 0:
        raise SlackError("invalid_limit")
    return min(limit or default, most)


def with_cursor(body: Json, cursor: str) -> Json:
    return body | {"response_metadata": {"next_cursor": cursor}}
