"""Blind comparisons are the same after an export and an import, sides and votes included."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.store.exporting import KINDS
from tests.conftest import ANA, CHANNEL, RAJ, Office, lived_once
from tests.exports.files import Cli, exported, rows_of
from tests.scenarios.judging import push
from tests.scenarios.rounds import place
from tests.scenarios.test_comparisons import choose, give, posted
from tests.talk import Person


@pytest.fixture
@lived_once
def compared(team: Office, ana: Person, raj: Person) -> Office:
    """A closed comparison of B-1 with votes of two people, and an open one of B-2, asked for, with one vote."""
    first, second = (place(team, title, ana) for title in ("Rank tickets", "Awkward"))
    give(team, first, "cat")
    give(team, first, "dog")
    [message] = posted(team, first)
    choose(raj, message, "dog", 6)
    choose(ana, message, "dog", 1)
    ana.press("Both bad", message, nth=1)
    team.after(days=3)
    push(team, second, "tldr.v2.jsonl")
    push(team, second, "tldr.v1.jsonl")
    team.settle()
    raj.press("Same", posted(team, second)[0])
    return team


def test_all_of_it_comes_back_without_loss(compared: Office, cli: Cli, tmp_path: Path) -> None:
    first = exported(cli, compared.home, tmp_path / "first")
    closed, running = rows_of(first, "comparisons")
    assert (closed["bet"], closed["sets"], len(closed["pairs"]), len(closed["votes"])) == ("B-1", [1, 2], 12, 8)
    assert {pair["left"] for pair in closed["pairs"]} == {1, 2} and closed["closed_at"]
    assert closed["result"] == {
        "people": 2, "for": 7, "against": 0, "tie": 1, "claim": "preferred", "e_value": 31.88,
    }  # fmt: skip
    assert {(vote["pair"], vote["value"]) for vote in closed["votes"] if vote["user"] == ANA} > {(2, "both_bad")}
    assert (running["closed_at"], running["result"]) == (None, None)
    assert [(vote["pair"], vote["user"], vote["value"]) for vote in running["votes"]] == [(1, RAJ, "same")]
    done = cli("new", "import", *first.iterdir())
    assert (done.exit_code, done.stderr) == (0, ""), done.output
    second = exported(cli, tmp_path / "new", tmp_path / "second")
    for kind in KINDS:
        assert (first / f"{kind}.jsonl").read_bytes() == (second / f"{kind}.jsonl").read_bytes(), kind


def test_ids_that_are_taken_are_given_anew_and_sides_follow(compared: Office, cli: Cli, tmp_path: Path) -> None:
    out, other = exported(cli, compared.home, tmp_path / "out"), tmp_path / "other"
    other.mkdir()
    for path in out.iterdir():
        again = path.read_text().replace(CHANNEL, "C0AGAIN").replace('"B-', '"B-1').replace('"ts": "', '"ts": "9')
        (other / path.name).write_text(again)
    done = cli(compared.home, "import", *other.iterdir())
    assert done.exit_code == 0, done.output
    before, _, again, _ = rows_of(exported(cli, compared.home, tmp_path / "both"), "comparisons")
    assert again["sets"] == [5, 6] and again["result"] == before["result"]
    assert [pair["left"] - 4 for pair in again["pairs"]] == [pair["left"] for pair in before["pairs"]]
    assert not {pair["id"] for pair in again["pairs"]} & {pair["id"] for pair in before["pairs"]}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sets": [1]}, "does not name two prediction sets"),
        ({"sets": [1, 99]}, "one of its prediction sets is not there"),
        ({"pairs": [{"row": "0", "left": 3}]}, "a set that it does not compare"),
        ({"votes": [{"pair": 13, "user": ANA, "value": "left"}]}, "a vote on a pair 13, which it does not have"),
        ({"votes": [{"pair": 1, "user": ANA, "value": "good"}]}, "a vote on a pair is left, right, same or both_bad"),
        ({"seed": None}, "`seed` is no number"),
    ],
)
def test_what_cannot_come_in_is_named(
    compared: Office, cli: Cli, tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    out = exported(cli, compared.home, tmp_path / "out")
    first, *others = rows_of(out, "comparisons")
    lines = [json.dumps(row) + "\n" for row in (first | changes, *others)]
    (out / "comparisons.jsonl").write_text("".join(lines))
    done = cli("new", "import", *out.iterdir())
    assert done.exit_code == 1 and "comparisons.jsonl, line 1" in done.stderr and sentence in done.stderr, done.stderr
