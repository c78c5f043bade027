"""Whoever the bot does not know is looked up in Slack before the act is decided; a slow Slack costs a repeat only."""

import json
import time
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.store.bets import list_bets
from bot.store.tables import bet_owners
from handlers import context
from tests.conftest import ANA, CHANNEL, LEE, RAJ, Office
from tests.scenarios.rounds import MONDAY, NEXT_MONDAY, checkin_text, place
from tests.talk import Person

TEAMS = 6


@pytest.fixture
def hasty(team: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A team whose bot waits for a look-up a third of a second, and has forgotten everybody."""
    monkeypatch.setattr(context, "LOOKUP_SECONDS", 0.3)
    monkeypatch.setattr(context, "NAMED_SECONDS", 0.3)
    team.expects_refusals = True
    team.after(days=2)
    return team


def more_teams(office: Office) -> None:
    for number in range(TEAMS):
        channel = f"C0TEAM{number}"
        office.world.add_channel(channel, f"team-{number}", members=[ANA, RAJ, office.world.bot_user_id])
        raj = office.person(RAJ)
        raj.channel = channel
        raj.command("config")
        raj.press("Set up this team")
        raj.submit()
        assert not raj.reply.errors


def test_all_calls_of_one_look_up_share_one_deadline(hasty: Office, ana: Person) -> None:
    more_teams(hasty)
    hasty.clock.advance(timedelta(days=2).total_seconds())
    hasty.world.fail("conversations.members", None, "slow", seconds=0.4)
    began = time.monotonic()
    ana.command("list", channel=ana.dm())
    assert time.monotonic() - began < 0.9
    assert "press or send it again" in ana.saw(channel=ana.dm())


def test_many_teams_are_asked_side_by_side(hasty: Office, ana: Person) -> None:
    more_teams(hasty)
    hasty.clock.advance(timedelta(days=2).total_seconds())
    hasty.world.fail("conversations.members", None, "slow", seconds=0.12)
    ana.command("list", channel=ana.dm())
    assert "again" not in ana.saw(channel=ana.dm())


def test_a_channel_that_is_gone_stops_nobody_from_acting_elsewhere(hasty: Office, ana: Person) -> None:
    more_teams(hasty)
    hasty.clock.advance(timedelta(days=2).total_seconds())
    hasty.world.fail("conversations.members", None, "refuse:channel_not_found", channel="C0TEAM3")
    ana.command("list", channel=ana.dm())
    assert "Which team?" in ana.saw(channel=ana.dm())


def new_bet(ana: Person, *owners: str) -> None:
    ana.command("new Rank tickets")
    ana.fill_in({"Problem, and whose it is": "Support waits", "Owners": list(owners)})
    ana.submit()


def bets_of(office: Office) -> int:
    with office.bot.reading() as tx:
        return len(list_bets(tx))


def test_owners_who_cannot_be_looked_up_are_told_of_at_their_field(hasty: Office, ana: Person) -> None:
    ana.command("list")
    hasty.world.fail("users.info", None, "slow", seconds=0.4)
    began = time.monotonic()
    new_bet(ana, ANA, RAJ, LEE)
    assert time.monotonic() - began < 0.9
    assert list(json.loads(ana.errors())) == ["owners"]
    assert "I could not look up Raj" in ana.errors() or "U0LEE" in ana.errors()
    assert "press Place bet again" in ana.errors() and "who you are" not in ana.errors()
    assert bets_of(hasty) == 0
    hasty.world.clear_faults()
    ana.submit()
    assert not ana.reply.errors and bets_of(hasty) == 1


def test_an_owner_whom_slack_does_not_know_is_to_be_invited(hasty: Office, ana: Person) -> None:
    ana.command("list")
    hasty.world.fail("users.info", None, "refuse:user_not_found")
    new_bet(ana, ANA, LEE)
    assert list(json.loads(ana.errors())) == ["owners"]
    assert "not in the channel: invite them first" in ana.errors()
    assert bets_of(hasty) == 0


def test_who_cannot_be_looked_up_is_no_member(hasty: Office, ana: Person) -> None:
    hasty.world.fail("users.info", None, "noapply+500")
    ana.command("new", channel=CHANNEL)
    assert ana.modal is None and "press or send it again" in ana.saw()


def test_an_owner_whom_nobody_looked_up_stands_in_the_check_in_by_their_name(team: Office, ana: Person) -> None:
    bet = place(team, "Rank tickets", ana)
    with team.bot.transaction() as tx:
        tx.execute(update(bet_owners).where(bet_owners.c.bet_id == bet.id).values(user=LEE))
    team.at(MONDAY)
    assert "*B-1* Rank tickets: Lee" in checkin_text(team)


def test_before_a_check_in_only_owners_who_were_not_looked_up_in_the_last_day_are(
    team: Office, ana: Person, raj: Person
) -> None:
    place(team, "Rank tickets", ana, raj)
    before = len(team.world.calls("users.info"))
    team.at(MONDAY)
    assert len(team.world.calls("users.info")) == before, "both were looked up an hour ago"
    before = [len(team.world.calls(name)) for name in ("users.info", "conversations.members")]
    team.at(NEXT_MONDAY)
    after = [len(team.world.calls(name)) for name in ("users.info", "conversations.members")]
    assert after == [before[0] + 2, before[1] + 1]
