"""What a bet has cost when its owners change: each week counts the owners of its own time."""

from datetime import timedelta

import pytest

from bot.actions.portfolio import get_summary
from bot.domain.summary import Filter
from bot.store.teams import get_team_of_channel
from tests.conftest import ANA, CHANNEL, LEE, RAJ, T0, Office, lived_once
from tests.scenarios.rounds import told
from tests.scenarios.test_appetites import several
from tests.scenarios.test_bets import menu, place
from tests.scenarios.test_nudges import THIRD_THURSDAY, answer_weekly, packets
from tests.talk import Person, words

DAY = timedelta(days=1)


def join(person: Person, ts: str, *owners: str) -> None:
    """The bet of that card has these owners now."""
    menu(person, ts)
    person.press("Edit")
    person.fill(Owners=list(owners)).submit()
    assert not person.reply.errors


def spent(office: Office, key: str = "B-1") -> float:
    """People-weeks of the present appetite, as the summary has them."""
    with office.bot.reading() as tx:
        team = get_team_of_channel(tx, CHANNEL)
        assert team is not None
        lines = get_summary(tx, office.bot.now(), team, Filter()).lines
    return next(line.spent for line in lines if line.bet.key == key)


@pytest.fixture
@lived_once
def ts(team: Office, ana: Person) -> str:
    """Ana and Raj have run B-1 for 21 of its 28 days; the ts of its card."""
    ts = place(ana, Owners=[ANA, RAJ])
    team.at(T0 + 20 * DAY)
    return ts


def test_an_owner_who_joins_late_has_not_spent_the_weeks_before(team: Office, ts: str, ana: Person) -> None:
    join(ana, ts, ANA, RAJ, LEE)
    assert spent(team) == pytest.approx((20 * 2 + 3) / 7)
    team.at(T0 + 22 * DAY)
    assert spent(team) == pytest.approx((20 * 2 + 3 * 3) / 7)


def test_weeks_of_which_days_are_reported_count_those_days_whoever_owned_the_bet(
    team: Office, ts: str, ana: Person
) -> None:
    ana.press("Give my updates")
    ana.fill_in({"Days spent": "3"}).submit()
    assert not ana.reply.errors
    join(ana, ts, ANA, RAJ, LEE)
    assert spent(team) == pytest.approx(3 / 5 + 2 * 2), "the third week has its report"


def test_an_owner_who_left_the_bet_has_spent_the_weeks_until_then(team: Office, ts: str, ana: Person) -> None:
    join(ana, ts, ANA)
    assert spent(team) == pytest.approx((20 * 2 + 1) / 7)


def test_a_pause_in_which_an_owner_joins_counts_for_nobody(team: Office, ts: str, ana: Person) -> None:
    ana.command("pause B-1")
    team.at(T0 + 30 * DAY)
    join(ana, ts, ANA, RAJ, LEE)
    team.at(T0 + 40 * DAY)
    ana.command("resume B-1")
    assert spent(team) == pytest.approx((20 * 2 + 3) / 7)


def test_new_owners_do_not_open_the_way_to_bet_again(team: Office, ts: str, ana: Person) -> None:
    several(ana)
    team.at(T0 + 24 * DAY)
    join(ana, ts, ANA, RAJ, LEE)
    assert "Bet again" not in menu(ana, ts)
    ana.close()
    ana.command("again B-1 because I believe in it")
    assert ana.modal is None and "B-1 has 3 days of its appetite left" in told(ana)[-1]


def test_a_packet_counts_the_owners_of_then_and_says_which_span_its_figures_are_of(
    team: Office, ana: Person, raj: Person
) -> None:
    ts = place(ana, **{"Owners": [ANA, RAJ], "Appetite (weeks)": "1"})
    place(raj, "Another idea", **{"Kill criteria": "Nobody asks by 2026-12-24"})
    answer_weekly(team, T0 + 11 * DAY, B_1=(ana, [70]), B_2=(raj, [70]))
    team.at(T0 + 12 * DAY)
    ana.command("again B-1 because the data came")
    ana.submit()
    assert not ana.reply.errors
    join(ana, ts, ANA, RAJ, LEE)
    answer_weekly(team, THIRD_THURSDAY, 2, B_1=(ana, [15]), B_2=(raj, [70]))
    text = words(packets(team)[-1])
    assert f"{(13 * 2 + 6 * 3) / 7:.1f} of 4 people-weeks of all appetites are spent: bet again or stop" in text
    assert "0.9 of 1.0 weeks, 2.6 of 2.0 people-weeks; 6.3 of 4.0 over all appetites" in text
