"""All that the bot knows about a team's bets at once, for the nudge policy: a dozen queries for any number of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import starmap
from typing import Any, TypeVar

from sqlalchemy import Connection, select

from bot.domain.asof import Change
from bot.domain.records import Bet, Checkin, Decision, Nudge
from bot.domain.scoping import Assumption
from bot.store.bets import list_bets, list_decisions
from bot.store.checkins import list_checkins
from bot.store.comparisons import Blinded, list_blinded
from bot.store.nudges import list_team_nudges
from bot.store.people import count_heads, list_left
from bot.store.samples import Thumbs, list_thumbs
from bot.store.scope_tables import assumptions, scopes
from bot.store.scopes import list_assumptions
from bot.store.tables import absences, bets, checkins, comparisons, decisions, history, outbox, prompts, updates
from bot.store.tables import nudges as nudge_table

T = TypeVar("T")
# What has no place in a portfolio: it never ran, or was a mistake.
_NEVER_RAN = ("idea", "withdrawn")


@dataclass(frozen=True)
class Answer:
    """An owner's newest words on a bet for a week: of an update what the policy reads, since there are thousands."""

    bet_id: int
    user: str
    week: str
    text: str | None
    confidence: int | None
    days: float | None
    blocked_by: str | None
    created_at: datetime


@dataclass(frozen=True)
class Prompted:
    """A bet's owners were asked in a round of that week."""

    week: str
    at: datetime
    owners: tuple[str, ...]


@dataclass(frozen=True)
class Versioned:
    """A version of a bet's scope: when it was begun, and when it was locked, if it is."""

    bet_id: int
    version: int
    created_at: datetime
    locked_at: datetime | None


@dataclass(frozen=True)
class Away:
    """Days away as they were entered; `ended_at` when the person came back before the last of them."""

    user: str
    first: Any
    last: Any
    ended_at: datetime | None


@dataclass(frozen=True)
class Evidence:
    """A team's bets with what is known of each, by the bet's id; `answers` are owners' own, none taken back.

    `head_count` is how many are in the channel but for bots, guests and who left (`gone`); whoever nobody has
    looked up yet counts.
    """

    bets: tuple[Bet, ...]
    answers: dict[int, list[Answer]]
    prompted: dict[int, list[Prompted]]
    nudges: dict[int, list[Nudge]]
    decisions: dict[int, list[Decision]]
    changes: dict[int, list[Change]]
    rounds: dict[str, Checkin]
    away: tuple[Away, ...]
    gone: frozenset[str]
    head_count: int
    scopes: dict[int, list[Versioned]] = field(default_factory=dict)
    assumptions: dict[int, list[Assumption]] = field(default_factory=dict)
    thumbs: dict[int, list[Thumbs]] = field(default_factory=dict)
    blinded: dict[int, list[Blinded]] = field(default_factory=dict)

    @cached_property
    def weeks(self) -> frozenset[str]:
        """Every week that was asked about or answered for."""
        return frozenset(one.week for given in self.answers.values() for one in given) | frozenset(self.rounds)


def get_evidence(tx: Connection, team_id: int) -> Evidence:
    """Everything about the team's bets that ever ran."""
    of_team = select(bets.c.id).where(bets.c.team_id == team_id)
    decided = list_decisions(tx, decisions.c.bet_id.in_(of_team))
    return Evidence(
        bets=tuple(list_bets(tx, bets.c.team_id == team_id, bets.c.status.not_in(_NEVER_RAN))),
        answers=_answers(tx, of_team),
        prompted=_prompted(tx, team_id),
        nudges=_by_bet(list_team_nudges(tx, team_id, ~_never_sent())),
        decisions=_by_bet(decided),
        changes=_changes(tx, team_id, decided),
        rounds={checkin.week: checkin for checkin in list_checkins(tx, checkins.c.team_id == team_id)},
        away=_away(tx, team_id),
        gone=frozenset(list_left(tx, team_id)),
        head_count=count_heads(tx, team_id),
        scopes=_scopes(tx, team_id),
        assumptions=_by_bet(list_assumptions(tx, assumptions.c.bet_id.in_(of_team))),
        thumbs=_by_bet(list_thumbs(tx, team_id)),
        blinded=_by_bet(list_blinded(tx, comparisons.c.bet_id.in_(of_team))),
    )


