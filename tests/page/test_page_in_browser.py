"""The page in a real browser, as people meet it."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import at_length
from tests.page.conftest import ANA, BEN, LEADS, TEAM, Desk, Look
from tests.page.toy import button, buttons, section

pytestmark = pytest.mark.browser
NASTY = "<img src=x onerror=alert(1)> <b>bold</b> &lt;script&gt; \"'` </textarea>"


def rows(page: Any) -> Any:
    return page.locator(".channel .rows > .message")


def composer(page: Any) -> Any:
    return page.get_by_role("combobox", name="Message", exact=True)


def say(page: Any, text: str) -> None:
    composer(page).fill(text)
    composer(page).press("Enter")


def see(page: Any, text: str) -> Any:
    found = page.get_by_text(text).locator("visible=true").last
    found.wait_for()
    return found


def gone(locator: Any) -> None:
    locator.wait_for(state="detached")


def test_a_message_appears_without_reload(look: Look, desk: Desk) -> None:
    page = look(ANA)
    desk.world.say(BEN, TEAM, "the *new* layout works, @ana")
    row = rows(page).last
    row.get_by_text("Ben Okafor").wait_for()
    assert row.locator("strong").inner_text() == "new"
    assert row.locator(".mention-you").inner_text() == "@Ana Ruiz"


def test_two_tabs_are_two_people_and_each_sees_only_their_own(look: Look, desk: Desk) -> None:
    ana, ben = look(ANA), look(BEN)
    assert ana.get_by_role("button", name="leads").count() == 1
    assert ben.get_by_role("button", name="leads").count() == 0
    say(ben, "/bets summary")
    ben.locator(".ephemeral", has_text="Only visible to you").wait_for()
    say(ben, "hello from ben")
    see(ana, "hello from ben")
    assert ana.locator(".ephemeral").count() == 0


def look_away(page: Any, away: bool = True) -> None:
    """As if another tab were shown: a browser without a window shows all of them at once."""
    state = "hidden" if away else "visible"
    page.evaluate(
        f"Object.defineProperty(document, 'visibilityState', {{ configurable: true, get: () => '{state}' }});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )


@pytest.mark.full
def test_more_tabs_than_a_browser_has_connections_freeze_nothing_as_only_one_is_looked_at(
    look: Look, desk: Desk
) -> None:
    pages = []
    for _ in range(7):
        for page in pages[-1:]:
            look_away(page)
        pages.append(look(ANA))
    say(pages[-1], "one tab too many")
    see(pages[-1], "one tab too many")
    first = pages[0]
    assert first.get_by_text("one tab too many").count() == 0
    look_away(pages[-1])
    look_away(first, False)
    see(first, "one tab too many")
    desk.world.say(BEN, TEAM, "and it hears again")
    see(first, "and it hears again")


def test_a_person_is_switched_in_place_and_kept_in_the_address(look: Look) -> None:
    page = look(ANA)
    page.get_by_role("button", name="You are: Ana Ruiz").click()
    page.get_by_role("menuitem", name="Ben Okafor").click()
    page.get_by_role("button", name="You are: Ben Okafor, guest").wait_for()
    assert f"as={BEN}" in page.url


def test_a_thread_shows_replies_and_what_the_bot_asks_only_this_person(look: Look, desk: Desk) -> None:
    root = desk.post("B-1 Invoice fields")
    page = look(ANA, query=f"&at={TEAM}&thread={root}")
    reply = page.get_by_role("combobox", name="Reply in thread")
    reply.fill("94% of lines are right")
    page.get_by_label("Also send to #applied-ml").check()
    reply.press("Enter")
    thread = page.get_by_role("complementary", name="Thread")
    thread.get_by_text("Only visible to you").wait_for()
    thread.get_by_role("button", name="70%").click()
    page.locator(".replies", has_text="1 reply").wait_for()
    assert desk.bot.clicked == ["sure70"]
    assert page.locator(".channel").get_by_text("94% of lines are right").count() == 1
    reply.fill("/bets summary")
    reply.press("Enter")
    see(page, "do not work in threads")
    assert reply.input_value() == "/bets summary"


def test_an_ephemeral_message_is_gone_after_a_reload(look: Look) -> None:
    page = look(ANA)
    say(page, "/bets summary")
    page.locator(".ephemeral", has_text="Only visible to you").wait_for()
    page.reload()
    page.locator("#ready").wait_for(state="attached")
    assert page.locator(".ephemeral").count() == 0


def test_a_form_shows_errors_at_the_field_and_loses_nothing(look: Look, desk: Desk) -> None:
    desk.post("Check-in", [section("Check-in"), buttons(button("Give my updates", "open"))])
    page = look(ANA)
    page.get_by_role("button", name="Give my updates").click()
    dialog = page.get_by_role("dialog", name="My updates")
    learned = dialog.get_by_label("What do we know now?")
    dialog.get_by_role("button", name="Send").click()
    dialog.get_by_text("Please complete this required field.").wait_for()
    assert learned.evaluate("node => node === document.activeElement")
    learned.fill("nothing yet")
    dialog.get_by_label("Confidence").fill("abc")
    dialog.get_by_role("button", name="Send").click()
    dialog.get_by_text("whole number").wait_for()
    dialog.get_by_label("Confidence").fill("7")
    dialog.get_by_role("button", name="Send").click()
    dialog.get_by_text("Say how sure you are.").wait_for()
    assert dialog.get_by_label("Confidence").evaluate("node => node === document.activeElement")
    learned.fill("a lot")
    dialog.get_by_label("Upside").select_option("L")
    dialog.get_by_label("Owners").click()
    dialog.get_by_role("checkbox", name="Ben Okafor").check()
    page.keyboard.press("Escape")
    dialog.get_by_role("button", name="Send").click()
    gone(dialog)
    [values] = desk.bot.submitted
    assert values["learned"]["value"]["value"] == "a lot"
    assert values["sure"]["value"]["value"] == "7"
    assert values["size"]["value"]["selected_option"]["value"] == "L"
    assert values["owners"]["value"]["selected_users"] == [BEN]


def test_a_form_in_which_something_was_typed_asks_before_it_is_left(look: Look, desk: Desk) -> None:
    desk.post("Check-in", [section("Check-in"), buttons(button("Give my updates", "open"))])
    page = look(ANA)
    opener = page.get_by_role("button", name="Give my updates")
    dialog, asked = (page.get_by_role("dialog", name=name) for name in ("My updates", "Leave this form?"))
    opener.click()
    dialog.wait_for()
    page.keyboard.press("Escape")
    gone(dialog)
    opener.click()
    learned = dialog.get_by_label("What do we know now?")
    learned.fill("half a thought")
    for _ in range(3):
        page.keyboard.press("Escape")
        asked.get_by_text("What you typed in it is not sent, and would be lost.").wait_for()
        page.keyboard.press("Escape")
        gone(asked)
    assert learned.input_value() == "half a thought"
    page.keyboard.press("Escape")
    asked.wait_for()
    page.keyboard.press("Enter")  # what is at hand loses nothing
    gone(asked)
    assert learned.input_value() == "half a thought"
    for way_out in ("Cancel", "Close"):
        dialog.get_by_role("button", name=way_out).click()
        asked.get_by_role("button", name="Keep typing").click()
        gone(asked)
        assert learned.input_value() == "half a thought"
    learned.fill("")
    dialog.get_by_role("button", name="Cancel").click()
    gone(dialog)
    opener.click()
    dialog.get_by_label("Upside").select_option("L")
    page.keyboard.press("Escape")
    asked.get_by_role("button", name="Leave it").click()
    gone(dialog)


def type_on(page: Any, text: str) -> None:
    """Nothing is clicked: the keys go where the page has put them."""
    composer(page).and_(page.locator(":focus")).wait_for()
    page.keyboard.type(text)
    assert composer(page).input_value() == text
    composer(page).fill("")


@pytest.mark.parametrize("way_out", ["Escape", "Leave it", *at_length("Cancel", "Close", "Control+Enter")])
def test_after_a_form_that_a_command_opened_one_types_on_where_one_was(look: Look, way_out: str) -> None:
    page = look(ANA)
    keys = page.keyboard
    say(page, "/bets new")
    dialog = page.get_by_role("dialog", name="New bet")
    learned = dialog.get_by_label("What do we know now?")
    dialog.wait_for()
    if way_out in ("Cancel", "Close"):
        dialog.get_by_role("button", name=way_out).press("Enter")
    elif way_out == "Leave it":
        keys.type("half a thought")
        keys.press("Escape")
        page.get_by_role("button", name="Keep typing").press("Enter")
        keys.type(" more")
        assert learned.input_value() == "half a thought more"
        keys.press("Escape")
        page.get_by_role("button", name=way_out).press("Enter")
    else:
        keys.type("a lot" if way_out == "Control+Enter" else "")
        keys.press(way_out)
    gone(dialog)
    type_on(page, "ab")


def test_what_takes_a_sent_forms_place_has_its_first_button_at_hand(look: Look, desk: Desk) -> None:
    page = look(ANA)
    say(page, "/bets new")
    page.get_by_role("dialog", name="New bet").get_by_label("What do we know now?").fill("a lot more")
    page.get_by_role("button", name="Send", exact=True).last.press("Enter")
    see(page, "Saved: B-1. 1 bet is still open.")
    page.get_by_role("button", name="More bets").and_(page.locator(":focus")).wait_for()
    page.keyboard.press("Escape")
    gone(page.locator("dialog[open]"))
    type_on(page, "ab")


@pytest.mark.full
def test_a_field_of_people_is_called_by_its_label_and_who_is_chosen(look: Look) -> None:
    page = look(ANA)
    say(page, "/bets new")
    page.get_by_role("button", name="Owners (optional) Choose", exact=True).click()
    page.get_by_role("checkbox", name="Ben Okafor").check()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Owners (optional) Ben Okafor", exact=True).wait_for()


@pytest.mark.full
def test_an_updated_form_keeps_what_was_typed_and_forms_stack_three_deep(look: Look) -> None:
    page = look(ANA)
    say(page, "/bets new")
    first = page.get_by_role("dialog", name="New bet")
    first.get_by_label("What do we know now?").fill("half a thought")
    first.get_by_role("button", name="Add data source").click()
    updated = page.get_by_role("dialog", name="My updates")
    updated.get_by_label("Source 1").wait_for()
    assert updated.get_by_label("What do we know now?").input_value() == "half a thought"
    for depth in (2, 3):
        page.get_by_role("button", name="More bets").last.click()
        page.locator("dialog[open]").nth(depth - 1).wait_for()
    page.keyboard.press("Escape")
    gone(page.locator("dialog[open]").nth(2))
    page.keyboard.press("Escape")
    gone(page.locator("dialog[open]").nth(1))
    assert updated.get_by_label("What do we know now?").input_value() == "half a thought"
    page.get_by_role("button", name="More bets").last.click()
    page.locator("dialog[open]").nth(1).wait_for()
    page.get_by_role("button", name="Close").last.click()
    page.get_by_role("dialog", name="Leave this form?").get_by_role("button", name="Leave it").click()
    gone(page.locator("dialog[open]"))


def test_everything_can_be_done_from_the_keyboard(look: Look, desk: Desk) -> None:
    desk.world.say(ANA, TEAM, "first thought")
    page = look(ANA)
    keys = page.keyboard
    composer(page).focus()
    keys.type("/bets su")
    page.get_by_role("option", name="/bets summary").wait_for()
    keys.press("Tab")
    assert composer(page).input_value() == "/bets summary "
    keys.press("Enter")
    see(page, "Summary of summary")
    keys.type("hi @be")
    keys.press("Enter")
    keys.press("Enter")
    rows(page).last.get_by_text("@Ben Okafor").wait_for()
    rows(page).last.focus()
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    keys.press("e")
    keys.press("End")
    keys.type(", better")
    keys.press("Enter")
    see(page, "first thought, better")
    page.get_by_text("(edited)").wait_for()
    keys.press("r")
    page.get_by_role("button", name="eyes").wait_for()
    keys.press("ArrowRight")
    keys.press("Enter")
    page.locator(".reaction[data-reaction='white_check_mark'][aria-pressed='true']").wait_for()
    rows(page).first.focus()
    keys.press("t")
    page.get_by_role("combobox", name="Reply in thread").wait_for()
    keys.press("Escape")
    page.get_by_role("complementary", name="Thread").wait_for(state="hidden")


def test_a_link_before_everything_else_leads_past_clock_and_channels(look: Look) -> None:
    page = look(ANA)
    composer(page).wait_for()
    assert page.evaluate("document.querySelector('a, button, [tabindex]').textContent") == "Skip to the conversation"
    page.locator(".skip-link").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.full
def test_a_second_link_leads_to_the_message_box_wherever_one_is(look: Look, desk: Desk) -> None:
    root = desk.post("B-1 Invoice fields")
    page = look(ANA, query=f"&at={TEAM}&thread={root}")
    link = page.get_by_role("link", name="Skip to the message box")
    focused = "document.activeElement.getAttribute('aria-label')"
    link.press("Enter")
    assert page.evaluate(focused) == "Reply in thread"
    page.get_by_role("button", name="Close thread").click()
    page.get_by_role("button", name="App Home").click()
    link.press("Enter")
    page.locator(".channel .composer-field:focus").wait_for()


@pytest.mark.full
def test_only_the_current_messages_buttons_are_on_the_way_of_tab(look: Look, desk: Desk) -> None:
    for number in range(20):
        desk.post(f"{number}", [section(f"Number {number}"), buttons(button(f"Vote {number}", f"v{number}"))])
    page = look(ANA)
    see(page, "Number 19")
    page.locator(".skip-link").press("Enter")
    passed = []
    while not composer(page).evaluate("node => node === document.activeElement"):
        page.keyboard.press("Tab")
        passed.append(page.evaluate("document.activeElement.textContent"))
    assert "Vote 19" in passed and "Vote 18" not in passed
    rows(page).last.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Vote 18"
    with page.expect_response(lambda response: "/api/act/click" in response.url):
        page.keyboard.press("Enter")
    assert desk.bot.clicked == ["v18"]


def test_what_was_typed_and_not_sent_outlives_a_reload(look: Look, desk: Desk) -> None:
    root = desk.post("B-1 Invoice fields")
    page = look(ANA, query=f"&at={TEAM}&thread={root}")
    reply = page.get_by_role("combobox", name="Reply in thread")
    reply.fill("half a reply")
    composer(page).fill("half a thought")
    page.reload()
    page.locator("#ready").wait_for(state="attached")
    assert (reply.input_value(), composer(page).input_value()) == ("half a reply", "half a thought")
    composer(page).press("Enter")
    see(page, "half a thought")
    page.reload()
    page.locator("#ready").wait_for(state="attached")
    assert (reply.input_value(), composer(page).input_value()) == ("half a reply", "")


@pytest.mark.parametrize("width", [320, 375, 390])
def test_nothing_of_the_clock_is_cut_on_a_narrow_phone(look: Look, width: int) -> None:
    page = look(ANA, width, 700)
    parts = "[...document.querySelectorAll('.now, .now *, .mover, .mover *')].filter((one) => one.offsetParent)"
    cut = f"{parts}.filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth)"
    assert page.evaluate(f"{cut}.map((one) => one.textContent)") == []
    beyond = f"{parts}.filter((one) => one.getBoundingClientRect().right > innerWidth)"
    assert page.evaluate(f"{beyond}.map((one) => one.textContent)") == []


@pytest.mark.full
def test_own_messages_can_be_deleted_and_reactions_taken_back(look: Look, desk: Desk) -> None:
    ts = desk.world.say(ANA, TEAM, "never mind")
    desk.world.react(BEN, TEAM, ts, "+1")
    page = look(ANA)
    page.locator(".reaction[data-reaction='+1']").click()
    page.locator(".reaction[aria-pressed='true']", has_text="2").click()
    page.locator(".reaction[aria-pressed='false']", has_text="1").wait_for()
    rows(page).last.hover()
    rows(page).last.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete message").click()
    sure = page.get_by_role("dialog", name="Delete message")
    sure.get_by_text("This cannot be undone.").wait_for()
    sure.get_by_role("button", name="Cancel").click()
    gone(sure)
    assert page.get_by_text("never mind").is_visible()
    rows(page).last.hover()
    rows(page).last.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete message").click()
    sure.get_by_role("button", name="Delete").click()
    gone(page.get_by_text("never mind"))
    assert desk.world.messages(TEAM) == []


def test_typed_text_and_focus_survive_live_changes(look: Look, desk: Desk) -> None:
    page = look(ANA)
    composer(page).press_sequentially("half a ")
    desk.world.say(BEN, TEAM, "meanwhile")
    see(page, "meanwhile")
    composer(page).press_sequentially("thought")
    assert composer(page).input_value() == "half a thought"
    page.get_by_role("button", name="Bets", exact=True).click()
    page.get_by_role("button", name="applied-ml").click()
    page.get_by_placeholder("Message #applied-ml").wait_for()
    assert composer(page).input_value() == "half a thought"


@pytest.mark.full
def test_earlier_messages_are_added_above_without_losing_the_place(look: Look, desk: Desk) -> None:
    for number in range(130):
        desk.world.say(BEN, TEAM, f"number {number}")
    page = look(ANA)
    page.get_by_role("button", name="Show earlier messages").click()
    see(page, "number 30").wait_for()
    page.get_by_text("number 29", exact=True).wait_for(state="attached")
    assert page.get_by_text("number 30", exact=True).is_visible()
    assert page.locator(".channel .scroll").first.evaluate("node => node.scrollTop") > 300


def test_injected_markup_stays_text(look: Look, desk: Desk) -> None:
    page = look(ANA)
    say(page, NASTY)
    see(page, "<img src=x onerror=alert(1)> <b>bold</b>")
    desk.post(
        "x",
        [
            section(NASTY, accessory=button("<i>tag</i>", "x")),
            {"type": "header", "text": {"type": "plain_text", "text": NASTY}},
        ],
    )
    desk.post('<javascript:alert(1)|click me> <https://x.test/"onclick=alert(1)|safe>')
    see(page, "click me")
    assert rows(page).locator("img, b, i, script").count() == 0
    assert page.locator(".message a", has_text="click me").count() == 0
    assert page.locator(".message a", has_text="safe").get_attribute("onclick") is None


def test_a_picture_of_the_workspace_is_shown_with_its_words(look: Look, desk: Desk, tmp_path: Path) -> None:
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c63606060f80f0001040100c5d5f0b70000000049454e44ae426082"
    )
    file = desk.world.say(BEN, TEAM, "the chart", files=[("chart.png", pixel)])
    name = next(one for one in desk.world.messages(TEAM) if one["ts"] == file)["files"][0]["id"]
    desk.post("x", [{"type": "image", "slack_file": {"id": name}, "alt_text": "confidence over time"}])
    desk.post("x", [{"type": "image", "image_url": "https://example.com/x.png", "alt_text": "from elsewhere"}])
    page = look(ANA)
    page.get_by_role("img", name="confidence over time").wait_for()
    see(page, "[picture: from elsewhere]")
    widths = "Promise.all([...document.images].map((one) => one.decode().then(() => one.naturalWidth)))"
    assert page.evaluate(widths) == [1, 1]


def test_the_clock_moves_by_a_button_and_says_where_to(look: Look, desk: Desk) -> None:
    page = look(ANA)
    page.get_by_role("button", name=re.compile("Next event Wed 15:00 reminder")).click()
    page.get_by_role("button", name=re.compile("Next Monday Mon 23 Nov")).click()
    page.locator("#now", has_text="12:00 Monday, 23 Nov 2026").wait_for()
    assert [moved.isoformat() for moved in desk.controls.moved] == [
        "2026-11-18T14:00:00+00:00",
        "2026-11-23T11:00:00+00:00",
    ]


def test_an_event_that_brings_no_message_says_so_until_the_clock_moves_on(look: Look, desk: Desk) -> None:
    page = look(ANA)
    desk.controls.posts = False
    page.get_by_role("button", name=re.compile("Next event Wed 15:00 reminder")).click()
    note = page.get_by_role("status").get_by_text("It is Wed 15:00: reminder, and there was nothing to post.")
    note.wait_for()
    desk.controls.posts = True
    page.get_by_role("button", name="Next Monday Mon 23 Nov").click()
    gone(note)


def test_the_home_tab_is_drawn_and_its_buttons_work(look: Look) -> None:
    page = look(ANA)
    page.get_by_role("button", name="App Home").click()
    page.get_by_role("button", name="Answer", exact=True).click()
    page.get_by_role("dialog", name="My updates").wait_for()


@pytest.mark.full
def test_what_came_meanwhile_is_marked_unread(look: Look, desk: Desk) -> None:
    page = look(ANA)
    desk.client.chat_postMessage(channel=desk.world.open_dm(ANA), text="Your update is open")
    page.get_by_role("button", name="Bets 1 unread").click()
    see(page, "Your update is open")
    page.get_by_role("button", name="Bets", exact=True).wait_for()


@pytest.mark.full
def test_replies_that_were_read_in_their_thread_are_marked_as_new_no_longer(look: Look, desk: Desk) -> None:
    root = desk.post("B-1 Invoice fields")
    desk.world.say(BEN, TEAM, "an answer", thread_ts=root)
    page = look(ANA)
    replies, new = rows(page).nth(0).locator(".replies"), page.locator(".replies.fresh")
    new.wait_for()
    replies.click()
    gone(new)
    desk.world.say(BEN, TEAM, "one more while she reads", thread_ts=root)
    replies.get_by_text("2 replies").wait_for()
    gone(new)
    page.get_by_role("button", name="Close thread").click()
    desk.world.say(BEN, TEAM, "one more that she has not seen", thread_ts=root)
    new.get_by_text("3 replies").wait_for()


def test_a_narrow_window_has_no_sideways_scroll(look: Look, desk: Desk) -> None:
    root = desk.post("B-1 " + "x" * 200, [section("B-1 " + "x" * 200), buttons(button("Give my updates", "open"))])
    desk.world.say(ANA, TEAM, "https://example.com/" + "y" * 300, thread_ts=root)
    page = look(ANA, 380, 760)
    panes = "[...document.querySelectorAll('.app, .main, .scroll, .clock, .modal')]"
    wide = f"{panes}.filter((one) => one.scrollWidth > one.clientWidth + 1).length"
    assert page.evaluate("document.documentElement.scrollWidth") == 380
    page.locator(".replies").click()
    page.get_by_role("complementary", name="Thread").wait_for()
    assert page.evaluate(wide) == 0
    page.get_by_role("button", name="Close thread").click()
    page.get_by_role("button", name="Channels and people").first.click()
    page.get_by_role("button", name="App Home").click()
    page.get_by_role("button", name="Answer", exact=True).click()
    page.get_by_role("dialog", name="My updates").wait_for()
    assert page.evaluate(wide) == 0


@pytest.mark.full
def test_opening_a_thread_beside_the_channel_leaves_in_sight_what_was_read(look: Look, desk: Desk) -> None:
    roots = [desk.post(f"number {number} " + "says a great deal " * 40) for number in range(40)]
    desk.world.say(BEN, TEAM, "an answer", thread_ts=roots[20])
    page = look(ANA)
    asked = rows(page).nth(20)
    asked.scroll_into_view_if_needed()
    where = asked.bounding_box()["y"]
    asked.get_by_role("button", name="1 reply").click()
    page.get_by_role("complementary", name="Thread").wait_for()
    page.wait_for_function("document.querySelector('.channel .scroll').clientWidth < 700")
    assert abs(asked.bounding_box()["y"] - where) < 100
    page.get_by_role("button", name="Close thread").click()
    page.wait_for_function("document.querySelector('.channel .scroll').clientWidth > 700")
    assert abs(asked.bounding_box()["y"] - where) < 100


@pytest.mark.full
def test_a_link_leads_to_its_message_in_a_channel_that_was_not_looked_at_yet(look: Look, desk: Desk) -> None:
    said = [desk.post(f"number {number} " + "says a great deal " * 40) for number in range(40)]
    where = desk.client.chat_getPermalink(channel=TEAM, message_ts=said[20])["permalink"]
    direct = desk.world.open_dm(ANA)
    desk.client.chat_postMessage(channel=direct, text=f"<{where}|To its card>")
    page = look(ANA, query=f"&at={direct}")
    page.get_by_text("To its card").click()
    page.locator(".message.found", has_text="number 20 ").wait_for()
    page.wait_for_timeout(100)
    assert 0 < rows(page).nth(20).bounding_box()["y"] < 800


def test_the_first_hint_opens_the_thread_in_which_the_person_is_asked(look: Look, desk: Desk) -> None:
    theirs, hers, other = (
        desk.post(f"{title}: owner <@{who}>") for title, who in (("B-1", BEN), ("B-2", ANA), ("B-3", BEN))
    )
    for root, who in ((theirs, BEN), (hers, ANA), (other, BEN)):
        desk.post("What do we know now?", [section(f"<@{who}> What do we know now?")], thread_ts=root)
    desk.world.say(BEN, TEAM, "works on a small set", thread_ts=other)
    for person, title in ((ANA, "B-2"), (BEN, "B-1")):
        page = look(person)
        page.get_by_role("button", name="Answer a prompt:").click()
        page.get_by_role("complementary", name="Thread").get_by_text(f"{title}: owner").wait_for()


@pytest.mark.full
def test_the_hints_of_a_first_visit_can_be_dismissed_for_good(look: Look) -> None:
    page = look(ANA)
    page.get_by_role("button", name="/bets summary:").click()
    page.get_by_role("option", name="/bets summary").wait_for()
    assert composer(page).input_value() == "/bets summary"
    page.get_by_role("button", name="Dismiss the hints").click()
    page.reload()
    page.locator("#ready").wait_for(state="attached")
    assert page.get_by_role("button", name="/bets summary:").count() == 0


def test_a_channel_one_is_not_in_is_never_opened(look: Look) -> None:
    page = look(BEN, query=f"&at={LEADS}")
    page.get_by_placeholder("Message #applied-ml").wait_for()


def test_whoever_asks_somebody_beyond_loopback_is_found_out(look: Look, desk: Desk) -> None:
    page = look(ANA)
    page.goto("about:blank")  # where nothing forbids it, as the page does
    for elsewhere in ("http://example.com/x", "http://192.0.2.1/x"):
        page.evaluate("address => fetch(address).catch(() => 0)", elsewhere)
    assert [complaint.split("::")[-1] for complaint in look.complaints] == ["ERR_NAME_NOT_RESOLVED"] * 2
    look.complaints.clear()
    page.goto(desk.url)
