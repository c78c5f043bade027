"""`/bets summary`: what needs a look first, every bet in a line, the chart by direct message, and sharing."""

import re
from datetime import datetime

import pytest

from bot.actions import portfolio_notes
from bot.store.claims import get_counts
from tests.conftest import T0, Office
from tests.scenarios.rounds import MONDAY, NEXT_MONDAY, SATURDAY, TUESDAY, card_text, in_thread, place
from tests.talk import Person, elements, label_of, words


def picture_of(message: dict) -> dict:
    return next(block for block in message["blocks"] if block["type"] == "image")


def test_without_bets_it_offers_the_first_one(team: Office, lead: Person) -> None:
    lead.command("summary")
    assert "There are no bets yet" in lead.saw()
    lead.press("New bet")
    assert lead.modal is not None


def test_silent_bets_stand_first_and_the_others_in_a_line(team: Office, lead: Person, ana: Person, raj: Person) -> None:
    place(team, "Rank tickets", ana)
    place(team, "Silent one", raj)
    for week in (0, 7, 14):
        team.after(hours=2) if week == 0 else team.after(days=7)
        ana.command(f"update B-1 {50 + week}% better on a small set")
    team.after(days=4)
    lead.command("summary")
    seen = lead.saw()
    assert seen.index("Needs a look") < seen.index("Silent one") < seen.index("Rank tickets")
    assert "silent for" in seen
    assert "*64%* (+7)" in seen
    assert "better on a small set" in seen


def test_in_the_first_week_it_says_as_card_and_show_do_that_the_first_check_in_is_open(
    team: Office, lead: Person, ana: Person
) -> None:
    place(team, "Rank tickets", ana)
    team.at(MONDAY)
    ana.command("update B-1 70% it ranks well")
    lead.command("summary")
    assert "*B-1* Rank tickets · - (first check-in open) · 0.1 of 4 weeks · Ana" in lead.saw()
    for command in ("show B-1", "summary"):
        lead.command(command)
        assert "- (first check-in open)" in lead.saw() and "70%" not in lead.saw()
    assert "- (first check-in open)" in words(team.messages()[-2])
    team.at(SATURDAY)
    lead.command("summary")
    assert "Rank tickets · *70%* ▆ · " in lead.saw()


@pytest.mark.parametrize("day", [T0, TUESDAY, SATURDAY], ids=["before the first check-in", "in mid-week", "closed"])
def test_a_bet_that_no_check_in_asked_about_yet_is_not_said_to_have_its_first_one_open(
    team: Office, lead: Person, ana: Person, day: datetime
) -> None:
    if day != T0:
        place(team, "Rank tickets", ana)
        team.at(MONDAY)
        team.at(day)
    bet = place(team, "Find duplicates", ana)
    lead.command("summary")
    assert f"*{bet.key}* Find duplicates · no confidence yet · " in lead.saw()
    lead.command(f"show {bet.key}")
    assert "*Confidence* -\n" in lead.saw() and "*Confidence* -\n" in card_text(team, bet)
    team.at(MONDAY if day == T0 else NEXT_MONDAY)
    lead.command(f"show {bet.key}")
    assert "- (first check-in open)" in lead.saw()


def test_an_open_week_without_a_number_is_no_first_week(team: Office, lead: Person, ana: Person) -> None:
    place(team, "Rank tickets", ana)
    team.at(MONDAY)
    ana.command("update B-1 it ranks well")
    team.at(SATURDAY)
    lead.command("summary")
    assert "Rank tickets · no confidence yet · " in lead.saw()
    lead.command("show B-1")
    assert "*Confidence* -\n" in lead.saw()


def test_a_first_week_that_said_no_change_alone_is_not_called_open_once_it_is_over(
    team: Office, lead: Person, ana: Person
) -> None:
    bet = place(team, "Rank tickets", ana)
    team.at(MONDAY)
    ana.press("No change", in_thread(team, bet)[0])
    lead.command("summary")
    assert "Rank tickets · - (first check-in open) · " in lead.saw()
    team.at(SATURDAY)
    lead.command("summary")
    assert "Rank tickets · no confidence yet · " in lead.saw() and "first check-in" not in lead.saw()
    lead.command("show B-1")
    assert "*Confidence* -\n" in lead.saw()


