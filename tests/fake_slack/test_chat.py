"""chat.* and reactions.*: what is posted is seen, what Slack refuses is refused in Slack's words."""

import json
import re
from typing import Any
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.demo.fake_slack import World

from .conftest import ADA, BOB, EVE, SECRET, T0, TEAM, client_of, mrkdwn, refusal

NOWHERE = "1700000000.000100"


def test_a_post_is_seen_with_a_timestamp_of_the_worlds_clock(world: World, api: WebClient) -> None:
    first, second = (api.chat_postMessage(channel=TEAM, text=text)["ts"] for text in ("one", "two"))
    assert first == f"{int(T0.timestamp())}.000100" < second
    assert re.fullmatch(r"\d{10}\.\d{6}", second)
    assert [message["text"] for message in world.messages(TEAM)] == ["one", "two"]
    assert world.messages(TEAM)[0]["bot_id"] == world.bot_id


def test_answers_carry_the_worlds_date(world: World, api: WebClient) -> None:
    world.advance(3600)
    headers = {name.lower(): value for name, value in api.auth_test().headers.items()}
    assert headers["date"] == "Mon, 30 Nov 2026 10:00:00 GMT"


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
    ({"channel": SECRET, "text": "x"}, "channel_not_found"),
    ({"channel": "C0OTHER", "text": "x"}, "not_in_channel"),
    ({"channel": "C0OLD", "text": "x"}, "is_archived"),
    ({"channel": "USLACKBOT", "text": "x"}, "cannot_dm_bot"),
    ({"channel": TEAM}, "no_text"),
    ({"channel": TEAM, "text": "   "}, "no_text"),
    ({"channel": TEAM, "text": "x" * 40_001}, "msg_too_long"),
    ({"channel": TEAM, "text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
    (
        {"channel": TEAM, "text": "x", "blocks": [{"type": "section", "text": mrkdwn("x" * 2800)}] * 4},
        "msg_blocks_too_long",
    ),
    ({"channel": TEAM, "text": "x", "blocks": "[not json"}, "invalid_blocks_format"),
    ({"channel": TEAM, "text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
    ({"channel": TEAM, "text": "x", "metadata": {"event_type": "", "event_payload": {}}}, "invalid_metadata_format"),
    ({"channel": TEAM, "text": "x", "thread_ts": "yesterday"}, "invalid_thread_ts"),
    ({"channel": TEAM, "text": "x", "colour": "red"}, "invalid_arguments"),
    ({"text": "x"}, "invalid_arguments"),
]


@pytest.mark.parametrize(("args", "code"), REFUSED, ids=lambda value: str(value)[:60])
def test_a_post_that_slack_refuses_leaves_no_trace_but_the_refusal(
    world: World, api: WebClient, args: dict[str, Any], code: str
) -> None:
    world.add_channel("C0OTHER", "other", members=[ADA])
    world.add_channel("C0OLD", "old", members=[ADA, world.bot_user_id], archived=True)
    assert refusal(api.api_call, "chat.postMessage", json=args) == code
    assert world.messages(TEAM) == []
    assert [entry["error"] for entry in world.refusals()] == [code]


def test_unknown_methods_and_arguments_are_named(api: WebClient) -> None:
    assert refusal(api.api_call, "chat.shout") == "unknown_method"
    with pytest.raises(SlackApiError) as caught:
        api.api_call("chat.postMessage", json={"text": "x", "colour": "red"})
    messages = caught.value.response["response_metadata"]["messages"]
    assert messages == [
        "[ERROR] missing required field: channel [json-pointer:/]",
        "[ERROR] unsupported argument: colour [json-pointer:/]",
    ]


def test_invalid_blocks_say_where(api: WebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        api.chat_postMessage(channel=TEAM, text="x", blocks=[{"type": "section", "text": mrkdwn("x" * 3001)}])
    said = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert caught.value.response["errors"] == [said]
    assert caught.value.response["response_metadata"]["messages"] == [f"[ERROR] {said}"]


def test_tokens_are_checked(world: World, api: WebClient) -> None:
    assert refusal(WebClient(base_url=world.api_url).auth_test) == "not_authed"
    assert refusal(client_of(world, "xoxb-else").auth_test) == "invalid_auth"
    assert refusal(client_of(world, world.app_token).auth_test) == "not_allowed_token_type"
    world.revoke_token()
    assert refusal(api.auth_test) == "token_revoked"
    world.revoke_token("account_inactive")
    assert refusal(api.auth_test) == "account_inactive"
    world.restore_token()
    assert api.auth_test()["bot_id"] == world.bot_id


def test_a_body_must_be_a_json_object_and_a_token_is_taken_from_the_header_or_a_form_only(
    world: World, api: WebClient
) -> None:
    def ask(body: str, kind: str = "application/json", query: str = "", **headers: str) -> Any:
        request = Request(f"{world.api_url}auth.test{query}", body.encode(), {"Content-Type": kind, **headers})
        with urlopen(request) as response:
            return json.load(response).get("error")

    bearer = {"Authorization": f"Bearer {world.bot_token}"}
    assert ask("{half", **bearer) == "invalid_json"
    assert ask("[]", **bearer) == "json_not_object"
    assert ask("", **bearer) is None
    assert ask(json.dumps({"token": world.bot_token})) == "not_authed"
    assert ask("", "text/plain", f"?token={world.bot_token}") == "not_authed"
    assert ask(f"token={world.bot_token}", "application/x-www-form-urlencoded") is None


def test_a_reply_to_nothing_lands_in_the_channel(world: World, api: WebClient) -> None:
    posted = api.chat_postMessage(channel=TEAM, text="lost", thread_ts=NOWHERE)
    assert "thread_ts" not in posted["message"]
    assert [message["text"] for message in world.messages(TEAM)] == ["lost"]


def test_a_reply_to_a_reply_joins_the_thread(world: World, api: WebClient) -> None:
    root = world.say(ADA, TEAM, "root")
    reply = api.chat_postMessage(channel=TEAM, text="one", thread_ts=root)["ts"]
    api.chat_postMessage(channel=TEAM, text="two", thread_ts=reply)
    assert [message["text"] for message in world.messages(TEAM, root)] == ["root", "one", "two"]
    assert [message["text"] for message in world.messages(TEAM)] == ["root"]


def test_a_message_to_a_person_goes_to_the_dm(world: World, api: WebClient) -> None:
    channel = api.chat_postMessage(channel=ADA, text="psst")["channel"]
    assert channel == world.open_dm(ADA)
    world.change_user(BOB, deleted=True)
    assert api.chat_postMessage(channel=BOB, text="anybody?")["ok"]


def test_an_update_keeps_what_it_leaves_out_and_marks_the_edit(world: World, api: WebClient) -> None:
    blocks = [{"type": "section", "block_id": "b", "text": mrkdwn("old")}]
    metadata = {"event_type": "key", "event_payload": {"id": 1}}
    ts = api.chat_postMessage(channel=TEAM, text="old", blocks=blocks, metadata=metadata)["ts"]
    api.chat_update(channel=TEAM, ts=ts, text="new")
    seen = world.messages(TEAM)[0]
    assert (seen["text"], seen["blocks"], seen["metadata"]) == ("new", blocks, metadata)
    assert seen["edited"]["user"] == world.bot_user_id
    api.chat_update(channel=TEAM, ts=ts, text="bare", blocks=[])
    assert world.messages(TEAM)[0]["blocks"] == []


def test_only_own_messages_are_changed_or_deleted(world: World, api: WebClient) -> None:
    theirs = world.say(ADA, TEAM, "mine")
    assert refusal(api.chat_update, channel=TEAM, ts=theirs, text="x") == "cant_update_message"
    assert refusal(api.chat_delete, channel=TEAM, ts=theirs) == "cant_delete_message"
    assert refusal(api.chat_update, channel=TEAM, ts=NOWHERE, text="x") == "message_not_found"
    assert refusal(api.chat_delete, channel=TEAM, ts=NOWHERE) == "message_not_found"
    own = api.chat_postMessage(channel=TEAM, text="x")["ts"]
    assert refusal(api.chat_update, channel=TEAM, ts=own, text="x" * 4001) == "msg_too_long"
    assert refusal(api.api_call, "chat.update", json={"channel": TEAM, "ts": own}) == "no_text"
    assert api.chat_delete(channel=TEAM, ts=own)["ts"] == own
    assert [message["text"] for message in world.messages(TEAM)] == ["mine"]


def test_an_ephemeral_message_is_for_one_member_until_the_reload(world: World, api: WebClient) -> None:
    ts = api.chat_postEphemeral(channel=TEAM, user=ADA, text="only you")["message_ts"]
    assert [message["ts"] for message in world.messages(TEAM, as_user=ADA)] == [ts]
    assert world.messages(TEAM, as_user=BOB) == []
    assert api.conversations_history(channel=TEAM)["messages"] == []
    assert refusal(api.chat_postEphemeral, channel=TEAM, user=EVE, text="x") == "user_not_in_channel"
    assert refusal(api.chat_postEphemeral, channel=TEAM, user="U0NOBODY", text="x") == "user_not_found"
    assert refusal(api.chat_update, channel=TEAM, ts=ts, text="x") == "message_not_found"
    world.reload(ADA)
    assert world.messages(TEAM, as_user=ADA) == []


def test_an_ephemeral_message_in_a_thread_where_nobody_replied_is_taken_and_seen_by_nobody(
    world: World, api: WebClient
) -> None:
    root = world.say(ADA, TEAM, "root")
    assert api.chat_postEphemeral(channel=TEAM, user=ADA, text="only you", thread_ts=root)["ok"]
    assert [message["text"] for message in world.messages(TEAM, root, as_user=ADA)] == ["root"]
    world.say(BOB, TEAM, "reply", thread_ts=root)
    api.chat_postEphemeral(channel=TEAM, user=ADA, text="only you", thread_ts=root)
    assert [message["text"] for message in world.messages(TEAM, root, as_user=ADA)] == ["root", "reply", "only you"]


def test_a_permalink_names_channel_and_thread(world: World, api: WebClient) -> None:
    root = world.say(ADA, TEAM, "root")
    reply = world.say(BOB, TEAM, "reply", thread_ts=root)
    link = api.chat_getPermalink(channel=TEAM, message_ts=reply)["permalink"]
    assert link == f"https://demo.slack.com/archives/{TEAM}/p{reply.replace('.', '')}?thread_ts={root}&cid={TEAM}"
    assert refusal(api.chat_getPermalink, channel=TEAM, message_ts=NOWHERE) == "message_not_found"


def test_reactions_are_added_once_and_taken_back_once(world: World, api: WebClient) -> None:
    ts = world.say(ADA, TEAM, "hello")
    api.reactions_add(channel=TEAM, timestamp=ts, name="white_check_mark")
    world.react(BOB, TEAM, ts, "white_check_mark")
    assert world.messages(TEAM)[0]["reactions"] == [
        {"name": "white_check_mark", "users": [world.bot_user_id, BOB], "count": 2}
    ]
    assert api.reactions_get(channel=TEAM, timestamp=ts)["message"]["reactions"][0]["count"] == 2
    assert refusal(api.reactions_add, channel=TEAM, timestamp=ts, name="white_check_mark") == "already_reacted"
    api.reactions_remove(channel=TEAM, timestamp=ts, name="white_check_mark")
    assert refusal(api.reactions_remove, channel=TEAM, timestamp=ts, name="white_check_mark") == "no_reaction"
    assert refusal(api.reactions_add, channel=TEAM, timestamp=ts, name="no such thing") == "invalid_name"
    assert refusal(api.reactions_add, channel=TEAM, timestamp=NOWHERE, name="eyes") == "message_not_found"


def test_five_messages_at_once_then_one_in_a_while(world: World, api: WebClient) -> None:
    world.pace = 1000
    for number in range(5):
        api.chat_postMessage(channel=TEAM, text=str(number))
    with pytest.raises(SlackApiError) as caught:
        api.chat_postMessage(channel=TEAM, text="6")
    assert caught.value.response.status_code == 429
    assert caught.value.response["error"] == "ratelimited"
    assert 990 <= int(caught.value.response.headers["Retry-After"]) <= 1001
    assert api.chat_postMessage(channel=ADA, text="elsewhere")["ok"]
    assert api.chat_update(channel=TEAM, ts=world.messages(TEAM)[0]["ts"], text="an edit is no post")["ok"]
    assert [entry["status"] for entry in world.refusals()] == [429]


def test_each_method_is_answered_as_often_a_minute_as_its_tier_says(world: World, api: WebClient) -> None:
    ts = world.say(ADA, TEAM, "hello")
    world.pace = 1000
    for _ in range(20):
        api.reactions_add(channel=TEAM, timestamp=ts, name="eyes")
        api.reactions_remove(channel=TEAM, timestamp=ts, name="eyes")
    api.reactions_add(channel=TEAM, timestamp=ts, name="eyes")
    with pytest.raises(SlackApiError) as caught:
        api.reactions_remove(channel=TEAM, timestamp=ts, name="eyes")
    assert caught.value.response["error"] == "ratelimited"
    assert 2990 <= int(caught.value.response.headers["Retry-After"]) <= 3001
    assert api.reactions_get(channel=TEAM, timestamp=ts)["message"]["reactions"][0]["name"] == "eyes"
