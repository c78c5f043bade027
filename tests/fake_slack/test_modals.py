"""Modals and the home tab, from the trigger to the submit."""

from datetime import date
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.demo.fake_slack import NotPossible, World

from .conftest import (
    ADA,
    BOB,
    TEAM,
    TEXT,
    Bot,
    actions,
    button,
    input_block,
    modal,
    open_modal,
    option,
    plain,
    refusal,
    trigger,
)

OPTIONS = [option("red"), option("blue")]
CONVERSIONS: list[tuple[dict[str, Any], Any, dict[str, Any]]] = [
    (TEXT, "hi", {"value": "hi"}),
    ({"type": "number_input", "is_decimal_allowed": False}, 7, {"value": "7"}),
    ({"type": "static_select", "options": OPTIONS}, "red", {"selected_option": OPTIONS[0]}),
    ({"type": "static_select", "options": OPTIONS}, "Blue", {"selected_option": OPTIONS[1]}),
    ({"type": "multi_static_select", "options": OPTIONS}, ["red"], {"selected_options": OPTIONS[:1]}),
    ({"type": "users_select"}, BOB, {"selected_user": BOB}),
    ({"type": "multi_users_select"}, [ADA, BOB], {"selected_users": [ADA, BOB]}),
    ({"type": "conversations_select"}, TEAM, {"selected_conversation": TEAM}),
    ({"type": "datepicker"}, date(2026, 12, 1), {"selected_date": "2026-12-01"}),
    ({"type": "timepicker"}, "09:30", {"selected_time": "09:30"}),
    ({"type": "radio_buttons", "options": OPTIONS}, "blue", {"selected_option": OPTIONS[1]}),
    ({"type": "checkboxes", "options": OPTIONS}, ["red", "blue"], {"selected_options": OPTIONS}),
]
CLIENT_REFUSES: list[tuple[dict[str, Any], Any]] = [
    (TEXT, None),
    (TEXT, ""),
    (TEXT, "x" * 3001),
    (TEXT | {"max_length": 5}, "123456"),
    (TEXT | {"min_length": 5}, "1234"),
    ({"type": "number_input", "is_decimal_allowed": False}, "7.5"),
    ({"type": "number_input", "is_decimal_allowed": True}, "seven"),
    ({"type": "number_input", "is_decimal_allowed": True, "min_value": "0"}, "-1"),
    ({"type": "number_input", "is_decimal_allowed": True, "max_value": "100"}, "100.5"),
    ({"type": "static_select", "options": OPTIONS}, None),
    ({"type": "multi_users_select"}, []),
    ({"type": "multi_users_select", "max_selected_items": 1}, [ADA, BOB]),
    ({"type": "datepicker"}, "tomorrow"),
    ({"type": "email_text_input"}, "nobody"),
]
BAD_ACKS = [
    {"response_action": "errors", "errors": {"nowhere": "x"}},
    {"response_action": "errors", "errors": {"acts": "not an input"}},
    {"response_action": "errors", "errors": {}},
    {"response_action": "errors"},
    {"response_action": "update", "view": {"type": "modal"}},
    {"response_action": "update"},
    {"response_action": "vanish"},
]
HOME = {"type": "home", "blocks": [actions(button())]}


