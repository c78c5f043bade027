"""Training jobs push prediction sets over HTTP, in Socket Mode and in HTTP mode alike."""

import base64
import json
import re
import socket
import sqlite3
import threading
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from bot.cli import bets
from bot.domain.tokens import EVERY
from tests.scenarios.judging import FILES
from tests.talk import Person, words
from tests.transport.jobs import CSV, MB, Job, sets, token_of
from tests.transport.running import ANA, CHANNEL, fetch, until


@pytest.mark.parametrize(
    ("name", "kind", "rows"),
    [
        ("intents.v1.csv", "text/csv; charset=utf-8", 200),
        ("intents.v1.tsv", "text/tab-separated-values", 200),
        ("intents.v1.jsonl", "application/x-ndjson", 200),
        ("intents.v2.csv", "application/x-www-form-urlencoded", 200),
        ("intents.v2.tsv", "application/octet-stream", 200),
        ("awkward.jsonl", "application/json", 0),
    ],
)
def test_a_file_becomes_a_set_and_the_answer_names_it(job: Job, name: str, kind: str, rows: int) -> None:
    data = (FILES / name).read_bytes()
    status, answer = job.push(data, kind=kind, label=name, file=f"runs/{name}", metric="accuracy=0.9")
    [newest] = sets(job)[-1:]
    assert status == 200 and newest == (answer["set"], name, name, "http")
    assert set(answer) == {"set", "label", "rows", "metric", "columns", "unused", "compared"}
    assert (answer["label"], answer["metric"], answer["unused"]) == (name, "accuracy=0.9", [])
    assert {"id", "input", "prediction"} <= set(answer["columns"])
    assert answer["rows"] == (rows or len(data.splitlines()))
    assert job.running.rows("SELECT metric, value FROM prediction_sets")[-1] == ("accuracy", 0.9)


def test_the_answer_names_what_each_column_was_read_as_and_every_one_that_is_not_used(job: Job) -> None:
    others = [f"c{number}" for number in range(197)]
    status, answer = job.push(f"uid,text,pred,{','.join(others)}\n1,a,b{',x' * 197}\n".encode())
    assert status == 200 and answer["columns"] == {"id": "uid", "input": "text", "prediction": "pred"}
    assert answer["unused"] == others


def test_names_of_images_that_did_not_come_are_said_in_the_answer(job: Job) -> None:
    status, answer = job.push((FILES / "digits.v1.jsonl").read_bytes(), kind="application/jsonl")
    assert (status, answer["unused"]) == (200, ["image (names of files that did not come with it)"])
    assert "image" not in answer["columns"]


def test_an_image_that_is_an_address_is_refused_as_on_the_command_line(job: Job) -> None:
    row = {"id": 1, "input": "a", "prediction": "b", "image": "http://169.254.169.254/a.png"}
    before = sets(job)
    status, answer = job.push(json.dumps(row).encode(), kind="application/jsonl")
    assert (status, sets(job)) == (400, before)
    assert "row '1': its image is an address, and I open none" in answer["error"]


def test_an_image_that_comes_in_the_body_is_taken(job: Job) -> None:
    image = base64.b64encode((FILES / "images" / "digit-0000.png").read_bytes()).decode()
    row = {"id": job.label(), "input": "a", "prediction": "b", "img": f"data:image/png;base64,{image}"}
    status, answer = job.push(json.dumps(row).encode(), kind="application/jsonl")
    assert (status, answer["columns"]["image"], answer["unused"]) == (200, "img", [])


def test_the_type_says_what_it_is_before_its_name_does(job: Job) -> None:
    assert job.push(b"id\tinput\tprediction\n1\ta, b, c\td\n", kind="text/tab-separated-values", file="x.csv")[0] == 200


def test_the_same_bytes_again_get_the_same_answer_and_are_no_new_set(job: Job) -> None:
    data = job.csv()
    first = job.push(data, label="first", metric="accuracy=0.5")
    before = len(sets(job))
    assert first[0] == 200 and job.push(data, label="first") == first and len(sets(job)) == before
    assert job.push(data, label="first", metric="accuracy=0.50") == first and first[1]["metric"] == "accuracy=0.5"


