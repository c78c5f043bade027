"""Setting a team up and changing its settings. `actor` is None for the operator's command line."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.rights import may
from bot.domain.calendar import WINDOW, Schedule, Week, due_between, next_due, schedule_of, week_of
from bot.domain.changes import differences
from bot.domain.errors import Refusal, own
from bot.domain.records import Actor, Team, TeamSettings
from bot.domain.teams import Typed, is_turned_on, read_settings, settings_of, show_settings
from bot.domain.zones import local_date
from bot.holidays import find_country, holidays_around
from bot.render.teams import SetUp, set_up_message, welcome_message
from bot.store import teams as store
from bot.store.bets import list_team_bets
from bot.store.history import insert_team_history
from bot.store.occurrences import list_done
from bot.store.outbox import get_post_by_key, insert_post, update_message
from bot.store.people import list_left, list_members, list_names, list_people, update_membership

OPERATOR = "operator"
STALE = own(
    "Somebody changed these settings while this form was open, so nothing was saved. "
    "Copy what you need, close it and open `/bets config` again."
)
# Columns of the settings, as they stand in the table of teams.
PLAIN = ("zone", "country", "deciders", "maturity", "lead_dm", "samples_kept_days", "samples_link_only")


def by_whom(actor: Actor | None) -> str:
    """Who did it, for history."""
    return actor.user if actor else OPERATOR


def get_schedule(team: Team | TeamSettings, now: datetime) -> Schedule:
    """The team's week with the holidays of its country, as the planner sees it."""
    return schedule_of(team, holidays_around(team.country, local_date(now, team.zone)))


def get_next_lines(tx: Connection, team: Team, now: datetime) -> dict[str, datetime | None]:
    """When each line of the team's week is due next, as the planner will do it: once a week. Not asked while paused."""
    return next_due(get_schedule(team, now), max(now, team.active_since), _newest_done(tx, team, now))


def get_overdue_checkin(tx: Connection, team: Team, now: datetime) -> Week | None:
    """The week whose check-in the planner asks for at once, since a changed setting lets it have been due; None where
    there is none, or nobody to ask."""
    if team.paused_at or team.unreachable or not list_team_bets(tx, team.id, ("live",)):
        return None
    late = due_between(get_schedule(team, now), max(team.active_since, now - WINDOW), now)
    done = _newest_done(tx, team, now).get("checkin", date.min)
    return next((week for line, week, _ in reversed(late) if line == "checkin" and week.monday > done), None)


def _newest_done(tx: Connection, team: Team, now: datetime) -> dict[str, date]:
    """The Monday of the newest week in which each line was done, of this week and the one before."""
    done: dict[str, date] = {}
    for line, _, monday in list_done(tx, team.id, week_of(now, team.zone).previous.monday):
        if line != "reminder":  # which each person gets at an hour of their own
            done[line] = max(monday, done.get(line, monday))
    return done


def get_next_checkin(tx: Connection, team: Team, now: datetime) -> datetime | None:
    """When the team's next check-in is due; None while they are off."""
    return get_next_lines(tx, team, now)["checkin"]


def do_welcome(tx: Connection, now: datetime, channel: str) -> None:
    """One welcome with the way to a set-up, once in a channel's life; none where a team is set up."""
    if store.get_team_of_channel(tx, channel) is None:
        guard = {"if": "not_set_up", "channel": channel}
        insert_post(tx, now, _welcome_key(channel), welcome_message(), team_id=None, channel=channel, guard=guard)


def do_set_up(
    tx: Connection, now: datetime, actor: Actor, channel: str, base: TeamSettings, typed: Typed, present: Iterable[str]
) -> Team:
    """The channel is a team from now on; nothing that was due before is made up. `present`: who is in the channel; the
    leads of `base` may come later."""
    refuse_to_set_up(tx, actor, channel)
    if actor.user not in present:
        raise Refusal("You are not in that channel: join it first.")
    team = do_add_team(tx, now, channel, _read(tx, typed, base), actor)
    here = set(present)
    for user in {*here, *team.leads}:
        update_membership(tx, now, team.id, user, user in here)
    refuse_absent_leads(tx, team.id, team.leads, base.leads, sure=True)
    return team


def refuse_to_set_up(tx: Connection, actor: Actor, channel: str) -> None:
    """Refused for guests, and where there is a team already."""
    if actor.person.limited or actor.person.deleted or actor.person.bot:
        raise Refusal(own("Guests cannot set up a team: ask a member of this workspace to send `/bets` here."))
    team = store.get_team_of_channel(tx, channel)
    if team is not None:
        raise Refusal(f"This team is set up already{_by(tx, team)}. {own('Its leads change it with `/bets config`.')}")


def do_add_team(tx: Connection, now: datetime, channel: str, settings: TeamSettings, actor: Actor | None) -> Team:
    """A team with these settings; refused if the channel has one."""
    if store.get_team_of_channel(tx, channel) is not None:
        raise Refusal(own(f"{channel} has a team already: change it with `bets team set {channel} key=value`."))
    plain = {name: getattr(settings, name) for name in PLAIN} | {"leads": list(settings.leads)}
    facts = {"set_up_by": actor.user if actor else None, "set_up_at": now, "active_since": now}
    team_id = store.insert_team(tx, channel, settings.days, settings.times, **plain, **facts)
    team = store.get_team(tx, team_id)
    _remember(tx, now, team, "team_set_up", actor, None, show_settings(settings))
    _refresh_welcome(tx, now, team)
    return team


