"""Whatever people type: nothing in it comes alive, and Slack takes every message and view that carries it."""

import re
from functools import cache
from typing import Any
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.demo.fake_slack.blocks import MESSAGE_BLOCK_TEXT, check_message_blocks, check_view, text_length
from bot.render import kit
from tests.conftest import examples
from tests.render.surfaces import OURS, builders, surfaces

# `make test` tries these alone: between them they hold every mark, entity, mention, direction, `$`, length and newline.
# All the others, which are more of the same, are tried as well in the long runs of `.ci/run`.
FEW = [
    "<!channel|here>", "<!subteam^S1|@nlp> &amp;lt;!here&amp;gt;", "<@U1|ana>\n@channel", "<#C1> &#60;!channel&#62;",
    "<!date^1392734382^{date}|x>", "<@U1", "<<!channel>>", "<!channel\n>", "<!\u200bchannel>", "\u202e>lennahc!<",
    "<https://e.example|<!channel>>", "[x](https://e.example/a?b=1&c=<d>)", "```\n<@U1>\n```", "`<!here>` *<!here>*",
    "> <!here>\n# ~gone~ _it_", "${HOME}%s +x^2$ \\frac{a}{b}", "'; DROP TABLE bets; -- \"",
    "• \u2066isolated", "שלום <!here> עולם", "Z\u0351\u036b\u0343" * 300, "👨‍👩‍👧‍👦" * 300, "👍🏽\u00a0\u3000漢字",
    "\t\r\n\x0b\x00null\x00\x1b[31mred", "line\u2028separator\u2029", "\ud7ff", "<!channel>" * 4_000, "\n" * 5_000,
]  # fmt: skip
MENTIONS = [
    "<!channel>", "<!here>", "<!everyone>", "<!here|x>", "<!channel|here>", "<!subteam^S1>", "<!subteam^S1|@nlp>",
    "<@U1>", "<@U1|ana>", "<@W1>", "<#C1>", "<#C1|general>", "<!date^1392734382^{date}|x>", "<!unknown>", "<@U1",
    "@channel", "@here @everyone", "&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;", "&#60;!channel&#62;", "<<!channel>>",
    "<!channel\n>", "<!\u200bchannel>", "\u202e>lennahc!<", "<!channel" * 30, "<@U0OWNER2>", "> <!here>", ">>> quoted",
]  # fmt: skip
LINKS = [
    "<https://e.example|ok>", "<http://e.example>", "<mailto:a@e.example|me>", "<tel:1|x>", "<javascript:alert(1)|x>",
    "https://e.example/a?b=1&c=<d>", "<slack://x|y>", "<https://e.example|<!channel>>", "[x](https://e.example)",
]  # fmt: skip
MARKUP = [
    "*bold* _it_ ~gone~", "`code`", "```\nblock\n```", "```", "`/bets kill B-1`", "* * *", "_ _", "*<!channel>*",
    "`<!channel>`", "```<@U1>```", ":tada: :smile:", "> a\n> b", "• a\n• b", "1. a", "# heading", "<script>x</script>",
    "{{7*7}} ${HOME}%s %(a)s {0}", "$5 $x^2$ \\frac{a}{b}", "'; DROP TABLE bets; --", "\\n \\u0000", '"quoted" \\"',
]  # fmt: skip
SCRIPTS = [
    "\u202eright to left override", "\u2066isolated\u2069", "שלום <!here> עולם", "مرحبا *b* <@U1>",
    "zero\u200bwidth\ufeff",
    "a\u0301" * 400, "Z\u0351\u036b\u0343" * 300, "👨‍👩‍👧‍👦" * 300, "🇩🇪" * 500,
    "\U0001f3fb👍🏽", "漢字" * 800, "\u00a0\u3000", "\t\r\n\x0b",
    "\x00null\x00", "\x1b[31mred", "line\u2028separator\u2029", "\ud7ff", "\uffff", "\U0010ffff" * 50,
]  # fmt: skip
LONG = [
    "x" * 40_000,
    "&" * 40_000,
    "<!channel>" * 4_000,
    "<" * 3_000,
    "a b " * 10_000,
    "\n" * 5_000,
    "😀" * 20_000,
    "ש" * 9_000,
]
CORPUS = [*MENTIONS, *LINKS, *MARKUP, *SCRIPTS, *LONG]


