"""A bet as it was at an earlier instant: its history walked back from how it is now."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from bot.domain.records import Bet, KillCriterion
from bot.domain.scoping import UNTESTED, Assumption
from bot.domain.zones import local_date

_INSTANTS = ("started_at", "ended_at", "appetite_started_at", "paused_at")
_DAYS = ("appetite_until", "paused_until")
_PLAIN = ("status", "upside", "area", "appetite_weeks", "appetite_people_weeks", "earlier_weeks",
          "earlier_people_weeks", "paused_days")  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One change of a bet: which kind, when, and what was different before."""

    kind: str
    at: datetime
    before: dict[str, Any] = field(default_factory=dict)


def bet_as_of(bet: Bet, changes: Sequence[Change], at: datetime, zone: str) -> Bet:
    """The bet as it was at `at`; `changes` oldest first.

    Walked back: status, owners, upside, area, appetites, pauses, and the answers to kill criteria. Title, texts and
    the criteria's own words and dates are as of now: a criterion added later was due later, so it changes nothing.
    """
    later = [change for change in changes if change.at > at]
    for change in reversed(later):
        bet = _before(bet, change, changes, zone)
    criteria = tuple(_answered_by(one, at) for one in bet.kill_criteria)
    over = bet.ended_at is not None and bet.ended_at > at
    if not over and criteria == bet.kill_criteria:
        return bet
    return replace(bet, kill_criteria=criteria, ended_at=None if over else bet.ended_at)


def _before(bet: Bet, change: Change, changes: Sequence[Change], zone: str) -> Bet:
    values = _values(change.before)
    if change.kind == "criterion":
        return _unanswer(bet, change.before)
    if "appetite_weeks" in values and "appetite_people_weeks" not in values:
        each_week = bet.appetite_people_weeks / max(bet.appetite_weeks, 1)
        values["appetite_people_weeks"] = each_week * values["appetite_weeks"]
    if change.kind == "pause":
        values = {"paused_at": None, "paused_until": None} | values
    if change.kind == "resume":
        values = _stood(bet, change, changes, zone) | values
    return replace(bet, **values) if values else bet


def _values(before: dict[str, Any]) -> dict[str, Any]:
    found = {name: before[name] for name in _PLAIN if name in before}
    found |= {name: before[name] and datetime.fromisoformat(before[name]) for name in _INSTANTS if name in before}
    found |= {name: before[name] and date.fromisoformat(before[name]) for name in _DAYS if name in before}
    return found | ({"owners": tuple(before["owners"])} if "owners" in before else {})


def _stood(bet: Bet, resumed: Change, changes: Sequence[Change], zone: str) -> dict[str, Any]:
    """Before it went on, the days of that pause had not been counted yet."""
    pauses = [change.at for change in changes if change.kind == "pause" and change.at <= resumed.at]
    if not pauses or bet.paused_at is not None:  # nothing is known, or the decision itself remembered it
        return {}
    days = (local_date(resumed.at, zone) - local_date(pauses[-1], zone)).days
    return {"paused_at": pauses[-1], "paused_days": max(0, bet.paused_days - days)}


def _unanswer(bet: Bet, before: dict[str, Any]) -> Bet:
    """The criterion as it stood before that answer."""
    at = before.get("answered_at") and datetime.fromisoformat(before["answered_at"])
    return replace(
        bet,
        kill_criteria=tuple(
            replace(one, state=before["state"], answered_at=at) if one.text == before.get("text") else one
            for one in bet.kill_criteria
        ),
    )


def _answered_by(criterion: KillCriterion, at: datetime) -> KillCriterion:
    """An answer without a line of history (an import's) is not known before it was given."""
    if criterion.answered_at is not None and criterion.answered_at > at:
        return replace(criterion, state="open", answered_at=None, answered_by=None)
    return criterion


def assumption_as_of(found: Assumption, changes: Sequence[Change], at: datetime) -> Assumption:
    """The assumption with its state at `at`; `changes` of its bet, oldest first."""
    for change in reversed(changes):
        if change.at > at and change.kind == "assumption" and change.before.get("assumption") == found.id:
            answered = change.before.get("answered_at")
            answered_at = datetime.fromisoformat(answered) if answered else None
            found = replace(found, state=change.before["state"], answered_at=answered_at)
    if found.answered_at is not None and found.answered_at > at:  # an import's, without a line of history
        return replace(found, state=UNTESTED, answered_at=None)
    return found
