"""`bets export` and `bets import`."""

from collections.abc import Iterable
from pathlib import Path

import click

from bot.domain.errors import Refusal

# The columns of the simple CSVs; the first three must be there.
SIMPLE = {
    "simple_bets": ("title", "problem", "owners", "appetite_weeks", "started_at", "key"),
    "simple_updates": ("bet", "user", "week", "confidence", "text", "days"),
}
NEEDED = 3
_MOST_NAMED = 5
LATER = ("csv", "html")
_FORMATS = "jsonl (if not given): everything; md: the scopes alone, a file for each version."


@click.command("export")
@click.option("--team", "channels", multiple=True, metavar="C", help="Only this team; may be given several times.")
@click.option("--format", "form", type=click.Choice(["jsonl", "md", *LATER]), default="jsonl", help=_FORMATS)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder; it is made.")
def export(channels: tuple[str, ...], form: str, out: Path) -> None:
    """Write everything to files, one for each kind."""
    from bot.actions.scope_posts import list_files
    from bot.cli_open import open_bot
    from bot.reports.frames import write_jsonl
    from bot.store.exporting import KINDS, list_rows
    from bot.store.teams import list_teams

    if form in LATER:
        raise click.ClickException(f"--format {form} is not there yet: use jsonl.")
    bot = open_bot()
    with bot.reading() as tx:
        teams = [team for team in list_teams(tx) if not channels or team.channel in channels]
        unknown = set(channels) - {team.channel for team in teams}
        if unknown:
            raise click.ClickException(f"There is no team {min(unknown)}: `bets team list` shows them.")
        try:
            out.mkdir(parents=True, exist_ok=True)
            if form == "md":
                counts = {
                    "scopes": _write(out / "scopes", (one for t in teams for one in list_files(tx, bot.now(), t)))
                }
            else:
                ids = [team.id for team in teams]
                counts = {kind: write_jsonl(out / f"{kind}.jsonl", list_rows(tx, kind, ids)) for kind in KINDS}
        except OSError as error:
            raise click.ClickException(
                f"{out} cannot be written: {(error.strerror or 'unknown reason').lower()}."
            ) from None
    said = ", ".join(_many(count, kind) for kind, count in counts.items() if count)
    click.echo(f"{out}: {said or 'nothing to write yet'}")


def _write(folder: Path, files: Iterable[tuple[str, str]]) -> int:
    """Each (name, text) as a file; says how many."""
    folder.mkdir(exist_ok=True)
    written = [(folder / name).write_text(text, encoding="utf-8") for name, text in files]
    return len(written)


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--team", "channels", multiple=True, metavar="C", help="The team of simple CSV rows; of JSONL: only these."
)
@click.option("--dry-run", is_flag=True, help="Check everything, store nothing.")
def import_(files: tuple[Path, ...], channels: tuple[str, ...], dry_run: bool) -> None:
    """Take in files of an export, or simple CSV: all of it or nothing."""
    from bot.actions.importing import do_import
    from bot.cli_open import open_bot
    from bot.work.lookups import name_owners

    rows, problems = _read(files)
    bot = open_bot()
    counts: dict[str, int] = {}
    try:
        with bot.transaction() as tx:
            done = do_import(tx, bot.now(), rows, frozenset(channels))
            problems, counts = [*problems, *done.problems], done.counts
            if done.repeated and not problems:
                raise click.ClickException("nothing was imported: every row is here already.")
            if problems or dry_run:
                raise _Undo
        name_owners(bot)
    except _Undo:
        pass
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None
    finally:
        bot.engine.dispose()
    if problems:
        names = [str(path) for path in files]
        for file, line, problem in sorted(problems, key=lambda one: (names.index(one[0]), one[1])):
            click.echo(f"{file}, line {line}: {problem}" if line else problem, err=True)
        rows_to_mend = len({(file, line) for file, line, _ in problems})
        raise click.ClickException(f"nothing was imported: {_many(rows_to_mend, 'row')} to mend.")
    said = ", ".join(_many(count, kind) for kind, count in counts.items())
    if not said:
        whose = f" for {' or '.join(channels)}" if channels else ""
        said = f"no rows: the files hold none{whose}, so add rows below the first line of a CSV or name other files"
    click.echo(f"{'Would import' if dry_run else 'Imported'} {said}.")


class _Undo(Exception):
    """Rolls the transaction back."""


def _many(count: int, kind: str) -> str:
    """`1 bet`, `2 bets`, `1 prediction set`, `1 line of history`."""
    one = "line of history" if kind == "history" else kind.removesuffix("s").replace("_", " ")
    many = "lines of history" if kind == "history" else f"{one}s"
    return f"{count} {one if count == 1 else many}"


Problem = tuple[str, int, str]


def _read(files: tuple[Path, ...]) -> tuple[list[tuple[str, str, int, dict[str, object]]], list[Problem]]:
    """The rows of all files, and what cannot be read; line 0 is for a whole file."""
    from bot.reports.frames import read_columns, read_rows
    from bot.store.exporting import KINDS

    rows: list[tuple[str, str, int, dict[str, object]]] = []
    problems: list[Problem] = []
    for path in files:
        try:
            if path.suffix == ".jsonl" and path.stem not in KINDS:
                raise Refusal(f"{path} is of no kind that an export has: name the file like bets.jsonl.")
            kind = _kind_of(path, set(read_columns(path))) if path.suffix == ".csv" else path.stem
            for found in read_rows(path):
                if found.problem:
                    problems.append((str(path), found.line, f"{found.problem}."))
                    continue
                rows.append((kind, str(path), found.line, found.values))
        except Refusal as refusal:
            problems.append((str(path), 0, refusal.message))
    return rows, problems


def _kind_of(path: Path, columns: set[str]) -> str:
    """Which simple CSV it is, by its first line."""
    for kind, known in SIMPLE.items():
        if set(known[:NEEDED]) <= columns:
            unknown = [f"`{name[:40]}`" if name else "without a name" for name in sorted(columns - set(known))]
            if unknown:
                none = f"{' or '.join(unknown[:_MOST_NAMED])}{', and so on' if unknown[_MOST_NAMED:] else ''}"
                raise Refusal(f"{path}, line 1: there is no column {none}, only {', '.join(known)}.")
            return kind
    if any(";" in name for name in columns):  # as spreadsheets write it where a comma is a decimal point
        raise Refusal(f"{path}, line 1: there are semicolons between its columns: save it with commas between.")
    ways = " or ".join(", ".join(known) for known in SIMPLE.values())
    raise Refusal(f"{path}, line 1: the first line must name the columns {ways}.")
