"""The portfolio in numbers: over how many bets the effort really spreads, who works alone, how soon it stops."""

from collections.abc import Iterable, Sequence
from statistics import median

from bot.domain.records import Bet

EXPLORE = "explore"


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
    """How long the team takes from the first evidence against a bet to its kill, in days; nothing without kills."""
    if not days:
        return ""
    count = f"{len(days)} {'kill' if len(days) == 1 else 'kills'}"
    return f"Time to kill: {median(days):.0f} days from the first evidence against a bet (median of {count})"


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
