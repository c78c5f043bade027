"""Block Kit's limits, one row a rule: the value at the limit passes, the one above is refused with its path."""

from typing import Any

import pytest

from bot.demo.fake_slack.blocks import check_message_blocks, check_view

from .conftest import TEXT, actions, button, input_block, modal, mrkdwn, option, plain

Block = dict[str, Any]


def section(**more: Any) -> Block:
    return {"type": "section", **more}


def select(count: int = 1, **more: Any) -> Block:
    return {"type": "static_select", "action_id": "s", "options": [option(f"o{n}") for n in range(count)], **more}


def confirm(**more: str) -> Block:
    texts = {"title": "Sure?", "text": "Really", "confirm": "Yes", "deny": "No", **more}
    return {name: plain(text) for name, text in texts.items()}


AT_THE_LIMIT: dict[str, list[Block]] = {
    "50 blocks": [{"type": "divider"}] * 50,
    "section text 3000": [section(text=mrkdwn("x" * 3000))],
    "10 fields of 2000": [section(fields=[mrkdwn("x" * 2000)] * 10)],
    "header 150": [{"type": "header", "text": plain("x" * 150)}],
    "25 buttons": [actions(*[button(f"a{n}") for n in range(25)])],
    "10 in a context": [{"type": "context", "elements": [mrkdwn("x")] * 10}],
    "button text 75, value 2000, action_id 255": [actions(button("a" * 255, "x" * 75, value="v" * 2000))],
    "block_id 255": [{"type": "divider", "block_id": "b" * 255}],
    "100 options": [actions(select(100))],
    "option text 75, value 150": [actions(select() | {"options": [{"text": plain("x" * 75), "value": "v" * 150}]})],
    "groups": [
        actions(select() | {"option_groups": [{"label": plain("g"), "options": [option("a")]}], "options": None})
    ],
    "image": [{"type": "image", "image_url": "https://x.org/" + "a" * 2986, "alt_text": "a" * 2000}],
    "accessory": [section(text=mrkdwn("x"), accessory=button())],
    "select with an initial option": [actions(select(2, initial_option=option("o1")))],
    "confirm": [actions(button(confirm=confirm(title="t" * 100, text="x" * 300, confirm="y" * 30)))],
    "radio with markup": [
        actions({"type": "radio_buttons", "action_id": "r", "options": [{"text": mrkdwn("*x*"), "value": "1"}]})
    ],
    "checkboxes": [actions({"type": "checkboxes", "action_id": "c", "options": [option("a"), option("b")]})],
    "a date": [actions({"type": "datepicker", "action_id": "d", "initial_date": "2026-12-01"})],
    "a time": [actions({"type": "timepicker", "action_id": "t", "initial_time": "09:30"})],
    "the same action_id in two blocks": [actions(button("a")), actions(button("a"), block_id="other")],
}


@pytest.mark.parametrize("blocks", AT_THE_LIMIT.values(), ids=AT_THE_LIMIT)
def test_blocks_at_the_limit_pass(blocks: list[Block]) -> None:
    cleaned = [
        block | {"elements": [{k: v for k, v in e.items() if v is not None} for e in block["elements"]]}
        if block["type"] == "actions"
        else block
        for block in blocks
    ]
    assert check_message_blocks(cleaned) == []


