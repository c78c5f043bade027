"""What no Slack would send: values that were tampered with, buttons of another version, events without their fields."""

import logging
from typing import Any

import pytest

from bot.render.ids import Act, Modal
from bot.store.updates import get_update_by_id
from handlers.forms import receipt_key
from tests.conftest import ANA, CHANNEL, Office
from tests.scenarios.rounds import place
from tests.talk import Person
from tests.work.test_hearing import states

VALUES = [
    '{"bet":1e999,"team":1e999,"update":1e999}',
    '{"bet":99999999999999999999999,"team":99999999999999999999999,"checkin":99999999999999999999,"update":9999999999999999999,'
    '"nudge":99999999999999999999,"decision":99999999999999999999,"criterion":99999999999999999999}',
    '{"bet":"x","team":"x","checkin":"x","update":"x","nudge":"x","decision":"x","criterion":"x","page":"x","start":"x"}',
    '{"bet":[1],"team":{},"checkin":[],"update":{},"nudge":[],"page":[],"start":[],"words":[],"channel":[],"rest":5}',
    '{"bet":-1,"team":0,"checkin":0,"update":-1,"nudge":0,"page":-5,"start":-5}',
    "null",
    "{bad",
    "",
]
# Of the buttons, `make test` presses each with these alone: too large, of another type, no JSON. `.ci/run` tries all.
FEW = (1, 3, 6)
SUFFIXES = ["", ":kill", ":70", ":yes", ":edit"]


def press(office: Office, action_id: str, value: Any, **more: Any) -> tuple[int, Any]:
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": "1.5"}
    body = {
        "type": "block_actions",
        "user": {"id": ANA},
        "channel": {"id": CHANNEL},
        "container": {"type": "message", "message_ts": "1.1", "channel_id": CHANNEL},
        "message": {"ts": "1.1"},
        "trigger_id": "1.2.x",
        "actions": [action],
    }
    status, answer, _ = office.deliver("interactive", body | more)
    return status, answer


@pytest.fixture
def calm(team: Office, ana: Person, caplog: pytest.LogCaptureFixture) -> Any:
    """A team with a bet; afterwards nothing may have been taken for a bug."""
    place(team, "Rank tickets", ana)
    ana.command("list")
    team.expects_refusals = True
    caplog.set_level(logging.ERROR)
    yield team
    # What was logged while the test itself ran: by now `records` are those of this taking down.
    bugs = [record for record in caplog.get_records("call") if "bug" in record.getMessage()]
    assert not bugs, [str(record.exc_info) for record in bugs]


@pytest.mark.parametrize(
    "value",
    [pytest.param(one, id=str(n), marks=[] if n in FEW else pytest.mark.full) for n, one in enumerate(VALUES)],
)
def test_a_button_with_a_forged_value_is_refused_and_no_bug(calm: Office, value: str) -> None:
    for act in Act:
        for suffix in SUFFIXES:
            assert press(calm, f"{act}{suffix}", value)[0] == 200, act


def test_a_confidence_without_its_number_is_refused_and_not_taken_for_zero(calm: Office, ana: Person) -> None:
    ana.command("update B-1 It works on the small set")
    press(calm, f"{Act.CONFIDENCE}:70", '{"update":1}')
    assert "Confidence is a whole number from 0 to 100, such as 70." in ana.saw()
    with calm.bot.reading() as tx:
        update = get_update_by_id(tx, 1)
    assert update is not None and update.confidence is None


@pytest.mark.parametrize("private", VALUES, ids=range(len(VALUES)))
def test_a_form_with_forged_private_data_is_refused_and_no_bug(calm: Office, private: str) -> None:
    for number, callback in enumerate(Modal):
        fields = [{"type": "input", "block_id": "title", "element": {}}] if number % 2 else []
        view = {
            "id": f"V{number}",
            "type": "modal",
            "callback_id": callback,
            "private_metadata": private,
            "blocks": fields,
            "hash": "1",
        }
        state = {"title": {"x": {"type": "plain_text_input", "value": "Title"}}}
        body = {"type": "view_submission", "user": {"id": ANA}, "view": view | {"state": {"values": state}}}
        assert calm.deliver("interactive", body)[0] == 200, callback


def test_a_button_of_another_version_is_answered_in_a_sentence(calm: Office, ana: Person) -> None:
    assert press(calm, "no_such_button:7", "{}") == (200, None)
    assert "This button is from another version of Bets: use `/bets help`." in ana.saw()