def test_a_metric_that_comes_after_its_file_is_kept_and_no_other(job: Job) -> None:
    data = job.csv()
    assert job.push(data, label="late")[1]["metric"] is None
    before = len(sets(job))
    status, answer = job.push(data, label="late", metric="accuracy=0.5")
    assert (status, answer["metric"], len(sets(job))) == (200, "accuracy=0.5", before)
    [kept] = job.running.rows("SELECT metric, value FROM prediction_sets WHERE label = 'late'")
    assert kept == ("accuracy", 0.5)
    status, answer = job.push(data, label="late", metric="f1=0.5")
    assert (status, len(sets(job))) == (400, before)
    assert answer["error"] == "B-1 has this file already, with 'accuracy=0.5': send another version."


def test_the_same_bytes_under_another_label_are_refused_with_the_one_they_have(job: Job) -> None:
    data = job.csv()
    assert job.push(data, label="one name")[0] == 200
    status, answer = job.push(data, label="another")
    assert status == 400 and answer["error"] == "B-1 has this file already, as 'one name': send another version."


def test_a_team_that_keeps_links_only_takes_a_push_with_its_link_and_stores_no_texts(job: Job) -> None:
    switch = "UPDATE teams SET samples_link_only = %d"
    with sqlite3.connect(job.running.home / "bets.db", timeout=10) as connection:
        connection.execute(switch % 1)
    try:
        status, answer = job.push(job.csv())
        assert status == 400 and "with a link" in answer["error"]
        status, answer = job.push(job.csv(), link="https://files.example/run-7")
    finally:
        connection.execute(switch % 0)
        connection.commit()
        connection.close()
    assert status == 200
    [(link,)] = job.running.rows("SELECT link FROM prediction_sets ORDER BY id DESC LIMIT 1")
    [(value, said)] = job.running.rows("SELECT input, prediction FROM predictions ORDER BY set_id DESC LIMIT 1")
    assert (link, value, said) == ("https://files.example/run-7", None, None)


def test_what_is_pushed_says_so_in_the_bets_story(job: Job) -> None:
    job.push(job.csv(), label="from a job")
    ana = Person(job.running.world, lambda: None, ANA, CHANNEL)
    assert "from a job" in words(ana.command("predictions B-1").body)
    [(by,)] = job.running.rows("SELECT \"by\" FROM history WHERE kind = 'prediction_set' ORDER BY id DESC LIMIT 1")
    assert by == f"token ending in {job.token[-4:]}"
    assert job.running.rows("SELECT used_at FROM team_tokens WHERE used_at IS NOT NULL")


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer bets-wrong", "Basic dTpw", "Bearer caf\xe9", "Bearer " + "x" * 5_000],
)
def test_without_a_token_that_is_in_force_nothing_is_taken(job: Job, authorization: str | None) -> None:
    headers = {"Content-Type": "text/csv"} | ({} if authorization is None else {"Authorization": authorization})
    status, answer = job.ask("/api/v1/bets/B-1/predictions?label=x", job.csv(), headers)
    assert status == 401 and "token is not known" in answer["error"]


def test_a_revoked_token_opens_nothing(job: Job) -> None:
    other = Job(job.running, token_of(job.running))
    assert other.push(job.csv(), label="before")[0] == 200
    ana = Person(job.running.world, lambda: None, ANA, CHANNEL)
    ana.command("config")
    until(lambda: ana.modal)
    ana.press("Revoke", nth=1)
    until(lambda: job.running.rows("SELECT id FROM team_tokens WHERE revoked_at IS NOT NULL"))
    ana.close()
    assert other.push(job.csv(), label="after")[0] == 401 and job.push(job.csv(), label="mine")[0] == 200


@pytest.mark.parametrize("bet", ["B-99", "7", "x", "%00", "B-1%2F", "%F0%9F%92%A9", "B-99999999999999999999"])
def test_a_bet_that_is_not_there_is_not_found(job: Job, bet: str) -> None:
    status, answer = job.push(job.csv(), bet=bet)
    assert status == 404 and "error" in answer


