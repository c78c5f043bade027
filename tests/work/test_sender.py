"""How the outbox is emptied: in order, at Slack's pace, once each, and quietly where Slack says no."""

import time
from datetime import timedelta
from typing import Any

import pytest

from bot.store.outbox import update_message, update_reaction
from bot.store.tables import outbox
from bot.transport import health
from bot.work import audit, sender, tick
from tests.conftest import ANA, CHANNEL, LEAD, RAJ, Office
from tests.scenarios.rounds import end, place, thread_of
from tests.talk import Person, words
from tests.work.ledger import copies, error_of, keys_in, owe, row, said

BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "Hello in blocks"}}]


@pytest.fixture
def faulty(team: Office) -> Office:
    """A team whose Slack may say no."""
    team.expects_refusals = True
    return team


def test_a_message_that_is_no_longer_true_is_dropped(team: Office, ana: Person) -> None:
    bet = place(team, "Rank tickets", ana)
    end(team, bet)
    owe(team.bot, "late", channel=CHANNEL, guard={"if": "bet_is", "bet": bet.id, "statuses": ["live"]})
    team.settle()
    assert row(team.bot, "late").state == "dropped"
    assert not copies(team.world, "late")


def test_a_dm_is_opened_once_and_then_remembered(team: Office) -> None:
    for number in range(3):
        owe(team.bot, f"dm:{number}", user=ANA)
    team.settle()
    assert len(team.world.calls("conversations.open")) == 1
    assert [m["text"] for m in team.world.messages(team.world.open_dm(ANA))] == ["Hello"] * 3


def test_somebody_who_left_slack_gets_no_dm(team: Office) -> None:
    team.world.change_user(ANA, deleted=True)
    owe(team.bot, "dm", user=ANA)
    team.settle()
    assert row(team.bot, "dm").state == "dropped"
    assert not team.world.calls("conversations.open")


def test_messages_keep_slacks_pace(team: Office) -> None:
    team.bot.pace = 0.3
    team.world.set_pace(0.25)  # a busy machine delivers unevenly
    for number in range(8):
        owe(team.bot, f"paced:{number}", channel=CHANNEL)
    owe(team.bot, "aside", user=RAJ)
    began = time.monotonic()
    tick.settle(team.bot)
    assert row(team.bot, "aside").state == "sent", "another place has a pace of its own"
    assert row(team.bot, "paced:7").state == "pending"
    done = tick.once(team.bot)
    assert time.monotonic() - began >= 0.6
    assert done["waiting"] == 0
    assert [message.text for number in range(8) for message in copies(team.world, f"paced:{number}")] == ["Hello"] * 8


def test_edits_wait_for_no_pace(team: Office) -> None:
    post = owe(team.bot, "message", channel=CHANNEL)
    tick.settle(team.bot)
    team.bot.pace = 1000
    for number in range(20):
        with team.bot.transaction() as tx:
            update_message(tx, team.bot.now(), post.id, {"text": f"Version {number}"})
        tick.settle(team.bot)
    assert copies(team.world, "message")[0].text == "Version 19"


def test_of_several_edits_the_last_one_stands(team: Office) -> None:
    post = owe(team.bot, "message", channel=CHANNEL)
    tick.settle(team.bot)
    with team.bot.transaction() as tx:
        for text in ("second", "third", "last"):
            update_message(tx, team.bot.now(), post.id, {"text": text})
    tick.settle(team.bot)
    assert copies(team.world, "message")[0].text == "last"
    assert len(team.world.calls("chat.update")) == 1


def test_an_edit_that_comes_while_its_older_text_is_on_the_way_is_sent_after_it(team: Office) -> None:
    post = owe(team.bot, "message", channel=CHANNEL)
    tick.settle(team.bot)
    _edit(team, post.id, "older")
    update = team.bot.slack.post.chat_update

    def slow(**call: Any) -> Any:
        _edit(team, post.id, "newer")
        team.bot.slack.post.chat_update = update  # type: ignore[method-assign]
        assert sender.once(team.bot) is None, "the newer one waits for the answer to the older"
        return update(**call)

    team.bot.slack.post.chat_update = slow  # type: ignore[method-assign]
    tick.settle(team.bot)
    assert copies(team.world, "message")[0].text == "newer"


