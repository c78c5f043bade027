"""`bets tick` and `bets status`."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bot.cli_open import open_bot, read_settings, refuse_moved_clock
from bot.cli_run import BAD_TOKEN
from bot.cli_types import Instant
from bot.config import Settings
from bot.domain.errors import Refusal
from bot.runtime import Bot


@click.command()
@click.option("--now", type=Instant(), help="Do what is due at that instant (in the future: a simulated Slack only).")
def tick(now: datetime | None) -> None:
    """Do everything that is due, until nothing is due, and print what was done as one line of JSON."""
    from bot.slack import NoAnswer
    from bot.transport.contact import REJECTED, reason
    from bot.work import tick as work

    bot = open_bot(read_settings(_find_problems))
    refuse_moved_clock(bot)
    try:
        work.refuse_future(bot, now)
        bot.identify()
        report = work.once(bot, now)
    except Refusal as refusal:
        raise click.UsageError(refusal.message) from None
    except NoAnswer as error:
        if str(error) in REJECTED:
            raise click.ClickException(BAD_TOKEN.format(error)) from None
        raise click.ClickException(
            f"Slack could not be reached ({reason(str(error))}): is SLACK_API_URL right?"
        ) from None
    finally:
        bot.engine.dispose()
    click.echo(json.dumps(report))


def _find_problems(settings: Settings, wrong: frozenset[str]) -> list[str]:
    if settings.bot_token or "slack_bot_token" in wrong:
        return []
    return ["SLACK_BOT_TOKEN must be set: in the environment or in a file .env."]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def status(as_json: bool) -> None:
    """Show when each team's next lines are due, and what waits in the outbox and the inbox."""
    bot = open_bot()
    found = get_status(bot)
    said = json.dumps(found) if as_json else _words(found, _get_troubles(bot))
    bot.engine.dispose()
    click.echo(said)


# What people call the close is its digest.
NEXT = {"close": "digest"}
# What `bets demo` keeps its workspace in, beside the database.
DEMO_FILE = "slack.json"
# Every command makes a missing database, so the wrong folder looks like a bot that was never set up.
NO_TEAM = "No team is in this database yet: if one should be, run this where .env and data are, or set BETS_HOME."
REINSTALL = "install the app again with what `bets manifest` prints, and set its new token"
OUTBOX = ("pending", "sending", "sent", "refused", "uncertain")


def get_status(bot: Bot) -> dict[str, Any]:
    """What `bets status --json` prints, and others read: these keys and no more; instants in UTC."""
    from bot.actions.teams import get_next_lines
    from bot.domain.calendar import LINES
    from bot.store import claims, inbox, meta
    from bot.store.teams import list_teams
    from bot.work.audit import OVERDUE

    with bot.reading() as tx:
        now = bot.now()
        teams = []
        for team in list_teams(tx):
            due = {} if team.paused_at else get_next_lines(tx, team, now)
            instants = {NEXT.get(line, line): _iso(due.get(line)) for line in LINES}
            teams.append({"team": team.channel, "next": instants})
        counts = claims.get_counts(tx)
        return {
            "now": _iso(now),
            "database": str(Path(str(bot.engine.url.database)).absolute()),
            "slack": {"last_contact": _iso(meta.get_instant(tx, meta.LAST_CONTACT))},
            "teams": teams,
            "outbox": {state: counts[state] for state in OUTBOX},
            "inbox": inbox.get_counts(tx),
            "overdue": claims.count_overdue(tx, now - OVERDUE),
        }


def _get_troubles(bot: Bot) -> dict[str, str]:
    """What people are told besides: why the workspace (under `slack`) or a channel gets nothing now."""
    from bot.domain.zones import describe_date
    from bot.store import meta
    from bot.store.teams import list_teams

    with bot.reading() as tx:
        refused = meta.get_meta(tx, meta.BREAKER)
        found = {"slack": f"refuses the bot: {refused} ({REINSTALL})"} if refused else {}
        for team in list_teams(tx):
            if team.unreachable:
                found[team.channel] = f"cannot post: {team.unreachable}"
            elif team.paused_at:
                until = f" until {describe_date(team.paused_until)}" if team.paused_until else ""
                found[team.channel] = f"paused{until}"
    return found


def _iso(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None


def _words(found: dict[str, Any], troubles: dict[str, str]) -> str:
    lines = [f"now {found['now']}, database {found['database']}"]
    if (Path(found["database"]).parent / DEMO_FILE).exists():
        lines.append("This is the demo's database: its workspace has a clock of its own, which the demo's page shows.")
    refused = f"; it {troubles['slack']}" if "slack" in troubles else ""
    lines.append(f"Slack last answered: {found['slack']['last_contact'] or 'never'}{refused}")
    for team in found["teams"]:
        due = ", ".join(f"{line} {at}" for line, at in team["next"].items() if at)
        said = [part for part in (troubles.get(team["team"]), due) if part]
        lines.append(f"{team['team']}: {'; '.join(said) or 'nothing due'}")
    lines += [] if found["teams"] else [NO_TEAM]
    for box in ("outbox", "inbox"):
        lines.append(f"{box}: " + ", ".join(f"{count} {state}" for state, count in found[box].items()))
    return "\n".join([*lines, f"overdue: {found['overdue']}"])
