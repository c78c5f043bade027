"""What a packet says of the agreement behind its bet, and that it follows when the agreement changes."""

from dataclasses import replace
from typing import Any

import pytest

from bot.actions.assumptions import do_answer_assumption
from bot.actions.scoping import do_begin_scope_of, do_change_scope, do_save_draft
from bot.demo.fake_slack import FakeSlack
from bot.store.bets import get_bet
from bot.store.scopes import list_standing
from tests.conftest import ANA, RAJ, Office, Saved
from tests.scenarios.rounds import place
from tests.scenarios.scoped import WHOLE, Scoping
from tests.scenarios.test_nudges import THIRD_THURSDAY, answer_weekly, packets
from tests.talk import words

HALF, THIRD = "Fewer than half agree by 2027-01-11", "Fewer than a third agree by 2027-01-11"


@pytest.fixture(scope="module")
def weeks(slack: FakeSlack, set_up: Saved, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """B-1 of Ana has lost her confidence by the third Thursday, and the channel was told."""
    office = Office(slack, tmp_path_factory.mktemp("packets"))
    office.load(set_up)
    ana, raj = office.person(ANA), office.person(RAJ)
    place(office, "Rank tickets", ana), place(office, "Find duplicates", raj)
    answer_weekly(office, THIRD_THURSDAY, B_1=(ana, [70, 70, 15]), B_2=(raj, [70]))
    return office.save()


@pytest.fixture
def scoping(office: Office, weeks: Saved) -> Scoping:
    office.load(weeks)
    office.clock.move_to(THIRD_THURSDAY)
    return Scoping(office)


def packet(scoping: Scoping) -> str:
    scoping.office.settle()
    return words(packets(scoping.office)[-1])


def test_a_packet_says_how_the_scope_stands_and_follows_it(scoping: Scoping) -> None:
    assert "*Scope* none" in packet(scoping)
    bet = scoped(scoping, (HALF,))
    assert "*Scope* v1 locked, 2 assumptions open" in packet(scoping) and f"“{HALF}”: *open*" in packet(scoping)
    with scoping.office.bot.reading() as tx:
        other = list_standing(tx, [bet.id])[bet.id][1]
    scoping.do(do_answer_assumption, ANA, bet, other.id, "false")
    assert "*Scope* v1 locked, 1 assumption false, 1 assumption open" in packet(scoping)


def test_a_changed_criterion_shows_old_and_new_words(scoping: Scoping) -> None:
    bet = scoped(scoping, (HALF,))
    draft = scoping.do(do_change_scope, ANA, bet, "Labels are worse than said")
    draft = scoping.do(do_save_draft, ANA, draft.id, draft.revision, {"criteria": (THIRD,)}).scope
    scoping.lock(draft)
    text = packet(scoping)
    assert f"“{THIRD}” (before: “{HALF}”): *open*" in text and "*Scope* v2 locked, changed once" in text


def test_a_criterion_that_is_edited_on_the_card_shows_them_too(scoping: Scoping) -> None:
    office, ana = scoping.office, scoping.office.person(ANA)
    for words_now, said in ((HALF, f"“{HALF}”: *open*"), (THIRD, f"“{THIRD}” (before: “{HALF}”): *open*")):
        ana.press("More", next(m for m in office.messages() if words(m).startswith("B-1 ")))
        ana.press("Edit")
        ana.fill_in({"Kill criteria": words_now}).submit()
        assert said in packet(scoping)


def scoped(scoping: Scoping, criteria: tuple[str, ...]) -> Any:
    """B-1 runs with a locked scope that has these criteria."""
    with scoping.office.bot.reading() as tx:
        bet = get_bet(tx, 1)
    draft = scoping.do(do_begin_scope_of, ANA, bet)
    whole = replace(WHOLE, title=bet.title, owners=bet.owners, criteria=criteria)
    scoping.lock(scoping.do(do_save_draft, ANA, draft.id, draft.revision, whole).scope)
    return scoping.bet(bet)
