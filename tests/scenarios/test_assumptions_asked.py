"""Assumptions that are due: asked in the check-in and in the form, answered by a press, told in the thread if false."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.actions.scoping import do_start_bet
from bot.domain.scoping import AssumptionText
from bot.store.bets import get_bet_by_number
from bot.store.scopes import list_standing
from tests.conftest import ANA, LEE, Office, lived_once
from tests.scenarios.rounds import FRIDAY, MONDAY, NEXT_MONDAY, place, told
from tests.scenarios.scoped import WHOLE, Scoping
from tests.scenarios.test_nudges import packets
from tests.scenarios.test_scope_forms import close_all, document, drafted, go_on, labels, lock, thread, thread_text
from tests.talk import Person, words

__all__ = ["drafted"]
THREE = ["Verified", "False", "Still unknown"]


@pytest.fixture
@lived_once
def asked(drafted: Office, ana: Person, lee: Person) -> Office:
    """B-1 runs; its critical assumption is to be checked on Thursday. It is Monday, ten o'clock."""
    lock(drafted, ana, lee)
    ana.press("Start", document(drafted))
    drafted.at(MONDAY)
    return drafted


def prompt(office: Office) -> dict[str, Any]:
    return [m for m in office.messages(thread(office)) if "What do we know" in words(m)][-1]


def assumption(office: Office) -> Any:
    with office.bot.reading() as tx:
        bet = get_bet_by_number(tx, 1)
        assert bet is not None
        return list_standing(tx, [bet.id])[bet.id][0]


def test_a_due_assumption_is_asked_in_the_prompt(asked: Office) -> None:
    text = words(prompt(asked))
    assert "Critical assumption" in text and "Labels exist" in text and "Thu 3 Dec 2026" in text
    assert labels(prompt(asked)) == ["No change", *THREE]


@pytest.mark.parametrize(("label", "state"), [("Verified", "holds"), ("False", "false"), ("Still unknown", "untested")])
def test_an_answer_is_kept_and_shown_with_its_author(asked: Office, ana: Person, label: str, state: str) -> None:
    ana.press(label, prompt(asked))
    assert assumption(asked).state == state
    assert f"*{label}*, answered by Ana on Mon 30 Nov 2026" in words(prompt(asked))
    assert ("a hard fact" in thread_text(asked)) == (label == "False")
    shown = {"holds": "verified", "false": "false", "untested": "open"}[state]
    assert "check by" in words(document(asked)) and words(document(asked)).count(f" · {shown}") == 1


def test_still_unknown_is_asked_again_in_two_weeks_or_on_the_day_chosen(asked: Office, ana: Person) -> None:
    ana.press("Still unknown", prompt(asked))
    assert str(assumption(asked).check_at) == "2026-12-14" and "Mon 14 Dec 2026" in words(ana.modal)
    ana.fill_in({"Check date": "2026-11-03"}).submit()
    assert "after today" in ana.errors()
    ana.fill_in({"Check date": "2026-12-09"}).submit()
    assert "Wed 9 Dec 2026" in words(ana.modal)
    asked.at(NEXT_MONDAY)
    assert "Labels exist" in words(prompt(asked))
    ana.press("Verified", prompt(asked))
    assert assumption(asked).state == "holds"


def test_my_updates_asks_it_as_well(asked: Office, ana: Person) -> None:
    ana.press("Give my updates")
    assert "does it hold? Labels exist" in words(ana.modal)
    ana.fill_in({"Blocked by": "legal"})
    ana.press("False")
    assert "The thread hears of it now" in words(ana.modal)
    ana.close()
    assert "My updates" in words(ana.modal) and assumption(asked).state == "false"
    assert "is false, says Ana: Labels exist" in thread_text(asked)


def test_others_are_refused(asked: Office, raj: Person) -> None:
    raj.press("False", prompt(asked))
    assert "for the owners of B-1 and the leads" in told(raj, thread=thread(asked))[-1]
    assert assumption(asked).state == "untested"


def test_an_answer_that_is_changed_at_once_is_not_told(asked: Office, ana: Person) -> None:
    hold, ana.settle = ana.settle, lambda: None
    ana.press("False", prompt(asked))
    ana.settle = hold
    ana.press("Verified", prompt(asked))
    assert "is false, says" not in thread_text(asked)


def digest(office: Office) -> dict[str, Any]:
    return next(m for m in reversed(office.messages()) if "in short" in words(m))


