"""Every message and view of samples and prediction sets, built around one text that somebody put everywhere."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.approval import Approval, Judged
from bot.domain.predictions import Metric, Prediction, PredictionSet, Sample, SampleDraw
from bot.domain.records import Bet
from bot.render import first_evidence, pictures, predictions, sample_notes, samples, story_charts
from bot.render.samples import Part, Shown

AT = datetime(2026, 12, 2, 10, 0, tzinfo=UTC)


def set_of(text: str) -> PredictionSet:
    """A set whose every text is `text`."""
    line = " ".join(text.split())[:80] or "x"
    columns = {"id": "id", "input": line[:40], "prediction": line[:40]}
    metric = Metric(line[:40], 0.9, True)
    return PredictionSet(1, 7, line, line, 200, 42, "push", "U0OWNER", "ready", AT, columns, "0" * 64, metric)


def row_of(text: str, structured: bool = False, image: str | None = None) -> Prediction:
    """A row whose every value holds `text`, as long as a file may have it."""
    value = text[:10_000]
    inner = {f"{value[:200]}{place}": value[:900] for place in range(9)}
    return Prediction(
        value[:200], inner if structured else value, [inner] if structured else value, value, 0.5, image, meta=inner
    )


def shown_of(text: str, number: int | None, structured: bool = False, at: int = 0) -> Shown:
    """A sample with an image that somebody voted on."""
    sample = Sample(at or number or 9, 1, 0, number, 3, text[:200], "disliked" if number == 1 else "lowest")
    return Shown(
        sample, row_of(text, structured, "data:,"), "good", Judged(number, "random", {"U1": "good", "U2": "weird"})
    )


def parts_of(bet: Bet, text: str, structured: bool = False) -> list[Part]:
    """Three bets with two samples each."""
    shares = ((1, 2), (3, 4), (5, 6))
    return [
        Part(bet, SampleDraw(place, 1, 7, 1, place, 42), set_of(text),
             [shown_of(text, number, structured) for number in share], more=True)
        for place, share in enumerate(shares)
    ]  # fmt: skip


def sample_surfaces(bet: Bet, text: str) -> dict[str, dict[str, Any]]:
    """Each builder of `render/samples` and `render/predictions`; the key is module.function."""
    notes = [sample_notes.Noted(place, text[:80] or "x", text) for place in range(1, 8)]
    parts, nested = parts_of(bet, text), parts_of(bet, text, structured=True)
    found, judged = set_of(text), Approval(3, 7, 1, 1, 0.8, 2)
    message = samples.samples_message(parts, 1, "on Fri 4 Dec 2026, 11:00 Europe/Berlin")
    rest = [shown_of(text, None, at=20 + place) for place in range(samples.PAGE)]
    offer = predictions.offer_message(bet, found, [row_of(text), row_of(text, True)] * 3, [text[:40] or "x"] * 30)
    depicted = [samples.depicted(pictures.letter(place), found, one) for place, one in enumerate(rest)]
    versions = [predictions.Version(found, judged), predictions.Version(found)] * 9
    story = story_charts.story_picture(bet, versions, story_charts.chart_data(versions) or {})
    linked = [replace(one, samples=[replace(shown, link=text) for shown in one.samples]) for one in parts]
    gone = predictions.Version(replace(found, state="deleted", deleted_at=AT), judged)
    return {
        "samples.samples_message": message,
        "samples.samples_message structured": samples.samples_message(nested, 1, "tomorrow"),
        "samples.closed_message": samples.closed_message(message, 1, 3),
        "samples.ended_message": samples.ended_message(message, 1, 0),
        "samples.result_message": samples.result_message(bet, found, judged, disputed=text),
        "samples.result_message structured": samples.result_message(bet, found, judged, disputed={text[:200]: text}),
        "samples.forgotten_result": samples.forgotten_result(samples.result_message(bet, found, judged, "", text)),
        "samples.changed_modal": samples.changed_modal(bet, "pair 1", "both bad", "left"),
        "samples.judged_answer": samples.judged_answer(bet, parts[0].samples, 10),
        "samples.judge_more_modal": samples.judge_more_modal(parts[0], rest, 0, 2),
        "pictures.rest_message": pictures.rest_message(bet, "2026-W48", depicted),
        "samples.show_all_modal": samples.show_all_modal(parts[0].samples[0], bet, notes),
        "sample_notes.with_notes": sample_notes.with_notes(samples.result_message(bet, found, judged), notes),
        "samples.show_all_modal structured": samples.show_all_modal(nested[0].samples[0], bet),
        "first_evidence.samples_wanted_message": first_evidence.samples_wanted_message(bet, 10, 28, ["U0OWNER"]),
        "samples.samples_message link": samples.samples_message(linked, 1, "tomorrow"),
        "samples.forgotten_samples": samples.forgotten_samples(message, 0, [1, 2]),
        "predictions.forgotten_offer": predictions.forgotten_offer(offer),
        "predictions.story_message deletable": predictions.story_message(
            bet, [*versions, gone], "Europe/Berlin", open_now=False, may_delete=True
        ),
        "predictions.story_message": predictions.story_message(bet, versions, "Europe/Berlin", open_now=False),
        "story_charts.story_chart_message": story_charts.story_chart_message(bet, story),
        "story_charts.with_chart": story_charts.with_chart(message, "https://example.slack.com/archives/D1/p1"),
        "predictions.offer_message": offer,
        "predictions.used_message": predictions.used_message(offer, text[:80] or "x"),
        "predictions.used_answer": predictions.used_answer(bet, found),
        "predictions.used_blindly_message": predictions.used_blindly_message(bet, text[:80] or "x"),
        "predictions.used_blindly_answer": predictions.used_blindly_answer(bet),
        "predictions.unfit_message": predictions.unfit_message(text[:300], text, "1.0"),
        "predictions.withdrawn_offer": predictions.withdrawn_offer(found, text[:80] or "x"),
        "predictions.not_samples_answer": predictions.not_samples_answer(bet),
    }
