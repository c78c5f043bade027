"""Killing and shipping: one decision, with its reason and learning, told to everybody it concerns."""

from datetime import timedelta
from typing import Any

import pytest

from bot.store.bets import list_decisions
from tests.conftest import ANA, GUEST, RAJ, T0, Office
from tests.scenarios.rounds import MONDAY, checkin_text, told
from tests.scenarios.test_bets import card, in_thread_of, menu, place
from tests.talk import Person, elements, label_of, words

SAID = {
    "Reason": "Nobody uses it",
    "What did we learn?": "Ask support first",
    "Did it meet its success statement?": "no",
}


def decide(person: Person, command: str, **fields: Any) -> None:
    """The person says the word, fills in the form and sends it."""
    person.command(command)
    person.fill_in({**SAID, **fields}).submit()


def decisions(office: Office) -> list[Any]:
    with office.bot.reading() as tx:
        return list_decisions(tx)


def test_a_kill_is_thanked_and_its_learning_is_kept(team: Office, ana: Person) -> None:
    ts = place(ana, Owners=[ANA, RAJ])
    decide(ana, "kill B-1 because nobody asked for it", Reason="Nobody asked for it")
    assert "B-1 is killed. Its thread has the notice, where a lead can undo it for 24 hours." in ana.saw()
    shown, notice = card(team, ts), words(in_thread_of(team, ts)[-1])
    assert "*killed*" in shown and "Killed by Ana on Mon 30 Nov 2026. Learned: Ask support first" in shown
    for said in (
        "B-1 is killed",
        "decided by Ana",
        "Nobody asked for it",
        "Ask support first",
        "thank you",
        "<@U0RAJ>",
    ):
        assert said in notice
    assert not [e for m in team.messages() if m["ts"] == ts for _, e in elements(m)], (
        "an ended bet's card has no buttons"
    )
    [decision] = decisions(team)
    assert (decision.kind, decision.by, decision.outcome) == ("kill", ANA, "no")
    assert "B-1 is killed" in told(ana)[-1]


def test_a_bet_that_made_it_ships(team: Office, ana: Person) -> None:
    ts = place(ana)
    menu(ana, ts)
    ana.press("Ship")
    assert (ana.modal or {})["title"]["text"] == "Ship it"
    ana.fill_in(SAID | {"Did it meet its success statement?": "yes"}).submit()
    assert "*shipped*" in card(team, ts) and "has shipped" in words(in_thread_of(team, ts)[-1])
    assert "B-1 has shipped" in words(ana.modal), "the menu gives way to the result"


def test_the_form_is_prefilled_with_the_reason(team: Office, ana: Person) -> None:
    place(ana)
    ana.command("kill B-1 because nobody asked for it")
    assert [label_of(b, e) for b, e in elements(ana.modal or {})] == list(SAID)
    assert "nobody asked for it" in words(ana.modal) and "because" not in words(ana.modal)
    assert (ana.modal or {})["title"]["text"] == "Kill bet"
    assert not decisions(team), "opening the form decides nothing"


@pytest.mark.parametrize("field", ["Reason", "What did we learn?"])
def test_reason_and_learning_are_needed(team: Office, ana: Person, field: str) -> None:
    place(ana)
    decide(ana, "kill B-1", **{field: "   "})
    assert "others will learn from it" in ana.errors() and ana.modal is not None
    assert not decisions(team)


def test_of_two_people_at_once_one_decides_and_the_other_is_told(team: Office, ana: Person, lead: Person) -> None:
    ts = place(ana)
    ana.command("kill B-1")
    lead.command("ship B-1")
    ana.fill_in(SAID).submit()
    lead.fill_in(SAID).submit()
    assert "B-1 is already killed: Ana decided that on Mon 30 Nov 2026, 09:00 Europe/Berlin" in lead.errors()
    assert lead.modal is not None and lead.typed, "what was typed is still there"
    assert [decision.kind for decision in decisions(team)] == ["kill"]
    assert len([m for m in in_thread_of(team, ts) if "decided by" in words(m)]) == 1
    lead.command("kill B-1")
    assert "already killed: Ana decided that" in words(lead.messages()[-1]), "no form opens for what is over"


