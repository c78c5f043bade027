"""Prediction sets that are pushed, with a team's token or on the bot's machine: let in, read, and stored once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.actions.predictions import Incoming, do_add_metric, do_add_set, read_incoming
from bot.domain.errors import Refusal
from bot.domain.prediction_files import MOST_BYTES, BadLines
from bot.domain.prediction_kinds import kind_named
from bot.domain.records import Bet, Team
from bot.domain.tokens import TeamToken, admit
from bot.domain.words import parse_key
from bot.store import predictions as store
from bot.store import tokens
from bot.store.bets import get_bet, get_bet_by_number
from bot.store.comparisons import list_hidden
from bot.store.teams import get_team

__all__ = ["MOST_BYTES", "Denied", "Pushed", "do_admit", "do_push", "do_take", "read_push", "refuse_token"]


class Denied(Exception):
    """A push that gets no further, with a sentence for whoever sent it.

    `why` is `token`, `bet`, `often` (then `wait` says for how many seconds) or `file` (then `lines` are the lines that
    cannot be read, each with what is wrong with it).
    """

    def __init__(self, why: str, sentence: str, wait: int = 0, lines: tuple[tuple[int, str], ...] = ()) -> None:
        super().__init__(why)
        self.why = why
        self.sentence = sentence
        self.wait = wait
        self.lines = lines


@dataclass(frozen=True)
class Pushed:
    """A set that stands in the database, by this push or by an earlier one of the same bytes."""

    set: int
    label: str
    rows: int
    seed: int
    columns: dict[str, str]
    unused: tuple[str, ...]
    metric: str | None
    # Its rows are in a blind comparison now, so samples of them do not come as long as that is open.
    compared: bool
    again: bool


def refuse_token(tx: Connection, token: str) -> TeamToken:
    """The token that somebody shows; denied when it is none that is in force."""
    known = tokens.get_token(tx, token)
    if known is None:
        raise Denied("token", "The token is not known: a lead makes one with New token in /bets config.")
    return known


def do_admit(tx: Connection, now: datetime, token: str, key: str) -> int | Denied:
    """The id of the bet that may be pushed to with this token, or why none; a push that is let in is counted.

    What is denied is returned and not raised, since what was counted stays counted.
    """
    known = refuse_token(tx, token)
    booked, wait = admit(tokens.get_booked(tx, known.id), now)
    if wait:
        seconds = -int(-wait.total_seconds() // 1)
        return Denied("often", f"This token pushes too often: try again in {seconds} seconds.", seconds)
    tokens.update_booked(tx, known.id, booked)
    tokens.update_used(tx, now, known.id)
    bet = _get_bet(tx, known.team_id, key)
    return bet.id if bet else Denied("bet", f"There is no {key[:40]} here: name a bet of the token's team by its key.")


def read_push(
    name: str, content_type: str, data: bytes, label: str, metric: str, unpack: Callable[[bytes], bytes] | None
) -> Incoming:
    """Reads what was sent, before the transaction. What it is follows from its type, else from `name`, else from how it
    begins; `name` is shown and never opened."""
    try:
        if not label.strip():
            raise Refusal("The set has no label: add one to the address, such as ?label=v2.")
        return read_incoming(kind_named(name or "push", content_type), data, label, metric, unpack)
    except BadLines as refusal:
        raise Denied("file", refusal.message, lines=refusal.lines) from None
    except Refusal as refusal:
        raise Denied("file", refusal.message) from None


def do_push(tx: Connection, now: datetime, token: str, bet_id: int, incoming: Incoming) -> Pushed:
    """Takes what a job pushes with its team's token."""
    known = refuse_token(tx, token)
    bet = get_bet(tx, bet_id)
    try:
        return do_take(tx, now, get_team(tx, bet.team_id), bet, incoming, "http", f"token ending in {known.hint}")
    except Refusal as refusal:
        raise Denied("file", refusal.message) from None


def do_take(tx: Connection, now: datetime, team: Team, bet: Bet, incoming: Incoming, source: str, by: str) -> Pushed:
    """Stores the set, in use at once. The same bytes again under the same label are no new set: whoever tries again
    gets the answer that it may have missed, and a metric that comes only then is kept."""
    ready = store.list_ready(tx, [bet.id]).get(bet.id, [])
    known = next((one for one in ready if (one.digest, one.label) == (incoming.digest, incoming.label)), None)
    if known is None:
        found = do_add_set(tx, now, team, bet, incoming, source, by)
    else:
        found = do_add_metric(tx, now, bet, known, incoming.metric, by)
    return Pushed(
        set=found.id,
        label=found.label,
        rows=found.count,
        seed=found.seed,
        columns=incoming.reading.columns,
        unused=incoming.reading.unused,
        metric=found.metric.typed if found.metric else None,
        compared=found.id in list_hidden(tx, bet.id),
        again=known is not None,
    )


def _get_bet(tx: Connection, team_id: int, key: str) -> Bet | None:
    number = parse_key(key)
    bet = get_bet_by_number(tx, number) if number else None
    return bet if bet and bet.team_id == team_id else None
