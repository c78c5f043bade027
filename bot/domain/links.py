"""Addresses that people name: shown as a link only where nothing but a web page can be behind it."""

import re
from urllib.parse import urlsplit

from bot.domain.errors import Refusal

LONGEST = 1_000
# What stands in no address as it is, and what would end Slack's own mark for a link.
_LINK = re.compile(r"https?://[^\s<>|\"\\^`{}]+", re.IGNORECASE)


def is_link(text: str) -> bool:
    """Whether it is the address of a web page, by http or https, that names nobody to log in as."""
    if not (_LINK.fullmatch(text) and text.isprintable() and len(text) <= LONGEST):
        return False
    try:
        return bool(urlsplit(text).hostname) and "@" not in urlsplit(text).netloc
    except ValueError:
        return False


def host_of(link: str) -> str:
    """Where it leads."""
    return urlsplit(link).hostname or ""


def read_link(text: str, field: str) -> str | None:
    """The address as typed, None where nothing is; anything else is refused beside `field`."""
    link = text.strip()
    if link and not is_link(link):
        raise Refusal("Write the whole address of a web page, such as https://demo.example/try.", field)
    return link or None


def message_link(workspace: str, channel: str, ts: str) -> str:
    """Where Slack shows one message, as it says itself (chat.getPermalink); nothing where `workspace` is no address."""
    return f"{workspace.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}" if is_link(workspace) else ""
