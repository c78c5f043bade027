"""The demo as a newcomer meets it: the real bot in a process of its own, the page in a real browser."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.page.conftest import Tabs

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

START_SECONDS = 90
SLOW = 20_000  # milliseconds: the machine may be busy

# More than a week has.
EVENTS = 30

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`bets demo` in the foreground of a process, as `make demo` starts it; stopped as by Ctrl-C."""
    home = tmp_path_factory.mktemp("demo")
    env = {**os.environ, "BETS_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "bot", "demo", "--port", "0", "--at", "2026-11-23T12:00:00+01:00"]
    with Path(home / "log").open("w") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT, cwd=home)
    until = time.monotonic() + START_SECONDS
    found = None
    while found is None and time.monotonic() < until and process.poll() is None:
        time.sleep(0.2)
        found = re.search(r"Open (http://\S+)", Path(home / "log").read_text())
    assert found, Path(home / "log").read_text()
    yield found[1]
    process.send_signal(2)
    assert process.wait(20) == 0


ANA, RAJ, LEE, MIA = "U0ANA", "U0RAJ", "U0LEE", "U0MIA"


@pytest.fixture
def visit(address: str, tabs: Tabs) -> Iterator[Callable[[str], Any]]:
    """Opens the page as one of the five people, as a first visitor would find it."""
    yield lambda person: tabs.take(f"{address}?as={person}", 1200, 900)
    tabs.forget()
    tabs.leave()


def say(page: Any, box: str, text: str) -> None:
    """Types into a composer and sends."""
    field = page.get_by_role("combobox", name=re.compile(f"^{box}"))
    field.click()
    field.fill(text)
    if text.startswith("/"):
        field.press("Escape")  # the list of suggestions
    field.press("Enter")


def channel(page: Any) -> Any:
    """What stands in the middle of the page."""
    return page.get_by_role("log").first


def answered(page: Any, title: str, name: str) -> None:
    """The newest check-in marks that this person has answered for that bet."""
    words = re.compile(rf"{re.escape(title)}:[^\n]*?{name} ✓")
    expect(channel(page).get_by_text(words).last).to_be_visible(timeout=SLOW)


def test_a_prompt_is_answered_by_a_form(visit: Callable[[str], Any]) -> None:
    page = visit(ANA)
    channel(page).get_by_role("button", name="Give my updates").last.click()
    form = page.get_by_role("dialog", name="My updates")
    form.get_by_label("What do we know now that we did not?").nth(1).fill("Blur check catches two more")
    form.get_by_label("Confidence").nth(1).fill("70")
    form.get_by_role("button", name="Send").click()
    expect(page.get_by_role("dialog", name="My updates")).to_contain_text("Saved: B-8", timeout=SLOW)
    page.keyboard.press("Escape")
    answered(page, "Tell people at once when a photo is too dark", "ana")


def test_a_prompt_is_answered_by_a_command(visit: Callable[[str], Any]) -> None:
    page = visit(LEE)
    say(page, "Message", "/bets update B-7 65% The clip microphone works in rain")
    answered(page, "Voice notes for field engineers", "lee")


def test_a_prompt_is_answered_by_a_reply_in_its_thread(visit: Callable[[str], Any]) -> None:
    page = visit(RAJ)
    card = (
        channel(page)
        .get_by_role("article")
        .filter(has_text="Summaries of long support threads")
        .filter(has=page.get_by_role("button", name="Second opinion"))
    )
    card.get_by_role("button", name=re.compile("repl")).click()
    say(page, "Reply", "70% The check finds invented numbers")
    expect(page.get_by_role("log").last).to_contain_text("The check finds invented numbers", timeout=SLOW)
    answered(page, "Summaries of long support threads", "raj")


def test_a_summary_comes_with_its_picture_in_the_direct_message(visit: Callable[[str], Any]) -> None:
    page = visit(MIA)
    say(page, "Message", "/bets summary")
    expect(channel(page)).to_contain_text("Needs a look", timeout=SLOW)
    channel(page).get_by_role("link", name="The chart is in our direct message.").last.click()
    expect(channel(page).get_by_role("img", name=re.compile("Confidence by week")).last).to_be_visible(timeout=SLOW)


@pytest.mark.full
def test_a_slash_completes_every_word_that_the_help_lists(visit: Callable[[str], Any]) -> None:
    page = visit(MIA)
    say(page, "Message", "/bets help")
    help_message = channel(page).get_by_role("article").filter(has_text="keeps the team's bets").last
    expect(help_message).to_be_visible(timeout=SLOW)
    listed = [code for code in help_message.locator("code").all_inner_texts() if code.startswith("/bets ")]
    page.get_by_role("combobox", name="Message").fill("/bets ")
    options = page.get_by_role("option").all()
    completed = [" ".join(option.locator("b, code").all_inner_texts()) for option in options]
    assert completed == [*listed, "/bets help"]


