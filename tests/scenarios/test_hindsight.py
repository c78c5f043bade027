"""Eight weeks after a decision the bot asks its author, once, whether it was right."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from bot.domain.records import Bet
from bot.render.hindsight import VERDICTS
from bot.store.history import list_history
from bot.store.tables import absences, decisions, history, occurrences, teams
from bot.work import tick
from tests.conftest import ANA, CHANNEL, LEAD, Office, lived_once
from tests.scenarios.rounds import MONDAY, place
from tests.talk import Person, elements, words

# Monday 30 Nov 2026 and eight weeks: Monday 25 Jan 2027, ten o'clock in Berlin.
DUE = datetime(2027, 1, 25, 9, 0, tzinfo=UTC)
ENDED = {"Reason": "Nobody *uses* it", "What did we learn?": "Ask", "Did it meet its success statement?": "no"}
LABELS = ("It was right", "It was wrong", "Too early to say")


def decide(person: Person, bet: Bet, word: str = "kill", **fields: Any) -> None:
    person.command(f"{word} {bet.key}")
    person.fill_in(fields or ENDED).submit()
    assert not person.reply.errors, person.reply.errors


def asked(person: Person) -> list[str]:
    """What the bot wrote to this person about their decisions."""
    direct = person.messages(channel=person.dm())
    return [text for m in direct if m.get("bot_id") and ("you killed" in (text := words(m)) or "you doubled" in text)]


def verdicts(office: Office) -> list[dict[str, Any]]:
    with office.bot.reading() as tx:
        return [
            row.after | {"by": row.by, "subject": row.subject}
            for row in list_history(tx, history.c.kind == "hindsight")
        ]


def states(office: Office) -> list[str]:
    """What became of each question."""
    with office.bot.reading() as tx:
        return list(tx.execute(occurrences.select().where(occurrences.c.kind == "hindsight")).scalars("state"))


@pytest.fixture
@lived_once
def killed(team: Office, ana: Person) -> Office:
    """Ana killed B-1 on Monday at ten."""
    team.bet = place(team, "Rank tickets", ana)
    team.at(MONDAY)
    decide(ana, team.bet)
    return team


def test_it_is_asked_once_eight_weeks_later_at_the_persons_ten_o_clock_with_the_reason_quoted(
    killed: Office, ana: Person, raj: Person
) -> None:
    killed.at(DUE - timedelta(minutes=1))
    assert asked(ana) == []
    killed.at(DUE)
    killed.after(hours=5)
    killed.after(days=30)
    (question,) = asked(ana)
    for said in ("B-1 Rank tickets", "Mon 30 Nov 2026 you killed it", "Nobody *uses* it", "right, as far as", *LABELS):
        assert said in question
    assert asked(raj) == []


@pytest.mark.parametrize(("verdict", "label"), list(VERDICTS.items()))
def test_the_answer_is_history_and_takes_the_questions_place(
    killed: Office, ana: Person, verdict: str, label: str
) -> None:
    killed.at(DUE)
    ana.press(label, channel=ana.dm())
    (said,) = verdicts(killed)
    assert (said["by"], said["subject"], said["verdict"]) == (ANA, "B-1", verdict) and said["decision"]
    (shown,) = asked(ana)
    assert label in shown and "Nobody" not in shown
    assert not elements(ana.last(channel=ana.dm()))
    ana.command("history B-1")
    assert f"Ana: looking back eight weeks later: {label}" in ana.saw()


def test_a_second_press_on_a_stale_message_changes_nothing(killed: Office, ana: Person) -> None:
    killed.at(DUE)
    message = ana.last(channel=ana.dm())
    ana.press("It was right", message, channel=ana.dm())
    press(killed, ANA, ana.dm(), message, "wrong")
    assert [said["verdict"] for said in verdicts(killed)] == ["right"]
    assert "answered that already" in killed.answers[-1]


def press(office: Office, user: str, channel: str, message: dict[str, Any], verdict: str, **value: Any) -> None:
    """A press as a forged or stale payload carries it."""
    office.answers = []
    office.bot.slack.respond = lambda _, answer: office.answers.append(answer["text"])  # type: ignore[method-assign]
    carried = json.dumps({"decision": 1, "verdict": verdict} | value)
    action = {
        "action_id": f"hindsight_verdict:{verdict}",
        "type": "button",
        "value": carried,
        "action_ts": verdict + user,
    }
    body = {
        "type": "block_actions",
        "user": {"id": user},
        "team": {"id": office.world.team_id},
        "actions": [action],
        "container": {"channel_id": channel, "message_ts": message["ts"]},
        "trigger_id": "T1",
        "response_url": "http://127.0.0.1:9/respond",
    }
    office.deliver("interactive", body)
    office.settle()


@pytest.mark.parametrize("value", [{}, {"decision": 99}, {"decision": "1"}, {"decision": None}])
def test_whoever_was_not_asked_gets_the_same_answer_for_every_decision(
    killed: Office, ana: Person, value: dict[str, Any]
) -> None:
    killed.at(DUE)
    press(killed, LEAD, ana.dm(), ana.last(channel=ana.dm()), "wrong", **value)
    assert killed.answers == ["I have not asked you about that decision."] and verdicts(killed) == []


def test_a_verdict_that_is_none_is_refused(killed: Office, ana: Person) -> None:
    killed.at(DUE)
    press(killed, ANA, ana.dm(), ana.last(channel=ana.dm()), "splendid")
    assert killed.answers == ["I have not asked you about that decision."] and verdicts(killed) == []


def test_nobody_judges_before_they_are_asked(killed: Office, ana: Person) -> None:
    press(killed, ANA, CHANNEL, {"ts": "1.0"}, "right")
    assert verdicts(killed) == []


def test_who_has_left_the_channel_since_judges_no_more(killed: Office, ana: Person) -> None:
    killed.at(DUE)
    message = ana.last(channel=ana.dm())
    killed.world.leave(CHANNEL, ANA)
    killed.settle()
    press(killed, ANA, ana.dm(), message, "right")
    assert killed.answers == ["I have not asked you about that decision."] and verdicts(killed) == []


def test_it_waits_for_a_working_day_and_for_who_is_away(team: Office, ana: Person) -> None:
    bet = place(team, "Rank tickets", ana)
    team.at(datetime(2026, 12, 5, 9, tzinfo=UTC))  # a Saturday: eight weeks later is one too
    decide(ana, bet)
    with team.bot.transaction() as tx:
        days = {"first": date(2027, 2, 1), "last": date(2027, 2, 2)}
        team_id = {"team_id": 1, "user": ANA, "by": ANA, "created_at": MONDAY}
        tx.execute(insert(absences).values(**days, **team_id))
    for day in (datetime(2027, 1, 30, 9, tzinfo=UTC), datetime(2027, 2, 1, 9, tzinfo=UTC)):
        team.at(day)
        assert asked(ana) == []
    team.at(datetime(2027, 2, 3, 8, 59, tzinfo=UTC))
    assert asked(ana) == []
    team.at(datetime(2027, 2, 3, 9, 0, tzinfo=UTC))
    assert len(asked(ana)) == 1


def test_each_person_is_asked_at_their_own_hour(team: Office, ana: Person) -> None:
    team.world.change_user(ANA, tz="America/New_York")
    bet = place(team, "Rank tickets", ana)
    team.at(MONDAY)
    decide(ana, bet)
    team.at(DUE + timedelta(hours=5))
    assert asked(ana) == []
    team.at(DUE + timedelta(hours=6))
    assert len(asked(ana)) == 1


def test_doubling_down_and_keeping_are_asked_about_a_pause_is_not(team: Office, ana: Person) -> None:
    bet = place(team, "Rank tickets", ana)
    team.at(MONDAY)
    ana.command(f"pause {bet.key}")
    ana.command(f"resume {bet.key}")
    decide(ana, bet, "double", Reason="It works")
    team.at(DUE)
    (question,) = asked(ana)
    assert "you doubled down on it" in question and "It works" in question
    assert states(team) == ["done"]


def test_what_was_undone_withdrawn_or_decided_by_the_clock_is_not_asked_about(
    killed: Office, ana: Person, lead: Person, raj: Person
) -> None:
    mistake = place(killed, "A mistake", raj)
    decide(raj, mistake, "double", Reason="Go on")
    raj.command(f"withdraw {mistake.key}")
    lead.press("Undo", thread=next(m["ts"] for m in killed.messages() if words(m).startswith("B-1 ")))
    silent = place(killed, "Silent", ana)
    with killed.bot.transaction() as tx:
        values = {"bet_id": silent.id, "kind": "rebet", "by": "clock", "created_at": killed.bot.now()}
        tx.execute(insert(decisions).values(**values))
    killed.at(DUE)
    killed.after(days=1)
    assert states(killed) == [] and asked(ana) == [] and asked(raj) == []


def test_who_has_gone_is_not_asked(killed: Office, ana: Person) -> None:
    killed.world.change_user(ANA, deleted=True)
    killed.settle()
    killed.at(DUE)
    assert states(killed) == ["skipped"]


def test_who_has_left_the_channel_is_not_asked(killed: Office, ana: Person) -> None:
    killed.world.leave(CHANNEL, ANA)
    killed.settle()
    killed.at(DUE)
    assert states(killed) == ["skipped"] and asked(ana) == []


def test_after_a_week_of_absence_of_the_bot_the_question_is_dropped_and_counted(killed: Office, ana: Person) -> None:
    killed.clock.move_to(DUE + timedelta(days=8))
    done = tick.once(killed.bot)
    assert done["dropped"] >= 1 and states(killed) == ["dropped"] and asked(ana) == []


def test_what_was_due_before_the_team_was_set_up_is_not_made_up(killed: Office, ana: Person) -> None:
    with killed.bot.transaction() as tx:
        tx.execute(teams.update().values(active_since=DUE + timedelta(seconds=1)))
    killed.at(DUE + timedelta(days=1))
    assert states(killed) == [] and asked(ana) == []
