"""`bets predictions push --url`, from a machine without a database: to a bot that runs, and to what is none."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import bets
from tests.scenarios.judging import FILES
from tests.transport.jobs import Job, sets
from tests.transport.running import Running, free_port

FILE = FILES / "intents.v1.csv"


def push(url: str, token: str = "bets-x", file: Path = FILE, key: str = "B-1", label: str = "v1", *more: str) -> Result:
    words = ["predictions", "push", key, str(file), "--label", label, "--url", url, "--token", token, *more]
    return CliRunner().invoke(bets, words)


def said(done: Result) -> str:
    """The one line of a command that failed."""
    assert done.exit_code == 1 and "Traceback" not in done.output and done.output.count("\n") == 1, done.output
    return done.output


class Stranger:
    """Something else that answers at an address, and what it heard."""

    def __init__(self, status: int, body: bytes, **headers: str) -> None:
        heard = self.heard = []  # type: ignore[var-annotated]

        class Page(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                heard.append((self.path, self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
                if not status:
                    return
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(body))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Nobody reads it."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture(scope="module")
def running(http: Running) -> Running:
    """One mode is enough for the side that pushes: `test_pushes.py` knows what both answer."""
    return http


@pytest.fixture
def stranger() -> Iterator[Any]:
    met: list[Stranger] = []

    def meet(status: int, body: bytes = b"", **headers: str) -> Stranger:
        met.append(Stranger(status, body, **headers))
        return met[-1]

    yield meet
    for one in met:
        one.server.shutdown()
        one.server.server_close()


def test_a_file_is_pushed_from_a_machine_that_has_no_database(
    job: Job,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BETS_HOME", str(tmp_path / "nothing"))
    job.rest()
    done = push(job.running.url, job.token, FILE, "B-1", "v1", "--metric", "accuracy=0.5")
    assert done.exit_code == 0 and "B-1 has it as v1: 200 rows." in done.output, done.output
    assert "Read as id, input, prediction, expected, score, model." in done.output
    assert sets(job)[-1][1:] == ("v1", "intents.v1.csv", "http") and not (tmp_path / "nothing").exists()
    job.rest()
    assert "Its metric is accuracy=0.5. Samples come with the team's next round." in done.output
    again = push(job.running.url + "/", job.token, FILE, "b-1", "v1")
    assert again.exit_code == 0 and "as v1: 200 rows" in again.output
    job.rest()
    other = said(push(job.running.url, job.token, FILE, "B-1", "other"))
    assert "B-1 has this file already, as 'v1'" in other
    job.rest()
    other = said(push(job.running.url, job.token, FILE, "B-1", "v1", "--metric", "accuracy=0.6"))
    assert "B-1 has this file already, with 'accuracy=0.5'" in other


@pytest.mark.parametrize("name", ["x.jsonl", "x.csv"])
def test_images_beside_the_file_go_along_in_its_rows(job: Job, tmp_path: Path, name: str) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a.png").write_bytes((FILES / "images" / "digit-0000.png").read_bytes())
    rows = {
        "x.jsonl": '{"uid": 1, "text": {"a": "\u00e9"}, "pred": 4.5, "image": "images/a.png", "note": "x"}\n'
        '{"uid": 2, "text": null, "pred": "b"}',
        "x.csv": "id,input,prediction,image,score,split\n1,a,4,images/a.png,0.5,test\n2,c,b,,,test\n",
    }
    (tmp_path / name).write_text(rows[name])
    job.rest()
    done = push(job.running.url, job.token, tmp_path / name, "B-1", name)
    assert done.exit_code == 0 and f"B-1 has it as {name}: 2 rows." in done.stdout, done.output
    assert done.stderr == f"Not used: the columns {'note' if name == 'x.jsonl' else 'split'}.\n"
    last = "SELECT max(id) FROM prediction_sets"
    first, second = job.running.rows(
        f"SELECT input, prediction, image, score FROM predictions WHERE set_id = ({last}) ORDER BY position"
    )
    assert first[2].startswith("data:image/png;base64,") and second[2] is None
    assert ("4.5" if name == "x.jsonl" else "4") in first[1] and first[3] == (None if name == "x.jsonl" else 0.5)
    job.rest()
    again = push(job.running.url, job.token, tmp_path / name, "B-1", name)
    assert again.exit_code == 0 and f"as {name}: 2 rows" in again.output


@pytest.mark.parametrize(
    ("image", "sentence"),
    [
        ("../a.png", "is no file in the folder of the pushed file"),
        ("/etc/hostname", "is no file in the folder of the pushed file"),
        ("link.png", "no such file, or it is a link"),
        ("nowhere.png", "no such file, or it is a link"),
        ("x.jsonl", "its image is no PNG, JPEG, GIF or WebP"),
        ("https://example.com/a.png", "its image is an address, and I open none"),
    ],
)
def test_an_image_that_is_not_beside_the_file_is_refused_and_nothing_is_sent(
    stranger: Any, tmp_path: Path, image: str, sentence: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "a.png").write_bytes((FILES / "images" / "digit-0000.png").read_bytes())
    (tmp_path / "in" / "link.png").symlink_to(tmp_path / "a.png")
    file = tmp_path / "in" / "x.jsonl"
    file.write_text(json.dumps({"id": "1", "input": "An image", "prediction": "4", "image": image}))
    other = stranger(200, b'{"label": "v1", "rows": 1}')
    told = said(push(other.url, file=file))
    assert "row '1': " in told and sentence in told and other.heard == []


def test_what_is_no_list_of_columns_in_an_answer_is_not_told(stranger: Any, tmp_path: Path) -> None:
    parquet = tmp_path / "x.parquet"
    parquet.write_bytes(b"PAR1")
    odd = {"label": "v1", "rows": 1, "columns": {"id": "k\x1b[31mey"}, "unused": "x"}
    done = push(stranger(200, json.dumps(odd).encode()).url, file=parquet)
    assert done.exit_code == 0 and "Read as id from k [31mey." in done.output and "Not used" not in done.output


def test_rows_that_are_too_large_with_their_images_never_leave_the_machine(
    stranger: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.png").write_bytes((FILES / "images" / "digit-0000.png").read_bytes())
    row = {"input": "An image", "prediction": "4", "image": "a.png"}
    file = tmp_path / "x.jsonl"
    file.write_text("\n".join(json.dumps({"id": str(n)} | row) for n in range(3)))
    other = stranger(200, b'{"label": "v1", "rows": 3}')
    assert push(other.url, file=file).exit_code == 0
    monkeypatch.setattr("bot.cli_inline.MOST_BYTES", len(other.heard[0][2]) - 1)
    assert "x.jsonl and its images are larger than 0 MB together" in said(push(other.url, file=file))
    assert len(other.heard) == 1


@pytest.mark.parametrize(
    ("token", "key", "label", "data", "sentence"),
    [
        ("bets-wrong", "B-1", "v1", b"id,input,prediction\n1,a,b\n", "The token is not known"),
        ("", "B-9", "v1", b"id,input,prediction\n1,a,b\n", "There is no B-9 here"),
        ("", "../../x?y#z", "v1", b"id,input,prediction\n1,a,b\n", "There is no ../../x?y#z here"),
        ("", "B-1", " ", b"id,input,prediction\n1,a,b\n", "no label"),
        ("", "B-1", "v1", b"id,input,prediction\n1,a\n", "line 2: it has 2 fields"),
        ("", "B-1", "v1", b"", "is empty"),
    ],
)
def test_what_the_bot_refuses_is_said_in_its_words(
    job: Job,
    tmp_path: Path,
    token: str,
    key: str,
    label: str,
    data: bytes,
    sentence: str,
) -> None:
    (tmp_path / "x.csv").write_bytes(data)
    job.rest()
    assert sentence in said(push(job.running.url, token or job.token, tmp_path / "x.csv", key, label))


def test_a_file_that_is_too_large_never_leaves_the_machine(stranger: Any, tmp_path: Path) -> None:
    with open(tmp_path / "x.csv", "wb") as sparse:
        sparse.truncate(2**30)
    other = stranger(200)
    assert "larger than 20 MB" in said(push(other.url, file=tmp_path / "x.csv")) and other.heard == []


def test_a_file_that_is_not_there_is_said(stranger: Any) -> None:
    assert "nowhere.csv cannot be read: no such file" in said(push(stranger(200).url, file=Path("nowhere.csv")))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_with_the_token(stranger: Any, status: int) -> None:
    there = stranger(200, b'{"label": "v1", "rows": 1}')
    assert "sends on to another address" in said(push(stranger(status, Location=there.url).url))
    assert there.heard == []


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (200, b"<html>Welcome</html>", "is no bot (status 200)"),
        (404, b"Not found", "is no bot (status 404)"),
        (502, b"", "is no bot (status 502)"),
        (200, b"{}", "answered with status 200"),
        (500, b"[" * 50_000, "is no bot (status 500)"),
        (400, b'{"error": "bad \\u001b[31mthing\\nhere"}', "bad  [31mthing here"),
        (0, b"", "broke off before it answered: push again"),
    ],
)
def test_what_is_no_bot_is_said_to_be_none(stranger: Any, status: int, body: bytes, sentence: str) -> None:
    assert sentence in said(push(stranger(status, body).url))


def test_no_connection_is_said(tmp_path: Path) -> None:
    assert "No connection to 127.0.0.1:" in said(push(f"http://127.0.0.1:{free_port()}"))
    assert "No connection to nowhere.invalid" in said(push("https://nowhere.invalid"))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://bets.example.com", "must begin with https://"),
        ("http://127.0.0.1.example.com", "must begin with https://"),
        ("http://10.0.0.1:3000", "must begin with https://"),
        ("bets.example.com", "is no address"),
        ("ftp://bets.example.com", "is no address"),
        ("https://", "is no address"),
        ("https://[::1", "is no address"),
        ("http://localhost:99999", "is no address"),
        ("https://user:pw@bets.example.com", "more than an address"),
        ("https://bets.example.com/?x=1", "more than an address"),
    ],
)
def test_an_address_to_which_no_token_may_go_is_refused(url: str, sentence: str) -> None:
    assert sentence in said(push(url))


@pytest.mark.parametrize("token", ["", "caf\xe9", "a\r\nX-Evil: 1"])
def test_what_is_no_token_is_refused_before_it_is_sent(stranger: Any, token: str) -> None:
    other = stranger(200)
    assert "--token is no token" in said(push(other.url, token)) and other.heard == []


@pytest.mark.parametrize("option", [["--url", "https://bets.example.com"], ["--token", "bets-x"]])
def test_an_address_without_a_token_and_a_token_without_an_address_are_wrong_usage(option: list[str]) -> None:
    done = CliRunner().invoke(bets, ["predictions", "push", "B-1", str(FILE), "--label", "v1", *option])
    assert done.exit_code == 2 and "go together" in done.output