def open_thread(page: Any, title: str) -> Any:
    """The thread of that bet's card."""
    card = channel(page).get_by_role("article").filter(has_text=title)
    card.filter(has=page.get_by_role("button", name="More", exact=True)).last.get_by_role(
        "button", name=re.compile("repl")
    ).click()
    return page.get_by_role("complementary", name="Thread")


def drop(thread: Any, name: str, content: str) -> None:
    """Lets go of a file over the thread, and sends it."""
    make = "([name, text]) => { const data = new DataTransfer(); data.items.add(new File([text], name)); return data; }"
    thread.dispatch_event("drop", {"dataTransfer": thread.page.evaluate_handle(make, [name, content])})
    thread.get_by_role("button", name="Remove").wait_for()
    thread.get_by_role("button", name="Send").click()


def judge(page: Any, title: str, votes: list[str]) -> None:
    """Presses one button under each of the samples that stand last in the thread, and reads what comes of it."""
    thread = open_thread(page, title)
    samples = thread.get_by_role("article").filter(has_text="do they look right?").last
    for number, vote in enumerate(votes):
        samples.get_by_role("button", name=vote, exact=True).nth(number).click()
    expect(thread).to_contain_text(f"You have judged all samples of B-7 {title}", timeout=SLOW)


def test_the_newest_samples_of_images_are_one_numbered_picture(visit: Callable[[str], Any]) -> None:
    picture = channel(visit(MIA)).get_by_role("img", name=re.compile("^Images of samples of B-9: 5. predicted")).last
    expect_drawn(picture)


def expect_drawn(picture: Any) -> None:
    """The picture is there, and it is one."""
    expect(picture).to_be_visible(timeout=SLOW)
    # Far above what is in sight, it would load only when somebody scrolls there.
    width = "node => { node.loading = 'eager'; return node.decode().then(() => node.naturalWidth); }"
    assert picture.evaluate(width) > 100


def prefer(page: Any, title: str) -> None:
    """Compares all pairs that stand last in the thread by what was expected, as somebody would who reads them."""
    thread = open_thread(page, title)
    pairs = thread.get_by_role("article").filter(has_text="which side is better?").last
    expect(pairs).to_be_visible(timeout=SLOW)
    read = re.findall(r"Left (\S+)\s+Right (\S+)\s+Expected (\S+)", pairs.inner_text())
    assert len(read) == 6, pairs.inner_text()
    for number, (left, right, expected) in enumerate(read):
        side = "Left" if left == expected else "Right" if right == expected else "Both bad"
        pairs.get_by_role("button", name=side, exact=True).nth(number).click()
    expect(thread).to_contain_text("You have compared all pairs of B-9", timeout=SLOW)


def compare(page: Any) -> None:
    """Begins the comparison, as soon as the samples that stand in its way are judged."""
    answers = channel(page).get_by_role("article").filter(has_text=re.compile("lind comparison of B-9|Samples of B-9"))
    for _ in range(EVENTS):
        before = answers.count()
        say(page, "Message", "/bets compare B-9")
        expect(answers).not_to_have_count(before, timeout=SLOW)
        if "Samples of B-9 are open" not in answers.last.inner_text():
            break
        next_event(page)
    expect(channel(page)).to_contain_text("A blind comparison of B-9", timeout=SLOW)


@pytest.mark.moves_the_clock
@pytest.mark.full
def test_two_versions_are_compared_blindly_until_the_close_tells_their_names(visit: Callable[[str], Any]) -> None:
    title = "Read the dates that people corrected by hand"
    mia = visit(MIA)
    compare(mia)
    for person in (ANA, RAJ, LEE):
        prefer(visit(person), title)
    thread = open_thread(mia, title)
    pairs = thread.get_by_role("article").filter(has_text="which side is better?").last
    expect(pairs).to_contain_text("3 people have voted so far.", timeout=SLOW)
    expect_drawn(pairs.get_by_role("img", name=re.compile("^Images of pairs of B-9: 1. left predicted")))
    expect(pairs).not_to_contain_text("examples")
    advance_until(mia, pairs.get_by_text("Closed. 3 people have voted"))
    result = thread.get_by_role("article").filter(has_text=re.compile(r"\d+ of \d+ preferred the new one")).last
    expect(result).to_contain_text("The new one is 1,000 examples", timeout=SLOW)
    expect(pairs).to_contain_text(re.compile("Left 1,000 examples, right 40 examples"))