def test_a_form_of_another_version_says_that_nothing_was_saved(calm: Office) -> None:
    view = {"id": "V1", "type": "modal", "callback_id": "old_modal", "private_metadata": "", "blocks": [], "hash": "1"}
    status, answer, _ = calm.deliver("interactive", {"type": "view_submission", "user": {"id": ANA}, "view": view})
    assert status == 200 and "another version" in str(answer)
    status, answer, _ = calm.deliver("interactive", {"type": "view_closed", "user": {"id": ANA}, "view": view})
    assert (status, answer) == (200, None)


EVENTS: list[dict[str, Any]] = [
    {"type": "message"},
    {"type": "message", "channel": CHANNEL, "message": "x"},
    {"type": "message", "channel": CHANNEL, "user": ANA},
    {"type": "message", "channel": [], "user": ANA, "text": "x", "ts": "1.1"},
    {"type": "message", "subtype": "message_changed", "channel": CHANNEL},
    {"type": "message", "subtype": "message_deleted", "channel": CHANNEL, "previous_message": []},
    {"type": "app_mention"},
    {"type": "app_mention", "user": ANA},
    {"type": "reaction_added", "user": ANA},
    {"type": "reaction_added", "user": ANA, "reaction": "pushpin", "item": {"type": "message"}, "event_ts": "1.1"},
    {"type": "reaction_removed", "user": ANA, "reaction": "pushpin", "item": "x", "event_ts": "1.1"},
    {"type": "member_joined_channel", "user": ANA},
    {"type": "member_left_channel", "channel": CHANNEL},
    {"type": "channel_archive"},
    {"type": "group_left"},
    {"type": "user_change"},
    {"type": "user_change", "user": {}},
    {"type": "app_home_opened"},
    {"type": "never_heard_of"},
]


def test_events_without_their_fields_are_nobodys_business(calm: Office) -> None:
    for number, event in enumerate(EVENTS):
        body = {"type": "event_callback", "event_id": f"Ev{number}", "event": event}
        assert calm.deliver("events_api", body)[0] == 200, event
    for _ in range(6):
        calm.after(minutes=1)
    assert not set(states(calm)) & {"new", "failed"}


def test_a_message_in_the_bots_own_dm_is_heard_without_its_kind_of_channel(calm: Office, ana: Person) -> None:
    event = {"type": "message", "channel": ana.dm(), "user": ANA, "text": "list", "ts": "1.1", "event_ts": "1.1"}
    assert calm.deliver("events_api", {"type": "event_callback", "event_id": "Ev1", "event": event})[0] == 200
    calm.settle()
    assert "Rank tickets" in ana.saw(channel=ana.dm())


CLICK: dict[str, Any] = {"type": "block_actions", "user": {"id": ANA}, "trigger_id": "1.2.x"}


def clicked(**action: Any) -> dict[str, Any]:
    return CLICK | {"actions": [{"action_id": "x", **action}]}


def test_two_deliveries_are_never_one_for_want_of_slacks_marks() -> None:
    sent = {"type": "view_submission", "user": {"id": ANA}, "view": {"id": "V1", "state": {"values": {"a": 1}}}}
    other = sent | {"view": sent["view"] | {"state": {"values": {"a": 2}}}}
    command = {"command": "/bets", "user_id": ANA, "channel_id": CHANNEL, "text": "pause", "trigger_id": ""}
    pairs = [
        (clicked(value="1"), clicked(value="2")),
        (clicked(value="1"), clicked(value="1") | {"trigger_id": "1.3.x"}),
        (clicked() | {"trigger_id": ""}, clicked() | {"trigger_id": ""}),
        (sent, other),
        (command, command),
        (command | {"response_url": "https://h/1"}, command | {"response_url": "https://h/2"}),
    ]
    for one, two in pairs:
        assert receipt_key(one) != receipt_key(two)


def test_a_delivery_that_slack_repeats_is_one() -> None:
    command = {
        "command": "/bets",
        "user_id": ANA,
        "channel_id": CHANNEL,
        "trigger_id": "",
        "response_url": "https://h/1",
    }
    sent = {"type": "view_submission", "user": {"id": ANA}, "view": {"id": "V1"}}
    for body in (clicked(value="1"), clicked(action_ts="1.1"), command, command | {"trigger_id": "1.2"}, sent):
        assert receipt_key(body) == receipt_key(dict(body))
        assert len(receipt_key(body)) <= 200
