"""What is said of a scope in its thread stays true: a button whose act is over goes, and a late press hears why."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.conftest import LEE, Office, lived_once
from tests.scenarios.rounds import MONDAY, told
from tests.scenarios.test_scope_forms import close_all, document, drafted, go_on, labels, lock, locked, thread
from tests.talk import Person, words

__all__ = ["drafted", "locked"]
SAID = {"Reason": "No labels", "What did we learn?": "Ask first", "Did it meet its success statement?": "no"}


def message(office: Office, *said: str) -> dict[str, Any]:
    """The one message of B-1's thread that says all of this."""
    (found,) = [m for m in office.messages(thread(office)) if all(one in words(m) for one in said)]
    return found


def in_thread(office: Office) -> list[str]:
    """Every button in B-1's thread below its card."""
    return [label for m in office.messages(thread(office)) if m["ts"] != thread(office) for label in labels(m)]


@contextmanager
def before_slack_shows_it(person: Person) -> Iterator[None]:
    """What this person does is done, and nobody's messages are edited yet."""
    settle, person.settle = person.settle, lambda: None
    yield
    person.settle = settle


def end(person: Person, word: str) -> None:
    person.command(f"{word} B-1")
    if person.modal:
        person.fill_in(SAID).submit()
    close_all(person)


@pytest.fixture
@lived_once
def requested(drafted: Office, ana: Person) -> Office:
    """B-1 waits for Lee's sign-off."""
    ana.press("Request sign-off", document(drafted))
    return drafted


@pytest.mark.parametrize(("word", "status"), [("kill", "killed"), ("withdraw", "withdrawn")])
def test_a_bet_that_ends_asks_nobody_for_a_sign_off(
    requested: Office, ana: Person, lee: Person, word: str, status: str
) -> None:
    request = message(requested, "asks you to read")
    assert labels(request) == ["Sign off", "Scope it"]
    with before_slack_shows_it(ana):
        end(ana, word)
    lee.press("Sign off", request)
    assert f"B-1 is already {status}" in told(lee, thread=thread(requested))[-1]
    assert set(in_thread(requested)) <= {"Undo", "Reopen"}, "those of the decision's notice"
    said = words(document(requested))
    assert f"B-1 is {status}, so nobody signs this version off any more" in said and "please read it" not in said
    assert message(requested, f"B-1 is {status}, so its scope needs no sign-off any more")["ts"] == request["ts"]


def test_a_request_that_was_followed_says_so(requested: Office, lee: Person) -> None:
    request = message(requested, "asks you to read")
    with before_slack_shows_it(lee):
        lee.press("Sign off", request)
    lee.press("Sign off", document(requested))
    said = told(lee, thread=thread(requested))[-1]
    assert "Lee signed it off on" in said and "so version 1 of the scope of B-1 is locked: press" in said
    done = message(requested, "Lee read version 1 of the scope of B-1 and signed it off")
    assert done["ts"] == request["ts"] and labels(done) == [] and "Sign off" not in in_thread(requested)


def test_start_goes_from_every_message_once_the_bet_is_live(locked: Office, ana: Person) -> None:
    announced = message(locked, "is locked: version 1")
    assert labels(announced) == ["Start", "Change scope"]
    with before_slack_shows_it(ana):
        ana.press("Start", document(locked))
    ana.press("Start", announced)
    assert "running already" in told(ana, thread=thread(locked))[-1]
    assert "Start" not in in_thread(locked)
    assert labels(message(locked, "is locked: version 1")) == ["Change scope"]


def test_the_next_version_takes_the_buttons_of_the_one_before(
    locked: Office, ana: Person, raj: Person, lee: Person
) -> None:
    announced = message(locked, "is locked: version 1")
    with before_slack_shows_it(ana):
        ana.press("Change scope", announced)
        go_on(ana, Reason="The users are others")
        close_all(ana)
    raj.press("Change scope", announced)
    assert raj.modal is None, "it is said at the press, not after a reason was typed"
    assert "Version 2 of the scope of B-1 is open already" in told(raj, thread=thread(locked))[-1]
    assert labels(message(locked, "is locked: version 1")) == []
    lock(locked, ana, lee, 2)
    assert in_thread(locked) == ["Start", "Change scope"] * 2


def test_a_shipped_bet_asks_about_nothing_any_more(locked: Office, ana: Person) -> None:
    ana.press("Start", document(locked))
    locked.at(MONDAY)
    prompt = message(locked, "What do we know now", "Labels exist")
    assert labels(prompt) == ["No change", "Verified", "False", "Still unknown"]
    end(ana, "ship")
    assert "Verified" not in in_thread(locked) and "Change scope" not in in_thread(locked)
    assert "Labels exist" in words(message(locked, "What do we know now"))


def test_false_pressed_again_changes_nothing_and_says_so(locked: Office, ana: Person) -> None:
    ana.press("Start", document(locked))
    locked.at(MONDAY)
    prompt = message(locked, "What do we know now", "Labels exist")
    for said in ("The thread hears of it now", "False is noted on B-1 already: nothing has changed."):
        ana.press("False", prompt)
        assert said in told(ana, thread=thread(locked))[-1]
    ana.command("history B-1")
    assert ana.saw().count("assumption “Labels exist”: false") == 1


def test_a_killed_bet_that_is_reopened_has_its_buttons_again(locked: Office, ana: Person, lee: Person) -> None:
    ana.press("Start", document(locked))
    end(ana, "kill")
    assert "Change scope" not in in_thread(locked)
    locked.after(days=1)
    lee.command("reopen B-1")
    lee.fill(Reason="Labels were found").submit()
    assert labels(document(locked)) == labels(message(locked, "is locked: version 1")) == ["Change scope"]


def test_an_edit_during_review_says_beforehand_that_it_ends_the_request_and_tells_the_reviewer(
    requested: Office, ana: Person, raj: Person, lee: Person
) -> None:
    request = message(requested, "asks you to read")
    raj.press("Scope it", request)
    assert "Saving a change takes it back from review" in words(raj.modal)
    go_on(raj)
    assert "takes it back from review" in words(raj.modal) and labels(document(requested)) == ["Sign off", "Scope it"]
    with before_slack_shows_it(raj):
        raj.fill(Outputs="a queue, and why").submit()
    assert "takes it back" not in words(raj.modal)
    lee.press("Sign off", request)
    assert "so it is a draft again: wait to be asked anew" in told(lee, thread=thread(requested))[-1]
    told_now = message(requested, f"<@{LEE}>: Raj changed the scope of B-1 meanwhile, so it is a draft again")
    assert told_now["ts"] == request["ts"] and labels(told_now) == []
    close_all(raj)
    raj.command("history B-1")
    assert "Raj: took its scope back from review by an edit" in told(raj)[-1]
    ana.press("Request sign-off", document(requested))
    assert labels(message(requested, "Ana asks you to read")) == ["Sign off", "Scope it"]
    assert "Raj changed the scope" in words(message(requested, "meanwhile"))
