"""Who tried a bet's demo, and what each said of it in one sentence."""

from dataclasses import dataclass
from datetime import datetime

FORM_FIELD = "said"
SAID_LIMIT = 300


@dataclass(frozen=True)
class Try:
    """One person's word on a demo, the newest they gave."""

    user: str
    said: str
    at: datetime
