"""Everything the bot remembers, as rows to write out: one generator a kind, people as Slack ids, times in UTC.

What a person took back is not in it: a deleted update is a row without text, its older versions are without text too.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from bot.domain.first_evidence import days_to_first
from bot.domain.teams import settings_of, show_settings
from bot.store import tables as t
from bot.store.bets import list_bets
from bot.store.exporting_comparisons import export_comparisons
from bot.store.exporting_predictions import export_samples, export_sets, export_votes
from bot.store.first_evidence import list_first_shown
from bot.store.replies import list_notes
from bot.store.teams import list_teams
from bot.store.updates import list_newest_sources

Row = dict[str, Any]
KINDS = (
    "teams", "members", "bets", "updates", "scopes", "assumptions", "decisions", "nudges", "prediction_sets", "samples",
    "votes", "comparisons", "learnings", "absences", "history",
)  # fmt: skip


def list_rows(tx: Connection, kind: str, team_ids: Iterable[int]) -> Iterator[Row]:
    """The rows of one kind for these teams, in a fixed order."""
    for row in _KINDS[kind](tx, list(team_ids)):
        yield {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def _channels(tx: Connection, ids: list[int]) -> dict[int, str]:
    rows = tx.execute(select(t.teams.c.id, t.teams.c.channel).where(t.teams.c.id.in_(ids)))
    return {row.id: row.channel for row in rows}


def _teams(tx: Connection, ids: list[int]) -> Iterator[Row]:
    for team in list_teams(tx, t.teams.c.id.in_(ids)):
        row: Row = {"id": team.id, "team": team.channel, "channel": team.channel} | show_settings(settings_of(team))
        yield row | {name: getattr(team, name) for name in ("set_up_by", "set_up_at", "paused_at", "paused_until")}


def _members(tx: Connection, ids: list[int]) -> Iterator[Row]:
    channels = _channels(tx, ids)
    query = (
        select(t.members, t.people)
        .join(t.people, t.people.c.user == t.members.c.user, isouter=True)
        .where(t.members.c.team_id.in_(ids))
        .order_by(t.members.c.team_id, t.members.c.user)
    )
    for row in tx.execute(query).mappings():
        yield {
            "id": f"{channels[row[t.members.c.team_id]]}/{row[t.members.c.user]}",
            "team": channels[row[t.members.c.team_id]],
            "user": row[t.members.c.user],
            "present": row[t.members.c.present],
            "name": row[t.people.c.name],
            "zone": row[t.people.c.zone],
            # Null, like the name, of whom nobody has looked up yet.
            "guest": row[t.people.c.guest],
            "outsider": row[t.people.c.outsider],
            "bot": row[t.people.c.bot],
            "deactivated": row[t.people.c.deleted],
        }


def _bets(tx: Connection, ids: list[int]) -> Iterator[Row]:
    channels = _channels(tx, ids)
    same = ("title", "problem", "hypothesis", "area", "upside", "status", "author", "appetite_weeks",
            "appetite_people_weeks", "created_at", "started_at", "ended_at", "appetite_started_at", "appetite_until",
            "earlier_weeks", "earlier_people_weeks", "paused_at", "paused_until", "paused_days",
            "demo_link")  # fmt: skip
    criterion = ("id", "text", "due", "state", "answered_by", "answered_at")
    found = list_bets(tx, t.bets.c.team_id.in_(ids))
    shown = list_first_shown(tx, [bet.id for bet in found])
    zones = {team.id: team.zone for team in list_teams(tx, t.teams.c.id.in_(ids))}
    for bet in found:
        row: Row = {"id": bet.id, "team": channels[bet.team_id], "key": bet.key}
        row |= {name: getattr(bet, name) for name in same}
        row |= {"owners": list(bet.owners), "tags": list(bet.tags)}
        first, started = shown.get(bet.id), bet.started_at
        row["days_to_first_evidence"] = first and started and days_to_first(started, first, zones[bet.team_id])
        row |= {"warned_75_at": bet.warned_75_at, "warned_100_at": bet.warned_100_at}
        yield row | {"kill_criteria": [{name: getattr(one, name) for name in criterion} for one in bet.kill_criteria]}


def _of_bets(tx: Connection, table: Any, ids: list[int]) -> Iterator[tuple[Any, str, str]]:
    """Rows of a table that hangs on bets, with the bet's key and the team's channel."""
    channels = _channels(tx, ids)
    query = select(table, t.bets.c.number, t.bets.c.team_id).join(t.bets, t.bets.c.id == table.c.bet_id)
    for row in tx.execute(query.where(t.bets.c.team_id.in_(ids)).order_by(*table.primary_key.columns)):
        yield row, f"B-{row.number}", channels[row.team_id]


def _updates(tx: Connection, ids: list[int]) -> Iterator[Row]:
    same = ("user", "week", "text", "confidence", "days", "blocked_by", "late", "deleted", "second_opinion", "version",
            "source", "question", "created_at", "channel", "ts")  # fmt: skip
    newest = list_newest_sources(tx, ids)
    for row, key, channel in _of_bets(tx, t.updates, ids):
        values = {name: row._mapping[t.updates.c[name]] for name in same}
        yield {"id": row.id, "team": channel, "bet": key} | values | {"source": newest.get(row.id, values["source"])}


def _decisions(tx: Connection, ids: list[int]) -> Iterator[Row]:
    same = ("kind", "by", "reason", "learning", "outcome", "of", "created_at", "before", "against_at",
            "late_people_weeks")  # fmt: skip
    for row, key, channel in _of_bets(tx, t.decisions, ids):
        values = {name: row._mapping[t.decisions.c[name]] for name in same}
        days = (row.created_at - row.against_at) / timedelta(days=1) if row.against_at else None
        yield (
            {"id": row.id, "team": channel, "bet": key}
            | values
            | {"days_to_kill": None if days is None else round(days, 2)}
        )


def _nudges(tx: Connection, ids: list[int]) -> Iterator[Row]:
    same = ("advice", "evidence", "hard", "created_at", "posted_at", "answer", "answered_by", "answered_at",
            "snoozed_until", "tallied_at")  # fmt: skip
    for row, key, channel in _of_bets(tx, t.nudges, ids):
        values = {name: row._mapping[t.nudges.c[name]] for name in same}
        yield {"id": row.id, "team": channel, "bet": key} | values | {"decision": row.decision_id}


def _scopes(tx: Connection, ids: list[int]) -> Iterator[Row]:
    same = ("version", "status", "locked_at", "signed_off_by", "author", "reason", "revision", "requested_by",
            "requested_at", "created_at", "updated_at", "doc")  # fmt: skip
    for row, key, channel in _of_bets(tx, t.scopes, ids):
        if row.version > 0:  # not a change that was dropped
            yield {"id": row.id, "team": channel, "bet": key} | {name: row._mapping[t.scopes.c[name]] for name in same}


def _assumptions(tx: Connection, ids: list[int]) -> Iterator[Row]:
    same = ("text", "kind", "critical", "state", "owner", "check_at", "how", "ref", "since_version", "gone_version",
            "position", "answered_by", "answered_at")  # fmt: skip
    for row, key, channel in _of_bets(tx, t.assumptions, ids):
        yield {"id": row.id, "team": channel, "bet": key} | {name: row._mapping[t.assumptions.c[name]] for name in same}


def _learnings(tx: Connection, ids: list[int]) -> Iterator[Row]:
    for row, key, channel in _of_bets(tx, t.decisions, ids):
        if row.learning:
            yield {"id": row.id, "team": channel, "bet": key, "text": row.learning, "by": row.by, "at": row.created_at}


def _absences(tx: Connection, ids: list[int]) -> Iterator[Row]:
    channels = _channels(tx, ids)
    query = select(t.absences).where(t.absences.c.team_id.in_(ids)).order_by(t.absences.c.id)
    for row in tx.execute(query):
        yield {"id": row.id, "team": channels[row.team_id], "user": row.user, "first": row.first, "last": row.last,
               "by": row.by, "created_at": row.created_at, "ended_at": row.ended_at}  # fmt: skip


def _history(tx: Connection, ids: list[int]) -> Iterator[Row]:
    channels = _channels(tx, ids)
    numbers = {row.id: row.number for row in tx.execute(select(t.bets.c.id, t.bets.c.number))}
    query = select(t.history).where(t.history.c.team_id.in_(ids)).order_by(t.history.c.id)
    for row in tx.execute(query):
        bet = f"B-{numbers[row.bet_id]}" if row.bet_id else None
        yield {"id": row.id, "team": channels[row.team_id], "bet": bet, "kind": row.kind, "subject": row.subject,
               "by": row.by, "at": row.at, "before": row.before, "after": row.after}  # fmt: skip
    yield from _checkins(tx, ids, channels)
    yield from _versions(tx, ids, channels)
    yield from _notes(tx, ids, channels)


def _checkins(tx: Connection, ids: list[int], channels: dict[int, str]) -> Iterator[Row]:
    """Each round, with who was asked about what: without them nobody could tell silence from a week of no question."""
    asked: dict[int, list[Row]] = {}
    query = select(t.prompts, t.bets.c.number).join(t.bets, t.bets.c.id == t.prompts.c.bet_id)
    for row in tx.execute(query.order_by(t.prompts.c.id)):
        prompt = {"bet": f"B-{row.number}", "owners": row.owners, "question": row.question}
        asked.setdefault(row.checkin_id, []).append(prompt)
    query = select(t.checkins).where(t.checkins.c.team_id.in_(ids)).order_by(t.checkins.c.week, t.checkins.c.team_id)
    for row in tx.execute(query):
        after = {name: row._mapping[name] for name in ("open_numbers_at", "closed_at", "missed", "moved_from")}
        yield {"id": f"checkin-{channels[row.team_id]}-{row.week}", "team": channels[row.team_id], "bet": None,
               "kind": "checkin", "subject": row.week, "by": "", "at": row.prompted_at, "before": None,
               "after": after | {"asked": asked.get(row.id, [])}}  # fmt: skip


def _versions(tx: Connection, ids: list[int], channels: dict[int, str]) -> Iterator[Row]:
    names = ("version", "text", "confidence", "days", "blocked_by", "source", "edit_ts")
    table = t.update_versions
    query = (
        select(table, t.updates.c.user, t.updates.c.week, t.updates.c.second_opinion, t.bets.c.number, t.bets.c.team_id)
        .join(t.updates, t.updates.c.id == table.c.update_id)
        .join(t.bets, t.bets.c.id == t.updates.c.bet_id)
        .where(t.bets.c.team_id.in_(ids))
        .order_by(table.c.update_id, table.c.version)
    )
    for row in tx.execute(query):
        after = {name: row._mapping[table.c[name]] for name in names}
        after |= {"week": row.week, "second_opinion": row.second_opinion}
        key = f"B-{row.number}"
        yield {"id": f"version-{row.update_id}-{row.version}", "team": channels[row.team_id], "bet": key,
               "kind": "update_version", "subject": f"{key} {row.user} {row.week}", "by": row.user, "at": row.at,
               "before": None, "after": after}  # fmt: skip


def _notes(tx: Connection, ids: list[int], channels: dict[int, str]) -> Iterator[Row]:
    names = ("text", "channel", "ts", "role", "edit_ts", "plain", "taken_back_ts", "pins")
    bets = {bet.id: bet for bet in list_bets(tx, t.bets.c.team_id.in_(ids))}
    for heard in list_notes(tx, bets):
        assert heard.bet_id is not None
        bet = bets[heard.bet_id]
        yield {"id": f"note-{heard.channel}-{heard.ts}", "team": channels[bet.team_id], "bet": bet.key, "kind": "note",
               "subject": bet.key, "by": heard.user, "at": heard.at, "before": None,
               "after": {name: getattr(heard, name) for name in names}}  # fmt: skip


_KINDS: dict[str, Callable[[Connection, list[int]], Iterator[Row]]] = {
    "teams": _teams,
    "members": _members,
    "bets": _bets,
    "updates": _updates,
    "scopes": _scopes,
    "assumptions": _assumptions,
    "decisions": _decisions,
    "nudges": _nudges,
    "prediction_sets": export_sets,
    "samples": export_samples,
    "votes": export_votes,
    "comparisons": export_comparisons,
    "learnings": _learnings,
    "absences": _absences,
    "history": _history,
}
