"""Prediction sets: a bet's story over its versions, and the preview of a file that somebody dropped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.approval import Approval
from bot.domain.predictions import PredictionSet
from bot.domain.records import Bet
from bot.domain.zones import describe_date, local_date
from bot.render import kit
from bot.render.bets import heading
from bot.render.ids import Act
from bot.render.samples import approval_words, metric_words

NEWEST = 10
_NONE = (
    "No prediction set yet: drop a CSV, TSV or JSONL file with the columns `id`, `input` and `prediction` in the bet's "
    "thread, or push one with `bets predictions push`."
)


@dataclass(frozen=True)
class Version:
    """A set with how its samples were judged over all closed rounds; None: no round has closed."""

    found: PredictionSet
    approval: Approval | None = None


def story_message(bet: Bet, versions: Sequence[Version], zone: str, *, open_now: bool) -> dict[str, Any]:
    """A bet's sets, the newest first, with what the metric says and what people said."""
    title = f"Predictions of {heading(bet)}"
    blocks = [kit.section(f"*{title}*")]
    blocks += [kit.section(_version(one, zone)) for one in list(reversed(versions))[:NEWEST]] or [kit.section(_NONE)]
    if len(versions) > NEWEST:
        blocks.append(kit.context(f"and {len(versions) - NEWEST} earlier ones"))
    if open_now:
        blocks.append(kit.context("Samples are being judged now: how that goes is told when the round closes."))
    elif versions:
        blocks.append(kit.actions(kit.button("Post samples now", Act.POST_SAMPLES, {"bet": bet.id})))
    return kit.message(title, blocks)


def _version(one: Version, zone: str) -> str:
    found = one.found
    day = describe_date(local_date(found.created_at, zone))
    rows = "1 row" if found.count == 1 else f"{found.count:,} rows"
    lines = [f"*{kit.esc_line(found.label, 80)}*, {day}, {rows}"]
    lines += [metric_words(found.metric)] if found.metric else []
    if one.approval is None:
        return "\n".join([*lines, "not judged yet"])
    weird = f", weird {one.approval.weird} of {one.approval.votes}" if one.approval.enough else ""
    return "\n".join([*lines, f"{approval_words(one.approval)}{weird}"])
