"""What every command does first: read the settings, open the database, refuse what cannot work."""

from typing import Any

import click

from bot.config import Settings, SettingsError, load_settings
from bot.domain.errors import Refusal
from bot.runtime import Bot


def read_settings() -> Settings:
    """The settings, or every problem with them in one line."""
    from bot import logs

    try:
        settings = load_settings()
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
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
        raise click.ClickException(str(error)) from None
    return build(settings, **more)


def refuse_moved_clock(bot: Bot) -> None:
    """A database whose clock was moved by a simulation must not talk to a real Slack."""
    from bot.store import meta

    with bot.reading() as tx:
        moved = meta.get_offset(tx).total_seconds() != 0
    if moved and not bot.loopback:
        raise click.ClickException(
            "This database's clock was moved by a simulated Slack: `bets export`, then `bets import` into a fresh one."
        )
