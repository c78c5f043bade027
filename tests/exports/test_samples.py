"""Prediction sets, samples, votes and notes are the same after an export and an import, rows included."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.store.exporting import KINDS
from tests.conftest import CHANNEL, Office, lived_once
from tests.exports.files import Cli, exported, rows_of
from tests.scenarios.judging import FRIDAY_11, push, rounds, to_wednesday
from tests.scenarios.rounds import in_thread, place
from tests.talk import Person


@pytest.fixture
@lived_once
def judged(team: Office, ana: Person, raj: Person) -> Office:
    """Two sets of B-1, one of them awkward; a closed round with votes and notes, and an open one in the thread."""
    bet = place(team, "Rank tickets", ana)
    push(team, bet, "awkward.jsonl", metric="mae=1e12")
    to_wednesday(team)
    [message] = rounds(team)
    raj.press("Good", message)
    ana.press("Weird", message, nth=1)
    raj.say("2. <!here> the label is *wrong*", message["ts"])
    gone = raj.say("1. nothing to say", message["ts"])
    team.world.remove(raj.user, raj.channel, gone)
    team.at(FRIDAY_11)
    push(team, bet, "intents.v2.csv")
    ana.command("predictions B-1")
    ana.press("Post samples now")
    raj.press("Bad", in_thread(team, bet)[-1])
    return team


def test_all_of_it_comes_back_without_loss(judged: Office, cli: Cli, tmp_path: Path) -> None:
    first = exported(cli, judged.home, tmp_path / "first")
    assert [(row["bet"], row["label"], len(row["rows"])) for row in rows_of(first, "prediction_sets")] == [
        ("B-1", "jsonl", 38), ("B-1", "v2", 200),
    ]  # fmt: skip
    assert sorted(row["value"] for row in rows_of(first, "votes")) == ["bad", "good", "weird"]
    notes = [note["text"] for row in rows_of(first, "samples") for note in row["notes"]]
    assert notes == ["2. <!here> the label is *wrong*"]
    done = cli("new", "import", *first.iterdir())
    assert (done.exit_code, done.stderr) == (0, ""), done.output
    second = exported(cli, tmp_path / "new", tmp_path / "second")
    for kind in KINDS:
        assert (first / f"{kind}.jsonl").read_bytes() == (second / f"{kind}.jsonl").read_bytes(), kind


def test_ids_that_are_taken_are_given_anew_and_what_names_them_follows(
    judged: Office, cli: Cli, tmp_path: Path
) -> None:
    out, other = exported(cli, judged.home, tmp_path / "out"), tmp_path / "other"
    other.mkdir()
    for path in out.iterdir():
        again = path.read_text().replace(CHANNEL, "C0AGAIN").replace('"B-', '"B-1').replace('"ts": "', '"ts": "9')
        (other / path.name).write_text(again)
    done = cli(judged.home, "import", *other.iterdir())
    assert done.exit_code == 0, done.output
    both = exported(cli, judged.home, tmp_path / "both")
    sets, samples, votes = (
        [row for row in rows_of(both, kind) if row["team"] == "C0AGAIN"]
        for kind in ("prediction_sets", "samples", "votes")
    )
    before = [row for row in rows_of(both, "samples") if row["team"] == CHANNEL]
    assert {row["set"] for row in samples} == {row["id"] for row in sets} == {3, 4}
    assert {row["round"]["id"] for row in samples}.isdisjoint(row["round"]["id"] for row in before)
    assert {row["sample"] for row in votes} <= {row["id"] for row in samples}
    told = [row["after"]["set"] for row in rows_of(both, "history") if row["kind"] == "prediction_set"]
    assert sorted(told) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("kind", "changes", "sentence"),
    [
        (
            "prediction_sets",
            {"rows": [{"id": "1", "input": "a"}]},
            "its rows cannot be used as they are: line 1: it has no",
        ),
        ("prediction_sets", {"value": "high"}, "`value` is no number"),
        ("prediction_sets", {"state": "lost"}, "not as an export writes it"),
        ("samples", {"set": 99}, "its prediction set is not there"),
        ("samples", {"why": "nice"}, "not as an export writes it"),
        ("votes", {"sample": 9999}, "its sample is not there"),
        ("votes", {"value": "great"}, "a vote is good, bad or weird"),
    ],
)
def test_what_cannot_come_in_is_named(
    judged: Office, cli: Cli, tmp_path: Path, kind: str, changes: dict[str, Any], sentence: str
) -> None:
    out = exported(cli, judged.home, tmp_path / "out")
    rows = rows_of(out, kind)
    (out / f"{kind}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in [rows[0] | changes, *rows[1:]]))
    done = cli("new", "import", *out.iterdir())
    assert done.exit_code == 1 and f"{kind}.jsonl, line 1" in done.stderr and sentence in done.stderr, done.stderr


def test_a_bet_says_how_many_days_it_took_to_its_first_sample(judged: Office, cli: Cli, tmp_path: Path) -> None:
    place(judged, "Nothing yet", judged.person("U0ANA"))
    bets = rows_of(exported(cli, judged.home, tmp_path / "out"), "bets")
    assert [row["days_to_first_evidence"] for row in bets] == [2, None]


def test_a_deleted_set_and_one_of_which_a_link_is_kept_come_back_as_they_are(
    team: Office, ana: Person, lead: Person, cli: Cli, tmp_path: Path
) -> None:
    bet = place(team, "Rank tickets", ana)
    push(team, bet, "intents.v1.jsonl")
    ana.command("predictions B-1")
    ana.press("Delete")
    lead.command("config")
    lead.fill_in({"Rows of prediction sets": "on", "Keep samples for (days)": "90"}).submit()
    push(team, bet, "intents.v2.jsonl", link="https://files.example/v2")
    to_wednesday(team)
    first = exported(cli, team.home, tmp_path / "first")
    gone, linked = rows_of(first, "prediction_sets")
    assert (gone["state"], gone["rows"], gone["label"]) == ("deleted", [], "v1")
    assert (linked["link"], len(linked["rows"]), set(linked["rows"][0])) == ("https://files.example/v2", 200, {"id"})
    [kept] = rows_of(first, "teams")
    assert (kept["samples_kept_days"], kept["samples_link_only"]) == ("90", "on")
    done = cli("new", "import", *first.iterdir())
    assert (done.exit_code, done.stderr) == (0, ""), done.output
    second = exported(cli, tmp_path / "new", tmp_path / "second")
    for kind in KINDS:
        assert (first / f"{kind}.jsonl").read_bytes() == (second / f"{kind}.jsonl").read_bytes(), kind
