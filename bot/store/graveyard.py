"""The graveyard's full text: what was killed, found again by words or by likeness."""

from collections.abc import Container, Iterable

from sqlalchemy import Connection, bindparam, select, text

from bot.domain.graveyard import IN_BET, IN_DECISION, IN_TITLE, Term, match_all, match_any, most_similar, terms_of
from bot.store.tables import bets

_BURY = (
    "INSERT INTO graveyard (rowid, title, problem, hypothesis, reason, learning) "
    "SELECT bets.id, title, problem, hypothesis, coalesce(reason, ''), coalesce(learning, '') "
    "FROM bets LEFT JOIN decisions ON decisions.id = "
    "(SELECT max(id) FROM decisions WHERE bet_id = bets.id AND kind = 'kill' "
    "AND id NOT IN (SELECT of FROM decisions WHERE kind = 'undo' AND of IS NOT NULL)) "
    "WHERE bets.id = :bet AND bets.status = 'killed'"
)
# A word in the title says most about a bet, what it taught comes next.
_FOUND = text(
    "SELECT bets.id FROM graveyard JOIN bets ON bets.id = graveyard.rowid "
    "WHERE graveyard MATCH :wanted AND bets.team_id IN :teams "
    "ORDER BY bm25(graveyard, 4.0, 2.0, 1.5, 1.0, 2.0), bets.ended_at DESC, bets.id DESC LIMIT :most"
).bindparams(bindparam("teams", expanding=True))
_LENGTHS = text(
    "SELECT id, length(title) + length(problem) + length(hypothesis) "
    "FROM bets WHERE team_id IN :teams AND status = 'killed'"
).bindparams(bindparam("teams", expanding=True))
_HOLDING = text("SELECT rowid FROM graveyard WHERE graveyard MATCH :wanted")


def refresh_grave(tx: Connection, bet_id: int) -> None:
    """The bet is found in the graveyard exactly when it is killed, by its texts and those of the kill that stands."""
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


def list_similar(
    tx: Connection, team_ids: Iterable[int], title: str, problem: str, hypothesis: str, limit: int = 3
) -> list[int]:
    """The ids of at most `limit` of these teams' killed bets that resemble a new one, best first; mostly there is none.

    Only those teams' bets say which words are rare, so that nothing of another team shows in the order.
    """
    lengths = {row[0]: row[1] for row in tx.execute(_LENGTHS, {"teams": list(team_ids)})}
    if not lengths:
        return []
    found = ((term, _list_holding(tx, term, lengths)) for term in terms_of(title, problem, hypothesis))
    return list(most_similar(found, lengths, limit))


def _list_holding(tx: Connection, term: Term, readable: Container[int]) -> dict[int, float]:
    """The readable dead bets that hold the term, with what the best place is worth in which they do."""
    worths: dict[int, float] = {}
    for columns, worth in (("", IN_DECISION), ("{title problem hypothesis} : ", IN_BET), ("title : ", IN_TITLE)):
        rows = tx.execute(_HOLDING, {"wanted": f"{columns}({term.match})"}).scalars()
        held = {bet_id: worth for bet_id in rows if bet_id in readable}
        if not held:  # then a narrower place has none either
            break
        worths |= held
    return worths
