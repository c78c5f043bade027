"""The decisions message with its packets, and what becomes of a packet.

Every block of a packet is named `nudge-<id>-...`, so that one packet changes while the others stay as they are.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.domain.approval import Approval
from bot.domain.bets import days_total
from bot.domain.blind import Tally
from bot.domain.evidence import in_100
from bot.domain.policy import KILL, Advice
from bot.domain.records import Bet, Confidence, KillCriterion
from bot.domain.words import clip, sparkline
from bot.domain.zones import describe_date
from bot.render import kit
from bot.render.bets import heading
from bot.render.comparisons import tally_words
from bot.render.criteria import answer_buttons, old_and_new
from bot.render.ids import Act
from bot.render.samples import approval_words, counted_words

WARNINGS = 10
# How long all kill criteria of a packet may be, and each of them: three packets fit into one message.
_CRITERIA, _LONGEST, _LONGEST_ASKED = 1_300, 600, 300
_ASKED, _TRIED = 2, 250
INDEX, VOTES = "index", "votes"
_STATES = {"open": "open", "passed": "did not happen", "failed": "happened"}
_APPETITES = "appetites-"
# How many of them have their button in the message: with three packets it stays within its blocks.
_PRESSED = 3
_USED_UP = "the appetite is used up."
_LAPSE = "A bet with a used-up appetite lapses in a week without a decision: bet again, keep, ship or stop."


@dataclass(frozen=True)
class Standing:
    """What became of a nudge: who decided, who snoozed it or brought what it asked for (`answered`), and how the blind
    vote went, each in words, else empty.

    `newer` points to the packet that took this one's place; `again`: the appetite is spent, so people may bet again.
    `votable`: the blind vote is open; `overdue`: the kill criteria of which it asks whether they happened; `scope`: how
    the bet's scope stands, in words; `earlier`: what criteria said at first, by how they read now.
    """

    nudge: int
    bet: Bet
    advice: str
    result: str = ""
    answered: str = ""
    votes: str = ""
    votable: bool = True
    overdue: Sequence[KillCriterion] = ()
    scope: str = "none"
    earlier: Mapping[str, str] = field(default_factory=dict)
    newer: str = ""
    again: bool = False

    @property
    def asked(self) -> Sequence[KillCriterion]:
        """The criteria that are asked about with buttons, while nobody has decided."""
        return () if self.result or self.newer else self.overdue[:_ASKED]


@dataclass(frozen=True)
class Packet:
    """One nudge with its evidence. `used` and `weeks` are weeks, `spent` and `agreed` people-weeks, of the present
    appetite, `ever` people-weeks spent and agreed over all of them if it is not the first; `latest` is the confidence
    that its reasons speak of; `leads` are named when the same was advised before; `verdict` is what people said of the
    newest samples, `compared` of the newest blind comparison, `conflict` what a metric says against them, and
    `tried` what people said of its demo, in words of ours."""

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
    compared: Tally | None = None
    conflict: str = ""
    tried: str = ""
    ever: tuple[float, float] | None = None

    @property
    def bet(self) -> Bet:
        return self.standing.bet


@dataclass(frozen=True)
class AppetiteLine:
    """That a bet's appetite runs out, as a line of ours; `spent`: all of it is used."""

    bet: Bet
    text: str
    spent: bool


def decisions_message(title: str, packets: Sequence[Packet], warnings: Sequence[AppetiteLine] = ()) -> dict[str, Any]:
    """The week's nudges, or one of today, and which appetites run out."""
    keys = ", ".join(packet.bet.key for packet in packets)
    said = f"{title}: advice on {keys}" if packets else f"{title}: appetites that run out"
    blocks = [kit.header(title)]
    if packets:
        blocks.append(kit.context("This is advice, and you decide. All of the evidence is in each bet's thread."))
    for packet in packets:
        blocks += packet_blocks(packet)
    if warnings:
        blocks += [kit.divider(), *_appetites(warnings[:WARNINGS], [packet.bet.id for packet in packets])]
    headlines = "".join(f"; {packet.bet.key} {packet.advice.headline}" for packet in packets)
    return kit.message(kit.esc_line(said + headlines, 1_500), blocks)


def warning_line(bet: Bet, day: int, share: int, zone: str) -> AppetiteLine:
    """How much of its present appetite a bet has used: all of it where `share` is 100."""
    total = days_total(bet, zone)
    used = _USED_UP if share == 100 else f"{100 * day // total}% of the appetite is used."
    text = f"• *{bet.key}* {kit.esc_line(bet.title, 60)}: day {day} of {total}, {used}"
    return AppetiteLine(bet, text, share == 100)


