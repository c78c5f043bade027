"""After an absence of the bot a channel hears of it in one message (S4), and a clock that jumps repeats nothing."""

from datetime import datetime, timedelta

import pytest

from bot.actions.placing import BetForm, do_place_bet
from bot.actions.teams import do_add_team
from bot.clock import Clock
from bot.domain.calendar import say_week
from bot.domain.teams import default_settings
from bot.store.people import get_actor, update_membership
from bot.work import tick
from tests.conftest import CHANNEL, LEAD, Office, lived_once
from tests.scenarios.rounds import FRIDAY, MONDAY, NEXT_MONDAY, end, in_thread, place, thread_of, updates_of
from tests.scenarios.test_nudges import THIRD_THURSDAY, answer_weekly
from tests.talk import Person, words
from tests.work.ledger import copies, keys_in, owe

ARCHIVED = "C0OLD"
GONE = NEXT_MONDAY - timedelta(minutes=30)


@pytest.fixture
@lived_once
def settled(team: Office, ana: Person, raj: Person) -> Office:
    """A team with two bets after its first week, and another whose channel is about to be archived."""
    _add_team(team, ARCHIVED)
    team.kept, team.dead = place(team, "Rank tickets", ana), place(team, "Read invoices", raj)
    for instant in (MONDAY, FRIDAY, GONE):
        team.at(instant)
    return team


@pytest.fixture
@lived_once
def asked(team: Office, ana: Person) -> Office:
    """A team with one bet after its first check-in."""
    place(team, "Rank tickets", ana)
    team.at(MONDAY)
    return team


def _add_team(office: Office, channel: str) -> None:
    office.world.add_channel(channel, "old-team", members=[LEAD, office.world.bot_user_id])
    now = office.bot.now()
    with office.bot.transaction() as tx:
        team = do_add_team(tx, now, channel, default_settings("Europe/Berlin", [LEAD]), None)
        update_membership(tx, now, team.id, LEAD, True)
        actor = get_actor(tx, LEAD, now)
        assert actor is not None
        do_place_bet(tx, now, actor, team, BetForm(title="Old hat", problem="Forgotten", owners=(LEAD,)))
    office.settle()


@pytest.mark.parametrize(
    ("away", "missed"),
    [
        (timedelta(hours=1), []),
        (timedelta(days=1), []),
        (timedelta(days=7), []),
        (timedelta(days=8), ["2026-W50"]),
        (timedelta(days=60), [f"2026-W{number}" for number in range(50, 54)] + [f"2027-W0{n}" for n in range(1, 5)]),
    ],
)
def test_one_message_names_the_gap_and_the_week_goes_on(settled: Office, away: timedelta, missed: list[str]) -> None:
    before, threads = len(settled.messages()), len(in_thread(settled, settled.dead))
    old = len(settled.world.messages(ARCHIVED))
    end(settled, settled.dead)
    settled.world.archive(ARCHIVED)
    settled.world.forget_events()
    settled.expects_refusals = True
    settled.clock.move_to(GONE + away)
    report = tick.once(settled.bot)
    settled.settle()
    new = [words(message) for message in settled.messages()[before:]]
    assert len(new) == 1 and "Check-in, week of" in new[0]
    assert all(week in new[0] for week in map(say_week, missed))
    assert ("asked nobody" in new[0]) is bool(missed)
    assert len(in_thread(settled, settled.dead)) == threads
    assert len(settled.world.messages(ARCHIVED)) == old
    assert len(settled.world.refusals()) == 1, "one call finds out that the channel is archived"
    assert report["dropped"] >= len(missed)
    _assert_next_one_on_time(settled, GONE + away, before + 1)


def _assert_next_one_on_time(office: Office, back: datetime, so_far: int) -> None:
    """The regular check-in of the following week comes at its hour, not before, and names no gap."""
    weeks = (back - MONDAY) // timedelta(days=7) + 1
    due = MONDAY + timedelta(weeks=weeks)
    office.at(due - timedelta(minutes=1))
    earlier = [words(message) for message in office.messages()[so_far:]]
    assert not [text for text in earlier if "Check-in, week of" in text]
    office.at(due)
    newest = words(office.messages()[-1])
    assert "Check-in, week of" in newest and "asked nobody" not in newest


def test_a_week_that_is_asked_about_after_its_close_stays_open_until_the_next(settled: Office, ana: Person) -> None:
    """Away from Monday morning until Saturday: asked then, and what is said on Sunday is not late."""
    before, saturday = len(settled.messages()), GONE + timedelta(days=5)
    settled.at(saturday)
    assert [words(m).split(":")[0] for m in settled.messages()[before:]] == ["Check-in, week of 7 Dec"]
    settled.after(days=1)
    ana.say("70% It works", thread=thread_of(settled, settled.kept))
    assert [update.late for update in updates_of(settled, settled.kept)] == [False]
    _assert_next_one_on_time(settled, saturday, before + 1)


