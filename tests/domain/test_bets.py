"""A bet's life, its dates, and who may do what with it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.domain.bets import (
    ENDED,
    NEXT,
    NOT_OVER,
    allowed,
    appetite_people_weeks,
    appetite_warning,
    change,
    day_of,
    days_total,
    find_wrong,
    is_over,
    may_decide,
    may_withdraw,
    parse_kill_criteria,
    validate_appetite,
    validate_reason,
    validate_title,
)
from bot.domain.errors import Refusal
from bot.domain.records import Bet

STATUSES = ("idea", "scoped", "live", "paused", "lapsed", "shipped", "killed", "withdrawn")
DECISIONS = ("start", "pause", "resume", "kill", "ship", "double", "keep", "lapse", "rebet", "reopen", "withdraw")
MONDAY = date(2026, 11, 23)
T0 = datetime(2026, 11, 23, 9, tzinfo=UTC)
BERLIN = "Europe/Berlin"
BET = Bet(
    id=7,
    number=7,
    team_id=1,
    title="Faster labels",
    problem="Ana's team waits for labels",
    hypothesis="",
    area="nlp",
    upside="M",
    tags=(),
    owners=("U1",),
    status="live",
    author="U1",
    appetite_weeks=4,
    appetite_people_weeks=4.0,
    created_at=T0,
    started_at=T0,
    ended_at=None,
    appetite_started_at=T0,
    appetite_until=None,
    paused_at=None,
    paused_until=None,
    paused_days=0,
    card_id=None,
    version=1,
)


def after(**gone: float) -> datetime:
    return T0 + timedelta(**gone)


class TestLife:
    @pytest.mark.parametrize(
        ("path", "end"),
        [
            ("start kill reopen", "live"),
            ("start pause resume ship", "shipped"),
            ("start double keep lapse rebet", "live"),
            ("start lapse kill", "killed"),
            ("withdraw", "withdrawn"),
        ],
    )
    def test_a_bet_goes_its_way(self, path: str, end: str) -> None:
        for status in ("idea", "scoped"):
            for decision in path.split():
                status = change(status, decision)
            assert status == end

    def test_what_is_not_in_the_table_is_refused_in_one_sentence_with_the_next_step(self) -> None:
        for status in STATUSES:
            for decision in {*DECISIONS, "undo"} - {made for before, made in NEXT if before == status}:
                with pytest.raises(Refusal) as refused:
                    change(status, decision)
                sentence = refused.value.message
                assert sentence.startswith(f"This bet is {status}, so it cannot be ")
                assert ": " in sentence
                assert sentence.endswith(".")

    @pytest.mark.parametrize(
        ("status", "decision", "words"),
        [
            ("paused", "keep", "cannot be kept: resume it first"),
            ("lapsed", "double", "cannot be doubled down on: bet again or kill it"),
            ("live", "resume", "cannot be resumed: it is running already"),
            ("shipped", "withdraw", "cannot be withdrawn: that is final"),
            ("killed", "kill", "cannot be killed: reopen it first"),
            ("idea", "rebet", "cannot be bet on again: start it first"),
        ],
    )
    def test_a_refusal_reads_like_a_sentence(self, status: str, decision: str, words: str) -> None:
        with pytest.raises(Refusal, match=words):
            change(status, decision)

    def test_silence_never_kills_and_what_is_over_stays_over(self) -> None:
        assert change("live", "lapse") == "lapsed"
        assert {status for status in STATUSES if is_over(status)} == set(ENDED)
        for (before, decision), status in NEXT.items():
            assert status == "killed" or decision != "kill"
            assert not is_over(before) or decision == "reopen"


class Life(RuleBasedStateMachine):
    """Any number of decisions in any order: the bet is always somewhere, and only `reopen` brings one back."""

    def __init__(self) -> None:
        super().__init__()
        self.status, self.decision = "idea", ""

    @rule(decision=st.sampled_from(DECISIONS))
    def decide(self, decision: str) -> None:
        before = self.status
        try:
            self.status = change(before, decision)
        except Refusal:
            return
        self.decision = decision
        assert not is_over(before) or decision == "reopen"

    @precondition(lambda self: self.status in ("live", "paused", "lapsed"))
    @rule()
    def what_runs_can_always_be_stopped(self) -> None:
        assert change(self.status, "kill") == "killed"

    @precondition(lambda self: not is_over(self.status))
    @rule()
    def what_is_open_has_a_way_on(self) -> None:
        assert {decision for status, decision in NEXT if status == self.status} > {"kill", "withdraw"}

    @invariant()
    def somebody_decided(self) -> None:
        assert self.status in STATUSES
        assert (self.status == "killed") == (self.decision == "kill")
        assert (self.status == "shipped") == (self.decision == "ship")


TestLifeOfABet = Life.TestCase
TestLifeOfABet.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)


def test_a_bet_has_ended_or_may_still_go_on() -> None:
    assert {*NOT_OVER, *ENDED} == set(STATUSES) and not set(NOT_OVER) & set(ENDED)


class TestFields:
    def test_a_reason_is_a_sentence_and_never_blank(self) -> None:
        assert validate_reason(" It works.\n") == "It works."
        with pytest.raises(Refusal, match="others will ask why") as refused:
            validate_reason(" \n")
        assert list(refused.value.fields) == ["reason"]

    @pytest.mark.parametrize("typed", ["x", " Faster\n labels  now ", "x" * 150, "Grüße 👩‍🔬 $x_{$"])
    def test_a_title_is_kept_on_one_line(self, typed: str) -> None:
        assert validate_title(typed) == " ".join(typed.split())

    @pytest.mark.parametrize(
        ("typed", "words"), [("", "needs a title"), (" \n", "needs"), ("x" * 151, "151 characters")]
    )
    def test_a_title_that_is_none_or_too_long_is_refused(self, typed: str, words: str) -> None:
        with pytest.raises(Refusal, match=words) as refused:
            validate_title(typed)
        assert list(refused.value.fields) == ["title"]

    @pytest.mark.parametrize(("typed", "weeks"), [("1", 1), (" 26 ", 26), (4, 4), ("04", 4)])
    def test_an_appetite_is_read(self, typed: str | int, weeks: int) -> None:
        assert validate_appetite(typed) == weeks

    @pytest.mark.parametrize("typed", ["", "0", "27", "-1", "4.5", "four", 0, "４"])
    def test_an_appetite_out_of_range_is_refused(self, typed: str | int) -> None:
        with pytest.raises(Refusal, match="from 1 to 26") as refused:
            validate_appetite(typed)
        assert list(refused.value.fields) == ["appetite_weeks"]

    def test_the_appetite_counts_everybody(self) -> None:
        assert appetite_people_weeks(4, 3) == 12.0


class TestKillCriteria:
    @pytest.mark.parametrize(
        ("line", "due"),
        [
            ("F1 stays under 0.6 by 2026-12-11", "2026-12-11"),
            ("F1 stays under 0.6 by 11 Dec.", "2026-12-11"),
            ("no labels By Friday", "2026-11-27"),
            ("no labels by week 1", "2026-11-30"),
            ("no labels by week 03", "2026-12-14"),
            ("no labels (by end of month)", "2026-11-30"),
            ("not judged useful by users by week 2", "2026-12-07"),
            ("no labels", "2026-12-21"),
            ("no labels by", "2026-12-21"),
            ("nearby shops say no", "2026-12-21"),
            ("error not down by 5%", "2026-12-21"),
            ("cost not down by half", "2026-12-21"),
            ("judged useless by most of those who tried it", "2026-12-21"),
        ],
    )
    def test_a_criterion_is_due_when_it_says_or_with_the_appetite(self, line: str, due: str) -> None:
        (criterion,) = parse_kill_criteria(line, MONDAY, 4)
        assert (criterion.text, criterion.due, criterion.state) == (line, date.fromisoformat(due), "open")

    @pytest.mark.parametrize(
        "line", ["x by 03/04", "x by 3.12", "x by Frday", "x by week 0", "x by users", "x by 30 Feb"]
    )
    def test_an_unreadable_date_answers_at_the_field_and_names_the_line(self, line: str) -> None:
        with pytest.raises(Refusal) as refused:
            parse_kill_criteria(f"no labels\n{line}", MONDAY, 4)
        assert f"I cannot read the date in '{line}'" in refused.value.fields["kill_criteria"]

    def test_every_line_is_one_and_stays_as_typed(self) -> None:
        found = parse_kill_criteria("\n a by week 1 \n\n  b\n", MONDAY, 2)
        assert [criterion.text for criterion in found] == ["a by week 1", "b"]
        assert parse_kill_criteria("", MONDAY, 4) == []

    def test_dates_are_seen_from_the_day_of_the_edit(self) -> None:
        (criterion,) = parse_kill_criteria("a by friday", MONDAY, 4, today=date(2026, 12, 9))
        assert criterion.due == date(2026, 12, 11)
        (criterion,) = parse_kill_criteria("a by week 2", MONDAY, 4, today=date(2026, 12, 9))
        assert criterion.due == date(2026, 12, 7)

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("a by 2026-11-22", "The day of 'a by 2026-11-22' has passed"),
            ("a by today", ""),
            ("a by week 78", ""),
            ("a by week 79", "give it a day within the next year and a half"),
            ("a by 2036-01-01", "give it a day within the next year and a half"),
            ("a by 2099-01-01", "is due on Thu 1 Jan 2099: give it a day within the next year and a half"),
            ("a by 1 Jan 9999", "give it a day within the next year and a half"),
            ("a by 1999-01-01", "The day of 'a by 1999-01-01' has passed: give it a later one"),
            ("a", ""),
            ("by week 3", "Say what has to happen"),
            ("• by friday.", "Say what has to happen"),
            ("(by 2026-12-11)", "Say what has to happen"),
            ("week 3", "Say what has to happen"),
            ("11 Dec", "Say what has to happen"),
            ("by", "Say what has to happen"),
            ("...", "Say what has to happen"),
            ("by 5%", ""),
        ],
    )
    def test_what_was_just_typed_says_what_has_to_happen_and_is_due_from_today_on(self, line: str, said: str) -> None:
        (criterion,) = parse_kill_criteria(line, MONDAY, 4)
        found = find_wrong(criterion, MONDAY)
        assert said in found and bool(said) == bool(found)

    def test_one_without_a_date_is_not_due_with_an_appetite_that_has_ended(self) -> None:
        (criterion,) = parse_kill_criteria("no users", MONDAY, 4)
        assert "which has ended" in find_wrong(criterion, MONDAY + timedelta(weeks=5))

    def test_a_known_line_whose_date_cannot_be_read_is_not_judged_again(self) -> None:
        (criterion,) = parse_kill_criteria("checked by Ana", MONDAY, 4, known=["checked by Ana"])
        assert criterion.due == date(2026, 12, 21)

    def test_a_long_text_is_read_at_once(self) -> None:
        assert parse_kill_criteria("by " * 14_000 + "week 1", MONDAY, 4)[0].due == date(2026, 11, 30)

    @given(st.text(max_size=60))
    def test_any_text_is_read_or_refused(self, text: str) -> None:
        try:
            found = parse_kill_criteria(text, MONDAY, 4)
        except Refusal as refused:
            assert list(refused.fields) == ["kill_criteria"]
        else:
            assert all(criterion.text for criterion in found)


class TestClock:
    @pytest.mark.parametrize(
        ("now", "day"),
        [
            (T0, 1),
            (datetime(2026, 11, 23, 22, 59, tzinfo=UTC), 1),
            (datetime(2026, 11, 23, 23, 0, tzinfo=UTC), 2),  # midnight in Berlin
            (after(days=16), 17),
            (after(days=27), 28),
            (after(days=30), 31),
        ],
    )
    def test_days_count_from_one_on_the_calendar_of_the_team(self, now: datetime, day: int) -> None:
        assert (day_of(BET, now, BERLIN), days_total(BET, BERLIN)) == (day, 28)

    def test_a_pause_stops_the_clock(self) -> None:
        paused = replace(BET, status="paused", paused_at=after(days=3))
        assert day_of(paused, after(days=3), BERLIN) == day_of(paused, after(days=10), BERLIN) == 4
        assert day_of(replace(BET, paused_days=7), after(days=10), BERLIN) == 4

    def test_an_ended_bet_stays_at_its_last_day(self) -> None:
        assert day_of(replace(BET, status="killed", ended_at=after(days=5)), after(days=50), BERLIN) == 6

    def test_keep_until_sets_an_appetite_that_ends_on_that_day(self) -> None:
        kept = replace(BET, appetite_started_at=after(days=28), appetite_until=date(2026, 12, 31))
        assert (day_of(kept, after(days=28), BERLIN), days_total(kept, BERLIN)) == (1, 11)
        assert day_of(kept, datetime(2026, 12, 31, 12, tzinfo=UTC), BERLIN) == 11

    def test_what_has_not_started_has_no_day(self) -> None:
        idea = replace(BET, status="idea", started_at=None, appetite_started_at=None)
        assert (day_of(idea, T0, BERLIN), days_total(idea, BERLIN)) == (0, 28)

    @given(st.integers(0, 400), st.integers(0, 60))
    def test_a_paused_day_is_not_counted(self, gone: int, paused: int) -> None:
        assert day_of(replace(BET, paused_days=paused), after(days=gone + paused), "UTC") == gone + 1

    @pytest.mark.parametrize(
        ("day", "total", "warning"),
        [
            (1, 28, None),
            (20, 28, None),
            (21, 28, 75),
            (27, 28, 75),
            (28, 28, 100),
            (40, 28, 100),
            (1, 1, 100),
            (6, 7, 75),
        ],
    )
    def test_a_warning_comes_at_three_quarters_and_at_the_end(self, day: int, total: int, warning: int | None) -> None:
        assert appetite_warning(day, total) == warning


@pytest.mark.parametrize(
    ("gone", "answered", "may"),
    [
        (timedelta(days=30), False, True),
        (timedelta(hours=24), True, True),
        (timedelta(hours=24, seconds=1), True, False),
    ],
)
def test_a_bet_is_withdrawn_unanswered_or_within_a_day(gone: timedelta, answered: bool, may: bool) -> None:
    assert may_withdraw(BET, T0 + gone, answered) is may


ROLES = ("lead", "owner", "member", "guest_owner", "guest", "none")
# Contract, "Who may what": one column for each of the roles above.
MATRIX = {
    "answer": (1, 1, 1, 1, 0, 0),
    "second_opinion": (1, 1, 1, 0, 0, 0),
    "vote": (1, 1, 1, 0, 0, 0),
    "place": (1, 1, 1, 0, 0, 0),
    "edit": (1, 1, 1, 0, 0, 0),
    "decide": (1, 1, 1, 0, 0, 0),
    "pause": (1, 1, 1, 0, 0, 0),
    "summary": (1, 1, 1, 0, 0, 0),
    "list": (1, 1, 1, 1, 1, 0),
    "read": (1, 1, 1, 0, 0, 0),
    "away": (1, 1, 1, 1, 1, 0),
    "configure": (1, 0, 0, 0, 0, 0),
    "export": (1, 0, 0, 0, 0, 0),
    "team_pause": (1, 0, 0, 0, 0, 0),
    "undo": (1, 0, 0, 0, 0, 0),
}


@pytest.mark.parametrize("act", MATRIX)
def test_each_role_may_what_the_contract_says(act: str) -> None:
    assert [allowed(act, role) for role in ROLES] == [bool(may) for may in MATRIX[act]]


@pytest.mark.parametrize(
    ("deciders", "may"), [("leads", "lead"), ("owners_and_leads", "lead owner"), ("anyone", "lead owner member")]
)
def test_the_team_says_who_decides_and_it_is_never_a_guest(deciders: str, may: str) -> None:
    assert [role for role in ROLES if may_decide(deciders, role)] == may.split()
