"""How one update comes about: from what its versions brought, and from which of a person's replies it was.

Slack delivers creations, edits and deletions late, twice and in any order. Everything here depends on what is known,
never on the order in which it became known.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from statistics import median

from bot.domain.calendar import Week
from bot.domain.records import Checkin, Team
from bot.domain.words import parse_confidence
from bot.domain.zones import local_date

NO_CHANGE = "No change"
QUESTION = "What do we know now that we did not?"
FRIDAY = 4
_NOTE = re.compile(r"\s*update\s*:\s*", re.I)


@dataclass(frozen=True)
class Version:
    """What one version of an update brought; None left it as it was. `edit_ts` is set for a reply only: Slack's time
    of the edit, or of the reply itself."""

    text: str | None
    confidence: int | None
    days: float | None
    blocked_by: str | None
    source: str
    edit_ts: str | None
    at: datetime

    @property
    def alive(self) -> bool:
        """Whether it brought anything that was not taken back."""
        brought = (self.text, self.confidence, self.days, self.blocked_by)
        return any(value is not None for value in brought)


@dataclass(frozen=True)
class Content:
    """How an update reads now."""

    text: str | None = None
    confidence: int | None = None
    days: float | None = None
    blocked_by: str | None = None


def read_versions(versions: Sequence[Version]) -> Content:
    """How an update with these versions reads: each leaves what it does not bring.

    A reply is read again in full at each edit: a number that stood in its text goes with it, one that was given by
    button or form stays.
    """
    text, confidence, days, blocked_by = None, None, None, None
    given, in_text = None, False
    for version in versions:
        text = text if version.text is None else version.text
        days = days if version.days is None else version.days
        blocked_by = blocked_by if version.blocked_by is None else version.blocked_by
        if version.confidence is not None:
            confidence, in_text = version.confidence, version.edit_ts is not None
            given = given if in_text else confidence
        elif version.edit_ts is not None and in_text:
            confidence, in_text = given, False
    return Content(text, confidence, days, blocked_by)


def add_reply_version(versions: Sequence[Version], text: str | None, edit_ts: str, at: datetime) -> list[Version]:
    """The versions with one more of the reply, in the order of its edits whenever it is heard. A known one changes
    nothing, unless it says something else: two edits in one second bear the same mark, and the later one counts.
    Without a text it is one that is known to have been taken back."""
    confidence = parse_confidence(text) if text is not None else None
    fresh = Version(text, confidence, None, None, "thread", edit_ts, at)
    if edit_ts in [version.edit_ts for version in versions]:
        return [fresh if _is_told_anew(version, fresh) else version for version in versions]
    later = [place for place, v in enumerate(versions) if v.edit_ts is not None and v.edit_ts > edit_ts]
    place = later[0] if later else len(versions)
    return [*versions[:place], fresh, *versions[place:]]


def _is_told_anew(known: Version, fresh: Version) -> bool:
    return known.edit_ts == fresh.edit_ts and None not in (known.text, fresh.text) and known.text != fresh.text


def drop_reply(versions: Iterable[Version], ts: str) -> list[Version]:
    """The versions without those of the reply at `ts`, which is the last one they know: it was discussion after all."""
    return [version for version in versions if version.edit_ts is None or version.edit_ts < ts]


def take_back_reply(versions: Iterable[Version]) -> list[Version]:
    """The versions without anything that the reply, or the buttons under it, brought; that they were stays known."""
    return [
        replace(one, text=None, confidence=None, days=None, blocked_by=None) if one.source == "thread" else one
        for one in versions
    ]


@dataclass(frozen=True)
class Asked:
    """One round as it stands in a bet's thread: at `ts`, or since `tried_at` while it is not known whether it arrived.
    `question` is what was asked about the bet, None if it was not asked about."""

    checkin: Checkin
    question: str | None
    ts: str | None
    tried_at: datetime | None


def find_asked(rounds: Iterable[Asked], ts: str, heard_at: datetime) -> Asked | None:
    """The round that a reply at `ts` answers: the newest (`rounds` are newest first) that stands above it, if that one
    asked about the bet."""
    for asked in rounds:
        tried = asked.tried_at
        above = asked.ts < ts if asked.ts else tried is not None and tried <= heard_at
        if above:
            return asked if asked.question is not None else None
    return None


@dataclass(frozen=True)
class Said:
    """One reply of an owner after a prompt. `taken_back_ts`: when it was deleted or declared no update."""

    ts: str
    may_answer: bool
    taken_back_ts: str | None = None


def find_answer(replies: Iterable[Said]) -> Said | None:
    """Which reply is the update: the first that may be; and after one that was taken back the first later than that."""
    answer: Said | None = None
    for said in sorted(replies, key=lambda said: said.ts):
        free = answer is None or (answer.taken_back_ts is not None and answer.taken_back_ts < said.ts)
        if free and said.may_answer:
            answer = said
    return answer


def last_day(team: Team, checkin: Checkin, now: datetime) -> date:
    """The day on which who is away is not waited for in a round: that of its close, or today while it is open. Where
    that is not in its week any more, since no digest closed it, the day on which the team usually closes a week."""
    day, week = local_date(checkin.closed_at or now, team.zone), Week.parse(checkin.week)
    usual = team.days.get("close")
    return day if Week.of(day) == week else week.day(FRIDAY if usual is None else usual)


def middle(numbers: Iterable[int]) -> int | None:
    """The median of confidences as a whole number; None of none."""
    known = list(numbers)
    if len(known) < 2:  # as nearly always, and `median` takes a while to find that out
        return known[0] if known else None
    return round(median(known))


def is_note(text: str) -> bool:
    """Whether a reply asks to be saved to the history: it begins with `update:`."""
    return _NOTE.match(text) is not None


def strip_note_prefix(text: str) -> str:
    """A note without the `update:` it may begin with."""
    return _NOTE.sub("", text, count=1) if is_note(text) else text


def is_saved_note(text: str | None) -> bool:
    """Whether the history keeps it: a note with something in it."""
    return text is not None and is_note(text) and not is_empty_note(text)


def is_empty_note(text: str) -> bool:
    """Whether nothing stands behind its `update:`, so that there is nothing to save."""
    return is_note(text) and not strip_note_prefix(text).strip()
