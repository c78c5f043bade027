"""Bombs and malformed files (reliability.md S12), through each way in: a file dropped in a thread, the command line and
HTTP. Each is refused with its reason, the bot takes no more memory than it may, and answers people all the while."""

import gzip
import io
import pickle
import threading
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.cli import bets
from bot.demo.fake_slack import FakeSlack
from tests.talk import Person, words
from tests.transport.conftest import Homes, serve
from tests.transport.jobs import MB, Job, sets
from tests.transport.running import ANA, CHANNEL, Running, until

HEAD = b"id,input,prediction\n"


def zipped(name: str, data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return file.getvalue()


# Made only where they are thrown: every process of tests reads this file.
BOMBS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a gzip bomb": ("x.csv", lambda: gzip.compress(bytes(200 * MB)), "is packed with gzip"),
    "a zip bomb": ("x.csv", lambda: zipped("x.csv", bytes(200 * MB)), "is an archive"),
    "an archive in an archive": ("x.jsonl", lambda: zipped("y.zip", zipped("x.csv", HEAD)), "is an archive"),
    "a sparse file": ("x.csv", lambda: bytes(21 * MB), "larger than 20 MB"),
    "a hundred thousand columns": (
        "x.csv",
        lambda: b",".join(b"c%d" % n for n in range(100_000)),
        "more than 200 columns",
    ),
    "a quote that is never closed": ("x.csv", lambda: HEAD + b'1,"' + b"a\n" * 9 * MB, "cannot be read: a quote"),
    "latin-1": ("x.csv", lambda: HEAD + b"1,caf\xe9,b\n", "is not UTF-8"),
    "UTF-16": ("x.csv", lambda: "id,input,prediction\n".encode("utf-16"), "is UTF-16"),
    "a NUL": ("x.csv", lambda: HEAD + b"1,a\0,b\n", "holds NUL bytes"),
    "ragged rows": ("x.tsv", lambda: HEAD.replace(b",", b"\t") + b"1\ta\n2\ta\tb\tc\n", "line 2: it has 2 fields"),
    "a web page": ("x.csv", lambda: b"\n<!DOCTYPE html><p>id,input,prediction", "is a web page"),
    "a pickle": ("x.jsonl", lambda: pickle.dumps({"id": 1}), "is a pickle"),
    "a path for a name": ("../../../x.csv", lambda: b"", "is empty"),
    "one line without end": ("x.jsonl", lambda: b'{"id": "' + b"x" * 19 * MB, "longer than 1,000,000 characters"),
    "JSON as deep as it goes": ("x.jsonl", lambda: b"[" * 900_000, "line 1: it is no JSON"),
    "a number of a million digits": ("x.jsonl", lambda: b'{"id": ' + b"9" * 900_000 + b"}", "line 1: it is no JSON"),
    "more rows than can be kept": (
        "x.csv",
        lambda: HEAD + b"".join(b"%d,a,b\n" % n for n in range(60_000)),
        "50,000 rows",
    ),
    "a field as long as a book": (
        "x.csv",
        lambda: HEAD + b"1," + b"x" * 150_000 + b",b\n",
        "longer than 10,000 characters",
    ),
}
ALL = pytest.mark.parametrize("what", BOMBS)


@cache
def bomb(what: str) -> tuple[str, bytes, str]:
    """Its name, what is in it, and why it is refused."""
    name, make, sentence = BOMBS[what]
    return name, make(), sentence


def peak(job: Job) -> float:
    """The most memory that the bot's processes have had so far, MB."""
    pid = job.running.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    status = [Path(f"/proc/{pid}/status").read_text() for pid in (pid, *children)]
    lines = [line for text in status for line in text.splitlines() if line.startswith("VmHWM:")]
    return sum(int(line.split()[1]) for line in lines) / 1024


@pytest.fixture(scope="module", params=["http", pytest.param("socket", marks=pytest.mark.full)])
def running(slack: FakeSlack, tmp_path_factory: Homes, request: pytest.FixtureRequest) -> Iterator[Running]:
    yield from serve(slack, tmp_path_factory.mktemp(request.param), request.param)


@pytest.fixture(scope="module")
def bounded(job: Job) -> Iterator[Job]:
    """The job's bot. After all of them it has no set and no file more, and never took more memory than it may."""
    idle, files = peak(job), sorted(job.running.home.iterdir())
    yield job
    assert peak(job) - idle < 300 and sets(job) == [] and job.running.health()[0] == 200
    assert sorted(job.running.home.iterdir()) == files and not list(job.running.home.parent.glob("*.csv"))


@ALL
def test_pushed_over_http_it_is_refused_with_its_reason(bounded: Job, what: str) -> None:
    name, data, sentence = bomb(what)
    status, answer = bounded.push(data, kind="", file=name)
    assert status == (413 if len(data) > 20 * MB else 400) and sentence in answer["error"]


@ALL
def test_pushed_on_the_command_line_it_is_refused_with_its_reason(
    bounded: Job, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, data, sentence = bomb(what)
    file = tmp_path / Path(name).name
    file.write_bytes(data)
    for setting, value in bounded.running.env.items():
        monkeypatch.setenv(setting, value)
    done = CliRunner().invoke(bets, ["predictions", "push", "B-1", str(file), "--label", "v1"])
    assert done.exit_code == 1 and sentence in done.output and "Traceback" not in done.output


def is_card(message: dict[str, Any]) -> bool:
    return "Rank tickets" in words(message) and not message["ephemeral"]


def test_dropped_in_the_thread_all_at_once_each_is_refused_with_its_reason(bounded: Job) -> None:
    world, ana = bounded.running.world, Person(bounded.running.world, lambda: None, ANA, CHANNEL)
    # The card of an imported bet is posted by work, soon.
    card = until(lambda: next((one for one in world.messages(CHANNEL) if is_card(one)), None))
    for name, data, _ in map(bomb, BOMBS):
        ana.say("", card["ts"], files=[(name, data)])

    def told() -> list[str]:
        seen = ana.messages(thread=card["ts"])
        return [words(one) for one in seen if one["ephemeral"] and "cannot be a prediction set" in words(one)]

    until(lambda: len(told()) == len(BOMBS), 60)
    # Marks are shown by their twins, so the sentences are looked for without theirs.
    assert [what for what, (_, _, sentence) in BOMBS.items() if not any(sentence in text for text in told())] == []
    until(lambda: bounded.running.rows("SELECT DISTINCT state FROM inbox") == [("done",)])


def test_while_they_are_read_people_are_answered(bounded: Job) -> None:
    ana = Person(bounded.running.world, lambda: None, ANA, CHANNEL)
    _, data, _ = bomb("more rows than can be kept")
    pushing = threading.Thread(target=lambda: [bounded.push(data, kind="text/csv") for _ in range(3)])
    pushing.start()
    while pushing.is_alive():
        assert "/bets new" in words(ana.command("help").body) and bounded.running.health()[0] == 200
    pushing.join()


def test_an_address_in_a_cell_is_text_and_nobody_is_asked_for_it(bounded: Job) -> None:
    address = f"{bounded.running.world.api_url}files.info".encode()
    before = bounded.running.world.calls("files.info")
    data = b"id,input,image,prediction\n1,%b,%b,=HYPERLINK(1)\n2,a\n" % (address, address)
    status, answer = bounded.push(data)
    assert status == 400 and [one["line"] for one in answer["lines"]] == [3]
    assert bounded.running.world.calls("files.info") == before
