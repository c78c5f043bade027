"""Friday's question under the digest: is something new begun next week, and which bets run without a locked scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.records import Bet
from bot.render import kit
from bot.render.ids import Act

_MOST = 10


@dataclass(frozen=True)
class ScopePrompt:
    """What the prompt says to one team: the live bets without a locked scope, each with the whole weeks it has run,
    oldest first; `muted` is why nobody is asked for new work, as a phrase."""

    team_id: int
    unscoped: Sequence[tuple[Bet, int]] = ()
    muted: str = ""


def scope_prompt_blocks(prompt: ScopePrompt) -> list[kit.Block]:
    """The prompt with its buttons; muted, it says why it asks for nothing."""
    blocks: list[kit.Block] = [kit.divider()]
    if prompt.muted:
        blocks.append(kit.section(f"No call for new work this week: {kit.esc_line(prompt.muted, 200)}."))
    else:
        value = {"team": prompt.team_id}
        blocks += [
            kit.section("*Starting something new next week? Scope it first.*"),
            kit.actions(
                kit.button("Scope it", Act.SCOPE_IT, value, style="primary"),
                kit.button("Nothing new", Act.SCOPE_NOTHING, value),
            ),
        ]
    if prompt.unscoped:
        blocks.append(
            kit.context(
                f"Without a locked scope: {_unscoped(prompt.unscoped)}. *Scope it* is under *More* on each card."
            )
        )
    return blocks


def _unscoped(bets: Sequence[tuple[Bet, int]]) -> str:
    shown = [f"{bet.key} {kit.esc_line(bet.title, 40)} ({_age(weeks)})" for bet, weeks in bets[:_MOST]]
    return ", ".join(shown) + (f" and {len(bets) - _MOST} more" if len(bets) > _MOST else "")


def _age(weeks: int) -> str:
    return "new" if weeks < 1 else f"for {weeks} {'week' if weeks == 1 else 'weeks'}"


def nothing_new_answer(again: bool) -> dict[str, Any]:
    """To whoever pressed *Nothing new*."""
    return kit.answer("It is noted already, thank you." if again else "Noted, thank you: nothing new next week.")
