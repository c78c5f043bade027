"""A database that is exported and imported is the same again, with nudges, decisions, votes and the graveyard."""

import json
from pathlib import Path

from sqlalchemy import select

from bot.store.bets import get_bet
from bot.store.db import open_engine, reading
from bot.store.exporting import KINDS
from bot.store.graveyard import search
from bot.store.tables import updates
from tests.conftest import ANA, CHANNEL, Office
from tests.exports.files import Cli, exported, rows_of
from tests.scenarios.rounds import MONDAY, confidence_of, in_thread, place
from tests.talk import Person


def test_what_is_exported_imported_and_exported_again_reads_the_same(decided: Office, cli: Cli, tmp_path: Path) -> None:
    first = exported(cli, decided.home, tmp_path / "first")
    assert sorted(path.name for path in first.iterdir()) == sorted(f"{kind}.jsonl" for kind in KINDS)
    done = cli("new", "import", *first.iterdir())
    assert (done.exit_code, done.stderr) == (0, ""), done.output
    second = exported(cli, tmp_path / "new", tmp_path / "second")
    for kind in KINDS:
        assert rows_of(first, kind) == rows_of(second, kind), kind
        assert (first / f"{kind}.jsonl").read_bytes() == (second / f"{kind}.jsonl").read_bytes()


def test_nudges_and_what_a_decision_cost_are_in_the_export(decided: Office, cli: Cli, tmp_path: Path) -> None:
    out = exported(cli, decided.home, tmp_path / "out")
    asked, snoozed, done = rows_of(out, "nudges")
    assert (asked["bet"], asked["advice"], asked["answered_by"], asked["hard"]) == (
        "B-5",
        "ask",
        None,
        ["criterion_failed"],
    )
    assert asked["evidence"] == [{"code": "silence", "points": -0.5, "text": "3 weeks without a word <!here>"}]
    assert asked["posted_at"] and (snoozed["answer"], snoozed["snoozed_until"]) == ("snoozed", "2026-12-24")
    kill = next(row for row in rows_of(out, "decisions") if row["kind"] == "kill")
    assert (done["answered_by"], done["decision"]) == (ANA, kill["id"])
    assert (kill["days_to_kill"], kill["late_people_weeks"]) == (10.0, 2.5)
    kinds = [row["kind"] for row in rows_of(out, "decisions") if row["bet"] == "B-5"]
    assert kinds == ["keep", "double", "undo"]
    bet = rows_of(out, "bets")[4]
    assert bet["earlier_weeks"] > 0 and bet["warned_75_at"] and bet["kill_criteria"][0]["answered_by"] == ANA


def test_the_imported_dead_are_found_in_the_graveyard(decided: Office, cli: Cli, tmp_path: Path) -> None:
    out = exported(cli, decided.home, tmp_path / "out")
    assert cli("new", "import", *out.iterdir()).exit_code == 0
    engine = open_engine(f"sqlite:///{tmp_path / 'new' / 'bets.db'}")
    with reading(engine) as tx:
        [found] = search(tx, [1], "nobody uses", 9)
        assert get_bet(tx, found).key == "B-3"
    engine.dispose()


