"""Placing, reading, editing, pausing and withdrawing bets, as people do it in Slack."""

from datetime import timedelta
from typing import Any

import pytest

from bot.actions.bets import do_replace_card
from bot.domain.synonyms import COMMANDS
from bot.store.bets import get_bet_by_number, update_bet
from handlers.commands import WORDS
from tests.conftest import ANA, CHANNEL, GUEST, LEAD, RAJ, STRANGER, T0, Office
from tests.scenarios.rounds import MONDAY, told
from tests.talk import Person, elements, label_of, words


@pytest.fixture
def sketched() -> None:
    """What people typed is in the charts that are drawn here."""


def place(person: Person, title: str = "Shorter answers", **fields: Any) -> str:
    """The person places a bet; returns the ts of its card."""
    person.command(f"new {title}")
    person.fill_in({"Problem, and whose it is": "Support reads too much", **fields}).submit()
    assert not person.reply.errors, person.reply.errors
    return next(m["ts"] for m in reversed(person.messages()) if title in words(m) and not m.get("ephemeral"))


def card(office: Office, ts: str) -> str:
    """The words of a card."""
    return words(next(m for m in office.messages() if m["ts"] == ts))


def menu(person: Person, ts: str) -> list[str]:
    """Opens the card's menu; returns what it offers."""
    while person.modal:
        person.close()
    person.press("More", next(m for m in person.messages() if m["ts"] == ts))
    return [label_of(b, e) for b, e in elements(person.modal or {})]


def test_a_placed_bet_is_live_at_once_and_has_its_card_in_the_channel(team: Office, ana: Person) -> None:
    ts = place(ana)
    shown = card(team, ts)
    for said in ("B-1 Shorter answers", "Support reads too much", "*live*", "day 1 of 28", "<@U0ANA>", "unscoped"):
        assert said in shown
    assert "B-1 Shorter answers is placed" in told(ana)[-1] and "<#C0TEAM>" in told(ana)[-1]


def test_every_field_of_the_form_reaches_the_card(team: Office, ana: Person) -> None:
    ts = place(
        ana,
        "Two owners",
        **{
            "Owners": [ANA, RAJ],
            "Appetite (weeks)": "6",
            "Upside": "XL",
            "Area": "Search",
            "Kill criteria": "recall below 80% by week 3\nnobody uses it by 11 Dec\nno data",
            "Tags": "#nlp, Vision",
            "Hypothesis": "People stop reading after two lines",
        },
    )
    shown = card(team, ts)
    for said in ("<@U0ANA>, <@U0RAJ>", "day 1 of 42", "XL", "Search", "#nlp #vision", "Fri 11 Dec 2026"):
        assert said in shown
    assert "recall below 80% by week 3 (due Mon 21 Dec 2026)" in shown
    assert "no data (due Mon 11 Jan 2027)" in shown, "without a date it is due with the appetite"
    ana.command("show B-1")
    assert "People stop reading after two lines" in ana.saw()


def test_a_bet_is_shown_with_the_way_to_answer_that_the_asker_has(team: Office, ana: Person, raj: Person) -> None:
    place(ana)
    for person, way in ((ana, "Answer"), (raj, "Second opinion")):
        person.command("show B-1")
        shown = person.last()
        assert [label_of(block, one) for block, one in elements(shown)] == [way, "More"]


def test_the_form_is_prefilled_and_a_title_too_long_is_not_lost(team: Office, ana: Person) -> None:
    ana.command("new " + "very " * 60 + "long")
    assert ("very " * 60 + "long") in words(ana.modal), "what does not fit into the title stands in the problem"
    assert [label_of(b, e) for b, e in elements(ana.modal or {})] == [
        "Title",
        "Problem, and whose it is",
        "Hypothesis",
        "Owners",
        "Appetite (weeks)",
        "Upside",
        "Area",
        "Kill criteria",
        "Tags",
        "Scope it now",
    ]
    assert (ana.modal or {})["submit"]["text"] == "Place bet"