class TestOpening:
    def test_a_trigger_opens_one_modal(self, world: World, bot: Bot, api: WebClient) -> None:
        used = trigger(world, bot)
        view = api.views_open(trigger_id=used, view=modal(callback_id="c", private_metadata="m"))["view"]
        assert [(shown["id"], shown["callback_id"]) for shown in world.views(ADA)] == [(view["id"], "c")]
        assert (view["root_view_id"], view["previous_view_id"]) == (view["id"], None)
        assert refusal(api.views_open, trigger_id=used, view=modal()) == "exchanged_trigger_id"

    def test_a_trigger_dies_after_three_seconds(self, world: World, bot: Bot, api: WebClient) -> None:
        used = trigger(world, bot)
        world.expire_triggers()
        assert refusal(api.views_open, trigger_id=used, view=modal()) == "expired_trigger_id"
        world.trigger_seconds = -1
        assert refusal(api.views_open, trigger_id=trigger(world, bot), view=modal()) == "expired_trigger_id"

    def test_made_up_triggers_are_refused(self, world: World, api: WebClient) -> None:
        assert refusal(api.views_open, trigger_id="abc", view=modal()) == "invalid_arguments"
        assert refusal(api.views_open, trigger_id=f"1.2.{'0' * 32}", view=modal()) == "invalid_trigger_id"
        assert refusal(api.api_call, "views.open", json={"view": modal()}) == "invalid_arguments"

    def test_an_invalid_view_leaves_the_trigger_usable(self, world: World, bot: Bot, api: WebClient) -> None:
        used = trigger(world, bot)
        assert refusal(api.views_open, trigger_id=used, view=modal(title=plain("x" * 25))) == "invalid_arguments"
        assert api.views_open(trigger_id=used, view=modal())["ok"]

    def test_opening_again_replaces_the_whole_stack(self, world: World, bot: Bot, api: WebClient) -> None:
        first = open_modal(world, bot, api)
        second = open_modal(world, bot, api)
        assert [view["id"] for view in world.views(ADA)] == [second["id"]]
        assert refusal(api.views_update, view_id=first["id"], view=modal()) == "not_found"

    def test_the_stack_is_three_deep(self, world: World, bot: Bot, api: WebClient) -> None:
        view = open_modal(world, bot, api, actions(button()))
        for _ in range(2):
            world.click_view(ADA, view["id"], "press")
            view = api.views_push(trigger_id=bot.last["trigger_id"], view=modal(actions(button())))["view"]
        stack = world.views(ADA)
        assert [shown["previous_view_id"] for shown in stack] == [None, stack[0]["id"], stack[1]["id"]]
        assert {shown["root_view_id"] for shown in stack} == {stack[0]["id"]}
        world.click_view(ADA, view["id"], "press")
        assert refusal(api.views_push, trigger_id=bot.last["trigger_id"], view=modal()) == "push_limit_reached"
        assert refusal(api.views_push, trigger_id=trigger(world, bot), view=modal()) == "not_found"

    def test_external_ids_are_unique(self, world: World, bot: Bot, api: WebClient) -> None:
        open_modal(world, bot, api, external_id="one")
        again = {"trigger_id": trigger(world, bot, BOB), "view": modal(external_id="one")}
        assert refusal(api.views_open, **again) == "duplicate_external_id"
        assert api.views_update(external_id="one", view=modal(external_id="one"))["ok"]


class TestUpdating:
    def test_a_stale_hash_is_a_conflict(self, world: World, bot: Bot, api: WebClient) -> None:
        view = open_modal(world, bot, api)
        fresh = api.views_update(view_id=view["id"], hash=view["hash"], view=modal(title=plain("New")))["view"]
        assert world.views(ADA)[0]["title"] == plain("New") and fresh["hash"] != view["hash"]
        assert refusal(api.views_update, view_id=view["id"], hash=view["hash"], view=modal()) == "hash_conflict"
        assert refusal(api.views_update, view_id=view["id"], hash="", view=modal()) == "hash_conflict"
        assert api.views_update(view_id=view["id"], view=modal())["ok"]

    def test_what_was_typed_stays_where_both_ids_are_the_same(self, world: World, bot: Bot, api: WebClient) -> None:
        view = open_modal(world, bot, api, input_block(TEXT, "kept"), input_block(TEXT, "gone"), actions(button()))
        typed = {"kept": {"a": "still here"}, "gone": {"a": "lost"}}
        world.click_view(ADA, view["id"], "press", state=typed)
        assert bot.last["view"]["state"]["values"]["kept"]["a"]["value"] == "still here"
        api.views_update(view_id=view["id"], view=modal(input_block(TEXT, "kept"), input_block(TEXT, "fresh")))
        values = world.views(ADA)[0]["state"]["values"]
        assert values["kept"]["a"]["value"] == "still here"
        assert "gone" not in values and values["fresh"]["a"]["value"] is None

    def test_a_new_initial_value_does_not_replace_what_stands_there(
        self, world: World, bot: Bot, api: WebClient
    ) -> None:
        view = open_modal(world, bot, api, input_block(TEXT | {"initial_value": "old"}))
        api.views_update(view_id=view["id"], view=modal(input_block(TEXT | {"initial_value": "new"})))
        assert world.views(ADA)[0]["state"]["values"]["b"]["a"]["value"] == "old"


