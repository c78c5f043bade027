"""What is said about the week's round, as it was looked at; within Slack's limits whatever people type."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.demo.fake_slack.blocks import check_message_blocks, check_view, text_length
from bot.domain.records import Absence, Bet, Update
from bot.render import absences, checkins, updates
from bot.render.checkins import Named, RoundFacts
from bot.render.digest import BetWeek, DigestFacts, SkippedWeek, digest_message
from bot.render.updates import UpdatesForm
from tests.conftest import examples
from tests.render.golden import check_golden
from tests.render.scope_surfaces import assumption_of

T0 = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
BET = Bet(
    id=7, number=7, team_id=1, title="Cheaper *labels* <!channel> & more", problem="Labels cost <too> much",
    hypothesis="", area="", upside="M", tags=(), owners=("U0ANA", "U0RAJ"), status="live", author="U0ANA",
    appetite_weeks=4, appetite_people_weeks=8, created_at=T0, started_at=T0, ended_at=None, appetite_started_at=T0,
    appetite_until=None, paused_at=None, paused_until=None, paused_days=0, card_id=None, version=1,
)  # fmt: skip
OTHER = replace(BET, id=8, number=8, title="Distil")
UPDATE = Update(
    id=3, bet_id=7, user="U0ANA", week="2026-W49", text="It works <@U0RAJ> *well*", confidence=70, days=2.0,
    blocked_by=None, late=False, deleted=False, second_opinion=False, version=1, source="modal", question="",
    created_at=T0,
)  # fmt: skip
ANA, RAJ = Named("Ana <Smith>", True), Named("Raj", False)
ROUND = RoundFacts("2026-W49", [(BET, [ANA, RAJ]), (OTHER, [RAJ])], 1, 3)
FORM = UpdatesForm(1, [BET, OTHER], {7: UPDATE}, [9, 10], "2026-W49")
LONG = replace(UPDATE, text="x" * 4_000, ts="1.0")
WEEK = DigestFacts(
    "2026-W49",
    [
        BetWeek(BET, [("Ana <Smith>", UPDATE), ("Raj", replace(UPDATE, late=True, blocked_by="GPU"))], 70, 50, 20, 3),
        BetWeek(replace(BET, number=9), [("Ana", replace(UPDATE, text=None, confidence=None))], None, 60),
        BetWeek(OTHER),
        BetWeek(replace(OTHER, number=10), owners_away=True),
        BetWeek(replace(OTHER, number=11), ownerless=True),
    ],
    3,
    5,
)

MESSAGES: dict[str, dict[str, Any]] = {
    "checkin": checkins.checkin_message(ROUND),
    "checkin_moved": checkins.checkin_message(replace(ROUND, moved_from=date(2026, 11, 30), missed=("2026-W47",))),
    "checkin_ownerless": checkins.checkin_message(
        replace(ROUND, lines=[(BET, [ANA]), (OTHER, [])], expected=1, ownerless={7, 8})
    ),
    "checkin_one_ownerless": checkins.checkin_message(
        replace(ROUND, lines=[*ROUND.lines[:1], (OTHER, [])], ownerless={8})
    ),
    "checkin_nobody_left": checkins.checkin_message(
        replace(ROUND, lines=[(BET, []), (OTHER, [])], answered=0, expected=0, ownerless={7, 8})
    ),
    "checkin_everybody_away": checkins.checkin_message(
        replace(ROUND, lines=[(BET, [Named("Ana <Smith>", False, True)])], answered=0, expected=0)
    ),
    "checkin_nobody_was_left": checkins.checkin_message(
        replace(ROUND, lines=[(BET, [])], answered=0, expected=0, ownerless={7}, is_newest=False)
    ),
    "checkin_prompt": checkins.prompt_message(
        BET, 4, "2026-W49", "What do we know now that we did not?", ["U0ANA", "U0RAJ"]
    ),
    "checkin_prompt_away": checkins.prompt_message(BET, 4, "2026-W49", "What do we know now that we did not?", []),
    "checkin_reminder": checkins.reminder_message("C0TEAM", [BET], [OTHER], 4, snooze=True),
    "checkin_reminder_again": checkins.reminder_message("C0TEAM", [BET], [], 4, snooze=False),
    "checkin_reminder_scopes": checkins.reminder_message(
        "C0TEAM", [], [], 4, [BET], [(OTHER, assumption_of("Labels exist"))], snooze=True
    ),
    "checkin_reminder_sign_off": checkins.reminder_message(
        "C0TEAM", [], [], 4, [BET], snooze=True, cards={BET.id: "https://example.slack.com/archives/C0TEAM/p1"}
    ),
    "checkin_reminder_done": checkins.done_message("2026-W49", all_in=True, over=False),
    "checkin_reminder_nothing_waits": checkins.done_message("2026-W49", all_in=False, over=False),
    "checkin_reminder_week_over": checkins.done_message("2026-W49", all_in=False, over=True),
    "checkin_reminder_snoozed": checkins.snoozed_message("Wed 2 Dec 2026, 10:00 Europe/Berlin"),
    "checkin_over": checkins.over_message("2026-W49"),
    "checkin_confidence_question": checkins.confidence_question(3, "B-7"),
    "checkin_confidence_question_edited": checkins.confidence_question(3, "B-7", edited=True),
    "checkin_no_update_now": updates.no_update_now_answer("B-7"),
    "checkin_empty_note": updates.empty_note_answer(),
    "checkin_not_recorded": checkins.not_recorded_answer(
        "B-7 Cheaper *labels* <!channel> & more is paused: resume it."
    ),
    "checkin_digest": digest_message(WEEK),
    "checkin_digest_after_holidays": digest_message(
        replace(WEEK, skipped=[SkippedWeek("2026-W47"), SkippedWeek("2026-W48", WEEK.bets, 3, 5)])
    ),
    "checkin_digest_none_live": digest_message(DigestFacts("2026-W49", [], 0, 0, [("lapse", [BET])])),
    "checkin_digest_nobody_there": digest_message(DigestFacts("2026-W49", [BetWeek(BET, owners_away=True)], 0, 0)),
    "update_recorded": updates.recorded_answer(BET, UPDATE, early=False),
    "update_recorded_late": updates.recorded_answer(BET, replace(UPDATE, late=True, confidence=None), early=False),
    "update_recorded_unread": updates.recorded_answer(BET, UPDATE, early=False, unread=True),
    "update_no_change": updates.recorded_answer(BET, replace(UPDATE, source="no_change"), early=True),
    "update_confidence": updates.confidence_answer(UPDATE, "B-7"),
    "update_taken_back": updates.taken_back_answer("B-7"),
    "update_taken_back_paused": updates.taken_back_answer(
        "B-7", "B-7 Cheaper *labels* & more is paused: resume it first, then answer."
    ),
    "away": absences.away_answer(None, date(2026, 11, 30), date(2026, 12, 4), "Europe/Berlin", date(2026, 11, 30)),
    "away_other": absences.away_answer(
        "Raj <x>", date(2026, 11, 30), date(2026, 11, 30), "Europe/Berlin", date(2026, 11, 30)
    ),
    "away_back": absences.back_answer(
        None, [Absence(1, 1, "U0RAJ", date(2026, 11, 30), date(2026, 12, 4))], date(2026, 12, 1)
    ),
    "away_back_without": absences.back_answer("Raj", [], date(2026, 12, 1)),
}
MODALS: dict[str, dict[str, Any]] = {
    "updates_modal": updates.updates_modal(FORM),
    "updates_modal_long": updates.updates_modal(replace(FORM, earlier={7: LONG})),
    "updates_sent": updates.sent_modal(["B-7"], 1, [9, 10]),
    "updates_sent_nothing": updates.sent_modal([], 1, [9]),
    "opinion_modal": updates.opinion_modal(BET, None, None),
    "opinion_noted": updates.opinion_noted_modal(BET, replace(UPDATE, second_opinion=True), early=False),
    "opinion_modal_again": updates.opinion_modal(BET, replace(UPDATE, second_opinion=True), 40),
    "confidence_modal": updates.confidence_modal(3, "B-7"),
    "away_modal": absences.away_modal(1, date(2026, 11, 30)),
}


@pytest.mark.parametrize("name", MESSAGES | MODALS)
def test_it_reads_as_it_was_looked_at(name: str) -> None:
    check_golden(name, (MESSAGES | MODALS)[name])


@pytest.mark.parametrize("name", MESSAGES)
def test_slack_takes_every_message(name: str) -> None:
    assert not check_message_blocks(MESSAGES[name]["blocks"])
    text = json.dumps(MESSAGES[name])
    assert "<Smith>" not in text and "<@U0RAJ> *well*" not in text


@pytest.mark.parametrize("name", MODALS)
def test_slack_takes_every_modal(name: str) -> None:
    assert not check_view(MODALS[name], "modal")


def test_the_round_mentions_nobody() -> None:
    assert "<@" not in json.dumps(MESSAGES["checkin"]) and "<!" not in json.dumps(MESSAGES["checkin"])


@settings(max_examples=examples(40, at_length=5_000))
@given(
    count=st.integers(1, 200),
    title=st.text(min_size=1, max_size=150),
    text=st.text(max_size=400) | st.sampled_from(["<!channel>" * 400, "&" * 5_000, "\u202e" * 3_000, "ש" * 3_000]),
    name=st.text(min_size=1, max_size=80),
)
def test_any_team_fits_into_slacks_limits(count: int, title: str, text: str, name: str) -> None:
    bets = [replace(BET, id=number, number=number, title=title) for number in range(1, count + 1)]
    answer = replace(UPDATE, text=text, blocked_by=text)
    said = [BetWeek(bet, [(name, answer)] * 2, 50) for bet in bets]
    told = [
        checkins.checkin_message(RoundFacts("2026-W49", [(bet, [Named(name, True)] * 3) for bet in bets], 3, 3)),
        digest_message(DigestFacts("2026-W49", said, 3, 3)),
        digest_message(DigestFacts("2026-W49", [BetWeek(bet) for bet in bets], 0, 3)),
        digest_message(DigestFacts("2026-W49", said, 3, 3, skipped=[SkippedWeek("2026-W48", said, 3, 3)] * 2)),
        checkins.reminder_message("C0TEAM", bets, bets, 4, snooze=True),
    ]
    for message in told:
        assert not check_message_blocks(message["blocks"])
        assert sum(text_length(block) for block in message["blocks"]) < 12_000
        assert len(message["text"]) <= 3_500
    form = UpdatesForm(
        1, bets[:10], {bet.id: replace(answer, ts="1.0", week="w") for bet in bets[:10]}, range(200), "w"
    )
    assert not check_view(updates.updates_modal(form), "modal")


def test_a_long_week_says_how_much_is_left() -> None:
    answer = replace(UPDATE, text="we learned a lot " * 100)
    weeks = [BetWeek(replace(BET, number=number), [("Ana", answer)], 50) for number in range(1, 101)]
    told = json.dumps(digest_message(DigestFacts("2026-W49", [*weeks, BetWeek(OTHER)], 3, 3)))
    assert "more" in told and "No word yet from B-8." in told
