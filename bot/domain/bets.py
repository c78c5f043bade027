"""A bet's life: which change leads where, how long it runs, and who may do what with it."""

import math
import re
from collections.abc import Collection, Container
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.dates import parse_date
from bot.domain.errors import Refusal
from bot.domain.records import Bet, Decision, KillCriterion
from bot.domain.words import clip
from bot.domain.zones import describe_date, local_date

NOT_STARTED, UNDER_WAY, ENDED = ("idea", "scoped"), ("live", "paused", "lapsed"), ("shipped", "killed", "withdrawn")
NOT_OVER = (*NOT_STARTED, *UNDER_WAY)
TITLE_LIMIT = 150
# In weeks: what a form proposes, and the longest that one may be.
USUAL_APPETITE, LONGEST_APPETITE = 4, 26
WITHDRAW_WITHIN = timedelta(hours=24)
UNDO_WITHIN = timedelta(hours=24)
REOPEN_WITHIN = timedelta(days=14)
LAPSE_AFTER = timedelta(days=7)
# Nobody means to look at a criterion later than a year after the longest appetite: week 99 is a slip.
FARTHEST_DUE = timedelta(weeks=LONGEST_APPETITE + 52)
# Decisions of people that an undo takes back; a lapse is the clock's, and the way out of it is to bet again.
UNDOABLE = ("kill", "double", "keep", "ship", "pause", "resume", "rebet", "reopen", "withdraw")

# (from, decision) -> to. What is not here cannot be done; `undo` restores the state before and has no row of its own.
NEXT: dict[tuple[str, str], str] = {
    ("scoped", "start"): "live",
    ("idea", "start"): "live",
    ("live", "pause"): "paused",
    ("paused", "resume"): "live",
    ("live", "double"): "live",
    ("live", "keep"): "live",
    ("live", "lapse"): "lapsed",
    ("lapsed", "rebet"): "live",
    ("live", "rebet"): "live",
    ("killed", "reopen"): "live",
    **{(status, "kill"): "killed" for status in NOT_OVER},
    **{(status, "ship"): "shipped" for status in UNDER_WAY},
    **{(status, "withdraw"): "withdrawn" for status in NOT_OVER},
}
_WORDS = {
    "ship": "shipped",
    "kill": "killed",
    "keep": "kept",
    "withdraw": "withdrawn",
    "undo": "undone",
    "double": "doubled down on",
    "rebet": "bet on again",
}
_NEXT_STEP = {
    "idea": "start it first",
    "scoped": "start it first",
    "paused": "resume it first",
    "lapsed": "bet again or kill it",
    "live": "it is running already",
    "killed": "reopen it first",
}


def change(status: str, decision: str) -> str:
    """The status after `decision`; a change that cannot be is a Refusal that names the next step."""
    after = NEXT.get((status, decision))
    if after is None:
        done = _WORDS.get(decision, decision + ("d" if decision.endswith("e") else "ed"))
        step = _NEXT_STEP.get(status, "that is final")
        raise Refusal(f"This bet is {status}, so it cannot be {done}: {step}.")
    return after


def is_over(status: str) -> bool:
    """Whether a bet of that status has ended for good."""
    return status in ENDED


def validate_title(text: str) -> str:
    """The title on one line, 1 to 150 characters; else a Refusal for the field `title`."""
    title = " ".join(text.split())
    if not title:
        raise Refusal("A bet needs a title: what would you say in one breath?", "title")
    if len(title) > TITLE_LIMIT:
        raise Refusal(
            f"The title has {len(title)} characters: cut it to {TITLE_LIMIT}, the rest fits the problem.", "title"
        )
    return title


def validate_reason(text: str) -> str:
    """The reason for what the team will ask about; else a Refusal for the field `reason`."""
    if not text.strip():
        raise Refusal("Write a sentence here: others will ask why.", "reason")
    return text.strip()


def validate_appetite(text: str | int) -> int:
    """Whole weeks, 1 to 26; else a Refusal for the field `appetite_weeks`."""
    found = str(text).strip()
    if not re.fullmatch(r"\d{1,3}", found, re.ASCII) or not 1 <= int(found) <= LONGEST_APPETITE:
        raise Refusal(f"The appetite is a whole number of weeks from 1 to {LONGEST_APPETITE}.", "appetite_weeks")
    return int(found)


def appetite_people_weeks(weeks: int, owners: int) -> float:
    """Weeks x owners at the start."""
    return float(weeks * owners)


def is_ownerless(bet: Bet, left: set[str]) -> bool:
    """Whether all owners of a bet that has not ended are among those who `left` the channel."""
    return bet.status not in ENDED and left.issuperset(bet.owners)


def without_left(bet: Bet, left: Container[str]) -> Bet:
    """The bet with those of its owners alone who have not `left` the channel."""
    return replace(bet, owners=tuple(user for user in bet.owners if user not in left))


def parse_kill_criteria(
    text: str, started: date, appetite_weeks: int, today: date | None = None, known: Collection[str] = ()
) -> list[KillCriterion]:
    """One criterion a line, as typed, with the day it is due.

    `... by DATE` is due that day, `... by week N` at the end of the bet's N-th week (start + 7 N days), one without
    either at the end of the appetite. Dates are read from `today` (the start, when left out). A date that cannot be
    read is a Refusal for the field `kill_criteria` that names the line; among `known` lines, which have their day
    already, it is none.
    """
    end = started + timedelta(weeks=appetite_weeks)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [KillCriterion(line, _due(line, started, today or started, known) or end) for line in lines]


def _due(line: str, started: date, today: date, known: Collection[str]) -> date | None:
    try:
        return read_due(line, started, today)
    except Refusal:
        if line in known:
            return None
        raise


