"""What a guard rail says in a bet's thread: two people who see it differently, or one who has been alone for long."""

from typing import Any

from bot.domain.records import Bet
from bot.render import kit
from bot.render.bets import heading


def split_message(bet: Bet, sides: list[tuple[str, str, int, str]]) -> dict[str, Any]:
    """Two people's numbers on one bet that lie far apart, with what each said; `sides` are (user, name, number, text).

    It mentions the two, since it is they who are asked to talk.
    """
    numbers = ", ".join(f"{kit.esc_line(name, 60)} {number}%" for _, name, number, _ in sides)
    asked = " and ".join(f"<@{user}>" for user, *_ in sides)
    question = f"{asked}, what does one know that the other does not?"
    blocks = [kit.section(f"*You see {heading(bet)} differently: {numbers}.* {question}")]
    blocks += [kit.section(said_line(name, text)) for _, name, _, text in sides if text]
    return kit.message(f"{heading(bet)}: {numbers}. What does one know that the other does not?", blocks)


def said_line(name: str, text: str) -> str:
    """What somebody said."""
    return f"{kit.esc_line(name, 60)}: {quoted(text)}"


def quoted(text: str) -> str:
    """Somebody's words inside our own: found again as they stand here when they are taken back."""
    return f"“{kit.esc_line(text, 400)}”"


def alone_message(bet: Bet, sentence: str) -> dict[str, Any]:
    """That one person has been alone on the bet for long, as a sentence of the rail's."""
    text = f"{heading(bet)}: {kit.esc_line(sentence, 300)}"
    return kit.message(text, [kit.section(text)])
