"""Prediction sets: taken in from a file's bytes, from wherever they come."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from bot.actions.comparisons import do_compare_new
from bot.actions.forgetting import may_delete
from bot.actions.images import Beside, take_images
from bot.actions.rights import may, refuse_unless
from bot.actions.samples import list_judged
from bot.domain.bets import is_over
from bot.domain.drawing import seed_of
from bot.domain.errors import Refusal
from bot.domain.links import is_link
from bot.domain.prediction_files import PARQUET, Reading, read_predictions
from bot.domain.predictions import (
    FILE_LIMIT,
    LABEL_LIMIT,
    METRIC_LIMIT,
    Metric,
    Prediction,
    PredictionSet,
    is_lower_better,
)
from bot.domain.records import Actor, Bet, Team
from bot.domain.words import undirected
from bot.render.ids import Act
from bot.render.kit import without
from bot.render.predictions import Version, story_message
from bot.store import predictions as store
from bot.store.comparisons import list_hidden
from bot.store.history import insert_bet_history
from bot.store.samples import get_open_round
from bot.store.tables import prediction_sets, sample_draws

_ENDED = "{key} has ended: prediction sets are for bets that go on."


@dataclass(frozen=True)
class Incoming:
    """A file that was read and can be stored."""

    file: str
    digest: str
    label: str
    metric: Metric | None
    reading: Reading
    # The same rows as they are stored.
    packed: Sequence[store.Packed] = field(repr=False)
    # Where people can look at it, for a team that keeps no rows.
    link: str = ""


def read_incoming(
    name: str,
    data: bytes,
    label: str = "",
    metric: str = "",
    unpack: Callable[[bytes], bytes] | None = None,
    beside: Beside | None = None,
    *,
    offered: bool = False,
) -> Incoming:
    """Reads a file; it takes its time, so it comes before the transaction. Without a label, its name is. `unpack` makes
    JSON lines of a Parquet file; `beside` reads the images that the rows name; `offered`: somebody looks
    at what was read before it is used."""
    file = file_name(name)
    label = _label(label) if label else (file.rpartition(".")[0] or file)[:LABEL_LIMIT]
    found = read_metric(metric)
    if unpack and data.startswith(PARQUET):
        reading = read_predictions(".jsonl", unpack(data), "row")
    else:
        reading = read_predictions(name, data)
    reading = take_images(reading, len(data), beside, offered=offered)
    return Incoming(file, sha256(data).hexdigest(), label, found, reading, store.pack(reading.rows))


def file_name(name: str) -> str:
    """A file's name as it is shown: its last part, in one line. It is never used as a path."""
    last = re.split(r"[/\\]", undirected(name))[-1]
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", last).split())[:FILE_LIMIT] or "file"


def _label(text: str) -> str:
    label = " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())
    if not 0 < len(label) <= LABEL_LIMIT:
        raise Refusal(f"A set's label has 1 to {LABEL_LIMIT} characters: give it one such as v2.", "label")
    return label


def read_metric(text: str) -> Metric | None:
    """`NAME=VALUE` as people type it; nothing typed is no metric."""
    if not text.strip():
        return None
    name, _, value = text.rpartition("=")
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not name.strip() or not abs(number) < float("inf"):
        raise Refusal(f"'{text[:40]}' is no metric: write it like accuracy=0.9.", "metric")
    if len(name.strip()) > METRIC_LIMIT:
        raise Refusal(f"The metric's name is longer than {METRIC_LIMIT} characters: shorten it.", "metric")
    return Metric(name.strip(), number, is_lower_better(name))


def do_add_set(
    tx: Connection, now: datetime, team: Team, bet: Bet, incoming: Incoming, source: str, by: str
) -> PredictionSet:
    """Stores a set that is in use at once; the same file again is refused, since it is no new version."""
    refuse_set(tx, bet, incoming.digest, incoming.label)
    found = insert_incoming(tx, now, bet, kept_of(team, incoming), source, by, state=store.READY)
    note_added(tx, now, bet, found, by)
    do_compare_new(tx, now, team, bet)
    return found