def few_and_all(few: list[str], texts: list[str]) -> list[Any]:
    """Each text once, those beyond the few for the long runs alone."""
    name = {text: ascii(text[:25]) for text in (*few, *texts)}
    first = [pytest.param(text, id=name.pop(text)) for text in few]
    return first + [pytest.param(text, id=shown, marks=pytest.mark.full) for text, shown in name.items()]


ENTITY = re.compile(r"<[^<>]*>")


def live_texts(view: Any) -> list[str]:
    """Every text that Slack would interpret: the fallback, and each mrkdwn object."""
    found, rest = [], [view]
    while rest:
        one = rest.pop()
        if isinstance(one, dict):
            text = one.get("text")
            if isinstance(text, str) and one.get("type", "mrkdwn") == "mrkdwn":
                found.append(text)
            rest += reversed(one.values())
        elif isinstance(one, list):
            rest += reversed(one)
    return found


# What Slack takes for a word's end, as strictly as one can fear: everything but a letter or digit, invisible ones too.
_OPENS = r"(?<![^\W_]){mark}(?=[^\s{mark}])"
_CLOSES = r"(?<=[^\s]){mark}(?![^\W_])"


@cache  # most of what stands on a surface is our own words, which are the same around every text
def emphasised(text: str) -> list[tuple[str, str]]:
    """What Slack would show bold, italic, struck, as code or as a quote: (mark, words), as an eager reader finds it."""
    wide = text.translate({ord("＊"): "*", ord("＿"): "_", ord("｀"): "`"})
    found = [("`", code) for code in re.findall(r"`([^`\n]+)`", wide)]
    for mark in "*_~":
        opens, closes = (part.format(mark=re.escape(mark)) for part in (_OPENS, _CLOSES))
        found += [(mark, words) for words in re.findall(f"{opens}([^\n]*?){closes}", wide)]
    return found + [(">", line) for line in re.findall(r"^[ \t]*(?:&gt;|＞)(.*)$", wide, re.MULTILINE)]


def without_marks(text: str) -> str:
    """The same text with a letter in the place of each mark."""
    return re.sub("[*_~`＊＿｀]|^([ \t]*)[>＞]", lambda found: (found[1] or "") + "x", text, flags=re.MULTILINE)


def problems(view: dict[str, Any]) -> list[Any]:
    """What Slack would refuse in a message or view."""
    if view.get("type") in ("modal", "home"):
        return list(check_view(view, view["type"]))
    found: list[Any] = list(check_message_blocks(view.get("blocks", [])))
    if text_length(view.get("blocks", [])) >= MESSAGE_BLOCK_TEXT:
        found.append(f"{text_length(view['blocks'])} characters in one message")
    if not view["text"].strip() or len(view["text"]) > 4_000:
        found.append(f"a fallback text of {len(view['text'])} characters")
    return found


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(set(CORPUS)) >= 60


def kinds(texts: list[str]) -> set[str]:
    """What there is in the texts to stumble over: each sign of ASCII, and each kind of any other character."""
    return {one if one.isascii() and not one.isalnum() else category(one) for text in texts for one in set(text)}


def test_the_few_hold_all_that_there_is_to_stumble_over() -> None:
    assert kinds(FEW) >= kinds(CORPUS)
    assert set("".join(FEW_MARKS)) >= set("*_~`>＊＿｀＞")


def test_every_builder_is_among_the_surfaces() -> None:
    known = {name.split()[0] for name in surfaces("x")}
    assert builders() - {"kit.answer", "kit.message"} <= known


@pytest.mark.parametrize("text", few_and_all(FEW, CORPUS))
def test_nothing_that_people_type_comes_alive_and_slack_takes_it(text: str) -> None:
    for name, view in surfaces(text).items():
        for live in live_texts(view):
            assert set(ENTITY.findall(live)) <= OURS, (name, live)
            assert not re.search("[\u202a-\u202e]", live), (name, "turns the rest of the line")
        assert not problems(view), (name, problems(view))


