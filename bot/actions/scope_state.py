"""How a bet's scope stands, for those who decide about the bet: its state, its drift, and what criteria said before."""

from collections.abc import Collection

from sqlalchemy import Connection

from bot.domain.scope_diff import earlier_words
from bot.domain.scope_state import ScopeState, agreement_words
from bot.store.history import list_changes
from bot.store.scopes import list_standing, list_states

_CRITERIA = "kill_criteria"
# What changes the words of a criterion.
_KINDS = ("edited", "scope_locked", "scope_changed")


def get_agreement(tx: Connection, bet_id: int) -> str:
    """The bet's scope in words: locked or not, how often it changed, and which of its assumptions are open or false."""
    state = list_states(tx, [bet_id]).get(bet_id, ScopeState())
    return agreement_words(state, [one.state for one in list_standing(tx, [bet_id]).get(bet_id, ())])


def get_earlier_criteria(tx: Connection, bet_id: int) -> dict[str, str]:
    """What the bet's kill criteria said when they were agreed, by how they read now; unchanged ones are not in it."""
    return list_earlier_criteria(tx, [bet_id]).get(bet_id, {})


def list_earlier_criteria(tx: Connection, bet_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """The same of those of the bets whose criteria changed, by the bet's id; one query for any number of them."""
    changes: dict[int, list[tuple[list[str], list[str]]]] = {}
    for bet_id, before, after in list_changes(tx, bet_ids, _KINDS):
        if _CRITERIA in before and _CRITERIA in after:
            changes.setdefault(bet_id, []).append((_texts(before[_CRITERIA]), _texts(after[_CRITERIA])))
    return {bet_id: earlier_words(found) for bet_id, found in changes.items()}


def _texts(criteria: object) -> list[str]:
    """An import may bring any shape: what has no words is left out."""
    found = criteria if isinstance(criteria, list) else []
    return [str(one["text"]) for one in found if isinstance(one, dict) and "text" in one]