class TestSubmitting:
    def submitted(self, world: World, bot: Bot, view: dict[str, Any], state: dict[str, Any]) -> dict[str, Any]:
        assert world.submit(ADA, view["id"], state).ok
        return dict(bot.last["view"]["state"]["values"])

    @pytest.mark.parametrize(("element", "value", "sent"), CONVERSIONS, ids=lambda value: str(value)[:30])
    def test_plain_values_become_what_slack_sends(
        self, world: World, bot: Bot, api: WebClient, element: dict[str, Any], value: Any, sent: dict[str, Any]
    ) -> None:
        view = open_modal(world, bot, api, input_block(element))
        assert self.submitted(world, bot, view, {"b": {"a": value}})["b"]["a"] == {"type": element["type"], **sent}

    def test_what_is_not_given_is_the_initial_value(self, world: World, bot: Bot, api: WebClient) -> None:
        blocks = [
            input_block(TEXT | {"initial_value": "start"}, "text"),
            input_block({"type": "static_select", "options": OPTIONS, "initial_option": OPTIONS[1]}, "menu"),
            input_block({"type": "multi_users_select", "initial_users": [BOB]}, "who"),
            input_block({"type": "checkboxes", "options": OPTIONS}, "none", optional=True),
        ]
        values = self.submitted(world, bot, open_modal(world, bot, api, *blocks), {})
        assert values["text"]["a"]["value"] == "start"
        assert values["menu"]["a"]["selected_option"] == OPTIONS[1]
        assert values["who"]["a"]["selected_users"] == [BOB]
        assert values["none"]["a"]["selected_options"] == []

    @pytest.mark.parametrize(("element", "value"), CLIENT_REFUSES, ids=lambda value: str(value)[:30])
    def test_the_client_refuses_by_itself(
        self, world: World, bot: Bot, api: WebClient, element: dict[str, Any], value: Any
    ) -> None:
        view = open_modal(world, bot, api, input_block(element))
        before = len(bot.got)
        reply = world.submit(ADA, view["id"], {"b": {"a": value}})
        assert list(reply.errors) == ["b"] and reply.error == "not sent"
        assert len(bot.got) == before and len(world.views(ADA)) == 1

    def test_an_optional_field_may_stay_empty(self, world: World, bot: Bot, api: WebClient) -> None:
        view = open_modal(world, bot, api, input_block(TEXT, optional=True))
        assert self.submitted(world, bot, view, {})["b"]["a"]["value"] is None

    def test_a_choice_that_is_not_on_offer_cannot_be_made(self, world: World, bot: Bot, api: WebClient) -> None:
        view = open_modal(world, bot, api, input_block({"type": "static_select", "options": OPTIONS}))
        for state in ({"b": {"a": "green"}}, {"c": {"a": "red"}}, {"b": {"z": "red"}}):
            with pytest.raises(NotPossible):
                world.submit(ADA, view["id"], state)

    def test_an_empty_ack_closes_only_this_view(self, world: World, bot: Bot, api: WebClient) -> None:
        root = open_modal(world, bot, api, actions(button()))
        world.click_view(ADA, root["id"], "press")
        top = api.views_push(trigger_id=bot.last["trigger_id"], view=modal())["view"]
        with pytest.raises(NotPossible):
            world.submit(ADA, root["id"])
        assert world.submit(ADA, top["id"]).ok
        assert [view["id"] for view in world.views(ADA)] == [root["id"]]

    def test_clear_closes_all(self, world: World, bot: Bot, api: WebClient) -> None:
        root = open_modal(world, bot, api, actions(button()))
        world.click_view(ADA, root["id"], "press")
        top = api.views_push(trigger_id=bot.last["trigger_id"], view=modal())["view"]
        bot.answers["view_submission"] = {"response_action": "clear"}
        assert world.submit(ADA, top["id"]).ok
        assert world.views(ADA) == []

    def test_an_update_and_a_push_come_by_the_ack_too(self, world: World, bot: Bot, api: WebClient) -> None:
        view = open_modal(world, bot, api)
        bot.answers["view_submission"] = {"response_action": "update", "view": modal(title=plain("Two"))}
        world.submit(ADA, view["id"])
        assert [(shown["id"], shown["title"]["text"]) for shown in world.views(ADA)] == [(view["id"], "Two")]
        bot.answers["view_submission"] = {"response_action": "push", "view": modal(title=plain("Three"))}
        world.submit(ADA, view["id"])
        assert [shown["title"]["text"] for shown in world.views(ADA)] == ["Two", "Three"]

    def test_field_errors_leave_the_modal_and_what_was_typed(self, world: World, bot: Bot, api: WebClient) -> None:
        view = open_modal(world, bot, api, input_block(TEXT))
        bot.answers["view_submission"] = {"response_action": "errors", "errors": {"b": "Say more."}}
        reply = world.submit(ADA, view["id"], {"b": {"a": "hm"}})
        assert (reply.errors, reply.error) == ({"b": "Say more."}, None)
        assert world.views(ADA)[0]["state"]["values"]["b"]["a"]["value"] == "hm"

    @pytest.mark.parametrize("ack", BAD_ACKS, ids=str)
    def test_an_ack_that_makes_no_sense_is_a_refusal(
        self, world: World, bot: Bot, api: WebClient, ack: dict[str, Any]
    ) -> None:
        view = open_modal(world, bot, api, input_block(TEXT, optional=True), actions(button()))
        bot.answers["view_submission"] = ack
        assert world.submit(ADA, view["id"]).error == "We had some trouble connecting. Try again?"
        assert len(world.refusals()) == 1 and len(world.views(ADA)) == 1

    def test_a_failed_or_late_submit_leaves_the_modal_open(self, world: World, bot: Bot, api: WebClient) -> None:
        view = open_modal(world, bot, api)
        bot.answers["view_submission"] = (500, None, {})
        assert world.submit(ADA, view["id"]).error
        bot.answers.clear()
        world.ack_seconds = 0
        assert world.submit(ADA, view["id"]).error == "operation_timeout"
        assert len(world.views(ADA)) == 1


