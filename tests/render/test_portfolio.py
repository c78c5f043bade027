"""The summary's pages: every bet stands on one of them, whatever people typed, and Slack takes each."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.records import Confidence
from bot.domain.summary import Filter, Line
from bot.render import portfolio
from tests.render.golden import check_golden
from tests.render.surfaces import CHANNEL, WEEK, bet_of
from tests.render.test_hostile_text import problems
from tests.talk import words

T0 = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def line_of(number: int, text: str = "Rank tickets by who waits longest") -> Line:
    known = Confidence(value=60, previous=50, spark=(40, 50, 60), weeks=("2026-W47", "2026-W48", WEEK))
    bet = replace(bet_of(text), number=number, id=number)
    reasons = ("silent for 2 weeks",) if number == 1 else ()
    return Line(bet, known._replace(last_learning=text), ("Ana", "Raj"), 1.0, 4.0, 1.0, 8.0, reasons)


def page_of(count: int, page: int, text: str = "Rank tickets by who waits longest") -> portfolio.Page:
    lines = [line_of(number, text) for number in range(1, count + 1)]
    looks = [line for line in lines if line.reasons]
    return portfolio.Page(CHANNEL, WEEK, Filter(), "", lines, looks, "200 live bets.", page, [text] * 6)


def keys(message: dict) -> list[int]:
    """The bets with a line of their own."""
    return [int(key) for key in re.findall(r"^\*B-(\d+)\*", words({"blocks": message["blocks"]}), re.MULTILINE)]


def test_the_last_page_is_as_it_was_looked_at() -> None:
    check_golden("summary_last_page", portfolio.summary_message(page_of(61, 3), "https://example.slack.com/p1"))


def test_two_hundred_bets_are_ten_pages_and_the_last_is_one_press_away() -> None:
    first, last = (portfolio.summary_message(page_of(200, page)) for page in (0, 9))
    assert ", page 1 of 10" in words(first) and ", page 10 of 10" in words(last)
    assert (keys(first), keys(last)) == ([*range(1, 21)], [*range(181, 201)])
    assert '"page":9' in next(b["value"] for b in first["blocks"][-1]["elements"] if b["text"]["text"] == "Last")


@pytest.mark.parametrize("text", ["x" * 3000, "&<>" * 1000, "ש" * 3000, "Short"])
def test_each_bet_stands_on_one_page_and_slack_takes_it_however_long_the_texts_are(text: str) -> None:
    seen, page = [], 0
    while len(seen) < 90:
        whole = portfolio.summary_message(page_of(90, page, text))
        assert not problems(whole)
        assert not problems(portfolio.shared_message(page_of(90, page, text), text, {}))
        assert len(keys(whole)) == len(portfolio.lines_of(page_of(90, page, text))) <= portfolio.PAGE
        seen += keys(whole)
        page += 1
    assert seen == [*range(1, 91)]


def test_a_page_that_is_gone_is_the_last_one() -> None:
    assert keys(portfolio.summary_message(page_of(25, 7))) == [*range(21, 26)]
