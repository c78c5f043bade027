"""What the store remembers, as plain values that every other room may read.

All instants are aware UTC datetimes, all `*_days` and `day` fields are whole days, confidences are 0-100.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from types import MappingProxyType
from typing import NamedTuple


@dataclass(frozen=True)
class Person:
    """Somebody in Slack, as last looked up."""

    user: str
    name: str
    zone: str | None = None
    guest: bool = False
    outsider: bool = False
    deleted: bool = False
    bot: bool = False
    dm_channel: str | None = None
    looked_up_at: datetime | None = None

    @property
    def limited(self) -> bool:
        """A guest, or of another workspace."""
        return self.guest or self.outsider


@dataclass(frozen=True)
class TeamSettings:
    """What a team decided about itself. `days[line]` is 0-6 (Monday is 0) or None for off."""

    zone: str
    days: dict[str, int | None]
    times: dict[str, time]
    country: str
    leads: tuple[str, ...]
    deciders: str
    maturity: str
    lead_dm: bool = False
    samples_kept_days: int = 365
    samples_link_only: bool = False


@dataclass(frozen=True)
class Team:
    """One channel that the bot serves, with its settings. `days[line]` is 0-6 (Monday is 0) or None for off."""

    id: int
    channel: str
    zone: str
    days: dict[str, int | None]
    times: dict[str, time]
    country: str
    leads: tuple[str, ...]
    deciders: str
    maturity: str
    set_up_by: str | None
    set_up_at: datetime
    active_since: datetime
    lead_dm: bool = False
    samples_kept_days: int = 365
    samples_link_only: bool = False
    paused_at: datetime | None = None
    paused_until: date | None = None
    unreachable: str | None = None
    version: int = 1


@dataclass(frozen=True)
class Actor:
    """Whoever acts now, with what is known of them: the id comes from Slack, never from what a payload carries."""

    person: Person
    team_ids: frozenset[int] = frozenset()

    @property
    def user(self) -> str:
        return self.person.user

    def zone_or(self, default: str) -> str:
        """The person's own zone, else `default` (the team's)."""
        return self.person.zone or default

    def role(self, team: Team, owners: tuple[str, ...] = ()) -> str:
        """`lead`, `owner`, `member`, `guest_owner`, `guest` or `none` in this team, the first that applies.

        Guests and people of other workspaces are `guest`, and `guest_owner` of a bet of theirs, for which they may
        answer and nothing else. Whoever is not in the channel is `none`.
        """
        if self.person.deleted or self.person.bot or team.id not in self.team_ids:
            return "none"
        if self.person.limited:
            return "guest_owner" if self.user in owners else "guest"
        if self.user in team.leads:
            return "lead"
        return "owner" if self.user in owners else "member"


@dataclass(frozen=True)
class KillCriterion:
    """A condition agreed before the work: if it holds by `due`, the team said it would stop.

    `answered_*` tell of the last answer, also where that was "not known yet" and the criterion stays open.
    """

    text: str
    due: date
    state: str = "open"
    id: int | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True)
class Bet:
    """An idea the team invests in.

    `appetite_*` is the present appetite; `earlier_weeks` and `earlier_people_weeks` sum up those before it.
    """

    id: int
    number: int
    team_id: int
    title: str
    problem: str
    hypothesis: str
    area: str
    upside: str
    tags: tuple[str, ...]
    owners: tuple[str, ...]
    status: str
    author: str
    appetite_weeks: int
    appetite_people_weeks: float
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    appetite_started_at: datetime | None
    appetite_until: date | None
    paused_at: datetime | None
    paused_until: date | None
    paused_days: int
    card_id: int | None
    version: int
    earlier_weeks: float = 0.0
    earlier_people_weeks: float = 0.0
    warned_75_at: datetime | None = None
    warned_100_at: datetime | None = None
    kill_criteria: tuple[KillCriterion, ...] = ()
    demo_link: str | None = None

    @property
    def key(self) -> str:
        return f"B-{self.number}"


@dataclass(frozen=True)
class Checkin:
    """A team's weekly round. `missed` names the weeks that nobody was asked for since the one before."""

    id: int
    team_id: int
    week: str
    prompted_at: datetime
    open_numbers_at: datetime | None
    closed_at: datetime | None
    missed: tuple[str, ...] = ()
    moved_from: date | None = None
    outbox_id: int | None = None


@dataclass(frozen=True)
class Update:
    """One person's answer on one bet for one week, in its latest version."""

    id: int
    bet_id: int
    user: str
    week: str
    text: str | None
    confidence: int | None
    days: float | None
    blocked_by: str | None
    late: bool
    deleted: bool
    second_opinion: bool
    version: int
    source: str
    question: str
    created_at: datetime
    channel: str | None = None
    ts: str | None = None


