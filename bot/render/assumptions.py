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
# Of one bet in *My updates*: with its fields they fill a form.
MOST_IN_FORM = 40
_LONGEST = 350


@dataclass(frozen=True)
class AskedAssumption:
    """An assumption as a prompt asks it; `by` is the name of who answered, empty while nobody has."""

    assumption: Assumption
    by: str = ""
    zone: str = "UTC"


def assumption_prompt_blocks(bet: Bet, asked: Sequence[AskedAssumption], takes: bool = True) -> list[kit.Block]:
    """The assumptions a prompt asks: those that are open, then what was answered here; with buttons while it `takes`
    answers. As many of each as fit into one message; an answer makes room for the next."""
    waiting = [one for one in asked if not one.by]
    answered = sorted((one for one in asked if one.by), key=lambda one: str(one.assumption.answered_at), reverse=True)
    blocks = [block for one in waiting[:MOST] for block in assumption_blocks(bet, one, takes)]
    if len(waiting) > MOST:
        more = "1 more is" if len(waiting) == MOST + 1 else f"{len(waiting) - MOST} more are"
        said = f"{more} due: an answer here makes room for the next, and My updates asks them all."
        blocks.append(kit.named("assumption-more", kit.context(said)))
    blocks += [block for one in answered[:MOST] for block in _answered_blocks(bet, one, takes)]
    if len(answered) > MOST:
        said = f"{len(answered) - MOST} answered before: the scope has them."
        blocks.append(kit.named("assumption-before", kit.context(said)))
    return blocks


def gone_blocks() -> list[kit.Block]:
    """In the place of assumptions that a later version of the scope has not any more."""
    return [kit.named("assumption-none", kit.context("What was asked here is not in the scope any more."))]


def assumption_blocks(bet: Bet, asked: AskedAssumption, takes: bool = True) -> list[kit.Block]:
    """One open assumption word for word, and the three answers to give while it `takes` one."""
    one = asked.assumption
    name = f"assumption-{one.id}"
    owner = f" <@{one.owner}>:" if one.owner else ""
    due = f", to be checked by {describe_date(one.check_at)}" if one.check_at else ""
    blocks = [
        kit.named(f"{name}-question", kit.section(f"*{_what(one)}*{due}.{owner} Does it hold?")),
        kit.named(f"{name}-text", kit.typed(one.text, _LONGEST)),
    ]
    if one.how:
        blocks.append(kit.named(f"{name}-how", kit.context(f"How to check it: {kit.esc_line(one.how, 150)}")))
    return [*blocks, *([_buttons(bet, one)] if takes else [])]


def _answered_blocks(bet: Bet, asked: AskedAssumption, takes: bool) -> list[kit.Block]:
    one, again = asked.assumption, " Another press changes it." if takes else ""
    day = describe_date(local_date(one.answered_at, asked.zone)) if one.answered_at else ""
    said = f"*{ANSWERS[one.state]}*, answered by {kit.esc_line(asked.by, 80)} on {day}.{again}"
    text = kit.section(f"{_what(one)}: {kit.esc_line(one.text, 120)}\n{said}")
    return [kit.named(f"assumption-{one.id}-answer", text), *([_buttons(bet, one)] if takes else [])]


def _what(one: Assumption) -> str:
    return "Critical assumption" if one.critical else "Assumption"


def _buttons(bet: Bet, one: Assumption) -> kit.Block:
    value = {"bet": bet.id, "assumption": one.id}
    buttons = kit.choices(ANSWERS, Act.ASSUMPTION, value)
    return kit.actions(*buttons, block_id=f"assumption-{one.id}-buttons")


def due_line_blocks(bet: Bet, due: Sequence[Assumption]) -> list[kit.Block]:
    """In *My updates*: a bet's due assumptions, each with its three answers."""
    blocks = []
    for one in due[:MOST_IN_FORM]:
        blocks.append(kit.context(f"{_what(one)}, does it hold? {kit.esc_line(one.text, 300)}"))
        blocks.append(_buttons(bet, one))
    more = len(due) - MOST_IN_FORM
    return [*blocks, kit.context(f"{more} more are asked when these are answered.")] if more > 0 else blocks


def noted_line(one: Assumption) -> kit.Block:
    """In *My updates*: the answer that was given there a moment ago."""
    return kit.context(f"Noted as *{ANSWERS[one.state]}*: {kit.esc_line(one.text, 300)}")


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


def assumption_answer(bet: Bet, one: Assumption, state: str, nudged: bool, again: bool = False) -> dict[str, Any]:
    """To whoever answered: what was noted, and what follows; `again`: it was noted so before."""
    if again:
        return kit.answer(f"{ANSWERS[state]} is noted on {bet.key} already: nothing has changed.")
    follows = ""
    if state == "false":
        follows = " The thread hears of it now" if one.critical else " It counts in the advice from now on"
        follows += ", and so does the channel." if nudged else "."
    return kit.answer(f"Noted on {bet.key}: {ANSWERS[state]}.{follows}")


def false_message(bet: Bet, one: Assumption, name: str, corrected_by: str = "") -> dict[str, Any]:
    """In the thread, on the same day: an assumption on which the bet rests is false. Once that is corrected the same
    message says by whom (a name) and to what."""
    what = "A critical assumption" if one.critical else "An assumption"
    if corrected_by:
        now = {"holds": "is verified"}.get(one.state, "is open again")
        corrected = f"{what} of {bet.key} {now}, says {kit.esc_line(corrected_by, 80)}: {kit.esc_line(one.text, 500)}"
        return kit.message(corrected, [kit.section(corrected), kit.context("The False that stood here was corrected.")])
    text = f"{what} of {bet.key} is false, says {kit.esc_line(name, 80)}: {kit.esc_line(one.text, 500)}"
    follows = "What is left of the bet without it? It counts as a hard fact in the advice."
    return kit.message(text, [kit.section(f"*{text}*"), kit.context(follows)] if one.critical else [kit.section(text)])
