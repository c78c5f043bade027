"""Kill criteria that are due: asked in the bet's prompt, and what was answered.

Every block of a criterion is named `criterion-<id>-...`, so that an answer changes that part of the prompt alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.records import Bet, KillCriterion
from bot.domain.zones import describe_date, local_date
from bot.render import kit
from bot.render.ids import Act

ANSWERS = {"failed": "It happened: stop", "passed": "It did not happen", "open": "Not known yet"}
# How many are asked in one prompt, and how long each may be: together they fit into one message.
MOST = 5
_AGAIN = " Another press changes it."
_LONGEST = 1_500


@dataclass(frozen=True)
class AskedCriterion:
    """A kill criterion as a prompt asks it; `by` is the name of who answered, empty while nobody has; `before` is what
    it said before it was changed."""

    criterion: KillCriterion
    by: str = ""
    zone: str = "UTC"
    before: str = ""


def old_and_new(text: str, earlier: Mapping[str, str], limit: int, quote: str = "{}") -> str:
    """A criterion escaped, in a line, with what it said before it was changed; both together cut to `limit`."""
    before = earlier.get(text)
    each = limit // 2 if before else limit
    was = f" (before: “{kit.esc_line(before, each)}”)" if before else ""
    return f"{quote.format(kit.esc_line(text, each))}{was}"


def criteria_prompt_blocks(bet: Bet, checkin_id: int, asked: Sequence[AskedCriterion]) -> list[kit.Block]:
    """The due criteria of a bet, as its prompt asks them."""
    blocks = [block for one in asked[:MOST] for block in criterion_blocks(bet, checkin_id, one)]
    more = len(asked) - MOST
    return [*blocks, kit.context(f"{more} more are due: they are on the card.")] if more > 0 else blocks


def criterion_blocks(bet: Bet, checkin_id: int, asked: AskedCriterion, takes: bool = True) -> list[kit.Block]:
    """One criterion word for word, its answer if there is one, and the three answers to give while it `takes` one."""
    one = asked.criterion
    name, value = f"criterion-{one.id}", {"bet": bet.id, "criterion": one.id, "checkin": checkin_id}
    question = f"*Kill criterion*, due {describe_date(one.due)}. Did it happen?"
    blocks = [
        kit.named(f"{name}-question", kit.section(question)),
        kit.named(f"{name}-text", kit.typed(one.text, _LONGEST)),
    ]
    if asked.before:
        blocks.append(kit.named(f"{name}-before", kit.context(f"Before: “{kit.esc_line(asked.before, 500)}”")))
    if asked.by and one.answered_at is not None:
        day = describe_date(local_date(one.answered_at, asked.zone))
        said = f"*{ANSWERS[one.state]}*, answered by {kit.esc_line(asked.by, 80)} on {day}.{_AGAIN if takes else ''}"
        blocks.append(kit.named(f"{name}-answer", kit.context(said)))
    return [*blocks, kit.actions(*answer_buttons(value), block_id=f"{name}-buttons")] if takes else blocks


def closed(payload: dict[str, Any]) -> dict[str, Any]:
    """A prompt whose round is over: its criteria take no more answers here."""
    kept = []
    for block in payload["blocks"]:
        name = str(block.get("block_id", ""))
        if name.startswith("criterion-") and name.endswith("-answer"):
            said = block["elements"][0]["text"].removesuffix(_AGAIN)
            kept.append(kit.named(name, kit.context(said)))
        elif not (name.startswith("criterion-") and name.endswith("-buttons")):
            kept.append(block)
    return payload | {"blocks": kept}


def answer_buttons(value: dict[str, Any]) -> list[kit.Block]:
    """The three answers to a criterion; `value` names it, its bet and the check-in."""
    return kit.choices(ANSWERS, Act.CRITERION, value)


_HEARD = {"now": "The channel hears of it now.", "later": "It is in line for the next decisions message."}


def criterion_answer(bet: Bet, state: str, heard: str) -> dict[str, Any]:
    """To whoever answered: what was noted, when the channel hears of it (`now`, `later`, empty), and a way to stop."""
    noted = f"Noted on {bet.key}: {ANSWERS[state]}."
    if state == "open":
        return kit.answer(f"{noted} I will ask again next week.")
    if state != "failed":
        return kit.answer(noted)
    follows = _HEARD.get(heard, "It counts against the bet from now on.")
    return kit.answer(f"{noted} {follows}", kit.actions(kit.button("Kill", Act.DO, {"bet": bet.id}, suffix="kill")))