@dataclass(frozen=True)
class Prompt:
    """What a bet's owners were asked in one check-in; `owners` are those of that day and whoever
    became one while the week was open."""

    id: int
    checkin_id: int
    bet_id: int
    owners: tuple[str, ...]
    question: str
    outbox_id: int | None = None


# Earlier than all that is said in Slack: whatever comes after a refused reply may be the answer.
REFUSED = "0"


@dataclass(frozen=True)
class Heard:
    """What the bot knows about somebody's message in a bet's thread. `bet_id` and `user` are missing while only a pin
    on it is known; `plain`: its words can be an answer; `taken_back_ts`: when it was deleted or declared no update, or
    that it was refused; `pins` says who pinned it: Slack's time of the last change, and whether the pin is on."""

    channel: str
    ts: str
    at: datetime
    bet_id: int | None = None
    user: str | None = None
    role: str = "discussion"
    text: str | None = None
    edit_ts: str = ""
    deleted: bool = False
    plain: bool = True
    taken_back_ts: str | None = None
    pins: dict = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Whether its bet took no answers when it was said: it never was one."""
        return self.taken_back_ts == REFUSED

    @property
    def pinned(self) -> bool:
        return any(on for _, on in self.pins.values())


class Confidence(NamedTuple):
    """What the open numbers say of one bet: the median of its owners' answers of the newest week, and its story.

    `previous` is the value of the answered week before, None where others gave it: between different people's numbers
    there is no change. `opinions` is the median of the newest week's second opinions, `spark` one value for each of
    `weeks` (oldest first, None where nobody answered), `people` by week who gave it, `last_week` the newest week that
    anybody answered. `silent` are the weeks since the last answer, oldest first, whose check-in is past its decisions
    hour and that nobody has answered, `no_change_run` the newest weeks in a row that said "no change" only.
    `first_open`: it was asked about, and none of its weeks is open to everybody yet.
    """

    value: int | None = None
    previous: int | None = None
    opinions: int | None = None
    spark: tuple[int | None, ...] = ()
    weeks: tuple[str, ...] = ()
    people: Mapping[str, Collection[str]] = MappingProxyType({})
    last_week: str | None = None
    last_learning: str | None = None
    silent: tuple[str, ...] = ()
    no_change_run: int = 0
    late: bool = False
    first_open: bool = False

    @property
    def silent_weeks(self) -> int:
        """How many weeks nobody has answered."""
        return len(self.silent)


@dataclass(frozen=True)
class Decision:
    """One decision on one bet; history keeps it even when it is undone.

    `before` is what an undo restores. Of a kill, `against_at` is when the first evidence against the bet was there,
    and `late_people_weeks` what was spent on it after that.
    """

    id: int
    bet_id: int
    kind: str
    by: str
    reason: str
    learning: str
    outcome: str
    of: int | None
    created_at: datetime
    before: dict | None = None
    against_at: datetime | None = None
    late_people_weeks: float | None = None


@dataclass(frozen=True)
class Nudge:
    """Advice on a bet with the evidence of that hour: a list of {"code", "points", "text"}, strongest first.

    `hard` names the hard facts that stood then, `posted_at` is missing where only the lead's summary shows it.
    `answer` is `none`, `done` (as advised), `declined` or `snoozed`.
    """

    id: int
    bet_id: int
    advice: str
    evidence: tuple[dict, ...]
    hard: tuple[str, ...]
    created_at: datetime
    posted_at: datetime | None = None
    outbox_id: int | None = None
    answer: str = "none"
    answered_by: str | None = None
    answered_at: datetime | None = None
    snoozed_until: date | None = None
    decision_id: int | None = None
    tallied_at: datetime | None = None


@dataclass(frozen=True)
class Absence:
    """A person's days away in one team, both ends included."""

    id: int
    team_id: int
    user: str
    first: date
    last: date


@dataclass(frozen=True)
class Whisper:
    """A message that only one person sees, shown once and not owed."""

    channel: str
    user: str
    thread_ts: str | None
    payload: dict


@dataclass(frozen=True)
class Post:
    """A row of the outbox: one message, edit or reaction that the bot owes Slack."""

    id: int
    key: str
    action: str
    team_id: int | None
    channel: str | None
    user: str | None
    parent_id: int | None
    target_id: int | None
    target_ts: str | None
    payload: dict = field(default_factory=dict)
    guard: dict | None = None
    state: str = "pending"
    version: int = 1
    attempts: int = 0
    ts: str | None = None
    first_attempt_at: datetime | None = None
    not_before: datetime | None = None
    after_ts: str | None = None
    looks: int = 0
    resent_at: datetime | None = None
    file_id: str | None = None
    created_at: datetime | None = None
    error: str | None = None