def _appetites(warnings: Sequence[AppetiteLine], shown: Collection[int]) -> list[kit.Block]:
    """The warnings: the first used-up ones with their button unless a packet is `shown` with it, the others each a line
    that begins with its bet; what a used-up appetite means is said once for all."""
    pressed = [one for one in warnings if one.spent and one.bet.id not in shown][:_PRESSED]
    blocks = [kit.named(f"{_APPETITES}title", kit.section("*Appetites*"))]
    for one in pressed:
        button = kit.button("Bet again", Act.DO, {"bet": one.bet.id}, suffix="rebet")
        blocks.append(kit.named(f"{_APPETITES}{one.bet.key}", kit.section(one.text, button)))
    if more := [one.text for one in warnings if one not in pressed]:
        blocks.append(kit.named(f"{_APPETITES}more", kit.section("\n".join(more))))
    return (
        [*blocks, kit.named(f"{_APPETITES}lapse", kit.section(_LAPSE))]
        if any(one.spent for one in warnings)
        else blocks
    )


def without_warning(payload: dict[str, Any], bet: Bet) -> dict[str, Any]:
    """The message without the warning about a bet: it was decided about."""
    shown = payload.get("blocks") or []
    left = [one for block in shown if (one := _without_line(block, bet))]
    if left == shown:
        return payload
    told = {one["block_id"]: one["text"]["text"] for one in left if str(one.get("block_id")).startswith(_APPETITES)}
    frame = (f"{_APPETITES}title", f"{_APPETITES}lapse")
    lines = [line for name, text in told.items() if name not in frame for line in text.split("\n")]
    if not any(line.endswith(_USED_UP) for line in lines):
        left = [one for one in left if one.get("block_id") != frame[1]]
    title = kit.section("*Appetites*" if lines else "The appetites that ran out here were decided about.")
    return kit.replace_blocks(payload | {"blocks": left}, frame[0], [kit.named(frame[0], title)])


def _without_line(block: kit.Block, bet: Bet) -> kit.Block | None:
    name = block.get("block_id")
    if name == f"{_APPETITES}{bet.key}":
        return None
    if name != f"{_APPETITES}more":
        return block
    lines = [line for line in block["text"]["text"].split("\n") if not line.startswith(f"• *{bet.key}* ")]
    return kit.named(name, kit.section("\n".join(lines))) if lines else None


def packet_blocks(packet: Packet) -> list[kit.Block]:
    """One packet: the advice with its reasons, what was agreed, the numbers in small print, and the buttons."""
    name = f"nudge-{packet.standing.nudge}"
    return [
        kit.named(f"{name}-line", kit.divider()),
        kit.named(f"{name}-advice", kit.section("\n".join([_advice(packet), *_reasons(packet)]))),
        *agreed_blocks(packet.standing),
        kit.named(f"{name}-numbers", kit.context(" · ".join(_numbers(packet)))),
        *standing_blocks(packet.standing),
    ]


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
    return [f"• {kit.esc_line(reason.text, 260)}" for reason in packet.advice.reasons if reason.code != INDEX]


def _numbers(packet: Packet) -> list[str]:
    """Confidence, appetite, chance and what people said of samples and demo."""
    weeks = f"{packet.used:.1f} of {packet.weeks:.1f} weeks"
    effort = f"{packet.spent:.1f} of {packet.agreed:.1f} people-weeks"
    if packet.ever:
        effort += "; {:.1f} of {:.1f} over all appetites".format(*packet.ever)
    chance = f"*Chance* {in_100(packet.advice.p)}, of a fresh bet {in_100(packet.advice.base)}"
    # The line of votes has its own interval (policy.md): a second one for the same votes would only puzzle.
    said = any(reason.code == VOTES for reason in packet.advice.reasons)
    words = counted_words if said else approval_words
    judged = [f"*Samples* {words(packet.verdict)}"] if packet.verdict else []
    judged += [f"*Blind comparison* {tally_words(packet.compared)}"] if packet.compared else []
    judged += [packet.conflict] if packet.conflict else []
    judged += [f"*Demo* {clip(packet.tried, _TRIED)}"] if packet.tried else []
    return [_confidence(packet.confidence, packet.latest), f"*Appetite* {weeks}, {effort}", chance, *judged]


def _confidence(confidence: Confidence, latest: int | None) -> str:
    known = [value for value in confidence.spark if value is not None]
    if not known:
        return "*Confidence* none given yet"
    last = known[-1] if latest is None else latest
    path = f"{known[0]}% → {last}%" if len(known) > 1 else f"{last}%"
    # The evidence counts everybody's newest answer, the card those of the newest answered week.
    also = f" (in the evidence; {known[-1]}% on the card)" if last != known[-1] else ""
    return f"*Confidence* {path}{also} {sparkline(list(confidence.spark))}"


