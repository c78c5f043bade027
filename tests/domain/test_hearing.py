"""What Slack's message events say, whoever wrote them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.hearing import is_plain, is_said_anew, merge, read_message, role_of
from bot.domain.records import REFUSED, Heard

T0 = datetime(2026, 11, 30, 9, tzinfo=UTC)
SAID = {"type": "message", "channel": "C1", "user": "U1", "text": "a &lt;b&gt;", "ts": "10.0", "thread_ts": "1.0"}


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (SAID, "a <b>"),
        (SAID | {"subtype": "thread_broadcast"}, "a <b>"),
        (SAID | {"subtype": "file_share", "files": [{"permalink": "https://x/F1"}]}, "a <b>"),
        (
            SAID | {"text": "", "files": [{"permalink": "https://x/F1"}, {"name": "b.png"}]},
            "see file https://x/F1 b.png",
        ),
    ],
)
def test_a_persons_message_is_read_as_typed(event: dict[str, Any], text: str) -> None:
    found = read_message(event)
    assert found is not None and (found.text, found.user, found.edit_ts) == (text, "U1", "10.0")


@pytest.mark.parametrize(
    ("text", "names", "samples"),
    [
        ("", ["a.csv"], True),
        (" ", ["a.JSONL", "b.parquet"], True),
        ("look", ["a.csv"], False),
        ("", ["a.csv", "b.png"], False),
        ("", ["notes.pdf"], False),
        ("", [], False),
    ],
)
def test_only_prediction_files_without_a_word_are_samples(text: str, names: list[str], samples: bool) -> None:
    found = read_message(SAID | {"text": text, "files": [{"name": name} for name in names]})
    assert found is not None and found.samples is samples
    assert merge(None, found, 1, "UBOT", T0).plain is not samples


@pytest.mark.parametrize(
    "event",
    [
        SAID | {"subtype": "bot_message"},
        SAID | {"subtype": "channel_join"},
        SAID | {"bot_id": "B1"},
        SAID | {"user": "USLACKBOT"},
        SAID | {"user": None},
        {"type": "message", "subtype": "message_changed", "channel": "C1", "message": SAID},
        {"type": "message", "subtype": "message_changed", "channel": "C1"},
        {"type": "message", "subtype": "message_deleted", "channel": "C1", "deleted_ts": "10.0"},
        {"type": "message", "subtype": "message_deleted", "channel": "C1", "previous_message": SAID | {"bot_id": "B1"}},
    ],
)
def test_machines_joins_and_unfolded_links_say_nothing(event: dict[str, Any]) -> None:
    assert read_message(event) is None


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("70% works", True),
        ("update: noted", False),
        ("<@UBOT> show", False),
        ("<@UBOT|bets> show", False),
        ("<@U2> hi", True),
    ],
)
def test_notes_and_commands_are_no_answers(text: str, plain: bool) -> None:
    assert is_plain(text, "UBOT") is plain


def test_of_edits_in_the_messages_own_second_the_one_heard_last_counts() -> None:
    def edited(text: str) -> Heard:
        told = SAID | {"ts": "10.000200", "text": text, "edited": {"ts": "10.000000"}}
        message = read_message({"subtype": "message_changed", "channel": "C1", "message": told})
        assert message is not None
        return merge(heard, message, 7, "UBOT", T0)

    said = read_message(SAID | {"ts": "10.000200"})
    assert said is not None
    heard = merge(None, said, 7, "UBOT", T0)
    heard = edited("better")
    assert (heard.text, heard.edit_ts) == ("better", "10.000201")
    heard = edited("best")
    assert (heard.text, heard.edit_ts) == ("best", "10.000201")
    assert merge(heard, said, 7, "UBOT", T0).text == "best"


def test_the_newest_text_is_kept_whatever_comes_last_and_none_of_what_was_deleted() -> None:
    create, edit = (
        read_message(SAID),
        read_message(
            {"subtype": "message_changed", "channel": "C1", "message": SAID | {"text": "new", "edited": {"ts": "20.0"}}}
        ),
    )
    assert create is not None and edit is not None
    heard = merge(merge(None, edit, 7, "UBOT", T0), create, 7, "UBOT", T0)
    assert (heard.text, heard.edit_ts) == ("new", "20.0")
    gone = read_message(
        {
            "subtype": "message_deleted",
            "channel": "C1",
            "deleted_ts": "10.0",
            "event_ts": "30.0",
            "previous_message": SAID,
        }
    )
    assert gone is not None
    after = merge(merge(heard, gone, 7, "UBOT", T0), create, 7, "UBOT", T0)
    assert (after.text, after.deleted, after.taken_back_ts) == (None, True, "30.0")


@pytest.mark.parametrize(
    ("before", "after", "status", "anew"),
    [
        ({"text": "a"}, {"text": "b", "edit_ts": "11"}, "live", True),
        ({"text": "a"}, {"text": "a"}, "live", False),
        ({"text": "a"}, {"text": None, "deleted": True, "edit_ts": "11"}, "live", False),
        ({"text": "a", "taken_back_ts": "10"}, {"text": "b", "edit_ts": "11"}, "live", False),
        ({"text": "a", "taken_back_ts": None}, {"text": "b", "edit_ts": "11"}, "live", False),
        ({"text": "a"}, {"text": "70% b", "edit_ts": "11"}, "killed", True),
        ({"text": "a"}, {"text": "b", "edit_ts": "11"}, "killed", False),
        ({"text": "60% a"}, {"text": "70% a", "edit_ts": "11"}, "paused", False),
    ],
)
def test_a_refused_reply_is_said_anew_by_an_edit_on_a_live_bet_or_one_that_states_a_confidence(
    before: dict[str, Any], after: dict[str, Any], status: str, anew: bool
) -> None:
    known = Heard("C1", "10", T0, **{"edit_ts": "10", "taken_back_ts": REFUSED} | before)
    assert is_said_anew(known, replace(known, **after), status) is anew
    assert not is_said_anew(None, known, status)


@pytest.mark.parametrize(
    ("heard", "answer", "role"),
    [
        (Heard("C1", "10", T0, text="a"), "10", "update"),
        (Heard("C1", "10", T0, text="a", taken_back_ts="11"), "10", "discussion"),
        (Heard("C1", "10", T0, deleted=True, taken_back_ts="11"), "10", "update"),
        (Heard("C1", "10", T0, text="a"), None, "discussion"),
        (Heard("C1", "10", T0, text="update: a"), "9", "note"),
        (Heard("C1", "10", T0, text="a", pins={"U1": ["1", True]}), "9", "note"),
        (Heard("C1", "10", T0, text="a", pins={"U1": ["1", False]}), "9", "discussion"),
        (Heard("C1", "10", T0, pins={"U1": ["1", True]}), None, "discussion"),
        (Heard("C1", "10", T0, deleted=True, role="note"), None, "note"),
    ],
)
def test_a_message_is_an_update_a_note_or_discussion(heard: Heard, answer: str | None, role: str) -> None:
    assert role_of(heard, answer) == role
