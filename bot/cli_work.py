"""`bets tick` and `bets status`."""

import json
from datetime import datetime
from typing import Any

import click

from bot.cli_open import open_bot, read_settings, refuse_moved_clock
from bot.cli_types import Instant
from bot.domain.errors import Refusal
from bot.runtime import Bot


@click.command()
@click.option("--now", type=Instant(), help="Do what is due at that instant (in the future: a simulated Slack only).")
def tick(now: datetime | None) -> None:
    """Do everything that is due, until nothing is due, and print what was done as one line of JSON."""
    from sqlalchemy.exc import OperationalError

    from bot.slack import NoAnswer
    from bot.work import tick as work

    settings = read_settings()
    if not settings.bot_token:
        raise click.ClickException("SLACK_BOT_TOKEN must be set: in the environment or in a file .env.")
    bot = open_bot(settings)
    refuse_moved_clock(bot)
    try:
        bot.identify()
        report = work.once(bot, now)
    except Refusal as refusal:
        raise click.UsageError(refusal.message) from None
    except NoAnswer as error:
        raise click.ClickException(f"Slack could not be reached ({error}): is SLACK_API_URL right?") from None
    except OperationalError:
        raise click.ClickException("The database could not be worked through: is its disk full or read-only?") from None
    finally:
        bot.engine.dispose()
    click.echo(json.dumps(report))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def status(as_json: bool) -> None:
    """Show when each team's next lines are due, and what waits in the outbox and the inbox."""
    bot = open_bot()
    found = get_status(bot)
    bot.engine.dispose()
    click.echo(json.dumps(found) if as_json else _words(found))


# What people call the close is its digest.
NEXT = {"close": "digest"}


def get_status(bot: Bot) -> dict[str, Any]:
    """What `bets status --json` prints; instants in UTC."""
    from bot.actions.teams import get_schedule
    from bot.domain.calendar import LINES, next_due
    from bot.store import claims, inbox, meta
    from bot.store.teams import list_teams
    from bot.work.audit import OVERDUE

    with bot.reading() as tx:
        now = bot.now()
        contact = meta.get_instant(tx, meta.LAST_CONTACT)
        teams = []
        for team in list_teams(tx):
            due = {} if team.paused_at else next_due(get_schedule(team, now), max(now, team.active_since))
            instants = {NEXT.get(line, line): _iso(due.get(line)) for line in LINES}
            teams.append({"team": team.channel, "next": instants, "paused": bool(team.paused_at),
                          "unreachable": team.unreachable})  # fmt: skip
        return {
            "now": _iso(now),
            "database": str(bot.engine.url.database),
            "slack": {"last_contact": _iso(contact), "token_refused": meta.get_meta(tx, meta.BREAKER)},
            "teams": teams,
            "outbox": claims.get_counts(tx),
            "inbox": inbox.get_counts(tx),
            "overdue": claims.count_overdue(tx, now - OVERDUE),
        }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None


def _words(found: dict[str, Any]) -> str:
    lines = [f"now {found['now']}, database {found['database']}"]
    contact = found["slack"]["last_contact"] or "never"
    refused = f", token refused: {found['slack']['token_refused']}" if found["slack"]["token_refused"] else ""
    lines.append(f"Slack last answered: {contact}{refused}")
    for team in found["teams"]:
        due = ", ".join(f"{line} {at}" for line, at in team["next"].items() if at)
        lines.append(f"{team['team']}: {due or ('paused' if team['paused'] else 'nothing due')}")
    for box in ("outbox", "inbox"):
        lines.append(f"{box}: " + ", ".join(f"{count} {state}" for state, count in found[box].items()))
    return "\n".join([*lines, f"overdue: {found['overdue']}"])
