"""Decisions: the forms that ask for them, and the notice in the bet's thread."""

from typing import Any

from bot.domain.records import Bet, Decision
from bot.domain.zones import describe_date
from bot.render import kit
from bot.render.bets import BetFacts, heading, mentions
from bot.render.ids import Modal

_TITLES = {"kill": ("Kill bet", "Kill bet", Modal.KILL), "ship": ("Ship it", "Ship it", Modal.SHIP)}
_DONE = {
    "kill": "is killed",
    "ship": "has shipped",
    "pause": "is paused",
    "resume": "goes on",
    "withdraw": "is withdrawn",
    "lapse": "has lapsed",
}
CLOCK = "clock"
OUTCOMES = (("yes", "yes"), ("no", "no"), ("unclear", "unclear"))


def ending_modal(kind: str, bet: Bet, private: dict[str, Any], reason: str = "") -> dict[str, Any]:
    """*Kill bet* or *Ship it*: why, what was learned, and whether the bet met its success statement."""
    title, submit, callback = _TITLES[kind]
    blocks = [
        kit.section(f"*{heading(bet)}*"),
        kit.field("reason", "Reason", kit.text_input(reason, multiline=True)),
        kit.field("learning", "What did we learn?", kit.text_input(multiline=True)),
        kit.field("outcome", "Did it meet its success statement?", kit.select(OUTCOMES)),
    ]
    return kit.modal(callback, title, blocks, submit=submit, private=private)


def decided_notice(facts: BetFacts, decision: Decision) -> dict[str, Any]:
    """What the bet's thread says when something was decided."""
    bet = facts.bet
    until = f" until {describe_date(bet.paused_until)}" if decision.kind == "pause" and bet.paused_until else ""
    line = f"{bet.key} {_DONE[decision.kind]}{until}"
    by_clock = "its appetite is over and nobody decided" if decision.kind == "lapse" else "its pause is over"
    why = f"decided by {kit.esc_line(facts.name(decision.by), 80)}" if decision.by != CLOCK else by_clock
    blocks = [kit.section(f"*{line}*, {why}.")]
    if decision.kind in _TITLES:
        blocks += _said(decision)
        blocks.append(kit.section(f"{mentions(bet.owners)}: {_thanks(decision.kind)}"))
    learned = f" Learned: {kit.esc_line(decision.learning, 500)}" if decision.learning else ""
    return kit.message(f"{line} ({kit.esc_line(bet.title, 150)}), {why}.{learned}", blocks)


def _said(decision: Decision) -> list[kit.Block]:
    met = f"*Did it meet its success statement?* {decision.outcome}"
    return [
        kit.section("*Reason*"),
        kit.typed(decision.reason),
        kit.section("*What we learned*"),
        kit.typed(decision.learning),
        kit.section(met),
    ]


def _thanks(kind: str) -> str:
    if kind == "kill":
        return "thank you. Stopping in time makes room for the next bet, and what you learned stays with the team."
    return "thank you, and well done. It is in the hands of those it was made for."


def already_line(bet: Bet, name: str, when: str) -> str:
    """To whoever came second: what was decided, by whom and when."""
    return f"{bet.key} is already {bet.status}: {name} decided that on {when}, so nothing was changed."


def decided_line(bet: Bet, kind: str, zone: str) -> str:
    """What was done, in one line; a date is repeated with its weekday and zone."""
    until = f" until {describe_date(bet.paused_until)} ({zone}), that day included" if bet.paused_until else ""
    more = {
        "pause": f"{until}. Its clock stands still" + ("." if until else f" until `/bets resume {bet.key}`."),
        "resume": ", and its clock runs again.",
        "withdraw": ". Its card says so, and nothing counts it.",
    }
    return f"{bet.key} {_DONE[kind]}" + more.get(kind, ". Its thread has the notice.")