@pytest.mark.parametrize(
    "typed, said",
    [
        ({"Owners": [STRANGER]}, "Sam Stranger is not in the channel: invite them first."),
        ({"Kill criteria": "bad by 31 Feb"}, "bad by 31 Feb"),
        ({"Kill criteria": "recall under 80% by 2026-11-03"}, "by 2026-11-03' has passed: give it a later one"),
        ({"Kill criteria": "nobody uses it\nby week 3"}, "what has to happen for the team to stop"),
        ({"Kill criteria": "2026-12-11"}, "what has to happen for the team to stop"),
        ({"Kill criteria": "a by 2099-01-01"}, "is due on Thu 1 Jan 2099: give it a day within the next year"),
        ({"Kill criteria": "bad by week 99"}, "is due on Mon 23 Oct 2028: give it a day within the next year"),
        ({"Tags": "x" * 60}, "too long"),
        ({"Title": "   "}, "needs a title"),
        ({"Problem, and whose it is": " \n "}, "whose problem"),
    ],
)
def test_a_wrong_field_answers_at_the_field_and_nothing_is_placed(
    team: Office, ana: Person, typed: dict[str, Any], said: str
) -> None:
    ana.command("new Shorter answers")
    ana.fill_in({"Problem, and whose it is": "Support reads too much"} | typed).submit()
    assert said in ana.errors()
    assert ana.modal is not None, "the form stays open, with everything typed in it"
    assert "Shorter answers" not in "".join(words(m) for m in team.messages())


def test_a_bot_cannot_own_a_bet(team: Office, ana: Person) -> None:
    ana.command("new Shorter answers")
    ana.fill_in({"Problem, and whose it is": "Support", "Owners": [team.world.bot_user_id]}).submit()
    assert "only people can own a bet" in ana.errors()


def test_every_wrong_field_is_named_at_once(team: Office, ana: Person) -> None:
    ana.command("new x")
    ana.fill_in({"Problem, and whose it is": "p", "Owners": [STRANGER], "Kill criteria": "x by 31 Feb"}).submit()
    assert len(ana.reply.errors) == 2


def test_an_invited_owner_is_accepted_without_waiting(team: Office, ana: Person) -> None:
    ana.command("new Shorter answers")
    ana.fill_in({"Problem, and whose it is": "Support", "Owners": [STRANGER]}).submit()
    team.world.join(CHANNEL, STRANGER)
    ana.submit()
    assert not ana.reply.errors
    assert "<@U0STRANGER>" in words(team.messages()[-1])


def test_a_problem_as_long_as_the_field_goes_through(team: Office, ana: Person) -> None:
    ts = place(ana, "Long", **{"Problem, and whose it is": "p&<" * 1000})
    assert "Long" in card(team, ts)


def test_the_form_sent_twice_places_one_bet(team: Office, ana: Person) -> None:
    place(ana)
    ana.command("list")
    assert "1 open bet" in ana.saw()


def test_the_card_counts_the_days(team: Office, ana: Person) -> None:
    ts = place(ana)
    team.at(T0 + timedelta(days=3))
    assert "day 4 of 28" in card(team, ts)


def test_a_bet_is_edited_and_its_history_keeps_both(team: Office, ana: Person) -> None:
    ts = place(ana, **{"Kill criteria": "recall below 80% by week 3"})
    menu(ana, ts)
    ana.press("Edit")
    ana.fill_in({"Title": "Much shorter answers", "Kill criteria": "recall below 70% by week 3", "Owners": [ANA, RAJ]})
    ana.submit()
    assert "B-1 is saved: title, owners, kill criteria changed." in words(ana.modal), "the menu gives way to the result"
    assert "B-1 Much shorter answers" in card(team, ts) and "<@U0RAJ>" in card(team, ts)
    ana.command("history B-1")
    story = ana.saw()
    assert "recall below 80% by week 3 → recall below 70% by week 3" in story
    assert "Ana → Ana, Raj" in story
    assert "Mon 30 Nov, 09:00" in story


def test_an_edit_of_a_bet_that_changed_meanwhile_saves_nothing_and_keeps_the_text(
    team: Office, ana: Person, raj: Person
) -> None:
    ts = place(ana)
    for person in (ana, raj):
        menu(person, ts)
        person.press("Edit")
    raj.fill(Title="By Raj").submit()
    ana.fill(Title="By Ana").submit()
    assert ana.reply.errors == {
        "title": "Raj changed the title of this bet while you were editing, so nothing was saved. "
        "Copy your text, close and edit again."
    }
    assert "By Raj" in card(team, ts)
    assert ana.typed, "the form is still open with what was typed"


