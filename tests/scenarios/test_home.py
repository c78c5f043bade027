"""The home tab shows a person what waits for them, their bets and whether they are away, and follows what they do."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.actions.absences import do_go_away
from bot.actions.people import do_describe
from bot.actions.placing import BetForm, do_place_bet
from bot.domain.records import Actor, Bet, Team
from bot.store.meta import BOT, update_meta
from bot.store.people import get_actor
from bot.store.teams import get_team_of_channel
from tests.conftest import ANA, CHANNEL, GUEST, LEAD, RAJ, Office
from tests.scenarios import rounds
from tests.talk import Person, elements, label_of, words

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def team_of(office: Office) -> Team:
    with office.bot.reading() as tx:
        team = get_team_of_channel(tx, CHANNEL)
    assert team is not None
    return team


def actor(office: Office, user: str) -> Actor:
    from handlers.context import who

    return who(office.bot, user, CHANNEL)


def place(office: Office, user: str, title: str) -> Bet:
    acting = actor(office, user)
    with office.bot.transaction() as tx:
        form = BetForm(title=title, problem="Labels cost too much: annotation team", owners=(user,))
        bet = do_place_bet(tx, office.bot.now(), acting, team_of(office), form)
    office.settle()
    return bet


def open_home(office: Office, user: str) -> str:
    office.world.open_home(user)
    office.settle()
    return home(office, user)


def home(office: Office, user: str) -> str:
    """What they read there; a link reads as its label."""
    return re.sub(r"<https://[^|>]+\|([^>]+)>", r"\1", words(office.world.home(user)))


def press(office: Office, user: str, label: str) -> None:
    view = office.world.home(user)
    assert view is not None
    [(block, element)] = [(b, e) for b, e in elements(view) if label_of(b, e) == label]
    office.world.click_view(user, view["id"], element["action_id"], block.get("block_id"))
    office.settle()


def labels(office: Office, user: str) -> list[str]:
    return [label_of(b, e) for b, e in elements(office.world.home(user) or {})]


def test_somebody_in_no_team_is_told_how_to_begin(office: Office) -> None:
    assert "You are in no team that I know of yet" in open_home(office, ANA)


def test_a_new_member_sees_that_nothing_waits_and_no_settings(team: Office) -> None:
    shown = open_home(team, ANA)
    assert "Nothing waits for you." in shown
    assert "You own no bet here" in shown
    assert labels(team, ANA) == ["New bet", "I'm away"]


def test_it_shows_the_bets_of_the_person_and_nobody_elses(team: Office) -> None:
    place(team, ANA, "Cheaper <labels> & more")
    place(team, RAJ, "Distil the reranker")
    shown = open_home(team, ANA)
    assert "B-1 Cheaper &lt;labels&gt; &amp; more · live · day 1 of 28" in shown
    assert "Distil" not in shown


def test_each_bet_leads_to_its_card_there_and_where_it_is_shown(team: Office, ana: Person) -> None:
    place(team, ANA, "Cheaper labels")
    [card] = [one for one in team.world.messages(CHANNEL) if "B-1" in one["text"]]
    where = f"https://{team.world.domain}.slack.com/archives/{CHANNEL}/p{card['ts'].replace('.', '')}"
    open_home(team, ANA)
    assert f"• <{where}|B-1> Cheaper labels" in words(team.world.home(ANA))
    ana.command("show B-1")
    assert f"<{where}|its card and thread>" in rounds.told(ana)[-1]


def test_a_workspace_whose_address_slack_does_not_say_has_no_links(team: Office, ana: Person) -> None:
    place(team, ANA, "Cheaper labels")
    with team.bot.transaction() as tx:
        update_meta(tx, BOT, json.dumps({"team_id": "T1", "user_id": "U1", "bot_id": "B1"}))
    open_home(team, ANA)
    ana.command("show B-1")
    assert "• B-1 Cheaper labels" in words(team.world.home(ANA)) and "its card and thread" not in rounds.told(ana)[-1]


def test_after_the_checkin_it_shows_what_waits_and_opens_the_form(team: Office, ana: Person) -> None:
    place(team, ANA, "Cheaper labels")
    team.at(MONDAY)
    assert "no answer this week yet" in open_home(team, ANA)
    press(team, ANA, "Give my updates")
    assert ana.modal is not None and ana.modal["title"]["text"] == "My updates"


def test_it_follows_what_the_person_does_once_it_was_opened(team: Office, lead: Person) -> None:
    open_home(team, LEAD)
    before = len(team.world.calls("views.publish"))
    lead.command("config")
    lead.fill(Leads=[ANA]).submit()
    assert "Settings" not in labels(team, LEAD)
    assert len(team.world.calls("views.publish")) == before + 1


def test_nobody_gets_a_home_who_never_opened_it(team: Office, lead: Person) -> None:
    lead.command("config")
    lead.submit()
    assert team.world.calls("views.publish") == []


def test_the_away_switch_asks_for_dates_and_ends_an_absence_in_one_press(team: Office, ana: Person) -> None:
    open_home(team, ANA)
    press(team, ANA, "I'm away")
    assert ana.modal is not None and ana.modal["title"]["text"] == "I'm away"
    ana.close()
    acting = actor(team, ANA)
    with team.bot.transaction() as tx:
        do_go_away(tx, team.bot.now(), acting, team_of(team), date(2026, 11, 30), date(2026, 12, 4))
    assert "You are away until Fri 4 Dec 2026, that day included." in open_home(team, ANA)
    press(team, ANA, "I'm back")
    assert "You are away" not in home(team, ANA)
    assert labels(team, ANA) == ["New bet", "I'm away"]


def test_a_planned_absence_is_shown_and_taken_back_in_one_press(team: Office, ana: Person) -> None:
    ana.command("away from 2026-12-07 to 11 Dec")
    shown = open_home(team, ANA)
    assert "You will be away: Mon 7 Dec 2026 until Fri 11 Dec 2026 included" in shown and "You are away" not in shown
    press(team, ANA, "Not away after all")
    assert "away:" not in home(team, ANA) and "Not away after all" not in labels(team, ANA)


def test_a_bet_is_placed_from_it_by_members_and_not_by_guests(team: Office, ana: Person) -> None:
    open_home(team, ANA)
    press(team, ANA, "New bet")
    assert ana.modal is not None and ana.modal["title"]["text"] == "New bet"
    guest = actor(team, GUEST).person
    for elsewhere in (False, True):
        with team.bot.transaction() as tx:
            do_describe(tx, team.bot.now(), replace(guest, guest=not elsewhere, outsider=elsewhere))
        shown = open_home(team, GUEST)
        assert labels(team, GUEST) == ["I'm away"] and "summary" not in shown and "/bets new" not in shown


def test_leads_and_owners_see_what_waits_for_a_decision(team: Office, lead: Person) -> None:
    place(team, ANA, "Cheaper labels")
    open_home(team, LEAD)
    assert "Needs a decision" not in home(team, LEAD)
    team.at(MONDAY + timedelta(days=29))
    for user, told in ((LEAD, True), (ANA, True), (RAJ, False)):
        shown = open_home(team, user)
        assert ("Needs a decision" in shown) is told, user
        assert ("B-1 Cheaper labels · live · day 30 of 28" in shown) is told, user


def test_a_lead_opens_the_settings_from_it(team: Office, lead: Person) -> None:
    open_home(team, LEAD)
    press(team, LEAD, "Settings")
    assert lead.modal is not None and lead.modal["title"]["text"] == "Set up this team"


def test_rights_are_checked_at_the_press_not_when_it_was_drawn(team: Office, lead: Person, ana: Person) -> None:
    lead.command("config")
    lead.fill(Leads=[LEAD, ANA]).submit()
    open_home(team, ANA)
    lead.command("config")
    lead.fill(Leads=[LEAD]).submit()
    press(team, ANA, "Settings")
    assert ana.modal is not None and "Only a lead" in words(ana.modal)


def test_who_left_the_channel_sees_the_team_no_more_and_cannot_press(team: Office, ana: Person) -> None:
    open_home(team, ANA)
    team.world.leave(CHANNEL, ANA)
    team.settle()
    press(team, ANA, "I'm away")
    assert ana.modal is not None and "not in that team's channel" in words(ana.modal)
    ana.close()
    assert "no team that I know of" in open_home(team, ANA)


def test_several_teams_are_shown_one_below_the_other(team: Office, lead: Person) -> None:
    team.world.add_channel("C0TWO", "vision", members=[LEAD, ANA])
    team.world.join("C0TWO", team.world.bot_user_id)
    team.settle()
    Person(team.world, team.settle, LEAD, "C0TWO").press("Set up this team")
    lead.submit()
    shown = open_home(team, LEAD)
    assert shown.index(f"<#{CHANNEL}>") < shown.index("<#C0TWO>")
    assert labels(team, LEAD) == ["New bet", "I'm away", "Settings"] * 2


def test_a_closed_account_asks_the_leads_once_who_takes_over_its_bets(team: Office, lead: Person) -> None:
    place(team, ANA, "Cheaper labels")
    for _ in range(2):
        team.world.change_user(ANA, deleted=True)
        team.settle()
    told = [words(m) for m in lead.messages(channel=lead.dm()) if m.get("bot_id")]
    assert len(told) == 1
    assert "Ana has left the workspace, and one of their bets has no owner" in told[0]
    assert "B-1" in told[0]


@pytest.mark.parametrize("deleted", [True, False])
def test_an_account_that_changes_is_known_as_it_is_now(team: Office, deleted: bool) -> None:
    acting = actor(team, ANA)
    assert acting.role(team_of(team)) == "member"
    team.world.change_user(ANA, tz="Asia/Tokyo", deleted=deleted)
    team.settle()
    with team.bot.reading() as tx:
        known = get_actor(tx, ANA, team.bot.now())
    # Slack tells no zone of an account that is closed.
    assert known is not None and known.person.zone == (None if deleted else "Asia/Tokyo")
    assert known.role(team_of(team)) == ("none" if deleted else "member")
