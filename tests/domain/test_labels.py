"""Labels under a chart are shortened so that no two read alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.labels import ALL, LEAST, letters, shortened

EPOCHS = [f"distilbert-base-epoch-{epoch} with a very long label" for epoch in (3, 8, 10, 13)]


@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        (["v1", "v2"], ["v1", "v2"]),
        (EPOCHS, ["…3", "…8", "…10", "…13"]),
        (["distilbert-base-lr-0.1", "distilbert-base-lr-0.15"], ["…0.1", "…0.15"]),
        (["tfidf-baseline-model-1", "distilbert-model-1"], ["tfidf-baseline", "distilbert"]),
        (["model", "model-distilled-large-version"], ["model", "model-d…version"]),
        (["the only one there is", "the only one there is not"], ["…is", "…is not"]),
        (["one long label that stands alone"], ["one lon…s alone"]),
        ([], []),
    ],
)
def test_what_all_labels_begin_and_end_with_is_left_out(labels: list[str], shown: list[str]) -> None:
    assert shortened(labels) == shown


@pytest.mark.parametrize("labels", [["baseline", *EPOCHS], ["x" * 50, "x" * 49], ["v1", "v1"], [" ", "v1"]])
def test_labels_that_would_read_alike_are_to_be_numbered(labels: list[str]) -> None:
    assert shortened(labels) is None


@given(st.lists(st.text(max_size=60), max_size=8))
def test_shortened_labels_fit_and_stay_different(labels: list[str]) -> None:
    shown = shortened(labels)
    assert shown is None or len(set(shown)) == len(labels)
    assert all(letters(label) <= max(LEAST, ALL // max(len(labels), 2)) for label in shown or [])