def test_a_stale_edit_stands_beside_the_field_that_is_not_as_it_was(team: Office, ana: Person, raj: Person) -> None:
    ts = place(ana)
    for person in (ana, raj):
        menu(person, ts)
        person.press("Edit")
    raj.fill_in({"Appetite (weeks)": "9", "Tags": "#late"}).submit()
    ana.fill(Title="By Ana").submit()
    assert list(ana.reply.errors) == ["appetite_weeks"]
    assert "Raj changed the appetite weeks and tags" in ana.errors()


def test_a_moved_appetite_or_criterion_is_told_in_the_thread_in_one_line(team: Office, ana: Person) -> None:
    ts = place(ana, **{"Kill criteria": "no data by week 2"})
    menu(ana, ts)
    ana.press("Edit")
    ana.fill_in({"Title": "Only another title"}).submit()
    assert len(team.messages(ts)) == 1
    menu(ana, ts)
    ana.press("Edit")
    ana.fill_in({"Appetite (weeks)": "6", "Kill criteria": "no *data* by week 3"}).submit()
    (_, told) = team.messages(ts)
    line = "Ana changed the appetite 4 → 6 weeks; the kill criteria no data by week 2 → no ∗data∗ by week 3"
    assert told["text"] == line


def test_appetite_and_upside_may_be_left_empty(team: Office, ana: Person) -> None:
    ts = place(ana, **{"Appetite (weeks)": "", "Upside": None})
    assert "day 1 of 28" in card(team, ts) and "*Upside* M" in card(team, ts)


def test_a_kill_criterion_that_stays_keeps_its_date(team: Office, ana: Person) -> None:
    ts = place(ana, **{"Kill criteria": "no data by friday"})
    assert "Fri 4 Dec 2026" in card(team, ts)
    team.at(T0 + timedelta(days=9))
    menu(ana, ts)
    ana.press("Edit")
    ana.fill_in({"Kill criteria": "no data by friday\nno users by friday"}).submit()
    assert "no data by friday (due Fri 4 Dec 2026)" in card(team, ts)
    assert "no users by friday (due Fri 11 Dec 2026)" in card(team, ts), "a new line is read from today"


def test_an_edit_keeps_a_criterion_whose_day_has_passed_and_takes_no_new_one(team: Office, ana: Person) -> None:
    ts = place(ana, **{"Kill criteria": "no data by week 1"})
    team.at(T0 + timedelta(days=10))
    menu(ana, ts)
    ana.press("Edit")
    ana.fill_in({"Kill criteria": "no data by week 1\nno users by week 1"}).submit()
    assert "The day of 'no users by week 1' has passed" in ana.errors()
    ana.fill_in({"Kill criteria": "no data by week 1\nno users by week 3"}).submit()
    assert not ana.reply.errors and "no data by week 1 (due Mon 7 Dec 2026" in card(team, ts)
    assert "no users by week 3 (due Mon 21 Dec 2026)" in card(team, ts)


def test_a_criterion_added_after_the_appetite_needs_a_day_of_its_own(team: Office, ana: Person) -> None:
    ts = place(ana, **{"Appetite (weeks)": "1"})
    team.at(T0 + timedelta(days=8))
    menu(ana, ts)
    ana.press("Edit")
    ana.fill_in({"Kill criteria": "no users", "Appetite (weeks)": "0"}).submit()
    assert list(ana.reply.errors) == ["appetite_weeks"], "the end of an appetite that is none is not judged"
    ana.fill_in({"Appetite (weeks)": "1"}).submit()
    assert "'no users' would be due with the appetite, which has ended" in ana.errors()
    ana.fill_in({"Kill criteria": "no users by friday"}).submit()
    assert "no users by friday (due Fri 11 Dec 2026)" in card(team, ts)


def test_a_text_longer_than_slacks_forms_survives_an_edit(team: Office, ana: Person) -> None:
    ts, long = place(ana), "as imported " * 400
    with team.bot.transaction() as tx:
        update_bet(tx, 1, problem=long)
    menu(ana, ts)
    ana.press("Edit")
    assert "stays as it is" in words(ana.modal)
    ana.fill(Title="Mended").submit()
    assert not ana.reply.errors
    with team.bot.reading() as tx:
        bet = get_bet_by_number(tx, 1)
    assert bet is not None and (bet.title, bet.problem) == ("Mended", long)


