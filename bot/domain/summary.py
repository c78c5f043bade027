"""How a portfolio reads in a summary: which bets need a look first and why, and what each says in one line."""

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bot.domain.approval import Approval
from bot.domain.calendar import Week
from bot.domain.errors import Refusal, own
from bot.domain.first_evidence import NO_SAMPLES
from bot.domain.records import Bet, Confidence, Nudge
from bot.domain.words import parse_tags

DEFAULT_WEEKS = 12
LONGEST_WEEKS = 104
_WEEKS = {str(weeks) for weeks in range(1, LONGEST_WEEKS + 1)}
# What a summary is asked for once, by the field of its filter.
_FILTERS = {"user": "person", "tag": "tag", "weeks": "number of weeks"}
_ONE = "I read one {} at a time: run `/bets summary` once for each."


@dataclass(frozen=True)
class Filter:
    """What `/bets summary` was asked for: one person's bets, one tag, or all; ended ones only with `all`."""

    user: str | None = None
    tag: str | None = None
    ended: bool = False
    weeks: int = DEFAULT_WEEKS

    def admits(self, bet: Bet) -> bool:
        """Whether this bet was asked for."""
        theirs = self.user is None or self.user in bet.owners
        tagged = self.tag is None or self.tag.casefold() in (tag.casefold() for tag in bet.tags)
        return theirs and tagged

    @property
    def words(self) -> str:
        """The same, as words of the command."""
        person = f"<@{self.user}>" if self.user else ""
        return " ".join(self._parts(person, f"weeks {self.weeks}"))

    def in_words(self, name: str | None) -> str:
        """The same for people to read; `name` is the person's whose bets were asked for."""
        weeks = "the last week" if self.weeks == 1 else f"the last {self.weeks} weeks"
        return ", ".join(self._parts(name or self.user or "", weeks))

    def _parts(self, person: str, weeks: str) -> list[str]:
        weeks = weeks if self.weeks != DEFAULT_WEEKS else ""
        parts = [person, f"#{self.tag}" if self.tag else "", "all" if self.ended else "", weeks]
        return [part for part in parts if part]


def within(said: Confidence, now: Week, weeks: int) -> Confidence:
    """The same with the story of the last `weeks` weeks alone, the present one among them."""
    first = Week.of(now.monday - timedelta(weeks=weeks - 1)).label
    since = sum(week < first for week in said.weeks)
    return said._replace(weeks=said.weeks[since:], spark=said.spark[since:])


def silence_of(silent: tuple[str, ...], away: Container[str]) -> tuple[str, ...]:
    """Of the weeks without a word, oldest first, those in which somebody was there to give one: who is `away` in a week
    is never missing. One alone counts only where it is the newest."""
    missed = tuple(week for week in silent if week not in away)
    return missed if len(missed) > 1 or missed == silent[-1:] else ()


def parse_filter(text: str, user: str) -> Filter:
    """The filter in `mine|@person|#tag|all [weeks N]`; `user` is who asks. Anything else is a Refusal with examples;
    so are two people, tags or numbers of weeks."""
    said: dict[str, Any] = {}
    words = text.split()
    while words:
        name, value = _read_word(words, user)
        if said.setdefault(name, value) != value:
            raise Refusal(own(_ONE.format(_FILTERS[name])))
    return Filter(**said)


def _read_word(words: list[str], user: str) -> tuple[str, Any]:
    """Takes the first of the words, with the number behind `weeks`; returns which field of a filter it sets to what."""
    word = words.pop(0)
    if word.casefold() == "mine":
        return "user", user
    if word.casefold() == "all":
        return "ended", True
    if word.casefold() == "weeks" and words and words[0] in _WEEKS:
        return "weeks", int(words.pop(0))
    if word.startswith("<@"):
        return "user", word[2:].rstrip(">").split("|")[0]
    tags = parse_tags(word) if word.startswith("#") else ()
    if len(tags) > 1:
        raise Refusal(own(_ONE.format(_FILTERS["tag"])))
    if tags:
        return "tag", tags[0]
    known = "`summary`, `summary mine`, `summary @person`, `summary #tag` or `summary all`"
    raise Refusal(own(f"I read {known}, each with `weeks N` (1 to {LONGEST_WEEKS}) behind it if you like."))


