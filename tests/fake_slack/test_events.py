"""Events: who is told what, in which shape, and how often Slack tries."""

from typing import Any

import pytest
from slack_sdk import WebClient

from bot.demo.fake_slack import NotPossible, World

from .conftest import ADA, BOB, EVE, SECRET, T0, TEAM, Bot


def delivered(world: World, bot: Bot, kind: str | None = None) -> list[dict[str, Any]]:
    world.deliver()
    return bot.events(kind)


def test_a_message_comes_in_slacks_envelope(world: World, bot: Bot) -> None:
    ts = world.say(ADA, TEAM, "hello")
    assert world.deliver() == 1
    body = bot.last
    assert (body["type"], body["team_id"], body["api_app_id"]) == ("event_callback", world.team_id, world.app_id)
    assert body["authorizations"][0]["user_id"] == world.bot_user_id
    assert (body["event_time"], body["is_ext_shared_channel"]) == (int(T0.timestamp()), False)
    event = body["event"]
    assert (event["user"], event["text"], event["ts"], event["event_ts"]) == (ADA, "hello", ts, ts)
    assert (event["channel"], event["channel_type"]) == (TEAM, "channel")
    assert event["client_msg_id"] and event["blocks"][0]["type"] == "rich_text"
    assert "subtype" not in event and "thread_ts" not in event


def test_a_reply_names_its_thread(world: World, bot: Bot) -> None:
    root = world.say(ADA, TEAM, "root")
    world.say(BOB, TEAM, "reply", thread_ts=root)
    reply = delivered(world, bot)[-1]
    assert (reply["thread_ts"], reply["parent_user_id"]) == (root, ADA)
    loud = world.say(BOB, TEAM, "loud", thread_ts=root, broadcast=True)
    event = delivered(world, bot)[-1]
    assert (event["subtype"], event["ts"], event["root"]["ts"]) == ("thread_broadcast", loud, root)
    assert len(bot.got) == 3
    world.broadcast_twice = True
    world.say(BOB, TEAM, "twice", thread_ts=root, broadcast=True)
    assert [event.get("subtype") for event in delivered(world, bot)[-2:]] == [None, "thread_broadcast"]


def test_a_mention_is_told_twice_in_a_channel_and_once_in_a_dm(world: World, bot: Bot) -> None:
    world.say(ADA, TEAM, "@bets summary")
    assert [event["type"] for event in delivered(world, bot)] == ["message", "app_mention"]
    world.say(ADA, world.open_dm(ADA), "@bets summary")
    assert [event["type"] for event in delivered(world, bot)] == ["message", "app_mention", "message"]
    assert bot.events()[-1]["channel_type"] == "im"


def test_edits_and_deletes_carry_what_was_there_before(world: World, bot: Bot) -> None:
    ts = world.say(ADA, TEAM, "old")
    world.edit(ADA, TEAM, ts, "new")
    world.remove(ADA, TEAM, ts)
    _, changed, deleted = delivered(world, bot)
    assert (changed["subtype"], changed["hidden"]) == ("message_changed", True)
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("new", "old")
    assert changed["message"]["edited"]["user"] == ADA and changed["ts"] != ts
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", ts)
    assert deleted["previous_message"]["text"] == "new"
    assert world.messages(TEAM) == []


def test_a_link_is_unfolded_by_slack_which_is_no_edit(world: World, bot: Bot) -> None:
    world.say(ADA, TEAM, "see https://example.org/a")
    said, unfolded = delivered(world, bot)
    assert (unfolded["subtype"], unfolded["message"]["ts"]) == ("message_changed", said["ts"])
    assert "edited" not in unfolded["message"] and "attachments" not in unfolded["previous_message"]
    assert unfolded["message"]["attachments"][0]["from_url"] == "https://example.org/a"
    world.edit(ADA, TEAM, said["ts"], "see https://example.org/b")
    edited, unfolded = delivered(world, bot)[2:]
    assert edited["message"]["edited"] == unfolded["message"]["edited"]


def test_an_edit_is_marked_in_whole_seconds_even_in_those_of_the_message_itself(world: World, bot: Bot) -> None:
    ts = world.say(ADA, TEAM, "old")
    world.edit(ADA, TEAM, ts, "new")
    changed = delivered(world, bot)[-1]
    assert changed["message"]["edited"]["ts"] == f"{int(T0.timestamp())}.000000" < ts < changed["event_ts"]