def test_an_owner_who_left_does_not_stop_an_edit(team: Office, ana: Person, lead: Person) -> None:
    ts = place(ana, Owners=[ANA, RAJ])
    team.world.leave(CHANNEL, RAJ)
    team.settle()
    menu(ana, ts)
    ana.press("Edit")
    ana.fill(Title="Mended").submit()
    assert not ana.reply.errors and "Mended" in card(team, ts)


def test_a_pause_stops_the_clock_and_ends_by_itself(team: Office, ana: Person) -> None:
    ts = place(ana)
    ana.command("pause B-1 until wednesday")
    assert "until Wed 2 Dec 2026 (Europe/Berlin), that day included" in ana.saw()
    assert "*paused*" in card(team, ts) and "until Wed 2 Dec 2026" in card(team, ts)
    team.at(T0 + timedelta(days=2))
    assert "*paused*" in card(team, ts) and "day 1 of 28" in card(team, ts)
    team.at(T0 + timedelta(days=3))
    assert "*live*" in card(team, ts) and "day 1 of 28" in card(team, ts)
    assert "its pause is over" in words(in_thread_of(team, ts)[-1])
    team.at(T0 + timedelta(days=4))
    assert "day 2 of 28" in card(team, ts)


def in_thread_of(office: Office, ts: str) -> list[dict[str, Any]]:
    return [m for m in office.messages(ts) if m["ts"] != ts]


def test_the_menu_pauses_and_resumes(team: Office, ana: Person) -> None:
    ts = place(ana)
    assert menu(ana, ts) == ["Edit", "Kill", "Double down", "Keep", "Ship", "Pause", "Scope it", "Withdraw"]
    ana.press("Pause")
    assert "B-1 is paused" in words(ana.modal)
    assert menu(ana, ts) == ["Edit", "Kill", "Ship", "Resume", "Scope it", "Withdraw"]
    ana.press("Resume")
    assert "B-1 goes on" in words(ana.modal)
    assert "*live*" in card(team, ts)


def test_a_paused_bet_is_not_asked_about(team: Office, ana: Person) -> None:
    ts = place(ana)
    place(ana, "Another")
    ana.command("pause B-1")
    team.at(MONDAY)
    assert not any("What do we know" in words(m) for m in in_thread_of(team, ts))


@pytest.mark.parametrize(
    "words_typed, said",
    [
        ("pause B-1 until 31 Feb", "I cannot read"),
        ("pause B-1 until yesterday", "I cannot read"),
        ("pause B-1 until 2026-11-01", "has passed"),
        ("pause B-1 forever", "until friday"),
        ("resume B-1", "it is running already"),
        ("resume B7x", "Write `/bets resume` for the team, `/bets resume B-7` for one bet."),
        ("withdraw B-1 B-2", "One bet at a time: send it for B-1 alone, then for the next."),
        ("show B-1 b2", "One bet at a time: send it for B-1 alone"),
        ("show B-1 in full", "There I read a bet's key and nothing more: send it again without 'in full'."),
        ("history B-1 2026", "send it again without '2026'."),
        ("resume B-1 on Friday", "send it again without 'on Friday'."),
        ("withdraw B-1 <please>", "send it again without '&lt;please&gt;'."),
        ("predictions B-1 v2", "send it again without 'v2'."),
        ("compare B-1 v1 v2", "send it again without 'v1 v2'."),
        ("start B-1 tomorrow", "send it again without 'tomorrow'."),
        ("scope B-1 Shorter prompts", "send it again without 'Shorter prompts'."),
        ("scope B-1 B-2", "One bet at a time"),
        ("pause B-1 until friday please", "I cannot read 'friday please' as a date"),
        ("away back tomorrow", "I cannot read 'back tomorrow' as an absence"),
        ("help klil", "did you mean `/bets kill`?"),
        ("list all bets", "/bets list all"),
        ("B-1", "did you mean `/bets show B-1`?"),
        ("stop B-1", "did you mean `/bets kill B-1`?"),
        ("done B-1 it works", "did you mean `/bets ship B-1`?"),
        ("klil B-1", "did you mean `/bets kill B-1`?"),
        ("Settings", "did you mean `/bets config`?"),
        ("status B-1", "did you mean `/bets summary`?"),
        ("?", "did you mean `/bets help`?"),
        ("edit B-1", "Edit is under More on the bet's card, which `/bets show B-1` shows too."),
        ("undo", "Undo is a button below the decision, in the bet's thread."),
        ("xyzzy", "I do not know 'xyzzy': `/bets help` lists what I know."),
        ("update B-1 -5%", "I read a confidence from 0 to 100%, in whole percents, and this says -5%."),
        ("show B-99", "There is no B-99 here."),
        ("history B-99", "There is no B-99 here."),
        ("withdraw B-99", "There is no B-99 here."),
        ("show", "Which bet?"),
        ("list everything", "/bets list all"),
    ],
)
def test_wrong_words_get_one_sentence(team: Office, ana: Person, words_typed: str, said: str) -> None:
    ts = place(ana)
    ana.command(words_typed)
    assert said in ana.saw() and "*live*" in card(team, ts), "and nothing is done by half"