def test_weeks_without_any_number_are_no_sparkline(team: Office, lead: Person, ana: Person) -> None:
    place(team, "Rank tickets", ana)
    team.at(MONDAY)
    ana.command("update B-1 60% it ranks well")
    team.at(SATURDAY)
    team.at(NEXT_MONDAY)
    team.at(NEXT_MONDAY + (SATURDAY - MONDAY))
    for asked, shown in (("summary", "*60%* ▅· · 1.9 of 4 weeks"), ("summary weeks 1", "*60%* · 1.9 of 4 weeks")):
        lead.command(asked)
        assert f"Rank tickets · {shown}" in lead.saw()


def test_the_chart_comes_once_by_direct_message_and_is_linked(team: Office, lead: Person, ana: Person) -> None:
    place(team, "Rank tickets", ana)
    lead.command("summary")
    assert "The chart is in our direct message" in lead.saw()
    lead.command("summary")
    charts = [message for message in lead.messages(channel=lead.dm()) if "Confidence and effort" in words(message)]
    assert len(charts) == 1
    assert picture_of(charts[0])["alt_text"].startswith("Confidence by week")


def test_the_title_of_a_chart_names_what_was_asked_for(team: Office, lead: Person, ana: Person) -> None:
    place(team, "Rank tickets", ana)
    for asked, named in (("", ""), (f"<@{ana.user}>", ", Ana"), ("all weeks 4", ", all, the last 4 weeks")):
        lead.command(f"summary {asked}")
        assert f"Confidence and effort, week of 30 Nov{named}\n" in lead.saw(channel=lead.dm()) + "\n"


def test_shared_it_is_one_message_with_its_picture_that_names_who_shared_it(
    team: Office, lead: Person, ana: Person
) -> None:
    place(team, "Rank tickets", ana)
    lead.command("summary")
    before = len(team.messages())
    lead.press("Share in channel")
    shared = team.messages()[before:]
    assert len(shared) == 1
    assert "Shared by Mia Lead" in words(shared[0])
    assert picture_of(shared[0])


def test_a_picture_that_slack_is_slow_with_follows_by_an_edit(team: Office, lead: Person, ana: Person) -> None:
    place(team, "Rank tickets", ana)
    team.world.set_file_delay(60)
    lead.command("summary")
    lead.press("Share in channel")
    for _ in range(20):
        team.after(seconds=2)
    shared = team.messages()[-1]
    assert "Shared by Mia Lead" in words(shared)
    assert not any(block["type"] == "image" for block in shared["blocks"])
    team.after(seconds=60)
    assert picture_of(team.messages()[-1])


def test_filters_choose_bets_and_a_wrong_one_is_explained(team: Office, lead: Person, ana: Person, raj: Person) -> None:
    place(team, "Rank tickets", ana)
    place(team, "Other idea", raj)
    raj.command("summary mine")
    assert "Other idea" in raj.saw() and "Rank tickets" not in raj.saw()
    lead.command("summary sideways")
    assert "weeks N" in lead.saw()
    lead.command("summary #nothing")
    assert "No bet fits" in lead.saw()


@pytest.mark.parametrize(
    ("said", "heading"),
    [
        ("mine weeks 3", "Ana, the last 3 weeks"),
        ("@ana #nlp all", "Ana, #nlp, all"),
        ("all weeks 1", "all, the last week"),
        ("mine", "Ana"),
        ("weeks 12", ""),
    ],
)
def test_its_heading_says_what_was_asked_for_in_words(team: Office, ana: Person, said: str, heading: str) -> None:
    ana.command("new Rank tickets")
    ana.fill_in({"Problem, and whose it is": "Support waits", "Tags": "#nlp"}).submit()
    ana.command(f"summary {said}")
    assert f"*Bets, week of 30 Nov*{', ' if heading else ''}{heading}\n" in ana.saw()


