"""The week in one message."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.answers import NO_CHANGE
from bot.domain.calendar import say_week
from bot.domain.records import Bet, Update
from bot.domain.words import clip
from bot.render import kit
from bot.render.checkins import list_sections
from bot.render.scope_prompt import ScopePrompt, scope_prompt_blocks

NO_CHANGE_FLAG = 3
MOST_NAMED = 5


@dataclass(frozen=True)
class BetWeek:
    """One bet's week: its answers with the names of who gave them, its number, the one before, the second opinions',
    and how many weeks in a row said "no change" only."""

    bet: Bet
    answers: Sequence[tuple[str, Update]] = ()
    value: int | None = None
    previous: int | None = None
    opinions: int | None = None
    no_change_run: int = 0
    owners_away: bool = False
    ownerless: bool = False


@dataclass(frozen=True)
class DigestFacts:
    """A closed week, and the scope prompt that stands under it; `tried` are the bets whose demos somebody tried in it,
    with what people said in words of ours."""

    week: str
    bets: Sequence[BetWeek]
    answered: int
    expected: int
    happened: Sequence[tuple[str, Sequence[Bet]]] = ()
    tried: Sequence[tuple[Bet, str]] = ()
    prompt: ScopePrompt | None = None


# What is told of a week beside its answers, in this order.
HAPPENED = {
    "placed": "Placed",
    "start": "Started",
    "ship": "Shipped",
    "kill": "Killed",
    "double": "Doubled down on",
    "keep": "Kept",
    "rebet": "Bet again on",
    "reopen": "Reopened",
    "pause": "Paused",
    "resume": "Resumed",
    "lapse": "Lapsed",
}


def digest_message(facts: DigestFacts) -> dict[str, Any]:
    """The week's digest: what was learned and how sure people are; what is silent is said of the bet, not of people."""
    told = [week for week in facts.bets if week.answers]
    unanswered = [week for week in facts.bets if not week.answers]
    silent = [week for week in unanswered if not week.owners_away and not week.ownerless]
    away, ownerless = ([week for week in unanswered if getattr(week, why)] for why in ("owners_away", "ownerless"))
    tried = clip("\n".join(f"*{bet.key}* demo: {said}." for bet, said in facts.tried[:MOST_NAMED]), 600)
    room = max(120, min(400, (8_000 - len(tried)) // max(len(facts.bets), 1) - 120))
    lines = [_told(week, room) for week in told]
    quiet = ["No word yet from " + _keys(silent) + "."] if silent else []
    quiet += [f"Everybody on {_keys(away)} is away."] if away else []
    quiet += [f"Without an owner: {_keys(ownerless)}."] if ownerless else []
    title = f"{say_week(facts.week, begins=True)} in short"
    count = f"{facts.answered} of {facts.expected} answers" if facts.expected else "no answer was asked for in the end"
    text = f"{title}: {count}, {len(told)} of {len(facts.bets)} bets with news"
    blocks = [kit.header(title), kit.context(f"{count}. Late answers are added here.")]
    if facts.happened:
        blocks.append(kit.section(clip(" · ".join(_happened(kind, bets) for kind, bets in facts.happened), 1_000)))
    quiet += [tried] if tried else []
    prompt = scope_prompt_blocks(facts.prompt) if facts.prompt else []
    return kit.message(text, [*blocks, *list_sections(lines, gap="\n\n"), *map(kit.section, quiet), *prompt])


def _happened(kind: str, bets: Sequence[Bet]) -> str:
    more = f" and {len(bets) - MOST_NAMED} more" if len(bets) > MOST_NAMED else ""
    named = ", ".join(f"*{bet.key}* {kit.esc_line(bet.title, 40)}" for bet in bets[:MOST_NAMED])
    return f"{HAPPENED[kind]}: {named}{more}"


def _told(week: BetWeek, room: int) -> str:
    head = f"*{week.bet.key}* {kit.esc_line(week.bet.title, 80)}: {_number(week)}"
    said = [_answer(name, update, room // max(len(week.answers), 1)) for name, update in week.answers]
    return "\n".join([head, *said, *_flags(week)])


def _number(week: BetWeek) -> str:
    if week.value is None:
        return "no confidence given" if week.previous is None else f"no confidence given, {week.previous}% before"
    text = f"*{week.value}%*"
    if week.previous is not None:
        change = week.value - week.previous
        text += f" ({change:+d})" if change else " (unchanged)"
    return text + (f" · second opinion {week.opinions}%" if week.opinions is not None else "")


def _answer(name: str, update: Update, room: int) -> str:
    said = update.text if update.text is not None else "(no words)"
    parts = [NO_CHANGE.lower() if update.source == "no_change" else kit.esc_line(said, max(60, room))]
    if update.blocked_by:
        parts.append(f"blocked by {kit.esc_line(update.blocked_by, 100)}")
    late = " (late)" if update.late else ""
    return f"• {kit.esc_line(name, 60)}{late}: {' · '.join(parts)}"


def _flags(week: BetWeek) -> list[str]:
    if week.no_change_run < NO_CHANGE_FLAG:
        return []
    return [f'    "No change" for {week.no_change_run} weeks in a row: what would have to happen to learn more?']


def _keys(weeks: Sequence[BetWeek]) -> str:
    keys = [week.bet.key for week in weeks]
    return ", ".join(keys[:60]) + (f" and {len(keys) - 60} more" if len(keys) > 60 else "")
