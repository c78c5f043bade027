"""How a bet's scope stands, for those who decide about the bet: its state, its drift, and what criteria said before."""

from sqlalchemy import Connection

from bot.domain.portfolio import scope_state
from bot.domain.scope_diff import earlier_words
from bot.domain.scoping import LOCKED
from bot.store.history import list_history
from bot.store.scopes import list_locks, list_scopes, list_standing, scopes
from bot.store.tables import history

_CRITERIA = "kill_criteria"
# What changes the words of a criterion.
_KINDS = ("edited", "scope_locked", "scope_changed")


def count_drift(tx: Connection, bet_id: int) -> int:
    """How often the bet's scope was changed after its first lock."""
    return max(0, list_locks(tx, [bet_id]).get(bet_id, 0) - 1)


def get_scope_state(tx: Connection, bet_id: int) -> str:
    """The bet's scope in words: locked or not, how often it changed, and which of its assumptions are open or false."""
    found = [one.status for one in list_scopes(tx, scopes.c.bet_id == bet_id)]
    status = LOCKED if LOCKED in found else found[-1] if found else ""
    states = [one.state for one in list_standing(tx, [bet_id]).get(bet_id, ())]
    return scope_state(status, count_drift(tx, bet_id), states)


def get_earlier_criteria(tx: Connection, bet_id: int) -> dict[str, str]:
    """What the bet's kill criteria said when they were agreed, by how they read now; unchanged ones are not in it."""
    rows = list_history(tx, history.c.bet_id == bet_id, history.c.kind.in_(_KINDS))
    changed = ((row.before or {}, row.after or {}) for row in rows)
    return earlier_words(
        (_texts(before[_CRITERIA]), _texts(after[_CRITERIA]))
        for before, after in changed
        if _CRITERIA in before and _CRITERIA in after
    )


def _texts(criteria: object) -> list[str]:
    """An import may bring any shape: what has no words is left out."""
    found = criteria if isinstance(criteria, list) else []
    return [str(one["text"]) for one in found if isinstance(one, dict) and "text" in one]