def test_a_bet_of_another_team_is_not_there(job: Job) -> None:
    home = job.running.home
    job.running.world.add_channel("C0OTHER", "other-team", members=[])
    (home / "bets.csv").write_text(
        "title,problem,owners,appetite_weeks,started_at,key\nSecret,x,U0ANA,4,2026-11-02,B-50\n"
    )
    for words_of in (["team", "add", "C0OTHER"], ["import", str(home / "bets.csv"), "--team", "C0OTHER"]):
        assert CliRunner().invoke(bets, words_of, env=job.running.env).exit_code == 0
    assert job.push(job.csv(), bet="B-50") == (404, job.push(job.csv(), bet="B-51")[1] | {"error": not_here("B-50")})


def not_here(key: str) -> str:
    return f"There is no {key} here: name a bet of the token's team by its key."


@pytest.mark.parametrize(
    ("data", "kind", "asked", "sentence"),
    [
        (b"", "text/csv", {}, "empty"),
        (b"a,b\n1,2\n", "text/csv", {}, "no column `id`"),
        (b"\xff\xfeid", "text/csv", {}, "UTF-16"),
        (b"id,input,prediction\n1,caf\xe9,b\n", "text/csv", {}, "not UTF-8"),
        (b"--x\r\nContent-Disposition: form-data\r\n", "multipart/form-data; boundary=x", {}, "--data-binary"),
        (b'[{"id": 1, "input": "a", "prediction": "b"}]', "application/json", {}, "is a JSON array: write one object"),
        (CSV % 1, "text/csv", {"label": ""}, "?label=v2"),
        (CSV % 2, "text/csv", {"label": "x" * 81}, "1 to 80 characters"),
        (CSV % 3, "text/csv", {"label": "\0\n"}, "1 to 80 characters"),
        (CSV % 4, "text/csv", {"metric": "accuracy"}, "write it like accuracy=0.9"),
        (CSV % 5, "text/csv", {"metric": "accuracy=nan"}, "no metric"),
        (CSV % 6, "text/csv", {f"x{n}": "1" for n in range(30)}, "too many parameters"),
    ],
)
def test_nonsense_is_a_bad_request_with_its_reason(
    job: Job, data: bytes, kind: str, asked: dict[str, str], sentence: str
) -> None:
    before = sets(job)
    status, answer = job.push(data, kind=kind, **asked)
    assert (status, sets(job)) == (400, before) and sentence in answer["error"], answer


def test_two_labels_in_an_address_are_a_bad_request(job: Job) -> None:
    headers = {"Authorization": f"Bearer {job.token}"}
    status, answer = job.ask("/api/v1/bets/B-1/predictions?label=a&label=b", job.csv(), headers)
    assert status == 400 and "label twice" in answer["error"]


def test_each_line_that_cannot_be_read_is_named(job: Job) -> None:
    status, answer = job.push(b"id,input,prediction\n" + b"1,a,b\n" * 9 + b"2,a\n")
    assert status == 400 and "and 4 more like these" in answer["error"]
    assert [one["line"] for one in answer["lines"]] == list(range(3, 12))
    assert answer["lines"][-1]["problem"] == "it has 2 fields, the first line names 3 columns"