def do_change(
    tx: Connection, now: datetime, actor: Actor | None, team: Team, version: int | None, typed: Typed
) -> Team:
    """The team with what was typed changed; `version` is the team's when the form was opened.

    What a changed day or hour makes due is decided by the planner, which keeps one row a week and line: no week is
    doubled or skipped. Only a line that was off begins now.
    """
    refuse_to_configure(tx, actor, team)
    before = settings_of(team)
    after = _read(tx, typed, before)
    if actor is not None or after.leads != before.leads:  # the operator may mend the rest all the same
        refuse_absent_leads(tx, team.id, after.leads, before.leads, sure=actor is not None)
    values: dict[str, Any] = {name: getattr(after, name) for name in PLAIN} | {"leads": list(after.leads)}
    if is_turned_on(before, after):
        values["active_since"] = now
    if not store.update_team(tx, team.id, version, **values):
        raise Refusal(STALE, "zone")
    store.update_schedule(tx, team.id, after.days, after.times)
    changed = store.get_team(tx, team.id)
    was, is_now = differences(show_settings(before), show_settings(after))
    if is_now:
        helped = {} if actor is None or may(actor, team, "configure") else {"because": "no lead was in the channel"}
        _remember(tx, now, team, "team_changed", actor, was, is_now | helped)
        _refresh_welcome(tx, now, changed)
    return changed


def refuse_to_configure(
    tx: Connection, actor: Actor | None, team: Team, act: str = "configure", what: str = "change the team's settings"
) -> None:
    """Refused, naming the leads, for whoever is none; `what` says what they wanted. While no lead is in the channel its
    members change the settings, so that they can choose one."""
    leaderless = is_leaderless(tx, team)
    if actor is None or may(actor, team, act) or (act == "configure" and leaderless and may(actor, team, "place")):
        return
    names = list_lead_names(tx, team)
    ask = f"ask {' or '.join(names)}" if names else own("the operator can name one with `bets team set`")
    if leaderless:
        ask = own("none is in the channel any more, so a member chooses one with `/bets config`")
    raise Refusal(f"Only a lead can {what}: {ask}.")


def is_leaderless(tx: Connection, team: Team) -> bool:
    """Whether every lead is known not to be in the channel. Where none was ever named the operator names one."""
    return bool(team.leads) and list_left(tx, team.id).issuperset(team.leads)


def refuse_absent_leads(
    tx: Connection, team_id: int, leads: Iterable[str], before: Iterable[str], *, sure: bool
) -> None:
    """New leads are people who are in the channel; those of `before` may stay, unless nobody else would lead. `sure`:
    whoever is not known to be in the channel is not."""
    present, left = set(list_members(tx, team_id)), list_left(tx, team_id)
    new = set(leads) - set(before)
    absent = [user for user in leads if user in left or (sure and user in new and user not in present)]
    if not new.isdisjoint(absent) or (absent and set(absent) == set(leads)):
        known = list_names(tx, absent)
        names = ", ".join(known.get(user, user) for user in absent)
        verb = "is" if len(absent) == 1 else "are"
        raise Refusal(
            f"{names} {verb} not in the channel: invite them first, or choose somebody who is there.", "leads"
        )


def list_lead_names(tx: Connection, team: Team) -> list[str]:
    """The leads' names as typed, or their ids while nobody looked them up."""
    names = list_names(tx, team.leads)
    return [names.get(user, user) for user in team.leads]


def get_set_up(tx: Connection, now: datetime, team: Team) -> SetUp:
    """What is said about a team's settings."""
    due, overdue = get_next_checkin(tx, team, now), get_overdue_checkin(tx, team, now)
    names = list_lead_names(tx, team)
    return SetUp(settings_of(team), names, due, team.paused_until, overdue.label if overdue else None)


def _read(tx: Connection, typed: Typed, base: TeamSettings) -> TeamSettings:
    after = read_settings(typed, base, find_country)
    refuse_unfit_leads(tx, set(after.leads) - set(base.leads))
    return after


def refuse_unfit_leads(tx: Connection, leads: Collection[str]) -> None:
    """Refused for whoever is known to be a guest, a bot, gone or of another workspace."""
    for user, person in list_people(tx, leads).items():
        if person.limited or person.bot or person.deleted:
            sentence = (
                f"{person.name or user} is no full member of this workspace and cannot be a lead: choose somebody else."
            )
            raise Refusal(sentence, "leads")


def _refresh_welcome(tx: Connection, now: datetime, team: Team) -> None:
    post = get_post_by_key(tx, _welcome_key(team.channel))
    if post is not None and post.state != "pending":
        update_message(tx, now, post.id, set_up_message(get_set_up(tx, now, team)))


def _remember(
    tx: Connection,
    now: datetime,
    team: Team,
    kind: str,
    actor: Actor | None,
    before: dict[str, Any] | None,
    after: dict[str, Any],
) -> None:
    insert_team_history(tx, now, team, kind, by_whom(actor), before=before, after=after)


def _by(tx: Connection, team: Team) -> str:
    name = list_names(tx, [team.set_up_by or ""]).get(team.set_up_by or "")
    return f" by {name}" if name else ""


def _welcome_key(channel: str) -> str:
    return f"welcome:{channel}"
