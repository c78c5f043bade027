"""Samples and prediction sets in Slack, as they were looked at."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.demo.fake_slack.blocks import check_message_blocks, check_view
from bot.domain.approval import Approval, Judged
from bot.domain.predictions import Metric, Prediction, PredictionSet, Sample, SampleDraw
from bot.render import first_evidence, pictures, predictions, samples, story_charts
from bot.render.sample_notes import Noted, with_notes
from bot.render.samples import Part, Shown
from bot.render.values import in_words
from tests.render.golden import check_golden
from tests.render.test_checkins import BET

SET = PredictionSet(
    3, 7, "v2", "intents.v2.csv", 200, 77473, "push", "U0ANA", "ready", datetime(2026, 12, 1, 9, tzinfo=UTC),
    {"id": "id", "input": "text", "prediction": "pred"}, "0" * 64, Metric("accuracy", 0.94),
)  # fmt: skip
WRONG = Prediction("bank-7", "Is my *card* <!here> lost?", "card_arrival", "lost_card", 0.03)
RIGHT = Prediction("bank-8", {"amount": 12.5, "to": "Ana"}, {"risk": "low"}, None, 0.9)
MANY = Prediction(
    "bank-8", {"to": "Ana *x* <!here>", "body": "word " * 500, "tags": ["a", "b"], "": None}, {"risk": "low"}, "x…"
)
LONG = Prediction("bank-9", "word " * 200, "", "x", 0.5)
VOTES = Judged(1, "random", {"U1": "good", "U2": "weird"})
SHOWN = [
    Shown(Sample(11, 5, 0, 1, 40, "bank-8", "random"), RIGHT, "good", VOTES),
    Shown(Sample(12, 5, 1, 2, 41, "bank-9", "random"), LONG),
    Shown(Sample(13, 5, 2, 3, 42, "bank-7", "disliked"), WRONG),
    Shown(Sample(14, 5, 3, 4, 43, "bank-7", "lowest"), WRONG),
]
PART = Part(BET, SampleDraw(5, 2, 7, 3, 0, 77473), SET, SHOWN, more=True)
REST = [Shown(Sample(15, 5, 4, None, 44, "bank-7", "random"), WRONG, "good", VOTES)]
IDS = [
    replace(one, row=Prediction(one.sample.row, None, None), link="https://files.example/v2?a=1&b=2") for one in SHOWN
]
LINKED = replace(PART, found=replace(SET, link="https://files.example/v2?a=1&b=2"), samples=IDS)
GONE = replace(SET, state="deleted", label="v1", deleted_at=datetime(2026, 12, 3, 9, tzinfo=UTC))
MESSAGE = samples.samples_message([PART], 2, "on Fri 4 Dec 2026, 11:00 Europe/Berlin")
DIGIT = Prediction("digit-1", "A handwritten digit", "4", "0", 0.2, image="data:image/png;base64,")
IMAGES = [replace(one, row=replace(DIGIT, prediction=said)) for one, said in zip(SHOWN, ["4", "x" * 90, "3", "3"])]
WITH_IMAGES = samples.samples_message([replace(PART, samples=IMAGES)], 2, "on Fri 4 Dec 2026, 11:00", "2026-W48")
MORE_IMAGES = [replace(REST[0], row=DIGIT)]
DEPICTED = [samples.depicted("a", SET, one) for one in MORE_IMAGES]
OFFER = predictions.offer_message(BET, SET, [WRONG, RIGHT], ["split"], "1.0")
VERSIONS = [
    predictions.Version(replace(SET, label="v1 <!here>", metric=Metric("accuracy", 0.5)), Approval(3, 7, 1, 1)),
    predictions.Version(SET),
]
STORY = story_charts.story_picture(BET, VERSIONS, story_charts.chart_data(VERSIONS) or {})
MESSAGES: dict[str, dict[str, Any]] = {
    "samples": MESSAGE,
    "samples_with_images": WITH_IMAGES,
    "samples_with_images_closed": samples.closed_message(WITH_IMAGES, 2, 3),
    "samples_rest": pictures.rest_message(BET, "2026-W48", DEPICTED),
    "samples_closed": samples.closed_message(MESSAGE, 2, 3),
    "samples_result_notes": with_notes(
        samples.result_message(BET, SET, Approval(3, 7, 1, 1)),
        [Noted(2, "Raj <x>", "*cut* off <!here>"), *[Noted(3, "Ana", "never seen")] * 6],
    ),
    "samples_ended": samples.ended_message(MESSAGE, 2, 0),
    "samples_result": samples.result_message(BET, SET, Approval(3, 7, 1, 1, 0.8, 2)),
    "samples_result_disputed": samples.result_message(
        BET, SET, Approval(3, 7, 1, 1, 0.8, 2), disputed={"to": "Ana <!here>", "amount": 12.5}
    ),
    "samples_result_few": samples.result_message(BET, SET, Approval(1, 1, 1, 0)),
    "samples_judged": samples.judged_answer(BET, SHOWN, 10),
    "predictions_story": predictions.story_message(
        BET, [predictions.Version(SET, Approval(3, 7, 1, 1)), predictions.Version(SET)], "Europe/Berlin", open_now=False
    ),
    "predictions_story_chart": story_charts.story_chart_message(BET, STORY),
    "samples_link": samples.samples_message([LINKED], 2, "on Fri 4 Dec 2026, 11:00 Europe/Berlin"),
    "samples_forgotten": samples.forgotten_samples(MESSAGE, 5, [11, 12, 13, 14]),
    "predictions_forgotten": predictions.forgotten_offer(OFFER),
    "predictions_deleted": predictions.story_message(
        BET,
        [predictions.Version(GONE, Approval(3, 7, 1, 1)), predictions.Version(SET)],
        "Europe/Berlin",
        open_now=False,
        may_delete=True,
    ),
    "predictions_offer": OFFER,
    "samples_wanted": first_evidence.samples_wanted_message(BET, 10, 28, ["U0ANA", "U0RAJ"]),
    "predictions_used": predictions.used_message(OFFER, "Ana <x>"),
    "predictions_used_blindly": predictions.used_blindly_message(BET, "Ana <x>"),
    "predictions_story_compared": predictions.story_message(
        BET, [predictions.Version(SET, hidden=True), predictions.Version(SET)], "Europe/Berlin", open_now=False
    ),
    "predictions_unfit": predictions.unfit_message("a<b>.csv", "The file cannot be used: line 3: '<!here>'."),
    "predictions_unfit_owed": predictions.unfit_message("a.csv", "The file is empty: send at least one.", "1.0"),
    "predictions_withdrawn": predictions.withdrawn_offer(SET, "Ana <x>"),
    "predictions_not_samples": predictions.not_samples_answer(BET),
}
MODALS = {
    "samples_judge_more": samples.judge_more_modal(PART, REST, 0, 2),
    "samples_judge_more_images": samples.judge_more_modal(PART, MORE_IMAGES, 1, 2),
    "samples_show_all_image": samples.show_all_modal(IMAGES[0], BET),
    "samples_show_all_notes": samples.show_all_modal(SHOWN[0], BET, [Noted(1, "Ana", "the label is wrong")]),
    "samples_vote_changed": samples.changed_modal(BET, "sample 1", "good", "weird"),
    "samples_show_all": samples.show_all_modal(SHOWN[0], BET),
    "samples_show_all_fields": samples.show_all_modal(replace(SHOWN[0], row=MANY), BET),
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


def test_an_open_message_shows_no_vote() -> None:
    assert "good, " not in json.dumps(MESSAGE) and "1 weird" not in json.dumps(MESSAGE)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("", "(empty)"),
        ("\u200b\x01", "(nothing visible)"),
        (None, "(none)"),
        (False, "false"),
        ([], "[]"),
        (-0.0, "-0.0"),
    ],
)
def test_what_cannot_be_seen_is_said_in_words(value: Any, said: str) -> None:
    assert in_words(value) == said


def test_all_of_a_row_is_shown_by_the_names_of_its_fields_and_none_of_it_is_cut() -> None:
    shown = json.dumps(MODALS["samples_show_all_fields"], ensure_ascii=False)
    assert shown.count("word ") == 500
    for text in ("*to*\\nAna ∗x∗ &lt;!here&gt;", '*tags*\\n[\\"a\\", \\"b\\"]', "*-*\\n(none)", "*risk*\\nlow", "x…"):
        assert text in shown, text


def test_more_fields_than_anybody_reads_are_shown_as_they_came() -> None:
    many = {str(number): "Q" * 100 for number in range(61)}
    view = samples.show_all_modal(replace(SHOWN[0], row=replace(MANY, input=many)), BET)
    assert not check_view(view, "modal") and json.dumps(view).count("Q") == 6_100


@pytest.mark.parametrize(
    ("judges", "said"), [(0, "Nobody has judged"), (1, "1 person has"), (2, "2 people have judged")]
)
def test_the_message_counts_people(judges: int, said: str) -> None:
    assert said in json.dumps(samples.judges_block(2, judges))


def test_a_picture_tells_what_each_number_predicts_and_no_name_of_a_set() -> None:
    [picture] = WITH_IMAGES["pictures"]
    long = "x" * 59 + "…"
    assert picture["alt"] == (
        f"Images of samples of B-7: 1. predicted 4; 2. predicted {long}; 3. predicted 3; 4. predicted 3"
    )
    assert (picture["name"], picture["title"]) == ("samples-B-7-2026-W48.png", "Images of B-7, 2026-W48")
    assert "v2" not in json.dumps(picture) and "intents" not in json.dumps(picture)


def test_a_picture_of_pairs_tells_both_sides_and_no_name_of_a_set() -> None:
    pair = (pictures.Depicted("1", 3, 40, "4"), pictures.Depicted("1", 4, 41, "\u202e<!here>"))
    picture = pictures.pairs_picture("B-7", "2026-W48", [pair], "pairs")
    assert picture["alt"] == "Images of pairs of B-7: 1. left predicted 4, right <!here>"
    assert (picture["name"], picture["at"]) == ("compare-B-7-2026-W48.png", "pairs")
    assert picture["grid"] == [["1", [[3, 40], [4, 41]]]]


def test_words_of_any_length_describe_a_picture() -> None:
    many = [pictures.Depicted(str(number), 3, number, "x" * 500) for number in range(99)]
    assert len(pictures.samples_picture("B-7", "2026-W48", many)["alt"]) == pictures.ALT


def test_a_story_is_told_to_those_who_cannot_see_its_chart() -> None:
    assert STORY["alt"] == (
        "Predictions of B-7 by version: v1 <!here>: accuracy 0.5, 7 of 9 looked right, 45-94%, weird 1 of 9; "
        "v2: accuracy 0.94"
    )


@pytest.mark.parametrize(
    "versions",
    [
        [],
        VERSIONS[:1],
        [predictions.Version(replace(SET, metric=None)), VERSIONS[0]],
        [predictions.Version(replace(SET, metric=None), Approval(1, 1, 1, 0)), VERSIONS[0]],
    ],
)
def test_what_one_version_alone_says_needs_no_chart(versions: list[predictions.Version]) -> None:
    assert story_charts.chart_data(versions) is None


def test_values_of_another_metric_are_left_out() -> None:
    other = predictions.Version(replace(SET, metric=Metric("loss", 3.0, True)))
    data = story_charts.chart_data([other, *VERSIONS])
    assert data and (data["metric"], data["lower"]) == ("accuracy", False)
    assert [one["value"] for one in data["versions"]] == [None, 0.5, 0.94]


def test_above_fields_stands_a_number_and_no_bullet() -> None:
    unnumbered = replace(SHOWN[0], sample=replace(SHOWN[0].sample, number=None))
    numbered, plain = (samples.sample_blocks(one) for one in (SHOWN[0], unnumbered))
    assert numbered[0]["text"]["text"] == "*1.*" and "text" not in plain[0] and plain[0]["fields"]
    assert not check_message_blocks(plain)
