"""Labels of versions side by side under a chart: as much of each as has room, so that none reads like another."""

import re
from collections.abc import Sequence
from unicodedata import east_asian_width

# Letters that all labels have together on a phone, and those that each has at least.
ALL, LEAST = 30, 4
# A word, `0.15` and `v1.2` whole, or one mark between words.
_PART = re.compile(r"[^\W_]+(?:(?<=\d)\.(?=\d)[^\W_]+)*|[\W_]")


def shortened(labels: Sequence[str]) -> list[str] | None:
    """The labels as short as they have to be; None where they cannot stay different, so that they are to be numbered.

    What they all begin and end with is left out first: versions of one model differ in a number somewhere in between.
    """
    room = max(LEAST, ALL // max(len(labels), 2))
    lines = [" ".join(label.split()) for label in labels]
    if any(letters(line) > room for line in lines):
        lines = [squeeze(line, room) for line in _differing(lines)]
    return lines if len(set(lines)) == len(lines) and all(lines) else None


def _differing(lines: Sequence[str]) -> list[str]:
    """Each without the whole words that all begin or end with; at least one word is left of each."""
    parts = [_PART.findall(line) for line in lines]
    spare = min(len(one) for one in parts) - 1 if len(parts) > 1 else 0
    start = _shared(parts, spare)
    end = _shared([one[::-1] for one in parts], spare - start)
    return ["…" * (start > 0) + "".join(one[start : len(one) - end]) for one in parts]


def _shared(parts: Sequence[Sequence[str]], most: int) -> int:
    """With how many parts, at most `most`, all of them begin."""
    same = (len(set(column)) == 1 for column in zip(*parts, strict=False))
    return next((place for place, one in enumerate(same) if not one or place >= most), max(most, 0))


def clip(text: str, most: int) -> str:
    """A text in one line of at most so many letters."""
    text = " ".join(text.split())
    if len(text) <= most and letters(text) <= most:
        return text
    text = text[: most - 1]
    while letters(text) > most - 1:
        text = text[:-1]
    return text + "…"


def squeeze(text: str, most: int) -> str:
    """A label of at most so many letters that keeps both of its ends: versions often differ in the last of them."""
    start = clip(text, most)
    tail = " ".join(text.split())[-(most // 2) :]
    return start if not start.endswith("…") or letters(tail) > most // 2 else clip(text, most - most // 2) + tail


def letters(text: str) -> int:
    """How wide a text is, in letters: those of East Asia take two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
