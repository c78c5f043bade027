"""The question eight weeks after a decision, as it was looked at."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.records import Decision
from bot.render.hindsight import VERDICTS, hindsight_message, judged_message
from tests.render.golden import check_golden
from tests.render.surfaces import T0, bet_of
from tests.render.test_hostile_text import problems

BET = replace(bet_of("x"), title="Cheaper labels")
KILL = Decision(4, 7, "kill", "U0ANA", "Too dear\nand *too* slow", "Ask first", "no", None, T0)
REBET = replace(KILL, kind="rebet", reason="")
VIEWS: dict[str, dict[str, Any]] = {
    "hindsight": hindsight_message(BET, KILL, "Europe/Berlin"),
    "hindsight_without_reason": hindsight_message(BET, REBET, "Europe/Berlin"),
    "hindsight_judged": judged_message(BET, KILL, "wrong", "Europe/Berlin"),
}


@pytest.mark.parametrize("name", VIEWS)
def test_it_reads_as_it_was_looked_at(name: str) -> None:
    check_golden(name, VIEWS[name])
    assert not problems(VIEWS[name])


@pytest.mark.parametrize("kind", ["kill", "double", "keep", "ship", "rebet"])
def test_every_kind_of_decision_and_verdict_reads_as_a_sentence(kind: str) -> None:
    asked = hindsight_message(BET, replace(KILL, kind=kind), "UTC")["text"]
    assert asked.startswith("B-7 Cheaper labels: on Mon 30 Nov 2026 you ") and asked.endswith(". Was it right?")
    for verdict, label in VERDICTS.items():
        assert label in judged_message(BET, replace(KILL, kind=kind), verdict, "UTC")["text"]