ABOVE: dict[str, tuple[list[Any], str]] = {
    "51 blocks": ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    "section text": (
        [section(text=mrkdwn("x" * 3001))],
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ),
    "empty text": ([section(text=mrkdwn(""))], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    "11 fields": ([section(fields=[mrkdwn("x")] * 11)], "/blocks/0/fields"),
    "long field": ([section(fields=[mrkdwn("x" * 2001)])], "/blocks/0/fields/0/text"),
    "section without text": ([section()], "missing required field: text [json-pointer:/blocks/0]"),
    "header 151": ([{"type": "header", "text": plain("x" * 151)}], "/blocks/0/text/text"),
    "header in mrkdwn": (
        [{"type": "header", "text": mrkdwn("x")}],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    "26 buttons": ([actions(*[button(f"a{n}") for n in range(26)])], "/blocks/0/elements"),
    "no buttons": ([actions()], "no less than 1 items allowed"),
    "11 in a context": ([{"type": "context", "elements": [mrkdwn("x")] * 11}], "/blocks/0/elements"),
    "a button in a context": ([{"type": "context", "elements": [button()]}], "/blocks/0/elements/0/type"),
    "button text": ([actions(button(text="x" * 76))], "/blocks/0/elements/0/text/text"),
    "button value": ([actions(button(value="x" * 2001))], "/blocks/0/elements/0/value"),
    "button value as a number": ([actions(button(value=7))], "must be a string"),
    "button style": ([actions(button(style="default"))], "must be one of primary, danger"),
    "action_id": ([actions(button("x" * 256))], "/blocks/0/elements/0/action_id"),
    "block_id": ([{"type": "divider", "block_id": "x" * 256}], "/blocks/0/block_id"),
    "101 options": ([actions(select(101))], "/blocks/0/elements/0/options"),
    "no options": ([actions({"type": "static_select", "action_id": "s"})], "either options or option_groups"),
    "option text": ([actions(select() | {"options": [option("x" * 76)]})], "/options/0/text/text"),
    "option value": ([actions(select() | {"options": [{"text": plain("x"), "value": "v" * 151}]})], "/options/0/value"),
    "option in mrkdwn": (
        [actions(select() | {"options": [{"text": mrkdwn("x"), "value": "v"}]})],
        "/options/0/text/type",
    ),
    "initial option": ([actions(select(2, initial_option=option("no")))], "must exactly match one of the options"),
    "overflow of 6": ([actions({"type": "overflow", "options": [option(str(n)) for n in range(6)]})], "/options"),
    "placeholder": ([actions(select(placeholder=plain("x" * 151)))], "/placeholder/text"),
    "confirm title": ([actions(button(confirm=confirm(title="x" * 101)))], "/confirm/title/text"),
    "alt text": ([{"type": "image", "image_url": "https://x.org/a", "alt_text": "x" * 2001}], "/blocks/0/alt_text"),
    "no alt text": ([{"type": "image", "image_url": "https://x.org/a"}], "missing required field: alt_text"),
    "image url": ([{"type": "image", "image_url": "x" * 3001, "alt_text": "x"}], "/blocks/0/image_url"),
    "image of nothing": ([{"type": "image", "alt_text": "x"}], "either image_url or slack_file"),
    "date": ([actions({"type": "datepicker", "initial_date": "1.12.2026"})], "invalid format"),
    "a date that there is not": ([actions({"type": "datepicker", "initial_date": "2026-02-30"})], "invalid format"),
    "confirm without deny": (
        [actions(button(confirm={"title": plain("t"), "text": plain("x"), "confirm": plain("y")}))],
        "missing required field: deny [json-pointer:/blocks/0/elements/0/confirm]",
    ),
    "link of a button": (
        [actions(button(url="example.org/a"))],
        "invalid format [json-pointer:/blocks/0/elements/0/url]",
    ),
    "image from elsewhere": ([{"type": "image", "image_url": "file:///a.png", "alt_text": "x"}], "/blocks/0/image_url"),
    "link of a menu's option": (
        [actions(select() | {"options": [option("a") | {"url": "https://x.org"}]})],
        "invalid additional property: url",
    ),
    "date and time in a section": (
        [section(text=mrkdwn("x"), accessory={"type": "datetimepicker"})],
        "unsupported type: datetimepicker",
    ),
    "more chosen than allowed": (
        [
            section(
                text=mrkdwn("x"),
                accessory={"type": "multi_users_select", "max_selected_items": 1, "initial_users": ["U1", "U2"]},
            )
        ],
        "max_selected_items",
    ),
    "two tables": (
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2,
        "only_one_table_allowed [json-pointer:/blocks]",
    ),
    "a cell in mrkdwn": ([{"type": "table", "rows": [[mrkdwn("x")]]}], "unsupported type: mrkdwn"),
    "rich text of sections": ([{"type": "rich_text", "elements": [section()]}], "unsupported type: section"),
    "time": ([actions({"type": "timepicker", "initial_time": "25:00"})], "invalid format"),
    "unknown block": ([{"type": "chart"}], "unsupported type: chart [json-pointer:/blocks/0/type]"),
    "unknown element": (
        [actions({"type": "slider"})],
        "unsupported type: slider [json-pointer:/blocks/0/elements/0/type]",
    ),
    "unknown key of a block": (
        [{"type": "divider", "color": "red"}],
        "invalid additional property: color [json-pointer:/blocks/0]",
    ),
    "unknown key of an element": ([actions(button(label="x"))], "invalid additional property: label"),
    "unknown key of a text": ([section(text=mrkdwn("x") | {"emoji": True})], "invalid additional property: emoji"),
    "text input outside an input": ([actions({"type": "plain_text_input"})], "unsupported type: plain_text_input"),
    "menu of many in actions": ([actions({"type": "multi_users_select"})], "unsupported type: multi_users_select"),
    "input in a message": ([input_block(TEXT)], "unsupported type: input"),
    "same block_id": (
        [{"type": "divider", "block_id": "x"}] * 2,
        "duplicate block_id: x [json-pointer:/blocks/1/block_id]",
    ),
    "same action_id": ([actions(button("a"), button("a"))], "duplicate action_id: a [json-pointer:/blocks/0]"),
    "not a block": (["text"], "must be an object"),
}


@pytest.mark.parametrize(("blocks", "said"), ABOVE.values(), ids=ABOVE)
def test_blocks_above_the_limit_are_refused_with_their_path(blocks: list[Any], said: str) -> None:
    assert any(said in problem for problem in check_message_blocks(blocks)), check_message_blocks(blocks)


GOOD_VIEWS: dict[str, Block] = {
    "100 blocks": modal(*[{"type": "divider"}] * 100),
    "title, submit, close of 24": modal(title=plain("x" * 24), submit=plain("x" * 24), close=plain("x" * 24)),
    "metadata 3000": modal(private_metadata="x" * 3000, callback_id="c" * 255),
    "an input": modal(input_block(TEXT | {"max_length": 3000, "initial_value": "x" * 3000}, hint=plain("h" * 2000))),
    "a number": modal(input_block({"type": "number_input", "is_decimal_allowed": False, "min_value": "0"})),
    "people": modal(input_block({"type": "multi_users_select", "initial_users": ["U1"]})),
    "no submit without inputs": {key: value for key, value in modal().items() if key != "submit"},
}
BAD_VIEWS: dict[str, tuple[Block, str]] = {
    "101 blocks": (modal(*[{"type": "divider"}] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
    "title": (modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
    "submit": (modal(submit=plain("x" * 25)), "/view/submit/text"),
    "close in mrkdwn": (modal(close=mrkdwn("x")), "/view/close/type"),
    "metadata": (modal(private_metadata="x" * 3001), "/view/private_metadata"),
    "callback_id": (modal(callback_id="x" * 256), "/view/callback_id"),
    "no title": ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
    "unknown key": (modal(submit_disabled=True), "invalid additional property: submit_disabled [json-pointer:/view]"),
    "inputs without submit": (
        {key: value for key, value in modal(input_block(TEXT)).items() if key != "submit"},
        "missing required field: submit [json-pointer:/view]",
    ),
    "label": (modal(input_block(TEXT) | {"label": plain("x" * 2001)}), "/view/blocks/0/label/text"),
    "max_length": (modal(input_block(TEXT | {"max_length": 3001})), "/view/blocks/0/element/max_length"),
    "min above max": (modal(input_block(TEXT | {"max_length": 5, "min_length": 6})), "min_length"),
    "initial value": (modal(input_block(TEXT | {"max_length": 5, "initial_value": "123456"})), "initial_value"),
    "initial value alone": (modal(input_block(TEXT | {"initial_value": "x" * 3001})), "initial_value"),
    "number without is_decimal_allowed": (modal(input_block({"type": "number_input"})), "is_decimal_allowed"),
    "initial number": (
        modal(input_block({"type": "number_input", "is_decimal_allowed": True, "initial_value": "7 "})),
        "invalid format",
    ),
    "a part as a whole number": (
        modal(input_block({"type": "number_input", "is_decimal_allowed": False, "initial_value": "1.5"})),
        "must be whole numbers",
    ),
    "number above the most": (
        modal(
            input_block({"type": "number_input", "is_decimal_allowed": True, "initial_value": "10", "max_value": "9"})
        ),
        "must be in order",
    ),
    "a button as input": (modal(input_block(button())), "unsupported type: button"),
    "two focused": (
        modal(input_block(TEXT | {"focus_on_load": True}), input_block(TEXT | {"focus_on_load": True}, "c")),
        "focus_on_load",
    ),
    "same block_id": (modal(input_block(TEXT), input_block(TEXT)), "duplicate block_id: b"),
    "a markdown block": (modal({"type": "markdown", "text": "x"}), "unsupported type: markdown"),
    "a home": ({"type": "home", "blocks": []}, "unsupported type: home"),
}


@pytest.mark.parametrize("view", GOOD_VIEWS.values(), ids=GOOD_VIEWS)
def test_views_at_the_limit_pass(view: Block) -> None:
    assert check_view(view, "modal") == []


@pytest.mark.parametrize(("view", "said"), BAD_VIEWS.values(), ids=BAD_VIEWS)
def test_views_above_the_limit_are_refused_with_their_path(view: Block, said: str) -> None:
    assert any(said in problem for problem in check_view(view, "modal")), check_view(view, "modal")


def test_a_home_tab_takes_no_title() -> None:
    assert check_view({"type": "home", "blocks": [section(text=plain("x"))]}, "home") == []
    assert check_view({"type": "home", "blocks": [], "title": plain("x")}, "home")
