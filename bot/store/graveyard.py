"""The graveyard's full text: what was killed, found again by words or by likeness."""

from collections.abc import Container, Iterable

from sqlalchemy import Connection, bindparam, select, text

from bot.domain.graveyard import (
    IN_BET,
    IN_DECISION,
    IN_TITLE,
    Term,
    match_all,
    match_any,
    most_similar,
    stem_of,
    terms_of,
    words_of,
)
from bot.store.bets import list_standing_decisions
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
_MOST_FINISHED, _MOST_WORDS = 300, 2_000
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
    tx: Connection, team_ids: Iterable[int], title: str, problem: str, hypothesis: str, limit: int = 3,
    finished_too: bool = False,
) -> list[int]:  # fmt: skip
    """The ids of at most `limit` of these teams' killed bets that resemble a new one, best first; mostly there is none.
    With `finished_too` also of those that shipped or lapsed.

    Only those teams' bets say which words are rare, so that nothing of another team shows in the order.
    """
    teams = list(team_ids)
    dead = {row[0]: row[1] for row in tx.execute(_LENGTHS, {"teams": teams})}
    finished = _list_finished(tx, teams) if finished_too else {}
    lengths = dead | {bet_id: length for bet_id, (length, _) in finished.items()}
    if not lengths:
        return []
    terms = terms_of(title, problem, hypothesis)
    found = ((term, _list_holding(tx, term, dead) | _holding(term, finished)) for term in terms)
    return list(most_similar(found, lengths, limit))


# A bet's length, and the stems of its words by what it is worth to hold them there.
Finished = dict[int, tuple[int, dict[float, frozenset[str]]]]


def _list_finished(tx: Connection, team_ids: list[int]) -> Finished:
    """What shipped or lapsed last: it is in no graveyard, and few enough to be read whole."""
    where = (bets.c.team_id.in_(team_ids), bets.c.status.in_(("shipped", "lapsed")))
    rows = tx.execute(select(bets).where(*where).order_by(bets.c.id.desc()).limit(_MOST_FINISHED)).all()
    decided = list_standing_decisions(tx, [row.id for row in rows])
    found: Finished = {}
    for row in rows:
        end = decided.get(row.id)
        said = f"{end.reason or ''} {end.learning or ''}" if end else ""
        texts = {IN_DECISION: said, IN_BET: f"{row.title} {row.problem} {row.hypothesis}", IN_TITLE: row.title}
        words = {worth: frozenset(map(stem_of, words_of(text, _MOST_WORDS))) for worth, text in texts.items()}
        found[row.id] = (len(row.title) + len(row.problem) + len(row.hypothesis), words)
    return found


def _holding(term: Term, finished: Finished) -> dict[int, float]:
    """Which of the finished bets hold the term, with what the best place is worth in which they do."""
    stems = set(map(stem_of, term.words))
    held = {
        bet_id: max((worth for worth, words in places.items() if not words.isdisjoint(stems)), default=0.0)
        for bet_id, (_, places) in finished.items()
    }
    return {bet_id: worth for bet_id, worth in held.items() if worth}


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