def test_a_plain_text_turns_nothing_that_stands_beside_it() -> None:
    assert kit.plain("a\u202eb\u2066c\u2069")["text"] == "abc"


FEW_MARKS = [
    "*bold* _it_ ~gone~ `d`", "```\nblock\n```<@U1>", "`*<!channel>*`", "_a *b* c_ and *B-7*", "snake_case a*b*c 2 * 3",
    "＊b＊ ＿i＿ ｀c｀", "\u200b*b*\u200b", "*b\n*c", "> a\n  > b", "＞ wide", "f(*args, **kwargs) ~5 k to ~6 k",
]  # fmt: skip
HOSTILE_MARKS = [
    *MARKUP, "*a* _b_ ~c~ `d`", "a *b* c", "(*b*)", "a*b*c", "snake_case_name and _it_", "2 * 3 * 4", "~5 k to ~6 k",
    "*", "x *", "* x", "**b**", "__init__", "_a *b* c_", "＊b＊", "\u200b*b*\u200b", "\u2060*\u2060b\u2060*\u2060",
    "*b\n*c", "> quoted", "a\n> b\n  > c", "＞ wide", "*B-7* and _Last learned_", "f(*args, **kwargs)",
]  # fmt: skip


def spans(text: str) -> dict[str, list[str]]:
    """The marks that are alive on each surface that shows `text`, in order."""
    return {
        name: [mark for live in live_texts(view) for mark, _ in emphasised(live)]
        for name, view in surfaces(text).items()
    }


def test_the_reader_of_marks_sees_what_slack_would() -> None:
    assert emphasised("*a* _b_ ~c~ `d`") == [("`", "d"), ("*", "a"), ("_", "b"), ("~", "c")]
    assert emphasised("x\u200b*b*\u2060y") == [("*", "b")]
    assert emphasised("a*b*c snake_case_name 2 * 3 * 4") == []
    assert emphasised("&gt; q") == [(">", " q")]


@pytest.mark.parametrize("text", few_and_all(FEW_MARKS, HOSTILE_MARKS))
def test_no_emphasis_comes_alive(text: str) -> None:
    """On every surface only our own marks are alive: the same as around a text without any."""
    assert spans(text) == spans(without_marks(text))


@settings(max_examples=examples(100))
@given(text=st.text(alphabet="*_~`> ab\n\u200b\u2060.", max_size=40))
def test_no_emphasis_comes_alive_in_any_text(text: str) -> None:
    assert [mark for mark, _ in emphasised(f"*B-7* {kit.esc(text)}: *70%*")] == ["*", "*"]


@pytest.mark.parametrize("text", ["snake_case_name", "2 * 3", "a~b", "plain", "x_1 + y_2", ":white_check_mark:"])
def test_a_mark_that_means_nothing_to_slack_stays_as_typed(text: str) -> None:
    assert kit.esc(text) == text


@pytest.mark.parametrize("limit", [1, 2, 40, 200, kit.TEXT])
def test_what_stands_far_beyond_a_limit_changes_nothing_before_it(limit: int) -> None:
    for text in (*HOSTILE_MARKS, *MENTIONS, "&amp; "):
        near = (text * limit + "x" * 200)[: limit + 150]
        assert kit.esc(near, limit) == kit.esc(near + "*b*" + "<!here>" * 900, limit)


@settings(max_examples=examples(60, at_length=5_000))
@given(text=st.text(max_size=400) | st.text(alphabet="<>&!@#*_`|U1\n ", max_size=400))
def test_nothing_comes_alive_whatever_the_text(text: str) -> None:
    for name, view in surfaces(text).items():
        assert not problems(view), (name, problems(view))
        for live in live_texts(view):
            assert set(ENTITY.findall(live)) <= OURS, (name, live)


def test_the_original_is_on_the_card_as_typed() -> None:
    """What stands in a plain text is not escaped, so the person reads what they wrote."""
    typed = "*bold* <!channel> & `x`"
    card = surfaces(typed)["bets.card_message"]
    assert card["blocks"][0]["text"]["text"] == f"B-7 {typed}"
    assert typed in [block.get("text", {}).get("text") for block in card["blocks"]]