def test_decisions_that_an_archived_channel_is_owed_come_once_it_is_back_and_name_their_week(
    team: Office, ana: Person, raj: Person
) -> None:
    place(team, "Rank tickets", ana), place(team, "Find duplicates", raj)
    answer_weekly(team, THIRD_THURSDAY - timedelta(days=1), B_1=(ana, [70, 70, 15]), B_2=(raj, [70]))
    team.world.archive(CHANNEL)
    team.world.forget_events()  # so that the refusal tells, when the message is owed already
    team.expects_refusals = True
    before = len(team.messages())
    for days in (0, 1, 4, 5):
        team.at(THIRD_THURSDAY + timedelta(days=days))
    team.world.unarchive(CHANNEL)
    team.settle()
    team.after(minutes=1)
    decisions, checkin = (words(message) for message in team.messages()[before:])
    assert "Decisions, week of 14 Dec" in decisions and "Check-in, week of 21 Dec" in checkin


def test_what_a_long_absence_dropped_is_counted(settled: Office) -> None:
    settled.clock.move_to(GONE + timedelta(days=60))
    assert tick.once(settled.bot)["dropped"] >= 8 * 2, "eight check-ins in each of two teams"


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1), timedelta(days=8)])
def test_a_clock_that_jumps_back_repeats_nothing(asked: Office, back: timedelta) -> None:
    asked.at(NEXT_MONDAY)
    shown = keys_in(asked.world)
    asked.at(NEXT_MONDAY - back)
    asked.at(NEXT_MONDAY + timedelta(minutes=1))
    assert keys_in(asked.world) == shown


def test_a_clock_that_jumped_ahead_by_a_day_and_came_back_asks_once(asked: Office) -> None:
    asked.at(NEXT_MONDAY + timedelta(days=1))
    asked.at(NEXT_MONDAY - timedelta(minutes=1))
    asked.at(NEXT_MONDAY)
    texts = [words(message) for message in asked.messages()]
    assert sum("Check-in, week of 7 Dec" in text for text in texts) == 1


@pytest.mark.parametrize("skew", [timedelta(minutes=5), timedelta(minutes=-5)])
@pytest.mark.parametrize("place", ["channel", "dm"])
def test_a_clock_that_differs_from_slacks_still_finds_the_message(team: Office, skew: timedelta, place: str) -> None:
    team.bot.clock = Clock(lambda: team.clock.utcnow() + skew)
    where = {"channel": CHANNEL} if place == "channel" else {"user": LEAD}
    for key in ("first", "second"):
        team.world.fail("chat.postMessage", 1, "apply+drop")
        owe(team.bot, key, **where)
        tick.settle(team.bot)
        team.world.clear_faults()
        for _ in range(5):
            team.clock.advance(60)
            tick.once(team.bot)
        assert len(copies(team.world, key)) == 1
    assert len(team.world.calls("chat.postMessage")) == 2, "nothing was sent again"


def test_an_instant_that_was_worked_through_does_nothing_again(team: Office, ana: Person) -> None:
    place(team, "Rank tickets", ana)
    first = tick.once(team.bot, MONDAY)
    assert first["planned"] >= 1 and first["sent"] >= 2
    earlier = tick.once(team.bot, MONDAY - timedelta(hours=1))
    again = tick.once(team.bot, MONDAY)
    for report in (earlier, again):
        assert sum(report[kind] for kind in ("planned", "sent", "updated", "reconciled", "closed", "dropped")) == 0


def test_after_a_tick_in_the_future_the_clock_runs_on_from_there(team: Office) -> None:
    tick.once(team.bot, NEXT_MONDAY)
    team.clock.advance(60)
    assert team.bot.now() == NEXT_MONDAY + timedelta(minutes=1)
    assert team.new_bot().now() < NEXT_MONDAY
    another = team.new_bot()
    with another.reading():
        assert another.now() == NEXT_MONDAY + timedelta(minutes=1)


def test_what_must_wait_is_counted_and_due_at_a_later_instant(team: Office) -> None:
    team.expects_refusals = True
    team.world.fail("chat.postMessage", 1, "429:30")
    team.world.fail("chat.postMessage", 2, "apply+drop")
    owe(team.bot, "limited", channel=CHANNEL)
    owe(team.bot, "lost", user=LEAD)
    assert tick.once(team.bot)["waiting"] == 2
    later = tick.once(team.bot, team.bot.now() + timedelta(seconds=31))
    assert (later["waiting"], later["sent"], later["reconciled"]) == (0, 1, 1)
