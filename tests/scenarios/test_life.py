"""One bet's whole life, by buttons and forms only: nobody types a command."""

from datetime import timedelta
from typing import Any

import pytest

from bot.store.bets import get_bet_by_number, list_decisions
from bot.store.tables import decisions
from tests.conftest import Office
from tests.scenarios.rounds import FRIDAY, MONDAY, THURSDAY, place, thread_of
from tests.talk import Person, words


@pytest.fixture
def sketched() -> None:
    """What people typed is in the charts that are drawn here."""


WEEK = timedelta(weeks=1)
ENDING = {"Reason": "It never beat the baseline", "What did we learn?": "Ask for labels first"}
ENDING["Did it meet its success statement?"] = "no"


def bet(office: Office) -> Any:
    with office.bot.reading() as tx:
        return get_bet_by_number(tx, 1)


def week(office: Office, number: int, owner: Person, confidence: str, last: Any = THURSDAY) -> None:
    """Monday's question is answered by the form of the channel's message; then the days go by until `last`."""
    office.at(MONDAY + number * WEEK)
    owner.press("Give my updates")
    owner.fill_in({"What do we know now that we did not?": "It overfits", "Confidence": confidence}).submit()
    if owner.modal:
        owner.close()
    office.at(THURSDAY + number * WEEK)
    if last > THURSDAY:
        office.at(last + number * WEEK)


def act(person: Person, office: Office, label: str, **fields: str) -> None:
    """A decision from the card's menu."""
    card = next(m for m in office.messages() if m["ts"] == thread_of(office, bet(office)))
    person.press("More", card)
    person.press(label)
    if fields:
        person.fill_in({name.replace("_", " "): value for name, value in fields.items()}).submit()
        assert not person.reply.errors, person.reply.errors
    while person.modal:
        person.close()


def test_a_bet_lives_from_its_first_button_to_its_last(
    team: Office, ana: Person, raj: Person, lee: Person, lead: Person
) -> None:
    team.at(MONDAY - timedelta(minutes=30))
    raj.command("list")  # the one way to the first *New bet* button in an empty channel
    raj.press("New bet")
    raj.fill_in({"Title": "Rank tickets", "Problem, and whose it is": "Support reads too much"})
    raj.fill_in({"Kill criteria": "No better than the baseline by week 2"}).submit()
    place(team, "Find duplicates", lee)  # a team's last bet is never advised to be killed
    assert bet(team).status == "live"

    week(team, 0, raj, "70", FRIDAY)
    week(team, 1, raj, "60", FRIDAY)
    team.at(MONDAY + 2 * WEEK)
    raj.press("It did not happen", thread=thread_of(team, bet(team)))
    assert bet(team).kill_criteria[0].state == "passed"
    week(team, 2, raj, "10")
    packet = next(m for m in team.messages() if "B-1" in words(m) and "Snooze 2 weeks" in words(m))
    lee.press("Would we start it today?", packet)
    lee.fill_in({"Would we start it today?": "no", "Why, in one sentence": "Nobody waits for it"}).submit()
    while lee.modal:
        lee.close()
    raj.press("Snooze 2 weeks", packet)
    team.at(FRIDAY + 2 * WEEK)
    packet = next(m for m in team.messages() if m["ts"] == packet["ts"])
    assert "1 no" in words(packet) and "Snoozed by Raj" in words(packet)

    act(raj, team, "Keep", Reason="One more idea", Criterion="No gain on real tickets")
    assert bet(team).appetite_until is not None
    for number in (3, 4, 5):
        week(team, number, raj, "10", FRIDAY)
    team.at(MONDAY + 6 * WEEK)
    for number in (6, 7):
        week(team, number, raj, "10", FRIDAY)
    assert bet(team).status == "lapsed", "the appetite was spent and nobody decided"

    act(lead, team, "Bet again", Reason="The labels came")
    assert bet(team).status == "live"
    act(raj, team, "Pause")
    act(raj, team, "Resume")
    act(raj, team, "Kill", **{name.replace(" ", "_"): value for name, value in ENDING.items()})
    lead.press("Undo", thread=thread_of(team, bet(team)))
    assert bet(team).status == "live"
    act(raj, team, "Kill", **{name.replace(" ", "_"): value for name, value in ENDING.items()})
    ana.press("Reopen", thread=thread_of(team, bet(team)))
    ana.fill(Reason="The labels came").submit()
    assert bet(team).status == "live"
    yes = ENDING | {"Did it meet its success statement?": "yes"}
    act(raj, team, "Ship", **{name.replace(" ", "_"): value for name, value in yes.items()})
    assert bet(team).status == "shipped"
    with team.bot.reading() as tx:
        kinds = [decision.kind for decision in list_decisions(tx, decisions.c.bet_id == bet(team).id)]
    assert kinds == ["keep", "lapse", "rebet", "pause", "resume", "kill", "undo", "kill", "reopen", "ship"]
