"""Blind comparisons in Slack, as they were looked at."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.demo.fake_slack.blocks import check_message_blocks, check_view
from bot.domain.blind import Comparison, Looked, Tally, count
from bot.domain.disagreement import People
from bot.domain.predictions import Metric
from bot.render import comparisons
from bot.render.comparisons import Round, Sided, tally_words
from bot.render.disagreement import conflict_line
from bot.render.pictures import Depicted, rest_pairs_message
from tests.render.golden import check_golden
from tests.render.test_checkins import BET
from tests.render.test_samples import SET

AT = datetime(2026, 12, 2, 10, tzinfo=UTC)
ONE = Comparison(4, 7, 3, 5, 77473, None, AT, AT, None)
OLD, NEW = replace(SET, label="v1", file="intents.v1.csv", metric=Metric("accuracy", 0.5)), SET
LONG = "word " * 200
PAIRS = [
    Sided(21, 1, "Is my *card* <!here> lost?", "lost_card", "card_arrival", "lost_card", "right"),
    Sided(22, 2, {"amount": 12.5, "to": "Ana"}, None, {"risk": "low"}, {"risk": "high"}),
    Sided(23, 3, LONG, None, "", LONG),
]
SHOWN = Round(4, BET, PAIRS, 2)
REST = [Sided(27, 7, "Where is it?", None, "a", "b", "both_bad")]
MESSAGE = comparisons.comparison_message(SHOWN, 57, 200, "on Fri 4 Dec 2026, 11:00 Europe/Berlin", warned=True)
DIGITS = [
    Sided(21, 1, "A digit", "4", "4", "9", images=(Depicted("1", 3, 40, "4"), Depicted("1", 5, 41, "9"))),
    Sided(22, 2, "A digit", "7", "1", "7"),
]
WITH_IMAGES = comparisons.comparison_message(Round(4, BET, DIGITS), 57, 200, "on Fri 4 Dec 2026", "2026-W49")
MORE_DIGITS = [replace(DIGITS[0], pair=27, number=7, images=(Depicted("7", 3, 40, "4"), Depicted("7", 5, 41, "9")))]
LOOKED = [
    Looked(1, True, {"U1": "left", "U2": "left", "U3": "same"}),
    Looked(2, False, {"U1": "left"}),
    Looked(3, False, {}),
]
AGAINST = conflict_line(OLD.metric, NEW.metric, People(Tally(3, 0, 9, 0, 0, 6)))
MESSAGES: dict[str, dict[str, Any]] = {
    "comparison": MESSAGE,
    "comparison_with_images": WITH_IMAGES,
    "comparison_with_images_closed": comparisons.closed_message(
        WITH_IMAGES, 4, 3, {21: ("v2", "v1"), 22: ("v1", "v2")}
    ),
    "comparison_rest": rest_pairs_message(BET, "2026-W49", comparisons.list_depicted(MORE_DIGITS)),
    "comparison_closed": comparisons.closed_message(MESSAGE, 4, 3, {21: ("v2", "v1"), 22: ("v1", "v2")}),
    "comparison_result": comparisons.result_message(BET, ONE, (OLD, NEW), LOOKED, count(LOOKED), AGAINST),
    "comparison_result_none": comparisons.result_message(BET, ONE, (OLD, NEW), [], count([])),
    "comparison_compared": comparisons.compared_answer(SHOWN),
    "comparison_started": comparisons.started_answer(BET, "on Fri 4 Dec 2026, 11:00 Europe/Berlin"),
}
MODALS = {
    "comparison_more": comparisons.compare_more_modal(SHOWN, REST, 0, 2),
    "comparison_more_images": comparisons.compare_more_modal(SHOWN, MORE_DIGITS, 0, 1),
    "comparison_whole_image": comparisons.whole_pair_modal(DIGITS[0], BET),
    "comparison_whole": comparisons.whole_pair_modal(PAIRS[0], BET),
    "comparison_choose": comparisons.choose_modal(BET, [replace(OLD, id=2), NEW]),
}


@pytest.mark.parametrize("name", MESSAGES | MODALS)
def test_it_reads_as_it_was_looked_at(name: str) -> None:
    check_golden(name, (MESSAGES | MODALS)[name])


@pytest.mark.parametrize("name", MESSAGES)
def test_slack_takes_every_message(name: str) -> None:
    assert not check_message_blocks(MESSAGES[name]["blocks"]) and len(MESSAGES[name]["blocks"]) <= 45


@pytest.mark.parametrize("name", MODALS)
def test_slack_takes_every_modal(name: str) -> None:
    assert not check_view(MODALS[name], "modal")


def test_an_open_comparison_names_no_set() -> None:
    shown = json.dumps([MESSAGE, WITH_IMAGES, MESSAGES["comparison_rest"], list(MODALS.values())[:-1]])
    assert not [word for word in ("v1", "v2", "intents", "accuracy", "77473") if word in shown]


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        (Tally(2, 7, 0, 0, 6, 0), "7 of 7 preferred the new one"),
        (Tally(2, 1, 11, 0, 0, 6), "11 of 12 preferred the old one"),
        (Tally(1, 6, 0, 0, 6, 0), "Leaning to the new one: 6 of 6 preferred it"),
        (Tally(1, 2, 3, 9, 2, 3), "Too few votes to say: 3 of 5 preferred the old one"),
        (Tally(3, 6, 6, 0, 3, 3), "No clear preference: 6 of 12 preferred the new one"),
        (Tally(2, 0, 0, 5, 0, 0), "Too few votes to say: nobody chose a side"),
    ],
)
def test_a_tally_is_put_in_plain_words(tally: Tally, words: str) -> None:
    assert tally_words(tally) == words
