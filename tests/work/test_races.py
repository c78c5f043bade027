"""Many at once: one decision, one row, one effect, and a polite answer for everybody else (S9)."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import BoltRequest
from sqlalchemy import func, select

from bot.demo.fake_slack import DirectDelivery, FakeSlack
from bot.store import db, meta
from bot.store.tables import decisions, inbox, updates
from bot.work import audit, tick
from tests.conftest import ANA, CHANNEL, Office
from tests.scenarios.rounds import MONDAY, place, thread_of, updates_of
from tests.talk import Person
from tests.work.children import fork, new_bot
from tests.work.kills import die_at_commit
from tests.work.ledger import copies, keys_in, owe, row

ANSWERS = {"Reason": "It is time", "What did we learn?": "To ask", "Did it meet its success statement?": "no"}


class Deliveries:
    """Catches what Slack would deliver, so that it can be delivered many times at once."""

    def __init__(self, office: Office) -> None:
        self.office, self.bodies = office, []

    def __enter__(self) -> "Deliveries":
        self.before, self.office.world.delivery = self.office.world.delivery, DirectDelivery(self._catch)
        return self

    def __exit__(self, *_: object) -> None:
        self.office.world.delivery = self.before

    def _catch(self, kind: str, body: dict[str, Any]) -> tuple[int, Any, dict[str, Any]]:
        self.bodies.append(body)
        return 200, None, {}


def send(office: Office, body: dict[str, Any]) -> Any:
    """One delivery; the answer of the bot."""
    assert office.bot.bolt is not None
    return office.bot.bolt.dispatch(BoltRequest(body=body, mode="socket_mode"))


def filled_form(person: Person, command: str) -> dict[str, Any]:
    """What Slack delivers when this person opens that form, fills it and sends it; the bot does not get it yet."""
    office: Office = person.settle.__self__
    person.command(command)
    word = command.partition(" ")[0]
    person.fill_in({"double": {"Reason": "More"}, "keep": {"Reason": "On", "Criterion": "No gain"}}.get(word, ANSWERS))
    with Deliveries(office) as caught:
        assert person.modal is not None
        office.world.submit(person.user, person.modal["id"], person.typed)
    return caught.bodies[0]


def each_with_its_own_view(body: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """The same form as if it had been opened that many times."""
    bodies = [deepcopy(body) for _ in range(count)]
    for number, one in enumerate(bodies):
        one["view"]["id"] += f"-{body['user']['id']}-{number}"
    return bodies


def count_rows(office: Office, table: Any) -> int:
    with office.bot.reading() as tx:
        return tx.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.mark.parametrize("other", ["ship", "double", "keep"])
def test_of_fifty_forms_sent_at_once_one_decides_and_the_others_say_who_did(
    team: Office, lead: Person, ana: Person, other: str
) -> None:
    team.expects_refusals = True
    bet = place(team, "Rank tickets", ana)
    forms = each_with_its_own_view(filled_form(lead, "kill B-1"), 25)
    forms += each_with_its_own_view(filled_form(ana, f"{other} B-1"), 25)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda body: send(team, body), forms[::2] + forms[1::2]))
    team.settle()
    assert [answer.status for answer in answers] == [200] * 50
    polite = [answer for answer in answers if "errors" in str(answer.body)]
    assert len(polite) == 49
    assert all("nothing was changed" in a.body and ("Mia Lead" in a.body or "Ana" in a.body) for a in polite)
    assert count_rows(team, decisions) == 1
    assert len(copies(team.world, "notice:1")) == 1
    assert keys_in(team.world)[f"card:{bet.id}"] == 1


def test_one_form_that_slack_delivers_fifty_times_decides_once_without_an_error(
    team: Office, lead: Person, ana: Person
) -> None:
    team.expects_refusals = True
    place(team, "Rank tickets", ana)
    form = filled_form(lead, "kill B-1")
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda body: send(team, body), [form] * 50))
    team.settle()
    assert {(answer.status, answer.body or "") for answer in answers} == {(200, "")}
    assert count_rows(team, decisions) == 1
    assert len(copies(team.world, "notice:1")) == 1


def test_a_form_opened_before_the_bet_ended_changes_nothing_and_keeps_what_was_typed(
    team: Office, lead: Person, ana: Person
) -> None:
    place(team, "Rank tickets", ana)
    ana.command("ship B-1")
    ana.fill_in(ANSWERS)
    lead.command("kill B-1")
    lead.fill_in(ANSWERS).submit()
    ana.submit()
    assert "already" in ana.errors() and "Mia Lead" in ana.errors()
    assert ana.modal is not None and ana.typed, "the form is still open, with what was typed"
    assert count_rows(team, decisions) == 1


def test_fifty_presses_of_no_change_are_one_answer(team: Office, ana: Person) -> None:
    team.expects_refusals = True  # an answer to a press may be given five times only
    bet = place(team, "Rank tickets", ana)
    team.at(MONDAY)
    with Deliveries(team) as caught:
        ana.press("No change", thread=thread_of(team, bet))
    bodies = [deepcopy(caught.bodies[0]) for _ in range(50)]
    for number, body in enumerate(bodies):
        body["actions"][0]["action_ts"] = f"1.{number % 25:06}"
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda body: send(team, body), bodies))
    assert {answer.status for answer in answers} == {200}
    team.settle()
    assert count_rows(team, updates) == 1
    assert [update.user for update in updates_of(team, bet)] == [ANA]


def test_eight_writers_lose_no_update_and_see_no_lock(office: Office) -> None:
    waits: list[float] = []

    def count_up(_: int) -> None:
        for _ in range(100):
            began = time.monotonic()
            with db.writing(office.bot.engine) as tx:
                meta.update_meta(tx, "count", str(int(meta.get_meta(tx, "count") or 0) + 1))
            waits.append(time.monotonic() - began)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count_up, range(8)))
    with db.reading(office.bot.engine) as tx:
        assert meta.get_meta(tx, "count") == "800"
    assert sorted(waits)[int(len(waits) * 0.99)] < 2


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("commit", [1, 2])
def test_an_event_survives_a_crash_between_its_delivery_and_its_handling(
    slack: FakeSlack, tmp_path: Path, team: Office, ana: Person, commit: int, when: str
) -> None:
    bet = place(team, "Rank tickets", ana)
    team.at(MONDAY)
    with Deliveries(team) as caught:
        team.world.say(ANA, CHANNEL, "70% works on a small set", thread_ts=thread_of(team, bet))
        team.world.deliver()
    heard = select(inbox).where(inbox.c.event_id == caught.bodies[0]["event_id"]).subquery()
    team.bot.engine.dispose()

    def take_and_handle() -> None:
        bot = new_bot(team)
        die_at_commit(bot, commit, when)
        assert bot.bolt is not None
        bot.bolt.dispatch(BoltRequest(body=caught.bodies[0], mode="socket_mode"))
        tick.settle(bot)
        os.kill(os.getpid(), signal.SIGKILL)

    child = fork(take_and_handle, tmp_path / "child.log")
    child.go()
    assert child.ended() == (True, "")
    if (commit, when) == (1, "before"):
        assert not count_rows(team, heard), "it was not acknowledged, so Slack delivers it again"
    for _ in range(2):
        send(team, caught.bodies[0])
    team.settle()
    assert count_rows(team, heard) == 1
    assert [(update.user, update.confidence) for update in updates_of(team, bet)] == [(ANA, 70)]


def test_what_is_ten_minutes_late_is_counted_and_the_heartbeat_stops(team: Office) -> None:
    team.expects_refusals = True
    heartbeat = team.world.api_url + "heartbeat"
    assert audit.once(team.bot, heartbeat) == 0
    assert len(team.world.calls("heartbeat")) == 1
    team.world.fail("chat.postMessage", 1, "noapply+500")
    team.world.fail("conversations.history", None, "refuse:missing_scope")
    owe(team.bot, "lost", channel=CHANNEL)
    team.after(seconds=1)
    assert audit.once(team.bot, heartbeat) == 0
    team.after(minutes=11)
    assert row(team.bot, "lost").state == "uncertain"
    assert audit.once(team.bot, heartbeat) == 1
    assert len(team.world.calls("heartbeat")) == 2
    team.world.clear_faults()
    team.after(minutes=6)
    team.after(seconds=61)
    assert audit.once(team.bot, heartbeat) == 0
    assert len(team.world.calls("heartbeat")) == 3


def test_a_tick_beside_another_says_nothing_twice(team: Office, ana: Person, raj: Person) -> None:
    for title in ("Rank tickets", "Read invoices", "Hear accents"):
        place(team, title, ana, raj)
    team.clock.move_to(MONDAY)
    bots = [team.bot, *(team.new_bot() for _ in range(3))]
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(tick.once, bots))
    assert set(keys_in(team.world).values()) == {1}
    assert sum(report["sent"] for report in reports) == 4
    for bot in bots[1:]:
        bot.engine.dispose()
