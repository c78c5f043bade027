"""The forms of a bet: *New bet*, *Edit bet*, and the menu of everything that somebody may do with it."""

from collections.abc import Sequence
from typing import Any

from bot.domain.links import LONGEST
from bot.domain.records import Bet
from bot.render import kit
from bot.render.bets import heading
from bot.render.graveyard import Grave, similar_blocks, similar_words
from bot.render.ids import Act, Modal

MAX_TITLE = 150
UPSIDES = tuple((size, size) for size in ("S", "M", "L", "XL"))
ACTIONS = {
    "edit": "Edit",
    "kill": "Kill",
    "double": "Double down",
    "keep": "Keep",
    "ship": "Ship",
    "pause": "Pause",
    "resume": "Resume",
    "scope": "Scope it",
    "change_scope": "Change scope",
    "start": "Start",
    "rebet": "Bet again",
    "tried": "I tried it",
    "withdraw": "Withdraw",
}
_WITHDRAW = "The bet goes away as a mistake: its card says so, and nothing counts it."


def new_bet_modal(author: str, title: str, private: dict[str, Any]) -> dict[str, Any]:
    """*New bet*, with the title as far as it was typed; what does not fit there stands in the problem."""
    title = " ".join(title.split())
    problem = title if len(title) > MAX_TITLE else ""
    blocks = _fields(title, "", "", (author,), "4", "M", "", "", "")
    blocks[1] = kit.prefilled("problem", "Problem, and whose it is", problem)
    blocks += [
        kit.context("*Place bet* runs it as a tent: at once, and unscoped. Or write it down before the work:"),
        kit.actions(kit.button("Scope it now", Act.SCOPE_NOW)),
    ]
    return kit.modal(Modal.BET, "New bet", blocks, submit="Place bet", private=private)


def edit_bet_modal(bet: Bet, private: dict[str, Any]) -> dict[str, Any]:
    """*Edit bet* with everything as it is; texts longer than Slack's fields are said to stay as they are."""
    criteria = "\n".join(item.text for item in bet.kill_criteria)
    tags = " ".join(f"#{tag}" for tag in bet.tags)
    weeks = str(bet.appetite_weeks)
    blocks = _fields(bet.title, bet.problem, bet.hypothesis, bet.owners, weeks, bet.upside, bet.area, criteria, tags)
    hint = "A page where anybody of the team can try it; the bet's thread then asks for a sentence."
    link = kit.text_input(bet.demo_link or "", max_length=LONGEST)
    blocks.append(kit.field("demo_link", "Demo link", link, optional=True, hint=hint))
    private = private | {"bet": bet.id, "version": bet.version}
    return kit.modal(Modal.EDIT_BET, "Edit bet", blocks, submit="Save", private=private)


def _fields(
    title: str,
    problem: str,
    hypothesis: str,
    owners: Sequence[str],
    weeks: str,
    upside: str,
    area: str,
    criteria: str,
    tags: str,
) -> list[kit.Block]:
    until = "One a line, ending in 'by DATE' or 'by week N', such as: recall below 80% by week 3."
    return [
        kit.field("title", "Title", kit.text_input(title, max_length=MAX_TITLE)),
        _long("problem", "Problem, and whose it is", problem),
        _long("hypothesis", "Hypothesis", hypothesis, optional=True),
        kit.field("owners", "Owners", kit.people_input(owners), optional=True, hint="Whom I ask every week."),
        kit.field(
            "appetite_weeks",
            "Appetite (weeks)",
            kit.number_input(weeks, low="1", high="26"),
            optional=True,
            hint="How long to spend before deciding again, 1 to 26.",
        ),
        kit.field("upside", "Upside", kit.select(UPSIDES, upside), optional=True),
        kit.field("area", "Area", kit.text_input(area, max_length=100), optional=True),
        _long("kill_criteria", "Kill criteria", criteria, optional=True, hint=until),
        kit.field("tags", "Tags", kit.text_input(tags), optional=True, hint="With commas, or as #a #b."),
    ]


def _long(name: str, label: str, text: str, *, optional: bool = False, hint: str = "") -> kit.Block:
    if len(text) > kit.INPUT:
        long = f"*{label}* is longer than Slack's forms can hold ({len(text):,} characters) and stays as it is."
        return kit.context(long)
    return kit.field(name, label, kit.text_input(text, multiline=True), optional=optional, hint=hint)


def more_modal(bet: Bet, acts: Sequence[str]) -> dict[str, Any]:
    """Everything that this person may do with the bet now."""
    what = f"*{heading(bet)}*\n" + (
        "What would you like to do?" if acts else "There is nothing you can do with it now."
    )
    blocks = [kit.section(what)]
    if acts:
        blocks.append(kit.actions(*(_act_button(bet, act) for act in acts)))
    return kit.modal(Modal.MORE, "More", blocks, close="Close", private={"bet": bet.id})


def _act_button(bet: Bet, act: str) -> kit.Block:
    button = kit.button(ACTIONS[act], Act.DO, {"bet": bet.id}, suffix=act)
    if act != "withdraw":
        return button
    confirm = {"title": kit.plain("Withdraw this bet?", 100), "text": kit.plain(_WITHDRAW, 300)}
    return button | {"confirm": confirm | {"confirm": kit.plain("Withdraw", 30), "deny": kit.plain("Cancel", 30)}}


def placed_answer(bet: Bet, channel: str, similar: Sequence[Grave] = ()) -> dict[str, Any]:
    """To the author: the key, where the bet lives, and what was killed that resembles it."""
    where = f"Its card is in <#{channel}>; its thread there is the bet's home."
    line = f"{heading(bet)} is placed and live. {where}"
    return kit.message(line + similar_words(similar), [kit.section(line), *similar_blocks(similar, channel)])


def bounds_line(name: str, before: Bet, after: Bet) -> str:
    """What an edit changed in what was agreed on: the appetite and the kill criteria; empty when neither."""
    told = []
    if before.appetite_weeks != after.appetite_weeks:
        told.append(f"appetite {before.appetite_weeks} → {after.appetite_weeks} weeks")
    old, new = (" | ".join(item.text for item in bet.kill_criteria) or "none" for bet in (before, after))
    if old != new:
        told.append(f"kill criteria {kit.esc_line(old, 600)} → {kit.esc_line(new, 600)}")
    return f"{kit.esc_line(name, 80)} changed the {'; the '.join(told)}" if told else ""


def edited_line(bet: Bet, changed: Sequence[str]) -> str:
    """What an edit changed, in one line."""
    names = ", ".join(name.replace("_", " ") for name in changed)
    return f"{bet.key} is saved: {names} changed." if changed else f"{bet.key} is as it was: nothing changed."
