"""One bet in one week, as the nudge policy sees it: all that is known up to that day, in plain values.

Times are whole days since the bet started, confidences 0 to 100, effort in people-weeks (policy.md section 6).
"""

from dataclasses import dataclass

DEFAULT_APPETITE = 4.0


@dataclass(frozen=True)
class Finished:
    """A finished bet of the team: the median confidence it was given (or None), and whether it worked."""

    conf: float | None
    worked: bool


@dataclass(frozen=True)
class Said:
    """One weekly update: who said it on which day, with which confidence (or none)."""

    at: int
    by: str
    conf: float | None = None
    blocked: bool = False


@dataclass(frozen=True)
class Asked:
    """A weekly prompt that was sent to somebody."""

    at: int
    to: str


@dataclass(frozen=True)
class Votes:
    """Thumbs on one round of sample predictions."""

    at: int
    up: float
    down: float


@dataclass(frozen=True)
class Blind:
    """A blind comparison with the baseline: how often the bet's side won, lost and tied."""

    at: int
    wins: float
    losses: float
    ties: float = 0.0


@dataclass(frozen=True)
class Criterion:
    """A kill criterion. `passed`: the condition to stop did not occur; `failed`: it did, the team agreed to stop."""

    id: str
    by: int | None = None
    state: str = "open"
    at: int | None = None


@dataclass(frozen=True)
class Assumption:
    """What the bet rests on: `untested`, `holds` or `false`."""

    id: str
    critical: bool = False
    state: str = "untested"
    at: int | None = None


@dataclass(frozen=True)
class Shown:
    """Earlier advice that people were shown, and their answer (`done`, `declined`, `snoozed`, `none`).

    Known to the bot alone: `answered_at`, since a snooze runs from the day on which somebody pressed it, and `hard`,
    the hard facts that stood when it was given.
    """

    at: int
    advice: str
    answer: str = "none"
    answered_at: int | None = None
    hard: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Decided:
    """What people decided: `kill`, `keep` or `double_down`."""

    at: int
    what: str


@dataclass(frozen=True)
class Other:
    """Another active bet of the team; `people` is a number of heads."""

    bet: str = ""
    area: str = ""
    people: float = 0.0
    spent_pw: float = 0.0
    left_pw: float = 0.0
    upside: str = "M"
    doubled: bool = False
    age: int = 0

    @property
    def planned_pw(self) -> float:
        return self.spent_pw + self.left_pw


@dataclass(frozen=True)
class Case:
    """One bet on day `day` of its life. `head_count` is the team's, `people` are those on the bet.

    `waiting` counts the scopes that could start next; None where nobody tells (the filter's lines do not).
    `present_left` are the people-weeks left of the present appetite, where somebody tells (a filter's lines do not);
    `renewed`: it is not the first, so that `appetite_pw` and `spent_pw` are sums over several. `first_day` is what
    sentences call the day of the start: 0 as in a filter's lines, 1 where people read `day 1 of 28` on a card.
    """

    day: int = 0
    head_count: int = 0
    maturity: str = "mixed"
    finished: tuple[Finished, ...] = ()
    bet: str = ""
    area: str = ""
    people: tuple[str, ...] = ()
    upside: str = "M"
    appetite_pw: float = DEFAULT_APPETITE
    spent_pw: float = 0.0
    deadline: int | None = None
    scope_status: str = "none"
    assumptions: tuple[Assumption, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    said: tuple[Said, ...] = ()
    asked: tuple[Asked, ...] = ()
    votes: tuple[Votes, ...] = ()
    blind: tuple[Blind, ...] = ()
    nudges: tuple[Shown, ...] = ()
    decisions: tuple[Decided, ...] = ()
    others: tuple[Other, ...] = ()
    waiting: int | None = None
    present_left: float | None = None
    renewed: bool = False
    first_day: int = 0

    @property
    def share_spent(self) -> float:
        """People-weeks spent as a share of the appetite (f in policy.md): 0.75 is three quarters."""
        return self.spent_pw / self.appetite_pw

    @property
    def left_pw(self) -> float:
        """People-weeks that stopping frees: what is left of the present appetite, never below 0."""
        return max(self.appetite_pw - self.spent_pw, 0.0) if self.present_left is None else self.present_left

    @property
    def appetite_words(self) -> str:
        """What the people-weeks are a part of, as a sentence calls it."""
        return "all appetites" if self.renewed else "the appetite"

    def when(self, at: int | None) -> str:
        """The day of a fact in a sentence, else that it holds by today; past a first appetite the card counts anew."""
        since = " since its first start" if self.renewed else ""
        day, known = (self.day, "by") if at is None else (at, "on")
        return f"{known} day {day + self.first_day}{since}"

    def doubled(self) -> bool:
        """Whether people have doubled down on this bet already."""
        return any(one.what == "double_down" for one in self.decisions)
