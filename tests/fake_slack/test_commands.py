"""Slash commands, clicks, shortcuts and response_url."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.demo.fake_slack import NotPossible, World

from .conftest import ADA, BOB, EVE, SECRET, TEAM, Bot, actions, button, mrkdwn, option, plain


def respond(url: str, body: Any) -> tuple[int, Any]:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


class TestCommands:
    def test_a_command_carries_who_where_and_what(self, world: World, bot: Bot) -> None:
        reply = world.command(ADA, TEAM, "show @bob & more")
        body = bot.last
        assert bot.got[-1][0] == "slash_commands" and reply.ok and reply.status == 200
        assert (body["command"], body["text"]) == ("/bets", "show <@U0BOB|bob> &amp; more")
        assert (body["user_id"], body["channel_id"], body["channel_name"]) == (ADA, TEAM, "team")
        assert body["response_url"].startswith(world.base_url) and body["is_enterprise_install"] == "false"

    def test_in_a_dm_the_channel_has_slacks_own_name(self, world: World, bot: Bot) -> None:
        world.command(ADA, world.open_dm(ADA), "x")
        assert bot.last["channel_name"] == "directmessage"
        world.command(ADA, SECRET, "x")
        assert bot.last["channel_name"] == "privategroup"

    def test_the_ack_body_is_shown_to_that_person_alone(self, world: World, bot: Bot) -> None:
        bot.answers["slash_commands"] = {"text": "just you"}
        world.command(ADA, TEAM, "x")
        bot.answers["slash_commands"] = "plain words"
        world.command(ADA, TEAM, "x")
        assert [message["text"] for message in world.messages(TEAM, as_user=ADA)] == ["just you", "plain words"]
        assert world.messages(TEAM, as_user=BOB) == []

    def test_in_channel_is_for_all_even_where_the_bot_is_no_member(self, world: World, bot: Bot) -> None:
        bot.answers["slash_commands"] = {"text": "news", "response_type": "in_channel"}
        world.command(ADA, SECRET, "x")
        assert [message["text"] for message in world.messages(SECRET, as_user=BOB)] == ["news"]

    def test_not_in_threads(self, world: World, bot: Bot) -> None:
        ts = world.say(ADA, TEAM, "root")
        assert world.command(ADA, TEAM, "x", thread_ts=ts).error == "slash commands do not work in threads"
        assert bot.got == []

    @pytest.mark.parametrize("answer", [(500, None, {}), (404, None, {})])
    def test_a_failure_is_shown_as_slack_shows_it(self, world: World, bot: Bot, answer: Any) -> None:
        bot.answers["slash_commands"] = answer
        reply = world.command(ADA, TEAM, "x")
        assert (reply.error, reply.status) == ("dispatch_failed", answer[0])

    def test_a_late_ack_is_recorded_and_shown_as_a_timeout(self, world: World, bot: Bot) -> None:
        world.ack_seconds = 0
        bot.answers["slash_commands"] = {"text": "too late"}
        reply = world.command(ADA, TEAM, "x")
        assert (reply.late, reply.error) == (True, "operation_timeout")
        assert world.late_acks()[0]["what"] == "/bets"
        assert world.messages(TEAM, as_user=ADA) == []

    def test_an_ack_that_slack_cannot_show_is_a_refusal(self, world: World, bot: Bot) -> None:
        bot.answers["slash_commands"] = {"text": "x", "blocks": [{"type": "section"}]}
        assert world.command(ADA, TEAM, "x").error == "invalid_command_response"
        assert world.refusals()[0]["error"] == "invalid_blocks"

    def test_nobody_commands_in_a_channel_that_he_cannot_see(self, world: World, bot: Bot) -> None:
        with pytest.raises(NotPossible):
            world.command(EVE, SECRET, "x")


@pytest.fixture
def card(world: World, api: WebClient) -> str:
    """A message with a button and two menus."""
    menu = {"type": "static_select", "action_id": "menu", "options": [option("red"), option("blue")]}
    people = {"type": "users_select", "action_id": "who"}
    blocks = [
        {"type": "section", "block_id": "sec", "text": mrkdwn("x"), "accessory": menu},
        actions(button(value="7", style="primary"), people),
    ]
    return str(api.chat_postMessage(channel=TEAM, text="card", blocks=blocks)["ts"])


class TestClicks:
    def test_a_click_carries_the_message_the_button_and_a_trigger(self, world: World, bot: Bot, card: str) -> None:
        assert world.click(BOB, TEAM, card, "press").ok
        body = bot.last
        assert (body["type"], body["user"]["id"], body["channel"]["id"]) == ("block_actions", BOB, TEAM)
        container = {"type": "message", "message_ts": card, "channel_id": TEAM, "is_ephemeral": False}
        assert (body["container"], body["message"]["ts"]) == (container, card)
        action = body["actions"][0]
        assert (action["action_id"], action["block_id"], action["value"]) == ("press", "acts", "7")
        assert action["text"] == plain("Press") and action["action_ts"] > card
        assert body["trigger_id"] and body["response_url"]

    def test_a_choice_is_sent_and_stays_in_the_state(self, world: World, bot: Bot, card: str) -> None:
        world.click(BOB, TEAM, card, "menu", value="blue")
        assert bot.last["actions"][0]["selected_option"] == option("blue")
        world.click(BOB, TEAM, card, "who", value=ADA)
        assert bot.last["actions"][0]["selected_user"] == ADA
        chosen = bot.last["state"]["values"]
        assert chosen["sec"]["menu"]["selected_option"] == option("blue")
        assert chosen["acts"]["who"] == {"type": "users_select", "selected_user": ADA}

    def test_only_what_is_there_can_be_clicked(self, world: World, bot: Bot, card: str) -> None:
        for attempt in (
            lambda: world.click(BOB, TEAM, card, "nothing"),
            lambda: world.click(BOB, TEAM, card, "menu", value="green"),
            lambda: world.click(BOB, TEAM, card, "press", block_id="sec"),
            lambda: world.click(BOB, TEAM, "1700000000.000100", "press"),
        ):
            with pytest.raises(NotPossible):
                attempt()
        assert bot.got == []

    def test_an_ephemeral_button_is_only_for_its_reader_and_comes_without_the_message(
        self, world: World, bot: Bot, api: WebClient
    ) -> None:
        ts = api.chat_postEphemeral(channel=TEAM, user=ADA, text="x", blocks=[actions(button())])["message_ts"]
        assert world.click(ADA, TEAM, ts, "press").ok
        assert bot.last["container"]["is_ephemeral"] is True and "message" not in bot.last
        with pytest.raises(NotPossible):
            world.click(BOB, TEAM, ts, "press")

    def test_failures_are_shown(self, world: World, bot: Bot, card: str) -> None:
        bot.answers["block_actions"] = (500, None, {})
        assert world.click(BOB, TEAM, card, "press").error == "We had some trouble connecting. Try again?"

    def test_a_shortcut_carries_the_message(self, world: World, bot: Bot) -> None:
        ts = world.say(ADA, TEAM, "an idea")
        assert world.shortcut(BOB, "scope_this", TEAM, ts).ok
        body = bot.last
        assert (body["type"], body["callback_id"], body["message_ts"]) == ("message_action", "scope_this", ts)
        assert (body["message"]["text"], body["message"]["user"], body["user"]["id"]) == ("an idea", ADA, BOB)


class TestResponseUrl:
    def url(self, world: World, bot: Bot) -> str:
        world.command(ADA, TEAM, "x")
        return str(bot.last["response_url"])

    def test_five_uses(self, world: World, bot: Bot) -> None:
        url = self.url(world, bot)
        assert [respond(url, {"text": str(number)})[0] for number in range(5)] == [200] * 5
        assert respond(url, {"text": "6"}) == (404, {"ok": False, "error": "used_url"})
        assert [message["text"] for message in world.messages(TEAM, as_user=ADA)] == list("01234")

    def test_thirty_minutes(self, world: World, bot: Bot) -> None:
        url = self.url(world, bot)
        world.advance(30 * 60)
        assert respond(url, {"text": "just in time"})[0] == 200
        world.advance(1)
        assert respond(url, {"text": "late"}) == (404, {"ok": False, "error": "expired_url"})

    def test_a_clicked_ephemeral_message_can_be_replaced_and_deleted(
        self, world: World, bot: Bot, api: WebClient
    ) -> None:
        ts = api.chat_postEphemeral(channel=TEAM, user=ADA, text="x", blocks=[actions(button())])["message_ts"]
        world.click(ADA, TEAM, ts, "press")
        url = bot.last["response_url"]
        assert respond(url, {"text": "done", "replace_original": True})[0] == 200
        seen = world.messages(TEAM, as_user=ADA)
        assert [(message["ts"], message["text"], message["blocks"]) for message in seen] == [(ts, "done", [])]
        assert respond(url, {"delete_original": True})[0] == 200
        assert world.messages(TEAM, as_user=ADA) == []

    def test_a_clicked_message_of_the_bot_is_edited_for_all(self, world: World, bot: Bot, card: str) -> None:
        world.click(BOB, TEAM, card, "press")
        assert respond(bot.last["response_url"], {"text": "done", "replace_original": True})[0] == 200
        assert world.messages(TEAM)[0]["text"] == "done"

    def test_a_persons_message_cannot_be_replaced(self, world: World, bot: Bot) -> None:
        ts = world.say(ADA, TEAM, "an idea")
        world.shortcut(BOB, "scope_this", TEAM, ts)
        answer = respond(bot.last["response_url"], {"text": "x", "replace_original": True})
        assert answer == (400, {"ok": False, "error": "cant_update_message"})

    def test_nonsense_is_refused_and_uses_nothing_up(self, world: World, bot: Bot) -> None:
        url = self.url(world, bot)
        for body, code in (({}, "no_text"), ({"txt": "x"}, "invalid_arguments"), (["x"], "invalid_arguments")):
            status, answer = respond(url, body)
            assert (status, answer["error"]) == (400, code)
        assert respond(f"{world.base_url}response/none", {"text": "x"})[0] == 404
        assert len(world.refusals()) == 4
        assert respond(url, {"text": "x", "response_type": "in_channel"})[0] == 200
        assert [message["text"] for message in world.messages(TEAM, as_user=BOB)] == ["x"]
