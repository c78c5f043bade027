"""A scope from its first word to the lock and beyond, by buttons alone."""

import json
from typing import Any

import pytest

from bot.store.bets import get_bet_by_number
from bot.store.scopes import get_scope
from tests.conftest import ANA, CHANNEL, LEE, RAJ, Office, lived_once
from tests.scenarios.rounds import MONDAY, told
from tests.scenarios.test_bets import place
from tests.talk import Person, elements, label_of, words

PROBLEM = "Support sorts 900 tickets a day *by hand*, and <@U0ANA> waits"
SUCCESS = "Success statement"
OPEN = ["Scope it", "Request sign-off"]


def thread(office: Office, key: str = "B-1") -> str:
    return next(m["ts"] for m in office.messages() if words(m).startswith(f"{key} "))


def card(office: Office, key: str = "B-1") -> dict[str, Any]:
    return next(m for m in office.messages() if words(m).startswith(f"{key} "))


def document(office: Office, version: int = 1, key: str = "B-1") -> dict[str, Any]:
    said = f"Scope of {key}, version {version}"
    return next(m for m in office.messages(thread(office, key)) if said in words(m))


def thread_text(office: Office, key: str = "B-1") -> str:
    return "\n".join(words(m) for m in office.messages(thread(office, key)))


def labels(message: dict[str, Any]) -> list[str]:
    return [label_of(b, e) for b, e in elements(message)]


def doc(office: Office, number: int = 1) -> Any:
    """What is saved of the scope."""
    with office.bot.reading() as tx:
        bet = get_bet_by_number(tx, number)
        assert bet is not None
        scope = get_scope(tx, bet.id)
        assert scope is not None
        return scope.doc


def bets(office: Office) -> list[Any]:
    with office.bot.reading() as tx:
        return [bet for number in range(1, 9) if (bet := get_bet_by_number(tx, number))]


def add(person: Person, button: str, fields: dict[str, Any]) -> None:
    """One data source, assumption or kill criterion in the view that `button` lays on top."""
    person.press(button)
    person.typed = {}
    person.fill_in(fields).submit()
    assert not person.reply.errors, person.reply.errors


def go_on(person: Person, **fields: Any) -> None:
    """Fills in what is given by its label, and presses *Next*."""
    person.fill_in(fields).submit()
    assert not person.reply.errors, person.reply.errors


def to_the_end(person: Person, **basics: Any) -> None:
    """From an empty 1/3 to the end of 3/3, with all that a sign-off needs."""
    go_on(person, **{"Problem and whose it is": PROBLEM, "Technical reviewer": LEE} | basics)
    add(person, "Add data source", {"What": "Tickets of 2025", "Where": "the warehouse", "Does it exist?": "yes"})
    add(person, "Add assumption", {"Assumption": "Labels exist", "Critical": ["yes"], "Check date": "2026-12-03"})
    go_on(person, Inputs="a ticket")
    add(person, "Add kill criterion", {"Kill criterion": "F1 below 60 %", "Date": "2026-12-18"})
    go_on(person, **{SUCCESS: "I never sort again"})


def close_all(person: Person) -> None:
    while person.modal:
        person.close()


def lock(office: Office, ana: Person, lee: Person, version: int = 1) -> None:
    """The open version is asked for and signed off."""
    ana.press("Request sign-off", document(office, version))
    lee.press("Sign off", document(office, version))
    assert "*locked*" in words(document(office, version))


def files(office: Office) -> dict[str, str]:
    """The files in the bet's thread by name, as they read."""
    shown = [file for m in office.messages(thread(office)) for file in m.get("files", [])]
    return {file["name"]: office.world.file_content(file["id"]).decode() for file in shown}


@pytest.fixture
@lived_once
def drafted(team: Office, ana: Person) -> Office:
    """B-1, an idea of Ana's with a full draft; Lee is to sign it off."""
    ana.command("scope Ticket router")
    to_the_end(ana)
    assert "Nothing is missing" in words(ana.modal)
    ana.close()
    return team


@pytest.fixture
@lived_once
def locked(drafted: Office, ana: Person, lee: Person) -> Office:
    lock(drafted, ana, lee)
    return drafted


