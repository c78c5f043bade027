"""What a summary was asked for, and which bets need a look first."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refusal
from bot.domain.records import Confidence, KillCriterion, Nudge
from bot.domain.summary import Filter, Line, advised_reason, parse_filter, reasons_for, silence_of
from tests.domain.test_bets import BET

TODAY = date(2026, 12, 14)
WEEKS = ("2026-W48", "2026-W49", "2026-W50")


class TestFilter:
    @pytest.mark.parametrize(
        ("text", "asked"),
        [
            ("", Filter()),
            ("mine", Filter(user="U1")),
            ("Mine ALL", Filter(user="U1", ended=True)),
            ("<@U2>", Filter(user="U2")),
            ("<@U2|ana> #NLP", Filter(user="U2", tag="nlp")),
            ("#nlp weeks 4", Filter(tag="nlp", weeks=4)),
            ("weeks 104 all", Filter(ended=True, weeks=104)),
        ],
    )
    def test_the_words_are_read(self, text: str, asked: Filter) -> None:
        assert parse_filter(text, "U1") == asked

    @pytest.mark.parametrize(
        "text", ["weeks", "weeks 0", "weeks 105", "weeks -1", "weeks ²", "weeks " + "9" * 5000, "yours", "#", "12"]
    )
    def test_anything_else_is_refused_with_what_is_read(self, text: str) -> None:
        with pytest.raises(Refusal, match="summary mine"):
            parse_filter(text, "U1")

    @given(
        st.builds(
            Filter,
            user=st.none() | st.sampled_from(["U1", "W2"]),
            tag=st.none() | st.sampled_from(["nlp", "größe"]),
            ended=st.booleans(),
            weeks=st.integers(1, 104),
        )
    )
    def test_its_words_ask_for_the_same_again(self, asked: Filter) -> None:
        assert parse_filter(asked.words, "U9") == asked

    @pytest.mark.parametrize(
        ("asked", "admitted"),
        [
            (Filter(), True),
            (Filter(user="U1"), True),
            (Filter(user="U2"), False),
            (Filter(tag="NLP"), True),
            (Filter(tag="vision"), False),
            (Filter(user="U1", tag="vision"), False),
        ],
    )
    def test_it_admits_what_was_asked_for(self, asked: Filter, admitted: bool) -> None:
        assert asked.admits(replace(BET, tags=("nlp",))) is admitted


@pytest.mark.parametrize(
    ("away", "counted"),
    [
        ((), WEEKS),
        (WEEKS[2:], WEEKS[:2]),
        (WEEKS[1:2], (WEEKS[0], WEEKS[2])),
        (WEEKS[1:], ()),
        (WEEKS[:2], WEEKS[2:]),
        (WEEKS, ()),
    ],
)
def test_a_week_in_which_nobody_was_there_is_no_silence(away: tuple[str, ...], counted: tuple[str, ...]) -> None:
    assert silence_of(WEEKS, away) == counted


def reasons(status: str = "live", used: float = 1, appetite: float = 4, due: date | None = None, **said) -> list[str]:
    criteria = (KillCriterion("no labels", due),) if due else ()
    bet = replace(BET, status=status, kill_criteria=criteria)
    return [text for _, text in reasons_for(bet, Confidence(**said), used, appetite, TODAY)]


class TestReasons:
    @pytest.mark.parametrize(
        ("facts", "expected"),
        [
            ({}, []),
            ({"status": "lapsed"}, ["lapsed: bet again or stop"]),
            ({"silent": WEEKS[-1:]}, ["no word yet in the newest check-in"]),
            ({"silent": WEEKS}, ["silent for 3 weeks"]),
            ({"used": 2.9}, []),
            ({"used": 3}, ["3.0 of 4 weeks used"]),
            ({"used": 4}, ["appetite of 4 weeks is spent"]),
            ({"used": 2, "appetite": 11 / 7}, ["appetite of 1.6 weeks is spent"]),
            ({"due": date(2026, 12, 13)}, ["1 kill criterion is overdue"]),
            ({"due": TODAY}, []),
            ({"no_change_run": 2}, []),
            ({"no_change_run": 3}, ["no change 3 times in a row"]),
            ({"late": True}, ["last answer came late"]),
            ({"status": "paused", "silent": WEEKS, "used": 9, "due": date(2026, 1, 1)}, []),
        ],
    )
    def test_a_bet_says_why_it_needs_a_look(self, facts: dict, expected: list[str]) -> None:
        assert reasons(**facts) == expected

    def test_what_is_silent_comes_before_what_is_late(self) -> None:
        found = reasons(used=4, due=date(2026, 12, 1), silent=WEEKS[1:], late=True)
        assert [text.split()[0] for text in found] == ["silent", "appetite", "1", "last"]

    @pytest.mark.parametrize("status", ["live", "paused", "lapsed", "scoped"])
    def test_without_an_owner_comes_before_all_else_and_is_not_called_silent(self, status: str) -> None:
        found = reasons_for(replace(BET, status=status), Confidence(silent=WEEKS), 4, 4, TODAY, ownerless=True)
        first, *others = [text for _, text in found]
        assert first.startswith("without an owner, ") and "silent" not in "".join(others)

    def test_a_criterion_that_happened_comes_first(self) -> None:
        bet = replace(BET, kill_criteria=(KillCriterion("F1 below 0.6", date(2026, 12, 13), "failed"),))
        assert reasons_for(bet, Confidence(), 1, 4, TODAY)[0] == (0, "a kill criterion happened")

    def test_a_criterion_that_was_answered_is_not_overdue(self) -> None:
        criterion = KillCriterion("no labels", date(2026, 12, 1), state="passed")
        assert reasons_for(replace(BET, kill_criteria=(criterion,)), Confidence(), 1, 4, TODAY) == ()


@pytest.mark.parametrize(
    ("value", "previous", "change"), [(55, 80, -25), (55, None, None), (None, 80, None), (50, 50, 0)]
)
def test_a_line_knows_its_change(value: int | None, previous: int | None, change: int | None) -> None:
    line = Line(BET, Confidence(value=value, previous=previous), (), 1, 4, 1, 4)
    assert line.change == change


@pytest.mark.parametrize(
    ("advice", "codes", "said"),
    [
        ("kill", ["criterion_met"], (1, "the evidence says stop (since Thu)")),
        ("ask", ["criterion_overdue", "trend"], (4, "whether an overdue kill criterion happened is asked (since Thu)")),
        ("ask", ["silence"], (4, "a word from its people is asked for (since Thu)")),
        ("ask", ["trend", "criterion_overdue"], (4, "evidence from outside is asked for (since Thu)")),
        ("ask", [], (4, "evidence from outside is asked for (since Thu)")),
    ],
)
def test_advice_that_waits_is_told_by_its_own_first_reason(
    advice: str, codes: list[str], said: tuple[int, str]
) -> None:
    evidence = tuple({"code": code, "points": -1.0, "text": "x"} for code in codes)
    assert advised_reason(Nudge(1, 1, advice, evidence, (), datetime(2026, 12, 3, tzinfo=UTC)), "Thu") == said
