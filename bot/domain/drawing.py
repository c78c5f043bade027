"""Which rows of a set people see: drawn so that anybody can draw them again, and so that nobody chooses them.

Chance is the SHA-256 of the printed seed and of what is drawn, so the same file and seed give the same rows on any
machine.
"""

import json
from bisect import bisect
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from typing import Any

RANDOM, DISLIKED, LOWEST = "random", "disliked", "lowest"
MOST_CLASSES = 20
# How many samples a bet gets in a message of so many bets, and how many rows at most wait in *Judge more*.
SHARES = {1: 4, 2: 3, 3: 2}
MOST_BETS, LEAST_RANDOM, REST = 3, 2, 10
SEEDS = 1_000_000
# The golden ratio as a part of a full turn of 2**64.
_GOLDEN = 11_400_714_819_323_198_485


@dataclass(frozen=True)
class Drawn:
    """One row that was drawn, by its position in the file, and why."""

    position: int
    why: str = RANDOM


@dataclass(frozen=True)
class Draw:
    """What a bet shows: the rows in the message, and those that wait in *Judge more*, which are all random."""

    shown: tuple[Drawn, ...]
    rest: tuple[Drawn, ...] = ()


@dataclass(frozen=True)
class Pinned:
    """Rows that may be shown again, best first: those people disliked before, and those with the lowest score."""

    disliked: Sequence[int] = ()
    lowest: Sequence[int] = ()


def seed_of(digest: str) -> int:
    """The seed of a file, from the SHA-256 of its bytes (hexadecimal): nobody chooses it."""
    return int(digest[:12], 16) % SEEDS


def classes_of(predictions: Sequence[Any]) -> list[str]:
    """Each row's class: what was predicted, where that is one of at most twenty things, else nothing."""
    names = [json.dumps(prediction, sort_keys=True) for prediction in predictions]
    return names if len(set(names)) <= MOST_CLASSES else [""] * len(names)


def order(classes: Sequence[str], seed: int) -> list[int]:
    """All positions in a random order of which every beginning has each class about as often as the whole set has it.

    At each step every row is as likely as any other: a point that starts at random and goes round by the golden ratio
    says whose turn it is, the classes lying side by side, each as wide as its share of the rows. Such points are spread
    as evenly as any can be. A class that is used up is passed over.
    """
    rows: dict[str, list[int]] = {}
    for position in sorted(range(len(classes)), key=lambda position: _chance(seed, str(position)), reverse=True):
        rows.setdefault(classes[position], []).append(position)
    names = sorted(rows)
    ends = list(accumulate(len(rows[name]) for name in names))
    point = _chance(seed, "start")
    found: list[int] = []
    while len(found) < len(classes):
        left = rows[names[bisect(ends, point * len(classes) >> 64)]]
        found += [left.pop()] if left else []
        point = (point + _GOLDEN) % 2**64
    return found


def _chance(seed: int, what: str) -> int:
    """A number below 2**64 that only the seed and `what` decide."""
    return int.from_bytes(sha256(f"{seed} {what}".encode()).digest()[:8], "big")


def draw_random(classes: Sequence[str], seed: int, shown: Mapping[int, int], count: int) -> list[int]:
    """The next `count` positions: none is shown again before all were; `shown` says how often each was.

    Each time all were shown, the order is drawn anew with the next seed.
    """
    count = min(count, len(classes))
    turn = min((shown.get(position, 0) for position in range(len(classes))), default=0)
    found: list[int] = []
    while len(found) < count:
        found += [at for at in order(classes, seed + turn) if shown.get(at, 0) == turn and at not in found]
        turn += 1
    return found[:count]


def draw(classes: Sequence[str], seed: int, shown: Mapping[int, int], pinned: Pinned, count: int) -> Draw:
    """`count` rows for the message, and what waits behind it.

    At least two are random. Of the others one is a row that people disliked before and one has the lowest score, in
    that order, as long as there are such rows; what is missing is random too.
    """
    most = max(0, count - LEAST_RANDOM)
    positions = draw_random(classes, seed, shown, most + count + REST)
    pins = _pin(pinned, positions[:LEAST_RANDOM])[:most]
    left = [position for position in positions if position not in {pin.position for pin in pins}]
    here = count - len(pins)
    rest = tuple(Drawn(position) for position in left[here : here + REST])
    return Draw((*(Drawn(position) for position in left[:here]), *pins), rest)


def _pin(pinned: Pinned, taken: Collection[int]) -> list[Drawn]:
    """One row for each reason that has one, none of them taken or pinned twice."""
    pins: list[Drawn] = []
    for why, rows in ((DISLIKED, pinned.disliked), (LOWEST, pinned.lowest)):
        used = {*taken, *(pin.position for pin in pins)}
        position = next((row for row in rows if row not in used), None)
        pins += [] if position is None else [Drawn(position, why)]
    return pins
