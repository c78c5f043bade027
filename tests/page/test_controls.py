"""The demo's clock: what comes next, and that time passes as it would by itself."""

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.demo import controls
from bot.demo.controls import Controls
from bot.store.claims import get_counts
from bot.work import tick
from tests.conftest import CHANNEL, Office
from tests.scenarios.rounds import FRIDAY, MONDAY, THURSDAY, place
from tests.talk import Person, words
from tests.work.owed import owe

MIDNIGHT = datetime(2026, 12, 10, 0, 0, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.fixture
def clock(team: Office, monkeypatch: pytest.MonkeyPatch) -> Controls:
    """The controls of the tests' team, in the place of the demo's."""
    monkeypatch.setattr(controls, "CHANNEL", CHANNEL)
    return Controls(team.world, team.bot)


def posted_at(office: Office, text: str) -> datetime:
    message = next(m for m in office.messages() if text in words(m))
    return datetime.fromtimestamp(int(float(message["ts"])), UTC)


def test_what_the_bot_is_posting_stands_at_its_own_hour_however_long_it_takes(team: Office, clock: Controls) -> None:
    owe(team, "samples", text="Sample predictions")
    team.world.fail("chat.postMessage", 1, "slow", seconds=0.3)
    was, other = team.bot.now(), team.new_bot()
    working = threading.Thread(target=tick.settle, args=(other,))
    working.start()
    while not sending(team):
        threading.Event().wait(0.005)
    assert clock.advance(was + timedelta(days=1)) is False, "the other thread posts it before the clock moves"
    working.join()
    assert posted_at(team, "Sample predictions") - was < timedelta(minutes=1)
    other.engine.dispose()


def sending(office: Office) -> int:
    with office.bot.reading() as tx:
        return get_counts(tx)["sending"]


def test_a_jump_lives_through_each_hour_at_which_something_is_due(team: Office, clock: Controls, ana: Person) -> None:
    place(team, "Rank tickets", ana)
    assert clock.advance(FRIDAY + timedelta(days=1)) is True
    assert posted_at(team, "Check-in, week of") == MONDAY and posted_at(team, "in short") == FRIDAY
    assert clock.now() == FRIDAY + timedelta(days=1)


def test_it_tells_whether_anything_was_posted(team: Office, clock: Controls, ana: Person) -> None:
    assert clock.advance(THURSDAY) is False, "a team without bets is asked nothing"
    place(team, "Rank tickets", ana)
    assert clock.advance(THURSDAY + timedelta(weeks=1)) is True


def test_the_end_of_a_pause_is_an_event(team: Office, clock: Controls, lead: Person, ana: Person) -> None:
    place(team, "Rank tickets", ana)
    lead.command("pause")
    assert clock.next_event() is None, "somebody has to resume it"
    lead.command("pause until 2026-12-09")
    assert clock.next_event() == ("the pause ends", MIDNIGHT)
    clock.advance(MIDNIGHT)
    label, at = clock.next_event() or ("", MIDNIGHT)
    assert label != "the pause ends" and at > MIDNIGHT
