"""Several processes on one database behave as one (S3)."""

import os
import random
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from bot.actions.people import do_know
from bot.actions.placing import BetForm, do_place_bet
from bot.actions.teams import do_add_team
from bot.demo.fake_slack import FakeSlack
from bot.domain.teams import default_settings
from bot.work import tick
from tests.conftest import LEAD, Office
from tests.scenarios.rounds import MONDAY
from tests.work.children import Child, fork, new_bot
from tests.work.ledger import keys_in

full = pytest.mark.skipif(not os.environ.get("BETS_FULL"), reason="a long run: set BETS_FULL=1")


class Crowd:
    """Several processes over teams whose check-ins are all due at the same second."""

    def __init__(self, slack: FakeSlack, home: Path, channels: int) -> None:
        self.office, self.home, self.forked = Office(slack, home), home, 0
        self.complaints: list[str] = []
        for number in range(channels):
            self._add_team(f"C{number:04}")
        tick.once(self.office.bot)
        self.expected = {key: 1 for n in range(1, channels + 1) for key in (f"card:{n}", f"checkin:{n}")}
        # A bet has its team's number, but whose check-in comes first is open.
        self.prompts = {f":{n}" for n in range(1, channels + 1)}
        self.office.clock.move_to(MONDAY)
        self.office.bot.engine.dispose()

    def _add_team(self, channel: str) -> None:
        office = self.office
        office.world.add_channel(channel, channel.lower(), members=[LEAD, office.world.bot_user_id])
        person, now = office.bot.slack.get_person(LEAD, office.world.team_id), office.bot.now()
        with office.bot.transaction() as tx:
            team = do_add_team(tx, now, channel, default_settings("Europe/Berlin", [LEAD]), None)
            actor = do_know(tx, now, person, LEAD, {team.id: True})
            do_place_bet(tx, now, actor, team, BetForm(title=f"Bet of {channel}", problem="Too slow", owners=(LEAD,)))

    def run(self, processes: int, kills: int, seed: int) -> None:
        """Lets them work and kills one at random now and then; then whoever is left settles within three minutes."""
        chance = random.Random(seed)
        children = [self._start() for _ in range(processes)]
        for _ in range(kills):
            time.sleep(chance.uniform(0.02, 0.15))
            victim = children.pop(chance.randrange(processes))
            os.kill(victim.pid, signal.SIGKILL)
            self._end(victim)
            children.append(self._start())
        for seconds in (0, 55, 60, 60):
            for child in children:
                self._end(child)
            self.office.clock.advance(seconds)
            children = [self._start() for _ in range(processes)]
        for child in children:
            self._end(child)

    def _start(self) -> Child:
        self.forked += 1
        child = fork(lambda: tick.once(new_bot(self.office)) and None, self.home / f"child-{self.forked}.log")
        child.go()
        return child

    def _end(self, child: Child) -> None:
        _, complaint = child.ended()
        said = child.log.read_text() if child.log.exists() else ""
        self.complaints += [complaint] if complaint else [said] if "locked" in said else []

    def check(self) -> None:
        keys = keys_in(self.office.world)
        prompts = [key for key in keys if key.startswith("prompt:")]
        assert {key: count for key, count in keys.items() if key not in prompts} == self.expected
        assert {key[key.rindex(":") :] for key in prompts} == self.prompts
        assert {keys[key] for key in prompts} == {1}
        assert len(prompts) == len(self.prompts)
        assert not self.complaints, self.complaints[0]
        with sqlite3.connect(self.home / "bets.db") as file:
            states = dict(file.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())
            assert file.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        file.close()
        assert set(states) == {"sent"}


def test_two_processes_say_everything_once_whoever_of_them_dies(slack: FakeSlack, tmp_path: Path) -> None:
    crowd = Crowd(slack, tmp_path, 4)
    crowd.run(2, kills=3, seed=1)
    crowd.check()


@full
@pytest.mark.full
@pytest.mark.timeout(600)
@pytest.mark.parametrize("processes", [1, 2, 4])
@pytest.mark.parametrize("seed", range(5))
def test_twenty_channels_due_at_one_second_are_each_served_once(
    slack: FakeSlack, tmp_path: Path, processes: int, seed: int
) -> None:
    crowd = Crowd(slack, tmp_path, 20)
    crowd.run(processes, kills=30, seed=seed)
    crowd.check()
