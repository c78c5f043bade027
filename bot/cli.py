"""The `bets` command: thin, and quick to start, since each subcommand is imported only when it is used."""

import errno
import sys
from importlib import import_module

import click

# Each subcommand, where it lives, and its line in the help; reading the help imports none of them.
COMMANDS = {
    "demo": ("bot.cli_run:demo", "Try it: a simulated Slack workspace, the bot, and a page to play in."),
    "run": ("bot.cli_run:run", "Run the bot."),
    "migrate": ("bot.cli_run:migrate", "Bring the database to this version."),
    "team": ("bot.cli_teams:team", "Teams: list, add, set, pause, resume."),
    "tick": ("bot.cli_work:tick", "Do everything that is due now, once."),
    "status": ("bot.cli_work:status", "Show what is due next, and what waits."),
    "predictions": ("bot.cli_predictions:predictions", "Prediction sets: push."),
    "advise": ("bot.cli_advise:advise_", "The nudge policy as a filter: JSON lines in, JSON lines out."),
    "manifest": ("bot.cli_run:manifest", "Print the Slack app manifest."),
    "export": ("bot.cli_data:export", "Write everything to files."),
    "import": ("bot.cli_data:import_", "Take in files of an export, or simple CSV."),
}


class Lazy(click.Group):
    """A group that imports a subcommand when it is called, not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name][0].partition(":")
        found: click.Command = getattr(import_module(module), attribute)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bets", prog_name="bets")
def bets() -> None:
    """Bets: a Slack bot that keeps an applied machine-learning team's bets."""


def main() -> None:
    """Runs the command; whatever goes wrong is one line on stderr: 1 it failed, 2 wrong usage, never a traceback."""
    try:
        sys.exit(bets.main(prog_name="bets", standalone_mode=False) or 0)
    except click.exceptions.Abort:
        click.echo("bets: stopped before it was done.", err=True)
        sys.exit(1)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        click.echo(f"bets: {error.format_message()}", err=True)
        sys.exit(error.exit_code)
    except Exception as error:  # the operator learns of it here: what kind of error and where, never its text
        click.echo(f"bets: {_explain(error)}", err=True)
        sys.exit(1)


def _explain(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "There is no room left on the disk: make some, and try again."
    from bot.cli_open import unusable
    from bot.logs import places

    return unusable(error) or f"something went wrong inside, please report it: {places(error)}"


if __name__ == "__main__":
    main()
