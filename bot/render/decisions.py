"""Decisions: the forms that ask for them, and the notice in the bet's thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.appetite import proposed_weeks
from bot.domain.bets import UNDOABLE, days_total
from bot.domain.ledger import LEAST_FREED, people_weeks
from bot.domain.rails import Rail
from bot.domain.records import Bet, Decision
from bot.domain.zones import describe_date, describe_instant, local_date
from bot.render import kit
from bot.render.bets import BetFacts, heading, mentions
from bot.render.decided import WORDS
from bot.render.ids import Act, Modal


@dataclass(frozen=True)
class Form:
    """One form of a decision: its title, its submit button and its callback id."""

    title: str
    submit: str
    callback: Modal


FORMS = {
    "kill": Form("Kill bet", "Kill bet", Modal.KILL),
    "ship": Form("Ship it", "Ship it", Modal.SHIP),
    "double": Form("Double down", "Double down", Modal.DOUBLE),
    "keep": Form("Keep", "Keep", Modal.KEEP),
    "rebet": Form("Bet again", "Bet again", Modal.REBET),
    "reopen": Form("Reopen", "Reopen", Modal.REOPEN),
}
_ENDINGS = ("kill", "ship")
CLOCK = "clock"
OUTCOMES = (("yes", "yes"), ("no", "no"), ("unclear", "unclear"))


_ASK = "A lead can do it all the same; the reason is kept."


def decision_modal(
    kind: str,
    bet: Bet,
    private: dict[str, Any],
    reason: str = "",
    until: date | None = None,
    rails: Sequence[Rail] = (),
    weeks: str = "",
) -> dict[str, Any]:
    """The form of one decision; `until` is the day that *Keep* proposes, `rails` what the new appetite would touch, and
    `weeks` what was sent before its writer had been told of them."""
    form = FORMS[kind]
    blocks = [kit.section(f"*{heading(bet)}*")]
    if rails:
        found = " ".join(f"{rail.text}." for rail in rails)
        step = "Nothing is changed yet: send it again to do it all the same, or say fewer weeks." if weeks else _ASK
        blocks.append(kit.section(f"{kit.esc_line(found, 600)} {step}"))
        private = private | {"rails": [rail.code for rail in rails]}
    blocks.append(kit.prefilled("reason", "Reason", reason))
    blocks += _fields(kind, bet, until, weeks)
    return kit.modal(form.callback, form.title, blocks, submit=form.submit, private=private)


def _fields(kind: str, bet: Bet, until: date | None, weeks: str) -> list[kit.Block]:
    if kind in _ENDINGS:
        return [
            kit.field("learning", "What did we learn?", kit.text_input(multiline=True)),
            kit.field("outcome", "Did it meet its success statement?", kit.select(OUTCOMES)),
        ]
    if kind == "reopen":
        return []
    if kind == "keep":
        hint = "What will you look at by then? If it holds, the team stops."
        return [
            kit.field("until", "Until", kit.date_input(until.isoformat() if until else None)),
            kit.field("criterion", "Criterion", kit.text_input(max_length=500), hint=hint),
        ]
    field = kit.number_input(weeks or str(proposed_weeks(kind, bet)), low="1", high="26")
    return [kit.field("appetite_weeks", "Appetite (weeks)", field, hint="From today, until you decide again.")]


def decided_notice(
    facts: BetFacts, decision: Decision, undone: Decision | None = None, left: float = 0.0
) -> dict[str, Any]:
    """What the bet's thread says when something was decided; `undone` is the decision that an undo took back, `left`
    the people-weeks that are left of its appetite."""
    bet = facts.bet
    line = f"{bet.key} {WORDS[decision.kind].now}{_span(bet, decision)}"
    if undone:
        line = f"{bet.key} is {bet.status} again: {_undone(facts, undone)} is undone"
    blocks = [kit.section(f"*{line}*, {_why(facts, decision)}.")]
    if decision.kind in _ENDINGS:
        blocks += _said(decision)
        blocks.append(kit.section(f"{mentions(bet.owners)}: {_thanks(decision.kind, left)}"))
    elif decision.reason:
        blocks += [kit.section("*Reason*"), kit.typed(decision.reason)]
    if decision.kind == "keep" and bet.kill_criteria:
        blocks += [kit.section("*Looked at by then*"), kit.typed(bet.kill_criteria[-1].text)]
    learned = f" Learned: {kit.esc_line(decision.learning, 500)}" if decision.learning else ""
    text = f"{line} ({kit.esc_line(bet.title, 150)}), {_why(facts, decision)}.{learned}"
    return kit.message(text, [*blocks, *_next_steps(bet, decision)])


def undone_notice(shown: dict[str, Any]) -> dict[str, Any]:
    """The notice of a decision that was undone: nothing of it is left to press."""
    return shown | {"blocks": [block for block in shown["blocks"] if block["type"] != "actions"]}


def _span(bet: Bet, decision: Decision) -> str:
    if decision.kind == "pause" and bet.paused_until:
        return f" until {describe_date(bet.paused_until)}"
    if decision.kind == "keep" and bet.appetite_until:
        return f" until {describe_date(bet.appetite_until)}"
    if decision.kind in ("double", "rebet", "reopen", "start"):
        weeks = bet.appetite_weeks
        return f" for {weeks} {'week' if weeks == 1 else 'weeks'} from now"
    return ""


def _undone(facts: BetFacts, decision: Decision) -> str:
    """`the reopening by Ana at 10:02`, with its day unless that is today."""
    at, zone = decision.created_at, facts.zone
    today = local_date(at, zone) == local_date(facts.now, zone)
    when = f"at {at.astimezone(ZoneInfo(zone)):%H:%M}" if today else f"on {describe_instant(at, zone)}"
    return f"{WORDS[decision.kind].deed} by {kit.esc_line(facts.name(decision.by), 80)} {when}"


def _why(facts: BetFacts, decision: Decision) -> str:
    if decision.by != CLOCK:
        return f"decided by {kit.esc_line(facts.name(decision.by), 80)}"
    return "its appetite is over and nobody decided" if decision.kind == "lapse" else "its pause is over"


def _said(decision: Decision) -> list[kit.Block]:
    met = f"*Did it meet its success statement?* {decision.outcome}"
    return [
        kit.section("*Reason*"),
        kit.typed(decision.reason),
        kit.section("*What we learned*"),
        kit.typed(decision.learning),
        kit.section(met),
    ]


def _thanks(kind: str, left: float) -> str:
    if kind == "kill":
        frees = f"That frees about {people_weeks(left)}" if left >= LEAST_FREED else "Stopping in time makes room"
        return f"thank you. {frees} for the next bet, and what you learned stays with the team."
    return "thank you, and well done. It is in the hands of those it was made for."


def _next_steps(bet: Bet, decision: Decision) -> list[kit.Block]:
    """What can be done about a decision, by whoever has the right when they press."""
    value = {"bet": bet.id, "decision": decision.id}
    if decision.kind == "lapse":
        again = kit.button("Bet again", Act.DO, value, suffix="rebet", style="primary")
        return [kit.actions(again, kit.button("Kill", Act.DO, value, suffix="kill"))]
    if decision.kind not in UNDOABLE or decision.kind in ("pause", "resume"):
        return []  # pausing and resuming undo each other
    buttons = [kit.button("Undo", Act.UNDO, value)]
    if decision.kind == "kill":
        buttons.append(kit.button("Reopen", Act.DO, value, suffix="reopen"))
    return [kit.actions(*buttons)]


def already_line(bet: Bet, name: str, when: str) -> str:
    """To whoever came second: what was decided, by whom and when."""
    return f"{bet.key} is already {bet.status}: {name} decided that on {when}, so nothing was changed."


def meanwhile_line(bet: Bet, decision: Decision, name: str, when: str) -> str:
    """To whoever filled in a form while somebody else decided."""
    did = f"{name} {WORDS[decision.kind].did}" if decision.by != CLOCK else _OF_ITSELF[decision.kind]
    return (
        f"{did} on {when}, after this form of {bet.key} was opened, so nothing was changed: "
        "copy your words and look at its card."
    )


_OF_ITSELF = {"lapse": "Its appetite ran out", "resume": "Its pause ended"}


def decided_line(bet: Bet, kind: str, zone: str) -> str:
    """What was done, in one line; a date is repeated with its weekday and zone."""
    until = f" until {describe_date(bet.paused_until)} ({zone}), that day included" if bet.paused_until else ""
    kept = f" until {describe_date(bet.appetite_until)} ({zone}), that day included" if bet.appetite_until else ""
    new = "" if kind == "start" else "new "
    appetite = f". Its {new}appetite is {days_total(bet, zone)} days, and today is day 1."
    more = {
        "pause": f"{until}. Its clock stands still" + ("." if until else f" until `/bets resume {bet.key}`."),
        "resume": ", and its clock runs again.",
        "withdraw": ". Its card says so, and nothing counts it.",
        "keep": f"{kept}. Its card counts from today.",
        "undo": f". It is {bet.status} now; history keeps both decisions.",
        **dict.fromkeys(("double", "rebet", "reopen", "start"), appetite),
    }
    return f"{bet.key} {WORDS[kind].now}" + more.get(
        kind, ". Its thread has the notice, where a lead can undo it for 24 hours."
    )
