"""A file goes with a message: chosen with a key, dropped on the pane or pasted, and only where it was attached."""

from typing import Any

import pytest

from tests.page.conftest import ANA, BEN, TEAM, Desk, Look
from tests.page.toy import button, buttons, section

pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser

EDGE = "node => getComputedStyle(node).borderColor"
ROWS = "id,input,prediction\n1,a,b\n"
MAKE = """(names) => {
    const data = new DataTransfer();
    for (const name of names) data.items.add(new File(["id,input,prediction\\n1,a,b\\n"], name, {type: "text/csv"}));
    return data;
}"""


def drop(page: Any, where: Any, *names: str) -> None:
    """Drags files over a part of the page and lets go."""
    data = page.evaluate_handle(MAKE, list(names))
    for event in ("dragover", "drop"):
        where.dispatch_event(event, {"dataTransfer": data})


def test_a_file_is_dropped_in_a_thread_and_sent_with_enter(look: Look, desk: Desk) -> None:
    root = desk.post("B-1 Invoice fields")
    page = look(ANA, 390, 800, query=f"&at={TEAM}&thread={root}")
    thread = page.get_by_role("complementary", name="Thread")
    thread.get_by_text("B-1 Invoice fields").wait_for()
    drop(page, thread, "v1.csv")
    thread.get_by_role("button", name="Remove").wait_for()
    page.keyboard.press("Enter")
    thread.get_by_role("link", name="v1.csv").wait_for()
    [file] = [file for one in desk.world.messages(TEAM, root) for file in one.get("files") or []]
    assert desk.world.file_content(file["id"]) == ROWS.encode()
    assert thread.get_by_role("button", name="Remove").count() == 0


def test_a_file_is_chosen_without_a_mouse(look: Look, desk: Desk) -> None:
    page = look(ANA)
    field = page.get_by_role("combobox", name="Message")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach a file").press("Enter")
    chooser.value.set_files({"name": "v1.csv", "mimeType": "text/csv", "buffer": ROWS.encode()})
    page.get_by_role("button", name="Remove").wait_for()
    assert field.evaluate("node => node === document.activeElement")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="v1.csv").wait_for()


def test_a_file_is_pasted_and_of_several_the_first_is_taken(look: Look) -> None:
    page = look(ANA)
    paste = (
        f"node => node.dispatchEvent(new ClipboardEvent('paste', {{clipboardData: ({MAKE})(['v1.csv', 'v2.csv'])}}))"
    )
    page.get_by_role("combobox", name="Message").evaluate(paste)
    page.get_by_text("One file at a time: v1.csv is attached.").wait_for()
    assert page.locator(".channel .attached").inner_text().startswith("v1.csv")


@pytest.mark.full
def test_a_file_stays_with_the_thread_in_which_it_was_attached(look: Look, desk: Desk) -> None:
    first, second = (desk.post(title) for title in ("B-1 Invoice fields", "B-2 Rank tickets"))
    desk.world.say(BEN, TEAM, "seen", thread_ts=second)
    page = look(ANA, query=f"&at={TEAM}&thread={first}")
    thread = page.get_by_role("complementary", name="Thread")
    thread.get_by_text("B-1 Invoice fields").wait_for()
    drop(page, thread, "v1.csv")
    thread.get_by_role("button", name="Remove").wait_for()
    page.locator(".replies").last.click()
    thread.get_by_text("B-2 Rank tickets").wait_for()
    thread.get_by_role("button", name="Remove").wait_for(state="detached")


def test_a_drop_beside_the_panes_does_not_leave_the_page(look: Look) -> None:
    page = look(ANA)
    kept = page.locator(".clock").evaluate(
        f"(node) => node.dispatchEvent(new DragEvent('drop', {{bubbles: true, cancelable: true, "
        f"dataTransfer: ({MAKE})(['v1.csv'])}}))"
    )
    assert kept is False and page.get_by_role("button", name="Remove").count() == 0


def test_a_press_shows_at_once_and_moves_nothing(look: Look, desk: Desk) -> None:
    desk.post("x", [section("1. a"), buttons(button("Good", "nothing"), button("Bad", "other"))])
    page = look(ANA)
    good, bad = (page.get_by_role("button", name=name, exact=True) for name in ("Good", "Bad"))
    place, edge = bad.bounding_box(), good.evaluate(EDGE)
    good.evaluate("node => node.setAttribute('aria-busy', 'true')")
    assert bad.bounding_box() == place and good.evaluate(EDGE) != edge
