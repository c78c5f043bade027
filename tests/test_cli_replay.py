"""`bets advise --at`: what the policy says on the stored history, week by week, without a trace."""

import json
from collections.abc import Callable

import pytest

from bot.cli_replay import show_stored
from tests.conftest import CHANNEL, Office
from tests.scenarios.rounds import THURSDAY, TUESDAY, place, stored_text
from tests.scenarios.test_criteria import THREE, asked, prompt
from tests.scenarios.test_nudges import THIRD_THURSDAY, WEEK, answer_weekly
from tests.talk import Person
from tests.test_cli import Bets, bets, home

__all__ = ["asked", "bets", "home"]


@pytest.fixture
def shown(
    team: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., list[dict]]:
    """What the command writes about this office's database."""
    monkeypatch.setattr("bot.cli_replay.open_bot", lambda: team.new_bot())

    def call(at: object, *channels: str) -> list[dict]:
        capsys.readouterr()
        show_stored(at, channels)  # type: ignore[arg-type]
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return call


def test_it_says_what_was_said_and_what_would_have_been(
    team: Office, ana: Person, raj: Person, shown: Callable[..., list[dict]]
) -> None:
    place(team, "Rank tickets", ana), place(team, "Find duplicates", raj)
    answer_weekly(team, THIRD_THURSDAY, B_1=(ana, [70, 70, 15]), B_2=(raj, [70]))
    team.after(hours=1)
    before = stored_text(team)
    first, second = shown(THIRD_THURSDAY, CHANNEL)
    assert (first["bet"], first["team"], first["id"]) == ("B-1", CHANNEL, "B-1")
    assert [one["advice"] for one in first["replay"]] == ["keep", "keep", "kill"]
    assert first["replay"][0]["at"] == "2026-12-03T09:00:00Z"
    assert first["replay"][2]["reasons"][:2] == ["confidence", "trend"] and first["replay"][2]["p"] < 0.1
    assert second["advice"] == "keep" and second["p"] > 0.1
    assert stored_text(team) == before, "it only reads"
    (then, _) = shown(THURSDAY + WEEK)
    assert [one["advice"] for one in then["replay"]] == ["keep", "keep"] and then["advice"] == "keep"
    assert shown(THURSDAY - WEEK) == []


def test_a_nudge_on_the_day_of_a_hard_fact_is_in_its_replay(
    asked: Office, ana: Person, shown: Callable[..., list[dict]]
) -> None:
    asked.at(TUESDAY)
    ana.press(THREE[0], prompt(asked, asked.ts))
    asked.at(THURSDAY)
    asked.after(hours=1)
    replay = next(one for one in shown(asked.bot.now()) if one["bet"] == "B-1")["replay"]
    assert [(one["at"], one["advice"]) for one in replay] == [
        ("2026-12-01T09:00:00Z", "kill"),
        ("2026-12-03T09:00:00Z", "keep"),
    ]
    assert replay[0]["reasons"][0] == "criterion_met"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("advise --at yesterday", 2, "is no instant"),
        ("advise --at 2026-12-03T09:00:00", 2, "does not say its zone"),
        ("advise --team C1", 2, "--team goes with --at"),
        ("advise --at 2026-12-03T09:00:00Z --team C0NONE", 1, "There is no team C0NONE"),
    ],
)
def test_what_is_wrong_is_one_sentence(bets: Bets, words: str, code: int, said: str) -> None:
    found, out, err = bets(words)
    assert found == code and said in err and out == "" and err.count("\n") == 1
