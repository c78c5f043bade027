"""What people type: taken when it is plain, left alone when it is doubtful."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refusal
from bot.domain.words import (
    clip,
    is_rounded,
    nearest,
    parse_confidence,
    parse_confidence_field,
    parse_days,
    parse_key,
    parse_tags,
    read_confidence,
    slack_unescape,
    sparkline,
    split_command_update,
    without_confidence,
)

percents = st.integers(0, 100)


class TestConfidence:
    @pytest.mark.parametrize(
        ("text", "rounded"),
        [("conf 0.705", True), ("conf 0,005", True), ("conf 0.70", False), ("conf 0.700", False), ("conf 70", False),
         ("70% at loss 0.705", False), ("conf 0.705 or conf 0.6", False)],
    )  # fmt: skip
    def test_a_share_between_two_percents_is_rounded(self, text: str, rounded: bool) -> None:
        assert is_rounded(text) is rounded

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("conf 70", 70),
            ("Conf: 70", 70),
            ("CONF=70%", 70),
            ("conf70", 70),
            ("confidence: 70%", 70),
            ("confidence 70 %", 70),
            ("conf 0.7", 70),
            ("conf 0,65", 65),
            ("conf 0.005", 1),
            ("conf 1.0", 100),
            ("conf 0", 0),
            ("conf 1", 1),
            ("conf 7/10", 70),
            ("7/10", 70),
            ("7/10, labels are in", 70),
            ("10/10", 100),
            ("70% labels are in", 70),
            ("70%", 70),
            (" 70 %, labels are in", 70),
            ("0% it is over", 0),
            ("Labels are in. conf 70", 70),
            ("Labels are in, but conf 40 overall", 40),
            ("Labels are in\nconfidence: 55%\nmore tomorrow", 55),
            ("70% of the labels are in. conf 40", 40),
            ("conf 70. I say it again: conf 70", 70),
        ],
    )
    def test_a_plain_form_is_taken(self, text: str, value: int) -> None:
        assert parse_confidence(text) == value

    @pytest.mark.parametrize(
        "text",
        [
            *("", "   ", "labels are in", "accuracy is 93%", "maybe 70", "up 5%", "about 70%", "~70%", "+5% on F1"),
            *("conf 101", "conf 700", "confidence: 120%", "101% sure", "11/10", "conf -5", "conf 1.5", "7/9", "70/100"),
            *("conf 70.5", "70.5% of it", "0.7% better", "conf 70-80", "60%-70%", "60% - 70%", "conf 70/100", "70ish"),
            *(
                "7/10/2026 is the demo",
                "7/100",
                "conf 70 or conf 50",
                "conference 70",
                "misconf 70",
                "conf",
                "conf high",
            ),
            *("solved 7/10 of them", "it is a 7/10", "filtered at confidence 0.5", "the confidence 0.5 threshold"),
            *(
                "we tried confidence 0.9 cut-off",
                "conf 70x",
                "conf ７０",
                "７０% sure",
                "confidence is 70%",
                "70 labels",
            ),
        ],
    )
    def test_anything_doubtful_is_left_to_be_asked(self, text: str) -> None:
        assert parse_confidence(text) is None

    @given(percents, st.sampled_from(["conf {}", "confidence: {}%", "{}% then words", "words, conf {}", "conf={} %"]))
    def test_every_percentage_is_read_in_every_form(self, value: int, form: str) -> None:
        assert parse_confidence(form.format(value)) == value

    @given(st.text(max_size=80))
    def test_any_text_gives_a_percentage_or_none(self, text: str) -> None:
        value = parse_confidence(text)
        assert value is None or 0 <= value <= 100
        try:
            taken, rest = split_command_update(text)
        except Refusal:
            return
        assert taken is None or 0 <= taken <= 100
        assert rest in text

    def test_forty_thousand_characters_are_read_at_once(self) -> None:
        assert parse_confidence("conf" + " " * 40_000) is None
        assert parse_confidence("conf " * 8_000 + "70") == 70
        assert parse_confidence(" " * 40_000 + "70%") == 70

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("70% labels are in", (70, "labels are in")),
            (" 70 %, labels are in ", (70, "labels are in")),
            ("70% - labels are in", (70, "labels are in")),
            ("70% -5 points on F1", (70, "-5 points on F1")),
            ("70%", (70, "")),
            ("70%\nlabels\nare in", (70, "labels\nare in")),
            ("labels are in", (None, "labels are in")),
            ("conf 70 labels", (70, "conf 70 labels")),
            ("7/10 labels", (70, "7/10 labels")),
            ("", (None, "")),
        ],
    )
    def test_a_command_loses_only_its_leading_percentage(self, text: str, expected: tuple) -> None:
        assert split_command_update(text) == expected

    @pytest.mark.parametrize("text", ["-5%", " − 5 % ", "+5%", "70.5%", "70,5 %"])
    def test_a_percentage_alone_that_can_be_no_confidence_is_no_update(self, text: str) -> None:
        with pytest.raises(Refusal, match="in whole percents, and this says"):
            split_command_update(text)
        assert split_command_update(f"{text} on F1")[1].endswith("on F1")

    @pytest.mark.parametrize("text", ["140% labels", "101 % x", "170%", f"{'9' * 30}% sure"])
    def test_a_leading_percentage_that_can_be_no_confidence_is_refused(self, text: str) -> None:
        with pytest.raises(Refusal, match="from 0 to 100%, and this says"):
            split_command_update(text)

    @pytest.mark.parametrize(
        ("typed", "value"),
        [
            ("70", 70),
            (" 70% ", 70),
            (70, 70),
            ("0", 0),
            ("100", 100),
            ("0.7", 70),
            ("7/10", 70),
            ("", None),
            (None, None),
        ],
    )
    def test_the_field_takes_what_people_mean(self, typed: str | int | None, value: int | None) -> None:
        assert parse_confidence_field(typed) == value

    @pytest.mark.parametrize("typed", ["101", "-1", "0.705", "high", "70-80", 1000, "7o"])
    def test_the_field_refuses_the_rest(self, typed: str | int) -> None:
        with pytest.raises(Refusal, match="from 0 to 100") as refused:
            parse_confidence_field(typed)
        assert list(refused.value.fields) == ["confidence"]

    @pytest.mark.parametrize("typed", ["", " ", None])
    def test_where_a_number_has_to_be_an_empty_field_is_refused_too(self, typed: str | None) -> None:
        with pytest.raises(Refusal, match="from 0 to 100") as refused:
            read_confidence(typed)
        assert list(refused.value.fields) == ["confidence"]
        assert read_confidence("0") == 0


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        *(("1.5", 1.5), ("1,5", 1.5), ("2 days", 2), ("1 day", 1), ("0", 0), (".5", 0.5), ("3d", 3), (2.5, 2.5)),
        *(("", None), (None, None), ("  ", None)),
    ],
)
def test_days_are_read(typed: str | float | None, days: float | None) -> None:
    assert parse_days(typed) == days


@pytest.mark.parametrize("typed", ["two", "-1", "32", "nan", "inf", "1e3", "1.5.5", "3 weeks", "٣"])
def test_days_that_are_no_number_of_days_are_refused(typed: str) -> None:
    with pytest.raises(Refusal, match="from 0 to 31"):
        parse_days(typed)


@pytest.mark.parametrize(
    "typed", ["B-7", "b-7", "b7", "B7", "B-07", "<B-7>", "`B-7`", " B-7: ", "*B-7*", "(b-7)", "B–7"]
)
def test_a_key_is_read_however_it_is_typed(typed: str) -> None:
    assert parse_key(typed) == 7


@pytest.mark.parametrize("typed", ["", "7", "B-0", "B-", "B-7x", "XB-7", "B-7 70%", "B-1234567890", "B-7-8", "because"])
def test_what_is_no_key_is_none(typed: str) -> None:
    assert parse_key(typed) is None


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("#a, b c", ("a", "b", "c")),
        ("#a #b", ("a", "b")),
        ("#a#b", ("a", "b")),
        ("nlp, NLP,#nlp", ("nlp",)),
        (" , #  ", ()),
        ("größe, c-d", ("größe", "c-d")),
        ("<#C1|foo>, <#C2|b-r> x", ("foo", "b-r", "x")),
    ],
)
def test_tags_are_read(typed: str, tags: tuple) -> None:
    assert parse_tags(typed) == tags


@pytest.mark.parametrize("typed", ["x" * 41, " ".join(f"t{n}" for n in range(21))])
def test_too_much_of_a_tag_is_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_tags(typed)
    assert list(refused.value.fields) == ["tags"]


def test_the_nearest_word_is_offered_if_there_is_one() -> None:
    known = ["summary", "scope", "ship", "start"]
    assert nearest("sumary", known) == "summary"
    assert nearest("SHPI", known) == "ship"
    assert nearest("xyzzy", known) is None


def test_a_sparkline_shows_the_range_and_the_gaps() -> None:
    assert sparkline([0, 13, 50, None, 99, 100]) == "▁▂▄·██"
    assert sparkline([]) == "" and sparkline([None, None]) == "", "dots alone would look like separators"


@given(st.lists(percents))
def test_a_sparkline_never_falls_while_confidence_rises(values: list[int]) -> None:
    assert list(sparkline(sorted(values))) == sorted(sparkline(values))


class TestClip:
    @pytest.mark.parametrize(
        ("text", "limit", "cut"),
        [
            ("hello", 5, "hello"),
            ("hello!", 5, "hell…"),
            ("a &amp; b", 6, "a…"),
            ("a &amp; b", 8, "a &amp;…"),
            ("a &lt; b and more", 4, "a…"),
            ("ask <@U12345> now", 10, "ask…"),
            ("ask <@U12345> now", 15, "ask <@U12345>…"),
            ("cafe\u0301s", 5, "caf…"),
            ("x👩‍🔬yz", 3, "x…"),
            ("x👍🏽yz", 3, "x…"),
            ("🇩🇪🇫🇷!", 4, "🇩🇪…"),
            ("a\ud83d\ude00bc", 3, "a…"),
            ("hello", 1, "…"),
            ("hello", 0, ""),
            ("", 0, ""),
        ],
    )
    def test_a_text_is_cut_between_what_belongs_together(self, text: str, limit: int, cut: str) -> None:
        assert clip(text, limit) == cut

    @given(
        st.lists(st.sampled_from([*"ab &<>", "&amp;", "&lt;", "<@U1>", "e\u0301", "👩‍🔬", "🇩🇪", "\u0301"]) | st.text()),
        st.integers(0, 60),
    )
    def test_the_limit_holds_and_cut_text_says_so(self, pieces: list[str], limit: int) -> None:
        text = "".join(pieces)
        cut = clip(text, limit)
        assert len(cut) <= limit
        if len(text) <= limit:
            assert cut == text
        elif limit:
            kept = cut.removesuffix("…")
            assert cut == kept + "…"
            assert text.startswith(kept)

    @given(st.text("&<>ab", max_size=40), st.integers(1, 80))
    def test_entities_survive_whole(self, text: str, limit: int) -> None:
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        kept = clip(escaped, limit).removesuffix("…")
        assert slack_unescape(kept).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") == kept

    @given(st.text(st.characters(categories=["L", "Mn"]), max_size=40), st.integers(1, 30))
    def test_no_accent_is_left_behind(self, text: str, limit: int) -> None:
        cut = clip(text, limit)
        rest = text[len(cut) - 1 :] if cut.endswith("…") and cut != text else "x"
        assert unicodedata.category(rest[0]) != "Mn" or len(cut) == 1

    def test_a_heap_of_accents_is_cut_at_once(self) -> None:
        assert clip("a" + "\u0301" * 40_000, 100) == "…"


class TestUnescape:
    @pytest.mark.parametrize(
        ("marked", "typed"),
        [
            ("a &amp; b &lt; c &gt; d", "a & b < c > d"),
            ("&amp;lt;", "&lt;"),
            ("ask <@U1> and <@U2|ana>", "ask <@U1> and <@U2>"),
            ("mine <#C123|nlp>", "mine #nlp"),
            ("<#C123>", "<#C123>"),
            ("<!here> <!channel>", "@here @channel"),
            ("<!subteam^S1|@ml> <!subteam^S1>", "@ml <!subteam^S1>"),
            ("<!date^1^{date}|Monday>", "Monday"),
            ("<https://a.example/x?a=1&amp;b=2>", "https://a.example/x?a=1&b=2"),
            ("<http://a.example|a.example>", "a.example"),
            ("<mailto:ana@a.example|ana@a.example>", "ana@a.example"),
            ("<https://a.example|the run>", "the run (https://a.example)"),
            ("1 < 2 > 0, <b>", "1 < 2 > 0, <b>"),
            ("", ""),
        ],
    )
    def test_markup_becomes_what_was_typed(self, marked: str, typed: str) -> None:
        assert slack_unescape(marked) == typed

    @given(st.text())
    def test_escaping_and_back_changes_nothing(self, text: str) -> None:
        assert slack_unescape(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")) == text


@pytest.mark.parametrize("text", ["30%, it looks bad", "conf 0.3: it looks bad", " 3/10 it looks bad", "it looks bad"])
def test_an_answer_is_told_without_the_confidence_it_begins_with(text: str) -> None:
    assert without_confidence(text) == "it looks bad"