@pytest.mark.parametrize("said", ["mine 3", "mine week 3", "mine weeks", "mine weeks three", "mine raj"])
def test_words_behind_mine_that_say_nothing_are_refused(team: Office, ana: Person, said: str) -> None:
    place(team, "Rank tickets", ana)
    ana.command(f"summary {said}")
    assert "each with `weeks N` (1 to 104) behind it" in ana.saw()


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("mine @raj", "person"),
        ("@ana @raj weeks 3", "person"),
        ("@ana <@U0RAJ>", "person"),
        ("#nlp #vision", "tag"),
        ("#nlp,#vision", "tag"),
        ("weeks 12 weeks 3", "number of weeks"),
    ],
)
def test_two_people_tags_or_numbers_of_weeks_are_refused_and_not_half_read(
    team: Office, ana: Person, raj: Person, said: str, what: str
) -> None:
    place(team, "Rank tickets", ana, raj)
    ana.command(f"summary {said}")
    assert f"I read one {what} at a time: run `/bets summary` once for each." in ana.saw()
    assert "Rank tickets" not in ana.saw()


def test_who_is_asked_for_by_name_and_as_mine_is_one_person(team: Office, ana: Person) -> None:
    place(team, "Rank tickets", ana)
    ana.command("summary mine @ana mine")
    assert "Rank tickets" in ana.saw()


def test_who_owns_nothing_is_told_so_by_name_and_what_to_do(
    team: Office, lead: Person, ana: Person, lee: Person
) -> None:
    lead.command("summary all")
    assert "There are no bets yet" in lead.saw()
    place(team, "Rank tickets", ana)
    said = {
        "summary mine": "You own no open bet: `/bets summary` shows all bets.",
        "summary mine weeks 4": "You own no open bet: `/bets summary` shows all bets.",
        "summary mine #nlp all": "You own no bet tagged #nlp: `/bets summary` shows all bets.",
        "summary @lead": "You own no open bet: `/bets summary` shows all bets.",
        "summary @lee": "That person owns no open bet: `/bets summary` shows all bets.",
        "summary #none all": "No bet fits `summary #none all`: `/bets summary` shows all bets.",
    }
    for typed, answer in said.items():
        lead.command(typed)
        assert answer in lead.saw(), typed
    lee.command("list")  # from now on the bot knows who that is
    lead.command("summary @lee")
    assert "Lee owns no open bet" in lead.saw() and "U0LEE" not in lead.saw()


def test_whose_bets_have_all_ended_is_told_how_to_see_them(team: Office, lead: Person, ana: Person) -> None:
    place(team, "Rank tickets", ana)
    ana.command("kill B-1 because nobody needs it")
    ana.fill_in({"What did we learn?": "Ask first", "Did it meet its success statement?": "no"}).submit()
    lead.command("summary @ana")
    assert "Ana owns no open bet: add `all` to see those that have ended." in lead.saw()
    lead.command("summary @ana all")
    assert "Rank tickets" in lead.saw()


def test_a_name_that_was_typed_is_the_person_of_that_name(team: Office, lead: Person, ana: Person, raj: Person) -> None:
    place(team, "Rank tickets", ana)
    place(team, "Shorter prompts", raj)
    for typed in ("summary @Raj", "summary @raj weeks 4", "summary all @RAJ"):
        lead.command(typed)
        assert "Shorter prompts" in lead.saw() and "Rank tickets" not in lead.saw(), typed
    lead.command("summary @Bob")
    assert "I do not know @Bob in this team: pick the person from Slack's list." in lead.saw()


def titles(message: dict) -> list[int]:
    """The numbers of the ideas that have a line of their own, in its order."""
    return [int(number) for number in re.findall(r"\*B-\d+\* Idea (\d+) ·", words(message))]


