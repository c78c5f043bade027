"""The week in one message."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.answers import NO_CHANGE
from bot.domain.calendar import say_week
from bot.domain.records import Bet, Update
from bot.domain.words import clip
from bot.render import kit
from bot.render.bets import listing
from bot.render.checkins import MESSAGE_TEXT, list_sections
from bot.render.scope_prompt import ScopePrompt, scope_prompt_blocks

NO_CHANGE_FLAG = 3
MOST_NAMED = 5
NONE_LIVE = "No answers came in, and none of the bets that were asked about is live any more"
# How much of a message is for weeks that had no digest of their own.
EARLIER_TEXT = 3_000


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
class SkippedWeek:
    """A week that had no digest because of holidays; without `bets` nobody was asked in it."""

    week: str
    bets: Sequence[BetWeek] = ()
    answered: int = 0
    expected: int = 0


@dataclass(frozen=True)
class DigestFacts:
    """A closed week, and the scope prompt that stands under it; `tried` are the bets whose demos somebody tried in it,
    with what people said in words of ours; `skipped` are the weeks right before it that had no digest."""

    week: str
    bets: Sequence[BetWeek]
    answered: int
    expected: int
    happened: Sequence[tuple[str, Sequence[Bet]]] = ()
    tried: Sequence[tuple[Bet, str]] = ()
    prompt: ScopePrompt | None = None
    skipped: Sequence[SkippedWeek] = ()


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
    tried = clip("\n".join(f"*{bet.key}* demo: {said}." for bet, said in facts.tried[:MOST_NAMED]), 600)
    bets = len(facts.bets) + sum(len(one.bets) for one in facts.skipped)
    room = max(120, min(400, (8_000 - len(tried)) // max(bets, 1) - 120))
    title, count = f"{say_week(facts.week, begins=True)} in short", _count(facts)
    blocks = [kit.header(title), kit.context(f"{count}.{_late(facts)}")]
    if facts.happened:
        blocks.append(kit.section(clip(" · ".join(_happened(kind, bets) for kind, bets in facts.happened), 1_000)))
    earlier = [line for one in facts.skipped for line in _skipped(one, room)]
    most = MESSAGE_TEXT - (EARLIER_TEXT if earlier else 0)
    blocks += list_sections([_told(week, room) for week in told], gap="\n\n", most=most)
    blocks += map(kit.section, [*_quiet(facts), *([tried] if tried else [])])
    blocks += list_sections(earlier, gap="\n\n", most=EARLIER_TEXT)
    news = f", {len(told)} of {len(facts.bets)} bets with news" if facts.bets else ""
    missed = listing([f"the {say_week(one.week)}" for one in facts.skipped])
    text = f"{title}: {count}{news}" + (f". No digest came in {missed}." if missed else "")
    return kit.message(text, [*blocks, *(scope_prompt_blocks(facts.prompt) if facts.prompt else [])])


def _count(facts: DigestFacts) -> str:
    """How many answers came; why none did, where none is waited for."""
    if facts.expected:
        return f"{facts.answered} of {facts.expected} answers"
    return "No answers came in: nobody was there to give one" if _late(facts) else NONE_LIVE


def _late(facts: DigestFacts) -> str:
    may_come = facts.answered or any(week.bet.status == "live" for week in facts.bets)
    return " Late answers are added here." if may_come else ""


def _quiet(facts: DigestFacts) -> list[str]:
    unanswered = [week for week in facts.bets if not week.answers]
    silent = [week for week in unanswered if not week.owners_away and not week.ownerless]
    away, ownerless = ([week for week in unanswered if getattr(week, why)] for why in ("owners_away", "ownerless"))
    quiet = ["No word yet from " + _keys(silent) + "."] if silent else []
    quiet += [f"Everybody on {_keys(away)} is away."] if away else []
    return quiet + ([f"Without an owner: {_keys(ownerless)}."] if ownerless else [])


def _skipped(one: SkippedWeek, room: int) -> list[str]:
    count = f" {one.answered} of {one.expected} answers came in." if one.expected else ""
    head = f"*{say_week(one.week, begins=True)}* had no digest because of a holiday.{count}"
    return [head, *(_told(week, room) for week in one.bets if week.answers)]


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
