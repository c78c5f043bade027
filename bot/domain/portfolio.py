"""The portfolio in numbers: over how many bets the effort really spreads, who works alone, how soon it stops."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from bot.domain.records import Bet
from bot.domain.scoping import KINDS
from bot.domain.words import clip

EXPLORE = "explore"
_MOST_KINDS, _MOST_KEYS = 3, 10
# Of fewer kills a median says nothing of the team.
ENOUGH_KILLS = 3


def effective_number(weights: Iterable[float]) -> float:
    """Over how many bets the effort really spreads: the inverse Simpson index, 1 / sum of squared shares.

    n bets of equal weight give n, one bet with nearly all of it gives nearly 1; no weight at all gives 0.
    Source: E. H. Simpson, Measurement of Diversity, Nature 163 (1949), 688.
    """
    found = [weight for weight in weights if weight > 0]
    total = sum(found)
    return total * total / sum(weight * weight for weight in found) if found else 0.0


def lone_workers(bets: Sequence[Bet]) -> list[str]:
    """People whose every bet is theirs alone, so that nobody sees their errors; in the order of the bets."""
    alone = {bet.owners[0] for bet in bets if len(bet.owners) == 1}
    shared = {user for bet in bets if len(bet.owners) > 1 for user in bet.owners}
    return [user for user in dict.fromkeys(u for bet in bets for u in bet.owners) if user in alone - shared]


def explore_note(live: Sequence[tuple[Bet, float]]) -> str:
    """How much of the people-weeks goes into bets tagged `explore`; nothing where no bet is."""
    total = sum(spent for _, spent in live)
    explored = sum(spent for bet, spent in live if EXPLORE in (tag.casefold() for tag in bet.tags))
    return f"{100 * explored / total:.0f}% of the effort explores (#{EXPLORE})" if explored and total else ""


def kill_note(days: Sequence[float]) -> str:
    """How long the team takes from the first evidence against a bet to its kill, in days; nothing of a few kills."""
    if len(days) < ENOUGH_KILLS:
        return ""
    took = round(median(days))
    return (
        f"Time to kill: {took} {'day' if took == 1 else 'days'} from the first hard fact, nudge or kill advice "
        f"(median of {len(days)} kills)"
    )


@dataclass(frozen=True)
class KindStat:
    """How many assumptions of one kind a team has written down, and what became of them."""

    kind: str
    total: int
    holds: int
    false: int


def scope_flags(weeks_unscoped: int | None, drift: int) -> tuple[str, ...]:
    """What a running bet's line says of its scope: since when it has none (None: it has one), how often it changed."""
    found = []
    if weeks_unscoped is not None:
        found.append(f"unscoped for {_weeks(weeks_unscoped)}" if weeks_unscoped else "unscoped")
    if drift:
        found.append("scope changed once" if drift == 1 else f"scope changed {drift} times")
    return tuple(found)


def unscoped_note(unscoped: Sequence[tuple[str, int]], bets: int) -> str:
    """How many of the live bets run without a locked scope, (key, weeks) each, and which for longest."""
    if not unscoped:
        return ""
    key, weeks = max(unscoped, key=lambda one: one[1])
    run = "runs" if len(unscoped) == 1 else "run"
    longest = f", {key} for {_weeks(weeks)}" if weeks else ""
    return f"{len(unscoped)} of {bets} live bets {run} without a locked scope{longest}"


def begun_note(keys: Sequence[str]) -> str:
    """Which bets are being scoped, or wait to be started."""
    more = f" and {len(keys) - _MOST_KEYS} more" if len(keys) > _MOST_KEYS else ""
    return f"Being scoped, not started: {', '.join(keys[:_MOST_KEYS])}{more}" if keys else ""


def untested_note(text: str, key: str, days: int) -> str:
    """The critical assumption that has waited longest for somebody to look, so many days from the sign-off of the scope
    that first had it in these words: in a draft it may stand for weeks before anybody agrees to it."""
    waits = f"{days} {'day' if days == 1 else 'days'}"
    oldest = f"Oldest critical assumption that nobody has verified: '{clip(text, 120)}' of {key}"
    return f"{oldest}, open for {waits} since it was signed off"


def kinds_note(stats: Sequence[KindStat]) -> str:
    """Which kinds of assumptions break in this team, most often first; nothing while none did."""
    broken = sorted((one for one in stats if one.false), key=lambda one: (-one.false, one.kind))[:_MOST_KINDS]
    said = (f"{KINDS.get(one.kind, one.kind)} ({one.false} of {one.total} false)" for one in broken)
    return f"Assumptions that broke: {', '.join(said)}" if broken else ""


def _weeks(count: int) -> str:
    return f"{count} {'week' if count == 1 else 'weeks'}"


def portfolio_sentence(live: Sequence[tuple[Bet, float]]) -> str:
    """The portfolio in one or two sentences, from the live bets and the people-weeks spent on each."""
    if not live:
        return ""
    bets = [bet for bet, _ in live]
    count = f"{len(bets)} live {'bet' if len(bets) == 1 else 'bets'}"
    spread = effective_number(spent for _, spent in live)
    words = [f"{count}, and the effort spreads as over {spread:.1f} equal bets" if spread and len(bets) > 1 else count]
    if alone := lone_workers(bets):
        words.append(f"{len(alone)} {'person works' if len(alone) == 1 else 'people work'} alone")
    return "; ".join(words) + "."
