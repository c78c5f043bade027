"""What people say for a command that goes by another name, or for a button."""

from bot.domain.synonyms import button_for, command_for


def test_another_name_leads_to_the_command() -> None:
    assert command_for("Stop") == "kill" and command_for("status") == "summary" and command_for("xyzzy") is None


def test_what_is_a_button_is_told_where_it_is() -> None:
    assert "`/bets show B-4`" in (button_for("Edit", "B-4") or "")
    assert "in the bet's thread" in (button_for("undo", "B-4") or "") and button_for("kill", "B-4") is None
