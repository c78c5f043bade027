"""Pictures of samples in messages: what is drawn, how it reads to those who cannot see it, and where it stands.

A picture names the rows whose images it shows; they are looked up when it is drawn, so a deleted set is in none.
Neither its name nor its words tell a label or a model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.records import Bet
from bot.render import kit
from bot.render.bets import heading

# What Slack takes as the description of a file.
ALT = 1_000
_SAYS = 60


@dataclass(frozen=True)
class Depicted:
    """One row with an image: the number or letter it goes by, where it stands, and in words what it was predicted to
    be."""

    name: str
    set_id: int
    position: int
    says: str

    @property
    def ref(self) -> list[int]:
        return [self.set_id, self.position]


def letter(place: int) -> str:
    """What a row goes by that has no number: `a` is the first."""
    return chr(ord("a") + place)


def samples_picture(key: str, week: str, shown: Sequence[Depicted], at: str | None = None) -> dict[str, Any]:
    """The images of a bet's samples in one grid; it takes the place of the block `at`."""
    said = "; ".join(f"{one.name}. predicted {_says(one)}" for one in shown)
    grid = [[one.name, [one.ref]] for one in shown]
    return _picture("samples", key, week, f"Images of samples of {key}: {said}", grid, at)


def rest_message(bet: Bet, week: str, shown: Sequence[Depicted]) -> dict[str, Any]:
    """The images of the rest of a draw, for the DM of somebody who judges more."""
    words = f"Images of more samples of {heading(bet)}, for *Judge more*"
    return kit.message(words, [kit.section(words)]) | {"pictures": [samples_picture(bet.key, week, shown)]}


def rest_pairs_message(bet: Bet, week: str, pairs: Sequence[tuple[Depicted, Depicted]]) -> dict[str, Any]:
    """The images of the pairs that a message does not show, for the DM of somebody who judges more."""
    words = f"Images of more pairs of {heading(bet)}, for *Judge more*"
    return kit.message(words, [kit.section(words)]) | {"pictures": [pairs_picture(bet.key, week, pairs)]}


def pairs_picture(
    key: str, week: str, pairs: Sequence[tuple[Depicted, Depicted]], at: str | None = None
) -> dict[str, Any]:
    """The images of pairs, each as (left, right); where both sides show the same image it is drawn once."""
    said = "; ".join(f"{left.name}. left predicted {_says(left)}, right {_says(right)}" for left, right in pairs)
    grid = [[left.name, [left.ref, right.ref]] for left, right in pairs]
    return _picture("compare", key, week, f"Images of pairs of {key}: {said}", grid, at)


def without_pictures(payload: dict[str, Any], at: str | None = None) -> dict[str, Any]:
    """The message without the picture that stands at `at`, or without any: the rows that it shows were deleted."""
    pictures = list(payload.get("pictures") or [])
    gone = [one for one in pictures if at is None or one["at"] == at]
    for one in gone:
        if one["at"]:
            payload = kit.replace_blocks(payload, one["at"], [])
    kept = {name: value for name, value in payload.items() if name != "pictures"}
    left = [one for one in pictures if one not in gone]
    return kept | ({"pictures": left} if left else {})


def _says(one: Depicted) -> str:
    text = " ".join(one.says.split())
    return text if len(text) <= _SAYS else text[: _SAYS - 1] + "…"


def _picture(kind: str, key: str, week: str, alt: str, grid: list[Any], at: str | None) -> dict[str, Any]:
    name, title = f"{kind}-{key}-{week}.png", f"Images of {key}, {week}"
    return {"grid": grid, "alt": kit.plain(alt, ALT)["text"], "title": title, "name": name, "at": at}


def place_of_picture(block_id: str) -> kit.Block:
    """Where a picture is to stand; what is read there until Slack can show it."""
    return kit.named(block_id, kit.context("The images cannot be shown yet: look again in a minute."))
