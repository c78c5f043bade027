"""What dead bets have taught: `/bets graveyard`, and those that resemble a new bet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.records import Bet, Decision
from bot.domain.zones import describe_date, local_date
from bot.render import kit
from bot.render.bet_lists import pager
from bot.render.bets import heading
from bot.render.ids import Act, cut_to_fit

PAGE = 6


@dataclass(frozen=True)
class Grave:
    """A killed, shipped or lapsed bet with the decision that made it so (None: it was imported without), the name of
    who took it (not escaped), how many weeks it ran (None: it never started, or nobody knows), its team's channel and
    zone."""

    bet: Bet
    end: Decision | None
    by: str
    weeks: float | None
    channel: str
    zone: str


def graveyard_message(
    graves: Sequence[Grave],
    page: int,
    pages: int,
    total: int,
    words: str,
    team_id: int,
    here: str,
    *,
    alone: bool = False,
) -> dict[str, Any]:
    """One page of the graveyard, asked for in a team and its channel `here`, or of that team `alone`, which it then
    names; `words` is what is looked for."""
    where = f" in <#{here}>" if alone else ""
    if not total:
        return kit.answer(_nothing(words, where))
    bets = "1 killed bet" if total == 1 else f"{total} killed bets"
    about = f" about “{kit.esc_line(words, 100)}”, best match first" if words else ", newest first"
    title = f"{bets}{where}{about}" + (f", page {page + 1} of {pages}" if pages > 1 else "")
    value = cut_to_fit({"words": words, "team": team_id, "page": pages, "alone": alone}, "words")
    turns = pager(value, page, pages, Act.GRAVEYARD_PAGE)
    return kit.message(title, [kit.section(f"*{title}*"), *(_entry(grave, here) for grave in graves), *turns])


def _nothing(words: str, where: str) -> str:
    if words:
        about = f"about “{kit.esc_line(words, 100)}”"
        return f"No killed bet{where} {about}. Try fewer words, or `/bets graveyard` for all of them."
    return f"The graveyard{where} is empty: a bet that is killed is kept here with what it taught."


def _entry(grave: Grave, here: str) -> kit.Block:
    lines = [f"*{heading(grave.bet, 150)}*", _end(grave, here)]
    if grave.end and grave.end.learning:
        lines.append(f"*We learned* {kit.esc_line(grave.end.learning, 500)}")
    if grave.end and grave.end.reason:
        lines.append(f"*Reason* {kit.esc_line(grave.end.reason, 300)}")
    return kit.section("\n".join(lines))


def _end(grave: Grave, here: str) -> str:
    """`killed by Ana on Fri 4 Dec 2026 after 6 weeks`; a bet lapses by itself."""
    at = grave.end.created_at if grave.end else grave.bet.ended_at
    when = f" on {describe_date(local_date(at, grave.zone))}" if at else ""
    by = f" by {kit.esc_line(grave.by, 80)}" if grave.end and grave.bet.status != "lapsed" else ""
    where = "" if grave.channel == here else f" in <#{grave.channel}>"
    return f"{grave.bet.status}{by}{when}{_age(grave)}{where}"


def _age(grave: Grave) -> str:
    if grave.weeks is None:
        return "" if grave.bet.started_at else " before it started"
    whole = round(grave.weeks)
    return " in its first week" if whole < 1 else f" after {whole} {'week' if whole == 1 else 'weeks'}"


def similar_blocks(graves: Sequence[Grave], here: str) -> list[kit.Block]:
    """For the author of a new bet alone: what ended or lapsed and resembles it; nothing when nothing does."""
    if not graves:
        return []
    one = "This was tried before, and resembles it" if len(graves) == 1 else "These were tried before, and resemble it"
    return [kit.section(f"{one}. What did we learn?"), *(_entry(grave, here) for grave in graves)]


def similar_words(graves: Sequence[Grave]) -> str:
    """The same for a notification; empty when nothing resembles it."""
    keys = ", ".join(grave.bet.key for grave in graves)
    return f" It resembles what was tried before: {keys}." if graves else ""
