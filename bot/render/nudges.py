"""The decisions message with its packets, what becomes of a packet, and the details in the bet's thread.

Every block of a packet is named `nudge-<id>-...`, so that one packet changes while the others stay as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.domain.approval import Approval
from bot.domain.bets import days_total
from bot.domain.policy import KILL, Advice
from bot.domain.records import Bet, Confidence, KillCriterion
from bot.domain.summary import Line
from bot.domain.words import sparkline
from bot.domain.zones import describe_date
from bot.render import kit
from bot.render.bets import heading
from bot.render.criteria import answer_buttons
from bot.render.ids import Act
from bot.render.portfolio import chart_alt, chart_data
from bot.render.samples import approval_words

WARNINGS = 10
_CRITERIA = 1_200
_ASKED = 2
_STATES = {"open": "open", "passed": "did not happen", "failed": "happened"}
_APPETITES = "appetites"
_USED_UP = "the appetite is used up."
_LAPSE = "A bet with a used-up appetite lapses in a week without a decision: bet again, keep, ship or stop."


@dataclass(frozen=True)
class Standing:
    """What became of a nudge: who decided or snoozed it, and how the blind vote went, each in words, else empty.

    `votable`: the blind vote is open; `overdue`: the kill criteria of which it asks whether they happened.
    """

    nudge: int
    bet: Bet
    advice: str
    result: str = ""
    snoozed: str = ""
    votes: str = ""
    votable: bool = True
    overdue: Sequence[KillCriterion] = ()


@dataclass(frozen=True)
class Packet:
    """One nudge with its evidence. `used` and `weeks` are weeks, `spent` and `agreed` people-weeks, over all appetites;
    `latest` is the confidence that its reasons speak of; `leads` are named when the same was advised before; `verdict`
    is what people said of the newest samples."""

    standing: Standing
    advice: Advice
    confidence: Confidence
    used: float
    weeks: float
    spent: float
    agreed: float
    latest: int | None = None
    leads: Sequence[str] = field(default_factory=tuple)
    verdict: Approval | None = None

    @property
    def bet(self) -> Bet:
        return self.standing.bet


def decisions_message(title: str, packets: Sequence[Packet], warnings: Sequence[str] = ()) -> dict[str, Any]:
    """The week's nudges, or one of today, and which appetites run out; `warnings` are lines of ours."""
    keys = ", ".join(packet.bet.key for packet in packets)
    said = f"{title}: advice on {keys}" if packets else f"{title}: appetites that run out"
    blocks = [kit.header(title)]
    if packets:
        blocks.append(kit.context("This is advice, and you decide. All of the evidence is in each bet's thread."))
    for packet in packets:
        blocks += packet_blocks(packet)
    if warnings:
        blocks += [kit.divider(), _appetites([f"• {line}" for line in warnings[:WARNINGS]])]
    headlines = "".join(f"; {packet.bet.key} {packet.advice.headline}" for packet in packets)
    return kit.message(kit.esc_line(said + headlines, 1_500), blocks)


def warning_line(bet: Bet, day: int, share: int, zone: str) -> str:
    """How much of its present appetite a bet has used: all of it where `share` is 100."""
    total = days_total(bet, zone)
    used = _USED_UP if share == 100 else f"{100 * day // total}% of the appetite is used."
    return f"*{bet.key}* {kit.esc_line(bet.title, 60)}: day {day} of {total}, {used}"


def _appetites(lines: Sequence[str]) -> kit.Block:
    """The warnings, each a line that begins with its bet; what a used-up appetite means is said once for all."""
    lapse = [_LAPSE] if any(line.endswith(_USED_UP) for line in lines) else []
    return kit.named(_APPETITES, kit.section("\n".join(["*Appetites*", *lines, *lapse])))


def without_warning(payload: dict[str, Any], bet: Bet) -> dict[str, Any]:
    """The message without the warning about a bet: it was decided about."""
    found = next((block for block in payload.get("blocks") or [] if block.get("block_id") == _APPETITES), None)
    lines = [line for line in found["text"]["text"].split("\n") if line.startswith("• ")] if found else []
    left = [line for line in lines if not line.startswith(f"• *{bet.key}* ")]
    if left == lines:
        return payload
    over = kit.named(_APPETITES, kit.section("The appetites that ran out here were decided about."))
    return kit.replace_blocks(payload, _APPETITES, [_appetites(left) if left else over])


def packet_blocks(packet: Packet) -> list[kit.Block]:
    """One packet: the advice, its reasons, the numbers, the criteria word for word, and the buttons."""
    name = f"nudge-{packet.standing.nudge}"
    blocks = [
        kit.named(f"{name}-line", kit.divider()),
        kit.named(f"{name}-advice", kit.section(_advice(packet))),
        kit.named(f"{name}-reasons", kit.section("\n".join(_reasons(packet)))),
        kit.named(f"{name}-numbers", kit.section("\n".join(_numbers(packet)))),
        *criteria_blocks(packet.standing),
    ]
    return [*blocks, *standing_blocks(packet.standing)]


