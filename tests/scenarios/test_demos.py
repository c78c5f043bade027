"""A demo link on a bet, and *I tried it*: one sentence a person, counted once."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.records import Bet
from bot.store.bets import get_bet
from tests.conftest import Office, lived_once
from tests.exports.conftest import cli  # noqa: F401
from tests.exports.files import Cli, exported, rows_of
from tests.scenarios.rounds import FRIDAY, MONDAY, in_thread, place, thread_of, told
from tests.scenarios.test_nudges import packets
from tests.talk import Person, elements, label_of, words

LINK = "https://demo.example/try?a=1&b=2"


@pytest.fixture
@lived_once
def bet(team: Office, ana: Person) -> Bet:
    """A bet with a demo."""
    bet = place(team, "Rank tickets", ana)
    name_demo(ana, LINK)
    return bet


def card(person: Person) -> dict[str, Any]:
    return next(m for m in person.messages() if words(m).startswith("B-1") and not m.get("ephemeral"))


def name_demo(person: Person, link: str) -> None:
    person.press("More", card(person))
    person.press("Edit")
    person.fill_in({"Demo link": link}).submit()


def try_it(person: Person, thread: str, said: str) -> None:
    person.press("I tried it", thread=thread)
    person.fill_in({"What happened, in one sentence": said}).submit()


def test_the_link_is_on_the_card_and_the_thread_hears_of_it_with_a_button(team: Office, bet: Bet, ana: Person) -> None:
    assert "*Demo* <https://demo.example/try?a=1&amp;b=2|demo.example>" in words(card(ana))
    [told_of] = [m for m in in_thread(team, bet) if "demo" in words(m)]
    assert words(told_of).startswith("B-1 Rank tickets: there is a demo to play with")
    assert [label_of(*one) for one in elements(told_of)] == ["I tried it"]
    name_demo(ana, LINK)
    assert sum("to play with:" in words(m) for m in in_thread(team, bet)) == 1


@pytest.mark.parametrize("link", ["demo.example", "javascript:alert(1)", "https://a.example|<!channel>"])
def test_what_is_no_web_page_is_refused_at_the_field(team: Office, ana: Person, link: str) -> None:
    place(team, "Rank tickets", ana)
    name_demo(ana, link)
    assert "demo_link" in ana.errors() and "https://demo.example/try" in ana.errors()
    with team.bot.reading() as tx:
        assert get_bet(tx, 1).demo_link is None


def test_people_are_counted_once_and_may_change_what_they_said(
    team: Office, bet: Bet, ana: Person, raj: Person, lee: Person
) -> None:
    thread = thread_of(team, bet)
    try_it(raj, thread, "slow, but it *works* <!here>")
    assert "Thank you: 1 person has tried the demo of B-1" in told(raj, thread)[-1] and told(raj) == []
    lee.press("More", card(lee))
    lee.press("I tried it")
    lee.fill_in({"What happened, in one sentence": "nice"}).submit()
    assert "2 people have tried" in words(lee.modal)
    lee.close()
    raj.press("I tried it", thread=thread)
    assert "slow, but it *works* <!here>" in words(raj.modal)
    raj.fill_in({"What happened, in one sentence": "fast now"}).submit()
    ana.command("show B-1")
    assert "*Demo* 2 people tried it: Raj “fast now”, Lee “nice”" in ana.saw()
    ana.command("history B-1")
    assert "Raj: tried its demo: “slow, but it" in ana.saw() and "tried its demo: “fast now”" in ana.saw()


def test_an_empty_sentence_a_guest_and_an_ended_bet_are_refused(
    team: Office, bet: Bet, ana: Person, raj: Person, guest: Person
) -> None:
    thread = thread_of(team, bet)
    try_it(raj, thread, "   ")
    assert "Say in one sentence what happened" in raj.errors()
    raj.close()
    guest.press("I tried it", thread=thread)
    assert guest.modal is None and "Guests of this workspace" in told(guest, thread)[-1]
    raj.press("I tried it", thread=thread)
    ana.command("withdraw B-1")
    raj.fill_in({"What happened, in one sentence": "late"}).submit()
    assert "B-1 has ended" in raj.errors()


def test_without_a_demo_the_menu_does_not_ask_and_an_old_button_is_refused(
    team: Office, bet: Bet, ana: Person, raj: Person
) -> None:
    ana.press("More", card(ana))
    ana.press("Edit")
    ana.fill_in({"Demo link": ""})
    team.world.submit(ana.user, (ana.modal or {})["id"], ana.typed)  # Raj is faster than the message is rewritten
    raj.press("I tried it", thread=thread_of(team, bet))
    assert "name one with More, Edit on its card" in told(raj, thread_of(team, bet))[-1]
    assert "Demo" not in words(card(ana))
    raj.press("More", card(raj))
    assert "I tried it" not in words(raj.modal)


def demo_messages(office: Office, bet: Bet) -> list[dict[str, Any]]:
    return [m for m in in_thread(office, bet) if "demo" in words(m) and not m.get("ephemeral")]


def test_a_link_that_is_taken_out_or_changed_stands_in_no_message(team: Office, bet: Bet, ana: Person) -> None:
    name_demo(ana, "https://new.example/")
    old, new = demo_messages(team, bet)
    assert "There was a demo of B-1 Rank tickets to play with: it has another link now, see below." in words(old)
    assert "demo.example" not in str(old) and elements(old) == []
    assert "<https://new.example/|new.example>" in words(new)
    name_demo(ana, "")
    assert all(elements(m) == [] and ".example" not in str(m) for m in demo_messages(team, bet))
    assert "its link was taken out" in words(demo_messages(team, bet)[-1])
    name_demo(ana, LINK)
    [*gone, back] = demo_messages(team, bet)
    assert len(gone) == 2 and all("see below" in words(m) for m in gone)
    assert [label_of(*one) for one in elements(back)] == ["I tried it"]


def test_the_digest_of_the_week_tells_of_it_once(team: Office, bet: Bet, raj: Person) -> None:
    team.at(MONDAY)
    try_it(raj, thread_of(team, bet), "it works")
    team.at(FRIDAY)
    assert "*B-1* demo: 1 person tried it: Raj “it works”." in words(team.messages()[-1])
    team.at(MONDAY + timedelta(weeks=1))
    team.at(FRIDAY + timedelta(weeks=1))
    assert "tried it" not in words(team.messages()[-1]) and "in short" in words(team.messages()[-1])


def test_a_packet_tells_what_people_said_of_the_demo(team: Office, bet: Bet, raj: Person) -> None:
    try_it(raj, thread_of(team, bet), "useless on long tickets")
    for week in range(6):
        for day in (0, 3, 4):
            team.at(MONDAY + timedelta(weeks=week, days=day, hours=5 * (day == 4)))
        if packets(team):
            break
    assert "*Demo* 1 person tried it: Raj “useless on long tickets”" in words(packets(team)[-1])


def test_link_and_tries_are_exported_and_come_back(
    team: Office,
    bet: Bet,
    raj: Person,
    cli: Cli,  # noqa: F811
    tmp_path: Any,
) -> None:
    try_it(raj, thread_of(team, bet), "it works")
    first = exported(cli, team.home, tmp_path / "first")
    assert [row["demo_link"] for row in rows_of(first, "bets")] == [LINK]
    [tried] = [row for row in rows_of(first, "history") if row["kind"] == "demo_try"]
    assert (tried["bet"], tried["by"], tried["after"]) == ("B-1", raj.user, {"said": "it works"})
    done = cli("new", "import", *first.iterdir())
    assert (done.exit_code, done.stderr) == (0, ""), done.output
    second = exported(cli, tmp_path / "new", tmp_path / "second")
    for kind in ("bets", "history"):
        assert rows_of(first, kind) == rows_of(second, kind)
