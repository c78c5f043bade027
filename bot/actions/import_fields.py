"""Single fields of rows that come from outside: each is read as what it must be, or refused by its name."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from bot.domain.errors import Refusal
from bot.domain.slack_ids import is_user_id

Values = dict[str, Any]


class Follows(Exception):
    """A row that is only wrong because another one is: that one is told."""


def gather(**reads: Callable[[], Any]) -> Values:
    """What each of them reads, by its name; what is wrong with any of them is one refusal that tells it all."""
    found, wrong, follows = {}, {}, False
    for name, read in reads.items():
        try:
            found[name] = read()
        except Refusal as refusal:
            wrong[name] = refusal.message
        except Follows:
            follows = True
    if wrong:
        raise Refusal(next(iter(wrong.values())), fields=wrong)
    if follows:
        raise Follows
    return found


def get(values: Values, name: str) -> Any:
    """What stands there, which may be null; refused when there is no such field."""
    if name not in values:
        raise Refusal(f"the field `{name}` is missing.")
    return values[name]


def text(values: Values, name: str) -> str:
    """A text; it may be empty, it must be there."""
    found = get(values, name)
    if not isinstance(found, str):
        raise Refusal(f"the field `{name}` is no text.")
    return found


def text_or_none(values: Values, name: str) -> str | None:
    """A text, or None when it is null or missing."""
    return None if values.get(name) is None else text(values, name)


def text_or(values: Values, name: str, default: str) -> str:
    """A text, or `default` when it is null or empty; the field must be there."""
    return default if get(values, name) is None else text(values, name) or default


def texts(values: Values, name: str) -> list[str]:
    """A list of texts."""
    found = get(values, name)
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise Refusal(f"the field `{name}` is no list of texts.")
    return found


def texts_or_none(values: Values, name: str) -> list[str]:
    """A list of texts; empty when it is null."""
    return [] if get(values, name) is None else texts(values, name)


def objects_or_none(values: Values, name: str) -> list[Values]:
    """A list of JSON objects; empty when it is null."""
    return [] if get(values, name) is None else objects(values, name)


def objects(values: Values, name: str) -> list[Values]:
    """A list of JSON objects."""
    found = get(values, name)
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Refusal(f"the field `{name}` is no list of objects.")
    return found


def object_or_none(values: Values, name: str) -> Values | None:
    """A JSON object, or None when it is null or missing."""
    found = values.get(name)
    if found is not None and not isinstance(found, dict):
        raise Refusal(f"the field `{name}` is no object.")
    return found


def amount(values: Values, name: str) -> float:
    """A number from 0 on; 0 when it is null or missing."""
    found: float = 0.0 if values.get(name) is None else number(values, name, float)
    if found < 0:
        raise Refusal(f"the field `{name}` is less than 0.")
    return found


def user(values: Values, name: str) -> str:
    """A person's Slack id."""
    found = str(values.get(name) or "").strip()
    if not is_user_id(found):
        raise Refusal(f"'{found[:40]}' is no Slack user id: write `{name}` like U012AB3CD.")
    return found


def users(values: Values, name: str) -> list[str]:
    """People's Slack ids, as a list or with semicolons between them; at least one."""
    found = values.get(name) or []
    given = found.split(";") if isinstance(found, str) else found
    if not isinstance(given, list):
        raise Refusal(f"the field `{name}` is no list of Slack user ids.")
    ids = [user({name: one}, name) for one in given if str(one).strip()]
    if not ids:
        raise Refusal(f"it names nobody: fill `{name}` with Slack user ids, separated by `;` in a CSV.")
    return list(dict.fromkeys(ids))


def flag(values: Values, name: str) -> bool:
    """True or false; false when it is null or missing."""
    found = values.get(name) or False
    if not isinstance(found, bool):
        raise Refusal(f"the field `{name}` is neither true nor false.")
    return found


def number(values: Values, name: str, kind: type[int] | type[float] = int) -> Any:
    """A number of this kind."""
    found = get(values, name)
    if isinstance(found, bool) or not isinstance(found, (int, kind)) or not abs(found) < 10**9:
        raise Refusal(f"the field `{name}` is no number.")
    return kind(found)


def instant(values: Values, name: str) -> datetime | None:
    """An instant in ISO 8601, UTC when it names no zone; None when it is null, empty or missing."""
    found = values.get(name)
    if not found:
        return None
    try:
        at = datetime.fromisoformat(found)
    except (ValueError, TypeError):
        raise Refusal(f"'{str(found)[:40]}' is no instant: write `{name}` like 2026-12-11T09:00:00Z.") from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def instant_of(values: Values, name: str) -> datetime:
    """An instant that must be there."""
    get(values, name)
    found = instant(values, name)
    if found is None:
        raise Refusal(f"the field `{name}` is empty.")
    return found


def day(values: Values, name: str) -> date | None:
    """A date in ISO 8601; None when it is null, empty or missing."""
    found = values.get(name)
    try:
        return date.fromisoformat(str(found).strip()) if found else None
    except ValueError:
        raise Refusal(f"'{str(found)[:40]}' is no date: write `{name}` like 2026-12-11.") from None


def day_of(values: Values, name: str) -> date:
    """A date that must be there."""
    get(values, name)
    found = day(values, name)
    if found is None:
        raise Refusal(f"the field `{name}` is empty.")
    return found