def test_ids_that_are_taken_are_given_anew_and_what_names_them_follows(
    decided: Office, home: Path, cli: Cli, tmp_path: Path
) -> None:
    """The same export under another channel and other keys, into a database that has it already."""
    out, other = exported(cli, decided.home, tmp_path / "out"), tmp_path / "other"
    other.mkdir()
    for path in out.iterdir():
        again = path.read_text().replace(CHANNEL, "C0AGAIN").replace('"B-', '"B-1').replace('"ts": "', '"ts": "9')
        (other / path.name).write_text(again)
    assert cli(decided.home, "import", *other.iterdir()).exit_code == 0, cli(
        decided.home, "import", *other.iterdir()
    ).output
    both = exported(cli, decided.home, tmp_path / "both")
    rows = {kind: [row for row in rows_of(both, kind) if row["team"] == "C0AGAIN"] for kind in KINDS}
    kill = next(row for row in rows["decisions"] if row["kind"] == "kill")
    assert rows["nudges"][2]["decision"] == kill["id"] > 5
    told = {row["kind"]: row["after"] for row in rows["history"]}
    assert told["hindsight"]["decision"] == kill["id"] and told["start_vote"]["nudge"] == rows["nudges"][0]["id"]
    double, undo = (next(row for row in rows["decisions"] if row["kind"] == kind) for kind in ("double", "undo"))
    assert undo["of"] == told["undo"]["of"] == double["id"]
    criterion = rows["bets"][4]["kill_criteria"][0]["id"]
    assert told["criterion"]["criterion"] == criterion > 1
    keep = next(row for row in rows["decisions"] if row["kind"] == "keep")
    assert keep["before"]["criterion"] == criterion


NEW_FIELDS = {
    "teams": ("lead_dm",),
    "bets": ("earlier_weeks", "earlier_people_weeks", "warned_75_at", "warned_100_at"),
    "decisions": ("before", "against_at", "late_people_weeks", "days_to_kill"),
}


def test_an_export_of_an_older_version_comes_in(decided: Office, cli: Cli, tmp_path: Path) -> None:
    out = exported(cli, decided.home, tmp_path / "out")
    (out / "nudges.jsonl").write_text("")
    for kind, names in NEW_FIELDS.items():
        rows = [{name: value for name, value in row.items() if name not in names} for row in rows_of(out, kind)]
        for row in rows:
            for one in row.get("kill_criteria", ()):
                del one["id"], one["answered_by"], one["answered_at"]
        (out / f"{kind}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = cli("new", "import", *out.iterdir())
    assert done.exit_code == 0, done.output
    again = exported(cli, tmp_path / "new", tmp_path / "again")
    assert [row["earlier_weeks"] for row in rows_of(again, "bets")] == [0.0] * 5
    assert rows_of(again, "learnings") == rows_of(out, "learnings")


def test_the_source_is_that_of_the_newest_version_and_no_change_stays_one(
    team: Office, ana: Person, raj: Person, lead: Person, cli: Cli, tmp_path: Path
) -> None:
    commanded, unchanged, typed = place(team, "One", ana), place(team, "Two", raj), place(team, "Three", lead)
    team.at(MONDAY)
    ana.command(f"update {commanded.key} 63% by cmd")
    ana.press("Give my updates")
    ana.fill(Confidence="64").submit()
    raj.press("No change", in_thread(team, unchanged)[-1])
    raj.press("Give my updates")
    raj.fill_in({"Confidence": "40", "Days spent": "2"}).submit()
    lead.press("Give my updates")
    lead.fill_in({"What do we know now that we did not?": "by form"}).submit()
    lead.command(f"update {typed.key} 62%")
    first = exported(cli, team.home, tmp_path / "first")
    told = {
        row["bet"]: (row["text"], row["confidence"], row["source"], row["version"]) for row in rows_of(first, "updates")
    }
    assert told == {
        commanded.key: ("by cmd", 64, "modal", 2),
        unchanged.key: ("No change", 40, "modal", 2),
        typed.key: ("by form", 62, "command", 2),
    }
    assert cli("new", "import", *first.iterdir()).exit_code == 0
    second = exported(cli, tmp_path / "new", tmp_path / "second")
    assert all(rows_of(first, kind) == rows_of(second, kind) for kind in KINDS)
    engine = open_engine(f"sqlite:///{tmp_path / 'new' / 'bets.db'}")
    with reading(engine) as tx:
        here = {row.bet_id: row.source for row in tx.execute(select(updates))}
    engine.dispose()
    assert here == {commanded.id: "command", unchanged.id: "no_change", typed.id: "modal"}, "whose the words are"
    team.after(days=5)
    assert confidence_of(team, unchanged).no_change_run == 1
