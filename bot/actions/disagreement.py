"""Numbers against people, from what is known of a bet's versions."""

from collections.abc import Mapping
from itertools import pairwise

from sqlalchemy import Connection

from bot.domain.approval import Approval
from bot.domain.disagreement import People
from bot.domain.predictions import PredictionSet
from bot.render.disagreement import conflict_line
from bot.store.comparisons import list_blinded, list_hidden
from bot.store.predictions import list_ready
from bot.store.tables import comparisons

Judged = Mapping[int, Approval]


def get_conflict(tx: Connection, old: PredictionSet, new: PredictionSet, judged: Judged | None = None) -> str:
    """That the metric and people went opposite ways from one set to the other; empty where they did not.

    People are heard in the newest blind comparison of the two, else in how the samples of each were `judged`. Nothing
    is said while one of them is in an open comparison.
    """
    if {old.id, new.id} & list_hidden(tx, old.bet_id):
        return ""
    return conflict_line(old.metric, new.metric, _hear(tx, old, new, judged or {}))


def _hear(tx: Connection, old: PredictionSet, new: PredictionSet, judged: Judged) -> People:
    compared = list_blinded(tx, comparisons.c.old_id == old.id, comparisons.c.new_id == new.id)
    return People(compared[-1].tally if compared else None, judged.get(old.id), judged.get(new.id))


def get_newest_conflict(tx: Connection, bet_id: int, judged: Judged) -> str:
    """The same of the newest two versions that follow each other and of which people have said enough."""
    for old, new in reversed(list(pairwise(list_ready(tx, [bet_id]).get(bet_id, [])))):
        if _hear(tx, old, new, judged).step:
            return get_conflict(tx, old, new, judged)
    return ""


def get_conflict_before(tx: Connection, found: PredictionSet, judged: Judged) -> str:
    """The same of a set and the version before it."""
    ready = list_ready(tx, [found.bet_id]).get(found.bet_id, [])
    before = [one for one in ready if one.id < found.id]
    return get_conflict(tx, before[-1], found, judged) if before else ""
