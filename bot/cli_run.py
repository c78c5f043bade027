"""`bets run`, `bets demo`, `bets migrate` and `bets manifest`."""

import gc
import json
import logging
import os
import re
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from types import FrameType

import click

from bot.cli_open import database_error, open_bot, read_settings, refuse_moved_clock
from bot.cli_types import Instant, Port
from bot.config import Settings
from bot.domain.errors import Refusal
from bot.runtime import Bot

log = logging.getLogger("bets.run")

_ADDRESS = re.compile(r"https://[^\s/?#]+(/[^\s?#]*)?")
STOP_SECONDS = 9.0
SWITCH_SECONDS = 0.001
# New objects between two looks for garbage among them: an answer makes thousands, nearly all gone with it.
GARBAGE = 20_000


@click.command()
@click.option("--mode", type=click.Choice(["socket", "http"]), help="Follows from the tokens when not given.")
def run(mode: str | None) -> None:
    """Run the bot until it is told to stop."""
    from bot import logs

    settings = read_settings(lambda settings, wrong: _find_problems(settings, wrong, mode))
    logs.set_up(settings.log_level, settings.log_format, settings.secrets)
    bot = open_bot(settings)
    refuse_moved_clock(bot)
    _warn_of_disk(settings)
    # Somebody waits for an acknowledgement, nobody for the work behind it: a busy thread lets others in sooner.
    sys.setswitchinterval(SWITCH_SECONDS)
    _settle()
    (_run_http if _mode_of(settings, mode) == "http" else _run_socket)(bot, settings)


