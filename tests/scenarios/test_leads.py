"""Leads are people who are in the channel, and a team whose leads have all left helps itself."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli_teams import team as team_command
from bot.store.history import list_history
from bot.store.people import list_members
from bot.store.tables import history
from bot.store.teams import list_teams
from tests.conftest import ANA, CHANNEL, GUEST, LEAD, LEE, RAJ, STRANGER, Office
from tests.scenarios.test_leaving import close_account, come_back, leave_channel
from tests.scenarios.test_set_up import BUTTON, NEW, in_new, team_of
from tests.talk import Person, words

NOBODY_LEADS = "No lead of this team is in the channel any more"


def test_a_lead_who_is_not_in_the_channel_is_refused_at_the_field(team: Office, lead: Person) -> None:
    lead.command("config")
    lead.fill(Leads=[LEAD, STRANGER]).submit()
    assert list(lead.reply.errors) == ["leads"]
    assert "Sam Stranger is not in the channel: invite them first" in lead.errors()
    assert team_of(team).leads == (LEAD,)
    team.world.join(CHANNEL, STRANGER)
    lead.submit()
    assert not lead.reply.errors and team_of(team).leads == (LEAD, STRANGER)


def test_a_new_team_takes_no_lead_from_outside_of_its_channel(office: Office) -> None:
    office.world.add_channel(NEW, "vision-team", members=[ANA])
    office.world.join(NEW, office.world.bot_user_id)
    office.settle()
    ana = in_new(office, ANA)
    ana.press(BUTTON)
    ana.fill(Leads=[RAJ]).submit()
    assert "Raj is not in the channel: invite them first" in ana.errors()
    ana.fill(Leads=[ANA]).submit()
    assert not ana.reply.errors and team_of(office, NEW).leads == (ANA,)


def test_a_lead_named_for_every_new_team_may_come_later_if_another_one_is_there(office: Office) -> None:
    office.bot.default_leads = (LEAD, ANA)
    office.world.add_channel(NEW, "vision-team", members=[ANA])
    office.world.join(NEW, office.world.bot_user_id)
    office.settle()
    ana = in_new(office, ANA)
    ana.press(BUTTON)
    ana.submit()
    assert not ana.reply.errors and team_of(office, NEW).leads == (LEAD, ANA)


def test_a_lead_who_left_stands_in_nobodys_way_while_another_one_is_there(team: Office, lead: Person) -> None:
    lead.command("config")
    lead.fill(Leads=[LEAD, LEE]).submit()
    leave_channel(team, team.person(LEE))
    lead.command("config")
    lead.fill(Close_time="16:00").submit()
    assert not lead.reply.errors and team_of(team).leads == (LEAD, LEE)
    lead.command("config")
    lead.fill(Leads=[LEE]).submit()
    assert "Lee is not in the channel" in lead.errors() and team_of(team).leads == (LEAD, LEE)


def test_a_lead_whom_slack_cannot_tell_of_is_refused_and_kept_in_the_form(team: Office, lead: Person) -> None:
    lead.command("config")
    team.expects_refusals = True
    team.world.fail("conversations.members", None, "refuse:fatal_error")
    lead.fill(Leads=[LEAD, STRANGER]).submit()
    assert "I could not look up" in lead.errors() and "press Save again" in lead.errors()
    assert team_of(team).leads == (LEAD,)


@pytest.mark.parametrize("goes", [leave_channel, close_account])
def test_while_no_lead_is_in_the_channel_a_member_chooses_one(
    team: Office, ana: Person, lead: Person, goes: Callable[[Office, Person], None]
) -> None:
    goes(team, lead)
    ana.command("config")
    assert NOBODY_LEADS in words(ana.modal)
    ana.fill(Close_time="16:00").submit()
    assert "Mia Lead is not in the channel" in ana.errors()
    ana.fill(Leads=[ANA]).submit()
    assert not ana.reply.errors and team_of(team).leads == (ANA,)
    with team.bot.reading() as tx:
        [changed] = list_history(tx, history.c.kind == "team_changed")
    assert changed.by == ANA and changed.after["because"] == "no lead was in the channel"
    ana.command("config")
    assert NOBODY_LEADS not in words(ana.modal)


def test_more_words_are_not_passed_over_as_if_they_were_set(team: Office, lead: Person) -> None:
    lead.command("config close_time 16:00")
    assert lead.modal is None
    assert "`/bets config` opens a form with all the settings: send it without more words." in lead.saw()


def test_a_guest_leads_nothing_even_then(team: Office, lead: Person) -> None:
    guest = team.person(GUEST)
    leave_channel(team, lead)
    guest.command("config")
    assert guest.modal is None and "none is in the channel any more" in guest.saw()


def test_what_else_is_for_leads_says_how_to_get_one(team: Office, ana: Person, lead: Person) -> None:
    leave_channel(team, lead)
    ana.command("pause")
    assert "Only a lead can pause the team" in ana.saw()
    assert "none is in the channel any more, so a member chooses one with `/bets config`" in ana.saw()


def test_a_lead_who_is_back_leads_alone_again(team: Office, ana: Person, lead: Person) -> None:
    leave_channel(team, lead)
    ana.command("config")
    come_back(team, lead)
    ana.fill(Leads=[ANA]).submit()
    assert "Only a lead can change the team's settings: ask Mia Lead." in ana.errors()


@pytest.fixture
def shell(team: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Office:
    """The operator's shell beside the running bot."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "BETS_LEADS", "BETS_TIMEZONE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BETS_HOME", str(team.home))
    monkeypatch.setenv("SLACK_API_URL", team.world.api_url)
    monkeypatch.setenv("SLACK_BOT_TOKEN", team.world.bot_token)
    return team


