"""The graveyard's full text: what was killed, found again by words or by likeness."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, select, text

from bot.domain.graveyard import match_all, match_any
from bot.store.tables import bets

_BURY = (
    "INSERT INTO graveyard (rowid, title, problem, hypothesis, reason, learning) "
    "SELECT bets.id, title, problem, hypothesis, reason, learning FROM bets JOIN decisions ON decisions.id = "
    "(SELECT max(id) FROM decisions WHERE bet_id = bets.id AND kind = 'kill') "
    "WHERE bets.id = :bet AND bets.status = 'killed'"
)
# A word in the title says most about a bet, what it taught comes next.
_FOUND = text(
    "SELECT bets.id FROM graveyard JOIN bets ON bets.id = graveyard.rowid "
    "WHERE graveyard MATCH :wanted AND bets.team_id IN :teams "
    "ORDER BY bm25(graveyard, 4.0, 2.0, 1.5, 1.0, 2.0), bets.ended_at DESC, bets.id DESC LIMIT :most"
).bindparams(bindparam("teams", expanding=True))


def refresh_grave(tx: Connection, bet_id: int) -> None:
    """The bet is found in the graveyard exactly when it is killed, by its texts and those of its newest kill."""
    tx.execute(text("DELETE FROM graveyard WHERE rowid = :bet"), {"bet": bet_id})
    tx.execute(text(_BURY), {"bet": bet_id})


def list_dead(tx: Connection, team_ids: Iterable[int]) -> list[int]:
    """The ids of these teams' killed bets, the newest death first."""
    where = (bets.c.team_id.in_(list(team_ids)), bets.c.status == "killed")
    return list(
        tx.execute(select(bets.c.id).where(*where).order_by(bets.c.ended_at.desc(), bets.c.id.desc())).scalars()
    )


def search(tx: Connection, team_ids: Iterable[int], words: str, limit: int) -> list[int]:
    """The ids of at most `limit` of these teams' killed bets that hold all the words, else any of them, best first.

    Words are parts of words too (`dedup` finds `deduplication`), and nothing that is typed is an operator.
    """
    teams = list(team_ids)
    for wanted in filter(None, (match_all(words), match_any(words))):
        rows = tx.execute(_FOUND, {"wanted": wanted, "teams": teams, "most": limit})
        if found := list(rows.scalars()):
            return found
    return []
