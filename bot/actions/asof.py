"""A team's evidence as of an instant: which bets there were, what everybody could see of them, what they had cost.

A number of a week that is not open yet is never in it: it would show in the advice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from statistics import median
from typing import Any

from sqlalchemy import Connection

from bot.domain.appetite import agreed_people_weeks
from bot.domain.asof import bet_as_of
from bot.domain.calendar import Week
from bot.domain.case_lines import FINISHED_KEPT, read_others
from bot.domain.cases import Other
from bot.domain.numbers import decisions_hour, numbers_open
from bot.domain.records import Bet, Decision, Team
from bot.domain.spending import Effort, spent_ever, spent_now
from bot.domain.zones import local_date
from bot.store.evidence import Answer, Evidence, list_changes_after

LIVE = "live"

Line = dict[str, Any]


def put_back(tx: Connection, team: Team, bets: Iterable[Bet], at: datetime) -> list[Bet]:
    """These bets of the team with status, owners and appetite as they were at `at`."""
    changes = list_changes_after(tx, team.id, at)
    return [bet_as_of(bet, changes.get(bet.id, ()), at, team.zone) for bet in bets]


@dataclass(frozen=True)
class View:
    """A team's evidence as of the instant `at`, with which weeks' numbers everybody could see then.

    As of `at` are: answers, prompts, criteria's states, decisions, nudges and their answers, owners, appetites and
    pauses. As of now are: the team's people and maturity, titles, and what was edited or taken back in an answer.
    """

    known: Evidence
    team: Team
    now: datetime
    at: datetime

    @cached_property
    def bets(self) -> list[Bet]:
        """Every bet that had started, as it was then."""
        started = (bet for bet in self.known.bets if bet.started_at is not None and bet.started_at <= self.at)
        return [bet_as_of(bet, self.known.changes.get(bet.id, ()), self.at, self.team.zone) for bet in started]

    @cached_property
    def live(self) -> list[Bet]:
        """Those that were live then."""
        return [bet for bet in self.bets if bet.status == LIVE]

    def find(self, bet_id: int) -> Bet | None:
        """One of them."""
        return next((bet for bet in self.bets if bet.id == bet_id), None)

    @cached_property
    def open_weeks(self) -> frozenset[str]:
        """The weeks whose numbers are open now, and were so at that instant or had their decisions hour by then."""
        rounds = self.known.rounds
        before = {label: one for label, one in rounds.items() if one.prompted_at <= self.at}
        now_open = (week for week in self.known.weeks if numbers_open(self.team, week, rounds, self.now))
        return frozenset(
            week
            for week in now_open
            if numbers_open(self.team, week, before, self.at) or decisions_hour(self.team, Week.parse(week)) <= self.at
        )

    def answers(self, bet: Bet) -> list[Answer]:
        """The owners' answers that everybody could see then."""
        given = (one for one in self.known.answers.get(bet.id, ()) if one.created_at <= self.at)
        return [one for one in given if one.week in self.open_weeks]

    def day(self, bet: Bet, instant: datetime | date) -> int:
        """Whole days from the bet's first start to that instant, on the team's calendar."""
        assert bet.started_at is not None
        zone = self.team.zone
        day = local_date(instant, zone) if isinstance(instant, datetime) else instant
        return max(0, (day - local_date(bet.started_at, zone)).days)

    def spent(self, bet: Bet) -> float:
        """People-weeks spent since the first start, over all appetites: days reported, else owners x weeks."""
        return spent_ever(bet, self._effort(bet, self.answers(bet)), self.at, self.team.zone)

    def spent_now(self, bet: Bet) -> float:
        """The same in the present appetite alone."""
        begun = bet.appetite_started_at
        since = [one for one in self.answers(bet) if not bet.earlier_weeks or begun is None or one.created_at >= begun]
        return spent_now(bet, self._effort(bet, since), self.at, self.team.zone)

    def _effort(self, bet: Bet, answers: Sequence[Answer]) -> Effort:
        days: dict[str, float] = {}
        for one in answers:
            if one.days is not None:
                days[one.week] = days.get(one.week, 0.0) + one.days
        return Effort(days, self.known.changes.get(bet.id, ()))

    def decisions(self, bet: Bet) -> list[Decision]:
        """What people decided about it until then, without what was undone by then."""
        known = [one for one in self.known.decisions.get(bet.id, ()) if one.created_at <= self.at]
        undone = {one.of for one in known if one.kind == "undo"}
        return [one for one in known if one.id not in undone]

    @cached_property
    def resolved(self) -> list[Line]:
        """The team's finished bets, oldest first: what it usually said of them, and whether they worked."""
        ended = [bet for bet in self.bets if bet.status in ("killed", "shipped") and bet.ended_at is not None]
        ended.sort(key=lambda bet: (str(bet.ended_at), bet.number))
        return [{"conf": _usual(self, bet), "worked": int(_worked(self, bet))} for bet in ended[-FINISHED_KEPT:]]

    @cached_property
    def portfolio(self) -> list[Line]:
        """The live bets as each of the others sees them."""
        return [_other(self, bet) for bet in self.live]

    @cached_property
    def others(self) -> tuple[Other, ...]:
        """The same as the policy reads them."""
        return read_others(self.portfolio)


def _usual(view: View, bet: Bet) -> float | None:
    """The median of its weeks' confidences, each the median of its owners'."""
    weeks: dict[str, list[int]] = {}
    for one in view.answers(bet):
        if one.confidence is not None:
            weeks.setdefault(one.week, []).append(one.confidence)
    return median(median(given) for given in weeks.values()) if weeks else None


def _worked(view: View, bet: Bet) -> bool:
    """It met its success statement; where nobody knows, what was shipped did."""
    endings = [one for one in view.decisions(bet) if one.kind in ("kill", "ship")]
    outcome = endings[-1].outcome if endings else ""
    return outcome == "yes" or (outcome != "no" and bet.status == "shipped")


def _other(view: View, bet: Bet) -> Line:
    spent, agreed = view.spent(bet), agreed_people_weeks(bet)
    doubled = any(one.kind == "double" for one in view.decisions(bet))
    return {
        "bet": bet.key,
        "area": bet.area,
        "people": len(bet.owners),
        "spent_pw": spent,
        "left_pw": max(agreed - spent, 0.0),
        "upside": bet.upside,
        "doubled": doubled,
        "age": view.day(bet, view.at),
    }