@pytest.mark.moves_the_clock
@pytest.mark.full
def test_a_dropped_file_is_judged_by_three_people_and_its_result_stands_in_the_thread(
    visit: Callable[[str], Any],
) -> None:
    title = "Voice notes for field engineers"
    lee = visit(LEE)
    thread = open_thread(lee, title)
    heard = ("gutter blocked north side", "two panels cracked", "meter reads 4817", "ladder unsafe", "inverter humming")
    rows = [f"note-{number},{words},{words.title()}" for number, words in enumerate(heard)]
    drop(thread, "roof-notes.csv", "\n".join(["id,input,prediction", *rows]))
    expect(thread).to_contain_text("5 rows, read as id, input, prediction.", timeout=SLOW)
    thread.get_by_role("button", name="Use it").click()
    expect(thread).to_contain_text("In use, says lee", timeout=SLOW)
    thread.get_by_role("button", name="Post samples now").click()
    expect(thread).to_contain_text("do they look right?", timeout=SLOW)
    judge(visit(ANA), title, ["Good", "Good", "Good", "Weird"])
    judge(visit(MIA), title, ["Good", "Good", "Bad", "Bad"])
    judge(lee, title, ["Good", "Good", "Good", "Bad"])
    expect(thread).to_contain_text("3 people have judged so far.", timeout=SLOW)
    expect(thread).not_to_contain_text("looked right")
    advance_until(lee, thread.get_by_text("8 of 12 looked right"))
    expect(thread).to_contain_text("Weird: 1 of 12.")


def advance_until(page: Any, seen: Any) -> None:
    """Presses *Next event* until it has come: reminders are at each person's own hour."""
    for _ in range(EVENTS):
        if seen.count():
            break
        next_event(page)
    expect(seen.last).to_be_visible(timeout=SLOW)


def next_event(page: Any) -> None:
    button = page.get_by_role("group", name="Move the clock").get_by_role("button", name=re.compile("^Next event"))
    expect(button).not_to_have_attribute("aria-disabled", "true", timeout=SLOW)  # a press meanwhile would do nothing
    with page.expect_response("**/api/advance?*"):
        button.click()
    expect(page.get_by_text("Bets is working...")).to_have_count(0, timeout=SLOW)
    page.wait_for_timeout(500)  # what the bot did is drawn


@pytest.mark.full
@pytest.mark.moves_the_clock
def test_a_bet_is_killed_from_its_packet_and_found_in_the_graveyard(visit: Callable[[str], Any]) -> None:
    page = visit(MIA)
    packet = (
        channel(page)
        .get_by_role("article")
        .filter(has_text=re.compile("B-4 Find wrong labels in product photos.*stop it"))
        .filter(has=page.get_by_role("button", name="Kill", exact=True))
    )
    advance_until(page, packet)
    packet.last.get_by_role("button", name="Kill").first.click()
    form = page.get_by_role("dialog", name="Kill bet")
    form.get_by_label("Reason").fill("Catalogue asked for a button, not for a model")
    form.get_by_label("What did we learn?").fill("Two days of a button beat ten weeks of a filter")
    form.get_by_label("Did it meet its success statement?").select_option("no")
    form.get_by_role("button", name="Kill bet").click()
    expect(channel(page)).to_contain_text(re.compile(r"Killed by \S+( \S+)? on \w+ \d+ \w+ 2026"), timeout=SLOW)
    say(page, "Message", "/bets graveyard button filter")
    expect(channel(page)).to_contain_text("Two days of a button beat ten weeks of a filter", timeout=SLOW)


def add(page: Any, step: Any, button: str, name: str, fields: dict[str, str]) -> None:
    """One view on top of the step, from its button to *Add* or *Save*."""
    step.get_by_role("button", name=button, exact=True).first.click()
    form = page.get_by_role("dialog", name=name)
    expect(form).to_be_visible(timeout=SLOW)
    for label, value in fields.items():
        field = form.get_by_label(re.compile(f"^{label}")).first
        field.select_option(label=value) if field.evaluate("node => node.tagName") == "SELECT" else field.fill(value)
    form.locator("button[type=submit]").click()
    expect(form).to_have_count(0, timeout=SLOW)


def next_step(page: Any, step: Any, name: str) -> Any:
    """*Next*: another step stands in the same window, and is read from its top."""
    step.get_by_role("button", name="Next").click()
    following = page.get_by_role("dialog", name=name, exact=True)
    expect(following).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("dialog")).to_have_count(1)
    assert following.locator(".modal-body").evaluate("node => node.scrollTop") == 0
    return following