@pytest.mark.parametrize("typed", ["hello", "?", "xyzzy"])
def test_unknown_words_name_help_once(team: Office, ana: Person, typed: str) -> None:
    ana.command(typed)
    assert ana.saw().count("/bets help") == 1


def test_each_other_name_is_of_a_command_that_there_is_and_is_none_itself(team: Office) -> None:
    assert {*COMMANDS.values()} <= {*WORDS, "help"} and not {*COMMANDS} & {*WORDS}


def test_a_bet_of_a_team_one_is_not_in_looks_like_none(team: Office, ana: Person, lead: Person) -> None:
    place(ana)
    team.world.add_channel("C0OTHER", "vision", members=[LEAD, team.world.bot_user_id], private=True)
    lead.channel = "C0OTHER"
    lead.command("config")
    lead.press("Set up this team")
    lead.submit()
    lead.command("new Secret")
    lead.fill_in({"Problem, and whose it is": "hidden"}).submit()
    ana.command("show B-2")
    foreign = ana.saw()
    ana.command("show B-99")
    assert foreign == ana.saw().replace("99", "2")
    lead.command("list")
    assert "Secret" in lead.saw() and "Shorter answers" not in lead.saw()


def test_in_its_thread_a_pause_means_the_bet_and_not_the_team(team: Office, ana: Person) -> None:
    ts = place(ana)
    ana.say(f"<@{team.world.bot_user_id}> pause until wednesday", thread=ts, raw=True)
    assert "B-1 is paused until Wed 2 Dec 2026" in told(ana, thread=ts)[-1]
    assert "*paused*" in card(team, ts)


def test_words_work_in_a_direct_message(team: Office, ana: Person) -> None:
    place(ana)
    ana.command("list", channel=ana.dm())
    assert "B-1" in ana.saw(channel=ana.dm())
    ana.command("new From the DM", channel=ana.dm())
    ana.fill_in({"Problem, and whose it is": "p"}).submit()
    assert "From the DM" in words(team.messages()[-1])


def test_without_bets_the_list_shows_the_way_to_the_first(team: Office, ana: Person) -> None:
    ana.command("list")
    ana.press("New bet")
    ana.fill(Title="First").fill_in({"Problem, and whose it is": "p"}).submit()
    assert "B-1 First" in words(team.messages()[-1])


def test_a_long_list_is_paged(team: Office, ana: Person) -> None:
    from tests.scenarios.rounds import place as place_quickly

    for number in range(23):
        place_quickly(team, f"Bet number {number}", ana)
    ana.command("list")
    assert "23 open bets*, page 1 of 2" in ana.saw() and "*B-20*" in ana.saw() and "*B-21*" not in ana.saw()
    ana.press("Next")
    assert "*B-23*" in ana.saw() and "page 2 of 2" in ana.saw()
    ana.press("Previous")
    assert "*B-1*" in ana.saw()
    assert len([text for text in told(ana) if "open bets" in text]) == 1, "a page takes the place of the one before"