def test_a_reply_that_was_also_sent_to_the_channel_is_one_wherever_it_is_seen(
    world: World, bot: Bot, api: WebClient
) -> None:
    root = world.say(ADA, TEAM, "root")
    loud = world.say(BOB, TEAM, "loud", thread_ts=root, broadcast=True)
    world.edit(BOB, TEAM, loud, "louder")
    read = [
        api.conversations_history(channel=TEAM)["messages"][0],
        api.conversations_replies(channel=TEAM, ts=root)["messages"][1],
        delivered(world, bot)[-1]["message"],
    ]
    assert {(message["subtype"], message["root"]["ts"]) for message in read} == {("thread_broadcast", root)}


def test_a_deleted_parent_of_a_thread_leaves_a_tombstone(world: World, bot: Bot, api: WebClient) -> None:
    root = world.say(ADA, TEAM, "root")
    reply = world.say(BOB, TEAM, "reply", thread_ts=root)
    world.remove(ADA, TEAM, root)
    changed = delivered(world, bot)[-1]
    assert (changed["subtype"], changed["message"]["subtype"]) == ("message_changed", "tombstone")
    assert [message["text"] for message in world.messages(TEAM, root)] == ["This message was deleted.", "reply"]
    world.remove(BOB, TEAM, reply)
    assert delivered(world, bot)[-1]["subtype"] == "message_deleted"


def test_a_file_is_shared_with_or_without_words(world: World, bot: Bot) -> None:
    world.say(ADA, TEAM, "", files=[("notes.csv", b"a,b\n1,2\n")])
    event = delivered(world, bot)[-1]
    assert (event["subtype"], event["files"][0]["name"], event["text"]) == ("file_share", "notes.csv", "")
    assert event["files"][0]["size"] == 8


def test_the_bots_own_doings_come_back_to_it(world: World, bot: Bot, api: WebClient) -> None:
    ts = api.chat_postMessage(channel=TEAM, text="mine", metadata={"event_type": "k", "event_payload": {}})["ts"]
    api.chat_update(channel=TEAM, ts=ts, text="changed")
    api.reactions_add(channel=TEAM, timestamp=ts, name="eyes")
    posted, changed, reaction = delivered(world, bot)
    assert (posted["bot_id"], posted["user"], "metadata" in posted) == (world.bot_id, world.bot_user_id, False)
    assert (changed["subtype"], changed["message"]["bot_id"]) == ("message_changed", world.bot_id)
    assert (reaction["type"], reaction["user"]) == ("reaction_added", world.bot_user_id)


def test_reactions_name_the_message_and_its_author(world: World, bot: Bot) -> None:
    ts = world.say(ADA, TEAM, "x")
    world.react(BOB, TEAM, ts, "pushpin")
    world.react(BOB, TEAM, ts, "pushpin")
    world.unreact(BOB, TEAM, ts, "pushpin")
    events = delivered(world, bot)[1:]
    assert [event["type"] for event in events] == ["reaction_added", "reaction_removed"]
    assert events[0]["item"] == {"type": "message", "channel": TEAM, "ts": ts}
    assert (events[0]["item_user"], events[0]["reaction"]) == (ADA, "pushpin")


def test_coming_and_going_is_told(world: World, bot: Bot) -> None:
    world.join(SECRET, world.bot_user_id)
    world.join(TEAM, EVE)
    world.leave(TEAM, EVE)
    world.archive(TEAM)
    world.unarchive(TEAM)
    world.rename(TEAM, "crew")
    world.leave(TEAM, world.bot_user_id)
    events = delivered(world, bot)
    kinds = [event.get("subtype", event["type"]) for event in events]
    assert kinds == [
        *("member_joined_channel", "channel_join", "member_joined_channel", "channel_join", "member_left_channel"),
        *("channel_archive", "channel_unarchive", "channel_rename", "member_left_channel", "channel_left"),
    ]
    assert (events[0]["user"], events[0]["channel_type"]) == (world.bot_user_id, "G")


def test_a_change_of_a_person_and_a_visit_of_the_home_are_told(world: World, bot: Bot) -> None:
    world.change_user(ADA, deleted=True, tz="Europe/Berlin")
    world.open_home(BOB)
    change, visit = delivered(world, bot)
    assert (change["type"], change["user"]["id"], change["user"]["deleted"]) == ("user_change", ADA, True)
    assert (visit["type"], visit["tab"], visit["user"]) == ("app_home_opened", "home", BOB)
    assert visit["channel"] == world.open_dm(BOB)


def test_where_the_bot_is_not_it_hears_nothing(world: World, bot: Bot) -> None:
    ts = world.say(ADA, SECRET, "psst @bets")
    world.react(ADA, SECRET, ts, "eyes")
    assert delivered(world, bot) == []


