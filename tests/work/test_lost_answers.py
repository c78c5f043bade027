"""An answer of Slack that gets lost costs neither the message nor a second copy of it."""

import os
import subprocess
import sys
from typing import Any

import pytest

from tests.conftest import ANA, CHANNEL, Office
from tests.work.owed import copies, owe, posts_of, row

FAULTS = [
    "apply+drop",
    "apply+rst",
    "apply+hang",
    "apply+500",
    "apply+502html",
    "apply+cut",
    "apply+html",
    "apply+internal_error",
    "noapply+500",
]


@pytest.fixture
def hasty(team: Office) -> Office:
    """A team whose bot waits for Slack only a fifth of a second."""
    team.bot.slack.post.timeout = 0.2  # type: ignore[assignment]
    team.expects_refusals = True  # type: ignore[attr-defined]
    return team


def owe_in(office: Office, place: str) -> tuple[int, str | None]:
    """A message that is due in the channel, a thread or a DM; its row and its thread."""
    if place != "thread":
        return owe(office, "lost", place=place), None
    parent = owe(office, "parent")
    office.settle()
    return owe(office, "lost", parent_id=parent), row(office, parent).ts


def reads(office: Office) -> list[dict[str, Any]]:
    return [
        call
        for method in ("conversations.history", "conversations.replies")
        for call in office.world.calls(method)
        if str(call["args"].get("include_all_metadata")) in ("1", "True")
    ]


@pytest.mark.parametrize("place", ["channel", "thread", "dm"])
@pytest.mark.parametrize("fault", FAULTS)
def test_exactly_one_message_stands_there_whatever_became_of_the_answer(hasty: Office, fault: str, place: str) -> None:
    post_id, thread = owe_in(hasty, place)
    hasty.world.fail("chat.postMessage", 1, fault)
    hasty.settle()
    hasty.after(seconds=19)
    assert row(hasty, post_id).state == "uncertain"
    assert len(posts_of(hasty, "lost")) == 1, "nothing is sent again before the first look"
    hasty.after(seconds=2)
    assert len(reads(hasty)) == 1
    hasty.after(seconds=61)
    hasty.after(minutes=11)
    assert len(copies(hasty, "lost", thread)) == 1
    assert row(hasty, post_id).state == "sent"
    assert row(hasty, post_id).ts == copies(hasty, "lost", thread)[0]["ts"]
    assert len(posts_of(hasty, "lost")) == (2 if fault == "noapply+500" else 1)


@pytest.mark.parametrize("place", ["channel", "thread", "dm"])
def test_where_nobody_may_read_nothing_is_sent_again_and_the_operator_sees_it(hasty: Office, place: str) -> None:
    post_id, _ = owe_in(hasty, place)
    for method in ("conversations.history", "conversations.replies"):
        hasty.world.fail(method, None, "refuse:missing_scope")
    hasty.world.fail("chat.postMessage", 1, "noapply+500")
    hasty.settle()
    for _ in range(5):
        hasty.after(minutes=6)
    assert len(posts_of(hasty, "lost")) == 1
    assert row(hasty, post_id).state == "uncertain" and row(hasty, post_id).error == "unreadable"
    hasty.world.clear_faults()
    hasty.after(minutes=6)
    hasty.after(minutes=2)
    assert len(posts_of(hasty, "lost")) == 2, "once it may read again, it finds out and goes on"
    assert row(hasty, post_id).state == "sent"


@pytest.mark.parametrize("place", ["channel", "thread", "dm"])
def test_a_copy_that_slack_applies_late_is_swept_away(hasty: Office, place: str) -> None:
    post_id, thread = owe_in(hasty, place)
    hasty.world.fail("chat.postMessage", 1, "apply_after", seconds=85)
    hasty.settle()
    hasty.after(seconds=21)
    hasty.after(seconds=61)
    hasty.after(seconds=10)
    assert len(copies(hasty, "lost", thread)) == 2
    hasty.after(minutes=11)
    assert [m["ts"] for m in copies(hasty, "lost", thread)] == [row(hasty, post_id).ts]


@pytest.mark.parametrize("answered", [(0,), (1,), (0, 1)], ids=["the first", "the second", "both"])
def test_a_copy_that_people_answered_is_never_the_one_that_goes(hasty: Office, answered: tuple[int, ...]) -> None:
    owe(hasty, "lost")
    hasty.world.fail("chat.postMessage", 1, "apply_after", seconds=85)
    hasty.settle()
    hasty.after(seconds=21)
    hasty.after(seconds=61)
    hasty.after(seconds=10)
    both = copies(hasty, "lost")
    for index in answered:
        hasty.world.say(ANA, CHANNEL, "Yes", thread_ts=both[index]["ts"])
    hasty.settle()
    hasty.after(minutes=11)
    assert [m["ts"] for m in copies(hasty, "lost")] == [both[index]["ts"] for index in answered]


def test_one_reading_serves_all_that_is_uncertain_in_a_channel(hasty: Office) -> None:
    rows = [owe(hasty, f"lost:{number}") for number in range(5)]
    hasty.world.fail("chat.postMessage", None, "apply+drop")
    hasty.settle()
    hasty.world.clear_faults()
    hasty.after(seconds=21)
    assert {row(hasty, post_id).state for post_id in rows} == {"sent"}
    assert len(reads(hasty)) == 1


def test_only_our_own_bots_metadata_counts(hasty: Office) -> None:
    """Any app can write our kind of metadata: a message of somebody else never passes for ours."""
    post_id = owe(hasty, "lost")
    hasty.world.fail("chat.postMessage", 1, "noapply+500")
    hasty.settle()
    forged = hasty.world.say(ANA, CHANNEL, "lost")
    hasty.world.find_message(CHANNEL, forged).metadata = {  # type: ignore[union-attr]
        "event_type": "bets_post",
        "event_payload": {"key": "lost"},
    }
    hasty.after(seconds=21)
    hasty.after(seconds=61)
    assert row(hasty, post_id).ts not in (None, forged)


def test_a_process_that_begins_with_a_message_to_look_for_then_sends_what_else_is_owed(hasty: Office) -> None:
    lost = owe(hasty, "lost")
    hasty.world.fail("chat.postMessage", 1, "apply+500")
    hasty.settle()
    assert row(hasty, lost).state == "uncertain"
    owe(hasty, "next")
    hasty.bot.engine.dispose()
    hasty.clock.advance(21)
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.getcwd(),
        "BETS_HOME": str(hasty.home),
        "BETS_PACE": "0",
        "SLACK_API_URL": hasty.world.api_url,
        "SLACK_BOT_TOKEN": hasty.world.bot_token,
    }
    # A process of its own: in this one statements were said before, in another order.
    command = [sys.executable, "-m", "bot", "tick", "--now", hasty.clock.utcnow().isoformat()]
    done = subprocess.run(command, env=env, cwd=hasty.home, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert [len(copies(hasty, key)) for key in ("lost", "next")] == [1, 1]
