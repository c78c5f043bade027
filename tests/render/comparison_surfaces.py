"""Every message and view of blind comparisons, built around one text that somebody put everywhere."""

from typing import Any

from bot.domain.blind import Comparison, Looked, Tally
from bot.domain.disagreement import People
from bot.domain.predictions import Metric
from bot.domain.records import Bet
from bot.render import comparisons, disagreement
from bot.render.comparisons import Round, Sided
from bot.render.pictures import Depicted, rest_pairs_message
from tests.render.sample_surfaces import AT, row_of, set_of

ONE = Comparison(1, 7, 1, 2, 42, "U0OWNER", AT, AT, None)
LOOKED = [Looked(number, number % 2 == 0, {"U1": "left", "U2": "same", "U3": "both_bad"}) for number in range(1, 17)]


def pair_of(text: str, number: int, structured: bool = False) -> Sided:
    """A pair that somebody voted on."""
    row = row_of(text, structured)
    images = (Depicted(str(number), 1, number, text), Depicted(str(number), 2, number, text))
    return Sided(number, number, row.input, row.expected, row.prediction, text[:10_000], "both_bad", images)


def comparison_surfaces(bet: Bet, text: str) -> dict[str, dict[str, Any]]:
    """Each builder of `render/comparisons`; the key is module.function."""
    pairs = {kind: [pair_of(text, number, kind) for number in range(1, 7)] for kind in (False, True)}
    shown, nested = Round(1, bet, pairs[False], 10), Round(1, bet, pairs[True])
    found, tally = set_of(text), Tally(9, 0, 40, 3, 0, 16)
    message = comparisons.comparison_message(shown, 57, 200, "on Fri 4 Dec 2026", warned=True)
    line = " ".join(text.split())[:40] or "x"
    conflict = disagreement.conflict_line(Metric(line, 1.0, True), Metric(line, 0.5, True), People(tally))
    sides = dict.fromkeys(range(1, 7), (found.label, found.label))
    return {
        "comparisons.comparison_message": message,
        "comparisons.comparison_message structured": comparisons.comparison_message(nested, 57, 200, "tomorrow"),
        "comparisons.closed_message": comparisons.closed_message(message, 1, 9, sides),
        "comparisons.result_message": comparisons.result_message(bet, ONE, (found, found), LOOKED, tally, conflict),
        "comparisons.compared_answer": comparisons.compared_answer(shown),
        "comparisons.compare_more_modal": comparisons.compare_more_modal(shown, pairs[True][:5], 0, 2),
        "pictures.rest_pairs_message": rest_pairs_message(bet, "2026-W49", comparisons.list_depicted(pairs[False])),
        "comparisons.whole_pair_modal": comparisons.whole_pair_modal(pairs[False][0], bet),
        "comparisons.choose_modal": comparisons.choose_modal(bet, [set_of(text)] * 120),
        "comparisons.started_answer": comparisons.started_answer(bet, "tomorrow"),
    }
