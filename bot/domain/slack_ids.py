"""What a Slack id looks like, wherever somebody types one. What Slack itself hands over is never judged by this."""

import re

_USER = re.compile(r"[UW][A-Za-z0-9_]{1,31}", re.ASCII)
_CHANNEL = re.compile(r"[CG][A-Za-z0-9_]{1,31}", re.ASCII)


def is_user_id(text: str) -> bool:
    """Whether this may be a person's id, such as U012AB3CD."""
    return _USER.fullmatch(text) is not None


def is_channel_id(text: str) -> bool:
    """Whether this may be the id of a channel, public or private, such as C012AB3CD."""
    return _CHANNEL.fullmatch(text) is not None
