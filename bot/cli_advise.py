"""`bets advise`: the nudge policy as a filter, JSON lines in, JSON lines out."""

import json
import math
import sys
from datetime import datetime
from typing import IO

import click

from bot.cli_types import Instant
from bot.domain.case_lines import read_case
from bot.domain.ledger import Line
from bot.domain.policy import Advice, advise
from bot.domain.rules import KEEP

LONGEST_NUMBER = 4000


@click.command("advise")
@click.option("--at", type=Instant(), help="Instead: what it says on the stored history at that instant.")
@click.option("--team", "channels", multiple=True, metavar="C", help="With --at: only this team; several times.")
def advise_(at: datetime | None, channels: tuple[str, ...]) -> None:
    """Read one bet in one week a line on standard input, and write one advice a line, in the same order.

    It keeps no state: the same line always gets the same answer. A line that is no JSON object is answered with keep,
    so that there are as many answers as lines.

    With --at it reads the database instead, and writes one line for each bet that was live at that instant, with what
    it would have said week by week; nothing is posted, nothing stored.
    """
    if at is not None:
        from bot.cli_replay import show_stored

        show_stored(at, channels)
        return
    if channels:
        raise click.UsageError("--team goes with --at: on standard input there are no teams.")
    answer_lines(sys.stdin.buffer, sys.stdout.buffer)


def answer_lines(lines: IO[bytes], out: IO[bytes]) -> None:
    """Writes the answer to each line as soon as the line is there."""
    for raw in lines:
        out.write(json.dumps(answer(raw)).encode() + b"\n")
        out.flush()


def answer(raw: bytes) -> dict:
    """The answer to one line (policy.md section 6); p to four digits, points to two."""
    try:
        line = json.loads(raw.decode("utf-8-sig", errors="replace"), parse_int=_whole, parse_constant=_no_number)
    except (ValueError, RecursionError):  # no JSON, or nested too deeply
        line = None
    if not isinstance(line, dict):
        return {"id": None, "advice": KEEP, "reasons": []}
    return {"id": _echo(line.get("id")), **shown(advise(read_case(line)))}


def shown(found: Advice) -> dict:
    """An advice without its id, as it is written."""
    return {"advice": found.advice, "p": round(found.p, 4), "reasons": [_reason(one) for one in found.reasons]}


def _echo(value: object) -> object:
    """An id as it came; what is neither text nor a number that JSON knows is nobody's id."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, str | int) else None


def _reason(one: Line) -> dict:
    points = {} if one.code == "index" else {"points": round(one.points, 2)}
    return {"code": one.code, **points, "text": one.text}


def _whole(digits: str) -> int | None:
    """A whole number; one of more digits than Python reads counts as not given, and does not cost the line its id."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else None


def _no_number(word: str) -> None:
    """NaN and Infinity are no JSON: they count as not given, and are never echoed."""
    return
