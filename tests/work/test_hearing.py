"""Events are kept before they are acknowledged, handled once, and a poisonous one steps aside."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.store.tables import inbox
from bot.work import hearing
from tests.conftest import CHANNEL, Office
from tests.scenarios.rounds import place, thread_of
from tests.talk import Person


def states(office: Office) -> dict[str, int]:
    with office.bot.reading() as tx:
        rows = [row.state for row in tx.execute(select(inbox.c.state))]
    return {state: rows.count(state) for state in set(rows)}


@pytest.fixture
def poisoned(team: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A team whose bot stumbles over every message that says `poison`."""
    hear = hearing.HEARERS["message"]

    def stumble(tx: Any, now: Any, event: dict[str, Any], bot_user: str) -> Any:
        if "poison" in event.get("text", ""):
            raise RuntimeError("cannot read this")
        return hear(tx, now, event, bot_user)

    monkeypatch.setitem(hearing.HEARERS, "message", stumble)
    return team


def test_a_poisonous_event_is_tried_five_times_later_and_later_and_then_shown_as_failed(
    poisoned: Office, ana: Person
) -> None:
    ana.say("poison")
    for _ in range(3):
        poisoned.after(seconds=1)
    assert states(poisoned)["new"] == 1
    for _ in range(10):
        poisoned.after(minutes=1)
    with poisoned.bot.reading() as tx:
        row = tx.execute(select(inbox).where(inbox.c.state == "failed")).one()
    assert (row.tries, row.error) == (5, "RuntimeError")


def test_a_poisonous_event_keeps_nothing_else_from_being_heard(poisoned: Office, ana: Person, raj: Person) -> None:
    bet = place(poisoned, "Rank tickets", ana)
    raj.say("poison", thread=thread_of(poisoned, bet))
    raj.say("update: it works", thread=thread_of(poisoned, bet))
    raj.command(f"history B-{bet.number}")
    assert "it works" in raj.saw()


def test_what_cannot_be_stored_is_not_acknowledged_and_comes_again(
    team: Office, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    bet = place(team, "Rank tickets", ana)
    with monkeypatch.context() as broken:
        broken.setattr("bot.actions.inbox.store.insert_event", lambda *_: 1 / 0)
        team.world.say(ana.user, CHANNEL, "update: it works", thread_ts=thread_of(team, bet))
        assert team.world.deliver() == 0
    team.after(minutes=2)
    ana.command(f"history B-{bet.number}")
    assert ana.saw().count("it works") == 1


def test_events_that_were_handled_are_forgotten_after_a_week(team: Office, ana: Person) -> None:
    ana.say("hello")
    team.after(days=8)
    team.after(minutes=1)
    assert states(team).get("done", 0) <= 1
