"""What is packaged of real predictions: it is read without complaint, small, credited, and its metrics are true."""

import re
from collections import Counter

import pytest

from bot.actions.predictions import Incoming, read_incoming
from bot.demo.story_samples import FILES, PUSHED, VERSIONS, Pushed

MOST_BYTES = 300_000


def read(one: Pushed) -> Incoming:
    return read_incoming(one.file, (FILES / one.file).read_bytes(), one.label, one.metric)


def accuracy(prediction: str, expected: str) -> float:
    return float(prediction == expected)


def rouge_1(prediction: str, expected: str) -> float:
    """F1 over single words, as in the README beside the files."""
    said, wanted = (Counter(re.findall("[a-z0-9]+", text.lower())) for text in (prediction, expected))
    return 2 * (said & wanted).total() / (said.total() + wanted.total())


@pytest.mark.parametrize("one", VERSIONS.values(), ids=VERSIONS)
def test_the_metric_that_was_pushed_with_a_file_is_that_of_its_rows(one: Pushed) -> None:
    incoming = read(one)
    assert incoming.metric is not None
    measure = {"accuracy": accuracy, "ROUGE-1": rouge_1}[incoming.metric.name]
    rows = incoming.reading.rows
    value = sum(measure(row.prediction, row.expected) for row in rows) / len(rows)
    assert round(value, 3) == incoming.metric.value
    assert f"{value:.3f}" in (FILES / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("versions", PUSHED.values(), ids=PUSHED)
def test_both_versions_of_a_bet_are_about_the_same_rows(versions: tuple[Pushed, ...]) -> None:
    first, second = ([(row.row, row.input, row.expected) for row in read(one).reading.rows] for one in versions)
    assert first == second


def test_images_come_inside_the_rows() -> None:
    images = [row.image or "" for row in read(VERSIONS["digits.v1.jsonl"]).reading.rows]
    assert all(image.startswith("data:image/png;base64,") for image in images)


def test_what_is_packaged_is_small_used_and_credited() -> None:
    files = {path.name: path for path in FILES.iterdir()}
    assert sum(path.stat().st_size for path in files.values()) < MOST_BYTES
    assert set(files) == {*VERSIONS, "README.md", "LICENSE-Apache-2.0.txt"}
    readme = files["README.md"].read_text(encoding="utf-8")
    assert "CC BY 4.0" in readme and "Apache-2.0" in readme and readme.count("Changes:") == 3
