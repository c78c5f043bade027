"""Words that look for dead bets: what was typed, as a question to a full-text index, and how much two bets resemble."""

import re

# More words than a person searches with; a longer text is looked for by its beginning.
MOST_WORDS, LONGEST_WORD = 40, 60
_SHORTEST_PREFIX = 3


def words_of(text: str, most: int = MOST_WORDS) -> list[str]:
    """The words of a text in lower case, each once and in their order, at most `most`."""
    found: dict[str, None] = {}
    for word in re.finditer(r"[^\W_]+", text):
        found[word[0].lower()[:LONGEST_WORD]] = None
        if len(found) == most:
            break
    return list(found)


def match_all(text: str) -> str:
    """An FTS5 expression for texts that hold every word; empty when there is no word. Never a syntax error."""
    return " AND ".join(map(_term, words_of(text)))


def match_any(text: str) -> str:
    """An FTS5 expression for texts that hold at least one of the words."""
    return " OR ".join(map(_term, words_of(text)))


def _term(word: str) -> str:
    # In quotes nothing is an operator. The star lets the beginning of a word find it.
    return f'"{word}" *' if len(word) >= _SHORTEST_PREFIX else f'"{word}"'
