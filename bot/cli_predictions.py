"""`bets predictions push`: a prediction set from a file, on the bot's machine or with `--url` from any other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import click
from sqlalchemy import Connection

from bot.domain.errors import Refusal
from bot.domain.prediction_rows import list_names
from bot.domain.records import Bet, Team

BY = "the command line"


@click.group()
def predictions() -> None:
    """Prediction sets: push."""


@predictions.command()
@click.argument("key", metavar="BET")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--label", required=True, metavar="TEXT", help="What people call this version, such as v2.")
@click.option("--metric", metavar="NAME=VALUE", help="A number that this version reached, such as accuracy=0.9.")
@click.option("--link", metavar="URL", help="Where people can look at it: needed where the team keeps links only.")
@click.option("--url", metavar="URL", help="Of a bot on another machine, such as https://bets.example.com.")
@click.option("--token", metavar="TOKEN", help="The team's token, made with New token in /bets config.")
def push(
    key: str, file: Path, label: str, metric: str | None, link: str | None, url: str | None, token: str | None
) -> None:
    """Add a prediction set to a bet: a CSV, TSV or JSONL file with the columns id, input and prediction; images that
    it names are read from its folder."""
    if (url is None) != (token is None):
        raise click.UsageError("--url and --token go together: where the bot is, and the token that opens it.")
    if url is not None and token is not None:
        _push_there(url, token, key, file, label, metric or "", link or "")
    else:
        _push_here(key, file, label, metric or "", link or "")


def _push_there(url: str, token: str, key: str, file: Path, label: str, metric: str, link: str) -> None:
    from bot.cli_push import push as send

    try:
        answer = send(url, token, key, file, label, metric, link)
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None
    rows = f"{answer['rows']} row{'' if answer['rows'] == 1 else 's'}"
    click.echo(f"{key} has it as {answer['label']}: {rows}.{_comes(answer.get('metric'), answer.get('compared'))}")
    _tell_columns(answer["columns"], answer["unused"])


def _push_here(key: str, file: Path, label: str, metric: str, link: str) -> None:
    from bot.actions.predictions import read_incoming
    from bot.actions.pushing import do_take
    from bot.cli_beside import read_beside
    from bot.cli_inline import read_bytes
    from bot.cli_open import open_bot

    bot = open_bot()
    try:
        beside = partial(read_beside, file.parent)
        incoming = replace(read_incoming(file.name, read_bytes(file), label, metric, bot.unpack, beside), link=link)
        with bot.transaction() as tx:
            bet, team = _find(tx, key)
            taken = do_take(tx, bot.now(), team, bet, incoming, "push", BY)
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None
    finally:
        bot.engine.dispose()
    rows = f"{taken.rows:,} row{'' if taken.rows == 1 else 's'}, seed {taken.seed}."
    done = f"{bet.key} has it as {taken.label} already" if taken.again else f"Added {taken.label} to {bet.key}"
    click.echo(f"{done}: {rows}{_comes(taken.metric, taken.compared)}")
    _tell_columns(taken.columns, taken.unused)


def _comes(metric: object, compared: object) -> str:
    """The set's metric, and what people see of the set next."""
    from bot.render.predictions import COMPARED, NEXT_ROUND

    has = f" Its metric is {metric}." if metric else ""
    return _printable(f"{has} Its {COMPARED}" if compared else f"{has} {NEXT_ROUND}.")


def _tell_columns(columns: Mapping[str, str], unused: Sequence[str]) -> None:
    read = [ours if ours == name else f"{ours} from {name}" for ours, name in columns.items()]
    if read:
        click.echo(_printable(f"Read as {', '.join(read)}."))
    if unused:
        click.echo(_printable(f"Not used: the columns {list_names(unused)}."), err=True)


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _find(tx: Connection, key: str) -> tuple[Bet, Team]:
    from bot.domain.words import parse_key
    from bot.store.bets import get_bet_by_number
    from bot.store.teams import get_team

    number = parse_key(key)
    bet = get_bet_by_number(tx, number) if number else None
    if bet is None:
        raise Refusal(f"There is no {key[:40]} here: name a bet by its key, such as B-7.")
    return bet, get_team(tx, bet.team_id)
