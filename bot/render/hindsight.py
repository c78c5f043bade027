"""Eight weeks after a decision: the question whether it was right, and what was said."""

from typing import Any

from bot.domain.records import Bet, Decision
from bot.domain.zones import describe_date, local_date
from bot.render import kit
from bot.render.bets import heading
from bot.render.decided import WORDS
from bot.render.ids import Act

VERDICTS = {"right": "It was right", "wrong": "It was wrong", "too_early": "Too early to say"}


def hindsight_message(bet: Bet, decision: Decision, zone: str) -> dict[str, Any]:
    """To who decided: what, when and why, in their own words, and whether they would say it was right."""
    line = _line(bet, decision, zone)
    blocks = [kit.section(line)]
    blocks += [kit.section("*Your reason then*"), kit.typed(decision.reason, 1_000)] if decision.reason else []
    buttons = [
        kit.button(label, Act.HINDSIGHT, {"decision": decision.id, "verdict": verdict}, suffix=verdict)
        for verdict, label in VERDICTS.items()
    ]
    asked = "Was that right, as far as you can tell today? I ask once, and it goes into the bet's history."
    return kit.message(f"{_plain(line)} Was it right?", [*blocks, kit.section(asked), kit.actions(*buttons)])


def judged_message(bet: Bet, decision: Decision, verdict: str, zone: str) -> dict[str, Any]:
    """In the place of the question: what was said."""
    return kit.answer(f"{_line(bet, decision, zone)} Eight weeks later you said: *{VERDICTS[verdict]}*. Thank you.")


def _line(bet: Bet, decision: Decision, zone: str) -> str:
    when = describe_date(local_date(decision.created_at, zone))
    return f"*{heading(bet, 150)}*: on {when} you {WORDS[decision.kind].did}."


def _plain(line: str) -> str:
    return line.replace("*", "")