@dataclass(frozen=True)
class Line:
    """One bet as the summary says it. `used` and `appetite` are weeks, `spent` is people-weeks; `reasons` say why it
    needs a look, `approval` how its samples were judged last, `flags` what else is to be known of it; it is
    `ownerless` when all its `owners` left."""

    bet: Bet
    confidence: Confidence
    owners: tuple[str, ...]
    used: float
    appetite: float
    spent: float
    spent_appetite: float
    reasons: tuple[str, ...] = field(default=())
    flags: tuple[str, ...] = field(default=())
    approval: Approval | None = None
    ownerless: bool = False

    @property
    def change(self) -> int | None:
        """Percentage points since the answered week before."""
        now, before = self.confidence.value, self.confidence.previous
        return None if now is None or before is None else now - before


def reasons_for(
    bet: Bet, confidence: Confidence, used: float, appetite: float, today: date, *, ownerless: bool = False
) -> tuple[tuple[int, str], ...]:
    """Why a bet needs a look, most pressing first, each with its rank (lower is sooner); it speaks of the bet alone.

    One that is `ownerless`, since all its owners left, is not called silent: there is nobody to ask.
    """
    found: list[tuple[int, str]] = []
    silent_weeks = 0 if ownerless else confidence.silent_weeks
    if ownerless:
        found.append((-1, "without an owner, so name one with More, Edit on its card, or end it"))
    if bet.status == "lapsed":
        found.append((0, "lapsed: bet again or stop"))
    if bet.status == "live":
        overdue = [criterion for criterion in bet.kill_criteria if criterion.state == "open" and criterion.due < today]
        happened = sum(criterion.state == "failed" for criterion in bet.kill_criteria)
        if happened:
            found.append((0, "a kill criterion happened" if happened == 1 else f"{happened} kill criteria happened"))
        if silent_weeks >= 2:
            found.append((1, f"silent for {silent_weeks} weeks"))
        elif silent_weeks == 1:
            found.append((4, "no word yet in the newest check-in"))
        if used >= appetite:
            found.append((2, f"appetite of {round(appetite, 1):g} weeks is spent"))
        elif used >= 0.75 * appetite:
            found.append((5, f"{used:.1f} of {round(appetite, 1):g} weeks used"))
        if overdue:
            found.append((3, f"{len(overdue)} kill {'criterion is' if len(overdue) == 1 else 'criteria are'} overdue"))
        if confidence.no_change_run >= 3:
            found.append((3, f"no change {confidence.no_change_run} times in a row"))
        if confidence.late:
            found.append((6, "last answer came late"))
    return tuple(sorted(found))


_ADVISED = {"kill": "the evidence says stop", "double_down": "the evidence says double down"}
# What an ask is about, by its first reason.
_ASKED = {
    "criterion_overdue": "whether an overdue kill criterion happened is asked",
    "silence": "a word from its people is asked for",
    NO_SAMPLES: "samples are asked for, however bad",
}


def advised_reason(nudge: Nudge, day: str, withdrawn: bool = False) -> tuple[int, str]:
    """That advice of that day waits for a decision, with its rank; `withdrawn`: the hard facts behind it were corrected
    since."""
    if withdrawn:
        return 6, f"the hard fact behind the advice of {day} was corrected since"
    if nudge.advice != "ask":
        return 1, f"{_ADVISED[nudge.advice]} (since {day})"
    first = str(nudge.evidence[0].get("code")) if nudge.evidence else ""
    return 4, f"{_ASKED.get(first, 'evidence from outside is asked for')} (since {day})"
