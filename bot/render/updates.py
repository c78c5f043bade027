"""The forms in which people answer: *My updates*, *Second opinion* and *Confidence*; and what they are told after."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.answers import QUESTION
from bot.domain.calendar import say_week
from bot.domain.records import Bet, Update
from bot.domain.scoping import Assumption
from bot.domain.words import clip
from bot.render import kit
from bot.render.assumptions import MOST_IN_FORM, due_line_blocks, noted_line
from bot.render.ids import Act, Modal

BETS_A_FORM = 10
TEXT, CONFIDENCE, BLOCKED, DAYS = "text", "confidence", "blocked", "days"
# Ten bets' earlier answers together stay within what a view may hold.
EARLIER = 600
# A bet's part at its longest: the line above it, its title, what was said last, four fields; a bet of others has only
# the first two. Each due assumption takes two more; one that was answered takes one, in the place of its two.
_OWNED_BLOCKS, _ASKED_BLOCKS = 9, 2


@dataclass(frozen=True)
class UpdatesForm:
    """What *My updates* asks one person: the bets in their order, those still to come, and their newest own answers.

    `due` are the assumptions of each bet whose check date comes this week; of bets in `asked`, which others own, the
    form asks nothing else. `noted`: the assumption of that bet that was answered in this form a moment ago.
    """

    team_id: int
    bets: Sequence[Bet]
    earlier: dict[int, Update]
    rest: Sequence[int] = ()
    week: str | None = None
    due: Mapping[int, Sequence[Assumption]] = field(default_factory=dict)
    asked: Collection[int] = ()
    noted: Mapping[int, Assumption] = field(default_factory=dict)


def count_fitting(bets: Sequence[Bet], due: Mapping[int, Sequence[Assumption]], asked: Collection[int]) -> int:
    """How many of these bets one form holds with all that it asks about each, at least one."""
    used = 0
    for place, bet in enumerate(bets[:BETS_A_FORM]):
        fields = _ASKED_BLOCKS if bet.id in asked else _OWNED_BLOCKS
        used += fields + 2 * min(len(due.get(bet.id, ())), MOST_IN_FORM)
        if used > kit.MODAL_BLOCKS and place:
            return place
    return min(len(bets), BETS_A_FORM)


def updates_modal(form: UpdatesForm) -> dict[str, Any]:
    """*My updates*: a part for each bet, everything optional, what was said last shown as text."""
    blocks: list[kit.Block] = []
    for bet in form.bets:
        blocks += [kit.divider()] if blocks else []
        blocks.append(kit.section(f"*{bet.key} {kit.esc_line(bet.title, 150)}*"))
        blocks += [] if bet.id in form.asked else _part(bet, form.earlier.get(bet.id), form.week)
        blocks += due_line_blocks(bet, form.due.get(bet.id, ()))
        blocks += [noted_line(form.noted[bet.id])] if bet.id in form.noted else []
    shown, rest = [bet.id for bet in form.bets], list(form.rest)[:300]
    fields = [bet_id for bet_id in shown if bet_id not in form.asked]
    private = {"team": form.team_id, "bets": fields, "shown": shown, "rest": rest}
    submit, close = ("Send", "Cancel") if fields or rest else (None, "Done")
    return kit.modal(Modal.UPDATES, "My updates", blocks, submit=submit, close=close, private=private)


def _part(bet: Bet, earlier: Update | None, week: str | None) -> list[kit.Block]:
    return [
        *(_earlier(earlier, week) if earlier is not None else []),
        kit.field(f"{TEXT}:{bet.id}", QUESTION, kit.text_input(multiline=True), optional=True),
        kit.field(
            f"{CONFIDENCE}:{bet.id}",
            "Confidence",
            kit.text_input(max_length=20, placeholder="0-100"),
            optional=True,
            hint="How sure are you, in percent, that it works out within its appetite?",
        ),
        kit.field(f"{BLOCKED}:{bet.id}", "Blocked by", kit.text_input(), optional=True),
        kit.field(f"{DAYS}:{bet.id}", "Days spent", kit.text_input(max_length=20), optional=True),
    ]


def _earlier(update: Update, week: str | None) -> list[kit.Block]:
    when = "this week" if update.week == week else f"in the {say_week(update.week)}"
    number = "no confidence yet" if update.confidence is None else f"{update.confidence}%"
    blocks = [kit.context(f"You said {when} ({number}). What you leave empty stays as it is.")]
    if update.text:
        blocks.append(kit.typed(clip(update.text, EARLIER)))
    if update.text and len(update.text) > kit.INPUT and update.ts and update.week == week:
        blocks.append(kit.context("Your answer is longer than a form can take: edit it in the thread."))
    return blocks


def sent_answer(saved: Sequence[str]) -> dict[str, Any]:
    """After *Send*, when nothing is left."""
    return kit.answer(f"Saved: {', '.join(saved)}. Thank you.")


def sent_modal(saved: Sequence[str], team_id: int, rest: Sequence[int]) -> dict[str, Any]:
    """After *Send*, while bets are left: what was saved, and the way to the next ones."""
    text = "Saved: " + ", ".join(saved[:10]) + "." if saved else "Nothing was filled in, so nothing was changed."
    left = "1 bet is" if len(rest) == 1 else f"{len(rest)} bets are"
    blocks = [
        kit.section(f"{text} {left} still open."),
        kit.actions(kit.button("More bets", Act.MORE_BETS, style="primary")),
    ]
    private = {"team": team_id, "rest": list(rest)[:300]}
    return kit.modal(Modal.UPDATES, "My updates", blocks, close="Done", private=private)


def opinion_modal(bet: Bet, given: Update | None, owners: int | None) -> dict[str, Any]:
    """*Second opinion* on a bet; `given`: this person's own of this week, with which `owners`' median is shown."""
    blocks = [kit.section(f"*{bet.key} {kit.esc_line(bet.title, 150)}*"), kit.typed(clip(bet.problem, EARLIER))]
    if given is not None and given.confidence is not None:
        shown = f" Its owners say {owners}%." if owners is not None else ""
        blocks.append(kit.context(f"You said {given.confidence}% this week.{shown} Sending again changes yours."))
    blocks += [
        kit.field(CONFIDENCE, "Confidence", kit.text_input(max_length=20, placeholder="0-100")),
        kit.field(TEXT, "Why, in one sentence", kit.text_input(multiline=True), optional=True),
    ]
    return kit.modal(Modal.SECOND_OPINION, "Second opinion", blocks, submit="Send", private={"bet": bet.id})


def confidence_modal(update_id: int, key: str, question: str | None = None) -> dict[str, Any]:
    """*Other...*: any number; `question` is the address at which the question that it was pressed in is replaced."""
    field = kit.field(CONFIDENCE, "Confidence", kit.text_input(max_length=20, placeholder="0-100"))
    private = {"update": update_id} | ({"question": question} if question else {})
    return kit.modal(Modal.CONFIDENCE, f"How sure, {key}?", [field], submit="Save", private=private)


def recorded_answer(bet: Bet, update: Update, *, early: bool, unread: bool = False) -> dict[str, Any]:
    """What somebody is told who has just answered by command or press; `unread`: their words hold a number that is no
    confidence, so that an earlier one stands."""
    what = "Second opinion noted" if update.second_opinion else "Noted"
    number = "no confidence yet" if update.confidence is None else f"{update.confidence}%"
    if unread:
        none = update.confidence is None
        number += (
            ", since I read none in your words" if none else " as before, since I read no confidence in your words"
        )
    said = "no change, " if update.source == "no_change" else ""
    return kit.answer(f"{what} for {bet.key}, {_when(update, early)}: {said}{number}.")


def opinion_noted_modal(bet: Bet, update: Update, *, early: bool) -> dict[str, Any]:
    """In the place of the form behind *Second opinion*, for whoever has just sent it."""
    noted = f"Noted: your second opinion on {bet.key} for the {_when(update, early)} is {update.confidence}%."
    return kit.notice_modal(Modal.NOTICE, "Bets", f"{noted} It is shown when that week's numbers are.")


def _when(update: Update, early: bool) -> str:
    return say_week(update.week) + (" (late)" if update.late else " (early)" if early else "")


def confidence_answer(update: Update, key: str) -> dict[str, Any]:
    """In the place of the question under a reply."""
    return kit.answer(f"Noted: {update.confidence}% on {key}. Thank you.")


def taken_back_answer(key: str, why: str = "") -> dict[str, Any]:
    """In the place of the question under a reply that was no update; `why` the bet takes no answers now, if it takes
    none."""
    return kit.answer(f"All right, that was no update on {key}. {_next_step(why)}")


def no_update_now_answer(key: str, why: str = "") -> dict[str, Any]:
    """Under a reply that was an update until it was edited: into a note, or into words to the bot."""
    gone = f"Edited like that it is no update on {key} any more, and its confidence is gone with it."
    return kit.answer(f"{gone} {_next_step(why)}")


def _next_step(why: str) -> str:
    """How to answer after all, where the bet takes answers."""
    return kit.esc_refusal(why) if why else "The next thing you say here will be, or use the form."


def empty_note_answer() -> dict[str, Any]:
    """Under a reply that says `update:` and nothing behind it."""
    return kit.answer("Nothing stands behind `update:`, so nothing was saved: edit it to say what is to be kept.")
