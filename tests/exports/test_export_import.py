"""What a team remembers leaves as files and comes back as it was; what cannot come in is named by its line."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import Settings
from bot.domain.zones import local_date
from bot.runtime import Bot
from bot.store import migrate
from bot.store.exporting import KINDS
from bot.store.outbox import list_posts
from bot.work import tick
from tests.conftest import ANA, CHANNEL, GUEST, LEAD, LEE, RAJ, Office
from tests.exports.files import Cli, exported, rows_of, stored
from tests.scenarios.rounds import place, thread_of
from tests.talk import Person, words


def test_an_export_holds_what_people_said_and_nothing_they_took_back(lived: Office, cli: Cli, tmp_path: Path) -> None:
    out = exported(cli, lived.home, tmp_path / "out")
    assert {row["status"] for row in rows_of(out, "bets")} >= {"live", "paused", "killed"}
    spoken = {row["user"]: row for row in rows_of(out, "updates") if row["bet"] == "B-3"}
    assert (spoken[ANA]["confidence"], spoken[ANA]["source"], spoken[ANA]["week"]) == (70, "thread", "2026-W49")
    assert "and more" in spoken[ANA]["text"] and "\u2028" in spoken[ANA]["text"]
    assert (spoken[RAJ]["deleted"], spoken[RAJ]["text"]) == (True, None)
    assert "too much" not in "".join(path.read_text() for path in out.iterdir())
    [decision] = [row for row in rows_of(out, "decisions") if row["kind"] == "kill"]
    assert (decision["by"], decision["reason"]) == (ANA, "Nobody uses it")
    assert [row["text"] for row in rows_of(out, "learnings")] == ["Ask first"]
    assert [(row["user"], row["last"]) for row in rows_of(out, "absences")] == [(RAJ, "2027-01-08")]
    notes = {row["after"]["text"]: row["by"] for row in rows_of(out, "history") if row["kind"] == "note"}
    assert notes == {"update: the labels are wrong": RAJ, "Ask support": LEAD}
    assert all(row["team"] == CHANNEL for kind in KINDS for row in rows_of(out, kind))
    assert rows_of(out, "samples") == []


def test_of_people_whom_nobody_looked_up_an_export_says_nothing_it_does_not_know(
    team: Office, guest: Person, ana: Person
) -> None:
    bet = place(team, "Rank tickets", ana)
    assert {row["user"]: (row["name"], row["guest"]) for row in stored(team.home, "members")} == {
        **dict.fromkeys((LEE, GUEST), (None, None)),
        LEAD: ("Mia Lead", False), ANA: ("Ana", False), RAJ: ("Raj", False),
    }  # fmt: skip
    guest.say("update: sales asked for it twice", thread_of(team, bet))
    known = {row["user"]: (row["name"], row["guest"]) for row in stored(team.home, "members")}
    assert known[GUEST] == ("Gus Guest", True)


def imported_bot(office: Office, cli: Cli, *files: str | Path) -> Bot:
    done = cli("new", "import", *files)
    assert done.exit_code == 0, done.output
    office.settings = Settings(
        _env_file=None,
        slack_bot_token=office.world.bot_token,
        slack_api_url=office.world.api_url,
        bets_home=office.home / "new",
        bets_pace=0,
    )
    return office.new_bot()


def test_the_next_tick_posts_the_cards_of_bets_under_way_alone(lived: Office, cli: Cli, tmp_path: Path) -> None:
    out = exported(cli, lived.home, tmp_path / "out")
    before = len(lived.messages())
    bot = imported_bot(lived, cli, *out.iterdir())
    tick.once(bot)
    cards = [words(message).split(" ")[0] for message in lived.messages()[before:]]
    assert sorted(cards) == ["B-1", "B-2"]
    tick.once(bot)
    assert len(lived.messages()) == before + 2
    bot.engine.dispose()


def test_simple_tables_make_live_bets_and_updates(home: Path, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text(
        "Title,problem,owners,appetite_weeks,started_at,key\n"
        f'"Rank, tickets",Too many,{ANA};{RAJ},6,2026-10-05,B-7\n'
        f"Cluster,Nobody finds any,{ANA},,,\n",
        encoding="utf-8-sig",
    )
    (tmp_path / "u.csv").write_text(
        "bet,user,week,confidence,text,days\n"
        f'B-7,{ANA},2026-W46,70,"It ""works""\nso far",1.5\n'
        f'"Rank, tickets",{RAJ},2026-W46,,only words,\n'
    )
    done = cli("new", "import", tmp_path / "u.csv", tmp_path / "b.csv")
    assert (done.exit_code, done.stdout) == (0, "Imported 2 bets, 2 updates.\n"), done.output
    first, second = stored(home, "bets")
    assert (first["key"], first["owners"], first["status"]) == ("B-7", [ANA, RAJ], "live")
    assert (first["appetite_weeks"], first["started_at"]) == (6, "2026-10-05T07:00:00Z")
    assert (second["key"], second["appetite_weeks"]) == ("B-8", 4)
    mine, his = stored(home, "updates")
    assert (mine["text"], mine["confidence"], mine["days"]) == ('It "works"\nso far', 70, 1.5)
    assert (his["confidence"], his["days"], his["source"], his["version"]) == (None, None, "import", 1)


@pytest.mark.parametrize("answers", [True, False])
def test_the_owners_of_an_imported_bet_are_called_by_their_names_where_slack_tells_them(
    team: Office, home: Path, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: bool
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", team.world.bot_token)
    monkeypatch.setenv("SLACK_API_URL", team.world.api_url if answers else "http://127.0.0.1:9/api/")
    (tmp_path / "b.csv").write_text(f"title,problem,owners\nRank tickets,Too many,{ANA};{LEE}\n")
    bot = imported_bot(team, cli, tmp_path / "b.csv")
    with bot.reading() as tx:
        [card] = [post.payload["text"] for post in list_posts(tx, 1, "card:")]
    assert ("Ana and Lee" if answers else "U0ANA and U0LEE") in card
    bot.engine.dispose()


BETS = "title,problem,owners\n"
STARTED = f"title,problem,owners,started_at\nOne,P,{ANA},"
UPDATES = "bet,user,week,confidence,text,days\n"
TEAM = {"channel": "C0NEW", "zone": "UTC", "leads": [LEAD]}
BET = {
    "team": CHANNEL,
    "key": "B-9",
    "title": "T",
    "problem": "P",
    "status": "live",
    "owners": [ANA],
    "tags": [],
    "appetite_weeks": 4,
    "appetite_people_weeks": 4,
    "upside": "M",
    "area": "",
    "kill_criteria": [],
    "started_at": None,
    "ended_at": None,
}

NUDGE = {"bet": "Known", "advice": "ask", "evidence": [], "posted_at": None, "answered_by": None}
AWAY = {"user": ANA, "by": ANA, "first": "2026-12-04", "last": "2026-12-03", "created_at": "2026-11-30T09:00:00Z"}
KEEP = {"id": 1, "bet": "Known", "kind": "keep", "by": ANA, "created_at": "2026-11-30T09:00:00Z"}


def test_a_nudge_with_the_fixed_fields_alone_is_enough(home: Path, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "known.csv").write_text(BETS + f"Known,P,{ANA}\n")
    (tmp_path / "nudges.jsonl").write_text(json.dumps(NUDGE) + "\n" + json.dumps({**NUDGE, "answered_by": ANA}))
    done = cli("new", "import", tmp_path / "known.csv", tmp_path / "nudges.jsonl")
    assert done.exit_code == 0, done.output
    assert [row["answer"] for row in stored(home, "nudges")] == ["none", "done"]


@pytest.mark.parametrize(
    ("name", "content", "line", "said"),
    [
        ("b.csv", BETS + f"One,P,{ANA}\n,P,{ANA}\n", 3, "A bet needs a title"),
        ("b.csv", BETS + "One,P,Ana\n", 2, "'Ana' is no Slack user id"),
        ("b.csv", BETS + "One,P,\n", 2, "it names nobody"),
        ("b.csv", BETS + f"One,,{ANA}\n", 2, "it names no problem"),
        ("b.csv", BETS + f"One,P,{ANA},x\n", 2, "has more fields"),
        ("b.csv", "title,problem,owners,key\n" + f"One,P,{ANA},7\n", 2, "'7' is no key"),
        ("b.csv", "title,problem,owners,started_at\n" + f"One,P,{ANA},5.10.26\n", 2, "'5.10.26' is no date"),
        ("b.csv", STARTED + "2037-05-02\n", 2, "`started_at` 2037-05-02 is more than two weeks from now"),
        ("b.csv", STARTED + "2037-05-02T09:00:00Z\n", 2, "`started_at` 2037-05-02 is more than two weeks"),
        ("b.csv", STARTED + "1026-05-02\n", 2, "`started_at` 1026-05-02 is more than ten years ago"),
        ("b.csv", STARTED + "2026-02-31\n", 2, "'2026-02-31' is no date"),
        ("b.csv", "title,problem,owners,appetite_weeks\n" + f"One,P,{ANA},99\n", 2, "from 1 to 26"),
        ("b.csv", "title,problem,owners,apetite\n" + f"One,P,{ANA},4\n", 1, "no column `apetite`"),
        ("b.csv", "title,problem,owners,b,a\n" + f"One,P,{ANA},4,5\n", 1, "no column `a` or `b`, only title, problem"),
        ("b.csv", "title,problem,owners,\n" + f"One,P,{ANA},\n", 1, "no column without a name, only title"),
        ("b.csv", "name,who\nOne,Ana\n", 1, "must name the columns"),
        ("u.csv", UPDATES + f"B-99,{ANA},2026-W46,70,,\n", 2, "there is no bet 'B-99'"),
        ("u.csv", UPDATES + f"Known,{ANA},46,70,,\n", 2, "'46' is no week"),
        ("u.csv", UPDATES + f"Known,{ANA},2046-W01,70,,\n", 2, "has not begun"),
        ("u.csv", UPDATES + f"Known,{ANA},1926-W46,70,,\n", 2, "1926-W46 is more than ten years ago"),
        ("u.csv", UPDATES + f"Known,{ANA},2026-W60,70,,\n", 2, "'2026-W60' is no week"),
        ("u.csv", UPDATES + f"Known,{ANA},2026-W46,170,,\n", 2, "0 to 100"),
        ("u.csv", UPDATES + f"Known,{ANA},2026-W46,,,\n", 2, "it says nothing"),
        ("u.csv", UPDATES + f"Known,{ANA},2026-W46,70,,\n" * 2, 3, "has an update"),
        ("bets.jsonl", "{bad\n", 1, "no JSON object"),
        ("bets.jsonl", "\n[1]\n", 2, "no JSON object"),
        ("bets.jsonl", json.dumps({**BET, "team": "C0OTHER"}), 1, "there is no team C0OTHER"),
        ("bets.jsonl", json.dumps({**BET, "status": "flying"}), 1, "not as an export writes it"),
        ("bets.jsonl", json.dumps({**BET, "owners": 7}), 1, "`owners` is no list"),
        ("bets.jsonl", json.dumps({**BET, "title": 7}), 1, "`title` is no text"),
        ("bets.jsonl", json.dumps({**BET, "kill_criteria": [{"text": "x"}]}), 1, "`due` is missing"),
        ("bets.jsonl", json.dumps({**BET, "started_at": "soon"}), 1, "'soon' is no instant"),
        ("bets.jsonl", json.dumps({**BET, "appetite_people_weeks": 10**400}), 1, "is no number"),
        ("bets.jsonl", json.dumps({**BET, "problem": "\ud800"}), 1, "not as an export writes it"),
        ("teams.jsonl", json.dumps({**TEAM, "channel": CHANNEL}), 1, "exists already"),
        ("teams.jsonl", json.dumps({**TEAM, "zone": "Moon"}), 1, "Moon"),
        ("teams.jsonl", json.dumps({"zone": "UTC"}), 1, "`channel` is missing"),
        ("decisions.jsonl", json.dumps({"id": 1, "bet": "Known", "kind": "undo", "of": 5}), 1, "is of is not there"),
        ("nudges.jsonl", json.dumps({**NUDGE, "advice": "dance"}), 1, "not as an export writes it"),
        ("nudges.jsonl", json.dumps({**NUDGE, "evidence": "much"}), 1, "`evidence` is no list of objects"),
        ("nudges.jsonl", json.dumps({**NUDGE, "evidence": [{"code": "x"}]}), 1, "`text` is missing"),
        ("nudges.jsonl", json.dumps({**NUDGE, "decision": 8}), 1, "the decision 8 that answered it"),
        ("decisions.jsonl", json.dumps({**KEEP, "before": 3}), 1, "`before` is no object"),
        ("decisions.jsonl", json.dumps({**KEEP, "late_people_weeks": -1}), 1, "is less than 0"),
        ("bets.jsonl", json.dumps({**BET, "earlier_weeks": "x"}), 1, "`earlier_weeks` is no number"),
        ("absences.jsonl", json.dumps(AWAY), 1, "the absence ends before it begins"),
        ("comparisons.jsonl", json.dumps({"id": 1}), 1, "the field `sets` is missing"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_nothing_comes_in(
    home: Path, cli: Cli, tmp_path: Path, name: str, content: str, line: int, said: str
) -> None:
    (tmp_path / "known.csv").write_text(BETS + f"Known,P,{ANA}\n")
    (tmp_path / name).write_text(content)
    done = cli("new", "import", tmp_path / "known.csv", tmp_path / name)
    assert done.exit_code == 1, done.output
    told, summary = done.stderr.splitlines()
    assert told.startswith(f"{tmp_path / name}, line {line}: ") and said in told
    assert summary == "Error: nothing was imported: 1 row to mend."
    assert stored(home, "bets") == [] and len(stored(home, "teams")) == 1


def test_every_bad_row_is_named_and_what_hangs_on_one_is_not(home: Path, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "teams.jsonl").write_text(json.dumps({**TEAM, "zone": "Moon"}))
    (tmp_path / "bets.jsonl").write_text(json.dumps({**BET, "team": "C0NEW"}) + "\n" + json.dumps({**BET, "tags": 1}))
    (tmp_path / "u.csv").write_text(UPDATES + f"B-9,{ANA},2026-W46,70,,\n" + f"B-9,{ANA},W,70,,\n" * 30)
    done = cli("new", "import", tmp_path / "u.csv", tmp_path / "bets.jsonl", tmp_path / "teams.jsonl")
    lines = [row.split(":")[0].removeprefix(f"{tmp_path}/") for row in done.stderr.splitlines()[:-1]]
    assert lines == [*(f"u.csv, line {n}" for n in range(3, 33)), "bets.jsonl, line 2", "teams.jsonl, line 1"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gone.jsonl", None, "is of no kind"),
        ("bets.jsonl", None, "cannot be read: no such file"),
        ("bets.jsonl", b"\xff\xfe", "is no UTF-8 text"),
        ("bets.txt", b"", "neither .jsonl nor .csv"),
        ("b.csv", BETS.encode() + b'"open', "this is no CSV"),
    ],
)
def test_a_file_that_is_none_is_one_sentence(
    home: Path, cli: Cli, tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = cli("new", "import", tmp_path / name)
    assert (done.exit_code, said in done.stderr) == (1, True), done.output


def test_the_same_table_twice_is_refused_line_by_line(home: Path, cli: Cli, tmp_path: Path) -> None:
    dated = "title,problem,owners,started_at\n"
    (tmp_path / "b.csv").write_text(dated + f"One,P,{ANA};{RAJ},2026-10-05\nTwo,P,{ANA},\n")
    assert cli("new", "import", tmp_path / "b.csv").exit_code == 0
    done = cli("new", "import", tmp_path / "b.csv")
    assert done.exit_code == 1
    assert [line.split(": ")[1] for line in done.stderr.splitlines()[:2]] == [
        "B-1 has the same title, owners and start",
        "B-2 has the same title, owners and start",
    ]
    (tmp_path / "b.csv").write_text(dated + f"One,P,{ANA},2026-10-05\nOne,P,{RAJ};{ANA},2026-10-12\n")
    assert cli("new", "import", tmp_path / "b.csv").exit_code == 0


def test_a_start_may_be_an_instant(home: Path, cli: Cli, tmp_path: Path) -> None:
    starts = ("2026-10-05T06:30:00Z", "2026-10-05T08:30:00+02:00", "2026-10-05 08:30", "2026-10-05")
    rows = "".join(f"Bet {number},P,{ANA},{start}\n" for number, start in enumerate(starts))
    (tmp_path / "b.csv").write_text("title,problem,owners,started_at\n" + rows)
    done = cli("new", "import", tmp_path / "b.csv")
    assert done.exit_code == 0, done.output
    half_past_six = "2026-10-05T06:30:00Z"
    found = [row["started_at"] for row in stored(home, "bets")]
    assert found == [half_past_six, half_past_six, half_past_six, "2026-10-05T07:00:00Z"]


def test_a_bet_that_begins_next_week_may_come_in_and_is_in_its_first_day(home: Path, cli: Cli, tmp_path: Path) -> None:
    soon = local_date(datetime.now(UTC), "Europe/Berlin") + timedelta(days=7)
    (tmp_path / "b.csv").write_text(STARTED + f"{soon}\n")
    assert cli("new", "import", tmp_path / "b.csv").exit_code == 0
    assert "B-1 has the same title, owners and start" in cli("new", "import", tmp_path / "b.csv").stderr
    (tmp_path / "b.csv").write_text(STARTED + f"{soon + timedelta(days=8)}\n")
    assert "is more than two weeks from now" in cli("new", "import", tmp_path / "b.csv").stderr


def test_a_record_of_several_lines_is_named_by_its_first(home: Path, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text(BETS + f'One,"P\nP\nP",{ANA}\n\nTwo,"P\nP",Ana\n')
    assert f"{tmp_path}/b.csv, line 6: 'Ana' is no Slack user id" in cli("new", "import", tmp_path / "b.csv").stderr


def test_a_text_that_may_be_empty_may_be_null(home: Path, cli: Cli, tmp_path: Path) -> None:
    empty = {"area": None, "upside": None, "hypothesis": None, "tags": None, "kill_criteria": None}
    (tmp_path / "bets.jsonl").write_text(json.dumps({**BET, **empty}))
    done = cli("new", "import", tmp_path / "bets.jsonl")
    assert done.exit_code == 0, done.output
    bet = stored(home, "bets")[0]
    assert (bet["area"], bet["upside"], bet["tags"], bet["kill_criteria"]) == ("", "M", [], [])


def test_files_without_rows_say_what_to_do(home: Path, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("")
    done = cli("new", "import", tmp_path / "b.csv")
    assert done.exit_code == 1 and "is empty: its first line must name the columns" in done.stderr
    (tmp_path / "b.csv").write_text(BETS)
    done = cli("new", "import", tmp_path / "b.csv")
    assert done.exit_code == 0 and "Imported no rows: the files hold none, so add rows" in done.stdout


def test_unknown_columns_are_named_even_without_a_row(home: Path, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("title,problem,owners," + ",".join("gfedcba") + "\n")
    done = cli("new", "import", tmp_path / "b.csv")
    assert (
        done.exit_code == 1 and "line 1: there is no column `a` or `b` or `c` or `d` or `e`, and so on" in done.stderr
    )
    (tmp_path / "b.csv").write_text("name,who\n")
    assert "the first line must name the columns" in cli("new", "import", tmp_path / "b.csv").stderr


def test_a_csv_with_semicolons_is_told_how_to_save_it(home: Path, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("title;problem;owners\nX;Y;U0ANA\n")
    done = cli("new", "import", tmp_path / "b.csv")
    assert done.exit_code == 1
    assert "line 1: there are semicolons between its columns: save it with commas between." in done.stderr


def test_everything_that_is_wrong_with_a_row_is_told_at_once(home: Path, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("title,problem,owners,appetite_weeks,started_at\nX,Y,bob,99,yesterdayx\n,,,,\n")
    (tmp_path / "u.csv").write_text(UPDATES + "B-9,bob,2026-W60,170,,99\n")
    done = cli("new", "import", tmp_path / "b.csv", tmp_path / "u.csv")
    assert done.exit_code == 1
    told = [line.removeprefix(f"{tmp_path}/") for line in done.stderr.splitlines()]
    assert told == [
        "b.csv, line 2: 'bob' is no Slack user id: write `owners` like U012AB3CD.",
        "b.csv, line 2: The appetite is a whole number of weeks from 1 to 26.",
        "b.csv, line 2: 'yesterdayx' is no date: write `started_at` like 2026-12-11.",
        "b.csv, line 3: A bet needs a title: what would you say in one breath?",
        "b.csv, line 3: it names no problem: fill the column `problem`.",
        "b.csv, line 3: it names nobody: fill `owners` with Slack user ids, separated by `;` in a CSV.",
        "u.csv, line 2: there is no bet 'B-9': name its key or its exact title.",
        "u.csv, line 2: 'bob' is no Slack user id: write `user` like U012AB3CD.",
        "u.csv, line 2: '2026-W60' is no week: write it like 2026-W48.",
        "u.csv, line 2: Confidence is a whole number from 0 to 100, such as 70.",
        "u.csv, line 2: Days spent is a number from 0 to 31, such as 2 or 1.5.",
        "Error: nothing was imported: 3 rows to mend.",
    ]


def test_an_export_that_is_here_already_is_not_imported_again(decided: Office, cli: Cli, tmp_path: Path) -> None:
    out = exported(cli, decided.home, tmp_path / "out")
    assert cli("new", "import", *out.iterdir()).exit_code == 0
    before = [stored(tmp_path / "new", kind) for kind in KINDS]
    for files in ([*out.iterdir()], [out / "history.jsonl"], [out / "decisions.jsonl", out / "learnings.jsonl"]):
        done = cli("new", "import", *files)
        assert (done.exit_code, done.stderr) == (1, "Error: nothing was imported: every row is here already.\n")
    assert cli("new", "import", "--team", CHANNEL, out / "bets.jsonl").stderr.endswith("every row is here already.\n")
    assert [stored(tmp_path / "new", kind) for kind in KINDS] == before


def test_an_export_into_the_team_that_went_on_since_names_the_team_alone(
    decided: Office, ana: Person, cli: Cli, tmp_path: Path
) -> None:
    out = exported(cli, decided.home, tmp_path / "out")
    ana.command("pause B-1")
    done = cli(decided.home, "import", *out.iterdir())
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        f"{out}/teams.jsonl, line 1: the team {CHANNEL} exists already: import into a database without it.",
        "Error: nothing was imported: 1 row to mend.",
    ]
    versions = [row for row in rows_of(out, "history") if row["kind"] == "update_version"]
    (tmp_path / "history.jsonl").write_text("\n".join(json.dumps({**row, "id": "x"}) for row in versions))
    done = cli(decided.home, "import", tmp_path / "history.jsonl")
    assert "history.jsonl, line 1: what it tells is here already: leave the row out." in done.stderr


def test_a_dry_run_checks_everything_and_stores_nothing(home: Path, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text(BETS + f"One,P,{ANA}\n")
    done = cli("new", "import", "--dry-run", tmp_path / "b.csv")
    assert (done.exit_code, done.stdout) == (0, "Would import 1 bet.\n")
    assert stored(home, "bets") == []


def test_one_team_of_several_is_named(home: Path, cli: Cli, tmp_path: Path) -> None:
    cli("new", "team", "add", "C0SECOND", "--leads", LEAD)
    (tmp_path / "b.csv").write_text(BETS + f"One,P,{ANA}\n")
    assert "give one with --team" in cli("new", "import", tmp_path / "b.csv").stderr
    (tmp_path / "u.csv").write_text("bet,user,week\nNone,nobody,soon\n")
    unknown = cli("new", "import", "--team", "C0NOPE", tmp_path / "u.csv")
    assert unknown.exit_code == 1 and unknown.stderr.splitlines()[-1].endswith(
        " There is no team C0NOPE: `bets team list` shows them, and `bets team add C0NOPE` sets one up."
    )
    assert cli("new", "import", "--team", "C0SECOND", tmp_path / "b.csv").exit_code == 0
    assert [row["team"] for row in stored(home, "bets")] == ["C0SECOND"]
    assert cli("new", "export", "--team", CHANNEL, "--out", tmp_path / "one").exit_code == 0
    assert [row["team"] for row in rows_of(tmp_path / "one", "teams")] == [CHANNEL]
    assert rows_of(tmp_path / "one", "bets") == []
    assert "There is no team C0NONE" in cli("new", "export", "--team", "C0NONE", "--out", tmp_path / "x").stderr


def test_a_row_with_the_fixed_fields_alone_is_enough(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "teams.jsonl").write_text(json.dumps(TEAM))
    (tmp_path / "bets.jsonl").write_text(json.dumps({**BET, "team": "C0NEW"}))
    migrate.upgrade(f"sqlite:///{tmp_path / 'new' / 'bets.db'}")
    done = cli("new", "import", tmp_path / "teams.jsonl", tmp_path / "bets.jsonl")
    assert done.exit_code == 0, done.output
    [team] = stored(tmp_path / "new", "teams")
    assert (team["channel"], team["checkin_day"], team["leads"]) == ("C0NEW", "monday", [LEAD])


def test_an_export_that_cannot_be_written_says_so(home: Path, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = cli("new", "export", "--out", tmp_path / "file" / "out")
    assert (done.exit_code, "cannot be written" in done.stderr) == (1, True), done.output
    assert cli("new", "export", "--format", "html", "--out", tmp_path / "out").exit_code == 1