def bets_team(*typed: str) -> Result:
    return CliRunner().invoke(team_command, list(typed))


def test_the_command_line_asks_slack_whether_a_lead_is_in_the_channel(shell: Office) -> None:
    done = bets_team("set", CHANNEL, f"leads={STRANGER}")
    assert done.exit_code == 1 and "Sam Stranger is not in the channel: invite them first" in done.stderr
    assert team_of(shell).leads == (LEAD,)
    assert bets_team("set", CHANNEL, f"leads={ANA}").exit_code == 0
    assert team_of(shell).leads == (ANA,)


def test_a_team_added_by_the_command_line_takes_no_lead_from_outside_either(shell: Office) -> None:
    shell.world.add_channel(NEW, "vision-team", members=[ANA, shell.world.bot_user_id])
    done = bets_team("add", NEW, "--leads", RAJ)
    assert done.exit_code == 1 and "Raj is not in the channel" in done.stderr
    assert bets_team("add", NEW, "--leads", ANA).exit_code == 0
    assert team_of(shell, NEW).leads == (ANA,)


def test_the_operator_mends_another_setting_of_a_team_without_leads(shell: Office, lead: Person) -> None:
    leave_channel(shell, lead)
    assert bets_team("set", CHANNEL, "close_time=16:00").exit_code == 0


def test_a_team_added_by_the_command_line_knows_everybody_in_its_channel_and_not_its_leads_alone(shell: Office) -> None:
    shell.world.add_channel(NEW, "vision-team", members=[ANA, RAJ, LEE, shell.world.bot_user_id])
    assert bets_team("add", NEW, "--leads", ANA).exit_code == 0
    shell.world.add_channel("C0OTHER", "speech-team", members=[LEE, shell.world.bot_user_id])
    assert bets_team("add", "C0OTHER").exit_code == 0
    with shell.bot.reading() as tx:
        assert list_members(tx, team_of(shell, NEW).id) == [ANA, LEE, RAJ]
        assert list_members(tx, team_of(shell, "C0OTHER").id) == [LEE]


def test_whom_slack_does_not_know_the_command_line_refuses(shell: Office) -> None:
    shell.expects_refusals = True
    shell.world.add_channel(NEW, "vision-team", members=[ANA, shell.world.bot_user_id])
    for typed in (("add", NEW, "--leads", f"{ANA},U0X"), ("set", CHANNEL, "leads=U0X")):
        done = bets_team(*typed)
        assert done.exit_code == 1 and "Slack knows nobody with the id U0X: copy it from" in done.stderr
    done = bets_team("add", NEW, "--leads", GUEST)
    assert done.exit_code == 1 and "Gus Guest is no full member of this workspace" in done.stderr
    assert team_of(shell).leads == (LEAD,)
    with shell.bot.reading() as tx:
        assert [team.channel for team in list_teams(tx)] == [CHANNEL]


def test_a_team_may_be_set_up_before_the_bot_is_invited_and_the_command_line_says_what_is_left_to_do(
    shell: Office,
) -> None:
    shell.expects_refusals = True
    done = bets_team("add", "C99")
    assert done.exit_code == 0 and "Slack shows me no channel C99 yet: check the id, and invite me" in done.stderr
    assert team_of(shell, "C99").channel == "C99"


def test_of_a_channel_that_the_bot_sees_but_is_not_in_the_command_line_says_so(shell: Office) -> None:
    shell.world.add_channel(NEW, "vision-team", members=[ANA])
    done = bets_team("add", NEW, "--leads", ANA)
    assert done.exit_code == 0 and f"I am not in {NEW} yet, and can post nothing there: invite me" in done.stderr
    shell.world.add_channel("C0OTHER", "speech-team", members=[ANA, shell.world.bot_user_id])
    assert bets_team("add", "C0OTHER", "--leads", ANA).stderr == ""


def test_without_an_answer_of_slack_the_command_line_adds_the_team_all_the_same(shell: Office) -> None:
    shell.expects_refusals = True
    shell.world.fail("conversations.members", None, "refuse:fatal_error")
    assert bets_team("add", NEW, "--leads", ANA).exit_code == 0
    assert team_of(shell, NEW).leads == (ANA,)