def test_in_a_shared_channel_the_outer_team_is_the_authors(world: World, bot: Bot) -> None:
    world.add_user("U0OUT", "out", team_id="T0OTHER")
    world.join(TEAM, "U0OUT")
    world.say("U0OUT", TEAM, "hello from afar")
    world.deliver()
    body = bot.last
    assert (body["team_id"], body["authorizations"][0]["team_id"]) == ("T0OTHER", world.team_id)
    assert (body["is_ext_shared_channel"], body["event"]["user_team"]) == (True, "T0OTHER")


def test_people_can_only_do_what_slacks_client_lets_them(world: World, bot: Bot) -> None:
    ts = world.say(ADA, TEAM, "mine")
    attempts = [
        lambda: world.say(EVE, TEAM, "not a member"),
        lambda: world.edit(BOB, TEAM, ts, "not mine"),
        lambda: world.remove(BOB, TEAM, ts),
        lambda: world.react(BOB, SECRET, ts, "eyes"),
    ]
    world.say(ADA, SECRET, "x")
    for attempt in attempts:
        with pytest.raises(NotPossible):
            attempt()
    world.archive(TEAM)
    with pytest.raises(NotPossible):
        world.say(ADA, TEAM, "too late")


class TestRetries:
    def test_an_event_without_an_ack_comes_at_once_then_after_one_and_five_minutes(
        self, world: World, bot: Bot
    ) -> None:
        bot.answers["events_api"] = (500, None, {})
        world.say(ADA, TEAM, "x")
        seen = []
        for wait in (0, 59, 1, 299, 1, 1000):
            world.advance(wait)
            assert world.deliver() == 0
            seen.append(len(bot.got))
        assert seen == [2, 2, 3, 3, 4, 4]
        assert len({body["event_id"] for _, body in bot.got}) == 1
        assert [body["event"]["text"] for body in world.lost_events] == ["x"]

    def test_a_retry_that_is_acked_is_the_last(self, world: World, bot: Bot) -> None:
        answers = iter([(500, None, {}), (500, None, {}), (200, None, {})])
        bot.answers["events_api"] = lambda body: next(answers)
        world.say(ADA, TEAM, "x")
        assert world.deliver() == 0
        world.advance(60)
        assert (world.deliver(), world.pending_events(), world.lost_events) == (1, 0, [])

    def test_the_bot_may_refuse_retries(self, world: World, bot: Bot) -> None:
        bot.answers["events_api"] = (500, None, {"x-slack-no-retry": "1"})
        world.say(ADA, TEAM, "x")
        world.deliver()
        assert (len(bot.got), len(world.lost_events)) == (1, 1)

    def test_one_failing_event_does_not_hold_up_the_next(self, world: World, bot: Bot) -> None:
        bot.answers["events_api"] = lambda body: (500 if body["event"]["text"] == "bad" else 200, None, {})
        for text in ("bad", "good"):
            world.say(ADA, TEAM, text)
        assert world.deliver() == 1
        assert [event["text"] for event in bot.events()] == ["bad", "good", "bad"]

    def test_events_can_be_doubled_dropped_and_shuffled(self, world: World, bot: Bot) -> None:
        world.duplicate(1)
        world.say(ADA, TEAM, "twice")
        world.deliver()
        assert [event["text"] for event in bot.events()] == ["twice", "twice"]
        assert len({body["event_id"] for _, body in bot.got}) == 1
        world.drop(1)
        world.say(ADA, TEAM, "never")
        assert world.deliver() == 0
        world.shuffle()
        for number in range(10):
            world.say(ADA, TEAM, str(number))
        assert world.deliver() == 10
        order = [event["text"] for event in bot.events()][2:]
        assert order != sorted(order) and sorted(order) == [str(number) for number in range(10)]

    def test_a_late_ack_counts_as_none(self, world: World, bot: Bot) -> None:
        world.ack_seconds = 0
        world.say(ADA, TEAM, "x")
        assert world.deliver() == 0
        assert len(bot.got) == 2 and len(world.late_acks()) == 2


def test_a_thread_delivers_by_itself_once_started(world: World, bot: Bot) -> None:
    heard = []
    world.on_change(heard.append)
    world.start_delivery()
    world.say(ADA, TEAM, "x")
    world.stop_delivery()
    world.deliver()
    assert len(bot.events("message")) == 1
    assert heard[0]["kind"] == "message" and heard[0]["channel"] == TEAM
