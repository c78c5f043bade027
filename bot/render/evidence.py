"""All of the evidence behind a nudge, for the bet's thread."""

from typing import Any

from bot.domain.policy import Advice
from bot.domain.summary import Line
from bot.render import kit
from bot.render.bets import heading
from bot.render.nudges import INDEX, VOTES, Packet
from bot.render.portfolio import chart_alt, chart_data


def details_message(packet: Packet) -> dict[str, Any]:
    """All of the evidence, for the bet's thread, with the picture of its confidence and effort."""
    bet, advice = packet.bet, packet.advice
    start = f"• A fresh bet here starts at {100 * advice.base:.0f} in 100"
    lines = [start, *(f"• {_signed(line.points)}: {kit.esc_line(line.text, 260)}" for line in _by_size(advice))]
    index = [kit.esc_line(line.text, 260) for line in advice.reasons if line.code == INDEX]
    text = "\n".join([f"*Evidence on {heading(bet)}*", *lines[:21]])
    small = "+ speaks for the bet, - against it; about 0.7 doubles or halves the odds."
    if any(line.code == VOTES for line in advice.lines):
        small += " “Could be” is meant 9 times in 10; a result of samples, 19 times in 20, is wider."
    blocks = [kit.section(text), *[kit.section(line) for line in index], kit.context(small)]
    return kit.message(f"Evidence on {heading(bet)}", blocks) | {"picture": _picture(packet)}


def _signed(points: float) -> str:
    """Points with one digit; what rounds to nothing speaks neither for nor against."""
    return f"{points:+.1f}" if abs(points) >= 0.05 else "0.0"


def _by_size(advice: Advice) -> list[Any]:
    return sorted(advice.lines, key=lambda line: (-abs(line.points), line.code, line.text))


def _picture(packet: Packet) -> dict[str, Any]:
    bet = packet.bet
    line = Line(bet, packet.confidence, (), packet.used, packet.weeks, packet.spent, packet.agreed)
    title = f"{bet.key}: confidence and effort"
    return {"chart": "bet", "data": chart_data([line]), "alt": chart_alt([line]), "title": title}