def test_a_scope_goes_from_draft_to_start_by_buttons_alone(
    drafted: Office, ana: Person, raj: Person, lee: Person
) -> None:
    assert labels(document(drafted)) == ["Scope it", "Request sign-off"]
    raj.press("Scope it", document(drafted))
    go_on(raj, Hypothesis="A small model is enough")
    raj.close()
    assert "A small model is enough" in words(document(drafted)) and "900 tickets" in words(document(drafted))
    ana.press("Request sign-off", document(drafted))
    assert labels(document(drafted)) == ["Sign off", "Scope it"] and f"<@{LEE}>" in words(document(drafted))
    assert f"<@{LEE}>: Ana asks you to read" in thread_text(drafted)
    lee.press("Sign off", document(drafted))
    assert "*locked*" in words(document(drafted)) and labels(document(drafted)) == ["Start", "Change scope"]
    (told,) = [m for m in drafted.messages(thread(drafted)) if "is locked: version 1, signed off by Lee" in words(m)]
    assert "`B-1-scope-v1.md`" in words(told) and "• F1 below 60 % by 2026-12-18" in words(told)
    ana.press("Start", document(drafted))
    assert "day 1 of 28" in words(card(drafted)) and "unscoped" not in words(card(drafted))
    assert labels(document(drafted)) == ["Change scope"]


def test_each_locked_version_is_in_the_thread_as_a_markdown_file(locked: Office, ana: Person, lee: Person) -> None:
    text = files(locked)["B-1-scope-v1.md"]
    assert text.startswith("# B-1 Ticket router\n") and "- **Labels exist** (open)" in text
    assert "signed off by Lee on Mon 30 Nov 2026, 09:00" in text and "**by hand*" not in text
    assert r"900 tickets a day \*by hand\*, and @Ana waits" in text
    ana.press("Change scope", document(locked))
    go_on(ana, Reason="More: 1200 a day, from 12:00")
    close_all(ana)
    lock(locked, ana, lee, 2)
    assert set(files(locked)) == {f"B-1-scope-v{one}{end}.md" for one in (1, 2) for end in ("", "-draft")}
    assert "More: 1200 a day, from 12:00\n" in files(locked)["B-1-scope-v2.md"]


def test_a_change_has_its_reason_and_its_diff_in_the_thread(locked: Office, ana: Person, lee: Person) -> None:
    ana.press("Change scope", document(locked))
    ana.submit()
    assert "reason" in ana.errors()
    go_on(ana, Reason="The users are *others*")
    assert "Scope 1/3" in words(ana.modal) and "Ticket router" in words(ana.modal)
    go_on(ana, **{"Problem and whose it is": PROBLEM.replace("900", "1200")})
    go_on(ana)
    ana.press("Change", nth=0)
    ana.typed = {}
    ana.fill_in({"Kill criterion": "F1 below 70 %"}).submit()
    close_all(ana)
    assert labels(document(locked)) == [] and labels(document(locked, 2)) == [*OPEN, "Drop change"]
    lock(locked, ana, lee, 2)
    (change,) = [m for m in locked.messages(thread(locked)) if "has changed: version 2 by Ana" in words(m)]
    assert "Support sorts ~900~ *1200* tickets a day ∗by hand∗" in words(change)
    assert "- F1 below 60 % by 2026-12-18\n+ F1 below 70 % by 2026-12-18" in words(change)
    assert "The users are ∗others∗" in words(change)
    assert bets(locked)[0].problem == PROBLEM.replace("900", "1200")


def test_a_change_names_people_and_calls_nobody(locked: Office, ana: Person, lee: Person) -> None:
    ana.press("Change scope", document(locked))
    go_on(ana, Reason=f"<@{RAJ}> joins")
    go_on(ana, **{"Owners": [ANA, RAJ], "Problem and whose it is": f"Support sorts, and <@{RAJ}> waits"})
    add(ana, "Change", {"What": "Tickets of 2025"})
    ana.press("Change", nth=1)
    ana.typed = {}
    ana.fill_in({"Owner": RAJ}).submit()
    close_all(ana)
    lock(locked, ana, lee, 2)
    (change,) = [m for m in locked.messages(thread(locked)) if "has changed: version 2" in words(m)]
    said = words(change)
    assert "*sorts,* and ~@Ana~ *@Raj* waits" in said and "*Owners*\n+ Raj" in said
    assert "+ Labels exist · other · critical · Raj · check by 2026-12-03" in said
    assert "U0" not in json.dumps([change["text"], change["blocks"]])
    assert "and @Raj waits" in words(document(locked, 2)) and "@Raj waits" in files(locked)["B-1-scope-v2.md"]