def test_a_long_history_is_paged_and_begins_with_the_newest_page(team: Office, ana: Person) -> None:
    place(ana)
    for _ in range(6):
        ana.command("pause B-1")
        ana.command("resume B-1")
    ana.command("history B-1")
    assert "page 2 of 2" in ana.saw() and "resumed it" in ana.saw()
    ana.press("Previous")
    assert "placed it" in ana.saw()


def test_a_mistake_is_withdrawn_by_its_author(team: Office, ana: Person, raj: Person) -> None:
    ts = place(ana)
    raj.command("withdraw B-1")
    assert "Only whoever placed B-1 or a lead" in raj.saw()
    menu(ana, ts)
    ana.press("Withdraw")
    assert "B-1 is withdrawn" in words(ana.modal)
    assert "*withdrawn*" in card(team, ts) and "Withdrawn by Ana" in card(team, ts)
    ana.command("list")
    assert "No open bets" in ana.saw()
    ana.command("list all")
    assert "*B-1*" in ana.saw() and "withdrawn" in ana.saw()


def test_a_bet_with_answers_is_no_mistake_after_a_day(team: Office, ana: Person) -> None:
    place(ana)
    team.at(MONDAY)
    ana.command("update B-1 70% something learned")
    team.after(hours=26)
    ana.command("withdraw B-1")
    assert "kill it with what you learned" in ana.saw()


def test_guests_are_refused_in_a_sentence(team: Office, ana: Person) -> None:
    ts = place(ana)
    guest = team.person(GUEST)
    for asked in ("new Mine", "pause B-1", "withdraw B-1", "kill B-1"):
        guest.command(asked)
        assert "Guests of this workspace read, and answer for bets they own: ask a member to do it." in guest.saw(), (
            asked
        )
    for asked in ("show B-1", "list"):
        guest.command(asked)
        assert "B-1" in guest.saw() and "Guests" not in guest.saw(), "what stands in the channel a guest may read"
    guest.press("More", next(m for m in guest.messages() if m["ts"] == ts))
    assert "Guests of this workspace" in guest.saw()
    assert "*live*" in card(team, ts)


HOSTILE = [
    "<!channel> <@U0LEE> <https://e.example|ok> *bold* `code` :tada: $5",
    "&lt;!channel&gt; &amp; \u202ereversed שלום <!here>",
    "x" * 2_990 + "<!here>",
    "😀" * 1_400,
    "{0}%s ${HOME} '; DROP TABLE bets; --",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_people_type_goes_through_everything_unharmed(team: Office, ana: Person, text: str) -> None:
    """The simulated Slack refuses what Slack refuses, and the test fails on any refusal."""
    ana.command("new")
    ana.fill_in({"Title": text[:150], "Problem, and whose it is": text, "Hypothesis": text, "Area": text[:100]})
    ana.fill_in({"Kill criteria": text}).submit()
    assert not ana.reply.errors
    root = team.messages()[-1]
    shown = text[:150].replace("\u202e", "")  # what would turn the line is not shown
    assert shown in words(root), "a person reads what was typed"
    for asked in ("list", "show B-1", "history B-1", f"new {text}", f"nonsense{text}", "summary"):
        ana.command(asked)
        assert not ana.reply.error
        if ana.modal:
            ana.close()
    ana.press("More", root)
    ana.press("Edit")
    ana.fill(Area="changed").submit()
    assert not ana.reply.errors
    ana.close()
    ana.command(f"kill B-1 because {text}")
    ana.fill_in({"Reason": text, "What did we learn?": text, "Did it meet its success statement?": "unclear"}).submit()
    assert not ana.reply.errors
    assert "*killed*" in card(team, root["ts"])
    with team.bot.reading() as tx:
        bet = get_bet_by_number(tx, 1)
    assert bet is not None and bet.problem == text.strip(), "stored as typed"


def test_a_card_that_is_gone_is_posted_again_and_the_story_goes_on_there(team: Office, ana: Person) -> None:
    place(ana)
    with team.bot.transaction() as tx:
        do_replace_card(tx, team.bot.now(), 1)
    team.settle()
    new = team.messages()[-1]
    assert "Its story goes on here" in words(new) and "B-1 Shorter answers" in words(new)
    ana.command("pause B-1")
    assert "*paused*" in card(team, new["ts"]) and "Its story goes on here" in card(team, new["ts"])
    assert "paused" in words(in_thread_of(team, new["ts"])[-1])