def _advice(packet: Packet) -> str:
    text = f"*{heading(packet.bet)}*\n{kit.esc_line(packet.advice.headline, 250)}"
    if packet.advice.rail and packet.advice.advice == KILL:
        text += f"\n{kit.esc_line(packet.advice.rail.text, 200)}."
    if packet.leads:
        text += (
            f"\nThis was advised before, so a lead is asked: {', '.join(f'<@{user}>' for user in packet.leads[:5])}."
        )
    return text


def _reasons(packet: Packet) -> list[str]:
    return [f"• {kit.esc_line(reason.text, 260)}" for reason in packet.advice.reasons]


def _numbers(packet: Packet) -> list[str]:
    weeks = f"{packet.used:.1f} of {packet.weeks:.1f} weeks"
    effort = f"{packet.spent:.1f} of {packet.agreed:.1f} people-weeks"
    judged = [f"*Samples* {approval_words(packet.verdict)}"] if packet.verdict else []
    return [_confidence(packet.confidence, packet.latest), f"*Appetite* {weeks}, {effort}", *judged]


def _confidence(confidence: Confidence, latest: int | None) -> str:
    known = [value for value in confidence.spark if value is not None]
    if not known:
        return "*Confidence* none given yet"
    last = known[-1] if latest is None else latest
    path = f"{known[0]}% → {last}%" if len(known) > 1 else f"{last}%"
    return f"*Confidence* {path} {sparkline(list(confidence.spark))}"


def criteria_blocks(standing: Standing) -> list[kit.Block]:
    """The kill criteria word for word, each with how it stands; those that happened come first."""
    found = sorted(standing.bet.kill_criteria, key=lambda one: (one.state != "failed", one.state == "passed", one.due))
    if not found:
        return []
    lines, room = [], _CRITERIA
    for place, one in enumerate(found):
        line = f"• “{kit.esc_line(one.text, 600)}”: *{_STATES[one.state]}*, due {describe_date(one.due)}"
        if len(line) > room:
            lines.append(f"and {len(found) - place} more, on its card")
            break
        lines.append(line)
        room -= len(line)
    block = kit.section("*Kill criteria*\n" + "\n".join(lines))
    return [kit.named(f"nudge-{standing.nudge}-criteria", block)]


def standing_blocks(standing: Standing) -> list[kit.Block]:
    """What changes in a packet: the buttons, and once it is answered one line in their place."""
    name = f"nudge-{standing.nudge}-now"
    blocks = []
    if standing.result:
        blocks.append(kit.named(f"{name}-result", kit.section(f"*{standing.result}*")))
    else:
        if standing.snoozed:
            blocks.append(kit.named(f"{name}-snoozed", kit.context(standing.snoozed)))
        for one in standing.overdue[:_ASKED]:
            value = {"bet": standing.bet.id, "criterion": one.id, "checkin": 0}
            asks = f"“{kit.esc_line(one.text, 150)}”: did it happen?"
            blocks.append(kit.named(f"{name}-asks-{one.id}", kit.section(asks)))
            blocks.append(kit.actions(*answer_buttons(value), block_id=f"{name}-answers-{one.id}"))
        blocks.append(kit.actions(*_buttons(standing), block_id=f"{name}-buttons"))
    if standing.votes:
        blocks.append(kit.named(f"{name}-votes", kit.context(standing.votes)))
    return blocks


def _buttons(standing: Standing) -> list[kit.Block]:
    value = {"bet": standing.bet.id, "nudge": standing.nudge}
    kill = kit.button("Kill", Act.DO, value, suffix="kill", style="danger" if standing.advice == KILL else None)
    if standing.bet.status == "lapsed":
        return [kill, kit.button("Bet again", Act.DO, value, suffix="rebet")]
    buttons = [
        kill,
        kit.button("Double down", Act.DO, value, suffix="double"),
        kit.button("Keep", Act.DO, value, suffix="keep"),
        kit.button("Ship", Act.DO, value, suffix="ship"),
    ]
    if not standing.snoozed:
        buttons.append(kit.button("Snooze 2 weeks", Act.NUDGE_SNOOZE, value))
    if standing.votable:
        buttons.append(kit.button("Would we start it today?", Act.START_TODAY, value))
    return buttons


def details_message(packet: Packet) -> dict[str, Any]:
    """All of the evidence, for the bet's thread, with the picture of its confidence and effort."""
    bet, advice = packet.bet, packet.advice
    start = f"• A fresh bet here starts at {100 * advice.base:.0f} in 100"
    lines = [start, *(f"• {_signed(line.points)} {kit.esc_line(line.text, 260)}" for line in _by_size(advice))]
    index = [kit.esc_line(line.text, 260) for line in advice.reasons if line.code == "index"]
    text = "\n".join([f"*Evidence on {heading(bet)}*", *lines[:21]])
    small = "+ speaks for the bet, - against it; about 0.7 doubles or halves the odds."
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
    return {"chart": "summary", "data": chart_data([line]), "alt": chart_alt([line]), "title": title}


def result_line(done: str, name: str, day: date, undone: str = "") -> str:
    """What was decided about a nudge, by whom and when."""
    return f"{done} by {kit.esc_line(name, 80)} on {describe_date(day)}{undone}"


def snoozed_line(name: str, until: date) -> str:
    """That a nudge is put off."""
    return f"Snoozed by {kit.esc_line(name, 80)}: it is not said again before {describe_date(until)}."