def test_a_change_that_was_begun_can_be_dropped(locked: Office, ana: Person, raj: Person, lee: Person) -> None:
    ana.press("Change scope", document(locked))
    go_on(ana, Reason="More tickets")
    go_on(ana, **{"Problem and whose it is": "Support sorts 1200 tickets"})
    begun = document(locked, 2)
    assert labels(begun) == [*OPEN, "Drop change"]
    raj.press("Drop change", begun)
    assert "author, the owners and the leads" in told(raj, thread=thread(locked))[-1]
    ana_window = ana.modal
    lee.press("Scope it", begun)
    close_all(ana)
    ana.press("Drop change", begun)
    assert "is dropped" in told(ana, thread=thread(locked))[-1]
    assert "Version 2 of the scope of B-1 was dropped by Ana" in thread_text(locked) and ana_window is not None
    assert labels(document(locked)) == ["Start", "Change scope"]
    lee.fill(Hypothesis="Too late").submit()
    assert "was dropped: copy your words" in lee.errors(), "a window of it writes nowhere"
    ana.command("history B-1")
    assert "dropped a change of its scope; reason “More tickets”" in ana.saw()
    ana.press("Change scope", document(locked))
    go_on(ana, Reason="Once more")
    assert "900 tickets" in words(ana.modal) and "Request sign-off" in labels(document(locked, 2))
    close_all(ana)
    lock(locked, ana, lee, 2)


def test_a_change_that_is_dropped_during_its_review_asks_nobody_any_more(locked: Office, ana: Person) -> None:
    ana.press("Change scope", document(locked))
    go_on(ana, Reason="More tickets")
    go_on(ana, **{"Problem and whose it is": "Support sorts 1200 tickets"})
    close_all(ana)
    ana.press("Request sign-off", document(locked, 2))
    ana.press("Drop change", document(locked, 2))
    assert "Sign off" not in [label for m in locked.messages(thread(locked)) for label in labels(m)]
    assert thread_text(locked).count("*locked* on") == 1 and "was dropped by Ana" in thread_text(locked)


@pytest.mark.parametrize("press", ["Back", "Save draft", "Add data source"])
def test_every_press_saves_and_going_back_keeps_what_was_typed(team: Office, ana: Person, press: str) -> None:
    ana.command("scope Ticket router")
    go_on(ana, **{"Problem and whose it is": PROBLEM})
    ana.fill(Inputs="a ticket", Outputs="a queue")
    ana.press(press)
    assert (doc(team).inputs, doc(team).outputs) == ("a ticket", "a queue")
    if press == "Back":
        assert "Scope 1/3" in words(ana.modal) and PROBLEM in words(ana.modal)
        ana.typed = {}
        go_on(ana)
        assert "a queue" in words(ana.modal)


def test_a_choice_of_people_saves_what_is_typed(drafted: Office, ana: Person) -> None:
    ana.press("Scope it", document(drafted))
    view = ana.modal
    assert view is not None
    ana.fill(Hypothesis="Typed before the choice")
    block, element = next((b, e) for b, e in elements(view) if label_of(b, e) == "Owners")
    drafted.world.click_view(ANA, view["id"], element["action_id"], block["block_id"], [ANA], state=ana.typed)
    drafted.settle()
    assert doc(drafted).hypothesis == "Typed before the choice"


def test_a_window_that_is_closed_at_once_leaves_nothing(team: Office, ana: Person) -> None:
    ana.command("scope Ticket router")
    ana.close()
    assert not bets(team)


