"""Charts: whatever a title says is drawn as it stands, and the same values give the same picture."""

from itertools import combinations
from struct import unpack
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.text import Text

from bot.reports.charts import DPI, draw
from tests.conftest import examples

TITLES = [
    "$$", "$", "$x_{$", "$100 vs $200", "$\\n$", "\\sqrt" * 60, "{" * 2_000, "}" * 500, "^^__", "\\frac{a}{b}", "%d %s",
    "a\nb\nc", "\t", "", " ", "x" * 5_000, "نموذج اللغة", "שלום", "日本語の題名", "🎉🎉🎉",
    "e\u0301", "\u202eabc", "\u200b",
    "<!channel>", "&amp;lt;", "*bold* _it_", "`code`", "C:\\temp\\new", "../../etc/passwd", "\x07bell", "a\u2028b",
    "NaN", "None", "-", "=1+1", "@here", "#tag", "'quote\"", "\\", "null\x00byte",
]  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n"


def values(titles: list[str], weeks: int = 12) -> dict[str, Any]:
    bets = [
        {
            "key": f"B-{number}",
            "title": title,
            "confidence": [None, *range(40, 40 + weeks - 1)],
            "spent": 2.5,
            "appetite": 4,
        }
        for number, title in enumerate(titles, 1)
    ]
    return {"weeks": [f"2026-W{30 + week}" for week in range(weeks)], "bets": bets}


@pytest.mark.parametrize("start", range(0, len(TITLES), 10))
def test_forty_hostile_titles_are_drawn(start: int) -> None:
    assert draw("summary", values(TITLES[start : start + 10])).startswith(PNG)


def test_the_same_values_give_the_same_picture() -> None:
    assert draw("summary", values(["One", "Two"])) == draw("summary", values(["One", "Two"]))


@pytest.mark.parametrize("bets", [1, 8, 20])
def test_every_word_of_the_summary_can_be_read_on_a_phone_and_none_covers_another(
    bets: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[str, float, Any]] = []
    draw_text = Text.draw

    def note(text: Text, renderer: Any) -> None:
        if text.get_visible() and text.get_text():
            drawn.append((text.get_text(), text.get_fontsize() / 72, text.get_window_extent(renderer)))
        draw_text(text, renderer)

    monkeypatch.setattr(Text, "draw", note)
    png = draw("summary", values([f"Rank {number} tickets by who waits" for number in range(bets)]))
    width, height = unpack(">II", png[16:24])
    assert len(drawn) > 2 * bets
    # A phone shows the picture 315 points wide.
    assert min(inches * DPI * 315 / width for _, inches, _ in drawn) >= 10
    for word, _, box in drawn:
        assert 0 <= box.x0 < box.x1 <= width and 0 <= box.y0 < box.y1 <= height, word
    covered = [(one, other) for (one, _, a), (other, _, b) in combinations(drawn, 2) if a.padded(-1).overlaps(b)]
    assert covered == []


def test_the_chart_of_one_bet_is_narrow_enough_for_a_phone() -> None:
    width, height = unpack(">II", draw("bet", values([TITLES[0]]))[16:24])
    assert width <= 600 and height <= width


def story(labels: list[str], metric: str | None = "accuracy") -> dict[str, Any]:
    versions = [
        {"label": label, "value": 0.5 + place / 100, "good": 40.0, "low": 20.0, "high": 60.0, "weird": 10.0}
        for place, label in enumerate(labels)
    ]
    return {"metric": metric, "lower": True, "versions": versions}


@pytest.mark.parametrize("start", range(0, len(TITLES), 8))
def test_a_story_with_hostile_labels_is_drawn(start: int) -> None:
    assert draw("story", story(TITLES[start : start + 8])).startswith(PNG)


@pytest.mark.parametrize(
    "title", [pytest.param(title, marks=[pytest.mark.full] * bool(n % 8)) for n, title in enumerate(TITLES)]
)
def test_a_story_of_one_hostile_label_and_metric_is_drawn(title: str) -> None:
    assert draw("story", story([title], title or None)).startswith(PNG)


@settings(max_examples=examples(25))
@given(st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=8), st.text(max_size=40))
def test_a_story_is_drawn_whatever_its_labels_and_its_metric_say(labels: list[str], metric: str) -> None:
    assert draw("story", story(labels, metric)).startswith(PNG)


@given(
    st.lists(
        st.fixed_dictionaries({"value": st.none() | st.floats(-1e300, 1e300), "judged": st.booleans()}), max_size=8
    )
)
@example([])
@example([{"value": 1e300, "judged": True}, {"value": -1e300, "judged": False}])
@example([{"value": None, "judged": False}] * 8)
@settings(max_examples=examples(20))
def test_a_story_is_drawn_whatever_is_not_known(known: list[dict[str, Any]]) -> None:
    data = story(["v"] * len(known))
    for version, one in zip(data["versions"], known, strict=True):
        version["value"] = one["value"]
        version |= {} if one["judged"] else dict.fromkeys(("good", "low", "high", "weird"))
    assert draw("story", data).startswith(PNG)
    assert draw("story", data | {"metric": None}).startswith(PNG)


def test_a_story_is_narrow_enough_for_a_phone_and_drawn_the_same_each_time() -> None:
    drawn = draw("story", story(["v1", "v2"]))
    width, height = unpack(">II", drawn[16:24])
    assert width <= 600 and height <= width and drawn == draw("story", story(["v1", "v2"]))


@pytest.mark.parametrize("bets", [[], [{"key": "B-1", "title": "New", "confidence": [], "spent": 0, "appetite": 4}]])
def test_a_team_without_numbers_yet_gets_an_empty_chart(bets: list[dict[str, Any]]) -> None:
    assert draw("summary", {"weeks": [], "bets": bets}).startswith(PNG)
    assert draw("bet", {"weeks": [], "bets": bets}).startswith(PNG)