def test_an_edit_before_its_message_is_there_follows_it(faulty: Office) -> None:
    faulty.world.fail("chat.postMessage", 1, "apply+500")
    post = owe(faulty.bot, "message", "first", channel=CHANNEL)
    tick.settle(faulty.bot)
    _edit(faulty, post.id, "second")
    tick.settle(faulty.bot)
    assert copies(faulty.world, "message")[0].text == "first"
    faulty.after(seconds=21)
    assert copies(faulty.world, "message")[0].text == "second"


def test_a_lost_answer_to_an_edit_is_simply_repeated(faulty: Office) -> None:
    post = owe(faulty.bot, "message", channel=CHANNEL)
    tick.settle(faulty.bot)
    for fault in ("apply+drop", "noapply+500"):
        faulty.world.fail("chat.update", 1, fault)
        _edit(faulty, post.id, f"after {fault}")
        tick.settle(faulty.bot)
        faulty.after(seconds=10)
        faulty.world.clear_faults()
        assert copies(faulty.world, "message")[0].text == f"after {fault}"


def test_what_is_said_in_a_thread_keeps_its_order(faulty: Office, ana: Person) -> None:
    bet = place(faulty, "Rank tickets", ana)
    for number, fault in enumerate(("429:30", "apply+drop", "noapply+500", "ok")):
        faulty.world.fail("chat.postMessage", number + 1, fault)
    for number in range(4):
        owe(faulty.bot, f"part:{number}", f"Part {number}", channel=CHANNEL, parent_id=bet.card_id)
    for _ in range(12):
        faulty.after(seconds=30)
    thread = thread_of(faulty, bet)
    assert [m["text"] for m in faulty.messages(thread)[1:]] == [f"Part {number}" for number in range(4)]


def test_blocks_that_slack_will_not_take_become_plain_text(faulty: Office) -> None:
    faulty.world.fail("chat.postMessage", 2, "refuse:invalid_blocks")
    for number in range(3):
        owe(faulty.bot, f"message:{number}", f"Plain {number}", channel=CHANNEL, blocks=BLOCKS)
    tick.settle(faulty.bot)
    assert keys_in(faulty.world) == {f"message:{number}": 1 for number in range(3)}
    plain = copies(faulty.world, "message:1")[0]
    assert (plain.text, plain.blocks) == ("Plain 1", [])
    assert [copies(faulty.world, f"message:{number}")[0].blocks != [] for number in (0, 2)] == [True, True]


def test_a_message_that_slack_refuses_even_as_text_is_not_tried_for_ever(faulty: Office) -> None:
    faulty.world.fail("chat.postMessage", None, "refuse:invalid_blocks")
    owe(faulty.bot, "bad", channel=CHANNEL, blocks=BLOCKS)
    for _ in range(5):
        faulty.after(minutes=10)
    assert row(faulty.bot, "bad").state == "refused"
    assert len(said(faulty.world, "bad")) == 2


@pytest.mark.parametrize("code", ["is_archived", "not_in_channel", "channel_not_found"])
def test_a_channel_that_is_gone_falls_silent_and_its_lead_hears_of_it_once(faulty: Office, code: str) -> None:
    faulty.world.fail("chat.postMessage", 1, f"refuse:{code}")
    faulty.world.fail("conversations.info", None, f"refuse:{code}")
    for number in range(4):
        owe(faulty.bot, f"message:{number}", channel=CHANNEL)
    tick.settle(faulty.bot)
    faulty.after(hours=1)
    told = [m for m in faulty.world.messages(faulty.world.open_dm(LEAD)) if "cannot post" in m["text"]]
    assert len(told) == 1
    assert sum(len(said(faulty.world, f"message:{number}")) for number in range(4)) == 1
    assert audit.once(faulty.bot) == 0, "what waits for its channel is not overdue"


