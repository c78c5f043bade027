"""Numbers against people, from what is known of a bet's versions."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.approval import Approval
from bot.domain.disagreement import People, same_way
from bot.domain.predictions import PredictionSet
from bot.domain.records import Team
from bot.render.disagreement import conflict_line
from bot.store.comparisons import list_blinded, list_hidden
from bot.store.occurrences import insert_occurrence
from bot.store.predictions import list_ready
from bot.store.tables import comparisons

Judged = Mapping[int, Approval]


def get_conflict(
    tx: Connection, old: PredictionSet, new: PredictionSet, judged: Judged | None = None, versions: int = 2
) -> str:
    """That the metric and people went opposite ways from one set to the other; empty where they did not.

    People are heard in the newest blind comparison of the two, else in how the samples of each were `judged`. Nothing
    is said while one of them is in an open comparison. `versions` is how many there are from one to the other.
    """
    if {old.id, new.id} & list_hidden(tx, old.bet_id):
        return ""
    return conflict_line(old.metric, new.metric, _hear(tx, old, new, judged or {}), versions)


def _hear(tx: Connection, old: PredictionSet, new: PredictionSet, judged: Judged) -> People:
    compared = list_blinded(tx, comparisons.c.old_id == old.id, comparisons.c.new_id == new.id)
    return People(compared[-1].tally if compared else None, judged.get(old.id), judged.get(new.id))


def get_newest_conflict(tx: Connection, bet_id: int, judged: Judged) -> str:
    """The same of the newest version of which people have said enough, and one before it."""
    ready = list_ready(tx, [bet_id]).get(bet_id, [])
    found = (_find_conflict(tx, ready[: place + 1], judged) for place in reversed(range(len(ready))))
    return next((line for line in found if line is not None), "")


def get_conflict_before(tx: Connection, found: PredictionSet, judged: Judged) -> str:
    """The same of a set and a version before it."""
    ready = list_ready(tx, [found.bet_id]).get(found.bet_id, [])
    # Its rows may have been deleted just now, which takes nothing from what people said of them.
    return _find_conflict(tx, [*(one for one in ready if one.id < found.id), found], judged) or ""


def _find_conflict(tx: Connection, ready: Sequence[PredictionSet], judged: Judged) -> str | None:
    """That of the last of these sets and the nearest one before it from which people clearly tell it; None where they
    do not say enough."""
    *earlier, new = ready
    near = same_way([one.metric for one in ready])
    for versions, old in enumerate(earlier[::-1][:near], 2):
        if _hear(tx, old, new, judged).step:
            return get_conflict(tx, old, new, judged, versions)
    return None


def do_tell_once(tx: Connection, now: datetime, team: Team, new: PredictionSet, conflict: str) -> str:
    """The `conflict` of a version and those before it for the bet's thread, which hears of it once."""
    day = new.created_at.date()
    told = conflict and insert_occurrence(tx, now, team.id, "conflict", str(new.id), day, now)
    return conflict if told else ""