def ask_and_sign(page: Any, step: Any, thread: Any, version: int) -> None:
    """The author asks from the last window; the reviewer presses *Sign off* in the thread."""
    next_step(page, step, "Scope").get_by_role("button", name="Request sign-off").click()
    expect(page.get_by_role("dialog")).to_contain_text("is requested", timeout=SLOW)
    page.keyboard.press("Escape")
    # The request is shown anew when its file is there.
    expect(thread.get_by_role("link", name=f"-scope-v{version}-draft.md")).to_be_visible(timeout=SLOW)
    thread.get_by_role("button", name="Sign off").last.click()


@pytest.mark.moves_the_clock
@pytest.mark.full
def test_three_people_bring_a_scope_to_its_lock_and_one_changes_it(visit: Callable[[str], Any]) -> None:
    title = "Sort the mail of the front desk"
    raj = visit(RAJ)
    say(raj, "Message", f"/bets scope {title}")
    step = raj.get_by_role("dialog", name="Scope 1/3")
    step.get_by_label("Problem and whose it is").fill("The front desk forwards 300 mails a day by hand.")
    step.get_by_label("Technical reviewer").select_option(label="Ana Souza")
    step = next_step(raj, step, "Scope 2/3")
    add(raj, step, "Add data source", "Data source", {"What": "All mails since January", "Does it exist": "yes"})
    add(raj, step, "Add assumption", "Assumption", {"Assumption": "We may read them", "Check date": "2026-12-14"})
    expect(step).to_contain_text(re.compile("All mails since January.*exists: yes.*We may read them", re.DOTALL))
    step = next_step(raj, step, "Scope 3/3")
    add(raj, step, "Add kill criterion", "Kill criterion", {"Kill": "Fewer than 8 in 10 right", "Date": "2026-12-18"})
    expect(step).to_contain_text("Fewer than 8 in 10 right by 2026-12-18", timeout=SLOW)
    step.get_by_label("Success statement").fill("I never forward a mail again.")
    next_step(raj, step, "Scope")
    raj.keyboard.press("Escape")

    lee = visit(LEE)
    open_thread(lee, title).get_by_role("button", name="Scope it").last.click()
    step = lee.get_by_role("dialog", name="Scope 1/3")
    expect(step.get_by_label("Problem and whose it is")).to_have_value(re.compile("300 mails"), timeout=SLOW)
    step.get_by_label("Hypothesis").fill("Ten folders hold nine mails of ten.")
    step = next_step(lee, next_step(lee, step, "Scope 2/3"), "Scope 3/3")
    ana = visit(ANA)
    thread = open_thread(ana, title)
    ask_and_sign(lee, step, thread, 1)
    expect(thread).to_contain_text("version 1, signed off by ana", timeout=SLOW)
    expect(thread).to_contain_text("Ten folders hold nine mails of ten.")

    open_thread(raj, title).get_by_role("button", name="Change scope").last.click()
    form = raj.get_by_role("dialog", name="Change scope")
    form.get_by_label("Reason").fill("Half of it is spam, which IT filters now.")
    step = next_step(raj, form, "Scope 1/3")
    step.get_by_label("Problem and whose it is").fill("The front desk forwards 150 mails a day by hand.")
    step = next_step(raj, next_step(raj, step, "Scope 2/3"), "Scope 3/3")
    add(raj, step, "Change", "Kill criterion", {"Date": "2026-12-11"})
    expect(step).to_contain_text("by 2026-12-11", timeout=SLOW)
    ask_and_sign(raj, step, thread, 2)
    change = thread.get_by_role("article").filter(has_text="has changed: version 2 by raj").last
    expect(change).to_contain_text("Half of it is spam, which IT filters now.", timeout=SLOW)
    assert change.locator("s").all_inner_texts() == ["300"] and "150" in change.locator("strong").all_inner_texts()
    lines = change.inner_text().splitlines()
    for line in ("- Fewer than 8 in 10 right by 2026-12-18", "+ Fewer than 8 in 10 right by 2026-12-11"):
        assert line in lines, lines


@pytest.mark.moves_the_clock
def test_next_monday_brings_the_next_check_in(visit: Callable[[str], Any]) -> None:
    page = visit(MIA)
    rounds = channel(page).get_by_role("article").filter(has_text=re.compile("Check-in"))
    before = rounds.count()
    page.get_by_role("group", name="Move the clock").get_by_role("button", name=re.compile("^Next Monday")).click()
    expect(rounds).to_have_count(before + 1, timeout=60_000)
    expect(rounds.last.get_by_role("button", name="Give my updates")).to_be_visible(timeout=SLOW)
