"""The decisions message and what belongs to it, as they were looked at."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.demo.fake_slack.blocks import check_message_blocks, check_view
from bot.domain.approval import Approval
from bot.domain.cases import Case, Criterion, Other, Said, Votes
from bot.domain.policy import advise
from bot.domain.records import Bet, Confidence, KillCriterion
from bot.render import checkins, criteria, evidence, nudges, start_votes
from bot.render.kit import replace_blocks
from bot.render.nudges import Packet, Standing
from tests.render.golden import check_golden
from tests.render.test_checkins import BET

DAY = date(2026, 12, 11)
CRITERION = KillCriterion(
    "F1 below *60%* <!here> by 11 Dec", DAY, "failed", 3, "U0ANA", datetime(2026, 12, 8, tzinfo=UTC)
)
DOUBTED: Bet = replace(BET, kill_criteria=(CRITERION, KillCriterion("nobody uses it", date(2026, 12, 20), id=4)))
CASE = Case(
    day=21,
    people=("U0ANA", "U0RAJ"),
    appetite_pw=8,
    spent_pw=6,
    criteria=(Criterion("F1 below *60%* <!here> by 11 Dec", 11, "failed", 20),),
    said=(Said(0, "U0ANA", 75), Said(14, "U0ANA", 40, True), Said(21, "U0ANA", 40, True)),
    others=(Other("B-8"),),
)
PACKET = Packet(
    Standing(3, DOUBTED, "kill"),
    advise(CASE),
    Confidence(value=40, spark=(75, None, 40, 40), weeks=("2026-W46", "2026-W47", "2026-W48", "2026-W49")),
    used=3.0,
    weeks=4.0,
    spent=6.0,
    agreed=8.0,
)
DONE = Standing(
    4, DOUBTED, "kill", result="Killed by Ana on Thu 3 Dec 2026", votes=start_votes.tally_line(["yes", "no"])
)
ASKS = Standing(
    5,
    replace(
        DOUBTED, kill_criteria=(*DOUBTED.kill_criteria, KillCriterion("Half agree by 1 Dec", date(2026, 12, 1), id=5))
    ),
    "ask",
    overdue=(KillCriterion("Half agree by 1 Dec", date(2026, 12, 1), id=5),),
    scope="v3 locked, changed 2 times, 1 assumption false, 2 assumptions open",
    earlier={"Half agree by 1 Dec": "Two thirds *agree* by 24 Nov"},
)
WARNINGS = [nudges.warning_line(BET, 21, 75, "Europe/Berlin"), nudges.warning_line(BET, 28, 100, "Europe/Berlin")]
ASKED = criteria.AskedCriterion(replace(CRITERION, state="open", answered_by=None, answered_at=None))

MESSAGES: dict[str, dict[str, Any]] = {
    "nudge_packet": nudges.decisions_message("Decisions, week of 30 Nov", [PACKET], WARNINGS),
    "nudge_second": nudges.decisions_message("Decisions of week 2026-W51", [replace(PACKET, leads=("U0LEAD",))]),
    "nudge_done": nudges.decisions_message("Decisions, week of 30 Nov", [replace(PACKET, standing=DONE)]),
    "nudge_warnings": nudges.decisions_message("Decisions, week of 30 Nov", [], WARNINGS),
    "nudge_details": evidence.details_message(PACKET),
    "criterion_prompt": checkins.prompt_message(
        BET, 4, "2026-W49", "What do we know now that we did not?", ["U0ANA"], [ASKED]
    ),
    "criterion_ownerless": checkins.prompt_message(replace(BET, owners=()), 4, "2026-W49", "What?", [], [ASKED]),
    "criterion_answered": checkins.prompt_message(
        BET,
        4,
        "2026-W49",
        "What do we know now that we did not?",
        [],
        [criteria.AskedCriterion(CRITERION, "Ana <x>", "UTC")],
    ),
}
MESSAGES["nudge_asks"] = nudges.decisions_message("Decisions, week of 30 Nov", [replace(PACKET, standing=ASKS)])
MODALS = {
    "start_vote": start_votes.start_vote_modal(BET, "It works on *easy* ones", {"bet": 7, "nudge": 3}, None),
    "start_vote_again": start_votes.start_vote_modal(replace(BET, hypothesis="Cheap"), None, {"bet": 7}, "unsure"),
    "start_vote_tally": start_votes.voted_modal(["yes", "yes", "unsure"]),
}


@pytest.mark.parametrize("name", MESSAGES | MODALS)
def test_it_reads_as_it_was_looked_at(name: str) -> None:
    check_golden(name, (MESSAGES | MODALS)[name])


@pytest.mark.parametrize("name", MESSAGES)
def test_slack_takes_every_message(name: str) -> None:
    assert not check_message_blocks(MESSAGES[name]["blocks"]) and len(MESSAGES[name]["blocks"]) <= 45


@pytest.mark.parametrize("name", MODALS)
def test_slack_takes_every_modal(name: str) -> None:
    assert not check_view(MODALS[name], "modal")


def test_a_packet_is_addressed_to_the_bet() -> None:
    assert "<@" not in json.dumps(MESSAGES["nudge_packet"]) and "<@U0LEAD>" in json.dumps(MESSAGES["nudge_second"])


def test_an_interval_of_samples_stands_in_a_packet_once_and_always() -> None:
    verdict = Approval(2, 6, 0, 0)
    assert "*Samples* 6 of 6 looked right, 61-100%" in packet_words(replace(PACKET, verdict=verdict))
    reasons = advise(replace(CASE, votes=(Votes(18, 6, 0),), criteria=(), said=(), spent_pw=1)).lines
    told = replace(PACKET, verdict=verdict, advice=replace(PACKET.advice, reasons=reasons))
    assert "6 of 6 thumbs up on the newest samples (could be 69 to 100%)" in packet_words(told)
    assert "*Samples* 6 of 6 looked right" in packet_words(told) and "61" not in packet_words(told)


def packet_words(packet: Packet) -> str:
    return json.dumps(nudges.packet_blocks(packet), ensure_ascii=False)


def test_one_packet_is_replaced_and_the_others_stay() -> None:
    both = [replace(PACKET, standing=replace(PACKET.standing, nudge=number)) for number in (3, 33)]
    before = nudges.decisions_message("Decisions", both)
    after = replace_blocks(before, "nudge-3-now", nudges.standing_blocks(replace(DONE, nudge=3)))
    same = [block for block in before["blocks"] if not block.get("block_id", "").startswith("nudge-3-now")]
    assert [block for block in after["blocks"] if not block.get("block_id", "").startswith("nudge-3-now")] == same
    assert "nudge-33-now-buttons" in json.dumps(after) and "nudge-3-now-buttons" not in json.dumps(after)
    assert replace_blocks(before, "nudge-9-", [{"type": "divider"}]) is before


def test_a_warning_goes_once_and_a_second_decision_finds_nothing_to_take() -> None:
    message = nudges.decisions_message("Decisions", [], [nudges.warning_line(BET, 28, 100, "UTC")])
    gone = nudges.without_warning(message, BET)
    assert BET.key not in str(gone["blocks"]) and "were decided about" in str(gone["blocks"])
    assert nudges.without_warning(gone, BET) == gone
