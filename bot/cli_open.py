"""What every command does first: read the settings, open the database, refuse what cannot work."""

from collections.abc import Callable
from typing import Any

import click
from sqlalchemy import make_url

from bot.config import Settings, SettingsError, load_settings
from bot.domain.errors import Refusal
from bot.runtime import Bot

_MAY_WRITE = "let this user write to the file and its folder"
_COPY = "put a copy in its place, as the README says under Restore"
# What helps when the database cannot be used, by SQLite's words for why.
_HELP = {
    "database or disk is full": "make room on its disk",
    "attempt to write a readonly database": _MAY_WRITE,
    "unable to open database file": _MAY_WRITE,
    "database is locked": "something else holds it, so try again in a minute",
    "disk I/O error": "look whether its disk is sound",
    "database disk image is malformed": _COPY,
    "file is not a database": _COPY,
}


def read_settings(find_problems: Callable[[Settings, frozenset[str]], list[str]] | None = None) -> Settings:
    """The settings, or every problem with them in one line.

    `find_problems` says what else is wrong for this command; it is told which settings are wrong already.
    """
    from bot import logs

    problems: list[str] = []
    wrong: frozenset[str] = frozenset()
    settings: Settings | None
    try:
        settings = load_settings()
    except SettingsError as error:
        problems, settings, wrong = error.problems, error.rest, error.wrong
    if settings and find_problems:
        problems = problems + find_problems(settings, wrong)
    if problems or settings is None:
        raise click.ClickException("; ".join([*(one.rstrip(".") for one in problems[:-1]), *problems[-1:]]))
    # A command that answers by itself says only what is wrong; `run` speaks up as LOG_LEVEL says.
    level = "DEBUG" if settings.log_level == "DEBUG" else "WARNING"
    logs.set_up(level, settings.log_format, settings.secrets)
    return settings


def open_bot(settings: Settings | None = None, **more: Any) -> Bot:
    """A bot over a database that is there and of this version; a missing one is created."""
    from bot.app import build
    from bot.store import migrate

    settings = settings or read_settings()
    try:
        migrate.prepare(settings.database)
    except (Refusal, OSError, RuntimeError) as error:
        raise database_error(settings, error) from None
    return build(settings, **more)


def database_error(settings: Settings, error: Exception) -> click.ClickException:
    """Why there is no database to work with, in one sentence with its fix."""
    if not isinstance(error, OSError):
        place = make_url(settings.database).database or ""
        return click.ClickException(unusable(error.__cause__, place) or str(error))
    name = "DATABASE_URL" if settings.database_url else "BETS_HOME"
    place, why = error.filename or settings.database, (error.strerror or "unknown reason").lower()
    return click.ClickException(f"{place} cannot be made ({why}): set {name} to a place where this user may write.")


def unusable(error: BaseException | None, place: str = "") -> str:
    """Why SQLite cannot use the file, in one sentence with its fix; empty for any other error."""
    why = str(getattr(error, "orig", None) or error)
    where = f"The database {place}".rstrip()
    return f"{where} cannot be used ({why}): {_HELP[why]}." if why in _HELP else ""


def refuse_moved_clock(bot: Bot) -> None:
    """A database whose clock was moved by a simulation must not talk to a real Slack."""
    from bot.store import meta

    with bot.reading() as tx:
        moved = meta.get_offset(tx).total_seconds() != 0
    if moved and not bot.loopback:
        raise click.ClickException(
            "This database's clock was moved by a simulated Slack: `bets export`, then `bets import` into a fresh one."
        )
