"""`bets advise` on standard input: as many answers as lines, in their order, whatever the lines hold."""

import json
import random
import subprocess
import sys
from io import BytesIO
from subprocess import PIPE
from typing import Any

import pytest

from bot.cli_advise import answer, answer_lines
from tests.domain.portfolios import sample_lines
from tests.domain.test_case_lines import EXAMPLE

BETS = [sys.executable, "-m", "bot", "advise"]


def filtered(lines: bytes) -> list[dict[str, Any]]:
    out = BytesIO()
    answer_lines(BytesIO(lines), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_example_of_the_policy_is_answered_in_its_form() -> None:
    found = answer(json.dumps(EXAMPLE).encode())
    assert list(found) == ["id", "advice", "p", "reasons"]
    assert (found["id"], found["advice"]) == ("x1", "kill") and 0 < found["p"] < 0.05
    assert {"code": "votes", "points": -0.84, "text": "1 of 6 thumbs up on the newest samples (could be 4 to 50%)"} in (
        found["reasons"]
    )
    assert found["reasons"][-1]["code"] == "index" and "points" not in found["reasons"][-1]


@pytest.mark.parametrize(
    "line",
    [b"", b"x", b"[1]", b"null", b"7", b'"x"', b"{", b"\xff\xfe", b"[" * 100_000],
)
def test_a_line_that_is_no_object_is_answered_with_keep(line: bytes) -> None:
    assert answer(line) == {"id": None, "advice": "keep", "reasons": []}


@pytest.mark.parametrize(
    ("given", "echoed"),
    [
        (b'"x1"', "x1"), (b'"\\ud800"', "\ud800"), (b'"\\u2028"', "\u2028"), (b"7", 7), (b"null", None), (b"NaN", None),
        (b"1e999", None), (b"[1]", None), (b'""', ""),
    ],
)  # fmt: skip
def test_an_id_comes_back_as_it_came(given: bytes, echoed: object) -> None:
    assert filtered(b'{"id": ' + given + b"}\r\n")[0]["id"] == echoed


def test_a_number_of_thousands_of_digits_costs_no_id() -> None:
    assert answer(b'{"id": "x1", "today": ' + b"9" * 5000 + b"}")["id"] == "x1"


def test_there_are_as_many_answers_as_lines_in_the_same_order() -> None:
    found = filtered(b'{"id":"a"}\n\nnonsense\n{"id":"b"}\n{"id":"a"}')
    assert [one["id"] for one in found] == ["a", None, None, "b", "a"]


def test_the_order_of_the_lines_changes_no_answer() -> None:
    lines = [json.dumps(line | {"id": str(n)}).encode() + b"\n" for n, line in enumerate(sample_lines(2, 40))]
    straight = filtered(b"".join(lines))
    random.Random(1).shuffle(lines)
    mixed = filtered(b"".join(lines))
    assert [one["id"] for one in mixed] != [one["id"] for one in straight]
    assert sorted(mixed, key=lambda one: int(one["id"])) == straight


def test_each_answer_is_there_before_the_next_line_is_sent() -> None:
    with subprocess.Popen(BETS, stdin=PIPE, stdout=PIPE, stderr=PIPE) as filter_:
        assert filter_.stdin and filter_.stdout and filter_.stderr
        for name in ("a", "b"):
            filter_.stdin.write(json.dumps({"id": name}).encode() + b"\n")
            filter_.stdin.flush()
            assert json.loads(filter_.stdout.readline())["id"] == name
        filter_.stdin.close()
        assert filter_.wait(20) == 0 and filter_.stderr.read() == b""


def test_a_reader_that_goes_away_sees_no_traceback() -> None:
    with subprocess.Popen(BETS, stdin=PIPE, stdout=PIPE, stderr=PIPE) as filter_:
        assert filter_.stdout and filter_.stderr and filter_.stdin
        filter_.stdout.close()
        filter_.stdin.write(b"{}\n")
        filter_.stdin.close()
        assert b"Traceback" not in filter_.stderr.read()


def test_it_starts_without_the_database_and_without_slack() -> None:
    asked = "import sys, bot.cli_advise; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert not {"sqlalchemy", "slack_sdk", "slack_bolt", "pandas", "pydantic"} & set(loaded)