def test_many_bets_are_paged_in_place(team: Office, lead: Person, ana: Person) -> None:
    for number in range(1, 62):
        place(team, f"Idea {number}", ana)
    lead.command("summary")
    assert titles(lead.last()) == [*range(1, 21)] and ", page 1 of 4" in lead.saw()
    lead.press("Next")
    lead.press("Next")
    assert titles(lead.last()) == [*range(41, 61)] and ", page 3 of 4" in lead.saw()
    lead.press("First")
    lead.press("Last")
    assert titles(lead.last()) == [61] and ", page 4 of 4" in lead.saw()
    lead.press("Previous")
    assert titles(lead.last()) == [*range(41, 61)]
    for label in ("Last", "Next"):  # to the same page: one button leads there
        labels = [label_of(block, element) for block, element in elements(lead.last())]
        assert (label in labels) is (label == "Next")


def test_what_is_shared_is_the_page_one_looks_at_with_its_chart_and_it_says_what_is_not_in_it(
    team: Office, lead: Person, ana: Person
) -> None:
    for number in range(1, 31):
        place(team, f"Idea {number}", ana)
        ana.command(f"update B-{number} {30 + number}% a first result")
    team.after(days=4)
    lead.command("summary")
    lead.press("Next")
    lead.press("Share in channel")
    shared = team.messages()[-1]
    assert titles(shared) == [*range(21, 31)]
    assert "Shared by Mia Lead · bets 21 to 30 of 30, `/bets summary` shows all of them" in words(shared)
    assert picture_of(shared)["alt_text"].endswith(": " + ", ".join(f"B-{n} {30 + n}%" for n in range(21, 31)))
    chart = lead.last(channel=lead.dm())
    assert "bets 1 to 20 of 30" in words(chart) and "B-20 50%" in picture_of(chart)["alt_text"]


def test_a_guest_is_refused(team: Office, guest: Person, ana: Person) -> None:
    place(team, "Rank tickets", ana)
    guest.command("summary")
    assert "Guests" in guest.saw()
    with team.bot.reading() as tx:
        assert get_counts(tx)["pending"] == 0


def test_this_weeks_numbers_stay_hidden_until_the_decisions_hour(team: Office, lead: Person, ana: Person) -> None:
    place(team, "Rank tickets", ana)
    team.after(hours=2)
    ana.command("update B-1 71% a first result")
    lead.command("summary")
    assert "71" not in lead.saw()
    team.after(days=3)
    lead.command("summary")
    assert "*71%*" in lead.saw()


def test_who_is_alone_is_named_with_the_bet_and_is_whom_the_sentence_counts(
    team: Office, lead: Person, ana: Person, raj: Person, lee: Person
) -> None:
    place(team, "Rank tickets", ana)
    place(team, "Find duplicates", ana, lee)
    place(team, "Shorter prompts", raj)
    team.after(days=35)
    lead.command("summary")
    assert "1 person works alone" in lead.saw()
    assert "B-3: Raj has been alone on it for 5 weeks" in lead.saw() and "Ana has been alone" not in lead.saw()


def test_weeks_of_an_appetite_until_a_day_have_one_decimal(team: Office, lead: Person, ana: Person) -> None:
    place(team, "Rank tickets", ana)
    ana.command("keep B-1 until 22 Dec")
    ana.fill_in({"Reason": "One more idea", "Criterion": "Nobody tried it"}).submit()
    lead.command("summary")
    assert "0.1 of 3.3 weeks" in lead.saw()


def test_the_time_to_kill_is_told_of_three_kills_and_says_of_what(
    team: Office, lead: Person, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(team, "Rank tickets", ana)
    for days, said in (([9.0, 2.0], False), ([9.0, 2.0, 4.0], True)):
        monkeypatch.setattr(portfolio_notes, "list_kill_days", lambda tx, team_id, found=days: found)
        lead.command("summary")
        line = "Time to kill: 4 days from the first hard fact, nudge or kill advice (median of 3 kills)"
        assert (line in lead.saw()) is said