@pytest.mark.parametrize("code", ["restricted_action", "is_archived", "not_in_channel", "channel_not_found"])
def test_a_refusal_that_slacks_description_does_not_show_is_no_loop(faulty: Office, code: str) -> None:
    faulty.world.fail("chat.postMessage", None, f"refuse:{code}", channel=CHANNEL)
    owe(faulty.bot, "message", channel=CHANNEL)
    tick.settle(faulty.bot)
    for minutes in (1, 1, 9, 60, 600):
        faulty.after(minutes=minutes)
    assert len(said(faulty.world, "message")) == 2
    assert _times_told(faulty) == 1
    faulty.world.clear_faults()
    faulty.after(days=1)
    assert len(copies(faulty.world, "message")) == 1
    assert _times_told(faulty) == 1


def test_a_lead_lets_a_channel_be_tried_at_once(faulty: Office, lead: Person) -> None:
    faulty.world.fail("chat.postMessage", None, "refuse:restricted_action", channel=CHANNEL)
    owe(faulty.bot, "message", channel=CHANNEL)
    faulty.after(minutes=11)
    faulty.world.clear_faults()
    lead.command("resume")
    assert "I try again" in words(lead.reply.body)
    assert len(copies(faulty.world, "message")) == 1


def test_a_channel_that_worked_in_between_is_told_of_again(faulty: Office) -> None:
    for number in range(2):
        faulty.world.fail("chat.postMessage", 1, "refuse:restricted_action", channel=CHANNEL)
        owe(faulty.bot, f"message:{number}", channel=CHANNEL)
        tick.settle(faulty.bot)
        assert _times_told(faulty) == number + 1
        faulty.world.clear_faults()
        faulty.after(minutes=11)
        assert len(copies(faulty.world, f"message:{number}")) == 1


def _times_told(office: Office) -> int:
    return sum("cannot post" in m["text"] for m in office.world.messages(office.world.open_dm(LEAD)))


def test_what_waited_for_an_archived_channel_goes_out_when_it_is_back(team: Office) -> None:
    team.world.archive(CHANNEL)
    team.settle()
    owe(team.bot, "waits", channel=CHANNEL)
    team.after(hours=1)
    assert not copies(team.world, "waits")
    team.world.unarchive(CHANNEL)
    team.settle()
    assert len(copies(team.world, "waits")) == 1


def test_an_archived_channel_that_is_back_after_weeks_is_not_flooded(team: Office, ana: Person) -> None:
    place(team, "Rank tickets", ana)
    team.world.archive(CHANNEL)
    team.settle()
    for number in range(3):
        owe(team.bot, f"old:{number}", channel=CHANNEL)
    for _ in range(3):
        team.after(days=7)
    before = len(team.messages())
    owe(team.bot, "fresh", channel=CHANNEL)
    team.world.unarchive(CHANNEL)
    team.settle()
    tick.once(team.bot)
    team.settle()
    assert not [key for key in keys_in(team.world) if key.startswith("old:")]
    assert len(copies(team.world, "fresh")) == 1
    new = [words(m) for m in team.messages()[before:]]
    assert sum("Check-in, week of" in text for text in new) == 1


def test_a_channel_comes_back_even_if_slack_never_says_so(team: Office) -> None:
    team.world.archive(CHANNEL)
    team.settle()
    owe(team.bot, "waits", channel=CHANNEL)
    team.world.unarchive(CHANNEL)
    team.world.forget_events()
    for _ in range(2):
        team.after(minutes=10)
    assert len(copies(team.world, "waits")) == 1


def test_a_missing_scope_holds_everything_back_until_the_token_has_it(faulty: Office) -> None:
    scopes = faulty.world.manifest["oauth_config"]["scopes"]["bot"]
    scopes.remove("chat:write")
    for number in range(3):
        owe(faulty.bot, f"message:{number}", channel=CHANNEL)
    tick.settle(faulty.bot)
    for _ in range(5):
        faulty.after(minutes=5)
    assert sum(len(said(faulty.world, f"message:{number}")) for number in range(3)) == 1
    assert [row(faulty.bot, f"message:{number}").state for number in range(3)] == ["pending"] * 3
    assert health.check(faulty.bot, lambda: True)[0] == 503
    scopes.append("chat:write")
    faulty.after(minutes=2)
    assert keys_in(faulty.world) == {f"message:{number}": 1 for number in range(3)}
    assert health.check(faulty.bot, lambda: True)[0] == 200


