"""Being away: the form, and the answer that repeats the dates."""

from datetime import date
from typing import Any

from bot.domain.zones import describe_date
from bot.render import kit
from bot.render.ids import Modal


def away_modal(team_id: int, today: date) -> dict[str, Any]:
    """*I'm away*: from when until when, both days included."""
    blocks = [
        kit.field("from", "From", kit.date_input(today.isoformat())),
        kit.field("until", "Until", kit.date_input(), optional=True, hint="Empty: until the end of that week."),
    ]
    return kit.modal(Modal.AWAY, "I'm away", blocks, submit="Save", private={"team": team_id})


def away_answer(name: str | None, first: date, last: date, zone: str) -> dict[str, Any]:
    """Who is away when; `name` is None for the person themselves."""
    days = describe_date(first) if first == last else f"{describe_date(first)} until {describe_date(last)} included"
    who = "You are" if name is None else f"{kit.esc_line(name, 80)} is"
    back = "back" if name is None else f"@{kit.esc_line(name, 40)} back"
    rest = f"No reminder comes in that time, and no answer is missed. `/bets away {back}` ends it."
    return kit.answer(f"{who} away: {days} ({zone}). {rest}")


def back_answer(name: str | None, ended: int) -> dict[str, Any]:
    """After `back`."""
    if not ended:
        return kit.answer("No absence was entered, so nothing was changed.")
    return kit.answer("Welcome back." if name is None else f"{kit.esc_line(name, 80)} is back.")
