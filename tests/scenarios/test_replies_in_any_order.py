"""Slack delivers late, twice and in any order: what is recorded depends on what was said alone."""

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.actions.pins import do_hear_reaction
from bot.actions.replies import do_hear_message
from bot.store.checkins import list_open_threads
from bot.store.db import begin
from bot.store.replies import list_notes
from bot.store.tables import updates
from bot.store.updates import list_updates, list_versions
from tests.conftest import CHANNEL, Office, examples, lived_once
from tests.scenarios.rounds import FRIDAY, MONDAY, in_thread, place, thread_of, updates_of
from tests.talk import Person

Event = dict[str, Any]


@pytest.fixture
@lived_once
def asked(team: Office, ana: Person, raj: Person) -> Office:
    """Monday, ten o'clock: Ana and Raj have been asked about B-1."""
    team.bet = place(team, "Rank tickets", ana, raj)
    team.at(MONDAY)
    team.thread = thread_of(team, team.bet)
    return team


class Slack:
    """What Slack would deliver about replies of Ana in one thread, `at` seconds after the prompt."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.start = float(in_thread(office, office.bet)[0]["ts"])

    def ts(self, at: float) -> str:
        return f"{self.start + at:.6f}"

    def message(self, at: float, text: str, edited: float | None = None) -> Event:
        told: Event = {"type": "message", "user": "U0ANA", "text": text, "ts": self.ts(at)}
        told["thread_ts"] = self.office.thread
        return told | ({"edited": {"user": "U0ANA", "ts": f"{int(self.start + edited)}.000000"}} if edited else {})

    def create(self, at: float, text: str) -> Event:
        return self.message(at, text) | {"channel": CHANNEL, "event_ts": self.ts(at)}

    def edit(self, at: float, edited: float, text: str) -> Event:
        told = {"message": self.message(at, text, edited), "ts": self.ts(edited), "event_ts": self.ts(edited)}
        return {"type": "message", "subtype": "message_changed", "channel": CHANNEL} | told

    def delete(self, at: float, deleted: float, text: str, edited: float | None = None) -> Event:
        told = {"previous_message": self.message(at, text, edited), "deleted_ts": self.ts(at)}
        when = {"ts": self.ts(deleted), "event_ts": self.ts(deleted)}
        return {"type": "message", "subtype": "message_deleted", "channel": CHANNEL} | told | when


def outcome(office: Office, events: Sequence[Event]) -> Any:
    """What is stored after these events, without instants; nothing of it stays in the database."""
    with office.bot.engine.connect() as tx:
        change = tx.begin()
        begin(tx)
        for event in events:
            do_hear_message(tx, office.bot.now(), event, office.world.bot_user_id)
        found = list(_stored(tx))
        change.rollback()
    return found


def _stored(tx: Connection) -> Iterator[Any]:
    for update in list_updates(tx, updates.c.id > 0):
        versions = [(v.text, v.confidence, v.source, v.edit_ts) for v in list_versions(tx, update.id)]
        yield update.user, update.text, update.confidence, update.deleted, update.version, update.ts, versions


def doubled(events: Sequence[Event], again: Sequence[int]) -> list[Event]:
    """The events with some of them delivered once more at the end or right after."""
    twice = [copy for place, event in enumerate(events) for copy in ([event] * (2 if place in again else 1))]
    return [*twice, *(events[place] for place in again)]


@pytest.mark.parametrize("deleted", [False, True])
def test_every_order_of_a_reply_its_edits_and_its_deletion_ends_alike(asked: Office, deleted: bool) -> None:
    slack = Slack(asked)
    events = [slack.create(10, "70% one"), slack.edit(10, 20, "conf 40 two"), slack.edit(10, 30, "three")]
    events += [slack.delete(10, 40, "three", 30)] if deleted else []
    expected = outcome(asked, events)
    (kept,) = expected
    assert kept[1:5] == ((None, None, True, 3) if deleted else ("three", None, False, 3))
    for order in permutations(events):
        assert outcome(asked, order) == expected
        assert outcome(asked, doubled(order, [0, len(order) - 1])) == expected


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_several_replies_in_any_order_have_the_same_one_as_the_update(asked: Office, data: st.DataObject) -> None:
    slack = Slack(asked)
    events = [
        slack.create(10, "70% first"),
        slack.delete(10, 25, "70% first"),
        slack.create(20, "50% second, discussion"),
        slack.create(30, "30% third, the answer"),
        slack.edit(30, 35, "20% third, the answer"),
        slack.create(40, "update: a note"),
        slack.create(50, "90% fourth, discussion"),
    ]
    order = data.draw(st.permutations(events))
    again = data.draw(st.lists(st.integers(0, len(events) - 1), max_size=3))
    ((_, text, confidence, deleted, _, ts, _),) = outcome(asked, doubled(order, again))
    assert (text, confidence, deleted, ts) == ("20% third, the answer", 20, False, slack.ts(30))


def test_an_earlier_reply_that_is_heard_later_takes_the_place_of_the_later_one(asked: Office) -> None:
    slack = Slack(asked)
    both = [slack.create(20, "20% second"), slack.create(10, "70% first")]
    assert outcome(asked, both) == outcome(asked, both[::-1])
    assert outcome(asked, both)[0][1] == "70% first"


def test_a_pin_heard_before_its_message_is_the_same_note(asked: Office) -> None:
    slack = Slack(asked)
    said = slack.create(10, "worth keeping") | {"user": "U0LEE"}
    item = {"type": "message", "channel": CHANNEL, "ts": slack.ts(10)}
    pin = {"type": "reaction_added", "user": "U0ANA", "reaction": "pushpin", "item": item, "event_ts": slack.ts(11)}
    off = pin | {"type": "reaction_removed", "event_ts": slack.ts(12)}
    for events, notes in (([pin, said], 1), ([said, pin, pin], 1), ([off, said, pin], 0), ([said, pin, off], 0)):
        with asked.bot.engine.connect() as tx:
            change = tx.begin()
            begin(tx)
            for event in events:
                hear = do_hear_message if event["type"] == "message" else do_hear_reaction
                hear(tx, asked.bot.now(), event, asked.world.bot_user_id)
            assert len(list_notes(tx, [asked.bet.id])) == notes, events
            change.rollback()


def test_a_link_that_slack_unfolds_is_no_edit(asked: Office) -> None:
    slack = Slack(asked)
    said = slack.create(10, "70% see https://x.example")
    unfolded = slack.edit(10, 20, "70% see https://x.example")
    del unfolded["message"]["edited"]
    assert outcome(asked, [said, unfolded]) == outcome(asked, [said])


def test_a_reply_to_a_prompt_whose_arrival_is_not_known_yet_is_the_answer(asked: Office) -> None:
    slack = Slack(asked)
    with asked.bot.transaction() as tx:
        tx.exec_driver_sql("UPDATE outbox SET ts = NULL, state = 'uncertain' WHERE key LIKE 'prompt:%'")
    assert outcome(asked, [slack.create(10, "70% quick")])[0][1] == "70% quick"


def test_a_gap_is_filled_from_the_prompt_on(asked: Office, ana: Person) -> None:
    prompt = in_thread(asked, asked.bet)[0]["ts"]
    with asked.bot.reading() as tx:
        assert list_open_threads(tx, asked.bot.now()) == [(CHANNEL, asked.thread, prompt)]
    ana.say("70% heard", asked.thread)
    asked.at(FRIDAY)
    with asked.bot.reading() as tx:
        assert list_open_threads(tx, asked.bot.now()) == [(CHANNEL, asked.thread, prompt)]
    assert updates_of(asked, asked.bet)[0].late is False
