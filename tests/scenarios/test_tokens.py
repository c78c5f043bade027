"""A lead makes a token for the team's training jobs: shown once in the form of the settings, listed, and revoked."""

import json
import re
from typing import Any

from bot.domain.tokens import MOST_TOKENS, TeamToken
from bot.store.history import list_history
from bot.store.tables import history
from bot.store.tokens import get_token, list_tokens
from tests.conftest import LEAD, Office
from tests.talk import Person, elements, label_of, words


def new_token(lead: Person) -> str:
    """A new token, read from the form in which it is shown."""
    lead.command("config")
    lead.press("New token")
    found = re.search(r"`(bets-[\w-]{43})`", words(lead.modal))
    assert found, words(lead.modal)
    lead.close()
    return found[1]


def tokens(office: Office) -> list[TeamToken]:
    with office.bot.reading() as tx:
        return list_tokens(tx, 1)


def labels(view: dict[str, Any] | None) -> list[str]:
    return [label_of(*one) for one in elements(view or {})]


def test_a_new_token_is_shown_once_and_only_its_hash_is_kept(team: Office, lead: Person) -> None:
    token = new_token(lead)
    [kept] = tokens(team)
    assert (kept.by, kept.hint, kept.used_at) == (LEAD, token[-4:], None)
    lead.command("config")
    text = words(lead.modal)
    assert token not in text and f"ends in `{token[-4:]}`, made by Mia Lead on Mon 30 Nov 2026, never used" in text
    team.bot.engine.dispose()
    assert token.encode() not in (team.home / "bets.db").read_bytes()


def test_what_was_typed_beside_it_stays_and_can_be_saved(team: Office, lead: Person) -> None:
    lead.command("config")
    lead.fill(Close_time="16:00")
    lead.press("New token")
    assert not lead.submit().errors
    assert "Friday 16:00" in lead.saw()


def test_a_revoked_token_is_gone_and_the_other_stays(team: Office, lead: Person) -> None:
    first, second = new_token(lead), new_token(lead)
    lead.command("config")
    assert labels(lead.modal).count("Revoke") == 2
    lead.press("Revoke")
    assert labels(lead.modal).count("Revoke") == 1 and second[-4:] in words(lead.modal)
    with team.bot.reading() as tx:
        assert get_token(tx, first) is None and get_token(tx, second) == tokens(team)[0]


def test_both_are_lines_of_history_that_name_the_token_by_its_number(team: Office, lead: Person) -> None:
    token = new_token(lead)
    lead.command("config")
    lead.press("Revoke")
    with team.bot.reading() as tx:
        rows = list_history(tx, history.c.kind.in_(["token_made", "token_revoked"]))
    assert [(row.kind, row.by, row.after) for row in rows] == [
        ("token_made", LEAD, {"token": 1}),
        ("token_revoked", LEAD, {"token": 1}),
    ]
    assert token not in json.dumps([row.after for row in rows])


def test_a_press_that_slack_delivers_twice_makes_one_token(team: Office, lead: Person) -> None:
    team.world.chance.to_duplicate = 1
    new_token(lead)
    assert len(tokens(team)) == 1


def test_whoever_leads_no_more_makes_and_revokes_nothing(team: Office, lead: Person, ana: Person) -> None:
    new_token(lead)
    lead.command("config")
    lead.fill(Leads=[LEAD, ana.user]).submit()
    ana.command("config")
    lead.command("config")
    lead.fill(Leads=[LEAD]).submit()
    for button in ("New token", "Revoke"):
        ana.press(button)
        assert "Only a lead can change the team's settings" in words(ana.modal)
        ana.close()
    assert len(tokens(team)) == 1


def test_a_token_that_somebody_else_revoked_first_is_told(team: Office, lead: Person, ana: Person) -> None:
    lead.command("config")
    lead.fill(Leads=[LEAD, ana.user]).submit()
    new_token(lead)
    lead.command("config")
    ana.command("config")
    ana.press("Revoke")
    lead.press("Revoke")
    assert "not in force any more" in words(lead.modal)


def test_a_team_has_at_most_twenty_tokens(team: Office, lead: Person) -> None:
    for _ in range(MOST_TOKENS):
        new_token(lead)
    lead.command("config")
    assert labels(lead.modal).count("Revoke") == MOST_TOKENS
    lead.press("New token")
    assert "20 tokens already" in words(lead.modal) and len(tokens(team)) == MOST_TOKENS


def test_a_team_that_is_not_set_up_has_none(office: Office, lead: Person) -> None:
    lead.command("config")
    lead.press("Set up this team")
    assert "New token" not in labels(lead.modal)
