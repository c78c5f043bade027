"""The tokens with which training jobs push to a team's bets: what is kept of one, and how often it may be used."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

# Tokens begin so that people, and our own logs, know one when they see one.
START, HINT, MOST_TOKENS = "bets-", 4, 20
# So many pushes may come at once after a quiet spell, and one more in each such time.
AT_ONCE, EVERY = 10, timedelta(seconds=6)


@dataclass(frozen=True)
class TeamToken:
    """A token that is in force. The token itself was shown once; `hint` is how it ends."""

    id: int
    team_id: int
    hint: str
    by: str
    created_at: datetime
    used_at: datetime | None


def hash_of(token: str) -> str:
    """What is kept of a token. It is long and random, so that nobody finds it from this by trying."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def admit(booked: datetime | None, now: datetime) -> tuple[datetime, timedelta]:
    """Until when the token is booked after one more push, and how long to wait before that one (zero: it may come).

    Each push books `EVERY` (the generic cell rate algorithm, ITU-T I.371), and bookings may run `AT_ONCE` ahead; a push
    that must wait books nothing.
    """
    start = max(booked or now, now)
    wait = start - now - (AT_ONCE - 1) * EVERY
    return (start, wait) if wait > timedelta(0) else (start + EVERY, timedelta(0))