def test_two_people_write_one_after_the_other_and_a_conflict_shows_both(
    drafted: Office, ana: Person, raj: Person
) -> None:
    ana.press("Scope it", document(drafted))
    raj.press("Scope it", document(drafted))
    go_on(raj, **{"Problem and whose it is": "Raj says it is sales", "Title": "Router for sales"})
    ana.fill_in({"Problem and whose it is": "Ana says it is legal", "Title": "Router for legal"})
    go_on(ana, Hypothesis="Hers alone")
    text = words(ana.modal)
    assert "Scope 1/3" in text and "Raj says it is sales\n\nAna says it is legal" in text
    assert "Somebody else changed this meanwhile" in text and "Router for legal" in text
    assert (doc(drafted).title, doc(drafted).hypothesis) == ("Router for sales", "Hers alone")
    ana.typed = {}
    go_on(ana, **{"Problem and whose it is": "Both"})
    assert doc(drafted).problem == "Both" and "Scope 2/3" in words(ana.modal)


def test_fields_that_others_changed_are_not_set_back(drafted: Office, ana: Person, raj: Person) -> None:
    ana.press("Scope it", document(drafted))
    raj.press("Scope it", document(drafted))
    go_on(raj, Hypothesis="From Raj")
    ana.fill_in({"Title": "From Ana"})
    ana.press("Save draft")
    assert "From Raj" in words(ana.modal)
    ana.typed = {}
    ana.press("Save draft")
    assert (doc(drafted).title, doc(drafted).hypothesis) == ("From Ana", "From Raj")


def test_a_stale_window_keeps_the_words(drafted: Office, ana: Person, raj: Person, lee: Person) -> None:
    raj.press("Scope it", document(drafted))
    raj.fill(Hypothesis="Too late")
    lock(drafted, ana, lee)
    raj.submit()
    assert "locked" in raj.errors() and "Change scope" in raj.errors()
    assert raj.modal is not None and raj.typed


def test_nothing_can_be_requested_before_it_is_whole(team: Office, ana: Person) -> None:
    ana.command("scope Ticket router")
    go_on(ana, **{"Problem and whose it is": PROBLEM})
    go_on(ana)
    go_on(ana)
    for wanted in ("success", "user would say", "data source", "kill criterion", "technical reviewer"):
        assert wanted in words(ana.modal).lower() or wanted == "success"
    close_all(ana)
    ana.press("Request sign-off", document(team))
    assert "what a user would say" in told(ana, thread=thread(team))[-1]


def test_without_data_the_reason_is_enough(team: Office, ana: Person) -> None:
    ana.command("scope Ticket router")
    go_on(ana, **{"Problem and whose it is": PROBLEM, "Technical reviewer": LEE})
    go_on(ana, **{"Uses no data, because": "It is a rule"})
    add(ana, "Add kill criterion", {"Kill criterion": "nobody uses it by week 3"})
    go_on(ana, **{SUCCESS: "I never sort again"})
    assert "Nothing is missing" in words(ana.modal)
    ana.press("Request sign-off")
    assert "is requested" in words(ana.modal) and "Sign off" in labels(document(team))


def test_nobody_signs_off_their_own_nor_in_anothers_place(drafted: Office, ana: Person, raj: Person) -> None:
    ana.press("Request sign-off", document(drafted))
    for person, said in ((ana, "nobody signs off their own"), (raj, "Lee signs this off")):
        person.press("Sign off", document(drafted))
        assert said in told(person, thread=thread(drafted))[-1]
    assert "*in review*" in words(document(drafted))


def test_a_message_is_scoped_by_its_shortcut(team: Office, raj: Person, ana: Person) -> None:
    ts = raj.say("Sorting by hand takes <the> day\nand nobody likes it")
    team.world.shortcut(ANA, "scope_this", CHANNEL, ts)
    team.settle()
    assert "Scope 1/3" in words(ana.modal) and "and nobody likes it" in words(ana.modal)
    go_on(ana)
    assert doc(team).title == "Sorting by hand takes <the> day" and "nobody likes it" in doc(team).problem


