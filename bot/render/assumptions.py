"""Assumptions whose check date has come: asked in the bet's prompt, and what was answered.

Every block of an assumption is named `assumption-<id>-...`, so that an answer changes that part of the prompt alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.records import Bet
from bot.domain.scoping import Assumption
from bot.domain.zones import describe_date, local_date
from bot.render import kit
from bot.render.ids import Act, Modal

ANSWERS = {"holds": "Verified", "false": "False", "untested": "Still unknown"}
# How many are asked in one prompt beside the kill criteria, and how long each may be: together they fit one message.
MOST = 3
_LONGEST = 350


@dataclass(frozen=True)
class AskedAssumption:
    """An assumption as a prompt asks it; `by` is the name of who answered, empty while nobody has."""

    assumption: Assumption
    by: str = ""
    zone: str = "UTC"


def assumption_prompt_blocks(bet: Bet, checkin_id: int, asked: Sequence[AskedAssumption]) -> list[kit.Block]:
    """The due assumptions of a bet, as its prompt asks them."""
    blocks = [block for one in asked[:MOST] for block in assumption_blocks(bet, checkin_id, one)]
    more = len(asked) - MOST
    return [*blocks, kit.context(f"{more} more are due: they are in the scope.")] if more > 0 else blocks


def assumption_blocks(bet: Bet, checkin_id: int, asked: AskedAssumption) -> list[kit.Block]:
    """One assumption word for word, its answer if there is one, and the three answers to give."""
    one = asked.assumption
    name, value = f"assumption-{one.id}", {"bet": bet.id, "assumption": one.id, "checkin": checkin_id}
    what = "Critical assumption" if one.critical else "Assumption"
    owner = f" <@{one.owner}>:" if one.owner else ""
    due = f", to be checked by {describe_date(one.check_at)}" if one.check_at else ""
    blocks = [
        kit.named(f"{name}-question", kit.section(f"*{what}*{due}.{owner} Does it hold?")),
        kit.named(f"{name}-text", kit.typed(one.text, _LONGEST)),
    ]
    if one.how:
        blocks.append(kit.named(f"{name}-how", kit.context(f"How to check it: {kit.esc_line(one.how, 150)}")))
    if asked.by and one.answered_at is not None:
        day = describe_date(local_date(one.answered_at, asked.zone))
        said = f"*{ANSWERS[one.state]}*, answered by {kit.esc_line(asked.by, 80)} on {day}. Another press changes it."
        blocks.append(kit.named(f"{name}-answer", kit.context(said)))
    buttons = [
        kit.button(label, Act.ASSUMPTION, value | {"state": state}, suffix=state) for state, label in ANSWERS.items()
    ]
    return [*blocks, kit.actions(*buttons, block_id=f"{name}-buttons")]


def due_line_blocks(bet: Bet, due: Sequence[Assumption]) -> list[kit.Block]:
    """In *My updates*: the first of a bet's due assumptions with its three answers; the others are in the thread."""
    if not due:
        return []
    one, more = due[0], f" ({len(due) - 1} more are asked in the thread)" if len(due) > 1 else ""
    what = "Critical assumption" if one.critical else "Assumption"
    value = {"bet": bet.id, "assumption": one.id}
    buttons = [
        kit.button(label, Act.ASSUMPTION, value | {"state": state}, suffix=state) for state, label in ANSWERS.items()
    ]
    text = f"{what}, does it hold? {kit.esc_line(one.text, 300)}{more}"
    return [kit.context(text), kit.actions(*buttons, block_id=f"assumption-{one.id}-due")]


def later_modal(bet: Bet, one: Assumption, day: date, private: dict[str, Any]) -> dict[str, Any]:
    """*Still unknown*: when it is asked again."""
    blocks = [
        kit.section(f"*{bet.key}* Noted as still unknown, to be checked by {describe_date(day)}:"),
        kit.typed(one.text, _LONGEST),
        kit.field(
            "check_at", "Check date", kit.date_input(day.isoformat()), hint="I ask again in that week's check-in."
        ),
    ]
    return kit.modal(Modal.ASSUMPTION_LATER, "Still unknown", blocks, submit="Save", private=private)


def assumption_answer(bet: Bet, one: Assumption, state: str, nudged: bool) -> dict[str, Any]:
    """To whoever answered: what was noted, and what follows."""
    follows = ""
    if state == "false":
        follows = " The thread hears of it now" if one.critical else " It counts in the advice from now on"
        follows += ", and so does the channel." if nudged else "."
    return kit.answer(f"Noted on {bet.key}: {ANSWERS[state]}.{follows}")


def false_message(bet: Bet, one: Assumption, name: str) -> dict[str, Any]:
    """In the thread, on the same day: an assumption on which the bet rests is false."""
    what = "A critical assumption" if one.critical else "An assumption"
    text = f"{what} of {bet.key} is false, says {kit.esc_line(name, 80)}: {kit.esc_line(one.text, 500)}"
    follows = "What is left of the bet without it? It counts as a hard fact in the advice."
    return kit.message(text, [kit.section(f"*{text}*"), kit.context(follows)] if one.critical else [kit.section(text)])