def test_the_health_page_is_red_while_the_disk_has_no_room_for_an_answer(
    faulty: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert health.check(faulty.bot, lambda: True)[0] == 200
    monkeypatch.setattr(health, "ROOM", 10**18)
    reason = "the database's disk is full or read-only"
    assert health.check(faulty.bot, lambda: True) == (503, {"ok": False, "reason": reason})


def test_the_health_page_is_red_while_the_databases_file_is_gone(faulty: Office) -> None:
    assert health.check(faulty.bot, lambda: True)[0] == 200
    (faulty.home / "bets.db").rename(faulty.home / "moved.db")
    reason = "the database's file was moved or deleted: put it back and restart"
    assert health.check(faulty.bot, lambda: True) == (503, {"ok": False, "reason": reason})
    (faulty.home / "moved.db").rename(faulty.home / "bets.db")


@pytest.mark.parametrize("code", ["missing_scope", "not_allowed_token_type"])
def test_what_is_not_allowed_although_the_scopes_look_fine_is_tried_rarely(faulty: Office, code: str) -> None:
    faulty.world.fail("chat.postMessage", None, f"refuse:{code}")
    owe(faulty.bot, "message", channel=CHANNEL)
    for minutes in (0, 1, 1, 9, 60, 600):
        faulty.after(minutes=minutes)
    assert len(said(faulty.world, "message")) == 2
    faulty.world.clear_faults()
    faulty.after(days=1)
    assert len(copies(faulty.world, "message")) == 1


def test_dms_that_are_not_allowed_hold_up_no_channel(faulty: Office) -> None:
    faulty.world.fail("conversations.open", None, "refuse:missing_scope")
    owe(faulty.bot, "dm", user=RAJ)
    owe(faulty.bot, "message", channel=CHANNEL)
    faulty.after(minutes=1)
    assert keys_in(faulty.world) == {"message": 1}
    assert row(faulty.bot, "dm").state == "pending"
    faulty.world.clear_faults()
    faulty.after(minutes=10)
    assert len(copies(faulty.world, "dm")) == 1


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_too_long", "no_text", "some_new_word"])
def test_a_message_that_slack_takes_in_no_form_is_told_to_the_leads_once(faulty: Office, code: str) -> None:
    faulty.world.fail("chat.postMessage", None, f"refuse:{code}", channel=CHANNEL)
    owe(faulty.bot, "bad", "Your <@U0RAJ> week", channel=CHANNEL, blocks=BLOCKS)
    for _ in range(3):
        faulty.after(minutes=10)
    assert row(faulty.bot, "bad").state == "refused"
    assert len(said(faulty.world, "bad")) == 2
    told = [
        m["text"] for m in faulty.world.messages(faulty.world.open_dm(LEAD)) if "could not post a message" in m["text"]
    ]
    assert len(told) == 1 and code in told[0] and "Your <@U0RAJ> week" in told[0]


@pytest.mark.parametrize("code", ["some_new_word", "no_text"])
def test_blocks_refused_for_any_reason_become_plain_text_once(faulty: Office, code: str) -> None:
    faulty.world.fail("chat.postMessage", 1, f"refuse:{code}")
    owe(faulty.bot, "message", "Plain", channel=CHANNEL, blocks=BLOCKS)
    tick.settle(faulty.bot)
    assert (copies(faulty.world, "message")[0].text, copies(faulty.world, "message")[0].blocks) == ("Plain", [])


def test_too_many_requests_park_that_channel_alone(faulty: Office) -> None:
    faulty.world.fail("chat.postMessage", 1, "429:30")
    owe(faulty.bot, "first", channel=CHANNEL)
    owe(faulty.bot, "second", channel=CHANNEL)
    owe(faulty.bot, "dm", user=RAJ)
    tick.settle(faulty.bot)
    assert keys_in(faulty.world) == {"dm": 1}
    faulty.after(seconds=29)
    assert keys_in(faulty.world) == {"dm": 1}
    assert len(said(faulty.world, "second")) == 0
    faulty.after(seconds=2)
    assert keys_in(faulty.world) == {"dm": 1, "first": 1, "second": 1}


def test_with_a_revoked_token_everything_waits_and_one_call_a_minute_looks(faulty: Office) -> None:
    faulty.world.revoke_token()
    faulty.world.forget_events()
    for number in range(5):
        owe(faulty.bot, f"message:{number}", channel=CHANNEL)
    tick.settle(faulty.bot)
    before = len(faulty.world.calls())
    for _ in range(10):
        faulty.after(seconds=30)
    assert len(faulty.world.calls()) - before <= 6
    assert not keys_in(faulty.world)
    faulty.world.restore_token()
    faulty.after(seconds=61)
    assert keys_in(faulty.world) == {f"message:{number}": 1 for number in range(5)}


@pytest.mark.parametrize("code", ["thread_not_found", "message_not_found", "restricted_action_thread_locked"])
def test_when_a_card_is_gone_its_story_goes_on_under_a_new_one(faulty: Office, ana: Person, code: str) -> None:
    bet = place(faulty, "Rank tickets", ana)
    old = thread_of(faulty, bet)
    faulty.world.fail("chat.postMessage", 1, f"refuse:{code}")
    owe(faulty.bot, "said", channel=CHANNEL, parent_id=bet.card_id)
    faulty.settle()
    assert keys_in(faulty.world) == {f"card:{bet.id}": 1, f"card:{bet.id}:2": 1, "said": 1}
    new = copies(faulty.world, f"card:{bet.id}:2")[0]
    assert new.ts != old
    assert copies(faulty.world, "said")[0].thread_ts == new.ts


def test_a_reaction_that_is_there_already_is_done(faulty: Office, ana: Person) -> None:
    ts = ana.say("Hello")
    faulty.world.fail("reactions.add", 1, "refuse:already_reacted")
    with faulty.bot.transaction() as tx:
        update_reaction(tx, faulty.bot.now(), 1, CHANNEL, ts, "white_check_mark", True)
    tick.settle(faulty.bot)
    assert row(faulty.bot, f"react:{CHANNEL}:{ts}:white_check_mark").state == "sent"


def test_a_message_under_one_that_was_refused_is_given_up(faulty: Office) -> None:
    faulty.world.fail("chat.postMessage", 1, "refuse:no_text")
    parent = owe(faulty.bot, "parent", channel=CHANNEL)
    owe(faulty.bot, "child", channel=CHANNEL, parent_id=parent.id)
    faulty.after(minutes=1)
    assert [row(faulty.bot, key).state for key in ("parent", "child")] == ["refused", "dropped"]
    assert error_of(faulty.bot, "parent") == "no_text"


def test_a_call_that_never_left_is_tried_later_and_later(faulty: Office) -> None:
    post = faulty.bot.slack.post
    there, post.base_url = post.base_url, "http://127.0.0.1:9/api/"
    owe(faulty.bot, "message", channel=CHANNEL)
    waits = []
    for _ in range(4):
        tick.settle(faulty.bot)
        with faulty.bot.reading() as tx:
            until = tx.execute(outbox.select().where(outbox.c.key == "message")).one().not_before
        waits.append(until - faulty.bot.now())
        faulty.clock.move_to(until)
    assert waits == sorted(waits) and waits[-1] >= timedelta(seconds=8)
    post.base_url = there
    tick.settle(faulty.bot)
    assert keys_in(faulty.world) == {"message": 1}


def _edit(office: Office, post_id: int, text: str) -> None:
    with office.bot.transaction() as tx:
        update_message(tx, office.bot.now(), post_id, {"text": text})
