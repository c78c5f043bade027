"""Confidences over the weeks, and from when on the whole team may see them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple, TypeVar

from bot.domain.answers import middle
from bot.domain.calendar import Week, week_of
from bot.domain.records import Checkin, Confidence, Team, Update
from bot.domain.zones import local_instant

SPARK_WEEKS = 12


class Given(NamedTuple):
    """One answer or second opinion that was not taken back, without its text."""

    id: int
    week: str
    confidence: int | None
    second_opinion: bool
    source: str
    late: bool
    has_text: bool
    user: str


Said = TypeVar("Said", Given, Update)


def numbers_open(team: Team, week: str, checkins: Mapping[str, Checkin], now: datetime) -> bool:
    """Whether the week's numbers are shown where several people read: from its decisions hour on.

    `checkins` are the team's by week. A week in which nobody was asked is open as soon as its decisions hour (else its
    close, else the week) is over, or a later week was asked about.
    """
    if week in checkins:
        opened = checkins[week].open_numbers_at
        return opened is not None and opened <= now
    if any(asked > week for asked in checkins) or week < week_of(now, team.zone).label:
        return True
    return now >= decisions_hour(team, Week.parse(week))


def decisions_hour(team: Team, week: Week) -> datetime:
    """When the week's numbers open: its decisions hour, else its close, else the next check-in's hour."""
    for line in ("decisions", "close"):
        day = team.days.get(line)
        if day is not None:
            return local_instant(week.day(day), team.times[line], team.zone)
    return local_instant(week.next.day(0), team.times["checkin"], team.zone)


def sum_up(
    given: Sequence[Given],
    asked: Sequence[str],
    is_open: Mapping[str, bool],
    learning: str | None,
    of_nobody: Collection[str] = (),
) -> Confidence:
    """A bet's numbers: `given` in the order of their weeks, `asked` the weeks in which it was asked about; `of_nobody`
    are those in which it had no owner to ask, so that it was not silent."""
    answers = [one for one in given if not one.second_opinion]
    numbers, people = _by_week(answers, is_open)
    opinions = _by_week(list_opinions(given), is_open)[0] if len(answers) < len(given) else {}
    weeks_known, values = list(numbers), list(numbers.values())
    last_week = answers[-1].week if answers else ""
    past = [week for week in asked if is_open.get(week)]
    newest = max(past) if past else ""
    weeks = _weeks(weeks_known, newest)
    same = len(values) > 1 and people[weeks_known[-1]] == people[weeks_known[-2]]
    silent = sorted([week for week in past if week > last_week and week not in of_nobody]) if newest > last_week else ()
    return Confidence(
        value=values[-1] if values else None,
        previous=values[-2] if same else None,
        opinions=list(opinions.values())[-1] if opinions else None,
        spark=tuple([numbers.get(week) for week in weeks]),
        weeks=weeks,
        people=people,
        last_week=last_week or None,
        last_learning=learning,
        silent=tuple(silent),
        no_change_run=_no_change_run(answers),
        late=bool(answers) and not [one for one in answers if one.week == last_week and not one.late],
        first_open=bool(asked) and not past and not [one for one in answers if is_open[one.week]],
    )


def list_opinions(given: Iterable[Said]) -> list[Said]:
    """The second opinions among what was `given` on one bet, but for those of who became an owner and gave their number
    of that week as one: a person counts once."""
    said = list(given)
    owned = {(one.user, one.week) for one in said if not one.second_opinion and one.confidence is not None}
    return [one for one in said if one.second_opinion and (one.user, one.week) not in owned]


def _by_week(given: Sequence[Given], is_open: Mapping[str, bool]) -> tuple[dict[str, int], dict[str, set[str]]]:
    """The middle of the numbers of each open week, and who gave them."""
    weeks: dict[str, list[int]] = {}
    people: dict[str, set[str]] = {}
    for one in given:
        if one.confidence is not None and is_open[one.week]:
            weeks.setdefault(one.week, []).append(one.confidence)
            people.setdefault(one.week, set()).add(one.user)
    return {week: middle(numbers) or 0 for week, numbers in weeks.items()}, people


def value_before(numbers: Confidence, week: str, people: Collection[str]) -> int | None:
    """The value of the newest week answered before `week`; None where `people` gave the numbers of `week` and others
    gave those."""
    past = zip(numbers.weeks, numbers.spark, strict=True)
    before = [(label, value) for label, value in past if label < week and value is not None]
    if not before or (people and numbers.people[before[-1][0]] != set(people)):
        return None
    return before[-1][1]


def _weeks(known: Sequence[str], newest: str) -> tuple[str, ...]:
    """The calendar's weeks from the first number to the newest open week, at most twelve."""
    return _weeks_between(known[0], max(known[-1], newest)) if known else ()


@lru_cache(maxsize=1000)  # the bets of a team share their weeks
def _weeks_between(first: str, last: str) -> tuple[str, ...]:
    week, end = Week.parse(first), Week.parse(last)
    weeks = [week.label]
    while week < end:
        week = week.next
        weeks.append(week.label)
    return tuple(weeks[-SPARK_WEEKS:])


def _no_change_run(answers: Sequence[Given]) -> int:
    """How many of the newest answered weeks in a row said "no change" only: three are evidence."""
    weeks: dict[str, bool] = {}
    for one in answers:
        weeks[one.week] = weeks.get(one.week, True) and one.source == "no_change"
    run = 0
    for unchanged in reversed(weeks.values()):
        if not unchanged:
            break
        run += 1
    return run
