"""A team is set up, changed, paused and lost, as its people see it."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.actions.pauses import do_pause_team, do_resume_team
from bot.domain.records import Team
from bot.store.history import list_history
from bot.store.people import get_actor, list_members
from bot.store.tables import history
from bot.store.teams import get_team_of_channel
from tests.conftest import ANA, CHANNEL, LEAD, RAJ, T0, Office
from tests.talk import Person, elements, label_of, words

BUTTON = "Set up this team"
LABELS = [
    "Time zone",
    "Check-in day",
    "Check-in time",
    "Reminder time",
    "Samples day",
    "Decisions day",
    "Close day",
    "Close time",
    "Holidays (country)",
    "Leads",
    "Who may decide",
    "Team maturity",
]
NEW = "C0NEW"


@pytest.fixture
def new(office: Office) -> Office:
    """The bot is added to a channel of Ana, Raj and a guest."""
    office.world.add_channel(NEW, "vision-team", members=[LEAD, ANA, RAJ, "U0GUEST"])
    office.world.join(NEW, office.world.bot_user_id)
    office.settle()
    return office


def in_new(office: Office, user: str) -> Person:
    return Person(office.world, office.settle, user, NEW)


def from_bot(office: Office, channel: str = NEW) -> list[dict]:
    """What everybody sees of the bot in the channel."""
    seen = office.world.messages(channel)
    return [m for m in seen if m.get("bot_id") and not m.get("ephemeral")]


def team_of(office: Office, channel: str = CHANNEL) -> Team:
    with office.bot.reading() as tx:
        team = get_team_of_channel(tx, channel)
    assert team is not None
    return team


def set_up(office: Office, user: str = ANA, **fields: object) -> Person:
    person = in_new(office, user)
    person.press(BUTTON)
    person.fill(**fields).submit()
    return person


def test_the_bot_says_welcome_once_in_a_channels_life(new: Office) -> None:
    [welcome] = from_bot(new)
    assert "Hello, I am Bets" in words(welcome)
    new.world.leave(NEW, new.world.bot_user_id)
    new.settle()
    new.world.join(NEW, new.world.bot_user_id)
    new.settle()
    assert len(from_bot(new)) == 1


def test_the_form_has_the_labels_that_people_learn_and_is_filled_with_defaults(new: Office) -> None:
    new.world.change_user(ANA, tz="America/New_York")
    ana = in_new(new, ANA)
    ana.press(BUTTON)
    assert ana.modal is not None
    assert ana.modal["title"]["text"] == "Set up this team"
    assert ana.modal["submit"]["text"] == "Save"
    assert [label_of(b, e) for b, e in elements(ana.modal) if b["type"] == "input"] == LABELS
    assert "America/New_York" in words(ana.modal)


def test_after_saving_the_answer_and_the_welcome_say_when_the_first_checkin_comes(new: Office) -> None:
    ana = set_up(new, ANA)
    assert not ana.reply.errors
    assert ana.last()["ephemeral"]
    assert "first check-in comes Mon 30 Nov 2026, 10:00 Europe/Berlin" in ana.saw()
    assert "Check-in* Monday 10:00" in ana.saw()
    [welcome] = from_bot(new)
    assert "This team is set up." in words(welcome)
    assert "Mon 30 Nov 2026, 10:00 Europe/Berlin" in words(welcome)
    assert not [e for _, e in elements(welcome)]
    assert team_of(new, NEW).leads == (ANA,)


def test_a_team_set_up_after_the_hour_begins_next_week(new: Office) -> None:
    new.clock.move_to(datetime(2026, 11, 30, 9, 30, tzinfo=UTC))
    assert "Mon 7 Dec 2026, 10:00 Europe/Berlin" in set_up(new).saw()


def test_everybody_in_the_channel_is_known_as_a_member_after_the_set_up(new: Office) -> None:
    set_up(new)
    with new.bot.reading() as tx:
        assert list_members(tx, team_of(new, NEW).id) == sorted([LEAD, ANA, RAJ, "U0GUEST"])


def test_a_guest_may_not_set_up_a_team(new: Office) -> None:
    guest = in_new(new, "U0GUEST")
    guest.press(BUTTON)
    assert guest.modal is None
    assert "Guests cannot set up" in guest.saw()


@pytest.mark.parametrize("said", ["", "list", "help", "<@{}> list"])
def test_a_guest_is_told_at_once_whom_to_ask_and_sees_no_button_that_is_not_for_them(new: Office, said: str) -> None:
    for user in ("U0GUEST", ANA):
        person = in_new(new, user)
        if said.startswith("<"):
            person.say(said.format(new.world.bot_user_id), raw=True)
        else:
            person.command(said)
        asks = "ask a member of this workspace to send `/bets` here" in person.saw()
        offered = BUTTON in [label_of(b, e) for b, e in elements(person.last())]
        assert (asks, offered) == ((True, False) if user == "U0GUEST" else (False, True))


def test_two_people_at_once_make_one_team_and_the_second_keeps_what_they_typed(new: Office) -> None:
    ana, raj = in_new(new, ANA), in_new(new, RAJ)
    ana.press(BUTTON)
    raj.press(BUTTON)
    ana.submit()
    raj.fill(Time_zone="UTC").submit()
    assert "set up already by Ana" in raj.errors()
    assert raj.modal is not None
    assert team_of(new, NEW).leads == (ANA,)


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"Time_zone": "Europe/Berlni"}, "zone", "Europe/Berlin"),
        ({"Check-in_time": "25:00"}, "checkin_time", "no time of day"),
        ({"Reminder_time": "soon"}, "reminder_time", "no time of day"),
        ({"Close_day": "Monday", "Close_time": "09:00"}, "close_day", "after the check-in"),
        ({"Decisions_day": "Monday", "Check-in_day": "Tuesday"}, "decisions_day", "after the check-in"),
        ({"Leads": ["U0GUEST"]}, "leads", "Gus Guest is no full member"),
    ],
)
def test_a_wrong_field_is_answered_there_and_nothing_is_saved(
    new: Office, fields: dict, field: str, sentence: str
) -> None:
    ana = set_up(new, ANA, **fields)
    assert list(ana.reply.errors) == [field]
    assert sentence in ana.errors()
    assert ana.modal is not None
    with new.bot.reading() as tx:
        assert get_team_of_channel(tx, NEW) is None


def test_an_unknown_country_is_answered_at_its_field_and_a_known_one_moves_the_checkin(new: Office) -> None:
    ana = in_new(new, ANA)
    ana.press(BUTTON)
    ana.fill_in({"Holidays (country)": "Atlantis"}).submit()
    assert list(ana.reply.errors) == ["country"]
    new.clock.move_to(datetime(2027, 3, 27, 9, 0, tzinfo=UTC))
    ana.fill_in({"Holidays (country)": "de"}).submit()
    assert "Tue 30 Mar 2027" in ana.saw()  # Easter Monday


def test_every_wrong_field_is_named_at_once(new: Office) -> None:
    ana = in_new(new, ANA)
    ana.press(BUTTON)
    ana.fill_in({"Time zone": "nowhere at all", "Close time": "late", "Holidays (country)": "XX"}).submit()
    assert sorted(ana.reply.errors) == ["close_time", "country", "zone"]


@pytest.mark.parametrize("text", ["config", "", "help", "nonsense"])
def test_until_the_set_up_any_command_gets_the_button_only_for_that_person(
    office: Office, ana: Person, text: str
) -> None:
    ana.command(text)
    assert BUTTON in ana.saw()
    assert ana.last()["ephemeral"]
    assert office.messages() == []


def test_only_leads_change_settings_and_others_are_told_who_they_are(team: Office, lead: Person, ana: Person) -> None:
    ana.command("config")
    assert ana.modal is None
    assert "Only a lead can change the team's settings: ask Mia Lead." in ana.saw()
    lead.command("config")
    lead.fill(Who_may_decide="Leads").submit()
    assert not lead.reply.errors
    assert "Saved. Next check-in: Mon 30 Nov 2026, 10:00 Europe/Berlin" in lead.saw()
    assert team_of(team).deciders == "leads"


def test_settings_open_in_a_dm_with_somebody_of_one_team(team: Office, lead: Person) -> None:
    lead.command("config", channel=lead.dm())
    assert lead.modal is not None and lead.modal["title"]["text"] == BUTTON


def test_a_line_that_was_off_begins_with_its_next_day_and_makes_nothing_up(team: Office, lead: Person) -> None:
    lead.command("config")
    lead.fill_in({"Check-in day": "Off"}).submit()
    team.at(datetime(2026, 12, 9, 9, 0, tzinfo=UTC))
    lead.command("config")
    lead.fill_in({"Check-in day": "Monday"}).submit()
    assert "Next check-in: Mon 14 Dec 2026" in lead.saw()
    assert team_of(team).active_since == datetime(2026, 12, 9, 9, 0, tzinfo=UTC)


def test_the_same_submission_delivered_twice_makes_one_team(new: Office) -> None:
    new.world.chance.to_duplicate = 1
    assert not set_up(new, ANA).reply.errors
    assert len(from_bot(new)) == 1


def test_a_line_can_be_switched_off_and_moved(team: Office, lead: Person) -> None:
    lead.command("config")
    fields = {"Check-in day": "Off", "Samples day": "Friday", "Reminder time": "off", "Close time": "5pm"}
    lead.fill_in(fields).submit()
    assert "Next check-in: off" in lead.saw()
    days, times = team_of(team).days, team_of(team).times
    assert (days["checkin"], days["reminder"], days["samples"]) == (None, None, 4)
    assert f"{times['close']:%H:%M}" == "17:00"
    lead.command("config")
    assert lead.modal is not None and "off" in words(lead.modal)


def test_two_leads_at_once_the_second_is_told_and_keeps_what_they_typed(
    team: Office, lead: Person, ana: Person
) -> None:
    lead.command("config")
    lead.fill(Leads=[LEAD, ANA]).submit()
    lead.command("config")
    ana.command("config")
    lead.fill(Close_time="16:00").submit()
    ana.fill(Close_time="17:00").submit()
    assert list(ana.reply.errors) == ["zone"]
    assert "nothing was saved" in ana.errors()
    assert f"{team_of(team).times['close']:%H:%M}" == "16:00"


def test_rights_are_checked_when_the_form_arrives(team: Office, lead: Person, ana: Person) -> None:
    lead.command("config")
    lead.fill(Leads=[LEAD, ANA]).submit()
    ana.command("config")
    lead.command("config")
    lead.fill(Leads=[LEAD]).submit()
    ana.fill(Close_time="17:00").submit()
    assert "Only a lead" in ana.errors()


def test_each_change_is_one_line_of_history_with_what_was_before(team: Office, lead: Person) -> None:
    lead.command("config")
    lead.fill(Close_time="16:00").submit()
    lead.command("config")
    lead.submit()
    with team.bot.reading() as tx:
        rows = list_history(tx, history.c.kind.in_(["team_set_up", "team_changed"]))
    assert [(row.kind, row.by) for row in rows] == [("team_set_up", LEAD), ("team_changed", LEAD)]
    assert (rows[1].before, rows[1].after) == ({"close_time": "15:00"}, {"close_time": "16:00"})


def test_a_changed_setting_shows_in_the_welcome(new: Office) -> None:
    ana = set_up(new)
    ana.command("config")
    ana.fill_in({"Check-in time": "11:30"}).submit()
    [welcome] = from_bot(new)
    assert "Monday 11:30" in words(welcome)


def test_leads_of_every_new_team_come_from_the_settings(new: Office) -> None:
    new.bot.default_leads = (LEAD, RAJ)
    set_up(new, ANA)
    assert team_of(new, NEW).leads == (LEAD, RAJ)


def test_a_channel_without_the_bot_cannot_become_a_team(office: Office) -> None:
    office.world.add_channel(NEW, "elsewhere", members=[ANA])
    ana = in_new(office, ANA)
    ana.command("list")
    ana.press(BUTTON)
    ana.submit()
    assert "invite me" in ana.errors()


def test_a_team_that_is_paused_is_not_asked_and_goes_on_after_its_last_day(team: Office) -> None:
    until = T0.date().replace(month=12, day=6)
    with team.bot.transaction() as tx:
        actor = get_actor(tx, LEAD, team.bot.now())
        do_pause_team(tx, team.bot.now(), actor, team_of(team), until)
    team.at(datetime(2026, 12, 6, 22, 0, tzinfo=UTC))
    assert team_of(team).paused_at is not None
    team.at(datetime(2026, 12, 7, 10, 0, tzinfo=UTC))
    # The pause ended at midnight in the team's zone, however late somebody looked.
    assert team_of(team).paused_at is None
    assert team_of(team).active_since == datetime(2026, 12, 6, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize("act", ["pause", "resume"])
def test_who_does_not_lead_is_told_what_only_a_lead_can(team: Office, lead: Person, ana: Person, act: str) -> None:
    lead.command("pause")
    ana.command(act)
    assert f"Only a lead can {act} the team: ask Mia Lead." in ana.saw()


def test_a_lead_ends_a_pause_from_now_on(team: Office) -> None:
    with team.bot.transaction() as tx:
        do_pause_team(tx, team.bot.now(), None, team_of(team), None)
    team.after(days=3)
    with team.bot.transaction() as tx:
        resumed = do_resume_team(tx, team.bot.now(), None, team_of(team))
    assert (resumed.paused_at, resumed.active_since) == (None, team.bot.now())


def test_an_archived_channel_silences_the_team_and_tells_its_leads_once(team: Office, lead: Person) -> None:
    team.world.archive(CHANNEL)
    team.settle()
    assert team_of(team).unreachable == "is_archived"
    assert "it is archived" in lead.saw(channel=lead.dm())
    team.world.unarchive(CHANNEL)
    team.settle()
    assert team_of(team).unreachable is None
    assert len([m for m in lead.messages(channel=lead.dm()) if m.get("bot_id")]) == 1


def test_the_bot_is_removed_and_comes_back(team: Office) -> None:
    team.world.leave(CHANNEL, team.world.bot_user_id)
    team.settle()
    assert team_of(team).unreachable == "not_in_channel"
    team.world.join(CHANNEL, team.world.bot_user_id)
    team.settle()
    assert team_of(team).unreachable is None
    assert from_bot(team, CHANNEL) == []


def test_who_leaves_the_channel_is_no_member_any_more_and_who_joins_is(team: Office, ana: Person) -> None:
    team.world.leave(CHANNEL, ANA)
    team.world.join(CHANNEL, "U0STRANGER")
    team.settle()
    with team.bot.reading() as tx:
        members = list_members(tx, team_of(team).id)
    assert ANA not in members and "U0STRANGER" in members


def test_nothing_in_history_or_answers_carries_what_only_slack_may_know(team: Office, lead: Person) -> None:
    with team.bot.reading() as tx:
        kept = json.dumps([list(row)[5:] for row in tx.execute(select(history))], default=str)
    assert "response_url" not in kept and "xoxb" not in kept