def test_fridays_digest_asks_for_new_work_and_names_what_runs_unscoped(asked: Office, ana: Person, raj: Person) -> None:
    raj.command("new A tent")
    raj.fill_in({"Problem, and whose it is": "Support waits"}).submit()
    asked.at(FRIDAY)
    text = words(digest(asked))
    assert "Scope it first" in text and "Without a locked scope: B-2 A tent (new)" in text and "B-1 Ticket" not in text
    raj.press("Scope it", digest(asked))
    assert "Scope 1/3" in words(raj.modal)
    raj.close()
    for said in ("Noted, thank you", "noted already"):
        ana.press("Nothing new", digest(asked))
        assert said in told(ana)[-1]
    ana.command("update B-1 70% it works")
    assert "Scope it first" in words(digest(asked)) and "70%" in words(digest(asked))


def test_a_team_with_too_many_bets_is_not_asked_for_more_and_told_why(asked: Office, raj: Person) -> None:
    for number in range(6):
        raj.command(f"new Tent {number}")
        raj.fill_in({"Problem, and whose it is": "Support waits"}).submit()
    asked.at(FRIDAY)
    text = words(digest(asked))
    assert re.search(r"No call for new work this week: 7 bets for \d people\.", text)
    assert "Scope it first" not in text and labels(digest(asked)) == []


def everything(office: Office) -> str:
    """What anybody can read in the channel and in B-1's thread."""
    return "\n".join(words(m) for m in [*office.messages(), *office.messages(thread(office))])


def told_false(office: Office) -> bool:
    return "found false" in everything(office) or re.search(r"B-1 is false|\*False\*|\(false\)", everything(office))


@pytest.mark.parametrize(("label", "now"), [("Verified", "is verified"), ("Still unknown", "is open again")])
def test_a_false_that_was_a_mistake_is_corrected_wherever_it_was_told(
    asked: Office, ana: Person, raj: Person, lead: Person, label: str, now: str
) -> None:
    place(asked, "Another", raj)
    asked.at(NEXT_MONDAY + timedelta(weeks=1))
    ana.press("False", prompt(asked))
    (nudge,) = packets(asked)
    assert told_false(asked) and "A hard fact stands against it: stop it" in words(nudge)
    asked.after(hours=1)
    ana.press(label, prompt(asked))
    ana.close() if ana.modal else None
    (nudge,) = packets(asked)
    assert not told_false(asked)
    assert f"A critical assumption of B-1 {now}, says Ana: Labels exist" in thread_text(asked)
    assert "hard fact behind this advice was corrected since: look at what is left" in words(nudge)
    assert f"Corrected since: Critical assumption 'Labels exist' {now}" in words(nudge)
    assert "A hard fact stands against it" not in everything(asked)
    lead.command("summary")
    assert "was corrected since" in lead.saw() and "the evidence says stop" not in lead.saw()
    ana.press("False", prompt(asked))
    assert told_false(asked) and "A hard fact stands against it: stop it" in words(packets(asked)[0])


def test_an_answer_that_was_corrected_is_corrected_in_earlier_prompts_too(asked: Office, ana: Person) -> None:
    first = prompt(asked)
    ana.press("Still unknown", first)
    ana.close()
    asked.at(NEXT_MONDAY + timedelta(weeks=1))
    ana.press("Verified", prompt(asked))
    both = [m for m in asked.messages(thread(asked)) if "What do we know" in words(m) and "Labels exist" in words(m)]
    assert len(both) == 2 and all("*Verified*, answered by Ana on Mon 14 Dec 2026" in words(m) for m in both)


@pytest.fixture
@lived_once
def five_due(team: Office) -> Office:
    """B-1 of Ana runs with five assumptions to be checked this week, the third of them Lee's. It is Monday, ten."""
    scoping = Scoping(team)
    owners = (ANA, ANA, LEE, ANA, ANA)
    assumed = [AssumptionText(f"Fact {n}", "labels", False, owner, date(2026, 12, 3)) for n, owner in enumerate(owners)]
    bet, _ = scoping.locked(replace(WHOLE, assumptions=tuple(assumed)))
    scoping.do(do_start_bet, ANA, bet)
    team.settle()
    team.at(MONDAY)
    return team


