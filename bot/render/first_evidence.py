"""The request for a first look at what a bet's model says."""

from collections.abc import Sequence
from typing import Any

from bot.domain.records import Bet
from bot.render import kit
from bot.render.bets import heading, mentions


def evidence_text(day: int, total: int) -> str:
    """Why samples are asked for, in one sentence."""
    return f"Day {day} of {total} and nobody has seen a sample yet"


def samples_wanted_message(bet: Bet, day: int, total: int, owners: Sequence[str]) -> dict[str, Any]:
    """For the bet's thread: some samples, however bad; it mentions those who are asked."""
    why = evidence_text(day, total)
    ask = "Could you show some, however bad? A few rows tell more than a number, and sooner."
    how = "Drop a CSV, TSV or JSONL file with the columns `id`, `input` and `prediction` in this thread."
    blocks = [kit.section(f"{mentions(owners)} *{why}.* {ask}"), kit.context(how)]
    return kit.message(f"{heading(bet)}: {why}. Could you show some, however bad?", blocks)