def test_a_changed_criterion_shows_old_and_new_wherever_it_stands(locked: Office, ana: Person, lee: Person) -> None:
    ana.press("Start", document(locked))
    ana.press("Change scope", document(locked))
    go_on(ana, Reason="Half is enough")
    go_on(ana)
    go_on(ana)
    add(ana, "Change", {"Kill criterion": "F1 below 50 %", "Date": "2026-12-04"})
    close_all(ana)
    both = "F1 below 50 % by 2026-12-04 (before: “F1 below 60 % by 2026-12-18”)"
    assert both in words(document(locked, 2)) and both not in words(card(locked))
    lock(locked, ana, lee, 2)
    ana.command("show B-1")
    assert both in words(document(locked, 2)) and both in words(card(locked)) and both in told(ana)[-1]
    assert both in files(locked)["B-1-scope-v2-draft.md"] and both in files(locked)["B-1-scope-v2.md"]
    assert "before:" not in words(document(locked)), "the first version stays as it was"
    locked.at(MONDAY)
    (asked,) = [m for m in locked.messages(thread(locked)) if "What do we know" in words(m)]
    assert "F1 below 50 % by 2026-12-04\nBefore: “F1 below 60 % by 2026-12-18”" in words(asked)
    ana.press("Not known yet", asked)
    (asked,) = [m for m in locked.messages(thread(locked)) if "What do we know" in words(m)]
    assert "Before: “F1 below 60 %" in words(asked) and "answered by Ana" in words(asked)


def test_the_reviewer_can_read_all_of_what_they_sign_off(drafted: Office, ana: Person, lee: Person) -> None:
    long = f"Labels exist for every ticket of the last {'very ' * 20}long year"
    ana.press("Scope it", document(drafted))
    go_on(ana, **{"Problem and whose it is": "Support waits. " * 150})
    add(ana, "Add assumption", {"Assumption": long})
    close_all(ana)
    assert long in words(document(drafted)), "others being long does not cut what is short"
    ana.press("Scope it", document(drafted))
    go_on(ana, Hypothesis="A small model will do. " * 100)
    go_on(ana, Outputs="A queue and why. " * 150)
    close_all(ana)
    ana.press("Request sign-off", document(drafted))
    assert "`B-1-scope-v1-draft.md`, which is added" in thread_text(drafted)
    text = files(drafted)["B-1-scope-v1-draft.md"]
    assert long in text and "Support waits. " * 149 in text and "Version 1, review" in text
    lee.press("Sign off", document(drafted))
    assert set(files(drafted)) == {"B-1-scope-v1-draft.md", "B-1-scope-v1.md"}


def test_a_mention_gets_a_button_for_the_form(locked: Office, ana: Person) -> None:
    ana.say(f"<@{locked.world.bot_user_id}> scope", thread=thread(locked), raw=True)
    ana.press("Open the form", thread=thread(locked))
    assert "Change scope" in words(ana.modal)


def test_new_bet_offers_to_scope_it_now(team: Office, ana: Person) -> None:
    ana.command("new Ticket router")
    ana.fill_in({"Problem, and whose it is": PROBLEM, "Kill criteria": "F1 below 60 % by 2026-12-18"})
    ana.press("Scope it now")
    ana.typed = {}
    assert "Scope 1/3" in words(ana.modal) and PROBLEM in words(ana.modal)
    go_on(ana)
    assert doc(team).title == "Ticket router" and bets(team)[0].status == "idea"
    assert doc(team).criteria == ("F1 below 60 % by 2026-12-18",)


def test_a_running_bet_is_scoped_from_its_cards_menu_and_nothing_is_posted_before_it_is_saved(
    team: Office, ana: Person
) -> None:
    place(ana, "Runs already")
    for press in ("Close", "Save draft"):
        ana.press("More", card(team))
        ana.press("Scope it")
        assert "Runs already" in words(ana.modal) and len(team.world.views(ANA)) == 1, "it took the menu's place"
        if press == "Save draft":
            ana.press(press)
        close_all(ana)
        assert "Scope of" in thread_text(team) if press == "Save draft" else "Scope of" not in thread_text(team)
    assert labels(document(team)) == ["Scope it", "Request sign-off"] and "unscoped" in words(card(team))


def test_two_people_who_begin_the_scope_of_one_bet_keep_each_others_words(
    team: Office, ana: Person, raj: Person
) -> None:
    place(ana, "Runs already")
    for person in (ana, raj):
        person.press("More", card(team))
        person.press("Scope it")
    go_on(raj, Hypothesis="From Raj")
    go_on(ana, Title="From Ana")
    assert (doc(team).hypothesis, doc(team).title) == ("From Raj", "From Ana")