def _settle() -> None:
    """What is loaded by now stays, so that nobody waits while it is searched for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE)


def _mode_of(settings: Settings, given: str | None, wrong: frozenset[str] = frozenset()) -> str:
    lacks_app_token = not settings.app_token and "slack_app_token" not in wrong
    return given or ("http" if settings.signing_secret and lacks_app_token else "socket")


def _find_problems(settings: Settings, wrong: frozenset[str], given: str | None) -> list[str]:
    """What else is wrong for `bets run`: tokens that are missing, an address at which nothing can listen."""
    mode = _mode_of(settings, given, wrong)
    problems = [_missing(settings, wrong, mode), _port_problem(settings, mode, wrong)]
    return [problem for problem in problems if problem]


def _missing(settings: Settings, wrong: frozenset[str], mode: str) -> str:
    other = ("SLACK_SIGNING_SECRET", settings.signing_secret)
    needed = [("SLACK_BOT_TOKEN", settings.bot_token)]
    needed += [other] if mode == "http" else [("SLACK_APP_TOKEN", settings.app_token)]
    missing = [name for name, value in needed if not value and name.lower() not in wrong]
    if not missing:
        return ""
    either = mode == "socket" and "SLACK_APP_TOKEN" in missing and not settings.signing_secret
    hint = " (SLACK_SIGNING_SECRET instead for HTTP mode)" if either else ""
    return f"{' and '.join(missing)} must be set to run in {mode} mode{hint}: in the environment or in a file .env."


def _port_problem(settings: Settings, mode: str, wrong: frozenset[str]) -> str:
    from bot.transport.health import refusal

    if "port" in wrong:
        return refusal(settings.host, 0)  # any free one: what is wrong with the host is told beside it
    if settings.port:
        return refusal(settings.host, settings.port)
    return "PORT must be set in HTTP mode: it is where Slack reaches the bot." if mode == "http" else ""


def _warn_of_disk(settings: Settings) -> None:
    from bot.disk import find_risk

    risk = find_risk(settings.database)
    if risk:
        click.echo(f"bets: warning: {risk}", err=True)


def _run_socket(bot: Bot, settings: Settings) -> None:
    from bot.transport import health
    from bot.transport.contact import Contact, TokenRejected
    from bot.transport.socket import LineDead, LineRejected, Socket
    from bot.work import gapfill
    from bot.work.ticker import Ticker

    stop = threading.Event()
    _stop_on_signals(stop)
    contact, ticker = Contact(bot), Ticker(bot, settings.bets_heartbeat_url)
    socket = Socket(bot, settings.app_token, on_gap=lambda: gapfill.once(bot))
    if settings.port:
        with _told_if_taken(settings):
            health.serve(bot, socket.is_connected, settings.host, settings.port)
    try:
        contact.make()
        ticker.start()
        contact.keep_trying(stop)
        socket.run(stop)
    except TokenRejected as error:
        raise click.ClickException(BAD_TOKEN.format(error)) from None
    except LineRejected as error:
        raise click.ClickException(
            f"Slack refuses SLACK_APP_TOKEN ({error}): make a new one with the scope connections:write."
        ) from None
    except LineDead:
        raise click.ClickException("The line to Slack stays silent, and so did those before it: start again.") from None
    finally:
        _leave_in_time()
        ticker.stop()
        bot.engine.dispose()


BAD_TOKEN = "Slack refuses SLACK_BOT_TOKEN ({}): copy it again from the app's page, or install the app again."


def _run_http(bot: Bot, settings: Settings) -> None:
    from importlib.util import find_spec

    from bot.transport import http
    from bot.transport.contact import Contact, TokenRejected
    from bot.work.ticker import Ticker

    if find_spec("gunicorn") is None:
        raise click.ClickException("HTTP mode needs gunicorn: pip install 'bets[http]'.")
    stop = threading.Event()
    contact, ticker = Contact(bot), Ticker(bot, settings.bets_heartbeat_url)
    try:
        contact.make()
    except TokenRejected as error:
        raise click.ClickException(BAD_TOKEN.format(error)) from None
    bot.engine.dispose()  # nothing of the database crosses the fork

    def keep_trying() -> None:
        try:
            contact.keep_trying(stop)
        except TokenRejected as error:  # the server goes on, and its health page stays red
            log.error(BAD_TOKEN.format(error))

    def start() -> None:
        threading.Thread(target=keep_trying, name="contact", daemon=True).start()
        ticker.start()

    def leave() -> None:
        stop.set()
        ticker.stop()

    secret = settings.signing_secret
    with _told_if_taken(settings):
        http.run(bot, secret, settings.host, settings.port, lambda: contact.is_made, start, leave)


@contextmanager
def _told_if_taken(settings: Settings) -> Iterator[None]:
    """Somebody may take the port after it was looked at, such as another `bets run`: one sentence, as if they had it
    before. gunicorn ends without a word then."""
    from bot.transport.health import refusal

    try:
        yield
    except (OSError, SystemExit) as error:
        taken = isinstance(error, OSError) or error.code
        if taken and (said := refusal(settings.host, settings.port)):
            raise click.ClickException(said) from None
        raise


def _stop_on_signals(stop: threading.Event) -> None:
    def leave(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)


def _leave_in_time() -> None:
    """Ends the process in nine seconds if a call that hangs still holds it: all that is owed stands in the database,
    and what was under way is looked for in Slack before it is sent again."""
    end = threading.Timer(STOP_SECONDS, os._exit, (0,))
    end.daemon = True
    end.start()


@click.command()
def migrate() -> None:
    """Bring the database to this version; safe to run twice, or at once."""
    from bot.store import migrate as schema

    settings = read_settings()
    try:
        schema.upgrade(settings.database)
    except (Refusal, OSError, RuntimeError) as error:
        raise database_error(settings, error) from None
    click.echo(f"{settings.database} is up to date.")


@click.command()
@click.option("--mode", type=click.Choice(["socket", "http"]), default="socket", show_default=True)
@click.option("--url", help="Where Slack reaches the bot, such as https://bets.example.com (HTTP mode).")
def manifest(mode: str, url: str | None) -> None:
    """Print the Slack app manifest, to paste into api.slack.com/apps."""
    from bot.transport.manifest import manifest as make

    if mode == "http" and not _ADDRESS.fullmatch(url or ""):
        raise click.UsageError("--mode http needs --url https://...: the address at which Slack reaches the bot.")
    click.echo(json.dumps(make(mode, url), indent=2))


@click.command()
@click.option("--port", type=Port(), default=8765, show_default=True, help="Of the page; 0: any free one.")
@click.option("--fresh", is_flag=True, help="Start over, with a new workspace.")
@click.option("--at", type=Instant(), help="What time it is in the workspace.")
def demo(port: int, fresh: bool, at: datetime | None) -> None:
    """Try it without Slack: a simulated workspace on this machine, the bot, and a page to play in."""
    try:
        from bot.demo.run import run_demo
    except ImportError:
        raise click.ClickException("The demo needs its web server: pip install 'bets[demo]'.") from None
    _settle()
    run_demo(port, fresh, at)
