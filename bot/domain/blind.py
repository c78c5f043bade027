"""Two versions without their names: which pairs people see on which side, and what their votes say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from bot.domain.drawing import REST, SEEDS, order, seed_of
from bot.domain.votes import claim, e_value

LEFT, RIGHT, SAME, BOTH_BAD = "left", "right", "same", "both_bad"
VALUES = (LEFT, RIGHT, SAME, BOTH_BAD)
# So many pairs fit a phone; the others wait in *Judge more*. Sets that share fewer ids are not compared unasked.
SHOWN, LEAST_SHARED = 6, 10
# What the rows say must be this sure too: five that fell one way by chance are not (once in 16 draws), six are.
ROWS_SURE = 11.0


@dataclass(frozen=True)
class Comparison:
    """Two sets of one bet, open until `closed_at` is set; `old_id` is the baseline. `by` asked for it; None: nobody."""

    id: int
    bet_id: int
    old_id: int
    new_id: int
    seed: int
    by: str | None
    posted_at: datetime
    closes_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class Pair:
    """One row of both sets, and the set that stands on the left for everybody."""

    id: int
    comparison_id: int
    number: int
    row: str
    left_id: int


@dataclass(frozen=True)
class DrawnPair:
    """A row that was drawn, and whether the new version stands on the left."""

    row: str
    new_left: bool


def seed_between(old: str, new: str, earlier: int) -> int:
    """The seed of the comparison number `earlier` + 1 of two files, from their digests: nobody chooses it."""
    return seed_of(sha256(f"{old} {new} {earlier}".encode()).hexdigest())


def draw_pairs(rows: Sequence[str], seed: int) -> list[DrawnPair]:
    """Up to six pairs for the message and ten behind it, drawn at random; each version is on the left as often as on
    the right, in the message and in all, give or take one."""
    drawn = [rows[at] for at in order([""] * len(rows), seed)[: SHOWN + REST]]
    return [*_sides(drawn[:SHOWN], seed + SEEDS), *_sides(drawn[SHOWN:], seed + 2 * SEEDS)]


def _sides(rows: Sequence[str], seed: int) -> list[DrawnPair]:
    left = set(order([""] * len(rows), seed)[: (len(rows) + seed % 2) // 2])
    return [DrawnPair(row, place in left) for place, row in enumerate(rows)]


@dataclass(frozen=True)
class Looked:
    """One pair with everybody's vote on it."""

    number: int
    new_left: bool
    votes: Mapping[str, str]

    def count(self) -> tuple[int, int, int]:
        """Votes for the new version, for the old one, and for neither."""
        new, old = (LEFT, RIGHT) if self.new_left else (RIGHT, LEFT)
        said = list(self.votes.values())
        wins, losses = said.count(new), said.count(old)
        return wins, losses, len(said) - wins - losses


@dataclass(frozen=True)
class Tally:
    """How a comparison went. `wins` and `losses` are votes for the new version and for the old one, one for each
    person and pair; `ties` are *Same* and *Both bad*. `rows_won` and `rows_lost` are pairs by their majority."""

    people: int
    wins: int
    losses: int
    ties: int
    rows_won: int
    rows_lost: int

    @property
    def sided(self) -> int:
        """Votes for a side: those that can say anything."""
        return self.wins + self.losses

    @property
    def ahead(self) -> int:
        """1: more votes are for the new version; -1: for the old one; 0: as many."""
        return (self.wins > self.losses) - (self.wins < self.losses)

    @property
    def e_value(self) -> float:
        """How strongly the votes speak for the version that is ahead (policy.md section 4); ties are left out."""
        return e_value(max(self.wins, self.losses), min(self.wins, self.losses))

    @property
    def claim(self) -> str:
        """`preferred` or `leaning`, of the version that is ahead, or nothing.

        Votes on one row are not independent: where a row shows one version at its worst, everybody says so. So the
        rows, each counted once by its majority, must point the same way, and for `preferred` be sure enough of it by
        themselves. The claim is made once, at the close: an e-value would bear more looks, but people would vote on
        after the first.
        """
        won, lost = (self.rows_won, self.rows_lost) if self.ahead > 0 else (self.rows_lost, self.rows_won)
        said = claim(max(self.wins, self.losses), min(self.wins, self.losses)) if won > lost else ""
        return "leaning" if said == "preferred" and e_value(won, lost) < ROWS_SURE else said


def count(looked: Iterable[Looked]) -> Tally:
    """How it went over all pairs."""
    pairs = list(looked)
    counts = [one.count() for one in pairs]
    wins, losses, ties = (sum(one[place] for one in counts) for place in range(3))
    people = len({user for one in pairs for user in one.votes})
    won, lost = sum(one[0] > one[1] for one in counts), sum(one[0] < one[1] for one in counts)
    return Tally(people, wins, losses, ties, won, lost)