def test_a_locked_scope_is_changed_from_its_cards_menu(locked: Office, ana: Person) -> None:
    ana.press("More", card(locked))
    assert "Scope it" not in labels(ana.modal or {})
    ana.press("Change scope")
    assert len(locked.world.views(ANA)) == 1, "it took the menu's place"
    go_on(ana, Reason="More tickets")
    close_all(ana)
    assert labels(document(locked, 2)) == [*OPEN, "Drop change"]
    ana.press("More", card(locked))
    ana.press("Scope it")
    assert "Scope 1/3" in words(ana.modal), "a change that is open goes on"


def scope_this(office: Office, ts: str) -> None:
    """Ana uses the shortcut *Scope this* on a message."""
    office.world.shortcut(ANA, "scope_this", CHANNEL, ts)
    office.settle()


def test_a_message_in_a_bets_thread_is_scoped_into_that_bet(team: Office, ana: Person, raj: Person) -> None:
    place(ana, "Runs already")
    ts = raj.say("It has to read mail <too>", thread=thread(team))
    for pressed_on in (ts, thread(team)):
        scope_this(team, pressed_on)
        assert "Scope 1/3" in words(ana.modal) and "Runs already" in words(ana.modal)
        assert ("You opened it from this message:\nIt has to read" in words(ana.modal)) == (pressed_on == ts)
        assert ("from this message" in words(ana.modal)) == (pressed_on == ts), "the card says what the form says"
        close_all(ana)
    assert len(bets(team)) == 1 and "Scope of" not in thread_text(team)


def test_a_message_in_the_thread_of_a_locked_scope_is_the_reason_of_its_change(
    locked: Office, ana: Person, raj: Person
) -> None:
    scope_this(locked, raj.say("It has to read mail too", thread=thread(locked)))
    go_on(ana)
    assert "*Why it is changed*\nIt has to read mail too" in words(document(locked, 2))


def test_an_idea_is_started_by_its_word(locked: Office, ana: Person) -> None:
    ana.command("start B-1")
    assert "has started" in ana.saw() and "live" in words(card(locked))
    ana.command("start B-1")
    assert "running already" in ana.saw()


def test_what_was_killed_before_and_resembles_it_is_shown_to_the_author(team: Office, ana: Person) -> None:
    place(ana, "Route support tickets by a small model")
    ana.command("kill B-1")
    learned = {"Reason": "No labels", "What did we learn?": "Labels were never kept"}
    ana.fill_in({**learned, "Did it meet its success statement?": "no"}).submit()
    close_all(ana)
    ana.command("scope Route support tickets again")
    go_on(ana, **{"Problem and whose it is": "Support tickets wait for a small model to route them"})
    assert "Labels were never kept" in words(ana.modal)
    add(ana, "Add data source", {"What": "Tickets"})
    assert "Labels were never kept" in words(ana.modal), "it stays when the window is drawn again"
    ana.press("Save draft")
    assert "Labels were never kept" in words(ana.modal)
    go_on(ana)
    ana.press("Back")
    assert "Labels were never kept" in words(ana.modal)


def test_what_shipped_or_lapsed_and_resembles_it_is_shown_too_and_said_to_be_so(team: Office, ana: Person) -> None:
    place(ana, "Route support tickets by a small model")
    ana.command("ship B-1")
    learned = {"Reason": "In use", "What did we learn?": "Ten folders are enough"}
    ana.fill_in({**learned, "Did it meet its success statement?": "yes"}).submit()
    close_all(ana)
    ana.command("new Route support letters by a small model")
    ana.fill_in({"Problem, and whose it is": "Letters wait", "Appetite (weeks)": "1"}).submit()
    for _ in range(21):
        team.after(days=1)
    assert "lapsed" in words(card(team, "B-2"))
    ana.command("scope Route support tickets and letters again")
    go_on(ana, **{"Problem and whose it is": "Support tickets and letters wait for a small model to route them"})
    said = words(ana.modal)
    assert "These were tried before, and resemble it" in said and "Ten folders are enough" in said
    assert "shipped by Ana on Mon 30 Nov 2026" in said and "\nlapsed on " in said


def test_history_tells_what_became_of_the_scope(locked: Office, ana: Person) -> None:
    ana.command("history B-1")
    assert "scope" in ana.saw() and ana.reply.error is None
