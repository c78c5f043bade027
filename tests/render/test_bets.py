"""What is said about bets, as it was looked at; within Slack's limits for any bet (C28)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.rails import Rail
from bot.domain.records import Bet, Confidence, Decision, KillCriterion
from bot.render import bet_forms, bet_lists, bets, decisions
from bot.render.bet_lists import Entry, page_of
from bot.render.bets import BetFacts, criteria_lines, listing, mentions
from tests.conftest import examples
from tests.render.golden import check_golden
from tests.render.surfaces import T0, bet_of
from tests.render.test_hostile_text import problems

ZONE = "Europe/Berlin"
BET = replace(
    bet_of("x"), title="Cheaper labels", problem="Labels cost 9 EUR each\nand take a week", area="NLP",
    hypothesis="A small model *pre-labels* well enough", tags=("labels", "nlp"), owners=("U0ANA", "U0RAJ"),
    author="U0ANA",
    kill_criteria=(
        KillCriterion("agreement below 80% by week 2", date(2026, 12, 14)),
        KillCriterion("nobody reads it by 11 Dec", date(2026, 12, 11), "passed"),
    ),
)  # fmt: skip
PLAIN = replace(BET, area="", tags=(), kill_criteria=(), hypothesis="", owners=("U0ANA",))
NAMES = {"U0ANA": "Ana <Smith>", "U0RAJ": "Raj"}
FACTS = BetFacts(BET, T0 + timedelta(days=16), ZONE, NAMES, Confidence(value=60, previous=50, opinions=40))
KILL = Decision(1, 7, "kill", "U0ANA", "Too dear", "Ask first", "no", None, T0 + timedelta(days=20))
KILLED = FACTS._replace(bet=replace(BET, status="killed", ended_at=KILL.created_at), decision=KILL)
PAUSED = replace(BET, status="paused", paused_at=T0 + timedelta(days=2), paused_until=date(2026, 12, 20))
PAUSE = Decision(2, 7, "pause", "U0RAJ", "", "", "", None, T0)
RARE = Rail("doubling_is_rare", "2 of 6 bets are doubled already")
STORY = [
    Entry(T0, "placed", "U0ANA", {}, {"title": "Cheaper labels"}),
    Entry(T0, "edited", "U0RAJ", {"owners": ["U0ANA"], "tags": []}, {"owners": ["U0ANA", "U0RAJ"], "tags": ["a"]}),
    Entry(T0, "update", "U0RAJ", {}, {"week": "2026-W49", "text": "It works", "confidence": 70, "blocked_by": "GPU"}),
    Entry(T0, "update", "U0LEE", {}, {"week": "2026-W49", "text": None, "confidence": 30, "second_opinion": True}),
    Entry(T0, "note", "U0ANA", {}, {"text": "labels arrived"}),
    Entry(T0, "pause", "U0ANA", {}, {"until": "2026-12-20"}),
    Entry(T0, "resume", "clock", {}, {}),
    Entry(T0, "prediction_set", "the command line", {}, {"label": "v1 <b>"}),
    Entry(T0, "prediction_metric", "U0RAJ", {}, {"label": "v1", "metric": "accuracy=0.9"}),
    Entry(T0, "prediction_set_deleted", "clock", {}, {"label": None}),
    Entry(T0, "kill", "U0ANA", {}, {"reason": "Too dear", "learning": "Ask first", "outcome": "no"}),
]
VIEWS: dict[str, dict[str, Any]] = {
    "bet_card": bets.card_message(FACTS),
    "bet_card_plain": bets.card_message(FACTS._replace(bet=PLAIN, confidence=Confidence(first_open=True), now=T0)),
    "bet_card_paused": bets.card_message(FACTS._replace(bet=PAUSED)),
    "bet_card_lapsed": bets.card_message(FACTS._replace(bet=replace(BET, status="lapsed"))),
    "bet_card_killed": bets.card_message(KILLED),
    "bet_card_again": bets.card_message(FACTS, goes_on=True),
    "bet_new": bet_forms.new_bet_modal("U0ANA", "Cheaper labels", {"team": 1, "channel": "C0TEAM"}),
    "bet_new_long_title": bet_forms.new_bet_modal("U0ANA", "very " * 40 + "long", {"team": 1}),
    "bet_edit": bet_forms.edit_bet_modal(BET, {"menu": "V1"}),
    "bet_edit_too_long": bet_forms.edit_bet_modal(replace(BET, problem="x" * 3_001), {}),
    "bet_more": bet_forms.more_modal(BET, list(bet_forms.ACTIONS)),
    "bet_more_nothing": bet_forms.more_modal(BET, []),
    "bet_placed": bet_forms.placed_answer(BET, "C0TEAM"),
    "bet_list": bet_lists.list_message([FACTS, KILLED], 1, 3, 42, 1, True),
    "bet_list_one": bet_lists.list_message([FACTS], 0, 1, 1, 1, False),
    "bet_list_none": bet_lists.list_message([], 0, 1, 0, 1, False),
    "bet_show": bet_lists.show_message(FACTS, card_link="https://example.slack.com/archives/C0TEAM/p1"),
    "bet_show_killed": bet_lists.show_message(KILLED),
    "bet_history": bet_lists.history_message(BET, STORY, NAMES, ZONE, T0, 1, 3),
    "bet_kill": decisions.decision_modal("kill", BET, {"bet": 7}, "Too dear"),
    "bet_ship": decisions.decision_modal("ship", BET, {"bet": 7}),
    "bet_double": decisions.decision_modal("double", BET, {"bet": 7}, "", None, [RARE]),
    "bet_double_again": decisions.decision_modal("double", BET, {"bet": 7}, "It works", None, [RARE], "26"),
    "bet_keep": decisions.decision_modal("keep", BET, {"bet": 7}, "", date(2026, 12, 21)),
    "bet_again": decisions.decision_modal("rebet", BET, {"bet": 7}),
    "bet_notice_kill": decisions.decided_notice(KILLED, KILL),
    "bet_notice_ship": decisions.decided_notice(KILLED, replace(KILL, kind="ship", outcome="yes")),
    "bet_notice_double": decisions.decided_notice(FACTS, replace(KILL, kind="double", learning="", outcome="")),
    "bet_notice_keep": decisions.decided_notice(
        FACTS._replace(bet=replace(BET, appetite_until=date(2026, 12, 21))), replace(KILL, kind="keep", learning="")
    ),
    "bet_notice_lapse": decisions.decided_notice(FACTS, replace(PAUSE, kind="lapse", by="clock")),
    "bet_notice_undo": decisions.decided_notice(FACTS, replace(PAUSE, id=9, kind="undo", of=1), KILL),
    "bet_notice_pause": decisions.decided_notice(FACTS._replace(bet=PAUSED), PAUSE),
    "bet_notice_resume": decisions.decided_notice(FACTS, replace(PAUSE, kind="resume", by="clock")),
    "bet_notice_withdraw": decisions.decided_notice(FACTS, replace(PAUSE, kind="withdraw")),
}


@pytest.mark.parametrize("name", VIEWS)
def test_it_reads_as_it_was_looked_at(name: str) -> None:
    check_golden(name, VIEWS[name])


@pytest.mark.parametrize("name", VIEWS)
def test_slack_takes_it(name: str) -> None:
    assert not problems(VIEWS[name])


texts = st.text(max_size=200) | st.sampled_from(["<&>" * 1_000, "😀" * 1_500, "ש" * 3_000, "\n" * 3_000, "a b" * 1_000])
criteria = st.builds(KillCriterion, text=texts, due=st.dates(date(2020, 1, 1), date(2036, 1, 1)))
any_bet = st.builds(
    replace,
    st.just(BET),
    number=st.integers(1, 10**6),
    title=st.text(min_size=1, max_size=150),
    problem=texts,
    hypothesis=texts,
    area=st.text(max_size=100),
    tags=st.lists(st.text(min_size=1, max_size=40), max_size=20).map(tuple),
    owners=st.lists(st.from_regex(r"U[A-Z0-9]{8,10}", fullmatch=True), min_size=1, max_size=120).map(tuple),
    status=st.sampled_from(["idea", "scoped", "live", "paused", "lapsed", "shipped", "killed", "withdrawn"]),
    appetite_weeks=st.integers(1, 26),
    paused_at=st.none() | st.integers(0, 5_000).map(lambda days: T0 - timedelta(days=days)),
    paused_until=st.none() | st.dates(date(2020, 1, 1), date(2036, 1, 1)),
    kill_criteria=st.lists(criteria, max_size=60).map(tuple),
)


@settings(max_examples=examples(80, at_length=5_000))
@given(bet=any_bet, said=texts, number=st.none() | st.integers(0, 100), name=st.text(max_size=200))
def test_any_bet_fits_into_slacks_limits(bet: Bet, said: str, number: int | None, name: str) -> None:
    decision = replace(KILL, reason=said, learning=said)
    names = dict.fromkeys(bet.owners, name)
    facts = BetFacts(bet, T0, ZONE, names, Confidence(value=number), decision if bet.status != "live" else None)
    entry = Entry(T0, "kill", bet.owners[0], {}, {"reason": said, "learning": said, "outcome": "no"})
    edit = Entry(T0, "edited", bet.owners[0], {"owners": list(bet.owners)}, {"owners": list(bet.owners), "title": said})
    for view in (
        bets.card_message(facts, goes_on=True),
        bet_lists.show_message(facts),
        bet_lists.list_message([facts] * bet_lists.LIST_PAGE, 0, 10, 200, 1, True),
        bet_lists.history_message(bet, [entry, edit] * (bet_lists.HISTORY_PAGE // 2), names, ZONE, T0, 1, 3),
        bet_forms.edit_bet_modal(bet, {"menu": "V" * 12}),
        bet_forms.more_modal(bet, list(bet_forms.ACTIONS)),
        decisions.decided_notice(facts, decision),
    ):
        assert not problems(view), problems(view)


def test_what_is_cut_says_so() -> None:
    many = replace(BET, kill_criteria=tuple(KillCriterion("word " * 200, date(2026, 12, 11)) for _ in range(60)))
    assert criteria_lines(many, {}).endswith("…")
    card = bets.card_message(FACTS._replace(bet=replace(BET, problem="word " * 600)))
    assert card["blocks"][1]["text"]["text"].endswith("…")


def test_people_are_listed_as_one_would_say_it() -> None:
    assert [listing(list(names)) for names in ("", "a", "ab", "abc")] == ["", "a", "a and b", "a, b and c"]
    assert mentions([f"U{n}" for n in range(42)]).endswith("<@U39> and 2 more")


@pytest.mark.parametrize(
    "count, page, shown", [(0, 0, (0, 1)), (20, 5, (0, 1)), (21, 1, (1, 2)), (200, -3, (0, 10)), (200, 99, (9, 10))]
)
def test_a_page_is_one_that_exists(count: int, page: int, shown: tuple[int, int]) -> None:
    assert page_of(count, 20, page) == shown