def do_add_metric(
    tx: Connection, now: datetime, bet: Bet, found: PredictionSet, metric: Metric | None, by: str
) -> PredictionSet:
    """The set's metric, which came only after it; refused where it has another. History says so by the set's id, as it
    does when a set comes."""
    if metric in (None, found.metric):
        return found
    if is_over(bet.status):
        raise Refusal(_ENDED.format(key=bet.key))
    if found.metric is not None:
        has = "another metric" if found.id in list_hidden(tx, bet.id) else f"'{found.metric.typed}'"
        raise Refusal(f"{bet.key} has this file already, with {has}: send another version.", "metric")
    store.update_metric(tx, found.id, metric)
    insert_bet_history(tx, now, bet, "prediction_metric", by, after={"set": found.id})
    return replace(found, metric=metric)


def refuse_set(tx: Connection, bet: Bet, digest: str, label: str | None = None) -> None:
    """Refused for a bet that has ended, and where the file, or the label that somebody gave it, is known already."""
    if is_over(bet.status):
        raise Refusal(_ENDED.format(key=bet.key))
    hidden = list_hidden(tx, bet.id)
    for one in store.list_ready(tx, [bet.id]).get(bet.id, []):
        if one.digest == digest:
            name = "" if one.id in hidden else f", as '{one.label}'"
            raise Refusal(f"{bet.key} has this file already{name}: send another version.")
        if one.label == label:
            raise Refusal(f"{bet.key} has a set labelled '{one.label}' already: give this one another label.", "label")


def kept_of(team: Team, incoming: Incoming) -> Incoming:
    """What the team keeps of a file: all of it, or with *link only* a link and the ids of its rows."""
    if not team.samples_link_only:
        return replace(incoming, link="")
    if not is_link(incoming.link):
        raise Refusal("This team keeps only a link to samples: say where people can look at them, with a link.", "link")
    rows = tuple(Prediction(one.row, None, None) for one in incoming.reading.rows)
    return replace(incoming, reading=replace(incoming.reading, rows=rows), packed=store.pack(rows))


def insert_incoming(
    tx: Connection, now: datetime, bet: Bet, incoming: Incoming, source: str, by: str, **values: Any
) -> PredictionSet:
    """Stores what was read."""
    values |= {"label": incoming.label, "file": incoming.file, "columns": incoming.reading.columns}
    values["link"] = incoming.link or None
    values |= {"seed": seed_of(incoming.digest), "digest": incoming.digest, "source": source, "by": by}
    set_id = store.insert_set(tx, now, bet.id, incoming.packed, incoming.metric, **values)
    return store.list_sets(tx, prediction_sets.c.id == set_id)[0]


def note_added(tx: Connection, now: datetime, bet: Bet, found: PredictionSet, by: str) -> None:
    """History says that a set came, by its id: its label may not be named while it is in a blind comparison."""
    insert_bet_history(tx, now, bet, "prediction_set", by, after={"set": found.id})


def get_story(tx: Connection, actor: Actor, team: Team, bet: Bet, page: int = 0) -> dict[str, Any]:
    """One page of a bet's sets with the metric and what people said, over all closed rounds of each; those that are
    compared blindly now without their names."""
    refuse_unless(actor, team, "list", bet.owners)
    judged = list_judged(tx, sample_draws.c.bet_id == bet.id)
    hidden = list_hidden(tx, bet.id)
    known = (prediction_sets.c.bet_id == bet.id, prediction_sets.c.state.in_((store.READY, store.DELETED)))
    found = store.list_sets(tx, *known)
    versions = [Version(one, judged.get(one.id), hidden=one.id in hidden) for one in found]
    open_now = get_open_round(tx, bet.id) is not None
    deletes = may_delete(actor, team, bet)
    story = story_message(bet, versions, team.zone, open_now=open_now, may_delete=deletes, page=page)
    return story if may(actor, team, "vote", bet.owners) else without(story, Act.POST_SAMPLES)
