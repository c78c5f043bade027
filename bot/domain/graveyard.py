"""Words that look for dead bets: as a question to a full-text index, and as a measure of how two bets resemble."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# More words than a person searches with; a longer text is looked for by its beginning.
MOST_WORDS, LONGEST_WORD = 40, 60
_SHORTEST_PREFIX = 3

# A word of the new bet's title counts more, and so does one that stands in the dead bet's title; one that only the
# decision used counts less.
TITLE_WORD = 1.5
IN_TITLE, IN_BET, IN_DECISION = 1.3, 1.0, 0.5
# Two bets that share this much are worth a look. With the labelled bets of the tests it shows the right dead bet for
# most new ones, and none for a new one on another subject.
ENOUGH = 0.55
# How common a word is where few bets are dead yet: as if this many had been read, with these shares of them using it.
_PRIOR, _RARE_SHARE, _COMMON_SHARE = 100, 0.01, 0.2
# Characters of a usual bet; a much longer one holds any word more easily.
_USUAL_LENGTH = 125
# Words that begin alike are one: `label`, `labels`, `labelling`.
_SAME_BEGINNING = 6
_ENDING = re.compile(r"(?<=...)(?:ings?|ed|es|s|e)$")


def _split(words: str) -> frozenset[str]:
    return frozenset(words.split())


_EMPTY_WORDS = _split(
    """a about above across after again against all along already also although always am among an and another any
    anybody anyone anything are around as at away back be because been before behind being below best better between
    both but by came can cannot come comes could day days did do does doing done dozens down during each either else end
    enough even ever every everybody everyone everything few first for from full further get gets getting give given
    gives go goes going got had half has have having he her here him his hour hours how however hundred hundreds i if in
    instead into is it its itself just keep know known knows last late later least less let lets like long look looking
    made make makes making many may maybe me might mine minute minutes month months more most much must my near need
    needs neither never new next no nobody none nor not nothing now of off often old on once one ones only or other
    others our out over own per put quite rather really right said same say says see seen several she should show shows
    since so some somebody someone something still such take taken takes tell tells ten than that the their them then
    there these they thing things think third this those though thousand thousands three through thus time times to
    today together too toward towards tried try two under until up upon us use used uses using very want wants was way
    ways we week weeks well were what when where whether which while who whole whom whose why will with within without
    would year years yes yet you your yours"""
)
# What applied teams say in every second bet.
_COMMON_WORDS = _split(
    """ai automatic automatically business classification classifier classify company cost costs customer customers data
    deep detect detection detects embedding embeddings find finds good help image images language learn learning llm
    machine manual manually ml model models network neural people person picture pictures predict prediction predictions
    predicts problem problems process product products quality rank ranking recognise recognition score scores staff
    system systems team teams text texts train trained training transformer user users work working works"""
)


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
    return " AND ".join(map(_beginning, words_of(text)))


def match_any(text: str) -> str:
    """An FTS5 expression for texts that hold at least one of the words."""
    return " OR ".join(map(_beginning, words_of(text)))


def _beginning(word: str) -> str:
    # In quotes nothing is an operator. The star lets the beginning of a word find it.
    return f'"{word}" *' if len(word) >= _SHORTEST_PREFIX else f'"{word}"'


@dataclass(frozen=True)
class Term:
    """Words of a new bet that mean the same, with how much they count and whether most bets use them."""

    words: tuple[str, ...]
    weight: float
    common: bool

    @property
    def match(self) -> str:
        """An FTS5 expression for texts that hold any of the words."""
        return " OR ".join(f'"{word}"' for word in self.words)


def terms_of(title: str, problem: str, hypothesis: str) -> list[Term]:
    """What a new bet is about, without the words that say nothing; those that begin alike are one term."""
    groups: dict[str, tuple[float, list[str]]] = {}
    for text, weight in ((title, TITLE_WORD), (problem, 1.0), (hypothesis, 1.0)):
        for word in words_of(text):
            if len(word) > 1 and word not in _EMPTY_WORDS:
                heavy, words = groups.setdefault(word[:_SAME_BEGINNING], (weight, []))
                groups[word[:_SAME_BEGINNING]] = (max(heavy, weight), [*words, word])
    return [
        Term(tuple(dict.fromkeys(words)), weight, not _COMMON_WORDS.isdisjoint(words))
        for weight, words in groups.values()
    ]


def stem_of(word: str) -> str:
    """What `route`, `routes`, `routed` and `routing` have in common: a text that is in no index is compared by it."""
    return _ENDING.sub("", word)[:_SAME_BEGINNING]


def most_similar(
    found: Iterable[tuple[Term, Mapping[int, float]]], lengths: Mapping[int, int], limit: int
) -> Sequence[int]:
    """The dead bets that resemble a new one enough, at most `limit`, best first.

    `found` has, for each term, which dead bets hold it and what that is worth; `lengths` the characters of every dead
    bet that may be shown. The measure is that of a text search (the cosine of weights by rarity, Salton and Buckley
    1988), for the dead bet with its length in place of its weights; one shared word alone is chance.
    """
    shared: dict[int, list[float]] = {}
    whole = 0.0
    for term, worths in found:
        weight = term.weight * _rarity(term, len(worths), len(lengths))
        whole += weight**2
        for bet_id, worth in worths.items():
            shared.setdefault(bet_id, []).append(weight * worth)
    scores = {
        bet_id: sum(weights) / math.sqrt(whole * (0.5 + 0.5 * lengths[bet_id] / _USUAL_LENGTH))
        for bet_id, weights in shared.items()
        if len(weights) > 1
    }
    best = sorted(scores, key=lambda bet_id: (-scores[bet_id], -bet_id))
    return [bet_id for bet_id in best[:limit] if scores[bet_id] >= ENOUGH]


def _rarity(term: Term, holding: int, size: int) -> float:
    share = _COMMON_SHARE if term.common else _RARE_SHARE
    return math.log((size + _PRIOR) / (holding + _PRIOR * share))
