"""Prediction sets in a team's week: files that come in, and the rounds in which people judge samples of them."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from bot.actions.predictions import Incoming, do_add_set, read_incoming
from bot.cli_beside import read_beside
from bot.domain.predictions import PredictionSet
from bot.domain.records import Bet
from bot.store.teams import get_team
from tests.conftest import Office
from tests.scenarios.rounds import MONDAY, NEXT_MONDAY
from tests.talk import words

FILES = Path(__file__).parent.parent / "predictions"
WEDNESDAY_11 = datetime(2026, 12, 2, 10, 0, tzinfo=UTC)  # 11:00 in Berlin
FRIDAY_11 = datetime(2026, 12, 4, 10, 0, tzinfo=UTC)
NEXT_WEDNESDAY = datetime(2026, 12, 9, 10, 0, tzinfo=UTC)
NEXT_FRIDAY = datetime(2026, 12, 11, 10, 0, tzinfo=UTC)
TITLE = "Sample predictions: do they look right?"


def push(office: Office, bet: Bet, name: str, label: str = "", metric: str = "", link: str = "") -> PredictionSet:
    """The file becomes a set of the bet, as from the command line."""
    incoming = replace(_read(name, label or name.split(".")[1], metric), link=link)
    with office.bot.transaction() as tx:
        return do_add_set(tx, office.bot.now(), get_team(tx, bet.team_id), bet, incoming, "push", "the command line")


@cache
def _read(name: str, label: str, metric: str) -> Incoming:
    """Read once in a test process, since many tests push the same files."""
    return read_incoming(name, (FILES / name).read_bytes(), label, metric, beside=partial(read_beside, FILES))


def to_wednesday(office: Office) -> None:
    """The first week goes on to the hour of samples."""
    office.at(MONDAY)
    office.at(WEDNESDAY_11)


def to_next_wednesday(office: Office) -> None:
    """And the week after it."""
    office.at(NEXT_MONDAY)
    office.at(NEXT_WEDNESDAY)


def rounds(office: Office) -> list[dict[str, Any]]:
    """The messages with samples in the channel, oldest first."""
    return [message for message in office.messages() if TITLE in words(message)]


def printed(message: dict[str, Any]) -> list[int]:
    """The numbers that are printed in a message with samples, in order."""
    texts = [block["text"]["text"] for block in message["blocks"] if block["type"] == "section"]
    return [int(found[1]) for text in texts if (found := re.match(r"\*(\d)\.\*", text))]
