"""What is said about teams and in the home tab, as it was looked at; nothing that people typed comes alive in it."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.domain.records import Bet, Confidence
from bot.domain.teams import default_settings
from bot.domain.tokens import TeamToken
from bot.render import teams
from bot.render.bets import BetFacts
from bot.render.home import Ballot, HomePart, home_view
from bot.render.teams import SetUp
from bot.render.tokens import token_blocks
from tests.render.golden import check_golden

T0 = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
SETTINGS = default_settings("Europe/Berlin", ["U0MIA", "U0ANA"])
TEAM = SetUp(SETTINGS, ["Mia Lead", "Ana <Smith> & Co"], T0)
OFF = SetUp(replace(SETTINGS, country="DE", days=SETTINGS.days | {"checkin": None, "reminder": None}), [], None)
BET = Bet(
    id=7, number=7, team_id=1, title="Cheaper *labels* <!channel> & more", problem="", hypothesis="", area="",
    upside="M", tags=(), owners=("U0ANA",), status="live", author="U0ANA", appetite_weeks=4, appetite_people_weeks=4,
    created_at=T0, started_at=T0, ended_at=None, appetite_started_at=T0, appetite_until=None, paused_at=None,
    paused_until=None, paused_days=0, card_id=None, version=1,
)  # fmt: skip
PART = HomePart(
    team_id=1,
    channel="C0TEAM",
    unanswered=[BET],
    unsure=[replace(BET, id=8, number=8)],
    bets=[BetFacts(BET, T0, "Europe/Berlin", {}, Confidence(value=60, previous=50))],
    away_until=None,
    is_lead=True,
)

VIEWS: dict[str, dict[str, Any]] = {
    "team_set_up_answer": teams.set_up_answer(),
    "team_welcome": teams.welcome_message(),
    "team_set_up": teams.set_up_message(TEAM),
    "team_set_up_off": teams.set_up_message(OFF),
    "team_set_up_done": teams.set_up_done_answer(TEAM),
    "team_set_up_done_off": teams.set_up_done_answer(OFF),
    "team_changed": teams.changed_answer(TEAM),
    "team_changed_paused": teams.changed_answer(replace(TEAM, paused_until=date(2026, 12, 31))),
    "team_modal_new": teams.team_modal(SETTINGS, {"channel": "C0TEAM"}),
    "team_modal_tokens": teams.team_modal(
        SETTINGS,
        {"team": 1, "version": 3},
        token_blocks(
            [TeamToken(1, 1, "w_-x", "U0ANA", T0, None), TeamToken(4, 1, "yz12", "U0GONE", T0, T0)],
            {"U0ANA": "Ana <Smith> & Co"},
            "Europe/Berlin",
            "bets-0123456789012345678901234567890123456yz12",
        ),
    ),
    "team_modal_leaderless": teams.team_modal(TEAM.settings, {"team": 1, "version": 3}, leaderless=True),
    "team_modal_off": teams.team_modal(OFF.settings, {"team": 1, "version": 3}),
    "team_paused": teams.paused_answer(None, "Europe/Berlin"),
    "team_paused_until": teams.paused_answer(date(2026, 12, 31), "Europe/Berlin"),
    "team_resumed": teams.resumed_answer(TEAM),
    "team_lost": teams.lost_message("C0TEAM", "is_archived"),
    "team_lost_otherwise": teams.lost_message("C0TEAM", "restricted_action"),
    "team_retried": teams.retried_answer("C0TEAM"),
    "team_unposted": teams.unposted_message("C0TEAM", "no_text", "Check-in of week 49: <@U0ANA> &amp; " + "x" * 300),
    "team_ownerless": teams.ownerless_message("Ana <Smith>", [("B-7", BET.title), ("B-9", "Distil")]),
    "team_ownerless_here": teams.ownerless_message("Ana <Smith>", [("B-7", BET.title)], "C0TEAM"),
    "team_which": teams.which_team_answer(["C0TEAM", "C0TWO"], "summary"),
    "home_nobody": home_view([]),
    "home_lead": home_view([replace(PART, cards={7: "https://example.slack.com/archives/C0TEAM/p1"})]),
    "home_away": home_view(
        [replace(PART, unanswered=[], unsure=[], away_until=date(2026, 12, 4), is_lead=False, paused=True)]
    ),
    "home_votes": home_view(
        [
            replace(
                PART,
                ballots=[
                    Ballot(BET, False, False, "Fri 4 Dec 2026, 11:00 Europe/Berlin"),
                    Ballot(BET, False, True, "Fri 4 Dec 2026, 12:00 Europe/Berlin"),
                    Ballot(BET, True, True, "Mon 7 Dec 2026, 10:00 Europe/Berlin"),
                ],
                away_until=date(2026, 12, 4),
                planned=[(date(2026, 12, 7), date(2026, 12, 11))],
            )
        ]
    ),
    "home_empty": home_view([replace(PART, unanswered=[], unsure=[], bets=[])]),
}


@pytest.mark.parametrize("name", VIEWS)
def test_it_reads_as_it_was_looked_at(name: str) -> None:
    check_golden(name, VIEWS[name])


@pytest.mark.parametrize("name", VIEWS)
def test_no_mention_comes_alive_from_what_people_typed(name: str) -> None:
    text = json.dumps(VIEWS[name])
    assert "<!channel>" not in text and "<Smith>" not in text


def test_a_home_of_many_teams_and_bets_stays_within_slacks_limits() -> None:
    many = [replace(BET, number=number, title="long title " * 10) for number in range(1, 60)]
    facts = [BetFacts(bet, T0, "UTC") for bet in many]
    asked = {"unanswered": many, "unsure": many, "bets": facts, "undecided": facts, "paused": True}
    asked |= {"ballots": [Ballot(bet, True, True, "Fri 4 Dec 2026, 11:00 Europe/Berlin") for bet in many]}
    asked |= {"away_until": date(2026, 12, 4), "planned": [(date(2026, 12, 7), date(2026, 12, 11))] * 9}
    asked["cards"] = {
        bet.id: f"https://{'northwind' * 5}.slack.com/archives/C0123456789/p1764000000123456" for bet in many
    }
    view = home_view([replace(PART, team_id=n, **asked) for n in range(30)])
    assert len(view["blocks"]) <= 100
    texts = [block["text"]["text"] for block in view["blocks"] if block["type"] == "section"]
    assert all(len(text) <= 3_000 and text.count("<") == text.count(">") for text in texts)
    assert any(text.endswith(" more") for text in texts)


def test_many_ownerless_bets_are_counted() -> None:
    told = teams.ownerless_message("Ana", [(f"B-{number}", "x" * 150) for number in range(1, 41)])
    assert "and 20 more" in json.dumps(told)
    assert all(len(block["text"]["text"]) <= 3_000 for block in told["blocks"] if block["type"] == "section")
