"""How Slack stores what a person types: &, < and > escaped, mentions, channels and links as entities."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .world import World

_LINK = re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?)\]'\"]")
_NAME = re.compile(r"(?<![\w@/])@([\w.\-]*\w)")
_CHANNEL = re.compile(r"(?<![\w#/&])#([\w\-]+)")
_BROADCASTS = ("here", "channel", "everyone")


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def encode(world: "World", text: str, with_name: bool = False) -> str:
    """`with_name` is the form of slash commands: <@U1|ada>, <#C1|general>; unknown names stay as typed."""
    users = {user.name.lower(): user.id for user in world.users.values()}
    channels = {channel.name: channel.id for channel in world.channels_by_id.values() if channel.kind != "im"}

    def mention(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in _BROADCASTS:
            return f"<!{name}>"
        found = users.get(name.lower())
        return match.group(0) if found is None else f"<@{found}|{name}>" if with_name else f"<@{found}>"

    def channel(match: re.Match[str]) -> str:
        found = channels.get(match.group(1))
        return match.group(0) if found is None else f"<#{found}|{match.group(1)}>"

    parts, end = [], 0
    for link in _LINK.finditer(text):
        parts += [_CHANNEL.sub(channel, _NAME.sub(mention, escape(text[end : link.start()])))]
        parts += [f"<{escape(link.group(0))}>"]
        end = link.end()
    return "".join([*parts, _CHANNEL.sub(channel, _NAME.sub(mention, escape(text[end:])))])


def rich_text(text: str, block_id: str) -> list[dict[str, object]]:
    """The block that Slack's client adds to a person's message (one section, its text unformatted)."""
    if not text:
        return []
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return [{"type": "rich_text", "block_id": block_id, "elements": [section]}]
