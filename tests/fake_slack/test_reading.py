"""conversations.* and users.*"""

from slack_sdk import WebClient

from bot.demo.fake_slack import World

from .conftest import ADA, BOB, EVE, SECRET, TEAM, refusal


def texts(answer: object) -> list[str]:
    return [message["text"] for message in answer["messages"]]  # type: ignore[index]


def test_history_is_newest_first_and_paged(world: World, api: WebClient) -> None:
    for number in range(5):
        world.say(ADA, TEAM, str(number))
    first = api.conversations_history(channel=TEAM, limit=2)
    assert (texts(first), first["has_more"]) == (["4", "3"], True)
    second = api.conversations_history(channel=TEAM, limit=2, cursor=first["response_metadata"]["next_cursor"])
    third = api.conversations_history(channel=TEAM, limit=2, cursor=second["response_metadata"]["next_cursor"])
    assert (texts(second), texts(third), third["has_more"]) == (["2", "1"], ["0"], False)
    assert third["response_metadata"]["next_cursor"] == ""
    assert refusal(api.conversations_history, channel=TEAM, cursor="made up") == "invalid_cursor"


def test_the_ends_of_a_range_count_only_when_inclusive(world: World, api: WebClient) -> None:
    stamps = [world.say(ADA, TEAM, str(number)) for number in range(4)]
    ends = {"channel": TEAM, "oldest": stamps[0], "latest": stamps[3]}
    assert texts(api.conversations_history(**ends)) == ["2", "1"]
    assert texts(api.conversations_history(**ends, inclusive=True)) == ["3", "2", "1", "0"]


def test_history_leaves_replies_out_unless_broadcast(world: World, api: WebClient) -> None:
    root = world.say(ADA, TEAM, "root")
    world.say(BOB, TEAM, "reply", thread_ts=root)
    world.say(BOB, TEAM, "loud", thread_ts=root, broadcast=True)
    assert texts(api.conversations_history(channel=TEAM)) == ["loud", "root"]
    assert texts(api.conversations_replies(channel=TEAM, ts=root)) == ["root", "reply", "loud"]
    parent = api.conversations_history(channel=TEAM)["messages"][1]
    assert (parent["reply_count"], parent["reply_users"]) == (2, [BOB])


def test_replies_are_paged_with_the_parent_on_each_page(world: World, api: WebClient) -> None:
    root = world.say(ADA, TEAM, "root")
    for number in range(3):
        world.say(BOB, TEAM, str(number), thread_ts=root)
    first = api.conversations_replies(channel=TEAM, ts=root, limit=2)
    second = api.conversations_replies(channel=TEAM, ts=root, limit=2, cursor=first["response_metadata"]["next_cursor"])
    assert (texts(first), texts(second)) == (["root", "0", "1"], ["root", "2"])
    assert refusal(api.conversations_replies, channel=TEAM, ts="1700000000.000100") == "thread_not_found"


def test_metadata_comes_only_when_asked_for(world: World, api: WebClient) -> None:
    root = world.say(ADA, TEAM, "root")
    metadata = {"event_type": "bets", "event_payload": {"key": "k1"}}
    for thread in (None, root):
        api.chat_postMessage(channel=TEAM, text="x", thread_ts=thread, metadata=metadata)
    assert "metadata" not in api.conversations_history(channel=TEAM)["messages"][0]
    assert "metadata" not in api.conversations_replies(channel=TEAM, ts=root)["messages"][1]
    assert api.conversations_history(channel=TEAM, include_all_metadata=True)["messages"][0]["metadata"] == metadata
    assert (
        api.conversations_replies(channel=TEAM, ts=root, include_all_metadata=True)["messages"][1]["metadata"]
        == metadata
    )


def test_what_the_bot_is_not_in_it_cannot_read(world: World, api: WebClient) -> None:
    world.add_channel("C0OTHER", "other", members=[ADA])
    assert refusal(api.conversations_history, channel="C0OTHER") == "not_in_channel"
    assert refusal(api.conversations_history, channel=SECRET) == "channel_not_found"
    assert refusal(api.conversations_members, channel=SECRET) == "channel_not_found"
    assert api.conversations_info(channel="C0OTHER")["channel"]["is_member"] is False
    assert refusal(api.conversations_info, channel=SECRET) == "channel_not_found"


def test_members_and_channels_are_listed_in_pages(world: World, api: WebClient) -> None:
    first = api.conversations_members(channel=TEAM, limit=2)
    rest = api.conversations_members(channel=TEAM, limit=2, cursor=first["response_metadata"]["next_cursor"])
    assert first["members"] + rest["members"] == [ADA, BOB, world.bot_user_id]
    world.add_channel("C0OLD", "old", archived=True)
    assert [found["id"] for found in api.conversations_list()["channels"]] == [TEAM, "C0OLD"]
    assert [found["id"] for found in api.conversations_list(exclude_archived=True)["channels"]] == [TEAM]
    world.add_channel("C0NEW", "new")
    short = api.conversations_list(exclude_archived=True, limit=2)
    assert [found["id"] for found in short["channels"]] == [TEAM] and short["response_metadata"]["next_cursor"]
    world.join(SECRET, world.bot_user_id)
    everything = "public_channel,private_channel"
    assert [found["id"] for found in api.users_conversations(types=everything)["channels"]] == [TEAM, SECRET]
    assert refusal(api.conversations_list, types="secret_channel") == "invalid_types"


def test_a_dm_is_opened_once(world: World, api: WebClient) -> None:
    first = api.conversations_open(users=ADA)["channel"]["id"]
    assert first == api.conversations_open(users=[ADA])["channel"]["id"]
    info = api.conversations_info(channel=first)["channel"]
    assert (info["is_im"], info["user"]) == (True, ADA)
    assert refusal(api.conversations_open, users="U0NOBODY") == "user_not_found"
    world.change_user(BOB, deleted=True)
    assert refusal(api.conversations_open, users=BOB) == "user_disabled"
    assert refusal(api.conversations_open, users=world.bot_user_id) == "cannot_dm_bot"


def test_users_show_zone_and_standing(world: World, api: WebClient) -> None:
    world.add_user("U0GUS", "gus", tz="America/New_York", restricted=True)
    gus = api.users_info(user="U0GUS")["user"]
    assert (gus["tz"], gus["tz_offset"], gus["is_restricted"]) == ("America/New_York", -5 * 3600, True)
    world.change_user("U0GUS", deleted=True)
    gone = api.users_info(user="U0GUS")["user"]
    assert gone["deleted"] and "tz" not in gone
    assert {user["id"] for user in api.users_list()["members"]} >= {ADA, BOB, EVE, "U0GUS", world.bot_user_id}
    assert refusal(api.users_info, user="U0NOBODY") == "user_not_found"
    assert api.users_info(user="USLACKBOT")["user"]["is_bot"] is False