# "not down by 5 %", "judged useless by most of those who tried it": no date was meant. A bare 3.12 could be one.
_AMOUNT = re.compile(r"half|[\d.,]+ ?(?:%|x|percent|points?|pp)", re.I | re.ASCII)
_MOST_WORDS_OF_A_DATE = 5


def behind_by(line: str) -> str:
    """What stands behind a line's last `by`, if that could be a date; else nothing."""
    _, *behind = re.split(r"\bby\s", line, flags=re.I)
    said = behind[-1].strip(" .!)") if behind else ""
    return "" if _AMOUNT.fullmatch(said) or len(said.split()) > _MOST_WORDS_OF_A_DATE else said


def read_due(line: str, started: date, today: date) -> date | None:
    """The day that stands behind a line's last `by`, however far away; None without one, or where no date can be
    meant."""
    said = behind_by(line)
    if not said:
        return None
    week = re.fullmatch(r"week\s+0*([1-9]\d{0,2})", said, re.I | re.ASCII)
    try:
        return started + timedelta(weeks=int(week[1])) if week else parse_date(said, today, farthest=timedelta.max)
    except Refusal:
        how = "end it with by 2026-12-11, by 11 Dec or by week 3, or say it without 'by'."
        raise Refusal(f"I cannot read the date in '{clip(line, 60)}': {how}", "kill_criteria") from None


def find_wrong(one: KillCriterion, today: date) -> str:
    """What is wrong with a kill criterion that somebody just typed, in a sentence; empty when nothing is."""
    quoted = f"'{clip(one.text, 60)}'"
    if _says_nothing(one.text, today):
        return "Say what has to happen for the team to stop, not only by when."
    if one.due < today and behind_by(one.text):
        return f"The day of {quoted} has passed: give it a later one."
    if one.due < today:
        return f"{quoted} would be due with the appetite, which has ended: end it with a day, such as by friday."
    if one.due - today > FARTHEST_DUE:
        return f"{quoted} is due on {describe_date(one.due)}: give it a day within the next year and a half."
    return ""


def _says_nothing(line: str, today: date) -> bool:
    """Whether a kill criterion is blank, or nothing but a date."""
    said = behind_by(line)
    what = line[: line.rindex(said) if said else None].strip(" .,:;()*•-").casefold()
    return what in ("", "by") or re.fullmatch(r"week \d+", what) is not None or _is_date(what, today)


def _is_date(text: str, today: date) -> bool:
    try:
        return parse_date(text, today) is not None
    except Refusal:
        return False


def criteria_due(bet: Bet, day: date) -> list[KillCriterion]:
    """The kill criteria that are due by that day and that nobody has answered for good, the first due first."""
    due = [one for one in bet.kill_criteria if one.state == "open" and one.due <= day]
    return sorted(due, key=lambda one: one.due)


def days_total(bet: Bet, zone: str) -> int:
    """How many days the present appetite has, pauses not counted."""
    if bet.appetite_started_at is None or bet.appetite_until is None:
        return 7 * bet.appetite_weeks
    return max(1, (bet.appetite_until - local_date(bet.appetite_started_at, zone)).days + 1)


def day_of(bet: Bet, now: datetime, zone: str) -> int:
    """Which day of its appetite a bet is in, from 1, in the team's zone; a pause stops the count."""
    if bet.appetite_started_at is None:
        return 0
    until = min(filter(None, (now, bet.paused_at, bet.ended_at)))
    days = (local_date(until, zone) - local_date(bet.appetite_started_at, zone)).days
    return max(1, days - bet.paused_days + 1)


def appetite_warning(day: int, total: int) -> int | None:
    """75 from the day on that is three quarters of the appetite (21 of 28), 100 from its last day on, else None."""
    if day >= total:
        return 100
    return 75 if day >= math.ceil(0.75 * total) else None


def may_withdraw(bet: Bet, now: datetime, answered: bool) -> bool:
    """While nobody has answered, or within 24 hours of placing it."""
    return not answered or now - bet.created_at <= WITHDRAW_WITHIN


def may_undo(decision: Decision, now: datetime) -> bool:
    """For a day after somebody took it."""
    return decision.kind in UNDOABLE and now - decision.created_at <= UNDO_WITHIN


def may_reopen(killed_at: datetime, now: datetime) -> bool:
    """For two weeks after the kill."""
    return now - killed_at <= REOPEN_WITHIN


def lapses(warned_at: datetime | None, close: datetime) -> bool:
    """Whether a live bet lapses at that close: seven days or more after it was said that its appetite is spent."""
    return warned_at is not None and close - warned_at >= LAPSE_AFTER


def may_decide(deciders: str, role: str) -> bool:
    """Whether somebody of that role decides in a team where `deciders` do."""
    may = {"leads": ("lead",), "owners_and_leads": ("lead", "owner"), "anyone": ("lead", "owner", "member")}
    return role in may[deciders]


_MEMBER = frozenset({"lead", "owner", "member"})
_ACTS: dict[str, frozenset[str]] = {
    "answer": frozenset({"lead", "owner", "member", "guest_owner"}),
    **dict.fromkeys(("away", "list"), frozenset({"lead", "owner", "member", "guest_owner", "guest"})),
    **dict.fromkeys(("place", "edit", "decide", "summary", "read", "vote", "second_opinion", "pause"), _MEMBER),
    **dict.fromkeys(("configure", "export", "team_pause", "undo"), frozenset({"lead"})),
}


def allowed(act: str, role: str) -> bool:
    """Whether a role may do `act` (contract: *Who may what*); what a lead may do, nobody else may by accident."""
    return role in _ACTS[act]