def _answers(tx: Connection, of_team: Any) -> dict[int, list[Answer]]:
    """In the order of their weeks."""
    theirs = (updates.c.bet_id.in_(of_team), updates.c.deleted.is_(False), updates.c.second_opinion.is_(False))
    query = select(*(updates.c[name] for name in Answer.__dataclass_fields__)).where(*theirs)
    return _by_bet(starmap(Answer, tx.execute(query.order_by(updates.c.week, updates.c.id))))


def _never_sent() -> Any:
    """Nudges whose message was dropped on its way: nobody was shown them."""
    return (
        select(outbox.c.id)
        .where(outbox.c.id == nudge_table.c.outbox_id, outbox.c.state.in_(("dropped", "refused")))
        .exists()
    )


def _by_bet(rows: Iterable[T]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = {}
    for row in rows:
        found.setdefault(row.bet_id, []).append(row)  # type: ignore[attr-defined]
    return found


def _prompted(tx: Connection, team_id: int) -> dict[int, list[Prompted]]:
    query = (
        select(prompts.c.bet_id, prompts.c.owners, checkins.c.week, checkins.c.prompted_at)
        .join(checkins, checkins.c.id == prompts.c.checkin_id)
        .where(checkins.c.team_id == team_id)
        .order_by(checkins.c.week)
    )
    found: dict[int, list[Prompted]] = {}
    for row in tx.execute(query):
        found.setdefault(row.bet_id, []).append(Prompted(row.week, row.prompted_at, row.owners))
    return found


def _scopes(tx: Connection, team_id: int) -> dict[int, list[Versioned]]:
    """Without their documents, which are long."""
    query = (
        select(scopes.c.bet_id, scopes.c.version, scopes.c.created_at, scopes.c.locked_at)
        .join(bets, bets.c.id == scopes.c.bet_id)
        .where(bets.c.team_id == team_id, scopes.c.version > 0)
        .order_by(scopes.c.bet_id, scopes.c.version)
    )
    return _by_bet(Versioned(*row) for row in tx.execute(query))


def list_changes_after(tx: Connection, team_id: int, at: datetime) -> dict[int, list[Change]]:
    """What changed of each of the team's bets after `at`, oldest first; a bet that did not change is not among them."""
    of_team = select(bets.c.id).where(bets.c.team_id == team_id)
    decided = list_decisions(tx, decisions.c.bet_id.in_(of_team), decisions.c.created_at > at)
    return _changes(tx, team_id, decided, history.c.at > at)


def _changes(tx: Connection, team_id: int, decided: Iterable[Decision], *where: Any) -> dict[int, list[Change]]:
    """Every change of a bet, oldest first; what a decision itself remembers of before is undone first."""
    query = select(history).where(history.c.team_id == team_id, history.c.bet_id.is_not(None), *where)
    found: dict[int, list[Change]] = {}
    for row in tx.execute(query.order_by(history.c.id)):
        if row.before:
            found.setdefault(row.bet_id, []).append(Change(row.kind, row.at, row.before))
    for one in decided:
        if one.before:
            found.setdefault(one.bet_id, []).append(Change(one.kind, one.created_at, one.before))
    return {bet_id: sorted(changes, key=lambda change: change.at) for bet_id, changes in found.items()}


def _away(tx: Connection, team_id: int) -> tuple[Away, ...]:
    rows = tx.execute(select(absences).where(absences.c.team_id == team_id).order_by(absences.c.id))
    return tuple(Away(row.user, row.first, row.last, row.ended_at) for row in rows)