def asked_about(message: dict[str, Any] | None) -> list[str]:
    """Which facts it asks about: each text above three buttons."""
    pairs = pairwise((message or {})["blocks"])
    above = [words(text) for text, row in pairs if labels({"blocks": [row]}) == THREE]
    return [text.splitlines()[-1].removeprefix("Assumption, does it hold? ") for text in above]


def test_more_than_a_prompt_can_ask_move_up_as_others_are_answered(five_due: Office, ana: Person) -> None:
    assert asked_about(prompt(five_due)) == ["Fact 0", "Fact 1", "Fact 2"]
    assert "2 more are due" in words(prompt(five_due))
    for count in range(4):
        five_due.after(minutes=1)
        ana.press("Verified", prompt(five_due))
        waiting = [f"Fact {n}" for n in range(count + 1, 5)][:3]
        assert asked_about(prompt(five_due))[: len(waiting)] == waiting
    assert "1 answered before: the scope has them" in words(prompt(five_due))
    assert words(prompt(five_due)).count("Another press changes it") == 3
    ana.press("False", prompt(five_due), nth=1)
    assert "Assumption: Fact 3\n*False*, answered by Ana" in words(prompt(five_due))


def test_my_updates_asks_all_that_are_due_and_forgets_what_is_answered(five_due: Office, ana: Person) -> None:
    ana.press("Give my updates")
    assert asked_about(ana.modal) == [f"Fact {n}" for n in range(5)]
    ana.fill_in({"Blocked by": "legal"})
    ana.press("Verified", nth=1)
    ana.close()
    assert asked_about(ana.modal) == ["Fact 0", "Fact 2", "Fact 3", "Fact 4"]
    assert "Noted as *Verified*: Fact 1" in words(ana.modal)
    ana.press("Still unknown")
    ana.close()
    assert asked_about(ana.modal) == ["Fact 2", "Fact 3", "Fact 4"]
    ana.fill_in({"Blocked by": "legal"}).submit()
    assert "Saved: B-1" in told(ana)[-1]


def test_whoever_owns_a_due_assumption_but_no_bet_is_asked_about_that_alone(five_due: Office, lee: Person) -> None:
    lee.press("Give my updates")
    assert asked_about(lee.modal) == ["Fact 2"] and "Blocked by" not in words(lee.modal)
    lee.press("Verified")
    lee.close()
    assert asked_about(lee.modal) == [] and "Noted as *Verified*: Fact 2" in words(lee.modal)
    lee.close()
    lee.command("update")
    assert "nothing to answer" in lee.saw()


def test_a_form_takes_only_as_many_bets_as_it_can_ask_about_whole(team: Office, ana: Person) -> None:
    scoping = Scoping(team)
    assumed = tuple(AssumptionText(f"Fact {n}", "labels", False, ANA, date(2026, 12, 3)) for n in range(12))
    for number in range(4):
        bet, _ = scoping.locked(replace(WHOLE, title=f"Bet {number}", assumptions=assumed))
        scoping.do(do_start_bet, ANA, bet)
    team.settle()
    team.at(MONDAY)
    ana.press("Give my updates")
    assert len(asked_about(ana.modal)) == 24 and "B-2 Bet 1" in words(ana.modal) and "B-3" not in words(ana.modal)
    ana.press("Verified", nth=23)
    ana.close()
    ana.submit()
    assert "4 bets are still open" in words(ana.modal), "those that were left empty come last"
    ana.press("More bets")
    assert len(asked_about(ana.modal)) == 24 and "B-4 Bet 3" in words(ana.modal)


def test_a_false_that_went_into_the_next_version_is_corrected_in_each(asked: Office, ana: Person, lee: Person) -> None:
    ana.press("False", prompt(asked))
    ana.press("Change scope", document(asked))
    go_on(ana, Reason="The users are others")
    close_all(ana)
    lock(asked, ana, lee, 2)
    assert all(" · false" in words(document(asked, version)) for version in (1, 2))
    ana.press("Verified", prompt(asked))
    assert not told_false(asked) and " · false" not in everything(asked)
    assert all(" · verified" in words(document(asked, version)) for version in (1, 2))


def test_an_answer_in_an_open_form_is_kept_although_its_bet_was_paused_meanwhile(five_due: Office, ana: Person) -> None:
    ana.press("Give my updates")
    ana.world.command(ana.user, ana.channel, "pause B-1")
    ana.press("Verified")
    assert "Noted on B-1: Verified" in words(ana.modal) and assumption(five_due).state == "holds"
