"""What only one person is shown is not owed; but when it fails the person is told, or else the operator."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import Office
from tests.talk import Person


@pytest.mark.parametrize("fault", ["apply+drop", "apply+cut", "apply+html", "noapply+500"])
def test_who_gets_no_form_is_told_to_press_again(team: Office, ana: Person, fault: str) -> None:
    team.expects_refusals = True
    team.world.fail("views.open", 1, fault)
    ana.command("new")
    assert "so no form opened and nothing was changed: please press or send it again." in ana.saw()


def test_a_bug_after_the_acknowledgement_is_the_operators_to_see(
    team: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with ThreadPoolExecutor(1) as team.bot.answers:
        team.bot.later(lambda: {}["text"])
    [record] = [one for one in caplog.records if one.name == "bets.runtime"]
    assert record.levelname == "ERROR" and record.exc_info and record.exc_info[0] is KeyError
