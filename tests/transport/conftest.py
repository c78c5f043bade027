"""Bots that run for the tests of a module, and whose logs are searched for secrets when they end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.fake_slack import FakeSlack
from tests.transport.jobs import Job, first_job
from tests.transport.running import Running

Homes = pytest.TempPathFactory


def serve(slack: FakeSlack, home: Path, mode: str) -> Iterator[Running]:
    running = Running(slack, home, mode)
    try:
        yield running.start()
        code, seconds = running.stop()
    finally:
        running.kill()
    assert (code, seconds < 10) == (0, True)
    log = running.log.read_text()
    found = [secret for secret in running.secrets() if secret in log]
    assert not found and "Traceback" not in log, (found, log[-3000:])


@pytest.fixture(scope="module", params=["socket", "http"])
def running(slack: FakeSlack, tmp_path_factory: Homes, request: pytest.FixtureRequest) -> Iterator[Running]:
    yield from serve(slack, tmp_path_factory.mktemp(request.param), request.param)


@pytest.fixture(scope="module")
def http(slack: FakeSlack, tmp_path_factory: Homes) -> Iterator[Running]:
    yield from serve(slack, tmp_path_factory.mktemp("http"), "http")


@pytest.fixture(scope="module")
def job(running: Running) -> Iterator[Job]:
    yield first_job(running)
    assert [row for row in running.rows("SELECT state FROM inbox") if row != ("done",)] == []