def test_a_label_that_is_taken_is_refused(job: Job) -> None:
    assert job.push(job.csv(), label="taken")[0] == 200
    status, answer = job.push(job.csv(), label="taken")
    assert status == 400 and "labelled 'taken' already" in answer["error"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
@pytest.mark.parametrize("data", [None, b"id,input,prediction\n1,a,b\n" * 9_000], ids=["bare", "with a body"])
def test_other_methods_are_refused_with_the_one_that_is_answered(job: Job, method: str, data: bytes | None) -> None:
    before = sets(job)
    status, body = fetch(f"{job.running.url}/api/v1/bets/B-1/predictions?label=x", data, {}, method)
    assert (status, sets(job)) == (405, before)
    assert method == "HEAD" or json.loads(body) == {"error": "Only POST is answered here: send a prediction file."}


def test_more_than_twenty_megabytes_are_refused_before_they_are_read(job: Job) -> None:
    """The length alone is enough: not a byte of the body has been sent when the answer comes."""
    job.rest()
    with job.line(f"Content-Length: {20 * MB + 1}") as line:
        assert line.recv(100).startswith(b"HTTP/1.1 413")


def test_whoever_sends_too_much_still_reads_the_answer(job: Job) -> None:
    status, answer = job.push(b"x" * (21 * MB))
    assert status == 413 and "larger than 20 MB" in answer["error"]


def test_a_body_without_a_length_is_taken_up_to_the_limit(job: Job) -> None:
    data = (FILES / "tldr.v1.jsonl").read_bytes()
    status, answer = job.push((data[at : at + 1_000] for at in range(0, len(data), 1_000)), kind="", label="in chunks")
    assert (status, answer.get("rows")) == (200, len(data.splitlines()))
    assert job.push(b"x" * MB for _ in range(22))[0] == 413


@pytest.mark.parametrize(
    "body",
    [b"zz\r\n", b"5\r\nab\r\n0\r\n\r\n", b"-1\r\n", b"fffffffff\r\n", b"\r\n", b"3;" + b"x" * 2_000 + b"\r\nabc\r\n"],
)
def test_a_body_that_is_not_in_chunks_is_a_bad_request(job: Job, body: bytes) -> None:
    job.rest()
    with job.line("Transfer-Encoding: chunked") as line:
        line.sendall(body)
        line.shutdown(socket.SHUT_WR)
        assert line.recv(100).startswith(b"HTTP/1.1 400")


def test_a_body_that_breaks_off_is_a_bad_request(job: Job) -> None:
    job.rest()
    with job.line("Content-Length: 500") as line:
        line.sendall(b"id,input")
        line.shutdown(socket.SHUT_WR)
        assert line.recv(100).startswith(b"HTTP/1.1 400")
    with job.line() as line:
        assert line.recv(100).startswith(b"HTTP/1.1 400")


def test_slow_uploads_leave_the_rest_of_the_bot_alone(job: Job) -> None:
    """Two at once at most: the third is told when to come again, and people are answered meanwhile."""
    job.rest()
    data, began = job.csv(), datetime.now(UTC)
    with ExitStack() as lines:
        slow = [lines.enter_context(job.line(f"Content-Length: {len(data)}")) for _ in range(2)]
        until(lambda: job.booked() > began + 1.9 * EVERY)  # both are let in
        status, answer = job.push(job.csv(), label="third")
        assert status == 429 and "2 uploads are under way" in answer["error"]
        ana = Person(job.running.world, lambda: None, ANA, CHANNEL)
        assert "/bets new" in words(ana.command("help").body) and job.running.health()[0] == 200
        for line in slow:
            line.sendall(data)
        assert [line.recv(100)[:12] for line in slow] == [b"HTTP/1.1 200"] * 2
    assert until(lambda: job.push(data, label="x")[0] == 200)


def test_many_uploads_at_once_are_all_answered_and_none_twice(job: Job) -> None:
    data, found = job.csv(), []
    threads = [threading.Thread(target=lambda: found.append(job.push(data, label="at once"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {status for status, _ in found} <= {200, 429} and 200 in {status for status, _ in found}
    assert len(job.running.rows("SELECT id FROM prediction_sets WHERE label = 'at once'")) == 1


def test_a_token_that_is_used_too_often_is_told_how_long_to_wait(job: Job) -> None:
    job.rest()
    headers = {"Authorization": f"Bearer {job.token}"}
    url = f"{job.running.url}/api/v1/bets/B-1/predictions?label=often"
    found = [fetch(url, b"nonsense", headers) for _ in range(12)]
    assert [status for status, _ in found] == [400] * 10 + [429] * 2
    assert re.search(r"try again in [1-6] seconds", found[-1][1])
