"""`bets predictions push`: a file on the bot's machine becomes a prediction set, or one sentence says why not."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli_predictions import BY
from bot.domain.predictions import Metric, PredictionSet
from bot.store.db import open_engine, reading
from bot.store.history import list_history
from bot.store.predictions import iter_rows, list_sets
from bot.store.tables import history
from tests.conftest import share_compiled
from tests.exports.conftest import cli  # noqa: F401
from tests.exports.files import Cli, begin_with

FILES = Path(__file__).parent / "predictions"
BETS = "title,problem,owners,appetite_weeks,started_at,key\nRank tickets,Support waits,U0ANA,4,2026-11-30,B-7\n"


@pytest.fixture
def push(cli: Cli, tmp_path: Path) -> Cli:  # noqa: F811
    """`push("B-7", file, ...)` into a database with one bet."""

    def place_bet() -> None:
        (tmp_path / "bets.csv").write_text(BETS)
        assert cli("new", "team", "add", "C0TEAM", "--leads", "U0LEAD").exit_code == 0
        assert cli("new", "import", tmp_path / "bets.csv").exit_code == 0

    begin_with(tmp_path / "new", "one bet", place_bet)
    return lambda *args: cli("new", "predictions", "push", *args)


def stored(tmp_path: Path) -> list[PredictionSet]:
    engine = share_compiled(open_engine(f"sqlite:///{tmp_path / 'new' / 'bets.db'}"))
    with reading(engine) as tx:
        found = list_sets(tx)
    engine.dispose()
    return found


def test_a_file_becomes_a_set_with_its_label_its_metric_and_a_seed(push: Cli, tmp_path: Path) -> None:
    done = push("b-7", FILES / "intents.v2.csv", "--label", "v2", "--metric", "accuracy=0.94")
    assert (done.exit_code, done.stderr) == (0, ""), done.output
    [found] = stored(tmp_path)
    assert (found.label, found.file, found.count, found.metric) == (
        "v2",
        "intents.v2.csv",
        200,
        Metric("accuracy", 0.94),
    )
    assert f"Added v2 to B-7: 200 rows, seed {found.seed}" in done.output
    assert (found.source, found.by, found.state) == ("push", BY, "ready")


@pytest.mark.parametrize("name", ["awkward.jsonl", "digits.v1.jsonl", "forecast.v1.jsonl", "tldr.v4.jsonl"])
def test_rows_come_out_of_the_database_as_they_are_in_the_file(push: Cli, tmp_path: Path, name: str) -> None:
    from bot.domain.prediction_files import read_predictions

    assert push("B-7", FILES / name, "--label", "v1").exit_code == 0
    engine = share_compiled(open_engine(f"sqlite:///{tmp_path / 'new' / 'bets.db'}"))
    with reading(engine) as tx:
        stored_rows, rows = tuple(iter_rows(tx, 1)), read_predictions(name, (FILES / name).read_bytes()).rows
        assert [replace(row, image=None) for row in stored_rows] == [replace(row, image=None) for row in rows]
        assert [bool(row.image) for row in stored_rows] == [bool(row.image) for row in rows]
        [line] = list_history(tx, history.c.kind == "prediction_set")
        assert line.after == {"set": 1}
    engine.dispose()


def test_columns_that_are_not_used_are_named(push: Cli, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,text,pred,split\n1,a,b,test\n")
    done = push("B-7", tmp_path / "x.csv", "--label", "v1")
    assert done.exit_code == 0 and "1 row, seed" in done.stdout and "Not used: the columns split." in done.stderr
    assert "Read as id, input from text, prediction from pred." in done.stdout


def test_of_many_columns_that_are_not_used_the_number_is_said(push: Cli, tmp_path: Path) -> None:
    others = ",".join(f"column_{number:03}" for number in range(197))
    (tmp_path / "x.csv").write_text(f"id,input,prediction,{others}\n1,a,b{',x' * 197}\n")
    done = push("B-7", tmp_path / "x.csv", "--label", "v1")
    assert "column_018, column_019 and 177 more." in done.stderr and "column_020" not in done.stderr


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("B-9", "intents.v1.csv", "--label", "v1"), "There is no B-9 here"),
        (("B-7", "nowhere.csv", "--label", "v1"), "cannot be read: no such file"),
        (("B-7", "metrics.json", "--label", "v1"), "line 1: it is no JSON"),
        (("B-7", "intents.v1.csv", "--label", " "), "A set's label has 1 to 80 characters"),
        (
            ("B-7", "intents.v1.csv", "--label", "v1", "--metric", "accuracy"),
            "is no metric: write it like accuracy=0.9",
        ),
        (("B-7", "intents.v1.csv", "--label", "v1", "--metric", "accuracy=nan"), "is no metric"),
    ],
)
def test_what_cannot_be_pushed_is_said_in_one_line(
    push: Cli, tmp_path: Path, args: tuple[str, ...], sentence: str
) -> None:
    key, name, *rest = args
    done = push(key, FILES / name, *rest)
    assert done.exit_code == 1 and sentence in done.output and "Traceback" not in done.output, done.output
    assert stored(tmp_path) == []


def test_the_same_file_or_label_again_is_refused(push: Cli, tmp_path: Path) -> None:
    assert push("B-7", FILES / "intents.v1.csv", "--label", "v1").exit_code == 0
    again = push("B-7", FILES / "intents.v1.csv", "--label", "v2")
    assert again.exit_code == 1 and "B-7 has this file already, as 'v1'" in again.output
    other = push("B-7", FILES / "intents.v2.csv", "--label", "v1")
    assert other.exit_code == 1 and "labelled 'v1' already" in other.output
    assert len(stored(tmp_path)) == 1


def test_the_same_file_and_label_again_are_no_failure_and_bring_the_metric_that_is_missing(
    push: Cli, tmp_path: Path
) -> None:
    file = FILES / "intents.v1.csv"
    assert push("B-7", file, "--label", "v1").exit_code == 0
    again = push("B-7", file, "--label", "v1")
    assert again.exit_code == 0 and "B-7 has it as v1 already: 200 rows, seed" in again.output
    late = push("B-7", file, "--label", "v1", "--metric", "accuracy=0.5")
    assert late.exit_code == 0 and "Its metric is accuracy=0.5." in late.output
    other = push("B-7", file, "--label", "v1", "--metric", "accuracy=0.6")
    assert other.exit_code == 1 and "B-7 has this file already, with 'accuracy=0.5'" in other.output
    assert [one.metric for one in stored(tmp_path)] == [Metric("accuracy", 0.5)]


def test_a_set_that_is_compared_at_once_is_said_to_be(push: Cli) -> None:
    first = push("B-7", FILES / "intents.v1.csv", "--label", "v1")
    assert "Samples come with the team's next round." in first.output
    second = push("B-7", FILES / "intents.v2.csv", "--label", "v2", "--metric", "accuracy=0.9")
    assert "Its metric is accuracy=0.9. Its thread compares it blindly with the version before." in second.output
    assert "Samples come" not in second.output
    hidden = push("B-7", FILES / "intents.v2.csv", "--label", "v2", "--metric", "accuracy=0.8")
    assert "has this file already, with another metric" in hidden.output and "0.9" not in hidden.output


def test_nothing_is_read_beyond_what_a_set_may_have(push: Cli, tmp_path: Path) -> None:
    with open(tmp_path / "x.csv", "wb") as sparse:
        sparse.truncate(2**40)
    done = push("B-7", tmp_path / "x.csv", "--label", "v1")
    assert done.exit_code == 1 and "larger than 20 MB" in done.output


def test_a_file_name_is_shown_and_never_a_path(push: Cli, tmp_path: Path) -> None:
    strange = tmp_path / "a\u202eb\nc.csv"
    strange.write_text("id,input,prediction\n1,a,b\n")
    assert push("B-7", strange, "--label", "v1").exit_code == 0
    assert [found.file for found in stored(tmp_path)] == ["ab c.csv"]


def test_images_are_read_from_the_folder_of_the_file_and_from_nowhere_else(push: Cli, tmp_path: Path) -> None:
    row = '{"id": "1", "input": "An image", "prediction": "4", "image": "%s"}'
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.jsonl").write_text(row % "../digit.png")
    (tmp_path / "digit.png").write_bytes((FILES / "images" / "digit-0000.png").read_bytes())
    done = push("B-7", tmp_path / "in" / "x.jsonl", "--label", "v1")
    assert done.exit_code == 1 and stored(tmp_path) == []
    assert "row '1': its image '../digit.png' is no file in the folder of the pushed file" in done.stderr
    (tmp_path / "x.jsonl").write_text(row % "digit.png")
    assert push("B-7", tmp_path / "x.jsonl", "--label", "v1").exit_code == 0
    engine = share_compiled(open_engine(f"sqlite:///{tmp_path / 'new' / 'bets.db'}"))
    with reading(engine) as tx:
        [kept] = iter_rows(tx, 1)
    engine.dispose()
    assert (kept.image or "").startswith("data:image/png;base64,")
