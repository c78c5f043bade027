"""Being away: the form, and the answer that repeats the dates."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from bot.domain.records import Absence
from bot.domain.zones import describe_date
from bot.render import kit
from bot.render.ids import Modal

# So long an absence may be a slip in the year, so its answer says how long it is.
LONG = timedelta(weeks=8)


def away_modal(team_id: int, today: date) -> dict[str, Any]:
    """*I'm away*: from when until when, both days included."""
    blocks = [
        kit.field("from", "From", kit.date_input(today.isoformat())),
        kit.field("until", "Until", kit.date_input(), optional=True, hint="Empty: until the end of that week."),
    ]
    return kit.modal(Modal.AWAY, "I'm away", blocks, submit="Save", private={"team": team_id})


def days_away(first: date, last: date) -> str:
    """The days of an absence in words."""
    return describe_date(first) if first == last else f"{describe_date(first)} until {describe_date(last)} included"


def away_answer(
    name: str | None, first: date, last: date, zone: str, today: date, channel: str | None = None
) -> dict[str, Any]:
    """Who is away when; `name` is None for the person themselves. One of many weeks says how many, with its year; the
    team is named by its `channel` where it was chosen among several."""
    you, others = ("You are", "is") if first <= today else ("You will be", "will be")
    who = you if name is None else f"{kit.esc_line(name, 80)} {others}"
    back = "back" if name is None else f"@{kit.esc_line(name, 40)} back"
    weeks = (last - first + timedelta(days=1)) // timedelta(weeks=1)
    long = f" *That is {weeks} weeks, until the year {last.year}.*" if last - first >= LONG else ""
    end = f"`/bets away {back}` {'ends it' if first <= today else 'takes it back'}"
    rest = f"No reminder comes in that time, and no answer is missed. {end}."
    return kit.answer(f"{who} away{_for(channel)}: {days_away(first, last)} ({zone}).{long} {rest}")


def back_answer(name: str | None, ended: Sequence[Absence], today: date, channel: str | None = None) -> dict[str, Any]:
    """After `back`: which absences are over, and which planned ones are taken back; `channel` as above."""
    if not ended:
        return kit.answer(f"No absence was entered{_for(channel)}, so nothing was changed.")
    planned = [days_away(one.first, one.last) for one in ended if one.first > today]
    back = "Welcome back" if name is None else f"{kit.esc_line(name, 80)} is back"
    lines = [f"{back}{_for(channel, 'in')}."] * (len(planned) < len(ended))
    return kit.answer(" ".join([*lines, *(f"Taken back{_for(channel)}: away {days}." for days in planned)]))


def _for(channel: str | None, word: str = "for") -> str:
    return f" {word} <#{channel}>" if channel else ""