class TestClickingInside:
    def test_a_button_carries_the_view_and_its_state(self, world: World, bot: Bot, api: WebClient) -> None:
        view = open_modal(world, bot, api, input_block(TEXT), actions(button(value="7")), private_metadata="m")
        assert world.click_view(ADA, view["id"], "press", state={"b": {"a": "half a sen"}}).ok
        body = bot.last
        assert (body["type"], body["container"]) == ("block_actions", {"type": "view", "view_id": view["id"]})
        assert (body["view"]["hash"], body["view"]["private_metadata"]) == (view["hash"], "m")
        assert body["view"]["state"]["values"]["b"]["a"]["value"] == "half a sen"
        assert body["actions"][0]["value"] == "7" and "response_url" not in body

    def test_an_input_tells_the_app_only_with_dispatch_action(self, world: World, bot: Bot, api: WebClient) -> None:
        menu = {"type": "static_select", "options": OPTIONS}
        view = open_modal(world, bot, api, input_block(menu, "quiet"), input_block(menu, "loud", dispatch_action=True))
        world.click_view(ADA, view["id"], "a", "loud", "red")
        assert bot.last["actions"][0]["selected_option"] == OPTIONS[0]
        with pytest.raises(NotPossible):
            world.click_view(ADA, view["id"], "a", "quiet", "red")

    def test_only_ones_own_top_view_can_be_touched(self, world: World, bot: Bot, api: WebClient) -> None:
        view = open_modal(world, bot, api, actions(button()))
        with pytest.raises(NotPossible):
            world.click_view(BOB, view["id"], "press")

    def test_view_closed_comes_only_when_asked_for_and_without_what_was_typed(
        self, world: World, bot: Bot, api: WebClient
    ) -> None:
        quiet = open_modal(world, bot, api)
        world.close(ADA, quiet["id"])
        assert bot.last["command"] == "/bets"
        loud = open_modal(world, bot, api, input_block(TEXT), actions(button()), notify_on_close=True)
        world.click_view(ADA, loud["id"], "press", state={"b": {"a": "secret"}})
        world.close(ADA, loud["id"], all_of_them=True)
        assert (bot.last["type"], bot.last["is_cleared"]) == ("view_closed", True)
        assert bot.last["view"]["state"] == {"values": {}} and world.views(ADA) == []


class TestHome:
    def test_a_home_is_published_updated_and_clicked(self, world: World, bot: Bot, api: WebClient) -> None:
        assert world.home(ADA) is None
        first = api.views_publish(user_id=ADA, view=HOME)["view"]
        second = api.views_publish(user_id=ADA, view=HOME, hash=first["hash"])["view"]
        assert (second["id"], world.home(BOB)) == (first["id"], None)
        assert refusal(api.views_publish, user_id=ADA, view=HOME, hash=first["hash"]) == "hash_conflict"
        assert world.click_view(ADA, first["id"], "press").ok
        assert api.views_open(trigger_id=bot.last["trigger_id"], view=modal())["ok"]

    def test_what_is_no_home_is_refused(self, world: World, api: WebClient) -> None:
        assert refusal(api.views_publish, user_id=ADA, view=modal()) == "invalid_arguments"
        assert refusal(api.views_publish, user_id="U0NOBODY", view=HOME) == "invalid_arguments"