def agreed_blocks(standing: Standing) -> list[kit.Block]:
    """The kill criteria word for word, each with how it stands and what it said before it was changed, and the scope.

    Those that happened come first; those that are asked about come last, each with its three answers.
    """
    name = f"nudge-{standing.nudge}-agreed"
    told = [one for one in standing.bet.kill_criteria if one not in standing.asked]
    blocks = []
    if told:
        lines = _criteria_lines(standing, told, _CRITERIA - 2 * _LONGEST_ASKED * len(standing.asked))
        blocks.append(kit.named(f"{name}-criteria", kit.section("\n".join(["*Kill criteria*", *lines]))))
    for one in standing.asked:
        text = f"*Kill criterion* {_criterion(standing, one, _LONGEST_ASKED)}. Did it happen?"
        value = {"bet": standing.bet.id, "criterion": one.id, "checkin": 0}
        blocks.append(kit.named(f"{name}-asks-{one.id}", kit.section(text)))
        blocks.append(kit.actions(*answer_buttons(value), block_id=f"{name}-answers-{one.id}"))
    return [*blocks, kit.named(f"{name}-scope", kit.context(f"*Scope* {standing.scope}"))]


def _criteria_lines(standing: Standing, criteria: Sequence[KillCriterion], room: int) -> list[str]:
    lines: list[str] = []
    found = sorted(criteria, key=lambda one: (one.state != "failed", one.state == "passed", one.due))
    for place, one in enumerate(found):
        line = f"• {_criterion(standing, one, _LONGEST)}"
        if len(line) > room:
            return [*lines, f"and {len(found) - place} more, on its card"]
        lines.append(line)
        room -= len(line)
    return lines


def _criterion(standing: Standing, one: KillCriterion, limit: int) -> str:
    """Old and new words where they were changed, both cut to `limit` characters together."""
    said = old_and_new(one.text, standing.earlier, limit, "“{}”")
    return f"{said}: *{_STATES[one.state]}*, due {describe_date(one.due)}"


def standing_blocks(standing: Standing) -> list[kit.Block]:
    """What changes in a packet: the buttons, and once it is answered one line in their place."""
    name = f"nudge-{standing.nudge}-now"
    blocks = []
    if standing.result:
        blocks.append(kit.named(f"{name}-result", kit.section(f"*{standing.result}*")))
    elif standing.newer:
        blocks.append(kit.named(f"{name}-newer", kit.context(standing.newer)))
    else:
        if standing.answered:
            blocks.append(kit.named(f"{name}-answered", kit.context(standing.answered)))
        blocks.append(kit.actions(*_buttons(standing), block_id=f"{name}-buttons"))
    if standing.votes:
        blocks.append(kit.named(f"{name}-votes", kit.context(standing.votes)))
    return blocks


def _buttons(standing: Standing) -> list[kit.Block]:
    value = {"bet": standing.bet.id, "nudge": standing.nudge}
    kill = kit.button("Kill", Act.DO, value, suffix="kill", style="danger" if standing.advice == KILL else None)
    if standing.bet.status == "lapsed":
        return [kill, kit.button("Bet again", Act.DO, value, suffix="rebet")]
    again = [kit.button("Bet again", Act.DO, value, suffix="rebet")] if standing.again else []
    buttons = [
        kill,
        *again,
        kit.button("Double down", Act.DO, value, suffix="double"),
        kit.button("Keep", Act.DO, value, suffix="keep"),
        kit.button("Ship", Act.DO, value, suffix="ship"),
    ]
    if not standing.answered:
        buttons.append(kit.button("Snooze 2 weeks", Act.NUDGE_SNOOZE, value))
    if standing.votable:
        buttons.append(kit.button("Would we start it today?", Act.START_TODAY, value))
    return buttons


def result_line(done: str, name: str, day: date, undone: str = "") -> str:
    """What became of a nudge, by whom if that was somebody, and when."""
    by = f" by {kit.esc_line(name, 80)}" if name else ""
    return f"{done}{by} on {describe_date(day)}{undone}"


def newer_line(bet: Bet, day: date) -> str:
    """That a later packet took this one's place."""
    return f"A newer packet on {bet.key}, of {describe_date(day)}, stands below: decide and vote there."


def snoozed_line(name: str, until: date) -> str:
    """That a nudge is put off."""
    return f"Snoozed by {kit.esc_line(name, 80)}: it is not said again before {describe_date(until)}."