def test_an_edit_sent_after_the_kill_changes_nothing(team: Office, ana: Person, raj: Person) -> None:
    ts = place(ana)
    menu(raj, ts)
    raj.press("Edit")
    decide(ana, "kill B-1")
    raj.fill(Title="Too late").submit()
    assert "B-1 is killed, and what it said then stays" in raj.errors()
    assert "Shorter answers" in card(team, ts)


def test_a_menu_opened_before_the_kill_does_nothing(team: Office, ana: Person, lead: Person) -> None:
    ts = place(ana)
    menu(lead, ts)
    decide(ana, "kill B-1")
    lead.press("Pause")
    assert "already killed" in words(lead.modal)
    assert len(decisions(team)) == 1


@pytest.mark.parametrize(
    "deciders, who, may",
    [
        ("leads", "ana", False),
        ("leads", "lead", True),
        ("owners_and_leads", "ana", True),
        ("owners_and_leads", "raj", False),
        ("owners_and_leads", "lead", True),
        ("anyone", "raj", True),
    ],
)
def test_who_may_decide_is_the_teams_choice(
    team: Office, request: pytest.FixtureRequest, ana: Person, lead: Person, deciders: str, who: str, may: bool
) -> None:
    ts = place(ana)
    lead.command("config")
    lead.fill_in({"Who may decide": deciders}).submit()
    assert not lead.reply.errors
    person: Person = request.getfixturevalue(who)
    person.command("kill B-1")
    assert (person.modal is not None) is may
    if not may:
        assert "decide about B-1: ask one of them" in person.saw()
        assert "Kill" not in menu(person, ts)


def test_a_right_lost_while_typing_is_a_right_lost(team: Office, ana: Person, lead: Person) -> None:
    place(ana)
    ana.command("kill B-1")
    lead.command("config")
    lead.fill_in({"Who may decide": "leads"}).submit()
    ana.fill_in(SAID).submit()
    assert "its leads decide about B-1" in ana.errors()
    assert not decisions(team)


def test_a_form_with_somebody_elses_bet_in_it_finds_nothing(team: Office, ana: Person) -> None:
    place(ana)
    ana.command("kill B-1")
    view = team.world.views(ANA)[-1]
    for forged in ('{"bet":99}', '{"bet":"1; drop"}', "not json", '{"bet":[1]}'):
        body = {
            "type": "view_submission",
            "user": {"id": ANA},
            "view": view | {"private_metadata": forged, "hash": forged},
        }
        assert "no such bet here" in str(team.deliver("interactive", body))
    assert not decisions(team)


def test_a_guest_cannot_decide_even_about_a_bet_of_theirs(team: Office, ana: Person) -> None:
    place(ana, Owners=[GUEST])
    guest = team.person(GUEST)
    guest.command("kill B-1")
    assert guest.modal is None and "read, and answer for bets they own: ask a member" in guest.saw()


def test_the_checkin_forgets_a_bet_that_ended(team: Office, ana: Person) -> None:
    place(ana)
    place(ana, "Another")
    team.at(MONDAY)
    assert "B-1" in checkin_text(team)
    decide(ana, "kill B-1")
    assert "B-1" not in checkin_text(team) and "B-2" in checkin_text(team)


def test_the_same_form_delivered_twice_decides_once(team: Office, ana: Person) -> None:
    ts = place(ana)
    deliver, bodies = team.world.delivery, []

    class Twice:
        def __getattr__(self, name: str) -> Any:
            return getattr(deliver, name)

        def send(self, world: Any, kind: str, body: dict[str, Any]) -> Any:
            bodies.append(deliver.send(world, kind, body))
            return deliver.send(world, kind, body)

    ana.command("kill B-1")
    ana.fill_in(SAID)
    team.world.delivery = Twice()
    ana.submit()
    team.world.delivery = deliver
    assert len(decisions(team)) == 1 and not ana.reply.errors
    assert len([m for m in in_thread_of(team, ts) if "decided by" in words(m)]) == 1


def test_a_paused_bet_can_be_killed_and_a_killed_one_is_not_asked_about(team: Office, ana: Person) -> None:
    ts = place(ana)
    ana.command("pause B-1")
    decide(ana, "kill B-1")
    assert "*killed*" in card(team, ts)
    team.at(T0 + timedelta(days=7, hours=2))
    assert not any("What do we know" in words(m) for m in in_thread_of(team, ts))
